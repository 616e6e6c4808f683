"""What users reported of libraries like this one: each case with its right value, and the kind it stands for."""

import re
import warnings

import mpmath
import numpy as np
import pytest
from scipy import optimize, stats

import softmax_lib
from softmax_lib import (
    bootstrap_interval,
    brier_score,
    cross_entropy,
    cross_entropy_gradient,
    empirical_distribution,
    entmax,
    entropy,
    entropy_from_logits,
    entropy_slope,
    expected_calibration_error,
    fit_temperature,
    gumbel_softmax,
    kl_divergence,
    log_softmax,
    logsumexp,
    min_p,
    perplexity,
    perplexity_from_logits,
    pick,
    reliability_curve,
    sample,
    sample_gumbel,
    softmax,
    sparsemax,
    top_k,
    top_n_sigma,
    top_p,
    typical_p,
)

from .reference import exact_log_softmax, exact_softmax, same, ulps

inf, nan = np.inf, np.nan
FLOATS = [np.float16, np.float32, np.float64, np.longdouble]


class TestZeroTemperatureInArrays:
    def test_a_rounded_schedule(self):
        T, z = np.round([1.0, -0.01], 1), [[1.0, 2.0], [1.0, 2.0]]
        assert np.signbit(T[1])
        same(softmax(z, T)[1], np.array([0.0, 1.0]))
        same(log_softmax(z, T)[1], np.array([-inf, 0.0]))
        assert cross_entropy(z, [1, 1], T)[1] == 0
        assert {int(sample_gumbel(z, T, rng=seed)[1]) for seed in range(20)} == {1}
        assert entropy_slope([1.0, 2.0], -0.0) == 0
        same(softmax([[0.0, 5e-324], [1, 2]], [0.0, 1.0])[0], np.array([0.0, 1.0]))

    @pytest.mark.parametrize("function", [softmax, log_softmax, entropy_slope, entropy_from_logits])
    @pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
    def test_array_and_number_agree_bit_for_bit(self, function, dtype):
        rng = np.random.default_rng(0)
        extremes = [0.0, -0.0, 5e-324, -5e-324, 1e-310, 1.0, -1.0, 1e308, -1e308, inf, -inf, nan]
        with np.errstate(all="ignore"):
            z = rng.choice(extremes, size=(3000, 4)).astype(dtype)
        T = rng.choice([0.0, -0.0, 5e-324, 1e-310, 0.5, 1.0, 2.0, 1e300, inf], size=3000)
        rows = np.array([function(row, float(t)) for row, t in zip(z, T, strict=True)])
        same(function(z, T), rows)
        zero = T == 0
        same(function(z[zero], T[zero]), function(z[zero], 0.0))


class TestFitTemperatureWithHugeGaps:
    Z = np.array([[4.0, 0, 0], [4, 0, 0], [4, 0, 0], [0, 4, 0]])

    @pytest.mark.parametrize("mask", [-inf, np.finfo(float).min, -1e300, -1e87, -1e80, np.finfo(np.float32).min])
    def test_masks_by_any_number(self, mask):
        z = self.Z.copy()
        z[:, 2] = mask
        assert fit_temperature(z, [0] * 4) == pytest.approx(4 / np.log(3), rel=1e-12)

    @pytest.mark.parametrize("sure", [1e20, 1e86, 1e87, 1e100, 1e200, 1.7e308])
    def test_one_certain_row(self, sure):
        z = [[4.0, 0], [4, 0], [4, 0], [0, 4], [sure, 0]]
        assert fit_temperature(z, [0] * 5) == pytest.approx(4 / np.log(3), rel=1e-12)

    def test_a_mask_in_some_rows_of_many(self):
        rng = np.random.default_rng(1)
        z = 3 * rng.normal(size=(200, 5))
        y = sample(softmax(z, 3.0), rng=rng)
        plain = fit_temperature(np.where(np.arange(5) == (y[:, None] + 1) % 5, -inf, z)[:20], y[:20])
        z[:20][np.arange(20), (y[:20] + 1) % 5] = np.finfo(float).min
        masked = np.where(z == np.finfo(float).min, -inf, z)
        assert fit_temperature(z, y) == pytest.approx(fit_temperature(masked, y), rel=1e-12)
        assert fit_temperature(z[:20], y[:20]) == pytest.approx(plain, rel=1e-12)

    @pytest.mark.parametrize("seed", range(40))
    def test_no_temperature_is_better(self, seed):
        """Rows whose scales span up to 600 powers of ten."""
        rng = np.random.default_rng(seed)
        scales = 10.0 ** rng.uniform(-300, 300, size=(12, 1))
        z, y = rng.normal(size=(12, 3)) * scales, rng.integers(3, size=12)
        fitted = fit_temperature(z, y)
        assert 0 <= fitted <= inf

        def loss(T):
            return float(np.mean(cross_entropy(z, y, T)))

        best = loss(fitted)
        for T in [*10.0 ** np.linspace(-308, 308, 150), *(fitted * np.array([0.5, 0.9, 0.999, 1.001, 1.1, 2]))]:
            assert best <= loss(T) * (1 + 1e-12) or fitted in (0, inf)

    @pytest.mark.parametrize("scale", [5e-324, 1e-320, 1e-308, 1e-290, 1e300])
    def test_any_scale(self, scale):
        z = (
            scale * np.array([[1.0, 0]] * 3 + [[0, 1.0]])
            if scale > 1e-300
            else np.where([[1, 0]] * 3 + [[0, 1]], scale, 0)
        )
        assert fit_temperature(z, [0] * 4) == pytest.approx(scale / np.log(3), rel=1e-12, abs=5e-324)

    def test_against_a_bisection(self):
        rng = np.random.default_rng(3)
        z, y = rng.normal(size=(30, 4)) * 10 ** rng.uniform(-3, 3, size=(30, 1)), rng.integers(4, size=30)

        def slope(log_beta):
            p = softmax(z, np.exp(-log_beta))
            return np.mean(np.sum(p * z, axis=1) - z[np.arange(30), y])

        if slope(-30) < 0:
            root = optimize.brentq(slope, -30, 30, xtol=1e-14)
            assert fit_temperature(z, y) == pytest.approx(np.exp(-root), rel=1e-9)


