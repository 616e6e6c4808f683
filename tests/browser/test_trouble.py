"""A figure that cannot come alive says so in its place, and one press tries again."""

import pytest
from playwright.sync_api import expect

from harness import Dial
from softmax_lib.live import TemperatureDial
from support import FIGURES

WIDER = """() => {
    const edge = (cell) => cell.closest(".lf").getBoundingClientRect().right - 11;
    return [...document.querySelectorAll(".lf-still :is(td, th)")]
        .filter((cell) => cell.scrollWidth > cell.clientWidth + 1 || cell.getBoundingClientRect().right > edge(cell))
        .map((cell) => cell.textContent);
}"""
WORDS = "The live figure did not load. Try again"


def open_without(harness, new_page, pattern, *figures, answer=None, hash=""):
    page = new_page(reduced_motion="reduce")
    page.route(pattern, answer or (lambda route: route.abort()))
    page.goto(f"{harness.address}/{harness.write(*figures)}{hash}")
    return page


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_figure_without_its_module_says_so(harness, new_page, figure):
    page = open_without(harness, new_page, f"**/{figure.module}", figure())
    expect(page.get_by_text(WORDS)).to_be_visible()
    fallback = page.locator("live-figure > .lf")
    expect(fallback).to_be_visible()
    table, words = fallback.bounding_box(), page.get_by_text(WORDS).bounding_box()
    assert 0 <= words["y"] - table["y"] - table["height"] < 20
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_every_word_of_the_table_stays_in_its_cell(harness, new_page, figure, width):
    page = open_without(harness, new_page, "**/host.js", figure())
    page.set_viewport_size({"width": width, "height": 640})
    assert page.locator(".lf-still :is(td, th)").count() > 4
    assert page.evaluate(WIDER) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


ANSWERS = {
    "missing": lambda route: route.fulfill(status=404),
    "of the wrong type": lambda route: route.fulfill(
        body=route.fetch().body(), content_type="application/octet-stream"
    ),
    "of another edition": lambda route: route.fulfill(body="export const other = 1;", content_type="text/javascript"),
    "aborted": lambda route: route.abort(),
}


@pytest.mark.parametrize(
    ("part", "answer"),
    [("dial/dial.mjs", "aborted"), *(("base/parts/lit-html.mjs", answer) for answer in ANSWERS)],
)
def test_one_press_tries_again(harness, new_page, part, answer):
    pattern, figures = f"**/{part}", (TemperatureDial(), TemperatureDial())
    page = open_without(harness, new_page, pattern, *figures, answer=ANSWERS[answer], hash="#T=3")
    expect(page.get_by_text(WORDS)).to_have_count(2)
    page.get_by_role("link", name="Try again").first.click()
    expect(page.get_by_text(WORDS).first).to_be_visible()  # still broken: it says so again
    page.unroute(pattern)
    page.get_by_role("link", name="Try again").first.click()
    expect(page.locator("live-figure[live]")).to_have_count(2)
    assert not page.get_by_text(WORDS).first.is_visible()
    Dial(page).shows([2, 1, 0.5, -0.5, -2], 3)  # the state of the link is still there


def out_of_patience(page):
    page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")


def test_figure_whose_host_never_came_says_so_after_a_while(harness, new_page):
    page = open_without(harness, new_page, "**/host.js", TemperatureDial())
    assert not page.get_by_text(WORDS).is_visible()
    out_of_patience(page)
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.unroute("**/host.js")
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("live-figure[live]")).to_have_count(1)
    out_of_patience(page)
    assert not page.get_by_text(WORDS).is_visible()


def test_waiting_for_the_host_moves_nothing(harness, new_page):
    page = open_without(harness, new_page, "**/host.js", TemperatureDial())
    waiting = page.locator("live-figure").bounding_box()["height"]
    page.evaluate("document.querySelector('.lf-trouble').remove()")
    assert page.locator("live-figure").bounding_box()["height"] == waiting


def test_where_no_script_runs_nothing_failed(harness, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(TemperatureDial())}")
    page.wait_for_timeout(100)
    assert not page.get_by_text(WORDS).is_visible()


def test_a_browser_that_is_too_old_keeps_the_table_and_says_why(harness, new_page):
    page, unknown = new_page(reduced_motion="reduce"), "light-dark-of-tomorrow("
    for part in ("live.css", "host.js"):

        def replaced(route):
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace("light-dark(", unknown))

        page.route(f"**/{part}", replaced)
    page.goto(f"{harness.address}/{harness.write(TemperatureDial())}")
    expect(
        page.get_by_text("The live figure needs a newer browser: Chrome 123, Firefox 125, Safari 17.5")
    ).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    bar = page.locator("live-figure .lf-bar i").first
    assert bar.evaluate("(bar) => getComputedStyle(bar).backgroundColor") == "rgb(62, 111, 168)"
    assert page.problems == []
