"""A figure before a class: it fills the screen, large enough for the back row, and is turned by keys."""

import pytest
from playwright.sync_api import expect

from harness import Dial
from softmax_lib.live import Bandit, Contrast, Guidance, LargeDial, Reliability, Simplex, TemperatureDial
from support import FIGURES

DRAWN = [Bandit, Contrast, Guidance, Reliability, Simplex]
SCREEN = {"viewport": {"width": 1920, "height": 1080}}
SMALLEST = """() => {
    const sizes = [...document.fullscreenElement.querySelectorAll("*")].filter((element) =>
        element.checkVisibility({ visibilityProperty: true }) && !element.closest("math, .lf-hidden")
        && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    return Math.min(...sizes.map((element) => parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom));
}"""


def fills(page, wanted=True):
    expect(page.locator(".lf:fullscreen")).to_have_count(1 if wanted else 0)


@pytest.mark.parametrize("kind", FIGURES, ids=lambda figure: figure.__name__)
def test_the_button_fills_the_screen_with_text_for_the_back_row(show, kind):
    page = show(kind(), **SCREEN)
    page.get_by_role("button", name="Present").click()
    fills(page)
    assert page.evaluate(SMALLEST) >= 28
    page.keyboard.press("F")  # as with Caps Lock
    fills(page, False)


def test_the_large_dial_fits_a_screen_of_16_to_9(show):
    page = show(LargeDial(), **SCREEN)
    page.keyboard.press("f")
    fills(page)
    assert page.locator(".lf:fullscreen").evaluate("(card) => card.scrollHeight - card.clientHeight") <= 0


def test_all_bars_of_the_dial_stand_beside_its_temperature(show):
    page = show(TemperatureDial(), **SCREEN)
    page.keyboard.press("f")
    fills(page)
    for part in (*page.locator(".lf-host :is(.lf-bar, .lf-p)").all(), page.get_by_role("slider", name="Temperature")):
        expect(part).to_be_in_viewport(ratio=1)
    bar, slider = (page.locator(query).first.bounding_box() for query in (".lf-host .lf-bar", ".lf-temperature"))
    assert bar["x"] + bar["width"] <= slider["x"]


@pytest.mark.parametrize("kind", DRAWN, ids=lambda figure: figure.__name__)
def test_a_drawing_stands_beside_its_slider(show, kind):
    page = show(kind(), **SCREEN)
    page.keyboard.press("f")
    fills(page)
    drawing, slider = page.locator(".lf-drawing"), page.locator(".lf > .lf-scale input[type=range]").first
    expect(drawing).to_be_in_viewport(ratio=0.9)
    expect(slider).to_be_in_viewport(ratio=1)
    left, right = drawing.bounding_box(), slider.bounding_box()
    assert left["x"] + left["width"] <= right["x"]


def test_arrows_turn_the_temperature_and_digits_press_the_stops(show):
    page = show(TemperatureDial(), **SCREEN)
    dial = Dial(page)
    page.keyboard.press("f")
    fills(page)
    page.keyboard.press("ArrowRight")
    expect(dial.field("Temperature")).to_have_value("1.02")
    page.keyboard.press("3")
    expect(dial.slider("Temperature")).to_have_attribute("aria-valuetext", "T = ∞")
    page.keyboard.press("1")
    expect(dial.slider("Temperature")).to_have_attribute("aria-valuetext", "T = 0")


def test_an_f_that_is_typed_or_meant_for_another_figure_presents_nothing(show):
    page = show(TemperatureDial(), **SCREEN)
    Dial(page).field("Temperature").press("f")
    fills(page, False)
    page = show(TemperatureDial(), TemperatureDial(), **SCREEN)
    page.keyboard.press("f")
    fills(page, False)
    page.get_by_role("slider", name="Temperature").last.press("f")
    fills(page)


def test_no_digit_presses_a_stop_outside_of_it(show):
    page = show(TemperatureDial(), **SCREEN)
    page.get_by_role("slider", name="Temperature").press("3")
    expect(page.get_by_role("slider", name="Temperature")).to_have_attribute("aria-valuetext", "T = 1")


def test_where_the_page_may_not_fill_the_screen_there_is_no_button(show, new_page):
    page = new_page(**SCREEN)
    page.add_init_script("Object.defineProperty(Document.prototype, 'fullscreenEnabled', { value: false })")
    show(TemperatureDial(), page=page)
    expect(page.get_by_role("button", name="Present")).to_have_count(0)
    page.keyboard.press("f")
    fills(page, False)