class AlmostOne(np.random.Generator):
    """Chance at its worst: u is always the largest number below 1."""

    def random(self, size=None):
        return np.full(size, np.nextafter(1, 0)) if size is not None else np.nextafter(1, 0)


def worst_chance():
    return AlmostOne(np.random.PCG64())


class TestDrawsFromSumsOffOne:
    def test_the_last_class_gets_its_due(self):
        p = softmax(np.zeros(2000, np.float16))
        counts = np.bincount(sample(p, 1_000_000, rng=0), minlength=2000)
        assert stats.chisquare(counts).pvalue > 1e-4
        assert np.bincount(sample(np.float32([0.5, 0.49975, 1e-6]), 10**6, rng=1), minlength=3)[2] < 10

    @pytest.mark.parametrize("dtype", FLOATS)
    @pytest.mark.parametrize("off", [-0.9, -0.3, 0.0, 0.3, 0.9])
    @pytest.mark.parametrize("way", ["one", "one, many classes", "rows", "rows, many classes", "pick"])
    def test_chi_squared(self, dtype, off, way):
        classes = 300 if "many" in way else 10
        p = np.full(classes, 1 / classes) * (1 + off * np.sqrt(np.finfo(dtype).eps))
        p = p.astype(dtype)
        n, rng = 60_000, np.random.default_rng(5)
        if way.startswith("one"):
            picks = sample(p, n, rng=rng)
        elif way.startswith("rows"):
            picks = sample(np.tile(p, (n, 1)), rng=rng)
        else:
            picks = pick(p, rng.random(n))
        assert stats.chisquare(np.bincount(picks, minlength=classes)).pvalue > 1e-4

    def test_a_draw_that_forgets_the_sum_is_caught(self):
        p = np.full(10, 0.1) * (1 - 0.9 * np.sqrt(np.finfo(np.float16).eps))
        u = np.random.default_rng(5).random(60_000)
        forgetful = np.minimum(np.searchsorted(np.cumsum(p), u, side="right"), 9)
        assert stats.chisquare(np.bincount(forgetful, minlength=10)).pvalue < 1e-10

    @pytest.mark.parametrize("classes", [2, 7, 40, 90, 128, 129, 300, 1000])
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_no_class_of_probability_zero_at_the_largest_u(self, classes, dtype):
        for seed in range(12):
            rng = np.random.default_rng([classes, seed])
            rows = int(rng.choice([1, 2, classes + 1, 1639]))
            p = rng.random((rows, classes))
            p[:, max(1, classes // 2) :] = 0
            p = (p / p.sum(1, keepdims=True)).astype(dtype)
            for drawn in (sample(p, rng=worst_chance()), pick(p, np.nextafter(1.0, 0.0))):
                assert (p[np.arange(rows), drawn] > 0).all()
            assert p[0, sample(p[0], 3, rng=worst_chance())].all()

    def test_the_report(self):
        p = np.random.default_rng(4).random((1639, 40))
        p[:, 20:] = 0
        p /= p.sum(1, keepdims=True)
        assert sample(p, rng=worst_chance()).max() == 19

    def test_u_wider_than_float64(self):
        u = 1 - np.finfo(np.longdouble).eps
        assert pick([0.5, 0.5], u) == 1
        assert pick([0.5, 0.5, 0.0], u) == 1
        with pytest.raises(ValueError, match=r"u must be in \[0, 1\), not 1.0"):
            pick([0.5, 0.5], np.longdouble(1))


class TestMaskedArrays:
    Z = np.ma.array([1.0, 2.0, 100.0], mask=[0, 0, 1])
    P = np.ma.array([0.5, 0.5, 0.0], mask=[0, 0, 1])

    @pytest.mark.parametrize(
        "function",
        [
            softmax,
            log_softmax,
            logsumexp,
            entropy_from_logits,
            perplexity_from_logits,
            entropy_slope,
            lambda z: cross_entropy(z, 0),
            lambda z: cross_entropy_gradient(z, 0),
            lambda z: sample_gumbel(z, size=50, rng=0),
            lambda z: gumbel_softmax(z, rng=0),
            lambda z: top_k(z, 1),
            lambda z: top_p(z, 0.5),
            lambda z: min_p(z, 0.5),
            lambda z: typical_p(z, 0.5),
            lambda z: top_n_sigma(z, 1),
            lambda z: fit_temperature([z, z], [0, 1]),
        ],
    )
    def test_a_masked_logit_is_ruled_out(self, function):
        expected = function([1.0, 2.0, -inf])
        for z in (self.Z, self.Z.astype(np.float64), np.ma.array([1, 2, 100], mask=[0, 0, 1])):
            result = function(z)
            assert not isinstance(result, np.ma.MaskedArray)
            same(np.asarray(result), np.asarray(expected))

    def test_right_values(self):
        np.testing.assert_allclose(softmax(self.Z), [0.26894142, 0.73105858, 0.0], rtol=1e-7)
        assert float(logsumexp(self.Z)) == pytest.approx(2.3132616875, rel=1e-9)
        same(softmax([self.Z, self.Z])[1], softmax(self.Z))
        same(softmax([[self.Z], [self.Z]])[1, 0], softmax(self.Z))
        same(softmax([1.0, 2.0, np.ma.masked]), softmax(self.Z))
        same(softmax(np.ma.array([1.0, 2.0])), softmax([1.0, 2.0]))
        assert softmax(self.Z.astype(np.float32)).dtype == np.float32

    @pytest.mark.parametrize(
        ("name", "call"),
        [
            ("probabilities", lambda m, i: entropy(m)),
            ("probabilities", lambda m, i: perplexity(m)),
            ("p", lambda m, i: kl_divergence(m, [0.5, 0.5, 0])),
            ("q", lambda m, i: kl_divergence([0.5, 0.5, 0], m)),
            ("targets", lambda m, i: cross_entropy([1.0, 2, 3], m)),
            ("targets", lambda m, i: cross_entropy(np.zeros((3, 3)), i)),
            ("targets", lambda m, i: cross_entropy_gradient(np.zeros((3, 3)), i)),
            ("temperature", lambda m, i: softmax(np.zeros((3, 3)), m)),
            ("probabilities", lambda m, i: pick(m, 0.5)),
            ("u", lambda m, i: pick([0.5, 0.5], m)),
            ("probabilities", lambda m, i: sample(m)),
            ("picks", lambda m, i: empirical_distribution(i, 3)),
            ("k", lambda m, i: top_k(np.zeros((3, 3)), i)),
            ("p", lambda m, i: top_p(np.zeros((3, 3)), m)),
            ("n", lambda m, i: top_n_sigma(np.zeros((3, 3)), m)),
            ("labels", lambda m, i: fit_temperature(np.zeros((3, 3)), i)),
            ("labels", lambda m, i: brier_score(np.full((3, 3), 1 / 3), i)),
            ("probabilities", lambda m, i: brier_score([m], [0])),
            ("probabilities", lambda m, i: reliability_curve([m], [0])),
            ("labels", lambda m, i: bootstrap_interval(brier_score, np.full((3, 3), 1 / 3), i)),
        ],
    )
    def test_elsewhere_a_mask_is_refused(self, name, call):
        with pytest.raises(ValueError, match=rf"^{name} must not be masked.*{name}.filled"):
            call(self.P, np.ma.array([0, 1, 2], mask=[0, 0, 1]))

    def test_out(self):
        with pytest.raises(TypeError, match="out must be an array without a mask, not MaskedArray"):
            softmax([1.0, 2.0, 3.0], out=self.P.copy())


class TestUnitsInTheLastPlace:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("classes", [*range(2, 70), 100, 127, 128, 129, 200])
    def test_one_large_and_many_equal(self, dtype, classes):
        """The sums whose roundings all point one way."""
        rng = np.random.default_rng(classes)
        lows = [5.417255, 5.397883571057694, *rng.uniform(0.1, 20, size=8)]
        for low in np.array(lows, dtype):
            z = np.array([0] + [-low] * (classes - 1), dtype)
            rest = (classes - 1) * mpmath.exp(-mpmath.mpf(float(low)))
            logs = [-mpmath.log1p(rest), -mpmath.mpf(float(low)) - mpmath.log1p(rest)]
            assert ulps(log_softmax(z)[:2], logs).max() <= 4 + low
            assert ulps(np.stack([log_softmax(np.stack([z, z]))[1]])[:, :2], logs).max() <= 4 + low
            assert ulps(softmax(z)[:2], [mpmath.exp(x) for x in logs]).max() <= 16  # 12 for normal logits

    def test_the_reported_rows(self):
        z = np.float32([0] + [-5.417255] * 62)
        assert ulps(log_softmax(z)[:1], exact_log_softmax(z)[:1]).max() <= 9.4
        z = np.random.default_rng(98).normal(size=(3000, 63)).astype("f4")[1274]
        assert ulps(softmax(z), exact_softmax(z)).max() <= 12

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_the_worst_of_many_normal_rows(self, dtype):
        """Searched with a wider type, judged by mpmath."""
        for classes in (8, 15, 16, 40, 58, 63, 64, 100):
            z = np.random.default_rng(classes).normal(size=(4000, classes)).astype(dtype)
            p, wider = softmax(z), softmax(z.astype(np.longdouble))
            worst = np.argmax(np.max(abs(p - wider) / np.spacing(p), axis=1))
            assert ulps(p[worst], exact_softmax(z[worst])).max() <= 12


class TestLossesThatFit:
    @pytest.mark.parametrize(
        ("z", "expected"),
        [
            (np.float16([65504, -65504]), 13100.8),
            (np.float32([3e38, -3e38]), 6e37),
            (np.float64([1e308, -1e308]), 2e307),
        ],
    )
    def test_soft_targets(self, z, expected):
        assert float(cross_entropy(z, [0.9, 0.1])) == pytest.approx(expected, rel=1e-3)

    @pytest.mark.parametrize("T", [1e-3, 0.5, 1.0, 3.0, 1e100])
    def test_weighted_before_divided(self, T):
        for t in (1e-8, 1e-4, 0.1):
            exact = t * (mpmath.mpf(1e308) * 2) / mpmath.mpf(T)
            expected = float(exact) if exact < 1.7e308 else inf
            if exact > 100:
                assert float(cross_entropy([1e308, -1e308], [1 - t, t], T)) == pytest.approx(expected, rel=1e-9)

    def test_impossible_stays_impossible(self):
        assert cross_entropy([1e308, -inf], [0.9, 0.1]) == inf
        assert cross_entropy([inf, 1e308], [0.9, 0.1]) == inf
        assert cross_entropy([1.0, 2.0], [0.9, 0.1], 0) == inf
        assert cross_entropy([1e308, -1e308, -inf], [1.0, 0.0, 0.0]) == 0


class TestGradient:
    def test_keeps_what_a_difference_loses(self):
        same(cross_entropy_gradient(np.float32([20, 0]), 0), np.float32([-2.0611537e-09, 2.0611537e-09]))

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("gap", [1, 10, 17, 20, 37, 40, 80, 300, 700])
    def test_rows_sum_to_zero_and_every_entry_is_right(self, gap, dtype):
        z = np.array([0, gap, -1, 0.5], dtype)
        p = exact_softmax(z)
        for y in range(4):
            exact = [p[k] - (k == y) for k in range(4)]
            if y == 1:
                exact[1] = -mpmath.fsum([p[0], p[2], p[3]])
            gradient = cross_entropy_gradient(z, y)
            seen = np.array([abs(float(value)) > float(np.finfo(dtype).tiny) for value in exact])
            errors = ulps(gradient[seen], [value for value, shown in zip(exact, seen, strict=True) if shown])
            assert errors.max(initial=0) <= 16
            assert abs(gradient.sum(dtype=np.longdouble)) <= 2 * np.finfo(dtype).eps * abs(gradient).max()
            same(cross_entropy_gradient(z, np.eye(4, dtype=dtype)[y]), gradient)

    def test_nan_in_a_target_fills_its_row(self):
        result = cross_entropy_gradient(np.zeros((2, 3)), [[nan, 0.5, 0.5], [1, 0, 0]])
        assert np.isnan(result[0]).all()
        assert not np.isnan(result[1]).any()

    def test_costs_no_more_than_the_plain_form(self):
        import tracemalloc

        z = np.random.default_rng(0).normal(size=(64, 20_000)).astype(np.float32)
        y = np.zeros(64, int)
        for call in (lambda: cross_entropy(z, y), lambda: cross_entropy_gradient(z, y)):
            call()
            tracemalloc.start()
            call()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak <= 1.5 * z.nbytes


class TestBounds:
    @pytest.mark.parametrize("dtype", FLOATS)
    def test_entropy_and_perplexity_within_the_tolerance_of_sums(self, dtype):
        rng = np.random.default_rng(0)
        slack = np.sqrt(np.finfo(dtype).eps)
        for classes in (1, 2, 5, 1000):
            for off in (-0.9, 0, 0.9):
                for p in (np.full(classes, 1 / classes), np.eye(classes)[0], rng.dirichlet(np.ones(classes))):
                    p = (p * (1 + off * slack)).astype(dtype)
                    if abs(float(p.sum(dtype=np.longdouble)) - 1) > slack:
                        continue
                    assert 0 <= entropy(p) <= np.log(classes) * (1 + np.finfo(dtype).eps)
                    assert 1 <= perplexity(p) <= classes

    def test_the_reports(self):
        assert entropy(np.float32([1.0000001, 0])) == 0
        assert perplexity([1 + 1e-9, 0]) == 1
        assert perplexity(np.full(1000, 1 / 1000, np.float16)) == 1000
        many = perplexity(np.full(70_000, 1 / 70_000, np.float16))
        assert many.dtype == np.float32
        assert 60_000 < many <= 70_000


class TestLongDoubles:
    def test_every_calibration_measure(self):
        p, y = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]], np.longdouble), [0, 1, 1]
        for measure in (expected_calibration_error, brier_score):
            assert measure(p, y) == pytest.approx(measure(p.astype(float), y), rel=1e-15)
        for a, b in zip(reliability_curve(p, y), reliability_curve(p.astype(float), y), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-15)
        assert bootstrap_interval(brier_score, p, y, rng=0, resamples=9)

    def test_all_the_others(self):
        z = np.array([[1.0, 2.0], [0.0, 3.0]], np.longdouble)
        p = softmax(z)
        for result in (p, entropy(p), perplexity(p), kl_divergence(p, p), cross_entropy(z, [0, 1]), top_p(z, 0.5)):
            assert result.dtype == np.longdouble
        for result in (cross_entropy_gradient(z, p), entropy_from_logits(z), entropy_slope(z), typical_p(z, 0.5)):
            assert result.dtype == np.longdouble
        assert pick(p, 0.5).shape == sample(p, rng=0).shape == sample_gumbel(z, rng=0).shape == (2,)
        assert gumbel_softmax(z, rng=0).dtype == np.longdouble
        assert fit_temperature(z, [0, 0]) > 0


