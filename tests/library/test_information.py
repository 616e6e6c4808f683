"""Entropy and its relatives against closed forms and SciPy, and their table of exact behaviour."""

import numpy as np
import pytest
from scipy import stats

from softmax_lib import entropy, entropy_slope, perplexity, softmax

inf, nan = np.inf, np.nan


def same(result, expected):
    np.testing.assert_array_equal(result, expected, strict=True)


class TestEntropy:
    @pytest.mark.parametrize("classes", [1, 2, 7, 1024])
    def test_uniform_is_log_of_the_number_of_classes(self, classes):
        p = np.full(classes, 1 / classes)
        assert float(entropy(p)) == pytest.approx(np.log(classes), rel=1e-14, abs=1e-15)
        assert float(entropy(p, base=2)) == pytest.approx(np.log2(classes), rel=1e-14, abs=1e-15)
        assert float(perplexity(p)) == pytest.approx(classes, rel=1e-13)

    def test_certainty_is_plain_zero(self):
        for p in ([1.0], [0.0, 1.0, 0.0], [0, 1], [True, False]):
            assert entropy(p) == 0 and not np.signbit(entropy(p))
            assert perplexity(p) == 1

    @pytest.mark.parametrize("base", [None, 2, 10, np.e])
    def test_against_scipy(self, base):
        p = softmax(np.random.default_rng(0).normal(size=(20, 30)) * 3)
        np.testing.assert_allclose(entropy(p, base=base), stats.entropy(p, base=base, axis=-1), rtol=1e-13)
        np.testing.assert_allclose(entropy(p.T, base=base, axis=0), entropy(p, base=base), rtol=1e-14)

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_keeps_the_float_type(self, dtype):
        p = np.array([[0.5, 0.25, 0.25], [nan, 0, 1]], dtype)
        same(entropy(p, base=2), np.array([1.5, nan], dtype))
        assert perplexity(p).dtype == dtype
        assert entropy(p[0]).dtype == dtype

    def test_many_float32_classes(self):
        assert float(entropy(np.full((10**6, 1), 1e-6, np.float32), axis=0)[0]) == pytest.approx(np.log(1e6), rel=1e-4)

    def test_batches_without_rows(self):
        same(entropy(np.zeros((0, 3))), np.zeros(0))

    @pytest.mark.parametrize("base", [1, 0.5, 0, -2, nan])
    def test_base(self, base):
        with pytest.raises(ValueError, match=f"base must be above 1, not {base}"):
            entropy([0.5, 0.5], base=base)


class TestProbabilitiesAsInput:
    @pytest.mark.parametrize("function", [entropy, perplexity])
    @pytest.mark.parametrize(
        ("bad", "error", "message"),
        [
            ([0.5, 0.6], ValueError, r"probabilities must be 0 or more and sum to 1.*sum 1.1.*softmax"),
            ([[0.5, 0.5], [0.3, 0.3]], ValueError, r"row \(1,\) is \[0.3 0.3\], with the sum 0.6"),
            ([1.5, -0.5], ValueError, "probabilities must be 0 or more"),
            ([inf, 0.0], ValueError, "sum inf"),
            ([inf, -inf], ValueError, "probabilities must be 0 or more"),
            ([], ValueError, "probabilities must be 0 or more and sum to 1"),
            (0.5, ValueError, "probabilities must be an array with one entry per class"),
            (None, TypeError, "probabilities must be an array of real numbers"),
            ("half", TypeError, "probabilities must be an array of real numbers"),
            ([[1.0], [0.5, 0.5]], ValueError, "probabilities must be a rectangular array"),
            ([0.5j, 0.5], TypeError, "probabilities must be an array of real numbers"),
        ],
    )
    def test_clear_error(self, function, bad, error, message):
        with pytest.raises(error, match=message):
            function(bad)

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_tolerance_is_the_root_of_the_types_epsilon(self, dtype):
        tolerance = np.sqrt(np.finfo(dtype).eps)
        entropy(np.array([0.5, 0.5 + 0.9 * tolerance], dtype))
        with pytest.raises(ValueError, match="sum to 1"):
            entropy(np.array([0.5, 0.5 + 1.2 * tolerance], dtype))

    def test_wrong_axis(self):
        with pytest.raises(ValueError, match="axis must be an axis of probabilities"):
            entropy([0.5, 0.5], axis=1)
        with pytest.raises(ValueError, match="sum to 1 over the classes"):
            entropy([[0.5, 0.5], [0.9, 0.1]], axis=0)

    def test_nan_rows_pass(self):
        same(entropy([[nan, 0.5], [0.5, 0.5]]), np.array([nan, np.log(2)]))

    def test_inputs_are_left_alone(self):
        p = np.array([[0.5, 0.5], [1.0, 0.0]])
        p.flags.writeable = False
        entropy(p), perplexity(p)
        same(p, np.array([[0.5, 0.5], [1.0, 0.0]]))


class TestEntropySlope:
    @pytest.mark.parametrize("temperature", [0.2, 1.0, 5.0])
    def test_is_the_derivative_of_the_entropy(self, temperature):
        z = np.random.default_rng(1).normal(size=(10, 6))
        h = 1e-5 * temperature
        rise = entropy(softmax(z, temperature + h)) - entropy(softmax(z, temperature - h))
        np.testing.assert_allclose(entropy_slope(z, temperature), rise / (2 * h), rtol=1e-6)

    def test_two_classes_in_closed_form(self):
        p = 1 / (1 + np.exp(-3.0))
        assert float(entropy_slope([3.0, 0.0])) == pytest.approx(p * (1 - p) * 9, rel=1e-14)

    @pytest.mark.parametrize("z", [[1.0, 2.0], [1.0, 1.0], [3.0], [inf, inf, 0.0], [0.0, -inf], [1e308, -1e308]])
    @pytest.mark.parametrize("temperature", [0, 5e-324, inf])
    def test_limits_are_zero(self, z, temperature):
        assert entropy_slope(z, temperature) == 0

    def test_masked_classes_change_nothing(self):
        assert entropy_slope([1.0, -inf, 2.0]) == entropy_slope([1.0, 2.0])

    def test_nan_and_nothing_possible(self):
        for temperature in (0, 1, inf):
            same(entropy_slope([[nan, 1.0], [-inf, -inf], [2.0, 2.0]], temperature), np.array([nan, nan, 0.0]))

    def test_huge_logits(self):
        assert float(entropy_slope([1e308, -1e308], 1e308)) == pytest.approx(
            float(entropy_slope([2.0, 0.0])) / 1e308, rel=1e-14
        )

    def test_empty(self):
        same(entropy_slope(np.zeros((0, 3))), np.zeros(0))
