"""What is cut and what is kept, against plain definitions class by class."""

from itertools import pairwise

import numpy as np
import pytest

from softmax_lib import entropy, log_softmax, min_p, softmax, top_k, top_n_sigma, top_p, typical_p

from .reference import same

inf, nan = np.inf, np.nan
CUTS = (
    lambda z, **axis: top_k(z, 2, **axis),
    lambda z, **axis: top_p(z, 0.9, **axis),
    lambda z, **axis: min_p(z, 0.3, **axis),
    lambda z, **axis: top_n_sigma(z, 1.1, **axis),
)


def plain_top_k(z, k):
    best = sorted(range(len(z)), key=lambda i: -z[i])[:k]
    return np.array([z[i] if i in best else -inf for i in range(len(z))], z.dtype)


def plain_top_p(z, p):
    q, total, kept = softmax(z.astype(float)), 0.0, set()
    for i in sorted(range(len(z)), key=lambda i: -z[i]):
        kept.add(i)
        total += q[i]
        if total >= p:
            break
    return np.array([z[i] if i in kept else -inf for i in range(len(z))], z.dtype)


def plain_min_p(z, p):
    q = softmax(z.astype(float))
    return np.where(q >= p * q.max(), z, z.dtype.type(-inf))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("classes", [1, 2, 5, 64, 300])
class TestAgainstThePlainDefinition:
    def logits(self, classes, dtype):
        rng = np.random.default_rng(classes)
        return rng.permuted(np.tile(np.linspace(-3, 3, classes), (6, 1)), axis=1).astype(dtype)

    @pytest.mark.parametrize("k", [1, 2, 5, 50, 1000])
    def test_top_k(self, classes, dtype, k):
        z = self.logits(classes, dtype)
        same(top_k(z, k), np.array([plain_top_k(row, k) for row in z]))
        same(top_k(z.T, k, axis=0), top_k(z, k).T)

    @pytest.mark.parametrize("p", [1e-300, 0.1, 0.5, 0.9, 0.999, 1.0])
    def test_top_p(self, classes, dtype, p):
        z = self.logits(classes, dtype)
        same(top_p(z, p), np.array([plain_top_p(row, p) for row in z]) if p < 1 else z)
        same(top_p(z.T, p, axis=0), top_p(z, p).T)

    @pytest.mark.parametrize("p", [1e-300, 0.0123, 0.1, 0.5, 0.9, 1.0])
    def test_min_p(self, classes, dtype, p):
        z = self.logits(classes, dtype)
        same(min_p(z, p), np.array([plain_min_p(row, p) for row in z]))
        same(min_p(z.T, p, axis=0), min_p(z, p).T)


class TestTopP:
    def test_keeps_the_class_that_crosses_the_threshold(self):
        z = np.log([0.5, 0.25, 0.125, 0.125])
        same(np.isfinite(top_p(z, 0.6)), np.array([True, True, False, False]))
        same(np.isfinite(top_p(z, 0.4)), np.array([True, False, False, False]))

    def test_reaching_the_threshold_exactly_is_enough(self):
        same(
            np.isfinite(top_p([1.0, 0.0, -inf, 1.0], softmax([1.0, 1.0, 0.0])[:2].sum())), np.array([1, 0, 0, 1], bool)
        )

    def test_a_tiny_p_keeps_one(self):
        same(top_p([1.0, 3.0, 2.0], 5e-324), np.array([-inf, 3.0, -inf]))

    def test_one_keeps_all(self):
        z = np.array([1000.0, 0.0, -1000.0, -inf])
        same(top_p(z, 1), z)

    def test_more_p_keeps_more(self):
        z = np.random.default_rng(1).normal(size=500)
        kept = [np.isfinite(top_p(z, p)) for p in np.linspace(0.01, 1, 50)]
        assert all((a <= b).all() for a, b in pairwise(kept))


