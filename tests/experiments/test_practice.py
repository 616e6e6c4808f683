"""The hub's examples are what their chapters measure, and its temperatures are what a root finder finds."""

import numpy as np
import pytest
from scipy.optimize import brentq

from experiments import practice
from experiments.calibration import Answered, Answers
from softmax_lib import perplexity, softmax


@pytest.mark.parametrize("scores", [[2, 1, 0.5, -0.5, -2], [0.01, 0.02, 0.0], [900, -300, 20, 7]])
@pytest.mark.parametrize("effective", [1.2, 2, 2.9])
def test_temperature_of_is_the_root(scores, effective):
    def surplus(temperature):
        return perplexity(softmax(scores, temperature)) - effective

    low, high = np.ptp(scores) * 1e-3, np.ptp(scores) * 1e3
    assert practice.temperature_of(effective, scores) == pytest.approx(brentq(surplus, low, high), rel=1e-4)


def test_doubled_scores_need_the_doubled_temperature():
    scores = np.array([3, 1, 0.2])
    assert practice.temperature_of(2, 2 * scores) == pytest.approx(2 * practice.temperature_of(2, scores))


@pytest.mark.parametrize("scores", [[1, 1, 1], [], [[1, 2]], [1, np.nan], [0, -np.inf]])
def test_scores_that_no_temperature_changes_are_refused(scores):
    with pytest.raises(ValueError, match="scores must be finite numbers, two of them different"):
        practice.temperature_of(2, scores)


@pytest.mark.parametrize("effective", [1, 3, 0, 7, np.nan])
def test_perplexities_out_of_reach_are_refused(effective):
    with pytest.raises(
        ValueError, match=f"effective_classes must lie between 1 and 3 for these scores, not {effective}"
    ):
        practice.temperature_of(effective, [2, 1, 0])


def test_the_wrong_answer_is_wrong_and_nearest_to_the_confidence(monkeypatch):
    logits = np.log([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6]])
    answers = Answers(logits, np.array([0, 1, 0, 0]))  # the first is right
    monkeypatch.setattr(practice, "overfit_logits", lambda seed: Answered(answers, answers, answers))
    found = practice.wrong_answer(0.88)
    assert found.logits.tolist() == logits[2].tolist() and found.truth == 0


@pytest.mark.parametrize("confidence", [0, -0.1, 1.1, np.nan])
def test_confidences_that_are_none_are_refused(confidence):
    with pytest.raises(ValueError, match="confidence must be above 0 and at most 1"):
        practice.wrong_answer(confidence)


def test_many_scores_are_rows_of_the_settings_that_the_figure_shows():
    many = practice.many_scores(5)
    assert {name: rows.shape for name, rows in many.items()} == {
        "Teacher": (5, 10),
        "Classes": (5, 3),
        "Overconfident": (5, 10),
    }
    assert list(many) == ["Teacher", "Classes", "Overconfident"]
    with pytest.raises(ValueError, match="count must be at least 1, not 0"):
        practice.many_scores(0)
