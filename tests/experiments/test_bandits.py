import math
from itertools import pairwise

import numpy as np
import pytest

from experiments.bandits import Testbed as Bed  # pytest would take a name with Test for a class of tests
from experiments.bandits import annealed, boltzmann, constant, epsilon_greedy, greedy, play, upper_confidence_bound
from experiments.bandits import testbed as draw_bed
from softmax_lib import softmax

VALUES, PULLS = np.array([[1.0, 0.5, -1.0], [2.0, 2.0, 0.0]]), np.array([[3.0, 1.0, 2.0], [5.0, 5.0, 1.0]])


def known(means, steps=6, bandits=2):
    """A bed without noise: bandits that all have these means."""
    return Bed(np.tile(np.array(means, float), (bandits, 1)), np.zeros((steps, bandits)))


def watched(policy):
    """The same policy, and a list of what it saw: values, pulls and step."""
    seen = []

    def watch(values, pulls, step):
        seen.append((values.copy(), pulls.copy(), step))
        return policy(values, pulls, step)

    return watch, seen


# --- the testbed
def test_means_and_noise_have_the_shapes_and_deviations_asked_for():
    bed = draw_bed([1, 2], bandits=3000, arms=4, steps=7, spread=2, noise=3)
    assert bed.means.shape == (6000, 4) and bed.noise.shape == (7, 6000)
    assert bed.means.std() == pytest.approx(2, rel=0.03) and bed.noise.std() == pytest.approx(3, rel=0.03)
    assert abs(bed.means.mean()) < 0.05 and abs(bed.noise.mean()) < 0.06


def test_the_bandits_of_a_seed_follow_from_it_alone():
    both, second = draw_bed([1, 2], bandits=5, steps=3), draw_bed([2], bandits=5, steps=3)
    np.testing.assert_array_equal(both.means[5:], second.means)
    np.testing.assert_array_equal(both.noise[:, 5:], second.noise)
    assert (both.means[:5] != both.means[5:]).all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"arms": 0}, "arms must be 1 or more, not 0"),
        ({"bandits": 0}, "bandits must be 1 or more, not 0"),
        ({"steps": 0}, "steps must be 1 or more, not 0"),
        ({"spread": -1}, "spread must be 0 or more and finite, not -1"),
        ({"noise": math.nan}, "noise must be 0 or more and finite, not nan"),
    ],
)
def test_what_cannot_be_played_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        draw_bed([0], **wrong)


def test_a_bandit_without_arms_and_a_bed_without_steps_are_refused():
    with pytest.raises(ValueError, match=r"means must be of shape .*, not \(2, 0\)"):
        Bed(np.zeros((2, 0)), np.zeros((5, 2)))
    with pytest.raises(ValueError, match=r"noise must be of shape .*, not \(0, 2\)"):
        Bed(np.zeros((2, 3)), np.zeros((0, 2)))
    with pytest.raises(ValueError, match=r"noise must be of shape .*, not \(5, 1\)"):
        Bed(np.zeros((2, 3)), np.zeros((5, 1)))


# --- policies against their definitions
def test_boltzmann_is_the_softmax_of_the_values():
    for temperature in (0, 0.25, 1, math.inf):
        np.testing.assert_array_equal(boltzmann(temperature)(VALUES, PULLS, 3), softmax(VALUES, temperature))
    falling = boltzmann(lambda step: 1 / (step + 1))
    np.testing.assert_array_equal(falling(VALUES, PULLS, 3), softmax(VALUES, 0.25))


def test_greedy_shares_ties_and_epsilon_mixes_in_the_uniform():
    np.testing.assert_array_equal(greedy()(VALUES, PULLS, 0), [[1, 0, 0], [0.5, 0.5, 0]])
    np.testing.assert_allclose(epsilon_greedy(0.3)(VALUES, PULLS, 0), [[0.8, 0.1, 0.1], [0.45, 0.45, 0.1]])


def test_upper_confidence_bound_by_hand():
    t = 7  # the seventh pull: step 6
    for c in (0, 0.5, 2):
        scores = [
            [q + c * math.sqrt(math.log(t) / n) for q, n in zip(*pair, strict=True)]
            for pair in zip(VALUES, PULLS, strict=True)
        ]
        chosen = upper_confidence_bound(c)(VALUES, PULLS, t - 1)
        assert [row.argmax() for row in chosen] == [max(range(3), key=row.__getitem__) for row in scores]
        assert set(chosen.ravel()) <= {0, 0.5, 1}


def test_upper_confidence_bound_tries_everything_first():
    untried = np.array([[1.0, 0.0, 0.0]])
    np.testing.assert_array_equal(upper_confidence_bound(1)(np.array([[9.0, 0, 0]]), untried, 1), [[0, 0.5, 0.5]])
    watch, seen = watched(upper_confidence_bound(1))
    play(known([0, 5, 1]), watch)
    assert all((pulls.sum(axis=1) == step).all() for _, pulls, step in seen)
    assert (seen[3][1] == 1).all()


