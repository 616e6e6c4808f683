"""The triangle of three classes: points, path and draws, as Python computes them and as readers meet them."""

import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import PHONE, Figure, answers, parity, plain
from softmax_lib import entmax, softmax
from softmax_lib.live import Simplex, TemperatureDial

ANIMALS, LOGITS = ["cat", "dog", "owl"], [2, 1, 0.5]
COMPUTE = """async ([module, cases]) => {
    const { entmax, entmaxLogits } = await import(module);
    return cases.map(([z, T, alpha]) => [entmax(z, T, alpha), entmaxLogits(entmax(z, T, alpha), T, alpha)]);
}"""
PLACES = """figure => {
    const box = figure.querySelector(".lf-triangle").getBoundingClientRect();
    return ["grip", "mean"].map((name) => {
        const { left, top, width, height } = figure.querySelector(`.lf-${name}`).getBoundingClientRect();
        return [(left + width / 2 - box.left) / box.width, (top + height / 2 - box.top) / box.height];
    });
}"""


def place(p):
    p = np.asarray(p)
    return np.stack([p[..., 1] + p[..., 2] / 2, 1 - p[..., 2]], axis=-1)


class Triangle(Figure):
    def __init__(self, page):
        super().__init__(page, "Triangle of three classes")

    def points(self, kind):
        path = self.figure.locator(f".lf-triangle .{kind}").get_attribute("d")
        return np.reshape(re.findall(r"-?\d+\.\d+", path), (-1, 2)).astype(float)

    @property
    def logits(self):
        return [float(self.field(f"Logit of {label}").input_value()) for label in ANIMALS]

    def shows(self, **state):
        """Check every number and every place against Python's."""
        self.settle()
        twin = Simplex(**state)
        texts = self.figure.locator(".lf-p").all_text_contents()
        shown = [float(plain(text.rpartition(": ")[2])) for text in texts]
        np.testing.assert_allclose(shown, twin.probabilities, atol=0.00051)
        np.testing.assert_allclose(self.points("lf-dots"), place(twin.draws), atol=6e-5)
        np.testing.assert_allclose(
            self.figure.evaluate(PLACES), place([twin.probabilities, twin.draws.mean(axis=0)]), atol=0.002
        )
        counts = [int(text) for text in self.figure.locator(".lf-readouts b").all_inner_texts()]
        assert counts == [*twin.largest, twin.zeros]
        assert self.logits == twin.logits


@pytest.fixture
def figure(show):
    return Triangle(show(Simplex()))


def test_the_default_figure(figure):
    figure.shows()
    expect(figure.status).to_have_text(
        "softmax at T = 1: cat 0.629, dog 0.231, owl 0.140. "
        "Largest of 500 draws, at every T: cat 334, dog 101, owl 65. With an exact zero: 0."
    )


def test_functions_temperatures_draws_and_logits(figure):
    figure.press("sparsemax")
    figure.shows(alpha=2)
    figure.enter("Temperature", "0.5")
    figure.shows(alpha=2, temperature=0.5)
    figure.press("New draws")
    figure.shows(alpha=2, temperature=0.5, seed=2)
    figure.press("1.5-entmax")
    figure.slider("Logit of owl").press("End")
    figure.shows(alpha=1.5, temperature=0.5, seed=2, logits=[2, 1, 5])
    for name, T in (("T → 0", 0), ("T → ∞", np.inf)):
        figure.press(name)
        figure.shows(alpha=1.5, temperature=T, seed=2, logits=[2, 1, 5])
    figure.press("Reset")
    figure.shows()


