"""One dial for several settings: tabs change the scores, the temperature stays."""

import json

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import PHONE, Figure, plain
from softmax_lib import softmax
from softmax_lib.live import Settings, TemperatureDial

WORDS = [
    {
        "name": "Next word",
        "labels": ["mat", "sofa", "roof"],
        "logits": [3.5, 2.25, -1],
        "words": "Scores of a language model.",
    },
    {"name": "Arms", "labels": ["A", "B", "C"], "logits": [0.1, 12, 11.5], "words": "Estimated rewards."},
]


class Tabs(Figure):
    def __init__(self, page):
        super().__init__(page, "One dial, several settings")

    def shows(self, setting, temperature):
        self.settle()
        expect(self.figure.get_by_role("button", pressed=True).first).to_have_text(setting["name"])
        expect(self.figure.get_by_text(setting["words"])).to_be_visible()
        expect(self.figure.locator(".lf-name")).to_have_text(setting["labels"])
        scores = self.figure.locator(".lf-score").all_text_contents()
        assert [float(plain(text).rpartition(": ")[2]) for text in scores] == setting["logits"]
        shown = [float(plain(text).rpartition(": ")[2]) for text in self.figure.locator(".lf-p").all_text_contents()]
        np.testing.assert_allclose(shown, softmax(setting["logits"], temperature), atol=0.00051, rtol=0.06)


@pytest.fixture
def tabs(show):
    return Tabs(show(Settings(settings=WORDS)))


def test_a_tab_changes_the_scores_and_keeps_the_temperature(tabs):
    tabs.shows(WORDS[0], 1)
    tabs.field("Temperature").fill("5")
    tabs.figure.get_by_role("button", name="Arms").focus()
    tabs.page.keyboard.press("Enter")
    tabs.shows(WORDS[1], 5)
    expect(tabs.status).to_contain_text("Arms at T = 5: B leads with 0.501")
    tabs.press("Reset")
    tabs.shows(WORDS[0], 1)


def test_only_the_temperature_follows_the_reader(show):
    page = show(TemperatureDial(labels=WORDS[0]["labels"], logits=[0, 1, 2]), Settings(settings=WORDS))
    tabs = Tabs(page)
    dial = Figure(page, "Temperature dial")
    dial.slider("Logit of mat").press("Home")
    tabs.field("Temperature").fill("0.5")
    tabs.press("Arms")
    tabs.shows(WORDS[1], 0.5)
    assert dial.field("Temperature").input_value() == "0.5"
    assert dial.field("Logit of mat").input_value() == "-5"
    tabs.press("Copy link")
    assert page.url.endswith("#T=0.5")


def test_the_height_of_the_tallest_setting_is_reserved(show):
    tall = {"name": "Five", "labels": list("ABCDE"), "logits": [1, 2, 3, 4, 5], "words": "Five scores."}
    tabs = Tabs(show(Settings(settings=[WORDS[0], tall])))
    place = tabs.page.locator("live-figure")
    before = place.bounding_box()["height"]
    tabs.press("Five")
    tabs.shows(tall, 1)
    assert place.bounding_box()["height"] == before


def test_show_as_python_gives_the_same_numbers(tabs, capsys):
    tabs.press("Arms")
    tabs.settle()
    exec(tabs.figure.locator("pre").text_content(), {})
    printed = np.array(json.loads(",".join(capsys.readouterr().out.split()).replace("[,", "[")))
    np.testing.assert_allclose(printed, softmax(WORDS[1]["logits"]), rtol=1e-6)


def test_on_a_phone_a_label_of_one_word_stays_on_one_line(show):
    page = show(Settings(settings=[WORDS[0] | {"labels": ["company", "digit 3", "mat"]}]), **PHONE)
    heights = [name.bounding_box()["height"] for name in page.locator(".lf-name").all()]
    assert heights == [heights[-1]] * 3


def test_without_javascript_the_table_says_the_same(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(Settings(settings=WORDS, setting=1, temperature=0.5))}")
    rows = [row.split() for row in page.get_by_role("row").all_inner_texts()]
    assert rows[1:] == [["A", "0.1", "3.4e−11"], ["B", "12", "0.731"], ["C", "11.5", "0.269"]]
    expect(page.get_by_text("Arms: Estimated rewards. The entropy is 0.58 nats.")).to_be_visible()


def test_settings_that_do_not_fit_are_refused():
    with pytest.raises(traitlets.TraitError, match="name, labels, logits and words; words is missing"):
        Settings(settings=[{"name": "a", "labels": [], "logits": []}])
    for labels, logits in ((["b", "c"], [1]), ([], [])):
        with pytest.raises(
            traitlets.TraitError,
            match=f"settings must have one label a logit, and at least one; a has {len(labels)} and {len(logits)}",
        ):
            Settings(settings=[WORDS[0], {"name": "a", "labels": labels, "logits": logits, "words": ""}])
    figure = Settings(settings=WORDS)
    with pytest.raises(traitlets.TraitError, match="setting must be from 0 to 1, not 2"):
        figure.setting = 2
    assert figure.labels == WORDS[0]["labels"]


def test_new_settings_are_shown():
    figure = Settings(settings=WORDS, setting=1)
    figure.settings = WORDS[:1]
    assert (figure.setting, figure.labels, figure.logits) == (0, WORDS[0]["labels"], WORDS[0]["logits"])
