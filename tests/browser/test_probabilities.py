"""From logits to probabilities: z, e^z and p in one row, two classes compared, and no temperature anywhere."""

import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import LABELS, LOGITS, PHONE, Figure
from softmax_lib import softmax
from softmax_lib.live import Probabilities, TemperatureDial


class Chances(Figure):
    def __init__(self, page):
        super().__init__(page, "Probabilities")

    def choose(self, name, label):
        self.figure.get_by_role("combobox", name=name, exact=True).select_option(label)

    def texts(self, query):
        self.settle()
        return [re.sub(r"\s|.*:", "", text) for text in self.figure.locator(query).all_text_contents()]

    def shows(self, logits):
        weights, p = np.exp(logits), softmax(logits)
        *each, total = self.texts(".lf-row .lf-weight")
        np.testing.assert_allclose([float(text) for text in each], weights, rtol=0.006)
        np.testing.assert_allclose(float(total), weights.sum(), rtol=0.006)
        *each, one = self.texts(".lf-row .lf-p")
        np.testing.assert_allclose([float(text) for text in each], p, atol=0.00051)
        assert one == "1"
        assert [float(self.field(f"Logit of {label}").input_value()) for label in LABELS] == list(logits)


@pytest.fixture
def figure(show):
    return Chances(show(Probabilities()))


def test_the_default_figure(figure):
    figure.shows(LOGITS)
    assert figure.texts("math") == ["p(cat)=e2∑jezj=7.3912.5=0.591", "p(cat)p(dog)=e2−1=e1=2.718"]
    expect(figure.status).to_have_text(
        "cat leads with 0.591. The gap of 1 from dog to cat makes cat 2.718 times as likely as dog."
    )
    expect(figure.figure.get_by_role("slider", name="Temperature")).to_have_count(0)


def test_a_gap_of_2_gives_e_squared_wherever_it_is(figure):
    figure.field("Logit of cat").fill("3")
    assert figure.texts(".lf-result") == ["7.389"]
    figure.field("Logit of dog").fill("-5")
    figure.field("Logit of cat").fill("-3")
    assert figure.texts(".lf-ratio math") == ["p(cat)p(dog)=e−3−(−5)=e2=7.389"]


def test_any_two_classes_can_be_compared(figure):
    figure.choose("First class", "bee")
    figure.choose("Second class", "cat")
    assert figure.texts(".lf-ratio math") == ["p(bee)p(cat)=e−2−2=e−4=0.018"]
    expect(figure.status).to_contain_text("The gap of −4 from cat to bee makes bee 0.018 times as likely as cat.")
    figure.choose("Second class", "bee")
    assert figure.texts(".lf-result") == ["1"]
    figure.press("Reset")
    assert figure.texts(".lf-result") == ["2.718"]
    assert figure.figure.get_by_role("combobox", name="First class").input_value() == "cat"


def test_the_marks_on_the_longer_bar_count_the_shorter(figure):
    figure.field("Logit of cat").fill("3")
    figure.settle()
    longer, shorter = (
        figure.figure.locator(query).bounding_box()["width"] for query in (".lf-times .lf-many", ".lf-times .lf-one")
    )
    assert longer / shorter == pytest.approx(np.e**2, rel=0.01)
    figure.field("Logit of dog").fill("-2")
    figure.settle()
    expect(figure.figure.locator(".lf-times .lf-many")).to_have_count(0)  # e^5 marks would be a blur


@pytest.mark.parametrize("label", LABELS)
def test_every_logit_by_keys(figure, label):
    i = LABELS.index(label)
    for key, value in [("Home", -5), ("ArrowRight", -4.9), ("End", 5), ("PageDown", 4)]:
        figure.slider(f"Logit of {label}").press(key)
        figure.shows([*LOGITS[:i], value, *LOGITS[i + 1 :]])


def test_the_tab_key_reaches_every_control_in_reading_order(figure):
    logits = [f"Logit of {label}" for label in LABELS for _ in range(2)]
    assert figure.reached_by_tab() == [
        "Show me",
        "Reset",
        *logits,
        "First class",
        "Second class",
        "peaked",
        "tie",
        "uniform",
        "one negative",
        "long tail",
        "Show as Python",
        "Copy link",
        "Save picture",
        "Present",
    ]


def test_the_shared_temperature_never_changes_this_figure(show):
    page = show(TemperatureDial(), Probabilities())
    figure = Chances(page)
    page.get_by_role("button", name="T → ∞", exact=True).click()
    figure.shows(LOGITS)
    page.get_by_role("group", name="Temperature dial").get_by_role("slider", name="Logit of owl").press("End")
    figure.shows([2, 1, 5, -0.5, -2])
    figure.slider("Logit of bee").press("End")
    expect(
        page.get_by_role("group", name="Temperature dial").get_by_role("spinbutton", name="Logit of bee")
    ).to_have_value("5")
    expect(page.get_by_role("button", name="T → ∞", exact=True)).to_have_attribute("aria-pressed", "true")
    show(Probabilities(), page=page)
    figure.shows([2, 1, 5, -0.5, 5])
    expect(figure.figure.locator(".lf-notice")).to_have_text("Your logits came with you; Reset restores the text's.")


def test_a_link_with_a_temperature_sets_the_logits_alone(show):
    figure = Chances(show(Probabilities(), hash="#z=0,0,0,0,3&T=20"))
    figure.shows([0, 0, 0, 0, 3])


def test_show_as_python_reproduces_the_figure(figure, capsys):
    figure.field("Logit of owl").fill("4")
    figure.choose("First class", "owl")
    figure.settle()
    names = {}
    exec(figure.figure.locator("pre").text_content(), names)  # what the reader copies
    np.testing.assert_array_equal(names["probabilities"], softmax([2, 1, 4, -0.5, -2]))
    assert float(capsys.readouterr().out.split()[-1]) == pytest.approx(np.e**3)


def test_on_a_phone_every_logit_and_bar_is_visible_together(show):
    figure = Chances(show(Probabilities(), **PHONE))
    rows = figure.figure.locator(".lf-steps").bounding_box()
    assert rows["height"] <= 420


def test_the_python_side():
    figure = Probabilities(logits=[2, 0, 0, 0, 0])
    np.testing.assert_array_equal(figure.probabilities, softmax([2, 0, 0, 0, 0]))
    assert figure.ratio == pytest.approx(np.e**2)
    assert "makes cat 7.389 times as likely as dog" in figure.html()
    with pytest.raises(traitlets.TraitError, match="second must be a class from 0 to 4, not 5"):
        figure.second = 5
    assert Probabilities(labels=["only"], logits=[1]).ratio == 1
