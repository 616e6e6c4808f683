"""A head over a sentence: weights as Python computes them and as readers meet them, and data that the model gave."""

import json
import math
import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

import attention_heads
from harness import PHONE, Figure, answers, parity, plain
from softmax_lib import entropy, perplexity, softmax
from softmax_lib.live import Attention, TemperatureDial
from softmax_lib.live.attention.attention import KEPT, load, unit

TOKENS, HEADS = load()
COMPUTE = """async ([module, cases]) => {
    const { entropy, perplexity, softmax } = await import(module);
    return cases.map(([z, T]) => { const p = softmax(z, T); return [p, entropy(p), perplexity(p)]; });
}"""


class Head(Figure):
    def __init__(self, page):
        super().__init__(page, "What a head looks at")

    def shows(self, **state):
        """Check every number, bar and name against Python's."""
        self.settle()
        twin = Attention(**state)
        p = twin.weights
        scores = self.figure.locator(".lf-score").all_inner_texts()
        assert scores[len(p) :] == ["later"] * (len(TOKENS) - len(p))
        np.testing.assert_allclose([float(plain(score)) for score in scores[: len(p)]], twin.products, atol=0.0501)
        shown = self.figure.locator(".lf-p").all_inner_texts()
        assert not any(shown[len(p) :])
        np.testing.assert_allclose([float(plain(q)) for q in shown[: len(p)]], p, atol=0.00051, rtol=0.06)
        bars = self.figure.locator(".lf-bar").evaluate_all(
            "bars => bars.map((bar) => bar.style.getPropertyValue('--p'))"
        )
        np.testing.assert_allclose([float(bar) for bar in bars], [*p, *[0] * (len(TOKENS) - len(p))], atol=1e-9)
        read = [float(plain(b)) for b in self.figure.locator(".lf-readouts b").all_inner_texts()]
        np.testing.assert_allclose(read, [entropy(p), perplexity(p), p[0]], atol=0.0051)
        expect(self.figure.get_by_role("combobox", name="Head")).to_have_value(twin.head)
        looking = self.figure.get_by_role("group", name="The token that looks back").get_by_role("button", pressed=True)
        expect(looking).to_have_text(TOKENS[twin.query])
        kept = twin.heads[twin.head]
        expect(self.figure.locator(".lf-words")).to_contain_text(f"Layer {kept['layer']}, head {kept['head']}.")


@pytest.fixture
def figure(show):
    return Head(show(Attention()))


def choose(figure, head):
    figure.figure.get_by_role("combobox", name="Head").select_option(head)


def test_the_default_figure(figure):
    figure.shows()
    expect(figure.status).to_have_text(
        "“to” looks back at T = √d: “Anna” wins with 0.703; the first token holds 0.064; "
        "as spread as 2.70 equal weights."
    )


@pytest.mark.parametrize("head", HEADS)
def test_every_head_and_token(figure, head):
    choose(figure, head)
    for query in (0, 5, 7, 11):
        figure.press(TOKENS[query])
        figure.shows(head=head, query=query)


def test_by_keyboard_through_the_temperatures(figure):
    second_tom = figure.figure.get_by_role("button", name="Tom").nth(1)
    second_tom.focus()
    figure.page.keyboard.press("Enter")
    choose(figure, "what came next, last time")
    for name, T in (("T → 0", 0), ("T → ∞", math.inf), ("T = √d", 1)):
        figure.press(name)
        figure.shows(head="what came next, last time", query=8, temperature=T)
    figure.slider("Temperature").press("End")
    figure.shows(head="what came next, last time", query=8, temperature=20)
    figure.enter("Temperature", "0.3")
    figure.shows(head="what came next, last time", query=8, temperature=0.3)
    figure.press("Reset")
    figure.shows()


def test_on_a_phone_a_row_is_one_line_and_the_temperature_stays_in_sight(show):
    figure = Head(show(Attention(), **PHONE))
    figure.figure.get_by_role("button", name="park").tap()
    figure.shows(query=6)
    rows = [row.bounding_box()["height"] for row in figure.figure.locator(".lf-row").all()]
    assert max(rows) <= 31
    figure.figure.locator(".lf-rows").evaluate("rows => rows.scrollIntoView()")
    box = figure.slider("Temperature").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 640


def test_the_temperature_follows_the_reader(show):
    page = show(TemperatureDial(), Attention())
    Figure(page, "Temperature dial").enter("Temperature", "0.4")
    Head(page).shows(temperature=0.4)


