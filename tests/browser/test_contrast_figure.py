"""The circle of a picture and its captions: pushes, and a step, as Python computes them and as readers meet them."""

import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import LABELS, PHONE, Figure, answers, parity, plain
from softmax_lib import perplexity, softmax
from softmax_lib.live import Contrast, TemperatureDial

COMPUTE = """async ([module, cases]) => {
    const { circleCosines, circleTurn, pushShares } = await import(module);
    return cases.map(([angle, angles, T]) => {
        const cosines = circleCosines(angle, angles);
        return [cosines, pushShares(cosines, T), circleTurn(angle, angles, T)];
    });
}"""
GRIP = """figure => {
    const box = figure.querySelector(".lf-circle").getBoundingClientRect();
    const { left, top, width, height } = figure.querySelector(".lf-grip").getBoundingClientRect();
    return [(left + width / 2 - box.left) / box.width, (top + height / 2 - box.top) / box.height];
}"""


def place(angle, radius=0.5):
    at = np.radians(angle)
    return np.stack([0.5 + radius * np.cos(at), 0.5 - radius * np.sin(at)], axis=-1)


class Circle(Figure):
    def __init__(self, page):
        super().__init__(page, "Contrast on a circle")

    def shows(self, **state):
        """Check every number, line and place against Python's."""
        self.settle()
        twin = Contrast(**state)
        shown = [plain(text.rpartition(": ")[2]) for text in self.figure.locator(".lf-p").all_text_contents()]
        assert shown[0] == "pulls"
        np.testing.assert_allclose([float(text) for text in shown[1:]], twin.push, atol=0.00051)
        cosines = [plain(text.split()[1]) for text in self.figure.locator(".lf-cosine").all_text_contents()]
        np.testing.assert_allclose([float(text) for text in cosines], twin.cosines, atol=0.0051)
        widths = [float(line.get_attribute("stroke-width")) for line in self.figure.locator(".lf-pushing").all()]
        np.testing.assert_allclose(widths, 14 * twin.push, atol=1e-9)
        pushers, left = self.figure.locator(".lf-readouts b").all_inner_texts()
        assert float(pushers) == pytest.approx(perplexity(twin.push), abs=0.0051)
        assert float(plain(left)) == pytest.approx(twin.left, abs=0.00051)
        np.testing.assert_allclose(self.figure.evaluate(GRIP), place(twin.angle), atol=0.005)
        assert float(self.field("Angle of the picture").input_value()) == twin.angle
        self.points_where_a_step_goes(twin)

    def points_where_a_step_goes(self, twin):
        arrow = self.figure.locator(".lf-circle .lf-over")
        assert arrow.count() == (abs(twin.turn) >= 0.0005)
        if arrow.count():
            start, head = re.search(r"M(\S+ \S+)A.*L(\S+ \S+)L", arrow.get_attribute("d")).groups()
            begins = twin.angle + 5 * np.sign(twin.turn)
            np.testing.assert_allclose(numbers(start), place(begins), atol=1e-4)
            np.testing.assert_allclose(numbers(head), place(begins + 60 * twin.turn), atol=1e-4)


def numbers(text):
    return [float(number) for number in text.split()]


@pytest.fixture
def figure(show):
    return Circle(show(Contrast()))


def test_the_default_figure(figure):
    figure.shows()
    expect(figure.status).to_have_text(
        "At T = 1, dog does 0.488 of the pushing; 3.37 of 4 negatives push. "
        "Their probability together is 0.650: a step turns the picture towards cat."
    )


def test_temperatures_angles_and_steps(figure):
    figure.enter("Temperature", "0.05")
    figure.shows(temperature=0.05)
    figure.enter("Angle of the picture", "250")
    figure.shows(temperature=0.05, angle=250)
    for name, T in (("T → 0", 0), ("T → ∞", np.inf)):
        figure.press(name)
        figure.shows(temperature=T, angle=250)
    twin = Contrast(temperature=np.inf, angle=250)
    figure.press("Take a step")
    figure.shows(temperature=np.inf, angle=round(250 + 20 * twin.turn, 1))
    figure.press("Reset")
    figure.shows()