class TestSubnormalAndHugeNumbers:
    def test_softmax(self):
        np.testing.assert_allclose(softmax([5e-324, 0], 5e-324), [0.7310585786, 0.2689414214], rtol=1e-9)
        np.testing.assert_allclose(softmax([[5e-324, 0]], [5e-324]), [[0.7310585786, 0.2689414214]], rtol=1e-9)
        tiny = np.float32(1e-45)
        np.testing.assert_allclose(softmax(np.array([tiny, 0]), float(tiny)), [0.7310586, 0.2689414], rtol=1e-6)

    @pytest.mark.parametrize("T", [10**400, -(10**400)])
    def test_integers_that_no_float_can_hold(self, T):
        with pytest.raises(ValueError, match="temperature must be a number that a float can hold"):
            softmax([1.0, 2.0], T)


class TestCuts:
    def test_min_p_of_large_logits(self):
        same(min_p([1e15, 1e15 - 2.375], 0.095), np.array([1e15, -inf]))

    def test_min_p_of_decimals(self):
        for tenths in range(1, 10):
            for most in (0.5, 0.6, 0.25, 0.8):
                z = np.log([most, most * tenths / 10])
                assert np.isfinite(min_p(z, tenths / 10)).all()

    def test_top_p_of_sums_that_reach_p_on_paper(self):
        """Every distribution over four classes in whole tenths, at every sum of its largest."""
        for a in range(1, 10):
            for b in range(1, a + 1):
                for c in range(1, b + 1):
                    d = 10 - a - b - c
                    if not 1 <= d <= c:
                        continue
                    tenths = np.array([a, b, c, d])
                    for reached in np.cumsum(tenths)[:-1]:
                        kept = np.isfinite(top_p(np.log(tenths / 10), reached / 10)).sum()
                        needed = np.searchsorted(np.cumsum(tenths), reached) + 1
                        assert kept == np.sum(tenths >= tenths[needed - 1]), (tenths, reached)

    def test_kl_of_close_float32_distributions(self):
        z = np.random.default_rng(0).normal(size=200)
        for distance in (1e-1, 1e-2, 1e-3):
            p, q = (softmax((z * scale).astype(np.float32)) for scale in (1, 1 + distance))
            a, b = ([mpmath.mpf(float(value)) for value in row] for row in (p, q))
            a, b = ([value / mpmath.fsum(row) for value in row] for row in (a, b))
            exact = mpmath.fsum(x * mpmath.log(x / y) for x, y in zip(a, b, strict=True))
            assert float(kl_divergence(p, q)) == pytest.approx(float(exact), rel=1e-5)