def test_show_as_python_runs(figure, capsys):
    choose(figure, "the word “the”")
    figure.press("gave")
    figure.enter("Temperature", "2")
    names = {}
    exec(figure.figure.locator("pre").text_content(), names)  # what the reader copies
    twin = Attention(head="the word “the”", query=9, temperature=2)
    np.testing.assert_array_equal(names["weights"], twin.weights)
    assert capsys.readouterr().out.startswith("gave [")


# --- the mathematics in the browser
def cases():
    rng = np.random.default_rng(4)
    for n in range(200):
        products = rng.normal(0, 30, rng.integers(1, 14)).round(2)
        yield products.tolist(), [0, 0.4, 8, 160, math.inf, float(8 * 10 ** rng.uniform(-1.3, 1.3))][n % 6]


def compare(page, module):
    given = list(cases())
    for (products, T), (p, nats, alike) in zip(given, answers(page, COMPUTE, module, given), strict=True):
        right = softmax(products, T)
        np.testing.assert_allclose(p, right, atol=1e-14)
        assert nats == pytest.approx(entropy(right), abs=1e-12) and alike == pytest.approx(perplexity(right))


test_the_browser_computes_what_the_library_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "T multiplied": ("(z - top) / T", "(z - top) * T"),
        "no limit at 0": ("if (T === 0) return Number(z === top);", "if (T === 0) return 1;"),
        "other logarithms": ("q * Math.log(q)", "q * Math.log2(q)"),
        "not exponentiated": ("Math.exp(entropy(p))", "entropy(p)"),
    },
    Attention,
)


# --- the page
def test_without_javascript_a_table_says_the_same(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(Attention(query=11, head='the token before'))}")
    rows = [row.split() for row in page.get_by_role("row").all_inner_texts()]
    p = Attention(query=11, head="the token before").weights
    assert rows[11] == ["a", f"{HEADS['the token before'][11][10]:.1f}", f"{p[10]:.3f}"]
    assert rows[13] == ["to", "later"]
    expect(page.get_by_text("Head 1 of layer 17: the token before. “book” looks back")).to_be_visible()


def test_high_contrast_keeps_bars(show):
    page = show(Attention(), forced_colors="active")
    bar, ground = page.evaluate("""() => [".lf-host .lf-bar i", ".lf-host .lf"].map((query) =>
        getComputedStyle(document.querySelector(query)).backgroundColor)""")
    assert bar not in {ground, "rgba(0, 0, 0, 0)"}


# --- the Python side, and what is kept
def test_heads_look_where_their_names_say():
    def mean(name, pairs):
        return np.mean([softmax(HEADS[name][query], 8)[key] for query, key in pairs])

    later = range(1, 13)
    assert mean("the token before", [(q, q - 1) for q in later]) > 0.7
    assert mean("itself", [(q, q) for q in later]) > 0.7
    assert mean("the first token", [(q, 0) for q in later]) > 0.99
    assert np.mean([perplexity(softmax(HEADS["many at once"][q], 8)) / (q + 1) for q in later]) > 0.5
    assert TOKENS[3] == TOKENS[8] == "Tom"
    assert mean("the same word, earlier", [(8, 3)]) > 0.8
    assert mean("what came next, last time", [(8, 4)]) > 0.9
    assert mean("what came next, last time", [(q, 0) for q in later if q != 8]) > 0.95
    assert mean("the comma", [(q, 7) for q in (7, 8, 9, 10, 12)]) > 0.7
    assert mean("the word “the”", [(q, 5) for q in (5, 6, 8, 9, 10, 11, 12)]) > 0.7
    assert softmax(HEADS["a name"][12], 8)[[1, 3, 8]].sum() > 0.9


def test_the_committed_products_are_the_models():
    kept, found = json.loads(KEPT.read_text("utf-8")), attention_heads.heads()
    mine = {name: head.pop("products") for name, head in kept["heads"].items()}
    theirs = {name: head.pop("products") for name, head in found["heads"].items()}
    assert kept == found
    for name, rows in mine.items():
        for row, other in zip(rows, theirs[name], strict=True):
            np.testing.assert_allclose(row, other, atol=0.02)  # another processor adds in another order


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"head": "the last"}, "head must be one of the token before, itself, the first token"),
        ({"query": 13}, "query must be from 0 to 12, not 13"),
        ({"query": -1}, "query must be from 0 to 12, not -1"),
        ({"temperature": -1}, "temperature must be 0, from 0.05 to 20, or math.inf, not -1"),
    ],
)
def test_wrong_state_is_refused(wrong, words):
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        Attention(**wrong)


def test_temperatures_have_their_unit():
    assert [unit(T) for T in (0, 0.5, 1, 20, math.inf)] == ["0", "0.5√d", "√d", "20√d", "∞"]
