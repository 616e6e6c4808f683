"""The committed scores of the next-token explorer are those of the language model."""

import numpy as np
import pytest

import prompts
from softmax_lib import softmax
from softmax_lib.live.next_token.next_token import NAMED, PROMPTS, SCALE, VOCABULARY, load, unpacked


@pytest.mark.slow  # the language model reads
@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_committed_scores_are_the_models(prompt):
    tokens, logits = prompts.scores(PROMPTS[prompt])
    kept_tokens, kept = load(prompt)
    assert len(logits) == VOCABULARY
    np.testing.assert_allclose(kept, logits, atol=0.5 / SCALE + 1e-4)  # another processor adds in another order
    np.testing.assert_allclose(softmax(kept), softmax(logits), rtol=0, atol=3e-5)
    assert kept_tokens[:20] == tokens[:20]
    assert len(set(kept_tokens[:NAMED]) & set(tokens)) > 0.98 * len(set(tokens))


def test_packing_keeps_order_and_steps():
    logits = np.array([3.0, 2.99999, 1.5, -12.00009])
    tokens, kept = unpacked(prompts.pack(["a", "\n"], logits))
    assert tokens == ["a", "\n"]
    assert (kept * SCALE).tolist() == [3 * SCALE, 3 * SCALE, 1.5 * SCALE, -12 * SCALE]
    assert prompts.pack(["a", "b"], logits) == prompts.pack(["a", "b"], logits)


def test_a_gap_too_wide_for_two_bytes_is_refused():
    with pytest.raises(ValueError, match="range"):
        prompts.pack(["a"], np.array([3.0, -14.0]))
