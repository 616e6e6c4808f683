"""The overfit network and its confidence: small trainings, and judges that know nothing of the library."""

import numpy as np
import pytest
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss

from experiments import calibration
from experiments.calibration import (
    Answers,
    answers_by_epoch,
    comparison,
    loss_by_beta,
    perfect_errors,
    scores,
    slope_and_curvature,
)
from experiments.digits import split
from softmax_lib import fit_temperature, softmax


@pytest.fixture
def answers():
    """Scores of 400 examples whose true temperature is 2: too firm as they stand."""
    rng = np.random.default_rng(0)
    logits = 3 * rng.normal(size=(400, 4))
    labels = (softmax(logits, 2).cumsum(axis=1) > rng.random((400, 1))).argmax(axis=1)
    return Answers(logits, labels)


@pytest.fixture(scope="module")
def trained():
    return answers_by_epoch(0, epochs=(1, 3))


def test_scores_are_those_of_scikit_learn(answers):
    for temperature in (0.5, 1, 3):
        found, p = scores(answers, temperature), softmax(answers.logits, temperature)
        confidence, right = p.max(axis=1), p.argmax(axis=1) == answers.labels
        assert found.accuracy == accuracy_score(answers.labels, p.argmax(axis=1))
        assert found.confidence == pytest.approx(confidence.mean())
        assert found.nll == pytest.approx(log_loss(answers.labels, p))
        assert found.brier == pytest.approx(brier_score_loss(answers.labels, p, scale_by_half=False))
        accuracy, mean = calibration_curve(right, confidence, n_bins=15)
        count = np.bincount(np.searchsorted(np.arange(1, 15) / 15, confidence), minlength=15)
        assert found.ece == pytest.approx(abs(accuracy - mean) @ count[count > 0] / len(right))


def test_a_model_that_is_perfect_has_the_error_of_chance():
    """With all confidences in one bin, the error is that of a binomial share: its mean is known exactly."""
    n, q = 200, 0.7
    errors = perfect_errors(np.tile([q, 1 - q], (n, 1)), 3000, np.random.default_rng(1))
    k = np.arange(n + 1)
    exact = stats.binom.pmf(k, n, q) @ abs(k / n - q)
    assert errors.mean() == pytest.approx(exact, abs=5 * errors.std() / np.sqrt(3000))
    assert np.isclose(errors * n, np.round(errors * n)).all()


def test_certain_and_perfect_is_never_wrong():
    assert (perfect_errors(np.eye(3), 5, np.random.default_rng(0)) == 0).all()


def test_perfect_errors_repeat_themselves(answers):
    p = softmax(answers.logits, 2)
    first, again, other = (perfect_errors(p, 4, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert (first == again).all() and (first != other).any()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: perfect_errors([[0.5, 0.5]], 0, np.random.default_rng(0)), "repeats must be at least 1, not 0"),
        (
            lambda: perfect_errors(np.ones((0, 2)), 1, np.random.default_rng(0)),
            r"probabilities must have one row a digit .* not shape \(0, 2\)",
        ),
        (lambda: perfect_errors([[0.5, 0.6]], 1, np.random.default_rng(0)), "probabilities"),
        (lambda: answers_by_epoch(0, epochs=()), r"epochs must name at least one epoch, all from 1 on, not \(\)"),
        (lambda: answers_by_epoch(0, epochs=(0, 1)), "not .0, 1."),
        (lambda: scores(Answers(np.ones((0, 3)), np.ones(0, int))), "answers must hold at least one row"),
        (lambda: scores(Answers(np.ones((2, 3)), np.array([0, 3]))), "labels"),
        (lambda: comparison(calibration.Answered(*[Answers(np.ones((2, 3)), np.array([0, -1]))] * 3), 0), "labels"),
    ],
)
def test_bad_input_is_refused_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_loss_by_beta_is_convex_with_the_stated_slopes(answers):
    betas = np.linspace(0.05, 3, 40)
    losses = loss_by_beta(answers, betas)
    assert (np.diff(losses, 2) > 0).all()
    for beta in (0.1, 0.5, 1, 2):
        slope, curvature = slope_and_curvature(answers, beta)
        below, here, above = loss_by_beta(answers, [beta - 1e-4, beta, beta + 1e-4])
        assert slope == pytest.approx((above - below) / 2e-4, abs=1e-6)
        assert curvature == pytest.approx((above - 2 * here + below) / 1e-8, rel=1e-4)
    assert abs(slope_and_curvature(answers, 1 / fit_temperature(*answers))[0]) < 1e-9


def test_the_comparison_fits_on_one_set_and_judges_on_another(answers):
    firm = Answers(answers.logits * 2, answers.labels)
    found = comparison(calibration.Answered(answers, firm, answers), seed=0)
    assert found.temperature == pytest.approx(fit_temperature(*firm)) != pytest.approx(fit_temperature(*answers))
    assert found.before == scores(answers) and found.after == scores(answers, found.temperature)
    assert 0.01 < found.floor < 0.1


def test_the_network_answers_every_digit_and_learns(trained):
    _, validation, test = split(np.random.default_rng(0), 500, 500, noise=0.4)
    assert list(trained) == [1, 3]
    for answered in trained.values():
        assert [answers.logits.shape for answers in answered] == [(500, 10), (500, 10), (797, 10)]
        assert (answered.validation.labels == validation[1]).all() and (answered.test.labels == test[1]).all()
    assert scores(trained[3].training).accuracy > scores(trained[1].training).accuracy > 0.2


def test_an_epoch_does_not_depend_on_which_others_are_asked_for(trained):
    again = answers_by_epoch(0, epochs=(3,))
    np.testing.assert_array_equal(again[3].test.logits, trained[3].test.logits)


def test_the_end_of_training_is_the_last_epoch(monkeypatch):
    monkeypatch.setattr(calibration, "answers_by_epoch", lambda seed, noise: {150: (seed, noise), 50: None})
    assert calibration.overfit_logits(3) == (3, 0.4) and calibration.overfit_logits(3, 0.0) == (3, 0.0)
