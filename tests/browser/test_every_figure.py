"""What holds for every live figure, whatever it shows."""

from collections import defaultdict

import pytest
from playwright.sync_api import expect

from accessibility import violations
from harness import LABELS, LOGITS, PHONE, Figure
from softmax_lib.live import Attention, Histogram, Settings, TemperatureDial
from support import FIGURES

WIDTHS = (320, 340, 360, 412, 480, 600, 660, 704, 1280)
FREE = {"Settings": 128}  # pixels that may stay free below its tallest state, if not 30: tabs may be one a line
MOVED = {
    "Sampler": 41,
    "Histogram": 23,
    "TemperatureDial": 23,
}  # pixels by which its own height may change there, if not 5
NOT_STATE = ("Show me", "Reset", "Clear", "Present", "Copy link", "Copy Python", "PNG", "SVG", "Your own")
FOLLOWED = 600  # milliseconds, then the spoken sentence has followed
PRESS_TWICE = """async ([names, atOnce]) => {
    const card = document.querySelector(".lf-host .lf");
    for (const name of names.flatMap((name) => [name, name])) {
        [...card.querySelectorAll("button")].find((button) => button.textContent === name)?.click();
        if (!atOnce) await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
}"""
TOLD = """() => {
    const card = document.querySelector(".lf-host .lf"), texts = card.cloneNode(true);
    texts.querySelectorAll(".lf-status, .lf-notice, [role=status]").forEach((element) => element.remove());
    return [texts.textContent, ...[...card.querySelectorAll("input")].map((input) => input.value)];
}"""
CROWDED = """() => {
    const card = document.querySelector(".lf-host .lf"), edge = card.getBoundingClientRect(), found = [], texts = [];
    const range = document.createRange();
    const unseen = (element) => !element.checkVisibility({ visibilityProperty: true })
        || element.closest("svg, math, option, .lf-hidden") || element.offsetWidth === 1;
    const clipped = ({ left, right, top, bottom }, element) => {
        for (let box = element; box !== card; box = box.parentElement) {
            if (getComputedStyle(box).overflow === "visible") continue;
            const edge = box.getBoundingClientRect();
            [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
        }
        return { left, right, top, bottom };
    };
    for (const element of card.querySelectorAll("*")) {
        if (unseen(element)) continue;
        const nodes = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
        if (!nodes.length && !element.matches("input, select, button")) continue;
        const words = `${element.tagName}.${element.className} ${element.textContent || element.value}`.slice(0, 60);
        const box = element.getBoundingClientRect();
        if (box.left < edge.left - 1 || box.right > edge.right + 1) found.push(`beyond the card: ${words}`);
        if (element.matches(".lf-field input, button") && element.scrollWidth > element.clientWidth + 1)
            found.push(`cut: ${words}`);
        for (const node of nodes) {
            range.selectNodeContents(node);
            const height = range.getBoundingClientRect().height / parseFloat(getComputedStyle(element).lineHeight);
            if (element.matches(".lf-name") && !/\\s/.test(node.data.trim()) && height > 1.9)
                found.push(`broken: ${words}`);
            for (const rectangle of range.getClientRects())
                texts.push({ words: node.data.trim(), rectangle: clipped(rectangle, element) });
        }
    }
    const deep = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
    texts.forEach((one, k) => texts.slice(k + 1).forEach((other) => {
        const [a, b] = [one.rectangle, other.rectangle];
        const over = deep(a, b, "left", "right") > 2 && deep(a, b, "top", "bottom") > (a.bottom - a.top) / 3;
        if (one.words !== other.words && over)
            found.push(`one over the other: ${one.words} | ${other.words}`);
    }));
    return found;
}"""  # what sticks out of the card, is cut, is broken in a word, or lies on another text
TABS = [
    {"name": name, "labels": LABELS, "logits": LOGITS, "words": f"Five scores of {name}."}
    for name in ("Next token", "Teacher", "Classes", "Arms", "Overconfident")
]
OPTIONS = {"Settings": {"settings": TABS}}
# What a reader may do to each, one after the other: press a button, give a field or list a value, or several of these
# in one go.
ACTS = {
    "Attention": [
        "When",
        ("Head", "what came next, last time"),
        "T → ∞",
        "park",
        "T → 0",
        "to",
        ("Head", "many at once"),
        ("Temperature", "-1"),
    ],
    "Bandit": [
        "Pull once",
        "Pull E",
        "Pull 100",
        "Show the true means",
        "T → ∞",
        ["Pull 100"] * 9,
        ("Seed of the bandit", "-4"),
    ],
    "Contrast": ["T → 0", "T → ∞", ("Angle of the picture", "400"), "Take a step", ("Temperature", "-1")],
    "DoubleSoftmax": [
        "Confidently wrong",
        ("True class", "bee"),
        "Confidently right",
        ("True class", "cat"),
        "uniform",
        "long tail",
        ("Logit of dog", "11"),
    ],
    "Guidance": ["s = 0", "two modes", "s = 1", "classes apart", ("Guidance scale", "9")],
    "Histogram": ["Draw one sample", "Draw 1,000", "T → 0", ("Logit of dog", "12")],
    "LargeDial": ["T → ∞", "T → 0", ("Temperature", "-1")],
    "NextToken": ["Draw 10", "T → ∞", ("Top-k", "0")],
    "Normalisers": [
        "uniform",
        "c = 5",
        [("Logit of cat", "1"), ("Logit of dog", "-1")],
        "one negative",
        [(f"Logit of {label}", z) for label, z in zip(LABELS, ["-1", "-2", "-3", "-4", "-5"], strict=True)],
        ("Shift", "11"),
    ],
    "Probabilities": ["peaked", ("Logit of cat", "-5"), ("Logit of dog", "12")],
    "Reliability": ["T → 0", "T = 1", "T → ∞", ("Temperature", "-1")],
    "Sampler": [["Draw one sample"] * 3, "T → 0", ("u", "7"), "Gumbel-max"],
    "Settings": ["T → 0", "Arms", "T → ∞", ("Temperature", "-1")],
    "Simplex": [
        "sparsemax",
        "T → 0",
        "New draws",
        "1.5-entmax",
        "T → ∞",
        ("Temperature", "-1"),
        ("Logit of owl", "12"),
    ],
    "TemperatureDial": ["T → ∞", "tie", ("Logit of dog", "12")],
}


