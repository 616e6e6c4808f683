"""The reader guesses above the figure and is told below it, by any key or finger, without a script, and again later."""

import re

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect
from scipy.stats import binom

from one_page import SOUND, build
from support import TEACHING

WITH_FIGURE = [name for name in TEACHING if name != "inside"]  # a map of its step
SCREENS = {(1280, 800): 700, (360, 640): 900}  # where the figure begins, at the latest
ID = "temperature#guess-double"
KEPT = "JSON.parse(localStorage.getItem('softmax-and-temperature-guesses'))"


@pytest.fixture
def page(new_page, site):
    page = new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site}/book/temperature.html")
    expect(page.locator("live-figure[live]")).to_have_count(1)
    return page


def guess(page, choice="It doubles", sure="90\u00a0%"):
    block = page.locator("#guess-double")
    block.get_by_role("button", name=choice, exact=True).click()
    if sure:
        block.get_by_role("button", name=sure, exact=True).click()


def turn_the_dial(page):
    page.locator("live-figure input[type=range]").last.press("ArrowLeft")


@pytest.mark.parametrize("size", SCREENS, ids=str)
def test_every_chapter_shows_its_question_guess_and_figure_first(new_page, site, size):
    page = new_page(viewport=dict(zip(("width", "height"), size, strict=True)))
    for name in WITH_FIGURE:
        page.goto(f"{site}/book/{name}.html")
        tops = [
            page.locator(query).first.bounding_box()["y"]
            for query in ("h1", "p.question", ".guess button", "live-figure", "details.guess-answer")
        ]
        assert tops == sorted(tops), name
        assert tops[3] <= SCREENS[size], name


@pytest.mark.parametrize("name", TEACHING)
def test_the_answer_is_folded_and_names_one_choice(built_book, name):
    page = BeautifulSoup((built_book / f"book/{name}.html").read_text("utf-8"), "html.parser")
    blocks = page.select(".guess")
    assert len(blocks) >= 2
    for block in blocks:
        (answer,) = page.select(f"#{block['id']}-answer")
        choices = [choice.text for choice in block.select(".guess-choices button")]
        assert 2 <= len(set(choices)) == len(choices) <= 4
        assert not answer.has_attr("open")
        assert answer.strong.text == choices[int(block["data-right"]) - 1]


def test_a_guess_is_told_once_the_figure_was_used(page):
    answer = page.locator("#guess-double-answer")
    top = page.locator("live-figure").evaluate("(figure) => figure.getBoundingClientRect().top + scrollY")
    guess(page)
    expect(answer).not_to_have_attribute("open", "")
    turn_the_dial(page)
    expect(answer).to_have_attribute("open", "")
    expect(answer.locator("summary")).to_have_text("You said “It doubles”: not so.")
    expect(page.locator("#guess-double .guess-said")).to_have_text("Wrong: see why below the figure.")
    assert page.locator("live-figure").evaluate("(figure) => figure.getBoundingClientRect().top + scrollY") == top
    for button in page.locator("#guess-double .guess-choices button").all():
        expect(button).to_be_disabled()


def test_nothing_is_told_to_who_has_not_guessed(page):
    turn_the_dial(page)
    page.wait_for_timeout(300)
    expect(page.locator("#guess-double-answer")).not_to_have_attribute("open", "")
    guess(page, "It grows, by less than that", sure=None)
    expect(page.locator("#guess-double-answer summary")).to_have_text("You said “It grows, by less than that”: right.")


def test_a_guess_below_the_figure_is_told_at_once_and_by_keyboard(page):
    block = page.locator("#guess-gain")
    block.get_by_role("button", name="Two: fox and bee").focus()
    page.keyboard.press("Enter")
    expect(block.locator("details")).not_to_have_attribute("open", "")
    page.keyboard.press("Tab")  # from the last choice to the first confidence
    page.keyboard.press("Space")
    expect(block.locator("details")).to_have_attribute("open", "")


def test_a_guess_stands_when_the_reader_comes_back(page):
    guess(page)
    turn_the_dial(page)
    expect(page.locator("#guess-double-answer")).to_have_attribute("open", "")
    page.reload()
    block = page.locator("#guess-double")
    expect(block.get_by_role("button", name="It doubles")).to_be_disabled()
    expect(block.get_by_role("button", name="It doubles")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("nav.bd-links a.current .reader-mark").first).to_have_count(1)
    assert page.evaluate(KEPT)[ID] == {"choice": 0, "right": False, "sure": 0.9, "told": True}


def test_an_answer_that_the_reader_closed_stays_closed(page):
    answer = page.locator("#guess-double-answer")
    guess(page)
    turn_the_dial(page)
    expect(answer).to_have_attribute("open", "")
    answer.locator("summary").click()
    turn_the_dial(page)
    page.wait_for_timeout(300)
    expect(answer).not_to_have_attribute("open", "")


