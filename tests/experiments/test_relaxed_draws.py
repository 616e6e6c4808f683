"""Gradients through a draw, against sums over all classes, finite differences and integrals."""

import itertools

import numpy as np
import pytest
from scipy import integrate

from experiments.relaxed_draws import (
    ESTIMATORS,
    annealed,
    costs,
    distance_to,
    draw,
    errors,
    exact_gradient,
    fixed,
    learn,
    relaxed,
    score_function,
    straight_through,
    with_baseline,
)
from softmax_lib import softmax

Z = np.log([0.6, 0.3, 0.1])
LOSS = distance_to([0.45, 0.35, 0.2])


def mean_cost(z, loss=LOSS):
    return softmax(z) @ costs(loss, len(z))


def central(function, z, step=1e-5):
    return np.array([(function(z + step * e) - function(z - step * e)) / (2 * step) for e in np.eye(len(z))])


@pytest.mark.parametrize("power", [2, 4])
def test_a_loss_and_its_slope(power):
    loss, y = distance_to([0.2, 0.8], power), np.array([0.7, 0.3])
    assert loss.value(y) == pytest.approx(2 * 0.5**power)
    np.testing.assert_allclose(loss.slope(y), central(loss.value, y), rtol=1e-8)
    assert costs(loss, 2) == pytest.approx([0.8**power * 2, 0.2**power * 2])


def test_exact_gradient_is_the_slope_of_the_mean_cost():
    np.testing.assert_allclose(exact_gradient(Z, LOSS), central(mean_cost, Z), rtol=1e-7)
    assert exact_gradient(Z, LOSS).sum() == pytest.approx(0, abs=1e-15)


def test_the_relaxed_estimate_is_the_slope_of_the_loss_with_the_noise_held():
    noise = np.random.default_rng(0).gumbel(size=(1, 3))
    for T in (0.3, 1, 4):
        found = relaxed(draw(Z[None], noise), LOSS, T)[0]
        slope = central(lambda z, T=T: LOSS.value(softmax(z + noise[0], T)), Z)
        np.testing.assert_allclose(found, slope, rtol=1e-6, atol=1e-9)


def test_straight_through_differs_only_in_what_the_loss_saw():
    noise = np.random.default_rng(1).gumbel(size=(1, 3))
    draws = draw(Z[None], noise)
    linear = distance_to([0.0, 0.0, 0.0])._replace(
        value=lambda y: y @ [1.0, 2.0, 5.0], slope=lambda y: np.broadcast_to([1.0, 2.0, 5.0], y.shape)
    )
    np.testing.assert_allclose(straight_through(draws, linear, 0.7), relaxed(draws, linear, 0.7))
    assert not np.allclose(straight_through(draws, LOSS, 0.7), relaxed(draws, LOSS, 0.7))


@pytest.mark.parametrize("estimate", [score_function, with_baseline])
@pytest.mark.parametrize("together", [1, 2])
def test_the_score_function_is_right_on_average(estimate, together):
    """Over all classes that may be drawn, each as often as its probability, and not by chance."""
    p, total = softmax(Z), np.zeros((together, 3))
    for classes in itertools.product(range(3), repeat=together):
        hard = np.eye(3)[list(classes)]
        draws = draw(np.tile(Z, (together, 1)), np.zeros((together, 3)))._replace(hard=hard)
        total += np.prod(p[list(classes)]) * estimate(draws, LOSS, 1.0)
    np.testing.assert_allclose(total, np.tile(exact_gradient(Z, LOSS), (together, 1)), atol=1e-15)