# Users' error settings and warnings: every public function, every kind of input, nothing leaks.

LOGITS = [
    [0.0, -720.0],
    [0.0, -1000.0, -inf],
    [1e308, -1e308, 0.0],
    [5e-324, 0.0, 1e-310],
    [inf, 1.0, -inf],
    [nan, 1.0, 2.0],
    [-inf, -inf],
    [1, 2, 3],
]
TEMPERATURES = [1.0, 0.0, 1e-309, 1e-6, 1e308, inf]
ROWS = [
    [1.0, 1e-320],
    [1.0, 0.0],
    [0.5, 0.5],
    [1.0, 1e-200],
    [nan, 1.0],
    [1 - 1e-10, 1e-10],
]


def typed(rows):
    with np.errstate(all="ignore"):
        return [np.array(row, dtype) for row in rows for dtype in FLOATS]


def calls():
    some = np.random.default_rng(0)
    for z in [*typed(LOGITS), some.normal(size=(3, 200)), 60 * some.normal(size=(4, 5)), np.zeros((0, 3))]:
        rows = z.shape[:-1]
        y, t = np.zeros(rows, int), np.full(z.shape, 1 / z.shape[-1])
        for T in TEMPERATURES:
            for f in (softmax, log_softmax, entropy_from_logits, perplexity_from_logits, entropy_slope, sparsemax):
                yield f, (z, T), {}
            for alpha in (1, 1.001, 1.5, 2):
                yield entmax, (z, T), {"alpha": alpha}
            for targets in (y, t, np.eye(z.shape[-1])[y]):
                yield cross_entropy, (z, targets, T), {}
                yield cross_entropy, (z, targets, T), {"label_smoothing": 0.1}
                if T:
                    yield cross_entropy_gradient, (z, targets, T), {"label_smoothing": 0.1}
                    yield cross_entropy_gradient, (z, targets, T), {}
            yield gumbel_softmax, (z, T), {"rng": 0}
            if not np.isnan(log_softmax(z, T)).any():
                yield sample_gumbel, (z, T), {"rng": 0}
        yield logsumexp, (z,), {}
        for f in (top_p, min_p, typical_p, top_n_sigma):
            yield f, (z, 0.3), {}
            yield f, (z, 1e-320), {}
        yield top_k, (z, 1), {}
        if z.ndim == 1 and z.size and np.isfinite(z[0]) and not np.isnan(z).any() and not (z == inf).any():
            yield fit_temperature, ([z, z], [0, int(z[1] > -inf)]), {}
    for p in typed(ROWS):
        for f in (entropy, perplexity):
            yield f, (p,), {}
        yield kl_divergence, (p, p[::-1]), {}
        yield kl_divergence, ([0.9, 0.1], p), {}
        yield kl_divergence, (p, softmax([0.0, -720.0])), {}
        for f in (brier_score, expected_calibration_error, reliability_curve):
            yield f, ([p], [0]), {}
        yield bootstrap_interval, (brier_score, [p, p], [0, 1]), {"resamples": 3, "rng": 0}
        yield cross_entropy, ([0.0, -1e-3], p), {}
        if not np.isnan(p).any():
            yield pick, (p, [0.0, 5e-324, 0.5]), {}
            yield sample, (p,), {"rng": 0}
            yield sample, ([p] * 3,), {"rng": 0}
    yield kl_divergence, (softmax([0.0, -720.0]), [0.9, 0.1]), {}
    yield cross_entropy, ([0, -1e-3], [1, 1e-310]), {}
    yield perplexity, (np.full(70_000, 1 / 70_000, np.float16),), {}
    yield cross_entropy_gradient, (np.float16([1, 2]), 0, 1e-6), {}
    yield entropy_slope, (np.float16([4e-6, 0]), 2e-6), {}
    yield empirical_distribution, ([0, 1], 2), {}


