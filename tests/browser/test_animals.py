"""The animals beside the names of classes: for who sees them alone, and only where a class is that animal."""

import pytest

from harness import LABELS
from softmax_lib.live import DoubleSoftmax, Histogram, LargeDial, Normalisers, Probabilities, Sampler, TemperatureDial

SHOW_CLASSES = [DoubleSoftmax, Histogram, LargeDial, Normalisers, Probabilities, Sampler, TemperatureDial]

BOXES = """() => [...document.querySelectorAll(".lf-name:not(.lf-total *)")].filter((name) =>
        name.checkVisibility({ visibilityProperty: true })).map((name) => {
    const animal = name.querySelector("svg"), box = name.getBoundingClientRect(), row = name.parentNode;
    const drawn = animal?.getBoundingClientRect();
    return {
        word: name.innerText.trim(), hidden: animal?.ariaHidden, width: drawn?.width, height: drawn?.height,
        fits: !drawn || (drawn.left >= box.left - 1 && drawn.right <= box.right + 1),
        row: Math.round(row.getBoundingClientRect().height),
    };
})"""


@pytest.mark.parametrize("figure", SHOW_CLASSES)
@pytest.mark.parametrize("width", [320, 1000])
@pytest.mark.parametrize("text", [16, 32])
def test_each_of_the_five_classes_has_its_animal_and_no_row_grows(show, figure, width, text):
    rows = {}
    for labels in (LABELS, ["kat", "hog", "elm", "fix", "ber"]):
        page = show(figure(labels=labels), viewport={"width": width, "height": 800})
        page.add_style_tag(content=f"html {{ font-size: {text}px; }}")
        rows[labels[0]] = page.evaluate(BOXES)
        assert [row["word"] for row in rows[labels[0]]] == labels
    animals, words = rows["cat"], rows["kat"]
    assert all(row["hidden"] == "true" and row["fits"] and row["width"] == row["height"] >= text for row in animals)
    assert [row["hidden"] for row in words] == [None] * 5
    assert [row["row"] for row in animals] == [row["row"] for row in words]


def test_animals_differ_and_take_the_colour_of_the_name(show):
    page = show(theme="dark")
    drawn = page.locator(".lf-animal").evaluate_all(
        "(animals) => animals.map((animal) => [animal.innerHTML, getComputedStyle(animal).fill])"
    )
    colour = page.locator(".lf-name").first.evaluate("(name) => getComputedStyle(name).color")
    assert len({path for path, _ in drawn}) == 5 and {fill for _, fill in drawn} == {colour}


def test_a_renamed_class_loses_its_animal(show):
    page = show(TemperatureDial(labels=["cat", "dog", "constructor", "fox", "bee"]))
    assert [name.locator("svg").count() for name in page.locator(".lf-name").all()] == [1, 1, 0, 1, 1]
