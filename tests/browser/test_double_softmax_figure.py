"""A softmax too many: two gradients and two losses, as Python computes them and as readers meet them."""

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import LABELS, LOGITS, PHONE, Figure, answers, parity
from softmax_lib import cross_entropy, cross_entropy_gradient, softmax
from softmax_lib.live import DoubleSoftmax, TemperatureDial

COMPUTE = """async ([module, cases]) => {
    const { crossEntropy, gradient, doubledLoss, doubledGradient, doubledFloor } = await import(module);
    return cases.map(([z, y]) =>
        [crossEntropy(z, y), doubledLoss(z, y), doubledFloor(z.length), gradient(z, y), doubledGradient(z, y)]);
}"""


def number(text):
    return float(text.rpartition(": ")[2].replace("−", "-").replace("true", ""))


class Doubled(Figure):
    def __init__(self, page):
        super().__init__(page, "A softmax too many")
        self.truth = self.figure.get_by_role("combobox", name="True class", exact=True)

    def gradients(self):
        texts = self.figure.locator(".lf-push > span:last-child").all_text_contents()
        return np.reshape([number(text) for text in texts], (-1, 2)).T

    def shows(self, logits, target):
        """Check every number against Python's."""
        self.settle()
        p, y = softmax(logits), np.eye(len(logits))[target]
        outer = softmax(p) - y
        jacobian = np.diag(p) - np.outer(p, p)
        np.testing.assert_allclose(self.gradients(), [p - y, jacobian @ outer], atol=0.00051, rtol=0.06)
        losses = [float(text) for text in self.figure.locator(".lf-loss > b").all_inner_texts()]
        np.testing.assert_allclose(losses, [-np.log(p[target]), -np.log(softmax(p)[target])], atol=0.00051)
        expect(self.truth).to_have_value(LABELS[target])
        assert self.figure.locator(".lf-happened").count() == 2


@pytest.fixture
def figure(show):
    return Doubled(show(DoubleSoftmax()))


def test_the_default_figure(figure):
    figure.shows(LOGITS, 2)
    expect(figure.status).to_have_text(
        "owl happened, with probability 0.132. "
        "The right gradient of its logit is −0.868; the doubled one −0.123, 7.0 times weaker."
    )
    expect(figure.figure.locator(".lf-long em")).to_have_text("floor 0.905 to ceiling 1.905")


def test_logits_by_keyboard_and_the_true_class_by_choice(figure):
    figure.slider("Logit of owl").press("End")
    figure.shows([2, 1, 5, -0.5, -2], 2)
    figure.truth.select_option("bee")
    figure.shows([2, 1, 5, -0.5, -2], 4)
    figure.truth.press("ArrowUp")
    figure.shows([2, 1, 5, -0.5, -2], 3)
    figure.field("Logit of cat").fill("-4.5")
    figure.shows([-4.5, 1, 5, -0.5, -2], 3)
    figure.press("Reset")
    figure.shows(LOGITS, 2)


def test_confidently_wrong_and_confidently_right(figure):
    figure.press("Confidently wrong")
    figure.shows([5, -5, -5, -5, -5], 1)
    expect(figure.status).to_have_text(
        "dog happened, with probability 4.5e−5. "
        "The right gradient of its logit is −1.000; the doubled one −5.7e−5, 18,000 times weaker."
    )
    figure.press("Confidently right")
    figure.shows([5, -5, -5, -5, -5], 0)
    assert figure.figure.locator(".lf-loss > b").all_inner_texts() == ["0.0002", "0.905"]


def test_bars_have_a_fixed_axis_and_the_side_of_their_sign(figure):
    boxes = figure.figure.locator(".lf-sided").evaluate_all("""bars => bars.map((bar) => {
        const [axis, part] = [bar, bar.querySelector("i")].map((element) => element.getBoundingClientRect());
        return [part.left, part.right].map((x) => 2 * (x - axis.left) / axis.width - 1);
    })""")
    wanted = np.stack([cross_entropy_gradient(LOGITS, 2), DoubleSoftmax().doubled_gradient], axis=1).ravel()
    for (left, right), x in zip(boxes, wanted, strict=True):
        assert [left, right] == pytest.approx(sorted([0, x]), abs=0.03)


def test_floor_and_ceiling_are_marked_where_the_scale_has_them(figure):
    track, mark = (
        figure.figure.locator(query).bounding_box() for query in (".lf-loss:nth-child(2) .lf-long", ".lf-long u")
    )
    ends = [12 * (mark["x"] - track["x"] + moved) / track["width"] for moved in (0, mark["width"])]
    assert ends == pytest.approx([np.log(np.e + 4) - 1, np.log(np.e + 4)], abs=0.05)


@pytest.mark.parametrize("typed", ["7", "", "1e"])
def test_a_logit_that_cannot_be_is_refused_in_words(figure, typed):
    field = figure.field("Logit of dog")
    field.fill("")
    field.press_sequentially(typed)
    field.press("Enter")
    expect(figure.status).to_have_text("A logit goes from −5 to 5: dog stays at 1.")
    figure.shows(LOGITS, 2)


def test_the_logits_are_those_of_the_readers_other_figures(show):
    page = show(TemperatureDial(), DoubleSoftmax())
    page.get_by_role("group", name="Temperature dial").get_by_role("spinbutton", name="Logit of owl", exact=True).fill(
        "3"
    )
    Doubled(page).shows([2, 1, 3, -0.5, -2], 2)


