"""Every number field of every figure: how it is entered, what it reads, and that a refusal changes nothing."""

import pytest
from playwright.sync_api import expect

from harness import PHONE, Figure, plain
from softmax_lib.live import Bandit, Histogram, TemperatureDial
from support import FIGURES
from test_every_figure import OPTIONS

SHOWN = """() => {
    const card = document.querySelector(".lf-host .lf"), copy = card.cloneNode(true);
    copy.querySelectorAll(".lf-notice, .lf-status, [role=status], .lf-refused").forEach((element) => element.remove());
    return [copy.textContent, ...[...card.querySelectorAll("input")].map((input) => input.value)];
}"""
REFUSED = [
    "999999999999",
    "−999999999999",
    "1/2",
    "1.2.3",
    "1e99",
    "five",
    "0x10",
    "1 2",
    "--1",
    "",
    "-",
    "1e",
    "1" * 100_000 + "x",
]


@pytest.fixture
def opened(show):
    def open_figure(kind, **options):
        figure = Figure(show(kind(**OPTIONS.get(kind.__name__, {})), **options), kind.title)
        figure.page.wait_for_load_state("networkidle")  # the scores of the explorer
        figure.settle()
        return figure

    return open_figure


def names(figure):
    return [field.get_attribute("aria-label") for field in figure.figure.get_by_role("spinbutton").all()]


def shown(figure):
    figure.settle()
    return figure.page.evaluate(SHOWN)


each_figure = pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.__name__)


@each_figure
def test_a_click_that_enters_a_field_selects_what_is_in_it_and_the_next_puts_the_caret(opened, kind):
    figure = opened(kind)
    for name in names(figure):
        field = figure.field(name)
        field.click()
        selected = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
        assert field.evaluate(selected) == field.input_value() != "", name
        field.click()
        assert field.evaluate(selected) == "", name


@each_figure
def test_a_tap_selects_too(opened, kind):
    figure = opened(kind, **PHONE)
    for name in names(figure):
        figure.field(name).tap()
        figure.page.keyboard.type("1")
        assert figure.field(name).input_value() == "1", name


@each_figure
def test_what_is_refused_changes_nothing_and_the_words_are_true(opened, kind):
    figure = opened(kind)
    for name in names(figure):
        field = figure.field(name)
        field.focus()  # the formula is about the row in focus
        kept, before = field.input_value(), shown(figure)
        for text in REFUSED:
            field.fill(text)
            field.press("Enter")
            assert shown(figure) == before, (name, text[:20])
            said = plain(figure.status.text_content()).replace(",", "")
            assert f"stay{said.partition('stay')[2]}".endswith(f" {kept}."), (name, text[:20], said)


@each_figure
def test_no_beginning_of_what_is_refused_stays(opened, kind):
    figure = opened(kind)
    for name in names(figure):
        figure.field(name).focus()
        before = shown(figure)
        for text in ("99999999999", "-99999", "0.7.7", "1,5,5"):
            figure.field(name).click()
            figure.page.keyboard.press("Control+A")
            figure.page.keyboard.type(text)
            figure.page.keyboard.press("Enter")
            assert shown(figure) == before, (name, text)


@each_figure
def test_escape_goes_back_to_what_was_there(opened, kind):
    figure = opened(kind)
    for name in names(figure):
        figure.field(name).focus()
        before = shown(figure)
        figure.field(name).fill("0.5")
        figure.field(name).press("Escape")
        assert shown(figure) == before, name


@pytest.mark.parametrize(
    ("typed", "logit"),
    [("1,5", 1.5), ("−1.5", -1.5), ("−1,5", -1.5), ("+.5", 0.5), (" 2 ", 2), ("5e-1", 0.5), ("5e−1", 0.5), ("2,", 2)],
)
@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_a_number_is_read_as_people_write_it(show, typed, logit, locale):
    figure = Figure(show(TemperatureDial(), locale=locale), "Temperature dial")
    figure.enter("Logit of dog", typed)
    assert float(figure.field("Logit of dog").input_value()) == logit


@pytest.mark.parametrize(("typed", "k"), [("4,000", "4000"), ("49,152", "49152"), ("1e3", "1000")])
def test_a_comma_in_a_whole_number_parts_thousands(opened, typed, k):
    figure = opened(next(kind for kind in FIGURES if kind.__name__ == "NextToken"))
    figure.enter("Top-k", typed)
    assert figure.field("Top-k").input_value() == k
    figure.enter("Top-k", "1,5")
    assert figure.field("Top-k").input_value() == k


def test_what_cannot_be_had_back_is_not_lost_on_the_way_to_a_number(show):
    bars = Figure(show(Histogram(draws=500)), "Histogram of draws")
    bars.field("Temperature").press_sequentially("0.7")
    assert "500" in shown(bars)[0]
    bars.field("Temperature").press("Enter")
    expect(bars.status).to_contain_text("counts were cleared")

    arms = Figure(show(Bandit(played=[["A", 7]])), "Bandit")
    arms.field("Seed of the bandit").press_sequentially("123")
    assert "7 ×" in shown(arms)[0]
    arms.field("Seed of the bandit").press("Enter")
    assert "7 ×" not in shown(arms)[0]
