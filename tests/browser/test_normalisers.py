"""Three normalisers on the same logits: what fails is seen to fail, in bars and in words."""

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import LABELS, LOGITS, PHONE, Figure, answers, parity
from softmax_lib import softmax
from softmax_lib.live import Normalisers
from softmax_lib.live.normalisers.normalisers import shares

STEPS = "async ([module, cases]) => { const { shares } = await import(module); return cases.map(shares); }"


class Normalised(Figure):
    def __init__(self, page):
        super().__init__(page, "Three normalisers")
        self.verdicts = self.figure.locator(".lf-verdicts .lf-three > span")
        self.shift = self.field("Shift")

    def set(self, *logits):
        for label, z in zip(LABELS, logits, strict=True):
            self.field(f"Logit of {label}").fill(str(z))

    def columns(self):
        """The numbers of each normaliser, as read aloud."""
        self.settle()
        texts = self.figure.locator(".lf-part > span:last-child").all_text_contents()
        numbers = [
            float(text.rpartition(": ")[2].replace("✗ ", "").replace("−", "-").replace("÷ 0", "nan")) for text in texts
        ]
        return np.reshape(numbers, (-1, 3)).T

    def shows(self, logits, shift):
        wanted = [shares(logits), shares([z + shift for z in logits]), softmax(logits)]
        np.testing.assert_allclose(self.columns(), wanted, atol=0.00051, rtol=0.005)
        assert float(self.shift.input_value()) == shift


@pytest.fixture
def figure(show):
    return Normalised(show(Normalisers()))


def test_the_default_figure_fails_in_plain_sight(figure):
    figure.shows(LOGITS, 2)
    expect(figure.verdicts).to_have_text(
        [
            "✗ Below 0: fox, bee. Above 1: cat.",
            "✗ Arbitrary: cat gets 0.364 here, 0.269 at c = 5.",
            "✓ Always 0 to 1. Any c gives the same.",
        ]
    )
    expect(figure.status).to_have_text(
        "Dividing by the sum fails; shift, then divide depends on c; softmax: cat leads with 0.591."
    )
    assert figure.figure.locator(".lf-wrong").count() == 3


def test_bars_leave_the_room_of_a_probability(figure):
    place = (
        figure.figure.locator(".lf-row")
        .nth(4)
        .locator(".lf-range")
        .first.evaluate(
            """range => [range, range.querySelector("i"), range.querySelector("b")]
                .map((part) => part.getBoundingClientRect()).map(({ left, right }) => [left, right])"""
        )
    )
    (left, right), bar, arrow = place
    zero = left + (right - left) / 3
    assert bar == pytest.approx([left, zero], abs=1)
    assert arrow[0] == pytest.approx(left, abs=1)


def test_division_by_zero_is_said_in_words(figure):
    figure.set(1, -1, 0.1, 0.2, -0.3)
    expect(figure.verdicts.first).to_have_text("✗ The sum is 0: nothing can be divided by it.")
    assert np.isnan(figure.columns()[0]).all()
    figure.press("uniform")
    expect(figure.verdicts.nth(1)).to_have_text("✗ The sum is 0: nothing can be divided by it.")
    expect(figure.status).to_contain_text(
        "shift, then divide fails; softmax: cat, dog, owl, fox, bee share the lead, each with 0.200."
    )


def test_negative_scores_alone_come_out_upside_down(figure):
    figure.set(-1, -2, -3, -4, -5)
    expect(figure.verdicts.first).to_have_text("✗ Upside down: the smallest score gets most.")


def test_positive_scores_pass(figure):
    figure.set(1, 2, 3, 4, 5)
    expect(figure.verdicts.first).to_have_text("✓ Passes, as no logit is negative.")


def test_the_minimum_follows_the_logits_and_a_number_does_not(figure):
    minimum = figure.figure.get_by_role("button", name="minimum", exact=True)
    expect(minimum).to_have_attribute("aria-pressed", "true")
    figure.field("Logit of bee").fill("-4")
    figure.shows([2, 1, 0.5, -0.5, -4], 4)
    figure.shift.fill("3")
    expect(minimum).to_have_attribute("aria-pressed", "false")
    figure.shows([2, 1, 0.5, -0.5, -4], 3)
    expect(figure.verdicts.nth(1)).to_have_text("✗ Below 0: bee.")
    figure.slider("Shift").press("End")
    figure.shows([2, 1, 0.5, -0.5, -4], 10)
    figure.press("c = 5")
    figure.shows([2, 1, 0.5, -0.5, -4], 5)
    expect(figure.verdicts.nth(1)).to_contain_text("at c = 10.")
    figure.press("Reset")
    figure.shows(LOGITS, 2)
    expect(minimum).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("typed", ["10.1", "-6", ""])
def test_a_shift_that_cannot_be_is_refused_in_words(figure, typed):
    figure.shift.fill(typed)
    figure.shift.press("Enter")
    expect(figure.status).to_have_text("The shift goes from −5 to 10: it stays at 2.")


def test_show_as_python_runs(figure, capsys):
    figure.press("c = 5")
    figure.settle()
    names = {}
    exec(figure.figure.locator("pre").text_content(), names)  # what the reader copies
    np.testing.assert_allclose(names["shifted"] / names["shifted"].sum(), shares([7, 6, 5.5, 4.5, 3]))
    figure.press("minimum")
    figure.settle()
    exec(figure.figure.locator("pre").text_content(), names)
    np.testing.assert_array_equal(names["shifted"], [4, 3, 2.5, 1.5, 0])
    capsys.readouterr()


def compare(page, module):
    rng = np.random.default_rng(4)
    cases = [np.round(rng.uniform(-5, 10, rng.integers(1, 9)), 1).tolist() for _ in range(300)]
    cases += [[0.1, 0.2, -0.3], [0, 0], [1, -1, 0.1, 0.2, -0.3], [-5.0]]
    for values, found in zip(cases, answers(page, STEPS, module, cases), strict=True):
        np.testing.assert_allclose(np.array(found, float), shares(values), rtol=1e-14)


test_the_browser_computes_what_python_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "not divided by the sum": ("plain(value) / total", "plain(value)"),
        "nothing instead of no answer": ("total === 0 ? NaN", "total < 0 ? NaN"),
        "not rounded": ("x.toFixed(12)", "x"),
    },
    Normalisers,
)


def test_on_a_phone_the_rows_and_the_shift_are_visible_together(show):
    figure = Normalised(show(Normalisers(), **PHONE))
    rows, shift = figure.figure.locator(".lf-normalised").bounding_box(), figure.slider("Shift").bounding_box()
    assert shift["y"] + shift["height"] - rows["y"] <= 640


@pytest.mark.parametrize("wrong", [-6, 11, float("nan"), "far"])
def test_a_wrong_shift_is_refused(wrong):
    with pytest.raises(traitlets.TraitError, match="shift"):
        Normalisers(shift=wrong)


def test_the_python_side():
    figure = Normalisers(shift=3)
    np.testing.assert_allclose(figure.shifted, shares([5, 4, 3.5, 2.5, 1]))
    np.testing.assert_array_equal(figure.divided, [2, 1, 0.5, -0.5, -2])
    assert "plus 3, then divided" in figure.html()
    assert "÷ 0" in Normalisers(logits=[0] * 5).html()
