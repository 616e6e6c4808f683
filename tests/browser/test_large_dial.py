"""The large dial: its first sweep, which any touch ends, and the logits behind their button."""

import numpy as np
import pytest
from playwright.sync_api import expect

from harness import LABELS, LOGITS, PHONE, Figure
from softmax_lib import softmax
from softmax_lib.live import LargeDial

DONE = 6000  # milliseconds: then the sweep is over


class Large(Figure):
    def __init__(self, page):
        super().__init__(page, "Large temperature dial")
        self.field_of_T = self.field("Temperature")

    def shows(self, logits, temperature):
        self.settle()
        texts = self.figure.locator(".lf-large .lf-p").all_text_contents()
        shown = [float(text.rpartition(": ")[2].replace("−", "-")) for text in texts]
        np.testing.assert_allclose(shown, softmax(logits, temperature), atol=0.00051)


@pytest.fixture
def still(show, new_page):
    return Large(show(LargeDial(), page=new_page(reduced_motion="reduce")))


@pytest.fixture
def moving(show, new_page):
    return Large(show(LargeDial(), page=new_page()))


def test_it_sweeps_once_to_cold_and_hot_and_back(moving):
    seen = []
    for _ in range(60):
        seen.append(float(moving.field_of_T.input_value()))
        moving.page.wait_for_timeout(80)
    assert min(seen) < 0.4 and max(seen) > 2.5
    assert seen.index(min(seen)) < seen.index(max(seen))
    assert seen[-1] == 1
    moving.shows(LOGITS, 1)


def test_while_it_sweeps_bars_number_and_words_belong_together(moving):
    state = """() => [
        document.querySelector(".lf-field input").value,
        document.querySelector(".lf-large .lf-p").textContent.replace(/.*: /, ""),
        document.querySelector(".lf-status").textContent]"""
    for _ in range(10):
        T, cat, words = moving.page.evaluate(state)
        assert abs(float(cat) - softmax(LOGITS, float(T))[0]) < 0.00051
        assert words.startswith(f"At T = {T}, cat leads with {cat}")
        moving.page.wait_for_timeout(150)
    assert (
        moving.page.locator(".lf-hidden[role=status]").text_content().startswith("At T = 1,")
    )  # nothing is said aloud meanwhile


def test_a_press_ends_the_sweep(moving):
    moving.page.wait_for_timeout(400)
    moving.press("T → ∞")
    moving.page.wait_for_timeout(800)
    moving.shows(LOGITS, float("inf"))


def test_a_touch_beside_the_controls_ends_it_with_numbers_that_agree(moving):
    moving.page.wait_for_timeout(400)
    moving.figure.locator(".lf-large").click()
    expect(moving.page.locator(".lf-status")).to_contain_text("At T = 1, cat leads with 0.591")
    moving.shows(LOGITS, 1)


def test_a_key_goes_on_from_where_the_sweep_was(moving):
    moving.page.wait_for_timeout(400)
    moving.slider("Temperature").press("ArrowRight")
    moving.settle()
    reached = float(moving.field_of_T.input_value())
    moving.page.wait_for_timeout(800)
    assert reached != 1
    moving.shows(LOGITS, reached)


def test_nothing_moves_for_who_wants_no_motion_or_came_with_a_temperature(still, show, new_page):
    for figure in (still, Large(show(LargeDial(temperature=0.5), page=new_page()))):
        first = figure.field_of_T.input_value()
        for _ in range(5):
            figure.page.wait_for_timeout(150)
            assert figure.field_of_T.input_value() == first


def test_the_logits_wait_behind_a_button(still):
    expect(still.slider("Logit of dog")).to_be_hidden()
    still.figure.get_by_text("Change the scores").click()
    still.field("Logit of dog").fill("4")
    still.shows([2, 4, 0.5, -0.5, -2], 1)
    still.press("uniform")
    still.shows([0] * 5, 1)
    still.press("Reset")
    still.shows(LOGITS, 1)


def test_on_a_phone_the_dial_and_all_bars_are_seen_at_once(show):
    page = show(LargeDial(), **PHONE)
    figure = Large(page)
    slider, last = figure.slider("Temperature").bounding_box(), page.locator(".lf-class").last.bounding_box()
    assert last["y"] + last["height"] - slider["y"] < 320
    assert page.locator(".lf-class .lf-name").all_inner_texts() == LABELS


def test_without_a_script_it_is_the_table_of_its_numbers(harness, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(LargeDial(temperature=0.5))}")
    expect(page.locator(".lf-still")).to_contain_text("0.839")
