"""The reliability diagram: the browser's calibration is the library's, and every reader can tell what T does."""

import math
import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import PHONE, Dial, Figure, answers, parity
from softmax_lib import brier_score, cross_entropy, expected_calibration_error, reliability_curve, sample, softmax
from softmax_lib.live import Reliability, TemperatureDial
from softmax_lib.live.mulberry32 import mulberry32
from softmax_lib.live.reliability.reliability import PERFECT, SEED, made_up

COMPUTE = """async ([module, cases]) => {
    const { crossEntropy, judge, meanLoss, reliabilityCurve, calibrationError, perfectErrors } = await import(module);
    return cases.map(([rows, labels, T, bins, uniforms]) => {
        const { confidence, right, nll, brier } = judge(rows, labels, T);
        const curve = reliabilityCurve(confidence, right, bins);
        return { confidence, right, nll, brier,
                 curve: curve.map((bin) => [bin.confidence, bin.accuracy, bin.count, bin.reach]),
                 error: calibrationError(curve), perfect: perfectErrors(confidence, uniforms, bins),
                 mean: meanLoss(rows, labels, T),
                 losses: rows.map((row, i) => crossEntropy(row, labels[i], T)) };
    });
}"""


class Diagram(Figure):
    def __init__(self, page):
        super().__init__(page, "Reliability diagram")

    @property
    def bins(self):
        """Examples, mean confidence and accuracy of each bin, as read aloud."""
        self.settle()
        texts = self.figure.locator("ul li").all_text_contents()
        return [
            tuple(
                map(float, re.search(r": (\d+) examples, mean confidence ([\d.e-]+), accuracy ([\d.]+)", text).groups())
            )
            for text in texts
        ]

    def shows(self, twin):
        """Check every number against a figure in Python."""
        confidence, accuracy, count = twin.curve
        full = count > 0
        np.testing.assert_allclose(self.bins, np.stack([count, confidence, accuracy], axis=1)[full], atol=0.00051)
        shown = self.figure.locator(".lf-readouts b:not(:empty)").all_inner_texts()
        wanted = [twin.accuracy, twin.mean_confidence, twin.nll, twin.brier, twin.error]
        np.testing.assert_allclose([float(text.replace("∞", "inf")) for text in shown], wanted, atol=0.00051)
        floor = self.figure.locator(".lf-gauge .lf-beside").inner_text()
        assert float(floor.split()[-1]) == pytest.approx(twin.perfect_errors.mean(), abs=0.00051)


@pytest.fixture
def diagram(show):
    return Diagram(show(Reliability()))


