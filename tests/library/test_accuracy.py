"""Errors in units in the last place (ULP) against mpmath at 60 digits."""

import numpy as np
import pytest
from scipy import special

from softmax_lib import entropy, entropy_slope, log_softmax, logsumexp, perplexity, softmax

from .reference import (
    exact_entropy,
    exact_entropy_slope,
    exact_log_softmax,
    exact_logsumexp,
    exact_softmax,
    ulps,
)

CASES = [(classes, scale) for classes in (2, 5, 63, 64, 200, 1000) for scale in (0.01, 1, 3, 30)]


def normal(classes, scale=1.0, dtype=np.float64, seed=0):
    return (np.random.default_rng([seed, classes]).normal(size=classes) * scale).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [1, 2, 5, 63, 64, 65, 127, 128, 200, 1000])
def test_softmax_within_12_ulp_of_standard_normal_logits(classes, dtype):
    for seed in range(3):
        z = normal(classes, dtype=dtype, seed=seed)
        assert ulps(softmax(z), exact_softmax(z)).max() <= 12


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("classes", "scale"), CASES)
def test_log_softmax_within_4_plus_the_spread_in_ulp(classes, scale, dtype):
    z = normal(classes, scale, dtype)
    assert ulps(log_softmax(z), exact_log_softmax(z)).max() <= 4 + np.ptp(z)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("z", [[0, -40], [0, -40, -50], [0, -700], [5, 5], [0, -1e-8], [0, 0, -40], [-1e4, -1e4 - 30]])
def test_log_softmax_of_confident_rows(z, dtype):
    z = np.array(z, dtype)
    for row in (z, z[::-1]):
        assert ulps(log_softmax(row), exact_log_softmax(row)).max() <= 4 + np.ptp(z)


def test_log_softmax_of_a_near_certain_class_is_not_zero():
    assert log_softmax([0.0, -40.0])[0] == pytest.approx(-4.248354255291589e-18, rel=1e-15)
    assert special.log_softmax([0.0, -40.0])[0] == 0  # the information that SciPy loses


def test_low_temperature_on_an_offset():
    rng = np.random.default_rng(0)
    # What was drawn before it in the measurement that the promise quotes:
    rng.normal(size=5 + 1000 + 1000 + 50257 + 1000 + 1000)
    z = 100 + rng.normal(size=1000)
    exact = exact_softmax(z, 0.003)
    assert round(ulps(softmax(z, 0.003), exact).max()) <= 454
    assert ulps(special.softmax(z / 0.003), exact).max() > 30_000  # the shift comes first for a reason


@pytest.mark.parametrize("offset", [1e4, -1e4])
@pytest.mark.parametrize("temperature", [1e-3, 0.1, 7.0, 1e6])
def test_offsets_and_temperatures(offset, temperature):
    z = offset + normal(50)
    exact = exact_softmax(z, temperature)
    bound = 12 + 2 * np.ptp(z) / temperature
    kept = np.array([float(value) > 1e-300 for value in exact])
    assert ulps(softmax(z, temperature), exact)[kept].max() <= bound


@pytest.mark.parametrize("classes", [1, 2, 63, 64, 1000])
@pytest.mark.parametrize("offset", [0, 100, -1e4])
def test_logsumexp(classes, offset):
    z = offset + normal(classes, 3)
    scale = np.spacing(max(abs(z).max(), 1))
    assert abs(float(logsumexp(z) - exact_logsumexp(z))) <= 4 * scale


@pytest.mark.parametrize("classes", [2, 5, 200, 1000])
def test_entropy_and_perplexity(classes):
    p = softmax(normal(classes, 3))
    exact = float(exact_entropy(p))
    assert float(entropy(p)) == pytest.approx(exact, rel=1e-14)
    assert float(entropy(p, base=2)) == pytest.approx(exact / np.log(2), rel=1e-14)
    assert float(perplexity(p)) == pytest.approx(np.exp(exact), rel=1e-13)


@pytest.mark.parametrize("temperature", [0.05, 0.5, 1.0, 20.0, 1e6])
@pytest.mark.parametrize("offset", [0, 1e4])
def test_entropy_slope(temperature, offset):
    z = offset + normal(20)
    assert float(entropy_slope(z, temperature)) == pytest.approx(float(exact_entropy_slope(z, temperature)), rel=1e-11)


@pytest.mark.parametrize("classes", [63, 1000, 100_000])
def test_probabilities_sum_to_one(classes):
    assert float(softmax(normal(classes, 3)).sum()) == pytest.approx(1, abs=1e-15)