def test_show_as_python_runs(figure, capsys):
    figure.press("Confidently wrong")
    figure.settle()
    names = {}
    exec(figure.figure.locator("pre").text_content(), names)  # what the reader copies
    twin = DoubleSoftmax(logits=[5, -5, -5, -5, -5], target=1)
    np.testing.assert_array_equal(names["right"], twin.gradient)
    np.testing.assert_array_equal(names["doubled"], twin.doubled_gradient)
    assert f"{twin.loss}" in capsys.readouterr().out


# --- the mathematics in the browser
def compare(page, module):
    rng = np.random.default_rng(12)
    cases = [(np.round(rng.uniform(-5, 5, rng.integers(2, 9)), 1), 0) for _ in range(300)]
    cases += [(rng.normal(size=10) * 10, 0) for _ in range(60)]
    cases += [(np.array(z, float), 0) for z in ([0, 0], [800, 0, 0], [-800, 0, 0], [1, 1, 1, 1], [1e4, -1e4])]
    cases = [(z.tolist(), int(rng.integers(len(z)))) for z, _ in cases]
    for (z, y), (loss, doubled_loss, floor, right, doubled) in zip(
        cases, answers(page, COMPUTE, module, cases), strict=True
    ):
        p = softmax(z)
        outer = cross_entropy_gradient(p, y)
        np.testing.assert_allclose(loss, cross_entropy(z, y), rtol=1e-13)
        np.testing.assert_allclose(doubled_loss, cross_entropy(p, y), rtol=1e-14)
        np.testing.assert_allclose(floor, np.log(np.e + len(z) - 1) - 1, rtol=1e-15)
        np.testing.assert_allclose(right, cross_entropy_gradient(z, y), rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose(doubled, p * (outer - p @ outer), rtol=1e-11, atol=1e-15)


test_the_browser_computes_what_python_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "the true class is forgotten": ("q - Number(k === target)", "q"),
        "uphill": ("q - Number(k === target)", "Number(k === target) - q"),
        "one softmax only": ("gradient(p, target)", "gradient(logits, target)"),
        "the first softmax has no slope": ("q * (outer[k] - mean)", "outer[k] - mean"),
        "the sum of the first softmax is forgotten": ("q * (outer[k] - mean)", "q * outer[k]"),
        "the loss of one softmax": ("crossEntropy(softmax(logits), target)", "crossEntropy(logits, target)"),
        "a small loss loses its digits": ("Math.log1p(rest)", "Math.log(1 + rest)"),
        "ties counted once": ("k === best ? sum", "logits[k] === top ? sum"),
        "a floor too high": ("Math.E + classes - 1) - 1", "Math.E + classes) - 1"),
    },
    DoubleSoftmax,
)


# --- the page
@pytest.mark.parametrize("classes", [2, 8])
@pytest.mark.parametrize("width", [320, 360, 704, 1280])
def test_the_height_is_reserved_for_other_numbers_of_classes(show, width, classes):
    labels = [f"word {i}" for i in range(classes)]
    page = show(DoubleSoftmax(labels=labels, logits=[0.5] * classes), viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figure, place = (page.locator(query).bounding_box()["height"] for query in (".lf-host .lf", "live-figure"))
    assert figure <= place <= figure + 30


def test_on_a_phone_a_tap_moves_it(show):
    figure = Doubled(show(DoubleSoftmax(), **PHONE))
    figure.slider("Logit of cat").tap(position={"x": 2, "y": 20})
    figure.settle()
    moved = float(figure.field("Logit of cat").input_value())
    assert moved <= -4.8
    figure.shows([moved, *LOGITS[1:]], 2)
    figure.figure.get_by_role("button", name="Confidently wrong", exact=True).tap()
    figure.shows([5, -5, -5, -5, -5], 1)


def test_without_javascript_the_table_says_the_same(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(DoubleSoftmax())}")
    rows = [row.split() for row in page.get_by_role("row").all_inner_texts()]
    assert rows[1] == ["cat", "2", "+0.591", "+0.102"] and rows[3] == ["owl", "0.5", "−0.868", "−0.123"]
    expect(
        page.get_by_text("The right loss is 2.026. With a softmax too many it is 1.701, and never below 0.905.")
    ).to_be_visible()


def test_high_contrast_keeps_bars_and_marks(show):
    page = show(DoubleSoftmax(), forced_colors="active")
    ground, *seen = page.evaluate("""() => [
        [".lf-host .lf", "backgroundColor"],
        [".lf-sided i", "backgroundColor"],
        [".lf-long i", "backgroundColor"],
        [".lf-long u", "borderLeftColor"],
    ].map(([query, what]) => getComputedStyle(document.querySelector(query))[what])""")
    assert not {ground, "rgba(0, 0, 0, 0)"} & set(seen)


# --- the Python side
def test_the_python_side():
    figure = DoubleSoftmax(target=0)
    np.testing.assert_allclose(figure.gradient, softmax(LOGITS) - np.eye(5)[0])
    assert figure.floor == pytest.approx(0.9049, abs=1e-4) and figure.floor < figure.doubled_loss < figure.floor + 1
    assert "What" not in figure.html() and "The true class is cat." in figure.html()
    assert DoubleSoftmax(labels=["a", "b"], logits=[0, 0]).target == 1


@pytest.mark.parametrize("wrong", [-1, 5])
def test_a_class_that_is_not_there_is_refused(wrong):
    with pytest.raises(traitlets.TraitError, match=f"target must be a class from 0 to 4, not {wrong}"):
        DoubleSoftmax(target=wrong)
