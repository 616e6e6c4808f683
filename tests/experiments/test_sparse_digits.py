"""Exact zeros at the true class, counted by hand and on networks."""

import numpy as np
import pytest

from experiments.sparse_digits import TRAINING, answers, impossible
from softmax_lib import cross_entropy, softmax, sparsemax


def test_impossible_rows_are_counted():
    p = np.array([[0.5, 0.5, 0], [0, 1, 0], [1e-300, 0, 1], [0, 0.2, 0.8]])
    assert impossible(p, [2, 1, 0, 0]) == 0.5
    assert impossible(p, [0, 1, 2, 1]) == 0


def test_each_row_needs_its_class():
    with pytest.raises(ValueError, match=r"labels must have one class a row, shape \(2,\)"):
        impossible(np.eye(2), [0])
    with pytest.raises(ValueError, match="a row at least"):
        impossible(np.zeros((0, 3)), [])


def test_the_network_has_learned_and_repeats_itself():
    logits, labels = answers(3)
    assert logits.shape == (1797 - TRAINING, 10) and (answers(3).logits == logits).all()
    assert (logits.argmax(axis=1) == labels).mean() > 0.9
    assert cross_entropy(logits, labels).mean() < 0.4
    assert (answers(4).labels != labels).any()
    assert impossible(softmax(logits), labels) == 0 < impossible(sparsemax(logits), labels)
