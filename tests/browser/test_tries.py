"""What to try with a figure: one thing at a time, ticked by what the reader did, or shown on request.

What each try asks, and that its own steps tick it, is tested without a page: tests/modules/tries.test.mjs.
"""

import pytest
from playwright.sync_api import expect

from harness import PHONE, Dial, Figure
from softmax_lib.live import LargeDial, NextToken, Settings, TemperatureDial
from support import FIGURES
from test_every_figure import TABS

WITH_TRIES = [kind for kind in FIGURES if kind is not LargeDial]
LONGEST = ("A try of as many letters as may be " * 4)[:120]


def opened(show, kind, **options):
    figure = Figure(show(Settings(settings=TABS) if kind is Settings else kind(), **options), kind.title)
    expect(figure.notice).to_contain_text("Try 1 of")
    return figure


@pytest.mark.parametrize("kind", WITH_TRIES, ids=lambda kind: kind.__name__)
def test_the_first_is_shown_and_ticked_and_the_next_follows(show, kind):
    figure = opened(show, kind)
    figure.press("Show me")
    expect(figure.notice).to_contain_text("✓ 1 of")
    figure.is_accessible("once it is done")
    figure.press("Next")
    expect(figure.notice).to_contain_text("Try 2 of")


@pytest.mark.parametrize("width", [320, 340, 360, 480, 660, 704, 1280])
def test_the_longest_words_have_room(show, width):
    figure = opened(show, TemperatureDial, viewport={"width": width, "height": 800})
    before = figure.figure.bounding_box()["height"]
    figure.notice.evaluate("(notice, words) => { notice.lastChild.data = words; }", LONGEST)
    assert figure.figure.bounding_box()["height"] == before


def test_a_try_is_ticked_by_hand_on_a_phone(show):
    page = show(TemperatureDial(), **PHONE)
    dial = Dial(page)
    assert dial.too_small_to_touch() == []
    page.evaluate("addEventListener('tried', ({ detail }) => { window.heard = detail; })")
    dial.enter("Temperature", "20")
    expect(dial.notice).to_contain_text("Try 1 of 4")
    dial.enter("Temperature", "0.05")
    expect(dial.notice).to_contain_text("✓ 1 of 4")
    assert page.evaluate("[heard.number, heard.of]") == [1, 4]


def test_what_is_done_is_announced(show):
    dial = Dial(show(TemperatureDial()))
    expect(dial.notice).to_have_attribute("aria-live", "polite")


def test_after_the_last_comes_the_first_again(show):
    dial = Dial(show(TemperatureDial()))
    for number in range(1, 5):
        dial.press("Show me")
        expect(dial.notice).to_contain_text(f"✓ {number} of 4")
        dial.press("Again" if number == 4 else "Next")
    expect(dial.notice).to_contain_text("Try 1 of 4")


def test_the_readers_hand_goes_first(show):
    dial = Dial(show(TemperatureDial()))
    dial.press("Show me")  # T = 20, then 0.05
    expect(dial.field("Temperature")).to_have_value("20")
    dial.enter("Temperature", "3")
    dial.page.wait_for_timeout(2000)  # longer than the pause between two steps
    expect(dial.field("Temperature")).to_have_value("3")
    expect(dial.notice).to_contain_text("Try 1 of 4")


def test_a_prompt_of_ones_own_without_a_model_ticks_nothing_and_breaks_nothing(show):
    figure = opened(show, NextToken)
    figure.press("Your own")
    figure.press("Show me")
    figure.page.wait_for_timeout(4000)  # longer than its steps take
    expect(figure.notice).to_contain_text("Try 1 of 4")