def test_min_p_threshold_is_not_rounded_to_float16():
    z = np.array([1000, 999.5, 999], np.float16)
    assert np.isfinite(min_p(z, np.exp(-0.8))).tolist() == [True, True, False]


class TestTies:
    def test_are_kept_or_cut_together(self):
        z = np.array([1.0, 2.0, 2.0, 2.0, 0.0])
        kept = np.array([-inf, 2.0, 2.0, 2.0, -inf])
        same(top_k(z, 1), kept)
        same(top_k(z, 2), kept)
        same(top_p(z, 0.1), kept)
        same(min_p(z, 1.0), kept)


class TestSpecialLogits:
    @pytest.mark.parametrize("cut", CUTS)
    def test_minus_infinity_stays(self, cut):
        result = cut([-inf, 3.0, -inf, 2.0, -5.0])
        same(result, np.array([-inf, 3.0, -inf, 2.0, -inf]))
        same(cut([-inf, -inf, -inf]), np.full(3, -inf))

    @pytest.mark.parametrize("cut", CUTS)
    def test_plus_infinity(self, cut):
        same(softmax(cut([inf, 1.0, inf, 0.0])), np.array([0.5, 0, 0.5, 0]))

    @pytest.mark.parametrize("cut", CUTS)
    def test_nan_stays_in_its_row(self, cut):
        z = np.array([[1.0, 2.0, nan, 9.0], [1.0, 2.0, 3.0, 9.0]])
        assert np.isnan(softmax(cut(z))[0]).all()
        same(cut(z)[1], cut(z[1]))

    @pytest.mark.parametrize("cut", CUTS)
    def test_huge(self, cut):
        assert cut([1e308, -1e308])[0] == 1e308

    @pytest.mark.parametrize("cut", CUTS)
    def test_types_and_empty_arrays(self, cut):
        assert cut(np.array([1, 2, 255], np.uint8)).dtype == np.float64
        assert cut(np.array([1, 2, 255], np.float16)).dtype == np.float16
        for shape in [(0,), (0, 3), (2, 0)]:
            same(cut(np.zeros(shape)), np.zeros(shape))

    @pytest.mark.parametrize("cut", CUTS)
    def test_input_is_left_alone(self, cut):
        z = np.array([[3.0, 2.0, -9.0]] * 2)
        z.flags.writeable = False
        result = cut(z)
        same(z, np.array([[3.0, 2.0, -9.0]] * 2))
        assert not np.may_share_memory(result, z)
        assert not np.may_share_memory(top_k(z, 9), z)


class TestTypicalP:
    @pytest.mark.parametrize("classes", [1, 2, 5, 64])
    @pytest.mark.parametrize("p", [1e-300, 0.2, 0.5, 0.95, 1.0])
    def test_against_the_plain_definition(self, classes, p):
        z = np.random.default_rng(classes).normal(size=(5, classes)) * 2
        for row, cut in zip(z, typical_p(z, p), strict=True):
            q = softmax(row)
            distance, total, kept = abs(-log_softmax(row) - entropy(q)), 0.0, set()
            for i in np.argsort(distance):
                kept.add(int(i))
                total += q[i]
                if total >= p:
                    break
            same(cut, np.array([x if i in kept or p == 1 else -inf for i, x in enumerate(row)]))
        same(typical_p(z.T, p, axis=0), typical_p(z, p).T)

    def test_may_drop_the_likeliest(self):
        z = np.log([0.4] + [0.06] * 10)
        assert typical_p(z, 0.4)[0] == -inf
        assert np.isfinite(typical_p(z, 0.4)[1:]).all()  # equal classes stay together

    def test_special_rows(self):
        same(typical_p([-inf, 3.0, 3.0], 0.5), np.array([-inf, 3.0, 3.0]))
        same(typical_p([[nan, 1.0], [-inf, -inf]], 0.5), np.array([[nan, 1.0], [-inf, -inf]]))
        same(typical_p(np.zeros((0, 3)), 0.5), np.zeros((0, 3)))
        assert typical_p(np.float16([1, 2]), 0.5).dtype == np.float16


