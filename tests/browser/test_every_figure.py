"""What holds for every live figure, whatever it shows."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from harness import PHONE, Figure

from support import FIGURES

WIDTHS = (320, 340, 360, 412, 480, 600, 660, 704, 1280)
ADDED = 45  # pixels that may stay free below a figure
FOLLOWED = 600  # milliseconds, then the spoken sentence has followed
# What a reader may do to each, one after the other: press a button, or several in one go, or fill a field.
ACTS = {
    "Bandit": ["Pull once", "Pull E", "Pull 100", "Show the true means", "T → ∞", ["Pull 100"] * 9, ("Seed of the bandit", "-4")],
    "DoubleSoftmax": ["Confidently wrong", "Confidently right", "uniform", "language model", ("Logit of dog", "11")],
    "Guidance": ["s = 0", "two modes", "s = 1", "classes apart", ("Guidance scale", "9")],
    "Histogram": ["Draw one sample", "Draw 1000", "T → 0", ("Logit of dog", "12")],
    "NextToken": ["Draw 10", "T → ∞", ("Top-k", "0")],
    "Normalisers": ["uniform", "c = 5", ("Logit of cat", "-5"), ("Shift", "11")],
    "Probabilities": ["peaked", ("Logit of cat", "-5"), ("Logit of dog", "12")],
    "Reliability": ["T → 0", "T = 1", "T → ∞", ("Temperature", "-1")],
    "Sampler": [["Draw one sample"] * 3, "T → 0", ("u", "7"), "Gumbel-max"],
    "Settings": ["T → 0", "T → ∞", ("Temperature", "-1")],
    "TemperatureDial": ["T → ∞", "tie", ("Logit of dog", "12")],
}


def states(figure):
    """Lead a figure through its states; gives what was done last."""
    yield "nothing"
    for act in ACTS[figure.kind]:
        match act:
            case str():
                figure.press(act)
            case list():
                for name in act:
                    figure.press(name)
            case tuple():
                fill(figure, act)
        yield act


def fill(figure, act):
    name, typed = act
    figure.field(name).fill(typed)


@pytest.fixture
def opened(show):
    """Open a page with one figure as it comes."""

    def open_figure(kind, **options):
        figure = Figure(show(kind(), **options), kind.title)
        figure.kind = kind.__name__
        return figure

    return open_figure


each_figure = pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.__name__)
each_theme = pytest.mark.parametrize("theme", ["light", "dark"])


@each_figure
@each_theme
@pytest.mark.parametrize("width", [1280, 360])
def test_no_state_has_an_accessibility_violation(opened, kind, theme, width):
    figure = opened(kind, theme=theme, viewport={"width": width, "height": 800})
    figure.figure.get_by_text("Show as Python").click()
    for _ in states(figure):
        figure.is_accessible()


@each_figure
@each_theme
def test_no_fallback_has_an_accessibility_violation(new_page, harness, kind, theme):
    page = new_page()
    page.route("**/host.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{harness.address}/{harness.write(kind(), theme=theme)}")
    result = Axe().run(page, context="live-figure")
    assert result.violations_count == 0, result.generate_report()


@each_figure
def test_its_height_is_reserved_in_every_state_at_any_width(opened, kind):
    figure, before = opened(kind), {}
    for act in states(figure):
        figure.page.wait_for_timeout(FOLLOWED)
        for width in WIDTHS:
            figure.page.set_viewport_size({"width": width, "height": 800})
            if isinstance(act, tuple):
                fill(figure, act)  # what is refused is said beside the field, wherever that is at this width
                figure.settle()
            assert figure.page.evaluate("document.documentElement.scrollWidth") <= width, f"after {act} at {width} px"
            card, place = (figure.page.locator(query).bounding_box()["height"] for query in (".lf-host .lf", "live-figure"))
            assert card - 1 <= place <= card + ADDED, f"after {act} at {width} px"
            assert before.setdefault(width, place) == place, f"after {act} at {width} px"


@each_figure
def test_every_target_is_as_large_as_a_fingertip(opened, kind):
    figure = opened(kind, **PHONE)
    figure.figure.get_by_text("Show as Python").tap()
    figure.is_large_enough_to_touch()