def test_annealing_is_geometric_and_then_stays():
    schedule = annealed(1, 0.05, 300)
    assert (
        schedule(0) == 1
        and schedule(150) == pytest.approx(math.sqrt(0.05))
        and schedule(300) == schedule(999) == pytest.approx(0.05)
    )
    ratios = [schedule(step + 1) / schedule(step) for step in range(300)]
    assert max(ratios) == pytest.approx(min(ratios)) and max(ratios) < 1
    assert constant(0.25)(7) == 0.25


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: boltzmann(-0.1), "temperature must be 0 or more, not -0.1"),
        (lambda: boltzmann(math.nan), "temperature must be 0 or more, not nan"),
        (lambda: annealed(-1, 0.05, 10), "start must be 0 or more, not -1"),
        (lambda: annealed(1, 0, 10), "end must be above 0 and finite, not 0"),
        (lambda: annealed(math.inf, 1, 10), "start must be above 0 and finite, not inf"),
        (lambda: annealed(1, 0.05, 0), "steps must be 1 or more, not 0"),
        (lambda: epsilon_greedy(1.5), "epsilon must be from 0 to 1, not 1.5"),
        (lambda: upper_confidence_bound(-1), "weight must be 0 or more and finite, not -1"),
        (lambda: play(known([0, 1]), greedy()).regret_after(7), "steps must be from 1 to 6, not 7"),
        (lambda: play(known([0, 1]), greedy()).regret_after(0), "steps must be from 1 to 6, not 0"),
    ],
)
def test_what_makes_no_sense_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# --- playing, against closed forms
def test_one_arm_has_no_regret():
    record = play(draw_bed([0, 1], bandits=3, arms=1, steps=5), boltzmann(0.3))
    assert not record.regret.any() and record.best_arm.all()


def test_equal_arms_have_no_regret():
    record = play(draw_bed([0, 1], bandits=3, arms=4, steps=5, spread=0), boltzmann(0.3))
    assert not record.regret.any() and record.best_arm.all()


def test_at_infinite_temperature_the_regret_is_the_mean_gap_a_step():
    bed = draw_bed(range(4), bandits=500, arms=5, steps=50)
    expected = (bed.means.max(axis=1) - bed.means.mean(axis=1)).mean()
    record = play(bed, boltzmann(math.inf))
    for steps in (1, 10, 50):
        spread = (bed.means.max(axis=1, keepdims=True) - bed.means).std() * math.sqrt(steps / 2000)
        assert record.regret_after(steps).mean() == pytest.approx(steps * expected, abs=4 * spread)
    assert record.best_arm.mean() == pytest.approx(1 / 5, abs=0.01)


def test_greedy_stays_with_the_first_arm_that_pays():
    # Without noise and with every mean above 0, the first arm pulled is the best estimate for ever.
    record = play(known([3, 2, 1], steps=8, bandits=200), greedy())
    lost_a_step = np.diff(record.regret, prepend=0, axis=1)
    assert (lost_a_step == lost_a_step[:, :1]).all()
    assert set(lost_a_step[:, 0]) == {0, 1, 2}
    # With every mean below 0 it tries all three once, each time surprised, and then knows.
    record = play(known([-1, -2, -3], steps=8, bandits=20), greedy())
    np.testing.assert_allclose(record.regret_after(3), 0 + 1 + 2)
    np.testing.assert_allclose(record.regret_after(8), 3)


def test_the_values_are_the_means_of_the_rewards_seen():
    bed = draw_bed([3], bandits=4, arms=3, steps=30)
    watch, seen = watched(boltzmann(1))
    play(bed, watch)
    totals = np.zeros((4, 3))
    for (_, before, step), (values, pulls, _) in pairwise(seen):
        arms = (pulls - before).argmax(axis=1)
        totals[range(4), arms] += bed.means[range(4), arms] + bed.noise[step]
        np.testing.assert_allclose(values, totals / np.maximum(pulls, 1), atol=1e-12)
    assert (seen[0][0] == 0).all() and seen[-1][1].sum() == 4 * 29


def test_two_arms_follow_the_softmax_exactly():
    # Two arms and no noise: after the first pull the probabilities are known, so the regret of two steps is too.
    gap, temperature = 1.0, 0.7
    bed = known([gap, 0], steps=2, bandits=40_000)
    second = softmax([gap, 0], temperature)[1]  # once the better arm is known
    expected = 0.5 + 0.5 * second + 0.5 * 0.5  # the worse arm's reward, 0, is the estimate that both begin with
    regret = play(bed, boltzmann(temperature)).regret_after(2)
    assert regret.mean() == pytest.approx(expected, abs=4 * float(regret.std()) / 200)


def test_the_same_seed_repeats_and_another_does_not():
    bed = draw_bed([0], bandits=10, steps=20)
    first, again, other = (play(bed, boltzmann(0.5), seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first.regret, again.regret)
    assert (first.regret != other.regret).any()


def test_temperature_has_the_unit_of_the_rewards():
    one, eight = (draw_bed([0, 1], bandits=20, steps=60, spread=scale, noise=scale) for scale in (1, 8))
    plain = play(one, boltzmann(annealed(1, 0.05, 30)))
    np.testing.assert_allclose(play(eight, boltzmann(annealed(8, 0.4, 30))).regret, 8 * plain.regret)
    assert play(eight, boltzmann(annealed(1, 0.05, 30))).regret[:, -1].mean() > 8 * plain.regret[:, -1].mean()