def test_every_public_function_is_tried():
    assert {function.__name__ for function, _, _ in calls()} == set(softmax_lib.__all__)


def test_users_error_settings_and_warnings_do_not_matter():
    for function, arguments, options in calls():
        quiet = function(*arguments, **options)
        with np.errstate(all="raise"), warnings.catch_warnings():
            warnings.simplefilter("error")
            strict = function(*arguments, **options)
        with np.errstate(all="warn"), warnings.catch_warnings():
            warnings.simplefilter("error")
            function(*arguments, **options)
        for a, b in zip(np.atleast_1d(quiet), np.atleast_1d(strict), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("function", [softmax, log_softmax, sparsemax, entmax])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2,), (1, 63), (9, 64), (1, 999), (1, 16_383), (300, 50)])
def test_users_error_settings_do_not_matter_at_any_gap(function, dtype, shape):
    z = np.zeros(shape, dtype)
    for gap in range(70, 106, 2):
        z[..., -1] = -gap
        quiet = function(z)
        with np.errstate(all="raise"):
            np.testing.assert_array_equal(function(z), quiet)


def test_a_sum_too_large_for_floats_is_told_without_a_warning():
    with np.errstate(all="raise"), pytest.raises(ValueError, match="sum inf"):
        entropy([1e308, 1e308])