# --- the mathematics
def cases():
    rng = np.random.default_rng(5)
    for i in range(120):
        n, classes, bins = int(rng.integers(1, 40)), int(rng.integers(2, 11)), int(rng.choice([1, 4, 10, 15]))
        logits = np.round(rng.normal(size=(n, classes)) * rng.choice([0.5, 4, 40]), 2 if i % 3 else 0)
        temperature = [0, 0.05, 0.7, 1, 2.5, 20][i // 2 % 6] if i % 2 else float(10 ** rng.uniform(-1.3, 1.3))
        yield logits, rng.integers(0, classes, n), temperature, bins, rng.random(5 * n)
    edges = np.log([[3.0, 1], [1, 1], [4, 1], [9, 1]])  # confidences on the edges of bins, in binary and not
    for bins in (2, 4, 5, 10):
        yield edges, np.array([0, 1, 1, 0]), 1.0, bins, rng.random(20)
        yield np.zeros((6, 2)), np.array([0, 1, 0, 1, 1, 1]), 1.0, bins, rng.random(30)
    for scale in (800, 1e4):  # where a probability underflows
        yield np.array([[scale, 0.0, -scale], [0.0, 0, 0]]), np.array([1, 2]), 1.0, 15, rng.random(10)


def compare(page, module):
    listed = list(cases())
    sent = [[z.tolist(), y.tolist(), T, bins, u.tolist()] for z, y, T, bins, u in listed]
    for (z, y, T, bins, u), found in zip(listed, answers(page, COMPUTE, module, sent), strict=True):
        p = softmax(z, T)
        losses = cross_entropy(z, y, T)
        np.testing.assert_allclose(np.array(found["losses"], float), losses, rtol=1e-12, atol=1e-300)
        for key in ("nll", "mean"):
            assert found[key] == pytest.approx(losses.mean(), rel=1e-12, abs=1e-15)
        assert found["brier"] == pytest.approx(brier_score(p, y), rel=1e-12)
        confidence, accuracy, count = reliability_curve(p, y, bins=bins)
        shown = np.array(found["curve"], float)
        np.testing.assert_array_equal(shown[:, 2], count)
        np.testing.assert_allclose(shown[:, 0], confidence, rtol=1e-12)
        np.testing.assert_allclose(shown[:, 1], accuracy, rtol=1e-12)
        assert found["error"] == pytest.approx(expected_calibration_error(p, y, bins=bins), rel=1e-9, abs=1e-15)
        np.testing.assert_allclose(shown[:, 3], reach(np.array(found["confidence"]), bins), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(
            found["perfect"], perfect(np.array(found["confidence"]), u, bins), rtol=1e-9, atol=1e-14
        )
        np.testing.assert_array_equal(found["right"], z.argmax(axis=1) == y)


def in_bins(confidence, bins):
    """Which examples each bin holds: those in (b/bins, (b + 1)/bins]."""
    return [(confidence > b / bins) & (confidence <= (b + 1) / bins) for b in range(bins)]


def reach(confidence, bins):
    """Two standard errors of the accuracy of perfect predictions, one bin after the other."""
    chosen = [confidence[inside] for inside in in_bins(confidence, bins)]
    return [2 * math.sqrt(sum(c * (1 - c))) / len(c) if len(c) else math.nan for c in chosen]


def perfect(confidence, uniforms, bins):
    """The calibration errors of perfect models, a bin and a model at a time."""
    chosen = in_bins(confidence, bins)
    return [
        sum(abs(sum(confidence[inside] - (u < confidence)[inside])) for inside in chosen) / len(u)
        for u in uniforms.reshape(-1, len(confidence))
    ]


test_the_browser_judges_as_the_library_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "T forgotten in the loss": ("(top - z) / T", "(top - z)"),
        "T multiplied in the loss": ("(top - z) / T", "(top - z) * T"),
        "0/0 at T = 0": ("z === top ? 0 : (top - z) / T", "(top - z) / T"),
        "Brier not squared": ("squares += (p[k] - (k === labels[i])) ** 2", "squares += (p[k] - (k === labels[i]))"),
        "half of Brier": ("brier: squares / rows.length", "brier: squares / rows.length / 2"),
        "a sum for a mean": ("nll: loss / rows.length", "nll: loss"),
        "the first label for all": ("right.push(best === labels[i])", "right.push(best === labels[0])"),
        "T forgotten in the mean loss": ("(gap && gap / T) - Math.log(p[best])", "gap - Math.log(p[best])"),
        "a loss that underflows": ("(gap && gap / T) - Math.log(p[best])", "-Math.log(p[labels[i]])"),
        "edges in the bin above": ("confidence > (b + 1) / bins", "confidence >= (b + 1) / bins"),
        "a confidence beside the mean": ("confidence: sure / count", "confidence: (sure + 0.5) / count"),
        "gaps that cancel": ("Math.abs(accuracy - confidence), 0)", "(accuracy - confidence), 0)"),
        "bins not weighted": ("sum + count * Math.abs", "sum + Math.abs"),
        "the error of one example": ("(2 * Math.sqrt(variance)) / count", "2 * Math.sqrt(variance / count)"),
        "Poisson's variance": ("bin.variance += c * (1 - c)", "bin.variance += c"),
        "the same luck in every model": ("uniforms[start + i] < confidence[i]", "uniforms[i] < confidence[i]"),
        "perfect errors not divided": ("sum + Math.abs(gap), 0) / n", "sum + Math.abs(gap), 0)"),
    },
)


