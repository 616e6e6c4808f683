"""Entropy and its relatives against closed forms and SciPy, and their table of exact behaviour."""

import mpmath
import numpy as np
import pytest
from scipy import special, stats
from sklearn.metrics import log_loss

from softmax_lib import (
    cross_entropy,
    cross_entropy_gradient,
    entropy,
    entropy_from_logits,
    entropy_slope,
    kl_divergence,
    log_softmax,
    perplexity,
    perplexity_from_logits,
    softmax,
)

from .reference import exact_log_softmax, same

inf, nan = np.inf, np.nan


class TestEntropy:
    @pytest.mark.parametrize("classes", [1, 2, 7, 1024])
    def test_uniform_is_log_of_the_number_of_classes(self, classes):
        p = np.full(classes, 1 / classes)
        assert float(entropy(p)) == pytest.approx(np.log(classes), rel=1e-14, abs=1e-15)
        assert float(entropy(p, base=2)) == pytest.approx(np.log2(classes), rel=1e-14, abs=1e-15)
        assert float(perplexity(p)) == pytest.approx(classes, rel=1e-13)

    def test_certainty_is_plain_zero(self):
        for p in ([1.0], [0.0, 1.0, 0.0], [0, 1], [True, False]):
            assert entropy(p) == 0
            assert not np.signbit(entropy(p))
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

    @pytest.mark.parametrize("base", [1, 0.5, 0, -2, nan, inf])
    def test_base(self, base):
        with pytest.raises(ValueError, match=f"base must be above 1 and finite, not {base}"):
            entropy([0.5, 0.5], base=base)