def test_steps_come_to_rest_where_pull_and_push_balance(figure):
    for _ in range(40):
        figure.press("Take a step")
        figure.settle()
    at_rest = float(figure.field("Angle of the picture").input_value())
    assert abs(Contrast(angle=at_rest).turn) < 0.01
    assert 80 < at_rest < 89  # not on its caption: owl and fox push harder than dog and bee


def test_in_the_cold_it_rests_as_soon_as_its_own_caption_is_nearest(figure):
    figure.press("T → 0")
    figure.shows(temperature=0)
    assert Contrast(temperature=0).turn == 0
    expect(figure.figure.locator(".lf-status")).to_contain_text("a step hardly moves the picture")


def test_arrow_keys_turn_the_picture(figure):
    slider = figure.slider("Angle of the picture")
    slider.press("ArrowRight")
    figure.shows(angle=61)
    slider.press("Home")
    figure.shows(angle=0)
    slider.press("End")
    figure.shows(angle=360)
    assert slider.get_attribute("aria-valuetext") == "360°"


def test_an_angle_that_is_none_is_refused(figure):
    figure.enter("Angle of the picture", "361")
    expect(figure.figure.locator(".lf-refused")).to_have_text("An angle goes from 0 to 360: it stays at 60.")
    figure.shows()


def test_the_picture_can_be_dragged_round(figure):
    box, mouse = figure.figure.locator(".lf-circle").bounding_box(), figure.page.mouse
    grip = figure.figure.locator(".lf-grip").bounding_box()
    mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    mouse.down()
    for angle, radius in ((100, 0.5), (215, 0.2), (215, 0.7)):  # its distance from the centre does not matter
        x, y = place(angle, radius)
        mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    mouse.up()
    figure.shows(angle=215)
    mouse.move(box["x"], box["y"])  # let go: it stays
    figure.shows(angle=215)


def test_on_a_phone_a_finger_drags_it_and_circle_and_temperature_are_seen_together(show):
    figure = Circle(show(Contrast(), **PHONE))
    circle, slider = (
        figure.figure.locator(".lf-circle").bounding_box(),
        figure.slider("Temperature").bounding_box(),
    )
    assert slider["y"] + slider["height"] - circle["y"] <= 640
    grip = figure.figure.locator(".lf-grip")
    assert grip.evaluate("grip => getComputedStyle(grip).touchAction") == "none"
    assert min(grip.bounding_box()[side] for side in ("width", "height")) >= 44
    figure.figure.get_by_role("button", name="Take a step").tap()
    figure.shows(angle=round(60 + 20 * Contrast().turn, 1))


def test_the_temperature_follows_the_reader_and_the_angle_stays(show):
    page = show(TemperatureDial(), Contrast())
    Figure(page, "Temperature dial").enter("Temperature", "0.4")
    Circle(page).shows(temperature=0.4)
    Circle(page).enter("Angle of the picture", "10")
    Circle(page).shows(temperature=0.4, angle=10)


def test_a_link_brings_the_temperature(show):
    Circle(show(Contrast(), hash="#T=0.2")).shows(temperature=0.2)


# --- the mathematics
def cases():
    rng = np.random.default_rng(11)
    for n in range(300):
        angles = rng.integers(0, 361, rng.integers(2, 9)).tolist()
        T = [0, np.inf, 1, 0.05, 20][n % 5] if n % 3 == 0 else float(10 ** rng.uniform(-1.3, 1.3))
        yield round(rng.uniform(0, 360), n % 2), angles, T
    for angle in (350, 355, 340):  # as near on both sides, one of them beyond 360
        yield angle, [angle - 100, angle - 50, angle + 50 - 360], 0


def compare(page, module):
    given = list(cases())
    for (angle, angles, T), found in zip(given, answers(page, COMPUTE, module, given), strict=True):
        twin = Contrast(angle=angle, angles=angles, temperature=T)
        for value, right in zip(found, (twin.cosines, twin.push, twin.turn), strict=True):
            np.testing.assert_allclose(value, right, rtol=1e-9, atol=1e-12)