def test_at_infinity_the_prediction_stays(show):
    figure = Reliability(temperature=np.inf)
    np.testing.assert_allclose(figure.confidence, 0.25)
    warm = Reliability(temperature=20)
    assert figure.accuracy == warm.accuracy and figure.error == pytest.approx(figure.accuracy - 0.25)
    Diagram(show(figure)).shows(figure)


def test_the_python_side_is_the_librarys():
    for temperature in (0.3, 1, 5):
        figure = Reliability(temperature=temperature)
        p = softmax(figure.logits, temperature)
        for mine, theirs in zip(figure.curve, reliability_curve(p, figure.labels), strict=True):
            np.testing.assert_allclose(mine, theirs)
        assert figure.error == pytest.approx(expected_calibration_error(p, figure.labels))
        np.testing.assert_allclose(figure.reach, reach(figure.confidence, 15))
        uniforms = np.array([next(draw) for draw in [mulberry32(SEED)] for _ in range(PERFECT * 300)])
        np.testing.assert_allclose(figure.perfect_errors, perfect(figure.confidence, uniforms, 15))


def test_perfect_errors_are_those_of_labels_drawn_from_the_probabilities():
    figure, rng = Reliability(temperature=2), np.random.default_rng(0)
    p = softmax(figure.logits, 2)
    errors = [expected_calibration_error(p, sample(p, rng=rng)) for _ in range(400)]
    assert figure.perfect_errors.mean() == pytest.approx(np.mean(errors), abs=4 * np.std(errors) / np.sqrt(PERFECT))


# --- moving it
def test_the_default_figure(diagram):
    diagram.shows(Reliability())
    expect(diagram.status).to_contain_text("At T = 1 the model is too sure: ")
    expect(diagram.status).to_contain_text("of 300 cases, as at every T.")
    expect(diagram.status).to_contain_text("none of 40 perfect models scores as badly.")


