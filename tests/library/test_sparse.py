"""Sparsemax and entmax against judges that know nothing of their algorithms."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from softmax_lib import entmax, entropy, softmax, sparsemax

from .reference import same
from .test_properties import TEMPERATURES, always_the_same, logits

inf, nan = np.inf, np.nan
ALPHAS = (1, 1.001, 1.1, 1.5, 1.9, 2)
MAPS = [sparsemax, *(lambda z, T=1.0, alpha=alpha, **more: entmax(z, T, alpha=alpha, **more) for alpha in ALPHAS)]
SPARSE = [sparsemax, *(lambda z, T=1.0, alpha=alpha: entmax(z, T, alpha=alpha) for alpha in ALPHAS[2:])]


def exact_entmax(z, alpha, temperature=1):
    """The probabilities by bisection in 50 digits, from the definition: a threshold that makes their sum 1."""
    with mpmath.workdps(50):
        a = mpmath.mpf(alpha) - 1
        x = [a * mpmath.mpf(float(value)) / mpmath.mpf(temperature) for value in z]

        def weights(threshold):
            return [max(value - threshold, mpmath.mpf(0)) ** (1 / a) for value in x]

        low, high = max(x) - 1, max(x)
        for _ in range(170):
            middle = (low + high) / 2
            if mpmath.fsum(weights(middle)) > 1:
                low = middle
            else:
                high = middle
        return np.array([float(value) for value in weights(low)])


@pytest.mark.parametrize("alpha", [1.001, 1.1, 1.5, 1.75, 2])
@pytest.mark.parametrize("classes", [1, 2, 5, 40])
def test_agrees_with_bisection_in_fifty_digits(classes, alpha):
    rng = np.random.default_rng(classes)
    for scale, temperature in [(0.01, 1), (1, 1), (1, 0.25), (4, 3), (60, 1)]:
        z = rng.normal(size=classes) * scale
        exact = exact_entmax(z, alpha, temperature)
        np.testing.assert_allclose(entmax(z, temperature, alpha=alpha), exact, rtol=0, atol=1e-15)
        if alpha == 2:
            np.testing.assert_allclose(sparsemax(z, temperature), exact, rtol=0, atol=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_sparsemax_is_the_nearest_distribution(seed):
    """A quadratic programme, which SciPy solves."""
    z = np.random.default_rng(seed).normal(size=6) * 1.5
    found = optimize.minimize(
        lambda q: np.sum((q - z) ** 2),
        np.full(6, 1 / 6),
        jac=lambda q: 2 * (q - z),
        bounds=[(0, 1)] * 6,
        constraints={"type": "eq", "fun": lambda q: q.sum() - 1, "jac": np.ones_like},
        method="SLSQP",
        options={"ftol": 1e-15},
    )
    np.testing.assert_allclose(sparsemax(z), found.x, atol=1e-6)


@pytest.mark.parametrize("alpha", [1.2, 1.5, 2])
def test_entmax_maximises_the_score_plus_its_entropy(alpha):
    """As Peters, Niculae and Martins define it: with the entropy of Tsallis."""

    def objective(q, z):
        return q @ z + np.sum(q - q**alpha) / (alpha * (alpha - 1))

    rng = np.random.default_rng(7)
    for _ in range(20):
        z = rng.normal(size=5) * 2
        best = objective(entmax(z, alpha=alpha), z)
        others = np.concatenate([rng.dirichlet(np.ones(5), 200), rng.dirichlet(np.full(5, 0.1), 200)])
        near = 0.99 * entmax(z, alpha=alpha) + 0.01 * others
        assert max(objective(q, z) for q in [*others, *near]) < best


def test_two_classes_have_closed_forms():
    gaps = np.linspace(-3, 3, 61)
    z = np.stack([gaps, 0 * gaps], axis=1)
    np.testing.assert_allclose(sparsemax(z)[:, 0], np.clip((1 + gaps) / 2, 0, 1), atol=1e-15)
    d = np.clip(gaps / 2, -1, 1)  # of the roots of the probabilities, whose squares sum to 1
    np.testing.assert_allclose(entmax(z)[:, 0], ((d + np.sqrt(2 - d**2)) / 2) ** 2, atol=1e-15)
    same(entmax(z, alpha=1), softmax(z))
    same(entmax(z, alpha=2), sparsemax(z))


def test_agrees_with_the_package_of_its_authors():
    """The examples in the README of deep-spin/entmax."""
    np.testing.assert_allclose(sparsemax([-2, 0, 0.5]), [0, 0.25, 0.75], atol=5e-5)
    np.testing.assert_allclose(entmax([-2, 0, 0.5]), [0, 0.3260, 0.6740], atol=5e-5)
    rows = [[-1, 0, 0.5], [1, 2, 3.5]]
    np.testing.assert_allclose(entmax(rows, alpha=1.33)[0], [0.0460, 0.3276, 0.6264], atol=5e-5)


def test_alpha_near_one_is_near_the_softmax():
    z = np.random.default_rng(0).normal(size=(20, 50))
    for a in (1e-3, 1e-6, 1e-9, 1e-15):
        np.testing.assert_allclose(entmax(z, alpha=1 + a), softmax(z), atol=10 * a + 1e-15)


@pytest.mark.parametrize("function", MAPS)
class TestLikeTheSoftmax:
    def test_limits_of_the_temperature(self, function):
        same(function([1.0, 3.0, 3.0, -inf], 0), np.array([0, 0.5, 0.5, 0]))
        np.testing.assert_allclose(function([1.0, 3.0, 3.0, -inf], inf), [1 / 3, 1 / 3, 1 / 3, 0], rtol=1e-15)

    def test_one_temperature_a_row(self, function):
        z = np.random.default_rng(1).normal(size=(3, 7))
        T = [0.2, 1.0, 5.0]
        rows = np.array([function(row, t) for row, t in zip(z, T, strict=True)])
        same(function(z, T), rows)
        same(function(z.T, T, axis=0), rows.T)
        same(function(z[0], T), np.array([function(z[0], t) for t in T]))

    @pytest.mark.parametrize("classes", [1, 2, 7, 63, 64, 500])
    def test_rows_do_not_depend_on_their_neighbours(self, function, classes):
        z = np.random.default_rng(classes).normal(size=(9, classes)) * 2
        same(function(z), np.array([function(row) for row in z]))
        same(function(z.reshape(3, 3, classes)), function(z).reshape(3, 3, classes))

    def test_masked_equals_subset(self, function):
        z = np.random.default_rng(2).normal(size=12)
        possible = np.arange(12) % 3 > 0
        p = function(np.where(possible, z, -inf))
        assert (p[~possible] == 0).all()
        np.testing.assert_allclose(p[possible], function(z[possible]), atol=1e-15)
        same(function(np.ma.masked_array(z, ~possible)), p)

    def test_special_rows(self, function):
        same(function([[nan, 1.0], [-inf, -inf], [0.0, 0.0]]), np.array([[nan, nan], [nan, nan], [0.5, 0.5]]))
        same(function([inf, 1.0, inf]), np.array([0.5, 0, 0.5]))
        same(function([1e308, -1e308]), np.array([1.0, 0.0]))
        same(function(np.zeros((0, 3))), np.zeros((0, 3)))
        same(function(np.zeros((2, 0))), np.zeros((2, 0)))
        same(function(np.array([1, 2, 255], np.uint8)).round(50), np.array([0.0, 0.0, 1.0]))

    @pytest.mark.parametrize("dtype", [np.float16, np.float32])
    def test_narrow_floats_keep_their_type(self, function, dtype):
        z = np.random.default_rng(3).normal(size=(4, 30)).astype(dtype)
        p = function(z)
        assert p.dtype == dtype
        np.testing.assert_allclose(p, function(z.astype(float)), atol=4 * np.finfo(dtype).eps)

    def test_many_narrow_classes_sum_to_one(self, function):
        z = np.random.default_rng(7).normal(size=50_000).astype(np.float32)
        for T in (0.5, 50, 1e4):
            assert abs(function(z, T).sum(dtype=float) - 1) < 2e-6

    def test_writes_where_it_is_told(self, function):
        z = np.random.default_rng(4).normal(size=(5, 6))
        expected, kept = function(z), z.copy()
        assert function(kept, out=kept) is kept
        same(kept, expected)

    def test_input_is_left_alone(self, function):
        z = np.array([[3.0, 2.0, -9.0]] * 2)
        z.flags.writeable = False
        function(z)
        same(z, np.array([[3.0, 2.0, -9.0]] * 2))


@always_the_same
@given(logits(-1e300, 1e300), TEMPERATURES, st.floats(1, 2))
def test_a_distribution_in_the_order_of_the_logits(z, temperature, alpha):
    for p in (sparsemax(z, temperature), entmax(z, temperature, alpha=alpha)):
        assert (p >= 0).all()
        np.testing.assert_allclose(p.sum(-1), 1, rtol=1e-14)
        assert (np.diff(np.take_along_axis(p, np.argsort(z, axis=-1), -1)) >= 0).all()


@always_the_same
@given(logits(), st.integers(-1000, 1000), st.floats(1, 2))
def test_only_differences_matter(z, shift, alpha):
    z = np.round(z * 16) / 16  # so that the shift itself is exact
    same(entmax(z + shift, alpha=alpha), entmax(z, alpha=alpha))
    same(sparsemax(z + shift), sparsemax(z))


class TestZeros:
    @pytest.mark.parametrize("function", SPARSE)
    def test_are_exact_and_more_in_the_cold(self, function):
        z = np.random.default_rng(5).normal(size=100)
        support = [np.count_nonzero(function(z, T)) for T in (0.01, 0.1, 1, 10, 1000)]
        assert support == sorted(support) and support[0] == 1 and support[-1] == 100
        assert np.count_nonzero(softmax(z, 0.1)) == 100

    def test_alpha_says_how_far_below_the_best_they_begin(self):
        """1/(α − 1) above a threshold: with two classes, where the gap reaches 1/(α − 1)."""
        for alpha in (1.25, 1.5, 2):
            reach = 1 / (alpha - 1)
            assert entmax([reach * 0.999, 0], alpha=alpha)[1] > 0
            same(entmax([reach * 1.001, 0], alpha=alpha), np.array([1.0, 0.0]))

    def test_larger_alpha_is_less_uncertain(self):
        z = np.random.default_rng(6).normal(size=20)
        nats = [float(entropy(entmax(z, alpha=alpha))) for alpha in np.linspace(1, 2, 11)]
        assert nats == sorted(nats, reverse=True)


class TestErrors:
    @pytest.mark.parametrize("alpha", [0, 0.999, 2.001, -1, nan, inf])
    def test_alpha_outside(self, alpha):
        with pytest.raises(ValueError, match=f"alpha must be from 1 to 2, not {alpha}: 1 is softmax"):
            entmax([1.0, 2.0], alpha=alpha)

    @pytest.mark.parametrize("alpha", [None, "1.5", [1.5], True])
    def test_alpha_of_another_kind(self, alpha):
        with pytest.raises(TypeError, match="alpha must be one number"):
            entmax([1.0, 2.0], alpha=alpha)

    @pytest.mark.parametrize("function", MAPS)
    def test_what_softmax_refuses(self, function):
        with pytest.raises(ValueError, match="temperature must be 0 or more, not -1"):
            function([1.0, 2.0], -1)
        with pytest.raises(TypeError, match="logits must be an array of real numbers"):
            function(None)
        with pytest.raises(ValueError, match="axis must be an axis of logits"):
            function([1.0, 2.0], axis=1)