test_the_browser_computes_what_python_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "the own caption pushes too": ("softmax(cosines.slice(1), T)", "softmax(cosines, T).slice(1)"),
        "nothing pulls": ("p[k] - Number(k === 0)", "p[k]"),
        "the wrong way round": ("Math.sin(radians(angle - at))", "Math.sin(radians(at - angle))"),
        "degrees for radians": ("(degrees * Math.PI) / 180", "degrees"),
        "not rounded": ("Number(Math.cos(radians(angle - at)).toFixed(12)) + 0", "Math.cos(radians(angle - at))"),
        "T forgotten": ("circleCosines(angle, angles), T", "circleCosines(angle, angles), 1"),
    },
    Contrast,
)


# --- the page
def test_without_javascript_a_table_says_the_same(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(Contrast(temperature=0.1))}")
    rows = [row.split() for row in page.get_by_role("row").all_inner_texts()]
    assert rows[1] == ["cat", "0.87", "its", "own"] and rows[2] == ["dog", "0.77", "0.997"]
    expect(page.get_by_text("The picture lies at 60°. As many negatives push as 1.02 alike;")).to_be_visible()


def test_high_contrast_keeps_lines_points_and_picture(show):
    page = show(Contrast(), forced_colors="active")
    ground, *seen = page.evaluate("""() => [
        [".lf-host .lf", "backgroundColor"],
        [".lf-circle .lf-dots", "stroke"],
        [".lf-pushing", "stroke"],
    ].map(([query, what]) => getComputedStyle(document.querySelector(query))[what]).concat([
        getComputedStyle(document.querySelector(".lf-grip"), "::after").borderTopColor,
    ])""")
    assert not {ground, "rgba(0, 0, 0, 0)", "none"} & set(seen)


# --- the Python side
def loss(angle, angles, T):
    return -np.log(softmax(np.cos(np.radians(angle - np.array(angles))), T)[0])


@pytest.mark.parametrize("T", [0.1, 1, 7])
@pytest.mark.parametrize("angle", [60, 200, 299.5])
def test_turn_and_push_are_slopes_of_the_loss(T, angle):
    figure = Contrast(temperature=T, angle=angle)
    step = np.degrees(1e-6)
    slope = (loss(angle + step, figure.angles, T) - loss(angle - step, figure.angles, T)) / 2e-6
    assert figure.turn / T == pytest.approx(-slope, rel=1e-5, abs=1e-8)
    z, nudge = figure.cosines, 1e-6
    by_cosine = [
        -(np.log(softmax(z + nudge * e, T)[0]) - np.log(softmax(z - nudge * e, T)[0])) / (2 * nudge)
        for e in np.eye(len(z))
    ]
    np.testing.assert_allclose(by_cosine[1:], figure.left * figure.push / T, rtol=1e-4, atol=1e-9)
    assert by_cosine[0] == pytest.approx(-figure.left / T, rel=1e-4)  # it pulls as much as all the others push


def test_the_python_side():
    assert Contrast().labels == LABELS
    assert Contrast(angles=[0, 180], angle=90).push.tolist() == [1]
    tie = Contrast(angles=[0, 50, 130], angle=90, temperature=0)
    assert tie.push.tolist() == [0.5, 0.5] and tie.labels == ["caption 0", "caption 1", "caption 2"]
    assert "angle=60.0" in repr(Contrast())
    names = {}
    exec(Contrast(temperature=0.3).as_python().replace("print", "(lambda *found: None)"), names)
    np.testing.assert_array_equal(names["push"], Contrast(temperature=0.3).push)
    assert names["turn"] == pytest.approx(Contrast(temperature=0.3).turn)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"angles": [90]}, "angles must be two or more from 0 to 360, not [90.0]: one has no negatives"),
        ({"angles": [90, -1]}, "angles must be two or more from 0 to 360, not [90.0, -1.0]"),
        ({"labels": ["a", "b"], "angles": [1, 2, 3]}, "there are 2 labels and 3 angles"),
        ({"angle": 361}, "angle"),
        ({"temperature": -1}, "temperature must be 0, from 0.05 to 20, or math.inf, not -1"),
    ],
)
def test_wrong_state_is_refused(wrong, words):
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        Contrast(**wrong)
