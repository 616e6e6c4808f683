"""The guidance scale: four densities in pictures, numbers and words, and the same numbers in Python."""

import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from experiments.guidance import Classes, Mixture, guided_flow, mean_and_spread, powered, tempered
from harness import PHONE, Figure, answers, parity
from softmax_lib.live import Guidance
from softmax_lib.live.guidance.guidance import GRID, STARTS

NAMES = ["classes overlap", "classes apart", "two modes"]
STEPS = f"""async ([module, cases]) => {{
    const grid = {GRID.tolist()};"""
STEPS += """
    const { classLogits, guidedDensities, guidedPoints, outcome } = await import(module);
    return cases.map(([modes, others, s]) => {
        const logits = (x) => x.map((at) => classLogits(at, modes, others));
        const drawn = guidedDensities(logits(grid), s).map((shares) => ({ x: grid, shares }));
        return [...drawn, guidedPoints(modes, others, s)].map(({ x, shares }) => {
            const { fidelity, mean, spread } = outcome(x, shares, logits(x));
            return [x, shares, [fidelity, mean, spread]];
        });
    });
}"""


class Guided(Figure):
    def __init__(self, page):
        super().__init__(page, "Guidance scale")
        self.scale = self.field("Guidance scale")

    def numbers(self):
        """Fidelity, mean and spread of each row, as read aloud."""
        self.settle()
        rows = self.figure.locator(".lf-outcome:not(.lf-heads)").all_text_contents()
        return [
            [
                float(part.replace("−", "-"))
                for part in re.findall(r"(?:fidelity|mean|spread) (\S+)", row.replace(",", " "))
            ]
            for row in rows
        ]

    def shows(self, scale, modes=(1,), others=(-1,)):
        wanted = [outcome[2:] for outcome in Guidance(scale=scale, modes=modes, others=others).outcomes]
        np.testing.assert_allclose(self.numbers(), wanted, atol=0.0051)
        np.testing.assert_allclose(np.array(self.numbers())[:, 0], np.array(wanted)[:, 0], atol=0.00051)
        assert float(self.scale.input_value()) == float(self.slider("Guidance scale").input_value()) == scale

    def path(self, kind):
        """The points of a curve: x and density."""
        found = self.figure.locator(f".lf-densities .{kind}").get_attribute("d")
        points = np.array(
            [pair.split() for pair in found.removeprefix("M").removesuffix("L1.1 1L-.2 1Z").split("L")], float
        )
        return points @ np.diag([15, -0.9]) + [-6, 0.9]


@pytest.fixture
def figure(show):
    return Guided(show(Guidance()))


def test_the_default_figure_says_what_guidance_does(figure):
    figure.shows(3)
    own, powered_row, tempered_row, drawn = figure.numbers()
    assert own[0] < tempered_row[0] < powered_row[0] < drawn[0]  # fidelity rises
    assert own[2] > tempered_row[2] > powered_row[2] > drawn[2]  # diversity falls
    expect(figure.status).to_have_text(
        "s = 3, so w = 2 and 1/s = 0.333. Fidelity goes from 0.775 to 0.890 (powered) and 0.967 (drawn), "
        "spread from 1.00 to 0.80 (powered) and 0.65 (drawn)."
    )


@pytest.mark.parametrize(("kind", "row"), [("lf-own", 0), ("lf-powered", 1), ("lf-tempered", 2), ("lf-flowed", 3)])
def test_the_curves_are_the_densities_of_the_numbers(figure, kind, row):
    x, density = figure.path(kind).T
    even = np.linspace(x.min(), x.max(), 4000)
    mean, spread = mean_and_spread(even, np.interp(even, x, density))
    assert (mean, spread) == pytest.approx(figure.numbers()[row][1:], abs=0.02)
    assert density.max() * spread == pytest.approx(0.4, abs=0.03)  # a bell of area 1


def test_the_scale_moves_by_stop_key_field_and_finger(show):
    figure = Guided(show(Guidance(), **PHONE))
    for stop in (0, 1, 7, 3):
        figure.figure.get_by_role("button", name=f"s = {stop}", exact=True).tap()
        figure.shows(stop)
        assert (
            figure.figure.get_by_role("button", name=f"s = {stop}", exact=True).get_attribute("aria-pressed") == "true"
        )
    slider = figure.slider("Guidance scale")
    slider.press("ArrowRight")
    figure.shows(3.1)
    slider.press("Home")
    figure.shows(0)
    slider.press("End")
    figure.shows(8)
    expect(slider).to_have_attribute("aria-valuetext", "s = 8")
    figure.scale.fill("2.5")
    figure.scale.press("Enter")
    figure.shows(2.5)
    box = slider.bounding_box()
    figure.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    figure.shows(4)
    figure.press("Reset")
    figure.shows(3)