def test_two_classes_have_an_integral():
    """The difference of two Gumbel numbers is logistic: bias and variance of the relaxed estimate by quadrature."""
    z, loss, T = np.array([0.4, -0.3]), distance_to([0.9, 0.1]), 0.8

    def first(x):
        y = softmax(np.array([z[0] - z[1] + x, 0]), T)
        return y[0] * (1 - y[0]) * (loss.slope(y)[0] - loss.slope(y)[1]) / T

    def mean(function):
        return integrate.quad(lambda x: function(x) * np.exp(-x) / (1 + np.exp(-x)) ** 2, -40, 40)[0]

    exact, average = exact_gradient(z, loss)[0], mean(first)
    found = errors(range(20), "Gumbel-softmax", z, loss, T, draws=5000)
    bias, variance = (average - exact) ** 2 / exact**2, (mean(lambda x: first(x) ** 2) - average**2) / exact**2
    for numbers, right in ((found.squared_bias, bias), (found.variance, variance)):
        assert abs(numbers.mean() - right) < 4 * numbers.std(ddof=1) / np.sqrt(20)
    assert bias > 0.01
    np.testing.assert_allclose(found.squared_error(10), found.squared_bias + found.variance / 10)


def test_the_bias_goes_in_the_cold_and_the_noise_comes():
    cold, warm = (errors(range(3), "Gumbel-softmax", Z, LOSS, T, draws=4000) for T in (0.1, 1))
    assert cold.squared_bias.mean() < warm.squared_bias.mean()
    assert (cold.variance > 4 * warm.variance).all()


def test_a_shared_bill_adds_the_noise_of_the_others_to_the_score_function():
    """In closed form: (D − 1) · Var f · E|e − p|², in units of the squared gradient."""
    p, f = softmax(Z), costs(LOSS, 3)
    added = (p @ (f - p @ f) ** 2) * (1 - p @ p) / np.sum(exact_gradient(Z, LOSS) ** 2)
    alone, nine = (errors(range(8), "REINFORCE, baseline", Z, LOSS, together=D, draws=4000) for D in (1, 9))
    assert nine.variance.mean() - alone.variance.mean() == pytest.approx(8 * added, rel=0.03)
    soft = [errors([0], "Gumbel-softmax", Z, LOSS, together=D, draws=4000).variance for D in (1, 9)]
    assert soft[1] == pytest.approx(soft[0], rel=0.1)


def test_schedules():
    assert [fixed(0.3)(step) for step in (0, 999)] == [0.3, 0.3]
    assert [annealed(2, 0.5, 10)(step) for step in (0, 5, 10, 99)] == pytest.approx([2, 1, 0.5, 0.5])


def test_learning_from_the_exact_direction_finds_the_cheapest_class():
    found = learn([0, 1, 2], "REINFORCE, baseline", fixed(1), LOSS, runs=10, steps=400)
    assert found.shape == (3,) and (found > 0.9).all()
    assert (found == learn([0, 1, 2], "REINFORCE, baseline", fixed(1), LOSS, runs=10, steps=400)).all()
    assert (learn([0, 1, 2], "Gumbel-softmax", fixed(1), LOSS, runs=10, steps=400) < 0.75).all()
    assert learn([0], "Gumbel-softmax", fixed(1), LOSS, steps=0) == pytest.approx([1 / 3])


def test_each_seed_is_a_world_of_its_own():
    one, two = (learn(seeds, "Gumbel-softmax", fixed(1), LOSS, runs=3, steps=5) for seeds in ([7], [3, 7]))
    assert two[1] == one[0] != two[0]


@pytest.mark.parametrize(
    "function", [lambda name: errors([0], name, Z, LOSS), lambda name: learn([0], name, fixed(1), LOSS)]
)
def test_an_unknown_estimator_is_named(function):
    with pytest.raises(ValueError, match=f"estimator must be one of .*{next(iter(ESTIMATORS))}.*, not 'magic'"):
        function("magic")


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="power must be an even number from 2 on, not 3"):
        distance_to([0.5, 0.5], 3)
    with pytest.raises(ValueError, match="draws must be at least 2 and together at least 1, not 1 and 1"):
        errors([0], "REINFORCE", Z, LOSS, draws=1)
    with pytest.raises(ValueError, match="seeds must name at least one seed"):
        learn([], "REINFORCE", fixed(1), LOSS)