# Messages: the argument first, then the value, then what to do.

Z, P = [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]], [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]]
WRONG_NUMBERS = [None, "0.5", "x", 1j, [None], {}, len, [[1.0], [1.0, 2.0]], True, np.bool_(True)]
ARGUMENTS = {
    "temperature": [
        lambda v: softmax(Z, v),
        lambda v: log_softmax(Z, v),
        lambda v: entropy_from_logits(Z, v),
        lambda v: perplexity_from_logits(Z, v),
        lambda v: entropy_slope(Z, v),
        lambda v: cross_entropy(Z, [0, 1], v),
        lambda v: cross_entropy_gradient(Z, [0, 1], v),
        lambda v: sample_gumbel(Z, v),
        lambda v: gumbel_softmax(Z, v),
        lambda v: sparsemax(Z, v),
        lambda v: entmax(Z, v),
    ],
    "alpha": [lambda v: entmax(Z, alpha=v)],
    "u": [lambda v: pick(P[0], v)],
    "k": [lambda v: top_k(Z, v)],
    "p": [lambda v: top_p(Z, v), lambda v: min_p(Z, v), lambda v: typical_p(Z, v)],
    "n": [lambda v: top_n_sigma(Z, v)],
    "base": [lambda v: entropy(P, base=v), lambda v: entropy_from_logits(Z, base=v)],
    "label_smoothing": [
        lambda v: cross_entropy(Z, [0, 1], label_smoothing=v),
        lambda v: cross_entropy_gradient(Z, [0, 1], label_smoothing=v),
    ],
    "level": [lambda v: bootstrap_interval(brier_score, P, [0, 1], level=v)],
    "resamples": [lambda v: bootstrap_interval(brier_score, P, [0, 1], resamples=v)],
    "bins": [lambda v: reliability_curve(P, [0, 1], bins=v), lambda v: expected_calibration_error(P, [0, 1], bins=v)],
    "classes": [lambda v: empirical_distribution([0, 1], v)],
    "axis": [
        lambda v: softmax(Z, axis=v),
        lambda v: sparsemax(Z, axis=v),
        lambda v: entmax(Z, axis=v),
        lambda v: logsumexp(Z, axis=v),
        lambda v: entropy(P, axis=v),
        lambda v: kl_divergence(P, P, axis=v),
        lambda v: pick(P, 0.5, axis=v),
        lambda v: top_k(Z, 1, axis=v),
        lambda v: cross_entropy(Z, [0, 1], axis=v),
    ],
    "rng": [
        lambda v: sample(P, rng=v),
        lambda v: sample_gumbel(Z, rng=v),
        lambda v: gumbel_softmax(Z, rng=v),
        lambda v: bootstrap_interval(brier_score, P, [0, 1], rng=v),
    ],
    "size": [lambda v: sample(P[0], v), lambda v: sample_gumbel(Z, size=v)],
}
MAY_BE_NONE = {"base", "rng", "size"}
PAIRS = [(name, value) for name in ARGUMENTS for value in WRONG_NUMBERS if value is not None or name not in MAY_BE_NONE]