@pytest.mark.parametrize("typed", ["8.1", "-1", ""])
def test_a_scale_that_cannot_be_is_refused_in_words(figure, typed):
    figure.scale.fill(typed)
    figure.scale.press("Enter")
    expect(figure.status).to_have_text("The guidance scale goes from 0 to 8: it stays at 3.")
    figure.shows(3)


def test_no_guidance_and_no_condition_are_said(figure):
    figure.press("s = 1")
    expect(figure.status).to_contain_text("No guidance: all four agree")
    assert np.ptp(np.array(figure.numbers())[:, 0]) < 0.005
    figure.press("s = 0")
    expect(figure.status).to_contain_text(
        "so w = −1 and 1/s = ∞. The condition is ignored: both classes are drawn, with fidelity 0.500."
    )


def test_worlds_change_the_classes_and_keep_the_scale(figure):
    figure.press("classes apart")
    figure.shows(3, [3], [-3])
    own, _, _, drawn = figure.numbers()
    assert drawn[0] - own[0] < 0.003 and drawn[2] < 0.65  # nothing to buy, and paid all the same
    figure.press("two modes")
    figure.shows(3, [1, 4.5], [-1])
    expect(figure.figure.get_by_role("button", name="two modes", exact=True)).to_have_attribute("aria-pressed", "true")
    figure.press("classes overlap")
    figure.shows(3)


def test_a_link_brings_the_scale_and_the_classes(figure, show):
    figure.press("two modes")
    figure.press("s = 7")
    figure.press("Copy link")
    assert figure.page.url.endswith("#s=7&modes=1,4.5&others=-1")
    again = Guided(show(Guidance(), hash="#s=7&modes=1,4.5&others=-1"))
    again.shows(7, (1, 4.5), (-1,))
    expect(again.notice).to_have_text("Set by the link.")


@pytest.mark.parametrize(
    ("hash", "words"),
    [
        ("#s=9", "s takes a number from 0 to 8"),
        ("#modes=1,x", "modes takes one to four numbers from −5 to 5"),
        ("#others=6", "others takes one to four numbers from −5 to 5"),
        ("#modes=1,2,3,4,5", "modes takes one to four numbers from −5 to 5"),
        ("#modes=", "modes takes one to four numbers from −5 to 5"),
    ],
)
def test_a_damaged_link_is_told(show, hash, words):
    figure = Guided(show(Guidance(), hash=hash))
    expect(figure.notice).to_have_text(f"This link is damaged: {words}.")
    figure.shows(3)


@pytest.mark.parametrize("scale", [0, 0.5, 3])
def test_show_as_python_runs(show, scale, capsys):
    figure = Guided(show(Guidance(scale=scale, modes=[1, 4.5])))
    exec(figure.figure.locator("pre").text_content(), names := {})  # what the reader copies
    x = names["x"]
    means = [names["powered"] @ x, names["tempered"] @ x, names["shares"] @ names["points"]]
    np.testing.assert_allclose(np.array(figure.numbers())[1:, 1], means, atol=0.0051)
    capsys.readouterr()


# --- the mathematics
def worlds():
    rng = np.random.default_rng(12)
    for case in range(100):
        modes, others = (np.round(rng.uniform(-5, 5, rng.integers(1, 5)), 1).tolist() for _ in range(2))
        yield modes, others, [0.0, 1.0, 8.0, float(np.round(rng.uniform(0, 8), 1))][min(case % 8, 3)]


