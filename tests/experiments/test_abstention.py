"""Answers with a price, on cases small enough to count by hand and on simulated ones that are calibrated by design."""

from itertools import product

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss

from experiments.abstention import answer_if_sure, cheapest_threshold, chow_threshold, cost_by_chow, judged, solved
from softmax_lib import sample, softmax

# Five questions: confidences 0.9, 0.8, 0.8, 0.6, 0.5; the second and the last are answered wrongly.
P = np.array([[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.6, 0.4], [0.5, 0.5]])
LABELS = np.array([0, 1, 1, 0, 1])


def calibrated(rows=4000, classes=5, spread=2.0):
    """Probabilities whose labels are drawn from them."""
    rng = np.random.default_rng(11)
    p = softmax(spread * rng.normal(size=(rows, classes)))
    return p, sample(p, rng=rng)


@pytest.mark.parametrize(
    ("threshold", "answered", "right", "cost"),
    [
        (0, 1, 0.6, 0.4),
        (0.5, 1, 0.6, 0.4),
        (0.6, 0.8, 0.75, (1 + 0.3) / 5),
        (0.8, 0.6, 2 / 3, (1 + 0.6) / 5),
        (0.85, 0.2, 1, 4 * 0.3 / 5),
    ],
)
def test_answers_counted_by_hand(threshold, answered, right, cost):
    found = answer_if_sure(P, LABELS, threshold, refusal=0.3)
    assert found == pytest.approx((answered, right, cost))


def test_nobody_answers():
    answered, right, cost = answer_if_sure(P, LABELS, 0.95, refusal=0.3)
    assert (answered, cost) == (0, 0.3) and np.isnan(right)


@pytest.mark.parametrize("refusal", [-0.1, 1.1])
def test_a_refusal_dearer_than_a_mistake_is_refused(refusal):
    with pytest.raises(ValueError, match=f"refusal must cost from 0 to 1, a wrong answer's price, not {refusal}"):
        answer_if_sure(P, LABELS, 0.5, refusal)


@pytest.mark.parametrize("refusal", [0.05, 0.2, 0.5])
def test_chows_threshold_is_cheapest_when_confidence_is_true(refusal):
    p, labels = calibrated()
    costs = {
        shift: answer_if_sure(p, labels, chow_threshold(refusal) + shift, refusal).cost for shift in (-0.15, 0, 0.15)
    }
    assert min(costs, key=costs.get) == 0


def test_the_cheapest_threshold_beats_every_other():
    p, labels = calibrated(200)
    for refusal in (0.0, 0.1, 0.3, 0.6, 1.0):
        best = answer_if_sure(p, labels, cheapest_threshold(p, labels, refusal), refusal).cost
        tried = [answer_if_sure(p, labels, threshold, refusal).cost for threshold in [*p.max(axis=1), np.inf]]
        assert best == pytest.approx(min(tried))


def test_equal_confidences_are_answered_together():
    assert cheapest_threshold([[0.8, 0.2], [0.8, 0.2], [0.8, 0.2]], [0, 1, 1], 0.3) == np.inf
    assert cheapest_threshold([[0.8, 0.2], [0.8, 0.2], [0.7, 0.3]], [0, 0, 1], 0.3) == 0.8


@pytest.mark.parametrize("temperature", [0, 0.5, 2, np.inf])
@pytest.mark.parametrize("tries", [1, 2, 3])
def test_solved_counts_every_outcome(temperature, tries):
    logits, labels = np.array([[2.0, 1.0, -1.0], [0.0, 0.5, 0.3]]), np.array([1, 1])
    expected = []
    for p, label in zip(softmax(logits, temperature), labels, strict=True):
        outcomes = product(range(3), repeat=tries)
        expected.append(sum(np.prod(p[list(picks)]) for picks in outcomes if label in picks))
    assert solved(logits, labels, temperature, tries) == pytest.approx(np.mean(expected), rel=1e-13)


def test_solved_agrees_with_real_samples():
    rng = np.random.default_rng(2)
    logits, labels = rng.normal(size=(50, 4)), rng.integers(0, 4, 50)
    p = softmax(logits, 1.5)
    hit = [np.any([sample(p, rng=rng) == labels for _ in range(3)], axis=0).mean() for _ in range(400)]
    assert solved(logits, labels, 1.5, tries=3) == pytest.approx(np.mean(hit), abs=5 * np.std(hit) / 20)


def test_no_try_is_an_error():
    with pytest.raises(ValueError, match="tries must be at least 1, not 0"):
        solved([[0.0, 1.0]], [0], 1.0, tries=0)


@pytest.mark.parametrize("temperature", [0.3, 1, 4])
def test_a_model_is_judged_as_scikit_learn_does(temperature):
    p, labels = calibrated(500)
    found = judged(np.log(p), labels, temperature)
    scaled = softmax(np.log(p), temperature)
    assert found.best_class == accuracy_score(labels, p.argmax(axis=1))
    assert found.nll == pytest.approx(log_loss(labels, scaled, labels=range(5)))
    assert found.one_sample == pytest.approx(scaled[np.arange(500), labels].mean())


def test_a_calibrated_model_is_judged_best_and_pays_least_at_one():
    p, labels = calibrated()
    logits, temperatures = np.log(p), [0.25, 0.5, 1, 2, 4]
    judgements = [judged(logits, labels, T) for T in temperatures]
    for values in (
        [each.nll for each in judgements],
        [each.ece for each in judgements],
        [cost_by_chow(logits, labels, T, 0.2) for T in temperatures],
    ):
        assert temperatures[int(np.argmin(values))] == 1
    assert len({each.best_class for each in judgements}) == 1