@pytest.mark.parametrize(("name", "value"), PAIRS, ids=repr)
def test_a_wrong_kind_of_value_is_named(name, value):
    for call in ARGUMENTS[name]:
        with pytest.raises((TypeError, ValueError), match=rf"^{name} must be ") as caught:
            call(value)
        assert repr(value)[:20] in str(caught.value) or str(value)[:20] in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, -1.5) for name in ("temperature", "u", "p", "n", "base", "label_smoothing", "level")),
        *((name, nan) for name in ("temperature", "u", "p", "n", "base", "label_smoothing", "level")),
        *((name, 1.5) for name in ("u", "p", "label_smoothing", "level")),
        *((name, 2.5) for name in ("k", "bins", "classes", "axis", "size", "resamples", "rng")),
        *((name, 0) for name in ("k", "p", "n", "base", "bins", "classes", "level", "resamples")),
        *((name, -1) for name in ("temperature", "k", "u", "bins", "classes", "size", "rng", "resamples")),
        ("size", (-1, -1)),
        ("size", (2, 1.5)),
        ("base", [2, 10]),
        ("axis", (0, 1)),
        ("axis", 5),
    ],
)
def test_a_wrong_value_is_named(name, value):
    for call in ARGUMENTS[name]:
        with pytest.raises((TypeError, ValueError), match=rf"^{name} must be ") as caught:
            call(value)
        last = np.ravel(np.asarray(value, object))[-1]
        assert (
            str(value) in str(caught.value) or str(last) in str(caught.value) or str(float(last)) in str(caught.value)
        )


