"""Attention at any temperature, against a plain reading of a tiny model, token by token and head by head."""

from dataclasses import replace

import numpy as np
import pytest

from experiments import attention, text_generation
from experiments.attention import COMPARED, HEATS, summary
from experiments.language_model import LanguageModel, Layer
from softmax_lib import cross_entropy, entropy

VOCABULARY, WIDTH, HEADS, KEY_HEADS, SIZE, HIDDEN = 11, 12, 4, 2, 6, 10
TEXT = np.array([3, 1, 4, 1, 5, 9, 2])


@pytest.fixture
def tiny():
    rng = np.random.default_rng(0)

    def weights(*shape):
        return rng.normal(size=shape).astype(np.float32)

    layers = [
        Layer(
            weights(WIDTH),
            weights((HEADS + 2 * KEY_HEADS) * SIZE, WIDTH),
            weights(WIDTH, HEADS * SIZE),
            weights(WIDTH),
            weights(2 * HIDDEN, WIDTH),
            weights(WIDTH, HIDDEN),
        )
        for _ in range(2)
    ]
    turns = np.exp(1j * np.outer(np.arange(20), 0.5 ** np.arange(SIZE // 2))).astype(np.complex64)
    return LanguageModel(
        tokenizer=None,
        signs=np.array([], int),
        embedding=weights(VOCABULARY, WIDTH),
        layers=layers,
        norm=weights(WIDTH),
        tiny=1e-5,
        heads=HEADS,
        key_heads=KEY_HEADS,
        context=20,
        rotations=turns,
    )


def plain_reading(model, tokens, heat):
    """The same model in loops and in double precision: its logits, and each layer's dot products."""

    def normalised(x, scale):
        return x / np.sqrt(np.mean(x**2) + model.tiny) * scale

    def turned(vector, position):
        pairs = vector[0::2] + 1j * vector[1::2]
        pairs = pairs * model.rotations[position]
        return np.stack([pairs.real, pairs.imag], axis=1).ravel()

    flow, seen = [model.embedding[token].astype(float) for token in tokens], []
    for layer in model.layers:
        parts = [(layer.query_key_value @ normalised(x, layer.attention_norm)).reshape(-1, SIZE) for x in flow]
        products, after = np.full((HEADS, len(tokens), len(tokens)), -np.inf), []
        for t, part in enumerate(parts):
            mixed = []
            for head in range(HEADS):
                shared = HEADS + head // (HEADS // KEY_HEADS)
                keys = [turned(parts[s][shared], s) for s in range(t + 1)]
                products[head, t, : t + 1] = [turned(part[head], t) @ key for key in keys]
                weights = np.exp(products[head, t, : t + 1] / (heat * np.sqrt(SIZE)))
                values = [parts[s][shared + KEY_HEADS] for s in range(t + 1)]
                mixed.append(weights / weights.sum() @ values)
            x = flow[t] + layer.attention_output @ np.concatenate(mixed)
            gate, up = np.split(layer.gate_up @ normalised(x, layer.feed_norm), 2)
            after.append(x + layer.down @ (gate / (1 + np.exp(-gate)) * up))
        flow = after
        seen.append(products)
    return np.array([model.embedding @ normalised(x, model.norm) for x in flow]), seen


@pytest.mark.parametrize("heat", [0.3, 1, 4])
def test_the_model_attends_as_a_plain_reading_does(tiny, heat):
    model = replace(tiny, heat=heat)
    logits, seen = plain_reading(model, TEXT, heat)
    np.testing.assert_allclose(model.logits(TEXT), logits, rtol=1e-4, atol=1e-4)
    for found, right in zip(model.dot_products(TEXT), seen, strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-4, atol=1e-4)


def test_heat_reaches_the_steps_that_remember(tiny):
    model = replace(tiny, heat=2)
    written = model.generate(TEXT, 3, lambda logits: logits.argmax(axis=1))[0]
    assert written.tolist() == [
        int(model.logits(np.append(TEXT, written[:n]))[-1].argmax()) for n in range(len(written))
    ]
    assert not np.allclose(model.logits(TEXT), tiny.logits(TEXT), atol=0.1)


def test_dot_products_are_of_one_text(tiny):
    with pytest.raises(ValueError, match="tokens must be of one text, not of 2: ask for each"):
        tiny.dot_products([TEXT, TEXT])


def test_heads_are_summed_up():
    """Two heads of four tokens: one that looks at the first alone, and one that looks everywhere alike."""
    products = np.full((1, 2, 4, 4), -np.inf)
    for t in range(4):
        products[0, :, t, : t + 1] = 0
        products[0, 0, t, 0] = 1000
    found = summary(list(products), size=16)
    np.testing.assert_allclose(found.first, [[1, (1 / 2 + 1 / 3 + 1 / 4) / 3]])
    even = np.mean(np.log([2, 3, 4]))
    np.testing.assert_allclose(found.entropy[:, 0], [[0, even]] * len(COMPARED), atol=1e-12)
    shares = np.array([1 / 2, 1 / 3, 1 / 4])
    one_of_t = 1000 / 4 * np.sqrt(np.mean(shares * (1 - shares)))  # the variance of a coin, times its stake
    np.testing.assert_allclose(found.spread, [[one_of_t, 0]])


def test_summary_is_of_the_softmax_at_its_temperatures(tiny):
    layers = tiny.dot_products(TEXT)
    found = summary(layers, SIZE)
    for k, heat in enumerate(COMPARED):
        for head in range(HEADS):
            rows = [layers[1][head, t, : t + 1] / (heat * np.sqrt(SIZE)) for t in range(1, len(TEXT))]
            each = [np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in rows]
            assert found.entropy[k, 1, head] == pytest.approx(np.mean([entropy(p) for p in each]), rel=1e-4)
            if heat == 1:
                assert found.first[1, head] == pytest.approx(np.mean([p[0] for p in each]), rel=1e-4)


def test_what_is_foretold_is_the_end_of_each_piece(tiny, monkeypatch):
    pieces = np.array([TEXT, TEXT[::-1]])
    monkeypatch.setattr(attention, "windows", lambda model: pieces)
    monkeypatch.setattr(attention, "AFTER", 3)
    found = attention.foretell(tiny, (0.5, 1)).nll
    for k, heat in enumerate((0.5, 1)):
        for row, piece in enumerate(pieces):
            logits, _ = plain_reading(tiny, piece, heat)
            right = np.mean([cross_entropy(logits[t - 1], piece[t]) for t in (4, 5, 6)])
            assert found[row, k] == pytest.approx(right, rel=1e-4)


def test_the_record_is_what_the_model_says(numpy_model, monkeypatch):
    found, foretold = attention.observe(numpy_model), attention.foretell(numpy_model, HEATS[:1])
    monkeypatch.setattr(text_generation, "is_installed", lambda: False)
    kept = text_generation.measured(attention.Heads, attention.observe)
    for ours, theirs in zip(found, kept, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-3)  # float16
    nll = text_generation.measured(attention.Heated, attention.foretell).nll
    np.testing.assert_allclose(foretold.nll[:, 0], nll[:, 0], atol=1e-3)


def test_without_the_model_every_number_comes_from_the_record(monkeypatch):
    monkeypatch.setattr(text_generation, "is_installed", lambda: False)
    monkeypatch.setattr(text_generation, "load", lambda: pytest.fail("the model was asked for"))
    for measure in attention.MEASUREMENTS:
        assert measure.__wrapped__()
