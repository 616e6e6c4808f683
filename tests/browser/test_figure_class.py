"""The Python side: traits that refuse what cannot be, JSON that carries infinity, HTML that carries everything."""

import json
import math
import re
from html import unescape

import numpy as np
import pytest
import traitlets

from softmax_lib import entropy, softmax
from softmax_lib.live import LiveFigure, TemperatureDial, bundle
from softmax_lib.live.base import figure as figure_module
from softmax_lib.live.base.distribution import probability_text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"temperature": -1}, "temperature must be 0, from 0.05 to 20, or math.inf, not -1.0"),
        ({"temperature": math.nan}, "not nan"),
        ({"temperature": 0.01}, "not 0.01"),
        ({"temperature": -math.inf}, "not -inf"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": None}, "temperature"),
        ({"logits": [1, 2], "labels": list("abcde")}, "there are 5 labels and 2 logits"),
        ({"labels": ["a"]}, "there are 1 labels and 5 logits"),
        ({"logits": [9, 0, 0, 0, 0]}, "logits must lie from -5 to 5"),
        ({"logits": [math.nan, 0, 0, 0, 0]}, "logits must lie from -5 to 5"),
        ({"logits": "abcde"}, "logits must be numbers"),
        ({"logits": [[1, 2], [3, 4]]}, "logits must be a list of numbers"),
        ({"logits": [], "labels": []}, "logits must be a list of numbers"),
        ({"logits": ["a", "b", "c", "d", "e"]}, "logits must be numbers"),
    ],
)
def test_wrong_state_is_refused_at_once_and_later(wrong, words):
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        TemperatureDial(**wrong)
    dial = TemperatureDial()
    before = repr(dial)
    with pytest.raises(traitlets.TraitError, match=re.escape(words)), dial.hold_trait_notifications():
        for name, value in wrong.items():
            setattr(dial, name, value)
    assert repr(dial) == before


def test_logits_alone_get_plain_labels():
    assert TemperatureDial(logits=[1, 2]).labels == ["class 0", "class 1"]


def test_arrays_and_integers_are_welcome():
    dial = TemperatureDial(logits=np.array([1, 2, 3]), labels=["a", "b", "c"], temperature=np.float32(2))
    assert dial.logits == [1, 2, 3]
    with dial.hold_trait_notifications():
        dial.labels, dial.logits = ["a", "b"], (0, 1)
    assert repr(dial) == "TemperatureDial(logits=[0.0, 1.0], temperature=2.0)"


@pytest.mark.parametrize("temperature", [0, 0.05, 1, math.inf])
def test_the_properties_are_the_librarys(temperature, capsys):
    dial = TemperatureDial(temperature=temperature)
    np.testing.assert_array_equal(dial.probabilities, softmax(dial.logits, temperature))
    assert dial.entropy == entropy(dial.probabilities)
    names = {}
    exec(dial.as_python(), names)  # what a reader copies
    assert str(dial.entropy) in capsys.readouterr().out
    np.testing.assert_array_equal(names["probabilities"], dial.probabilities)


def test_infinity_crosses_as_a_word_in_both_directions():
    dial = TemperatureDial(temperature=math.inf)
    state = dial.get_state()
    assert state["temperature"] == "Infinity"
    assert state["start"] == {"logits": [2, 1, 0.5, -0.5, -2], "temperature": "Infinity"}
    dial.temperature = 1
    dial.set_state({"temperature": "Infinity"})
    assert dial.temperature == math.inf
    dial.set_state({"start": state["start"]})
    assert dial.start["temperature"] == math.inf


def test_the_page_gets_the_state_and_nothing_of_a_kernel():
    data, _ = TemperatureDial(labels=["<b>", '"', "&", "'", "e"])._repr_mimebundle_()
    element = re.match(r"<live-figure ([^>]*)>", data["text/html"])[1]
    attributes = {name: unescape(value) for name, value in re.findall(r'(\S+)="([^"]*)"', element)}
    assert {name: attributes[name] for name in ("module", "shared", "class", "style")} == {
        "module": "dial/dial.mjs",
        "shared": "logits temperature",
        "class": "notranslate lf-dial",
        "style": "--rows:5",
    }
    assert set(json.loads(attributes["state"])) == {"labels", "logits", "temperature", "start", "program"}
    assert "<b>" not in data["text/html"]
    assert data["text/plain"] == "TemperatureDial(logits=[2.0, 1.0, 0.5, -0.5, -2.0], temperature=1.0)"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_the_same_figure_gives_the_same_bytes():
    assert TemperatureDial().html() == TemperatureDial().html()


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0, "0"),
        (1, "1"),
        (0.5, "0.500"),
        (0.00951, "0.010"),
        (0.00028, "0.0003"),
        (2.1e-7, "2.1e−7"),
        (7e-88, "7.0e−88"),
        (1 - 1e-9, "1.000"),
    ],
)
def test_probabilities_are_written_as_the_browser_does(show, p, text):
    assert probability_text(p) == text
    assert show().evaluate("async p => (await import('./_static/live/base/numbers.mjs')).decimals(p)", p) == text


BASE = [
    *("animals", "controls", "ghosts", "logits", "numbers", "picture", "scan", "softmax", "state", "temperature"),
    "tries",
    "parts/lit-html",
]


def test_a_bundle_holds_every_module_once_and_none_by_name():
    source = bundle("dial/dial.mjs")
    sources = json.loads(re.match(r"const sources = (\{.*?\n\});", source, re.S)[1])
    assert list(sources)[-1] == "dial/dial.mjs"
    assert set(sources) == {
        "dial/dial.mjs",
        "dial/tries.mjs",
        *(f"base/{name}.mjs" for name in BASE),
    }
    for i, (name, text) in enumerate(sources.items()):
        assert all(part in list(sources)[:i] for part in re.findall(r'from "([^"]+)"', text)), name


def test_a_missing_part_names_the_command_that_fetches_it(tmp_path, monkeypatch):
    (tmp_path / "dial").mkdir()
    (tmp_path / "dial/dial.mjs").write_text('import { html } from "../base/parts/lit-html.mjs";', "utf-8")
    monkeypatch.setattr(figure_module, "LIVE", tmp_path)
    bundle.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match=r"live/base/parts/lit-html\.mjs is missing.*make book"):
            TemperatureDial()
    finally:
        bundle.cache_clear()


def test_a_module_that_is_not_there_is_named_without_a_wrong_remedy():
    with pytest.raises(FileNotFoundError, match=r"live/dial/dail\.mjs is missing\.$"):
        figure_module.modules("dial/dail.mjs")


def test_a_figure_needs_a_fallback():
    class Bare(LiveFigure):
        module, title = "dial/dial.mjs", "Bare"

    with pytest.raises(TypeError, match="Bare needs a fallback"):
        Bare().html()
