"""What readers see: light and dark, wide and narrow, without script, in print, in high contrast, without motion."""

import io

import matplotlib.pyplot as plt
import pytest
from playwright.sync_api import expect

from harness import LOGITS, Dial, Figure
from softmax_lib import softmax
from softmax_lib.live import Bandit, Histogram, TemperatureDial

LAYOUT_SHIFT = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_decides_the_theme(show, theme):
    page = show(theme=theme, color_scheme="dark" if theme == "light" else "light")
    ground = page.locator(".lf-host .lf").evaluate("figure => getComputedStyle(figure).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(27, 33, 41)"}[theme]


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_or_scrolls_sideways_at_any_width(show, new_page, width):
    page = new_page(viewport={"width": width, "height": 800})
    page.add_init_script(LAYOUT_SHIFT)
    show(page=page)
    page.wait_for_timeout(200)
    assert page.evaluate("shifted") <= 0.02
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figure, place = (page.locator(query).bounding_box()["height"] for query in (".lf-host .lf", "live-figure"))
    assert figure <= place <= figure + 30


@pytest.mark.parametrize("hash", ["#T=500", "#z=1", "#T=3"])
def test_a_notice_does_not_make_the_figure_grow(show, hash):
    plain, noticed = (show(hash=which, viewport={"width": 360, "height": 800}) for which in ("", hash))
    assert Dial(noticed).notice.inner_text() != Dial(plain).notice.inner_text()
    before, after = (page.locator("live-figure").bounding_box()["height"] for page in (plain, noticed))
    assert before == after


@pytest.mark.parametrize("classes", [2, 3, 8])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_reserved_height_follows_the_number_of_classes(show, new_page, classes, width):
    page = new_page(viewport={"width": width, "height": 800})
    page.add_init_script(LAYOUT_SHIFT)
    show(TemperatureDial(labels=[f"word {i}" for i in range(classes)], logits=[0.5] * classes), page=page)
    page.wait_for_timeout(200)
    assert page.evaluate("shifted") <= 0.02


@pytest.mark.parametrize("state", ["#z=5,-5,-5,5,4&T=0.05", "#z=-5,-5,-5,-5,-4.9&T=19.9", "#z=2,1,0,0,-5&T=0.0512"])
@pytest.mark.parametrize("width", [360, 1280])
def test_long_numbers_neither_wrap_nor_overflow(show, state, width):
    page = show(hash=state, viewport={"width": width, "height": 800})
    height = page.locator(".lf-host .lf").bounding_box()["height"]
    for row in page.locator(".lf-row").all():
        row.hover()
        overflowing = page.locator(".lf-host :is(.lf-p, .lf-formula, .lf-readouts, .lf-readouts span)").evaluate_all(
            """parts => parts
                .filter((part) => part.scrollWidth > part.clientWidth + 1)
                .filter((part) => getComputedStyle(part).display !== "inline")
                .map((part) => part.className)"""
        )
        assert overflowing == []
        box, formula = row.bounding_box(), page.locator(".lf-formula mrow").first.bounding_box()
        assert formula["x"] >= 0
        assert formula["x"] + formula["width"] <= width
        assert box["height"] < 70
    assert page.locator(".lf-host .lf").bounding_box()["height"] == height


def test_without_javascript_the_fallback_is_right_and_nothing_is_kept_free(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(TemperatureDial(temperature=0.5))}")
    rows = page.get_by_role("row").all_inner_texts()
    assert rows[0].split("\t") == ["class", "logit", "probability at T = 0.5"]
    assert [row.split() for row in rows[1:]] == [
        ["cat", "2", "0.839"],
        ["dog", "1", "0.114"],
        ["owl", "0.5", "0.042"],
        ["fox", "−0.5", "0.006"],
        ["bee", "−2", "0.0003"],
    ]
    expect(
        page.get_by_text(
            "At T = 0.5 the entropy is 0.56 nats = 0.81 bits: as uncertain as 1.75 equally likely classes."
        )
    ).to_be_visible()
    assert (
        page.locator("noscript").evaluate("hint => hint.textContent").startswith("With JavaScript, this figure moves")
    )
    assert page.locator("noscript").bounding_box()["height"] > 10
    place, card = page.locator("live-figure").bounding_box(), page.locator(".lf").bounding_box()
    assert place["height"] == card["height"]
    bars = [page.locator("td.lf-bar i").nth(i).bounding_box()["width"] for i in range(5)]
    cell = page.locator("td.lf-bar").first.bounding_box()["width"]
    assert [bar / cell for bar in bars] == pytest.approx(list(softmax(LOGITS, 0.5)), abs=0.003)
    page.get_by_text("Show as Python").click()
    expect(page.get_by_text("from softmax_lib import")).to_be_visible()