def do(figure, act):
    match act:
        case list():
            for one in act:
                do(figure, one)
        case name, value:
            choice = figure.figure.get_by_role("combobox", name=name, exact=True)
            if choice.count():
                choice.select_option(value)
            else:
                figure.field(name).fill(value)
        case _:
            figure.press(act)


def states(figure):
    """Lead a figure through its states; gives what was done last."""
    yield "nothing"
    for act in ACTS[figure.kind]:
        do(figure, act)
        yield act


def made(kind):
    return kind(**OPTIONS.get(kind.__name__, {}))


@pytest.fixture
def opened(show):
    """Open a page with one figure."""

    def open_figure(kind, **options):
        figure = Figure(show(made(kind), **options), kind.title)
        figure.kind = kind.__name__
        return figure

    return open_figure


each_figure = pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.__name__)


def test_every_figure_has_acts():
    assert ACTS.keys() == {kind.__name__ for kind in FIGURES}


@each_figure
def test_no_state_has_an_accessibility_violation(opened, kind):
    figure = opened(kind)
    figure.figure.get_by_text("Show as Python").click()
    for act in states(figure):
        for width, theme in ((1280, "light"), (360, "dark")):
            figure.page.set_viewport_size({"width": width, "height": 800})
            figure.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            figure.is_accessible(f"after {act} at {width} px, {theme}")


@each_figure
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_fallback_has_an_accessibility_violation(new_page, harness, kind, theme):
    page = new_page()
    page.route("**/host.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{harness.address}/{harness.write(made(kind), theme=theme)}")
    assert violations(page, "live-figure") == []


@each_figure
def test_its_height_is_reserved_in_every_state_at_any_width(opened, kind):
    figure, cards, places = opened(kind), defaultdict(list), {}
    for act in states(figure):
        figure.page.wait_for_timeout(FOLLOWED)
        for width in WIDTHS:
            figure.page.set_viewport_size({"width": width, "height": 800})
            if isinstance(act, tuple):
                do(figure, act)  # what is refused is said beside the field, wherever that is at this width
                figure.settle()
            at = f"after {act} at {width} px"
            assert figure.page.evaluate("document.documentElement.scrollWidth") <= width, at
            card, place = (
                figure.page.locator(query).bounding_box()["height"] for query in (".lf-host .lf", "live-figure")
            )
            cards[width].append(card)
            assert card - 1 <= place == places.setdefault(width, place), f"{at} the card takes {card} px of {place}"
    for width, place in places.items():
        told = f"at {width} px the card takes from {min(cards[width])} to {max(cards[width])} px of {place}"
        assert max(cards[width]) - min(cards[width]) <= MOVED.get(figure.kind, 5), told
        assert place <= max(cards[width]) + FREE.get(figure.kind, 30), told


def enlarge(page, percent):
    page.evaluate("(percent) => { document.documentElement.style.fontSize = `${percent}%`; }", percent)