@pytest.mark.parametrize(
    ("name", "call"),
    [
        *(
            ("logits", call)
            for call in (
                softmax,
                log_softmax,
                logsumexp,
                entropy_from_logits,
                perplexity_from_logits,
                entropy_slope,
                lambda v: cross_entropy(v, 0),
                lambda v: cross_entropy_gradient(v, 0),
                sample_gumbel,
                gumbel_softmax,
                lambda v: top_k(v, 1),
                lambda v: top_p(v, 0.5),
                lambda v: min_p(v, 0.5),
                lambda v: typical_p(v, 0.5),
                lambda v: top_n_sigma(v, 1),
                lambda v: fit_temperature(v, 0),
            )
        ),
        *(
            ("probabilities", call)
            for call in (
                entropy,
                perplexity,
                sample,
                lambda v: pick(v, 0.5),
                lambda v: brier_score(v, [0]),
                lambda v: reliability_curve(v, [0]),
                lambda v: expected_calibration_error(v, [0]),
                lambda v: bootstrap_interval(brier_score, v, [0]),
            )
        ),
        ("p", lambda v: kl_divergence(v, P)),
        ("q", lambda v: kl_divergence(P, v)),
        ("targets", lambda v: cross_entropy(Z, v)),
        ("targets", lambda v: cross_entropy_gradient(Z, v)),
        ("labels", lambda v: fit_temperature(Z, v)),
        ("labels", lambda v: brier_score(P, v)),
        ("picks", lambda v: empirical_distribution(v, 3)),
    ],
)
@pytest.mark.parametrize("value", [None, "text", ["a", "b"], 1j, [None, 1.0], {}, [[1.0], [1.0, 2.0]]], ids=repr)
def test_a_wrong_array_is_named(name, call, value):
    with pytest.raises((TypeError, ValueError), match=rf"^{name} must (be|have) ") as caught:
        call(value)
    assert repr(value)[:9] in str(caught.value)


class TestRemedies:
    def told(self, error, call):
        with pytest.raises(error) as caught:
            call()
        return str(caught.value)

    def test_a_sum_that_is_nearly_one(self):
        p = softmax(np.float32([0.3, 1.1, -2, 0.7, 1.9]))
        for given in (p.tolist(), p.astype(float)):
            words = self.told(ValueError, lambda given=given: entropy(given))
            assert re.search(r"sum 1 [+-] \d(\.\d)?e-0\d\).*float32.*divide by their sum", words), words
            assert "softmax" not in words

    def test_numbers_handed_on_in_another_type_never_contradict(self):
        for seed in range(200):
            p = softmax(np.random.default_rng(seed).normal(size=50).astype(np.float32)).astype(float)
            try:
                entropy(p)
            except ValueError as error:
                assert "(sum 1)" not in str(error)

    def test_one_column(self):
        words = self.told(ValueError, lambda: entropy([[0.3], [0.7]]))
        assert "np.stack([1 - p, p], -1)" in words
        assert "divide" not in words

    def test_scores(self):
        assert "softmax" in self.told(ValueError, lambda: entropy([3.0, 2.0]))
        assert "divide" not in self.told(ValueError, lambda: entropy([3.0, -2.0]))

    def test_labels(self):
        assert "labels.argmax(-1)" in self.told(ValueError, lambda: brier_score(P, np.eye(3, dtype=int)[:2]))
        assert "labels.ravel()" in self.told(ValueError, lambda: brier_score(P, [[0], [1]]))
        assert "labels.astype(int)" in self.told(TypeError, lambda: brier_score(P, [True, False]))

    def test_objects_and_text(self):
        assert "np.asarray(logits, float)" in self.told(TypeError, lambda: softmax(np.array([1, 2.5], object)))
        assert "np.asarray(logits, float)" in self.told(TypeError, lambda: softmax(["1", "2"]))

    def test_reasons_of_numpy_are_kept(self):
        class Refuses:
            def __array__(self, *_, **__):
                raise ValueError("not today")

        words = self.told(ValueError, lambda: softmax(Refuses()))
        assert "not today" in words
        assert "differ in length" not in words

    def test_an_axis_given_as_the_temperature(self):
        assert "write axis=-1" in self.told(ValueError, lambda: softmax(Z, -1))
        assert "axis" not in self.told(ValueError, lambda: softmax(Z, -0.5))

    def test_too_many_without_replacement(self):
        words = self.told(ValueError, lambda: sample_gumbel([1.0, -inf, 0.0], size=3, replace=False))
        assert words.startswith("size must be at most 2")
        assert "not 3" in words
