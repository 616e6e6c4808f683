"""Where the bars of probability stood before the reader's last act, as a dashed outline."""

import pytest
from playwright.sync_api import expect

from harness import LOGITS, Dial, Figure
from softmax_lib import softmax
from softmax_lib.live import Attention, Bandit, LargeDial, NextToken, Settings, TemperatureDial
from test_every_figure import TABS

GHOSTS = """() => [...document.querySelectorAll(".lf-host .lf-bar")].map((bar) => {
    const { content, display, width } = getComputedStyle(bar, "::before");
    return content === "none" || display === "none" ? null : parseFloat(width) / bar.clientWidth;
})"""
EDGE = """() => {
    const { borderTopColor, outlineColor, outlineStyle } = getComputedStyle(
        document.querySelector(".lf-host .lf-ghost"), "::before");
    return [borderTopColor, outlineColor, outlineStyle];
}"""


def outlined(figure, before):
    """Check that each bar that moved has an outline where it stood before."""
    figure.settle()
    found = figure.page.evaluate(GHOSTS)
    assert len(found) == len(before) and any(found)
    for ghost, p in zip(found, before, strict=True):
        assert ghost is None or ghost == pytest.approx(p, abs=0.02)


@pytest.fixture
def dial(show):
    return Dial(show())


def test_nothing_is_outlined_before_the_first_act(dial):
    assert dial.page.evaluate(GHOSTS) == [None] * 5


def test_each_act_leaves_an_outline_of_what_was_before_it(dial):
    dial.press("T → ∞")
    outlined(dial, softmax(LOGITS))
    dial.press("T → 0")
    outlined(dial, [0.2] * 5)
    dial.press("peaked")
    outlined(dial, [0.2] * 5)  # cat has all as before: this act moved no bar
    dial.press("Reset")
    outlined(dial, [1, 0, 0, 0, 0])
    dial.slider("Temperature").press("PageUp")
    outlined(dial, softmax(LOGITS))


def test_what_is_typed_into_one_field_is_one_act(dial):
    field = dial.field("Temperature")
    field.select_text()
    field.press_sequentially("0.25")
    outlined(dial, softmax(LOGITS))
    field.press("Enter")
    outlined(dial, softmax(LOGITS))


def test_a_drag_is_one_act(dial):
    box = dial.slider("Temperature").bounding_box()
    across = [box["x"] + box["width"] * part for part in (0.5, 0.3, 0.1)]
    mouse, y = dial.page.mouse, box["y"] + box["height"] / 2
    mouse.move(across[0], y)
    mouse.down()
    for x in across:
        mouse.move(x, y)
        dial.settle()
    outlined(dial, softmax(LOGITS))
    mouse.up()
    outlined(dial, softmax(LOGITS))


def test_figures_that_follow_are_outlined_too(show):
    page = show(TemperatureDial(), LargeDial())
    Dial(page).press("T → ∞")
    outlined(Dial(page), [*softmax(LOGITS)] * 2)


@pytest.mark.parametrize(("kind", "act"), [(Attention, "T → ∞"), (Bandit, "Pull 100"), (LargeDial, "T → 0")])
def test_other_figures_have_outlines(show, kind, act):
    figure = Figure(show(kind()), kind.title)
    figure.press(act)
    figure.settle()
    assert any(figure.page.evaluate(GHOSTS))


def test_other_classes_leave_none(show):
    figure = Figure(
        show(Settings(settings=[TABS[0], {**TABS[1], "labels": ["hot", "red", "big", "old", "new"]}])), Settings.title
    )
    figure.press("T → ∞")
    figure.settle()
    assert any(figure.page.evaluate(GHOSTS))
    figure.press("Teacher")
    figure.settle()
    assert not any(figure.page.evaluate(GHOSTS))


def test_where_outlines_mean_something_else_there_are_none(show):
    figure = Figure(show(NextToken()), NextToken.title)
    figure.press("T → ∞")
    figure.settle()
    assert not any(figure.page.evaluate(GHOSTS))


@pytest.mark.parametrize(
    "options", [{}, {"theme": "dark"}, {"forced_colors": "active"}], ids=["light", "dark", "forced"]
)
def test_an_outline_is_seen_on_any_ground(show, options):
    dial = Dial(show(**options))
    dial.press("T → ∞")
    expect(dial.figure.locator(".lf-ghost")).to_have_count(5)
    ground, dashes, style = dial.page.evaluate(EDGE)
    dark, light = sorted(map(luminance, (ground, dashes)))
    assert style == "dashed" and (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour):
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_print_has_none(dial):
    dial.press("T → ∞")
    dial.settle()
    dial.page.emulate_media(media="print")
    assert dial.page.evaluate(GHOSTS) == [None] * 5