class TestProbabilitiesAsInput:
    @pytest.mark.parametrize("function", [entropy, perplexity])
    @pytest.mark.parametrize(
        ("bad", "error", "message"),
        [
            (
                [0.5, 0.6],
                ValueError,
                r"probabilities must be 0 or more and sum to 1.*not \[0.5 0.6\] \(sum 1.1\).*softmax",
            ),
            ([[0.5, 0.5], [0.3, 0.3]], ValueError, r"not \[0.3 0.3\] \(row \(1,\), sum 0.6\): turn"),
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


class TestEntropyFromLogits:
    @pytest.mark.parametrize("classes", [1, 2, 5, 70, 300])
    @pytest.mark.parametrize("temperature", [0.05, 1.0, 30.0])
    def test_against_mpmath(self, classes, temperature):
        z = 3 * np.random.default_rng(classes).normal(size=(3, classes))
        for row, nats in zip(z, entropy_from_logits(z, temperature), strict=True):
            logs = exact_log_softmax(row, temperature)
            assert float(nats) == pytest.approx(float(-sum(x * mpmath.exp(x) for x in logs)), rel=1e-13, abs=1e-300)
        same(entropy_from_logits(z.T, temperature, axis=0), entropy_from_logits(z, temperature))
        same(entropy_from_logits(z, temperature, base=2), entropy_from_logits(z, temperature) / np.log(2))
        np.testing.assert_allclose(perplexity_from_logits(z, temperature), np.exp(entropy_from_logits(z, temperature)))

    @pytest.mark.parametrize(
        ("dtype", "gap", "rel"), [(np.float64, 40, 1e-14), (np.float32, 20, 1e-6), (np.float64, 700, 1e-12)]
    )
    def test_where_a_probability_rounds_to_one(self, dtype, gap, rel):
        x = [mpmath.mpf(0), -mpmath.mpf(gap)]
        exact = sum(mpmath.exp(a) / (1 + mpmath.exp(x[1])) * (mpmath.log1p(mpmath.exp(x[1])) - a) for a in x)
        assert float(entropy_from_logits(np.array([0, -gap], dtype))) == pytest.approx(float(exact), rel=rel)

    def test_what_the_probabilities_lose(self):
        """2.4 per cent at a gap of 40; 4.8 in float32 at 20."""
        for dtype, gap, lost in ((np.float64, 40, 0.0244), (np.float32, 20, 0.0476)):
            z = np.array([0, -gap], dtype)
            assert 1 - float(entropy(softmax(z))) / float(entropy_from_logits(z)) == pytest.approx(lost, abs=1e-3)

    def test_limits(self):
        z = [[1.0, 2.0, 2.0, -inf]]
        same(entropy_from_logits(z, 0), np.log([2.0]))
        same(perplexity_from_logits(z, [0]), np.array([2.0]))
        np.testing.assert_allclose(entropy_from_logits(z, inf), np.log([3.0]), rtol=1e-15)
        assert np.isnan(entropy_from_logits([[nan, 1.0], [-inf, -inf]])).all()
        assert entropy_from_logits([inf, 1.0]) == 0
        assert np.isnan(entropy_from_logits([]))

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_types_and_bounds(self, dtype):
        z = np.random.default_rng(0).normal(size=(100, 7)).astype(dtype) / 1000
        assert entropy_from_logits(z).dtype == perplexity_from_logits(z).dtype == dtype
        assert (perplexity_from_logits(z) <= 7).all()
        assert perplexity_from_logits(np.zeros(70_000, np.float16)) == 70_000


class TestLabelSmoothing:
    def test_is_the_loss_of_mixed_targets(self):
        rng = np.random.default_rng(0)
        z, y, t = rng.normal(size=(6, 4)), rng.integers(4, size=6), softmax(rng.normal(size=(6, 4)))
        for targets, plain in ((y, np.eye(4)[y]), (t, t)):
            mixed = 0.9 * plain + 0.1 / 4
            for f in (cross_entropy, cross_entropy_gradient):
                np.testing.assert_allclose(f(z, targets, 2.0, label_smoothing=0.1), f(z, mixed, 2.0), rtol=1e-13)
                same(f(z, targets, 2.0, label_smoothing=0), f(z, targets, 2.0))
        uniform = np.full((6, 4), 0.25)
        np.testing.assert_allclose(cross_entropy(z, y, label_smoothing=1), cross_entropy(z, uniform), rtol=1e-14)

    def test_best_logits_are_finite(self):
        """The loss is least where the softmax is the mixed target: a finite gap."""
        best = np.log([0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
        assert abs(cross_entropy_gradient(best, 0, label_smoothing=0.1)).max() < 1e-15
        assert cross_entropy([0.0, -inf], 0, label_smoothing=0.1) == inf


class TestKlDivergence:
    def test_against_scipy(self):
        rng = np.random.default_rng(2)
        p, q = softmax(rng.normal(size=(30, 8)) * 3), softmax(rng.normal(size=(30, 8)) * 3)
        expected = special.rel_entr(p, q).sum(-1)
        np.testing.assert_allclose(kl_divergence(p, q), expected, rtol=1e-13)
        np.testing.assert_allclose(kl_divergence(p.T, q.T, axis=0), expected, rtol=1e-13)
        np.testing.assert_allclose(kl_divergence(p, q[0]), special.rel_entr(p, q[0]).sum(-1), rtol=1e-13)

    def test_from_the_uniform_it_is_what_entropy_lacks(self):
        p = softmax([2.0, 1.0, 0.5, -0.5, -2.0])
        assert float(kl_divergence(p, np.full(5, 0.2))) == pytest.approx(np.log(5) - float(entropy(p)), rel=1e-14)

    def test_zeros(self):
        assert kl_divergence([1.0, 0.0], [0.5, 0.5]) == np.log(2)
        assert kl_divergence([0.5, 0.5], [1.0, 0.0]) == inf
        assert kl_divergence([1.0, 0.0], [0.0, 1.0]) == inf
        assert kl_divergence([1.0, 0.0], [1.0, 0.0]) == 0

    def test_nan_rows_pass(self):
        same(kl_divergence([[nan, 1], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]), np.array([nan, 0.0]))
        same(kl_divergence([[0, 1.0], [0.5, 0.5]], [[nan, 1.0], [0.5, 0.5]]), np.array([nan, 0.0]))

    def test_float_types(self):
        half, single = np.array([0.5, 0.5], np.float16), np.array([0.5, 0.5], np.float32)
        assert kl_divergence(half, half).dtype == np.float16
        assert kl_divergence(half, single).dtype == np.float32
        assert kl_divergence(single, [1, 0]).dtype == np.float64

    def test_errors(self):
        with pytest.raises(ValueError, match="p must be 0 or more and sum to 1"):
            kl_divergence([0.5, 0.6], [0.5, 0.5])
        with pytest.raises(ValueError, match="q must be 0 or more and sum to 1"):
            kl_divergence([0.5, 0.5], [0.5, 0.6])
        with pytest.raises(ValueError, match="p and q must have the same classes, not 1 and 2"):
            kl_divergence([1.0], [0.5, 0.5])
        with pytest.raises(ValueError, match=r"q must be one, or one a row \(shape \(2,\)\), not of shape \(3,\)"):
            kl_divergence(np.full((2, 2), 0.5), np.full((3, 2), 0.5))


class TestCrossEntropy:
    def test_classes_against_scikit_learn(self):
        rng = np.random.default_rng(3)
        z, y = rng.normal(size=(40, 6)) * 3, rng.integers(6, size=40)
        expected = log_loss(y, special.softmax(z, axis=-1), labels=range(6))
        assert float(cross_entropy(z, y).mean()) == pytest.approx(expected, rel=1e-12)

    @pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
    @pytest.mark.parametrize("axis", [0, 1, -1])
    def test_soft_targets_against_scipy(self, temperature, axis):
        rng = np.random.default_rng(4)
        z, t = rng.normal(size=(6, 6)), softmax(rng.normal(size=(6, 6)), axis=axis)
        expected = -np.sum(t * special.log_softmax(z / temperature, axis=axis), axis=axis)
        np.testing.assert_allclose(cross_entropy(z, t, temperature, axis=axis), expected, rtol=1e-13)

    def test_a_class_is_a_one_hot_distribution(self):
        z = np.random.default_rng(5).normal(size=(2, 3, 4))
        y = np.array([[0, 1, 2], [3, 3, 0]])
        for one_hot in (np.eye(4)[y], np.eye(4, dtype=int)[y], np.eye(4, dtype=bool)[y]):
            same(cross_entropy(z, y), cross_entropy(z, one_hot))
            same(cross_entropy_gradient(z, y), cross_entropy_gradient(z, one_hot))
        same(cross_entropy(np.moveaxis(z, -1, 0), y, axis=0), cross_entropy(z, y))

    def test_equals_entropy_plus_divergence(self):
        rng = np.random.default_rng(6)
        z, t = rng.normal(size=(10, 5)), softmax(rng.normal(size=(10, 5)))
        np.testing.assert_allclose(cross_entropy(z, t), entropy(t) + kl_divergence(t, softmax(z)), rtol=1e-13)

    def test_is_accurate_where_the_probability_rounds_to_one(self):
        assert cross_entropy([40.0, 0.0], 0) == pytest.approx(4.248354255291589e-18, rel=1e-14)
        assert cross_entropy([1000.0, 0.0], 1) == 1000

    def test_impossible_targets(self):
        assert cross_entropy([0.0, -inf], 1) == inf
        assert cross_entropy([0.0, -inf], 0) == 0
        assert cross_entropy([0.0, -inf], [1.0, 0.0]) == 0
        assert not np.signbit(cross_entropy([0.0, -inf], 0))

    def test_limits_of_the_temperature(self):
        same(cross_entropy([[1.0, 2.0]] * 2, [0, 1], 0), np.array([inf, 0.0]))
        same(cross_entropy([[1.0, 2.0]] * 2, [0, 1], inf), np.log([2.0, 2.0]))
        z = [1.0, 2.0]
        same(cross_entropy(z, 0, [0.5, 1.0]), np.array([cross_entropy(z, 0, 0.5), cross_entropy(z, 0, 1.0)]))

    def test_nan(self):
        same(cross_entropy([[nan, 1.0], [0.0, 0.0]], [1, 1]), np.array([nan, np.log(2)]))
        same(cross_entropy([[1.0, 1.0], [0.0, 0.0]], [[nan, 1.0], [0.5, 0.5]]), np.array([nan, np.log(2)]))

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_float_types(self, dtype):
        z = np.array([[1, 2, 3]], dtype)
        for targets in ([1], [[0.0, 1.0, 0.0]]):
            assert cross_entropy(z, targets).dtype == dtype
            assert cross_entropy_gradient(z, targets).dtype == dtype

    def test_no_rows(self):
        same(cross_entropy(np.zeros((0, 3)), np.zeros(0, int)), np.zeros(0))
        same(cross_entropy_gradient(np.zeros((0, 3)), np.zeros((0, 3))), np.zeros((0, 3)))


class TestCrossEntropyGradient:
    @pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
    def test_against_finite_differences(self, temperature):
        rng = np.random.default_rng(7)
        z, t, h = rng.normal(size=(8, 5)), softmax(rng.normal(size=(8, 5))), 1e-6
        for targets in (t, rng.integers(5, size=8)):
            gradient = cross_entropy_gradient(z, targets, temperature)
            for k in range(5):
                step = h * np.eye(5)[k]
                rise = cross_entropy(z + step, targets, temperature) - cross_entropy(z - step, targets, temperature)
                np.testing.assert_allclose(gradient[:, k], rise / (2 * h), atol=1e-8)

    def test_is_prediction_minus_target_over_temperature(self):
        z = np.array([[2.0, 1.0, 0.1]])
        np.testing.assert_allclose(cross_entropy_gradient(z, [1], 2), (softmax(z, 2) - [0, 1, 0]) / 2, rtol=1e-15)
        np.testing.assert_array_equal(cross_entropy_gradient(z.T, [1], 2, axis=0), cross_entropy_gradient(z, [1], 2).T)

    def test_temperature_arrays_and_infinity(self):
        z = np.array([[2.0, 1.0], [2.0, 1.0]])
        same(cross_entropy_gradient(z, [0, 0], [1.0, inf])[1], np.zeros(2))
        same(cross_entropy_gradient(z, [0, 0], [1.0, 2.0])[1], cross_entropy_gradient(z[1], 0, 2.0))

    def test_zero_temperature_has_no_gradient(self):
        with pytest.raises(ValueError, match="temperature must be above 0 for a gradient, not 0"):
            cross_entropy_gradient([1.0, 2.0], 0, 0)


class TestTargets:
    @pytest.mark.parametrize("function", [cross_entropy, cross_entropy_gradient])
    @pytest.mark.parametrize(
        ("targets", "error", "message"),
        [
            ([0, 3], ValueError, "targets must be classes from 0 to 2, not 3"),
            ([-1, 0], ValueError, "targets must be classes from 0 to 2, not -1"),
            ([0.0, 1.0], TypeError, "targets must be class numbers, integers from 0 to 2, not float64"),
            ([True, False], TypeError, "targets must be class numbers"),
            ([0], ValueError, r"targets must have one class a row, shape \(2,\), not shape \(1,\)"),
            (0, ValueError, "targets must have one class a row"),
            ([[0.5, 0.5], [0.5, 0.5]], ValueError, r"targets must be distributions in the shape \(2, 3\)"),
            ([[0.5, 0.5, 0.5], [1, 0, 0]], ValueError, "targets must be 0 or more and sum to 1"),
            (None, TypeError, "targets must be an array of real numbers"),
        ],
    )
    def test_errors(self, function, targets, error, message):
        with pytest.raises(error, match=message):
            function([[1.0, 2.0, 3.0]] * 2, targets)


@pytest.mark.parametrize("function", [entropy, perplexity])
def test_log_softmax_and_entropy_agree(function):
    z = np.random.default_rng(8).normal(size=(10, 4))
    expected = -np.sum(softmax(z) * log_softmax(z), axis=-1)
    np.testing.assert_allclose(function(softmax(z)), expected if function is entropy else np.exp(expected), rtol=1e-13)