def test_two_open_pages_keep_the_guesses_of_both(page, site):
    other = page.context.new_page()
    other.goto(f"{site}/book/sampling.html")
    guess(page)
    other.locator("#guess-cats button").first.click()
    assert {*page.evaluate(KEPT)} == {ID, "sampling#guess-cats"}


SPOILT = [
    *("[1]", "{", "null", '"x"', "[null]"),
    *(f'{{"{ID}": {entry}}}' for entry in ("5", "null", '{"choice": 9}', '{"choice": "0", "told": true}')),
]


@pytest.mark.parametrize("stored", SPOILT)
def test_a_storage_that_holds_anything_does_no_harm(page, stored):
    page.evaluate("(stored) => localStorage.setItem('softmax-and-temperature-guesses', stored)", stored)
    page.reload()
    guess(page)
    turn_the_dial(page)
    expect(page.locator("#guess-double-answer")).to_have_attribute("open", "")


def test_without_a_storage_the_visit_remembers(new_page, site):
    page = new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })")
    page.goto(f"{site}/book/temperature.html")
    expect(page.locator("live-figure[live]")).to_have_count(1)
    guess(page)
    turn_the_dial(page)
    expect(page.locator("#guess-double-answer")).to_have_attribute("open", "")


def test_without_a_script_the_choices_are_text_and_the_fold_opens(new_page, site):
    page = new_page(java_script_enabled=False)
    page.goto(f"{site}/book/temperature.html")
    expect(page.locator("#guess-double").get_by_role("button", name="It doubles")).to_be_disabled()
    page.locator("#guess-double-answer summary").click()
    expect(page.locator("#guess-double-answer")).to_contain_text("It climbs to 0.839")


def kept(guesses):
    return {f"page#guess-{place}": {"choice": 0, **told} for place, told in enumerate(guesses)}


def open_own_curve(page, site, guesses):
    page.goto(f"{site}/book/calibration.html")
    page.evaluate(
        "(kept) => localStorage.setItem('softmax-and-temperature-guesses', JSON.stringify(kept))", kept(guesses)
    )
    page.reload()
    return page.locator(".own-calibration")


def test_the_readers_own_calibration(new_page, site):
    """Error and noise floor against NumPy and SciPy; what was not told, or has no confidence, does not count."""
    told = [(0.9, True)] * 5 + [(0.9, False)] * 2 + [(0.5, True), (0.5, False), (0.5, False)] + [(0.99, True)]
    guesses = [{"sure": sure, "right": right, "told": True} for sure, right in told]
    others = [{"sure": 0.7, "right": True}, {"right": True, "told": True}]
    others += [{"sure": sure, "right": True, "told": True} for sure in (0, 1, 7, "0.5")]
    block = open_own_curve(new_page(), site, guesses + others)
    levels = {0.5: (3, 1), 0.9: (7, 5), 0.99: (1, 1)}
    error = sum(n * abs(right / n - sure) for sure, (n, right) in levels.items()) / 11
    floor = (
        sum(n * binom(n, sure).expect(lambda k, n=n, sure=sure: abs(k / n - sure)) for sure, (n, _) in levels.items())
        / 11
    )
    words = block.locator("p").text_content()
    assert "Of 11 guesses with a confidence you were right in 7: 64%." in words
    assert re.findall(r"\d\.\d\d", words) == [f"{error:.2f}", f"{floor:.2f}"]
    assert block.locator("tbody td").all_text_contents() == ["50%", "3", "1", "90%", "7", "5", "99%", "1", "1"]
    expect(block.locator("circle")).to_have_count(3)


def test_far_off_is_said_and_everything_can_be_forgotten(new_page, site):
    page = new_page()
    block = open_own_curve(page, site, [{"sure": 0.99, "right": False, "told": True}] * 12)
    expect(block.locator("p")).to_contain_text("more than luck explains easily")
    block.get_by_role("button", name="Forget my guesses").click()
    expect(block.locator("p")).to_contain_text("There are no such guesses yet")
    assert page.evaluate(KEPT) is None


DEFECTS = {
    "no name": (":name: double\n", ""),
    "no such choice": (":right: 2", ":right: 4"),
    "no choices": ("- ", ""),
    "no answer": ("It climbs.\n", ""),
}
GUESS = """
:::{guess} What becomes of cat's?
:name: double
:right: 2

- It doubles
- It grows

It climbs.
:::
"""


def test_a_guess_without_its_parts_fails_the_build(one_page_book):
    text = SOUND + "".join(GUESS.replace(*defect) for defect in DEFECTS.values())
    result = build(one_page_book(text))
    assert result.returncode != 0
    assert result.stderr.count("A guess needs :name:") >= 1