class TestTopNSigma:
    def test_against_the_plain_definition(self):
        z = np.random.default_rng(0).normal(size=(6, 50))
        for n in (0.3, 1.0, 2.0):
            plain = np.where(z >= z.max(1, keepdims=True) - n * z.std(1, keepdims=True), z, -inf)
            same(top_n_sigma(z, n), plain)
            for temperature in (0.1, 10.0):
                same(np.isfinite(top_n_sigma(z / temperature, n)), np.isfinite(plain))

    def test_special_rows(self):
        same(top_n_sigma([1.0, 1.0], 0.1), np.array([1.0, 1.0]))
        same(top_n_sigma([5.0, -inf, 4.0, 0.0], 1), top_n_sigma([5.0, 4.0, 0.0, -inf], 1)[[0, 3, 1, 2]])
        same(top_n_sigma([1e308, -1e308, 1e307], 1), np.array([1e308, -inf, -inf]))
        same(top_n_sigma([[nan, 1.0], [-inf, -inf]], 1), np.array([[nan, 1.0], [-inf, -inf]]))


class TestOneARow:
    @pytest.mark.parametrize("cut", [top_k, top_p, min_p, typical_p, top_n_sigma])
    def test_equals_row_by_row(self, cut):
        z = np.random.default_rng(0).normal(size=(4, 9))
        limits = [1, 3, 9, 50] if cut is top_k else [0.1, 0.5, 0.9, 1.0]
        rows = np.array([cut(row, limit) for row, limit in zip(z, limits, strict=True)])
        same(cut(z, limits), rows)
        same(cut(z, np.array(limits)[:, None]), rows)
        same(cut(z.T, limits, axis=0), rows.T)
        same(cut(z[0], limits), np.array([cut(z[0], limit) for limit in limits]))

    def test_every_limit_is_checked(self):
        with pytest.raises(ValueError, match="k must be at least 1, not 0"):
            top_k(np.zeros((2, 3)), [1, 0])
        with pytest.raises(ValueError, match=r"p must be above 0 and up to 1, not 1\.5"):
            top_p(np.zeros((2, 3)), [0.5, 1.5])
        with pytest.raises(ValueError, match="n must be above 0, not 0"):
            top_n_sigma(np.zeros((2, 3)), [1, 0])


class TestErrors:
    @pytest.mark.parametrize(
        ("k", "error", "message"),
        [
            (0, ValueError, "k must be at least 1, not 0"),
            (-3, ValueError, "k must be at least 1, not -3"),
            (1.5, TypeError, "k must be a whole number, not 1.5"),
            (None, TypeError, "k must be a whole number, or one a row, not of object: None"),
        ],
    )
    def test_k(self, k, error, message):
        with pytest.raises(error, match=message):
            top_k([1.0, 2.0], k)

    @pytest.mark.parametrize("function", [top_p, min_p])
    def test_p(self, function):
        for bad in (0, -0.1, 1.0001, nan, inf):
            with pytest.raises(ValueError, match=f"p must be above 0 and up to 1, not {bad}"):
                function([1.0, 2.0], bad)
        with pytest.raises(ValueError, match=r"p must be one, or one a row \(shape \(2,\)\), not of shape \(3,\)"):
            function([[1.0, 2.0]] * 2, [0.5] * 3)
        with pytest.raises(TypeError, match="p must be a number, or an array of numbers, not of object: None"):
            function([1.0, 2.0], None)

    @pytest.mark.parametrize("cut", CUTS)
    def test_logits(self, cut):
        with pytest.raises(ValueError, match="logits must be an array with one entry per class"):
            cut(3.0)
        with pytest.raises(TypeError, match="logits must be an array of real numbers"):
            cut(None)
        with pytest.raises(ValueError, match="axis must be an axis of logits"):
            cut([1.0, 2.0], axis=1)
