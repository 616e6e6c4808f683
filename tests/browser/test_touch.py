"""The dial under a finger, on a phone of 360 × 640."""

import pytest
from playwright.sync_api import expect

from harness import LABELS, LOGITS, PHONE, Dial
from softmax_lib.live import Settings, TemperatureDial


@pytest.fixture
def dial(show):
    return Dial(show(**PHONE))


def swipe(page, x, y, dx=0, dy=0, steps=10):
    touch = page.context.new_cdp_session(page)
    for kind, i in [("touchStart", 0), *(("touchMove", i + 1) for i in range(steps))]:
        point = {"x": x + dx * i / steps, "y": y + dy * i / steps}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_temperature_slider_and_every_bar_are_visible_together(dial):
    top = dial.figure.locator(".lf-rows").bounding_box()["y"]
    slider = dial.slider("Temperature").bounding_box()
    assert slider["y"] + slider["height"] - top <= 600
    dial.page.mouse.wheel(0, top - 4)
    dial.page.wait_for_timeout(200)
    for part in [dial.slider("Temperature"), *dial.figure.locator(".lf-bar").all()]:
        box = part.bounding_box()
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 640


def test_while_typing_every_target_is_as_large_as_a_fingertip(dial):
    dial.field("Logit of cat").tap()
    assert dial.too_small_to_touch() == []
    for field in dial.figure.get_by_role("spinbutton").all():
        assert float(field.evaluate("field => parseFloat(getComputedStyle(field).fontSize)")) >= 16


def test_a_horizontal_drag_moves_the_slider_and_not_the_page(dial):
    dial.slider("Temperature").scroll_into_view_if_needed()
    dial.settle()
    before = dial.page.evaluate("scrollY")
    x, y = middle(dial.slider("Temperature"))
    swipe(dial.page, x, y, dx=120)
    dial.settle()
    assert float(dial.field("Temperature").input_value()) > 3
    assert dial.page.evaluate("scrollY") == before


@pytest.mark.parametrize("name", ["Temperature", "Logit of owl"])
def test_a_vertical_swipe_over_a_slider_scrolls_the_page_and_changes_nothing(dial, name):
    dial.slider(name).scroll_into_view_if_needed()
    dial.settle()
    x, y = middle(dial.slider(name))
    before = dial.page.evaluate("scrollY")
    swipe(dial.page, x + 60, y, dy=-150)
    dial.page.wait_for_timeout(300)
    assert dial.page.evaluate("scrollY") > before + 50
    dial.shows(LOGITS, 1)


def test_a_tap_on_a_name_chooses_its_row(dial):
    dial.figure.get_by_text("fox", exact=True).tap()
    assert dial.formula.startswith("p(fox)=")


def test_a_minus_for_keyboards_that_have_none(dial):
    for label, z in zip(LABELS, LOGITS, strict=True):
        field = dial.field(f"Logit of {label}")
        field.tap()
        sign = dial.figure.get_by_role("button", name=f"Change the sign: Logit of {label}", exact=True)
        sign.tap()
        dial.settle()
        assert float(field.input_value()) == -z
    field = dial.field("Logit of bee")
    field.tap()
    field.fill("3")
    dial.figure.get_by_role("button", name="Change the sign: Logit of bee", exact=True).tap()
    dial.shows([-2, -1, -0.5, 0.5, -3], 1)


def test_a_mouse_user_has_a_minus_already(show):
    dial = Dial(show())
    dial.field("Logit of cat").focus()
    assert dial.figure.locator(".lf-sign:visible").count() == 0


TEN = {"name": "Ten", "labels": [f"class {k}" for k in range(10)], "logits": [2.0] * 10, "words": "Ten scores."}


@pytest.mark.parametrize("figure", [TemperatureDial(), Settings(settings=[TEN, TEN | {"name": "Again"}])], ids=repr)
def test_the_temperature_stays_in_sight_below_its_bars(show, figure):
    page = show(figure, **PHONE)
    page.evaluate("document.querySelector('.lf-host .lf-bar').scrollIntoView()")
    expect(page.locator("[in-hand]")).to_have_count(1)
    box, scale = (page.locator(query).bounding_box() for query in ("input.lf-temperature", ".lf-host .lf-scale"))
    assert box["y"] >= 0 and box["y"] + box["height"] <= 640
    tops = [bar.bounding_box()["y"] for bar in page.locator(".lf-host .lf-bar").all()]
    assert sum(0 <= top <= scale["y"] for top in tops) >= 4


def test_a_slider_that_a_key_reaches_is_not_below_the_temperature(show):
    page = show(**PHONE)
    page.get_by_role("button", name="Reset").focus()
    for label in LABELS:
        page.keyboard.press("Tab")
        slider = page.get_by_role("slider", name=f"Logit of {label}")
        while not slider.evaluate("(one) => one === document.activeElement"):
            page.keyboard.press("Tab")
        box, scale = slider.bounding_box(), page.locator(".lf-host .lf-scale").bounding_box()
        assert box["y"] + box["height"] <= scale["y"] + 1, label


def test_a_figure_that_only_begins_to_show_shows_its_top(show):
    page = show(**PHONE)
    page.add_style_tag(content="main { padding-top: 480px; padding-bottom: 900px }")
    page.wait_for_timeout(300)
    top, scale = (page.locator(f".lf-host {query}").bounding_box()["y"] for query in (".lf-top", ".lf-scale"))
    assert top < 640 < scale