def test_print_shows_the_values_and_not_the_buttons(show):
    dial = Dial(show(hash="#z=5,1,0.5,-0.5,-2&T=0.5", theme="dark"))
    dial.page.emulate_media(media="print")
    for button in dial.figure.get_by_role("button", include_hidden=True).all():
        expect(button).to_be_hidden()
    dial.shows([5, 1, 0.5, -0.5, -2], 0.5)
    for part in (dial.field("Logit of cat"), dial.field("Temperature"), dial.status, dial.figure.locator("math")):
        expect(part).to_be_visible()
    ground = dial.figure.evaluate(
        "figure => [getComputedStyle(figure).backgroundColor, getComputedStyle(figure).printColorAdjust]"
    )
    assert ground == ["rgb(255, 255, 255)", "exact"]
    assert dial.figure.locator("..").bounding_box()["height"] == pytest.approx(
        dial.figure.bounding_box()["height"], abs=1
    )


def test_high_contrast_keeps_bars_sliders_and_curve_visible(show):
    page = show(forced_colors="active")
    seen = page.evaluate("""() => {
        const style = (query) => getComputedStyle(document.querySelector(query));
        return { ground: style(".lf-host .lf").backgroundColor, bar: style(".lf-bar i").backgroundColor,
                 curve: style(".lf-over").stroke, marker: style(".lf-now").backgroundColor,
                 text: style(".lf-p").color };
    }""")
    ground = seen.pop("ground")
    assert all(colour != ground and colour != "rgba(0, 0, 0, 0)" for colour in seen.values()), seen


@pytest.mark.parametrize(("kind", "name"), [(Histogram, "Draw 1,000"), (Bandit, "Pull 100")])
def test_the_first_button_does_not_look_like_one_that_is_pressed(show, kind, name):
    figure = Figure(show(kind()), kind.title)
    look = "(button) => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color]"
    first, pressed, other = (
        figure.figure.get_by_role("button", name=text, exact=True).evaluate(look) for text in (name, "T = 1", "Reset")
    )
    assert first[0] not in (pressed[0], other[0]) and first[1] not in (pressed[1], other[1])


@pytest.mark.parametrize("forced_colors", ["none", "active"])
def test_the_ring_of_a_slider_lies_round_its_thumb_and_not_over_the_numbers_below(show, forced_colors):
    dial = Dial(show(forced_colors=forced_colors))
    slider = dial.slider("Temperature")

    def drawn(part, above=0):
        box = part.bounding_box()
        clip = {**box, "y": box["y"] + above, "height": box["height"] - above}
        return plt.imread(io.BytesIO(dial.page.screenshot(clip=clip)))

    ticks, above = dial.figure.locator(".lf-ticks"), 4  # the digits begin 4 px below the top of their line
    dial.field("Temperature").focus()
    before = drawn(slider), drawn(ticks, above)
    dial.page.keyboard.press("Tab")
    while not slider.evaluate("(slider) => slider === document.activeElement"):
        dial.page.keyboard.press("Tab")
    assert slider.evaluate("(slider) => slider.matches(':focus-visible')")
    assert (before[0] != drawn(slider)).any()
    assert (before[1] == drawn(ticks, above)).all()


def test_only_discrete_steps_glide(show):
    dial = Dial(show(reduced_motion="no-preference"))
    two_frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    moving = f"{two_frames}.then(() => document.getAnimations().length)"
    drag = f"slider => {{ slider.stepUp(); slider.dispatchEvent(new Event('input')); return {moving}; }}"
    assert dial.slider("Temperature").evaluate(drag) == 0
    step = f"stop => {{ stop.click(); return {moving}; }}"
    assert dial.figure.get_by_role("button", name="T → 0", exact=True).evaluate(step) > 0


def test_nothing_glides_for_readers_who_prefer_no_motion(show):
    dial = Dial(show(reduced_motion="reduce"))
    for name in ("T → ∞", "peaked", "Reset"):
        dial.press(name)
        dial.settle()
        assert dial.page.evaluate("document.getAnimations().length") == 0