@pytest.mark.parametrize(("name", "alpha"), [("softmax", 1), ("1.5-entmax", 1.5), ("sparsemax", 2)])
def test_the_path_runs_from_the_corner_of_the_best_to_the_centre(figure, name, alpha):
    figure.press(name)
    figure.settle()
    path = figure.points("lf-path")
    assert path[0] == pytest.approx([0, 1]) and path[-1] == pytest.approx([0.5, 2 / 3], abs=1e-4)
    on_it = place(entmax(LOGITS, np.geomspace(0.06, 19, 40), alpha=alpha))
    nearest = np.abs(on_it[:, None] - path).max(axis=-1).min(axis=-1)
    assert nearest.max() < 0.012
    along_the_edge = np.isclose(path[:, 1], 1, atol=1e-4) & (path[:, 0] > 0.01)
    assert along_the_edge.any() == (alpha > 1)


@pytest.mark.parametrize(("name", "alpha"), [("softmax", 1), ("1.5-entmax", 1.5), ("sparsemax", 2)])
def test_the_ring_can_be_dragged(figure, name, alpha):
    figure.press(name)
    figure.settle()
    box, mouse = figure.figure.locator(".lf-triangle").bounding_box(), figure.page.mouse
    grip = figure.figure.locator(".lf-grip").bounding_box()
    mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    mouse.down()
    wanted = np.array([0.2, 0.5, 0.3])
    for p in ([0.4, 0.3, 0.3], wanted):
        x, y = place(p)
        mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    mouse.up()
    figure.settle()
    figure.shows(logits=figure.logits, alpha=alpha)
    np.testing.assert_allclose(entmax(figure.logits, alpha=alpha), wanted, atol=0.01)
    mouse.move(box["x"], box["y"])  # let go: it stays
    figure.settle()
    np.testing.assert_allclose(entmax(figure.logits, alpha=alpha), wanted, atol=0.01)


def test_on_a_phone_a_finger_drags_it_and_triangle_and_temperature_are_seen_together(show):
    figure = Triangle(show(Simplex(), **PHONE))
    triangle, slider = (
        figure.figure.locator(".lf-triangle").bounding_box(),
        figure.slider("Temperature").bounding_box(),
    )
    assert slider["y"] + slider["height"] - triangle["y"] <= 640
    assert figure.figure.locator(".lf-grip").evaluate("grip => getComputedStyle(grip).touchAction") == "none"
    figure.figure.get_by_role("button", name="sparsemax", exact=True).tap()
    figure.shows(alpha=2)


def test_the_temperature_follows_the_reader_and_the_logits_stay(show):
    page = show(TemperatureDial(), Simplex())
    dial = Figure(page, "Temperature dial")
    dial.enter("Temperature", "0.4")
    dial.field("Logit of owl").fill("3")
    Triangle(page).shows(temperature=0.4)
    Triangle(page).press("T → 0")
    expect(dial.field("Temperature")).to_have_value("0")


def test_show_as_python_runs(figure, capsys):
    figure.press("sparsemax")
    figure.enter("Temperature", "2")
    names = {}
    exec(figure.figure.locator("pre").text_content(), names)  # what the reader copies
    twin = Simplex(alpha=2, temperature=2)
    np.testing.assert_array_equal(names["p"], twin.probabilities)
    np.testing.assert_array_equal(names["draws"], twin.draws)
    assert names["largest"].tolist() == twin.largest and str(names["largest"]) in capsys.readouterr().out


# --- the mathematics in the browser
def cases():
    rng = np.random.default_rng(12)
    for n in range(400):
        z = np.round(rng.uniform(-5, 5, rng.integers(1, 7)), 1) if n % 4 else rng.choice([-5.0, 0, 0, 1, 5], 4)
        T = [0, np.inf, 1, 0.05, 20][n % 5] if n % 3 == 0 else float(10 ** rng.uniform(-1.3, 1.3))
        yield z.tolist(), T, [1, 1.25, 1.5, 2][n % 4]


def compare(page, module):
    given = list(cases())
    for (z, T, alpha), (p, back) in zip(given, answers(page, COMPUTE, module, given), strict=True):
        right = entmax(z, T, alpha=alpha)
        np.testing.assert_allclose(p, right, atol=2e-15)
        assert [q == 0 for q in p] == (right == 0).tolist()
        if 0 < T < np.inf:
            least = 1e-4 if alpha == 1 else 0  # a softmax has no logits for less
            reached = np.maximum(right, least) / np.maximum(right, least).sum()
            np.testing.assert_allclose(entmax(back, T, alpha=alpha), reached, atol=1e-12)


