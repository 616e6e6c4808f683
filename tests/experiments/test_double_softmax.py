"""The softmax too many: its loss and gradient against other ways to compute them, and the trainings."""

import json

import mpmath
import numpy as np
import pytest

from experiments.double_softmax import (
    OPTIMISERS,
    doubled_cross_entropy,
    doubled_gradient,
    doubled_range,
    doubled_to,
    start,
    train,
)
from experiments.networks import adam, descent
from softmax_lib import cross_entropy, cross_entropy_gradient, log_softmax, softmax
from support import ROOT

REPORT = json.loads((ROOT / "book/data/double-softmax.json").read_text("utf-8"))
EXAMPLES = REPORT["examples"]


def random_rows(rows=40, classes=6):
    rng = np.random.default_rng(8)
    return rng.normal(size=(rows, classes)) * rng.uniform(0.1, 6, (rows, 1)), rng.integers(0, classes, rows)


def exact_loss(logits, target):
    """The doubled loss in 40 digits."""
    with mpmath.workdps(40):
        weights = [mpmath.exp(z) for z in logits.tolist()]
        outer = [mpmath.exp(w / mpmath.fsum(weights)) for w in weights]
        return float(-mpmath.log(outer[target] / mpmath.fsum(outer)))


def test_loss_agrees_with_forty_digits():
    logits, targets = random_rows()
    exact = [exact_loss(*row) for row in zip(logits, targets, strict=True)]
    np.testing.assert_allclose(doubled_cross_entropy(logits, targets), exact, rtol=1e-13)


def test_gradient_is_the_slope_of_the_loss():
    logits, targets = random_rows()
    numeric = np.empty_like(logits)
    for k in range(logits.shape[1]):
        step = 1e-5 * np.eye(logits.shape[1])[k]
        above, below = (doubled_cross_entropy(logits + sign * step, targets) for sign in (1, -1))
        numeric[:, k] = (above - below) / 2e-5
    np.testing.assert_allclose(doubled_gradient(logits, targets), numeric, atol=1e-10)


def test_gradient_of_two_classes_has_a_closed_form():
    gaps = np.linspace(-12, 12, 49)
    p = 1 / (1 + np.exp(-gaps))  # of the first class, which is the true one
    outer = 1 / (1 + np.exp(1 - 2 * p))  # the outer sigmoid sees the gap 2p − 1
    found = doubled_gradient(np.stack([gaps, 0 * gaps], axis=1), np.zeros(49, int))
    np.testing.assert_allclose(found[:, 0], 2 * p * (1 - p) * (outer - 1), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(found.sum(axis=1), 0, atol=1e-15)


@pytest.mark.parametrize("classes", [2, 3, 10, 1000])
def test_no_logits_leave_the_range_and_some_reach_its_ends(classes):
    low, high = doubled_range(classes)
    rng = np.random.default_rng(classes)
    losses = doubled_cross_entropy(rng.normal(size=(300, classes)) * 30, rng.integers(0, classes, 300))
    assert (low <= losses + 1e-15).all() and (losses <= high + 1e-15).all()
    certain = np.zeros(classes)
    certain[0] = 1000
    assert doubled_cross_entropy(certain, 0) == pytest.approx(low, rel=1e-14)
    assert doubled_cross_entropy(certain, 1) == pytest.approx(high, rel=1e-14)
    assert high - low == pytest.approx(1)


def test_one_class_has_no_range():
    with pytest.raises(ValueError, match="classes must be at least 2, not 1"):
        doubled_range(1)


# --- what PyTorch answered, stored
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_pytorch_computes_the_same(example):
    logits, target = np.array(example["logits"]), example["target"]
    for line, answer in example["lines"].items():
        wrong = line == "cross_entropy(softmax(z), y)"
        loss = doubled_cross_entropy(logits, target) if wrong else cross_entropy(logits, target)
        gradient = doubled_gradient(logits, target) if wrong else cross_entropy_gradient(logits, target)
        assert answer["loss"] == pytest.approx(loss, rel=1e-11), line
        np.testing.assert_allclose(answer["gradient"], gradient, rtol=1e-10, atol=1e-15, err_msg=line)


def test_the_stored_answers_say_where_they_come_from():
    assert REPORT["torch"].startswith("2.") and REPORT["command"] == "python benchmarks/double_softmax.py"
    assert (ROOT / REPORT["command"].split()[1]).exists()
    assert {len(example["lines"]) for example in EXAMPLES} == {5}


def test_log_softmax_a_second_time_changes_nothing():
    logits, targets = random_rows()
    once = log_softmax(logits)
    np.testing.assert_allclose(log_softmax(once), once, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(cross_entropy(once, targets), cross_entropy(logits, targets), rtol=1e-12)
    assert not np.allclose(softmax(softmax(logits)), softmax(logits), atol=0.1)


# --- trainings
def test_the_gradient_for_training_is_that_of_the_mean():
    logits, targets = random_rows(8)
    rows = np.array([5, 2, 7])
    found = doubled_to(targets)(logits[rows].astype(np.float32), rows)
    np.testing.assert_allclose(found, doubled_gradient(logits[rows], targets[rows]) / 3, atol=1e-7)


@pytest.mark.parametrize("optimiser", OPTIMISERS.values(), ids=OPTIMISERS)
def test_the_right_loss_learns_sooner_and_the_seeds_repeat_themselves(optimiser):
    right, doubled = (train([3, 4], loss, optimiser(), epochs=8) for loss in ("right", "doubled"))
    assert right.accuracy.shape == doubled.accuracy.shape == (2, 8)
    assert (right.accuracy[:, -1] > doubled.accuracy[:, -1] + 0.05).all()
    assert (right.unseen_loss < doubled.unseen_loss).all()
    low, high = doubled_range(10)
    assert (right.own_loss < low).all() and (low < doubled.own_loss).all() and (doubled.own_loss < high).all()
    assert (train([3, 4], "doubled", optimiser(), epochs=8).accuracy == doubled.accuracy).all()


def test_the_digits_that_are_never_answered_are_counted():
    """Untrained networks, whose answers are counted here in another way."""
    seeds = [0, 1]
    _, (unseen, _), network = start(seeds)
    never = [sum(digit not in row for digit in range(10)) for row in network.logits(unseen).argmax(axis=-1).tolist()]
    assert train(seeds, "right", descent(0.0), epochs=1).missing.tolist() == never and max(never) > 0


def test_the_learning_rate_counts():
    faster, slower = (train([3], "doubled", step, epochs=3).accuracy[0, -1] for step in (descent(1), descent()))
    assert faster > slower


def test_an_unknown_loss_and_no_seed_are_named():
    with pytest.raises(ValueError, match=r"loss must be one of .*, not 'wrong'"):
        train([0], "wrong", adam())
    with pytest.raises(ValueError, match="seeds must name at least one seed"):
        train([], "right", adam())