def compare(page, module):
    cases = list(worlds())
    for (modes, others, scale), rows in zip(cases, answers(page, STEPS, module, cases), strict=True):
        for (x, shares, numbers), wanted in zip(
            rows, Guidance(modes=modes, others=others, scale=scale).outcomes, strict=True
        ):
            np.testing.assert_allclose(x, wanted.x, rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(shares, wanted.shares, rtol=1e-9, atol=1e-200)
            np.testing.assert_allclose(numbers, wanted[2:], rtol=1e-9, atol=1e-9)


test_the_browser_computes_what_python_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "w for s": ("density + s * (logits[0] - density)", "density + (s - 1) * (logits[0] - density)"),
        "T for 1/T": ("softmax(logits, 1 / s)[0]", "softmax(logits, s)[0]"),
        "the other class": ("softmax(logits, 1 / s)[0]", "softmax(logits, 1 / s)[1]"),
        "bracket lost": (
            "allAt / all + s * (oursAt / ours - allAt / all)",
            "allAt / all + s * oursAt / ours - allAt / all",
        ),
        "the modes' own variance forgotten": ("1 + Math.exp(2 * (NOISIEST", "Math.exp(2 * (NOISIEST"),
        "steps weighted wrongly": ("2 * second + 2 * third", "second + third"),
        "modes not shared": ("- Math.log(places.length)", ""),
        "modes of the flow not shared": ("shares[k] * Math.exp", "Math.exp"),
        "the other class in the flow": ("k < modes.length) [ours", "k > modes.length) [ours"),
        "places not weighted": ("weight * places[k]", "weight + places[k]"),
        "not a variance": ("(at - mean) ** 2", "Math.abs(at - mean)"),
    },
    Guidance,
)


@pytest.mark.parametrize(
    ("modes", "others", "scale"),
    [([1], [-1], 3), ([3], [-3], 8), ([1, 4.5], [-1], 5), ([0], [-3, 3], 2), ([1], [-1], 0.5)],
)
def test_the_figure_agrees_with_the_books_experiment(modes, others, scale):
    """Another discretisation: a flow of many Heun steps, and densities of general mixtures."""
    own, other = (Mixture(np.array(places)[:, None]) for places in (modes, others))
    world = Classes(own, other)
    found = Guidance(modes=modes, others=others, scale=scale).outcomes
    for outcome, density in zip(found[1:3], (powered, tempered), strict=True):
        np.testing.assert_allclose(outcome.shares * 20, density(world, 0, scale, GRID), atol=1e-9)
    *_, (_, x) = guided_flow(STARTS[:, None], own, world.everything, scale, steps=600)
    np.testing.assert_allclose(found[3].x, x[:, 0], atol=0.05)
    assert found[3].mean == pytest.approx(found[3].shares @ x[:, 0], abs=0.01)


# --- for everybody
def test_on_a_phone_the_curves_and_the_scale_are_visible_together(show):
    figure = Guided(show(Guidance(), **PHONE))
    curves, slider = (
        figure.figure.locator(".lf-densities").bounding_box(),
        figure.slider("Guidance scale").bounding_box(),
    )
    assert slider["y"] + slider["height"] - curves["y"] <= 640


def test_without_javascript_the_four_rows_are_a_table(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(Guidance(scale=7))}")
    rows = [row.split() for row in page.get_by_role("row").all_inner_texts()]
    shown = [[float(number) for number in row[-3:]] for row in rows[1:]]
    np.testing.assert_allclose(shown, [outcome[2:] for outcome in Guidance(scale=7).outcomes], atol=0.0051)
    expect(page.get_by_text("Guidance scale s = 7: w = s − 1 = 6.")).to_be_visible()


def test_high_contrast_keeps_the_curves(show):
    page = show(Guidance(), forced_colors="active")
    strokes = page.evaluate("""() => ["lf-own", "lf-powered", "lf-tempered", "lf-flowed"].map((kind) =>
        getComputedStyle(document.querySelector(`.lf-densities .${kind}`)).stroke)""")
    ground = page.evaluate("getComputedStyle(document.querySelector('.lf-host .lf')).backgroundColor")
    assert not {ground, "none", "rgba(0, 0, 0, 0)"} & set(strokes)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"scale": -0.1}, "scale must be from 0 to 8, not -0.1"),
        ({"scale": 8.1}, "scale must be from 0 to 8, not 8.1"),
        ({"scale": float("nan")}, "scale must be from 0 to 8, not nan"),
        ({"scale": "much"}, "scale"),
        ({"modes": []}, "modes must be one to four numbers from -5 to 5"),
        ({"others": [6]}, "others must be one to four numbers from -5 to 5"),
        ({"modes": [float("nan")]}, "modes must be one to four numbers"),
    ],
)
def test_wrong_state_is_refused(wrong, words):
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        Guidance(**wrong)