test_the_browser_computes_what_the_library_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "no zeros": ("Math.max(0, 1 + a * (x - threshold))", "Math.abs(1 + a * (x - threshold))"),
        "T forgotten": ("(z - best) / T", "z - best"),
        "another power": ("base ** (1 / a)", "base ** (2 / a)"),
        "one step only": ("threshold = higher;", "return p.map((q) => q / sum);"),
        "the softmax is another": ("if (alpha === 1 || T", "if (alpha === 1.5 || T"),
        "logits without their T": ("T * (alpha === 1", "(alpha === 1"),
        "logits of another power": ("q ** (alpha - 1) / (alpha - 1)", "q / (alpha - 1)"),
    },
    Simplex,
)


# --- the page
def test_without_javascript_a_picture_and_a_table_say_the_same(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(Simplex(alpha=2, temperature=2))}")
    rows = [row.split() for row in page.get_by_role("row").all_inner_texts()]
    p = entmax(LOGITS, 2, alpha=2)
    assert rows[1] == ["cat", "2", f"{p[0]:.3f}", "334"] and rows[3] == ["owl", "0.5", "0", "65"]
    picture = page.locator(".lf-still-triangle")
    assert picture.bounding_box()["width"] > 200
    ring = picture.locator("circle")
    at = [float(ring.get_attribute(name)) for name in ("cx", "cy")]
    np.testing.assert_allclose(at, place(p) * [1, 0.75**0.5], atol=0.001)
    expect(page.get_by_text("At the left corner cat is certain, at the right dog, at the upper owl.")).to_be_visible()


def test_high_contrast_keeps_dots_ring_and_cross(show):
    page = show(Simplex(), forced_colors="active")
    ground, *seen = page.evaluate("""() => [
        [".lf-host .lf", "backgroundColor"],
        [".lf-dots", "stroke"],
        [".lf-path", "stroke"],
    ].map(([query, what]) => getComputedStyle(document.querySelector(query))[what]).concat([
        getComputedStyle(document.querySelector(".lf-grip"), "::after").borderTopColor,
        getComputedStyle(document.querySelector(".lf-triangle .lf-mean"), "::before").backgroundColor,
    ])""")
    assert not {ground, "rgba(0, 0, 0, 0)", "none"} & set(seen)


# --- the Python side
def test_the_python_side():
    figure = Simplex(temperature=0.3, alpha=1.5, seed=9)
    noise = figure.noisy - LOGITS
    assert noise.shape == (500, 3) and noise.mean() == pytest.approx(np.euler_gamma, abs=0.15)
    np.testing.assert_array_equal(figure.draws, entmax(figure.noisy, 0.3, alpha=1.5))
    assert sum(figure.largest) == 500
    np.testing.assert_allclose(np.array(figure.largest) / 500, softmax(LOGITS), atol=0.07)
    assert Simplex().zeros == 0 < figure.zeros
    for T in (0.05, 1, 20):
        assert Simplex(temperature=T).largest == np.bincount(Simplex(temperature=T).draws.argmax(axis=1)).tolist()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"logits": [1, 2]}, "logits must be three, one a corner of the triangle, not 2"),
        ({"labels": ["a"] * 4, "logits": [1, 2, 3, 4]}, "must be three, one a corner of the triangle, not 4"),
        ({"alpha": 1.2}, "alpha must be 1, 1.5 or 2, not 1.2"),
        ({"seed": -1}, "seed"),
        ({"temperature": -1}, "temperature must be 0, from 0.05 to 20, or math.inf, not -1"),
    ],
)
def test_wrong_state_is_refused(wrong, words):
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        Simplex(**wrong)