@each_figure
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_enlarged_text_has_room(opened, kind, width):
    figure = opened(kind, viewport={"width": width, "height": 800})
    figure.page.wait_for_load_state("networkidle")
    # what stays at the window's edge lies over what scrolls past it
    figure.page.add_style_tag(content=".lf :is(.lf-scale, .lf-draw) { position: static !important }")
    for percent in (100, 150, 200) if width > 320 else (100,):  # 320 px are 1280 px at 400%
        enlarge(figure.page, percent)
        figure.settle()
        assert figure.page.evaluate("document.documentElement.scrollWidth") <= width, percent
        assert figure.page.evaluate(CROWDED) == [], percent


@pytest.mark.parametrize("kind", [Attention, Histogram, Settings, TemperatureDial], ids=lambda kind: kind.__name__)
def test_a_phone_on_its_side_shows_bars_beside_the_temperature(opened, kind):
    figure = opened(kind, viewport={"width": 740, "height": 360}, has_touch=True, is_mobile=True)
    rows, temperature = figure.figure.locator(".lf-rows"), figure.slider("Temperature")
    rows.evaluate("(rows) => scrollTo(0, rows.getBoundingClientRect().top + scrollY)")
    bars = [bar.bounding_box() for bar in figure.figure.locator(".lf-bar").all()[:5]]
    assert all(bar["y"] >= 0 and bar["y"] + bar["height"] <= 360 for bar in bars)
    box = temperature.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 360
    assert box["x"] >= max(bar["x"] + bar["width"] for bar in bars)
    assert figure.page.evaluate(CROWDED) == []
    card, place = (figure.page.locator(query).bounding_box()["height"] for query in (".lf-host .lf", "live-figure"))
    assert card - 1 <= place <= card + FREE.get(figure.kind, 30)


def test_a_crowded_figure_is_noticed(opened):
    figure = opened(TemperatureDial, viewport={"width": 360, "height": 800})
    figure.page.add_style_tag(content=".lf-name { margin-right: -3em } .lf-stops button { width: 3em }")
    found = figure.page.evaluate(CROWDED)
    assert any("cut: BUTTON" in words for words in found), found
    figure.page.add_style_tag(content=".lf .lf-p { position: relative; left: 2em } .lf-row { gap: 0 }")
    assert any("beyond the card" in words for words in figure.page.evaluate(CROWDED))
    figure.page.add_style_tag(content=".lf .lf-presets button { margin-left: -4em }")
    assert any("one over the other" in words for words in figure.page.evaluate(CROWDED))
    figure.page.add_style_tag(content=".lf-name { width: 1.5em }")
    assert any("broken: SPAN.lf-name cat" in words for words in figure.page.evaluate(CROWDED))


@each_figure
def test_presses_within_a_frame_count_as_presses_in_turn(opened, kind):
    figure = opened(kind)
    names = figure.figure.locator("button:not([aria-label])").all_inner_texts()
    names = [name for name in names if name not in NOT_STATE]
    told = []
    for at_once in (False, False, True):  # the first time some scores are still on their way
        figure.press("Reset")
        figure.settle()
        figure.page.evaluate(PRESS_TWICE, [names, at_once])
        figure.page.wait_for_load_state("networkidle")
        figure.settle()
        told.append(figure.page.evaluate(TOLD))
    assert told[1] == told[2]


@each_figure
def test_a_copied_link_says_what_the_figure_says_and_leads_to_it(opened, kind):
    figure = opened(kind, permissions=["clipboard-read", "clipboard-write"])
    do(figure, ACTS[figure.kind][0])
    figure.page.wait_for_timeout(FOLLOWED)
    told = figure.figure.locator(".lf-status").text_content()
    sentence, link = figure.copied()
    assert sentence == f"{kind.title}: {told} Your turn:"
    figure.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.body.style.paddingTop = '2000px' })"
    )
    figure.page.goto("about:blank")
    figure.page.goto(link)
    expect(figure.figure).to_be_in_viewport()


@each_figure
def test_every_target_is_as_large_as_a_fingertip_in_every_state(opened, kind):
    figure = opened(kind, **PHONE)
    figure.figure.get_by_text("Show as Python").tap()
    for act in states(figure):
        figure.settle()
        assert figure.too_small_to_touch() == [], f"after {act}"


def test_a_small_target_is_noticed(opened):
    figure = opened(FIGURES[0], **PHONE)
    figure.figure.get_by_role("button", name="Reset").evaluate("button => { button.style.height = '43px'; }")
    assert ["Reset" in target for target in figure.too_small_to_touch()] == [True]