@pytest.mark.parametrize(
    ("name", "temperature"), [("T → 0", 0), ("T → ∞", np.inf), ("Fitted: T = 1.97", 1.97), ("T = 1", 1)]
)
def test_the_stops(diagram, name, temperature):
    diagram.slider("Temperature").press("End")
    diagram.press(name)
    diagram.shows(Reliability(temperature=temperature))
    expect(diagram.figure.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")


def test_by_keyboard_and_reset(diagram):
    diagram.slider("Temperature").press("Home")
    diagram.shows(Reliability(temperature=0.05))
    diagram.slider("Temperature").press("ArrowRight")
    diagram.shows(Reliability(temperature=0.0513))
    diagram.field("Temperature").fill("3.25")
    diagram.shows(Reliability(temperature=3.25))
    expect(diagram.status).to_contain_text("not sure enough")
    diagram.figure.get_by_role("button", name="Fitted: T = 1.97", exact=True).press("Enter")
    diagram.shows(Reliability(temperature=1.97))
    expect(diagram.status).to_contain_text("about as sure as it is right")
    diagram.press("Reset")
    diagram.shows(Reliability())


def test_by_touch(show):
    diagram = Diagram(show(Reliability(), **PHONE))
    diagram.figure.get_by_role("button", name="Fitted: T = 1.97", exact=True).tap()
    diagram.shows(Reliability(temperature=1.97))
    box = diagram.slider("Temperature").bounding_box()
    diagram.page.touchscreen.tap(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    diagram.shows(Reliability(temperature=20))


@pytest.mark.parametrize("typed", ["0.01", "21", "-1", ""])
def test_a_temperature_that_cannot_be_is_refused_in_words(diagram, typed):
    field = diagram.field("Temperature")
    field.fill(typed)
    field.press("Enter")
    expect(diagram.status).to_have_text("T is 0, from 0.05 to 20, or ∞ by its button: it stays at 1.")
    diagram.shows(Reliability())


def test_the_readers_temperature_follows(show):
    page = show(TemperatureDial(), Reliability())
    Dial(page).slider("Temperature").press("End")
    Diagram(page).shows(Reliability(temperature=20))
    Diagram(page).press("Fitted: T = 1.97")
    expect(Dial(page).field("Temperature")).to_have_value("1.97")


def test_a_link_carries_the_temperature(show):
    diagram = Diagram(show(Reliability(), hash="#T=2.5"))
    diagram.shows(Reliability(temperature=2.5))
    expect(diagram.notice).to_have_text("Set by the link.")


def test_show_as_python_runs_and_reproduces_the_figure(diagram, capsys):
    for stop, temperature in [("Fitted: T = 1.97", 1.97), ("T → 0", 0), ("T → ∞", np.inf)]:
        diagram.press(stop)
        diagram.settle()
        exec(diagram.figure.locator("pre").text_content(), {})  # what the reader copies
        error, nll = map(float, capsys.readouterr().out.split())
        twin = Reliability(temperature=temperature)
        assert error == pytest.approx(twin.error, abs=1e-7)
        assert nll == pytest.approx(twin.nll, abs=1e-7)


def test_own_examples_are_in_the_python(capsys):
    own = Reliability(logits=[[1, 0], [0, 2]], labels=[0, 0])
    exec(own.as_python(), {})
    assert float(capsys.readouterr().out.split()[0]) == pytest.approx(own.error)


# --- the picture
def numbers(figure, query):
    return np.array(re.findall(r"-?[\d.]+", figure.locator(query).get_attribute("d")), float)


@pytest.mark.parametrize("temperature", [0.3, 1, 4])
def test_bars_gaps_and_whiskers_lie_where_they_should(show, temperature):
    twin = Reliability(temperature=temperature)
    figure = Diagram(show(twin)).figure
    confidence, accuracy, count = twin.curve
    full = count > 0
    _, base, _, *_ = numbers(figure, ".lf-grid")
    top = 36 + 54 + 14
    height = base - top

    def unit(y):
        return (base - y) / height

    bars = numbers(figure, ".lf-hits").reshape(-1, 5)  # x, low, other x, high, x
    np.testing.assert_allclose(unit(bars[:, 3]), accuracy[full], atol=0.001)
    np.testing.assert_allclose((bars[:, 0] + bars[:, 2]) / 2, 44 + 290 * (np.flatnonzero(full) + 0.5) / 15, atol=0.1)
    gaps = numbers(figure, ".lf-gap").reshape(-1, 5)
    np.testing.assert_allclose(unit(gaps[:, [1, 3]]), np.stack([accuracy, confidence], axis=1)[full], atol=0.001)
    whiskers = numbers(figure, ".lf-luck").reshape(-1, 9)  # two caps, then the line between them
    ends = np.clip([confidence - twin.reach, confidence + twin.reach], 0, 1).T[full]
    np.testing.assert_allclose(unit(whiskers[:, 7:]), ends, atol=0.001)
    shares = numbers(figure, ".lf-sizes").reshape(-1, 5)
    np.testing.assert_allclose((90 - shares[:, 3]) / 54, count[full] / 300, atol=0.002)
    for kind, x in [("accuracy", twin.accuracy), ("sure", twin.mean_confidence)]:
        assert numbers(figure, f"path.lf-{kind}")[0] == pytest.approx(44 + 290 * x, abs=0.06)


@pytest.mark.parametrize("temperature", [0.6, 1, 2, 20])
def test_the_marker_lies_on_the_loss(show, temperature):
    twin = Reliability(temperature=temperature)
    figure = Diagram(show(twin)).figure
    points = np.array(
        [point.split() for point in figure.locator(".lf-descent .lf-over").get_attribute("d")[1:].split("L")], float
    )
    at = (np.log10(temperature) + 1.3) / 2.6
    height = 1 - np.interp(at, *points.T)
    marked = figure.locator(".lf-descent .lf-now").evaluate("now => Number(now.style.getPropertyValue('--h'))")
    assert marked == pytest.approx(height, abs=0.01) == pytest.approx(twin.nll / (1.2 * np.log(4)), abs=0.01)
    expect(figure.locator(".lf-descent .lf-now b")).to_have_count(0)


def test_a_loss_beyond_the_scale_is_said(diagram):
    diagram.press("T → 0")
    expect(diagram.figure.locator(".lf-descent .lf-now b")).to_have_text("▴")
    expect(diagram.figure.locator(".lf-readouts")).to_contain_text("∞")


# --- for everybody
def test_on_a_phone_the_bars_and_the_slider_are_visible_together(show):
    diagram = Diagram(show(Reliability(), **PHONE))
    bars, slider = diagram.figure.locator(".lf-diagram").bounding_box(), diagram.slider("Temperature").bounding_box()
    assert slider["y"] + slider["height"] - bars["y"] <= 640


def test_without_javascript_the_bins_are_a_table(new_page, harness):
    page = new_page(java_script_enabled=False)
    twin = Reliability(temperature=2)
    page.goto(f"{harness.address}/{harness.write(twin)}")
    rows = [row.split("\t") for row in page.get_by_role("row").all_inner_texts()][1:]
    confidence, accuracy, count = twin.curve
    full = count > 0
    assert [int(row[1]) for row in rows] == count[full].tolist()
    np.testing.assert_allclose(
        [[float(row[2]), float(row[-1])] for row in rows], np.stack([confidence, accuracy], axis=1)[full], atol=0.00051
    )
    expect(
        page.get_by_text(f"ECE {twin.error:.3f}; a perfect model would have about {twin.perfect_errors.mean():.3f}.")
    ).to_be_visible()


def test_print_keeps_the_numbers(show):
    diagram = Diagram(show(Reliability(temperature=2)))
    diagram.page.emulate_media(media="print")
    diagram.shows(Reliability(temperature=2))
    for part in (diagram.figure.locator(".lf-diagram"), diagram.figure.locator(".lf-readouts"), diagram.status):
        expect(part).to_be_visible()


def test_high_contrast_keeps_bars_gaps_and_marks(show):
    page = show(Reliability(), forced_colors="active")
    seen = page.evaluate("""() => {
        const style = (query) => getComputedStyle(document.querySelector(query));
        return { ground: style(".lf-host .lf").backgroundColor, bar: style(".lf-hits").fill,
                 gap: style(".lf-gap").stroke, luck: style(".lf-luck").stroke,
                 loss: style(".lf-descent .lf-over").stroke };
    }""")
    ground = seen.pop("ground")
    assert not {ground, "none", "rgba(0, 0, 0, 0)"} & set(seen.values()), seen


# --- what it refuses
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"logits": [], "labels": []}, r"at least one row and two columns, one a class, not shape \(0,\)"),
        ({"logits": [[1.0]], "labels": [0]}, r"not shape \(1, 1\)"),
        ({"logits": [[1, 2], [3]], "labels": [0, 0]}, "rows of numbers, all of the same length"),
        ({"logits": [["a", "b"]], "labels": [0]}, "rows of numbers"),
        ({"logits": [[1, math.nan]], "labels": [0]}, "finite numbers"),
        ({"logits": [[1, math.inf]], "labels": [0]}, "finite numbers"),
        ({"logits": [[1, 2]], "labels": [2]}, "labels must lie from 0 to 1, the last column, not 2"),
        ({"logits": [[1, 2]], "labels": [-1]}, "not -1"),
        ({"logits": [[1, 2]], "labels": [0.5]}, "whole numbers"),
        ({"logits": [[1, 2]], "labels": [0, 1]}, "1 rows of logits and 2 labels"),
        ({"logits": [[1, 2]]}, "1 rows of logits and 300 labels"),
        ({"fitted": 0.01}, "0.05"),
    ],
)
def test_wrong_examples_are_refused(wrong, words):
    with pytest.raises(traitlets.TraitError, match=words):
        Reliability(**wrong)


def test_arrays_are_welcome_and_kept_to_two_decimals():
    figure = Reliability(logits=np.array([[0.123, -1.006]], np.float32), labels=np.array([1], np.uint8))
    assert (figure.logits, figure.labels) == ([[0.12, -1.01]], [1])
    assert '"logits": [[12, -101]]' in figure.html().replace("&quot;", '"')
    assert made_up()[0].shape == (300, 4)
