"""Distillation on inputs small enough to check by hand."""

import numpy as np
import pytest

from experiments import distillation
from experiments.distillation import HARD, accuracy, shifted, student_accuracies, towards, with_share_of
from experiments.networks import Network
from softmax_lib import softmax


def test_soft_targets_pull_with_t_times_the_difference_of_probabilities():
    teacher, student = np.array([[2.0, 1, -1], [0, 3, 1]]), np.array([[1.0, 0, 0], [0, 0, 2]])
    pull = towards(4, np.array([0, 1]), teacher)(student, np.arange(2))
    np.testing.assert_allclose(pull, 4 * (softmax(student, 4) - softmax(teacher, 4)) / 2)


def test_at_a_high_temperature_the_pull_is_the_difference_of_centred_logits():
    """Hinton et al. 2015, section 2.1: matching logits is the limit."""
    teacher, student = np.array([[2.0, 1, -3]]), np.array([[1.0, 0, 5]])
    pull = towards(10_000, np.array([0]), teacher)(student, np.arange(1))
    centred = (student - student.mean()) - (teacher - teacher.mean())
    np.testing.assert_allclose(pull, centred / 3, rtol=1e-3)


def test_labels_pull_to_the_right_class():
    student = np.array([[1.0, 0, 0]])
    np.testing.assert_allclose(
        towards(HARD, np.array([2]), student)(student, np.arange(1)), softmax(student) - [[0, 0, 1]]
    )


def test_shifted_copies_move_the_ink_and_add_none():
    image = np.zeros((1, 8, 8))
    image[0, 3, 4] = 1
    copies = shifted(image.reshape(1, 64)).reshape(9, 8, 8)
    places = {tuple(place[1:]) for place in np.argwhere(copies)}
    assert places == {(row, column) for row in (2, 3, 4) for column in (3, 4, 5)}
    corner = np.zeros((1, 8, 8))
    corner[0, 0, 0] = 1
    assert shifted(corner.reshape(1, 64)).sum() == 4  # the others left the image


def test_one_shift_gives_the_share_that_is_asked_for():
    logits = np.random.default_rng(0).normal(size=(200, 5))
    moved = with_share_of(logits, 3, 0.1)
    assert (moved.argmax(1) == 3).sum() == 20
    assert np.ptp((moved - logits)[:, 3]) < 1e-12 and (np.delete(moved - logits, 3, axis=1) == 0).all()


@pytest.fixture
def tiny_lesson(monkeypatch):
    rng = np.random.default_rng(0)
    labels = np.arange(40) % 10
    pixels = np.eye(10, 64, dtype=np.float32)[labels] + 0.01 * rng.standard_normal((40, 64)).astype(np.float32)

    class Oracle:
        def logits(self, pixels):
            return 10 * pixels[:, :10]

    monkeypatch.setattr(
        distillation, "lesson", lambda seed: (Oracle(), (pixels[:30], labels[:30]), (pixels[30:], labels[30:]))
    )
    return labels


def test_students_of_an_oracle_learn_an_easy_task_and_repeat_themselves(tiny_lesson):
    scores = student_accuracies(0, 30, kinds=(HARD, 4))
    assert scores == {HARD: 1.0, 4: 1.0} == student_accuracies(0, 30, kinds=(HARD, 4))
    assert distillation.teacher_accuracy(0) == 1


def test_a_class_never_shown_is_known_by_its_soft_targets_only_after_the_shift(tiny_lesson):
    before, after = distillation.omitted_class(0, kinds=(HARD,))[HARD]
    assert before == 0 <= after <= 1


@pytest.mark.parametrize(("examples", "lessons"), [(0, 1), (31, 1), (10, 4)])
def test_more_lessons_than_the_teacher_knows_are_an_error(tiny_lesson, examples, lessons):
    with pytest.raises(ValueError, match="examples × lessons must be from 1 to 30"):
        student_accuracies(0, examples, lessons)


def test_an_accuracy_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="an accuracy needs examples"):
        accuracy(np.zeros((0, 3)), np.array([], int))


def test_the_teacher_is_the_mean_of_its_networks():
    pixels = np.random.default_rng(0).random((20, 64), np.float32)
    teacher = distillation.Teacher(
        (pixels, np.arange(20) % 10), np.random.default_rng(1), networks=2, hidden=8, epochs=1
    )
    assert all(isinstance(network, Network) for network in teacher.networks)
    np.testing.assert_allclose(
        teacher.logits(pixels), sum(network.logits(pixels) for network in teacher.networks) / 2, rtol=1e-6
    )
