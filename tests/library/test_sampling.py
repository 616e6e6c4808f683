"""Picks and draws: exact at every boundary, right in distribution, and a wrong sampler is caught."""

import numpy as np
import pytest
from scipy import stats

from softmax_lib import empirical_distribution, gumbel_softmax, pick, sample, sample_gumbel, softmax

from .reference import same

inf, nan = np.inf, np.nan
ALMOST_ONE = np.nextafter(1.0, 0.0)
P = np.array([0.4, 0.0, 0.3, 0.2, 0.1])


def plain_pick(p, u):
    """Walk along the probabilities until their sum exceeds u."""
    walked, end = 0.0, float(np.cumsum(p, dtype=np.float64)[-1])
    if abs(end - 1) > len(p) * 2.0**-52:
        u = u * end  # a share of the actual sum
    for k, step in enumerate(p):
        walked += float(step)
        if walked > u:
            return k
    return max(k for k, step in enumerate(p) if step > 0)


class TestPick:
    def test_boundaries_belong_to_the_class_above(self):
        p = [0.5, 0.25, 0.125, 0.125]
        u = np.array([0, 0.5, 0.75, 0.875])
        same(pick(p, u), np.arange(4))
        same(pick(p, np.nextafter(u[1:], 0)), np.arange(3))
        assert pick(p, ALMOST_ONE) == 3

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    @pytest.mark.parametrize("classes", [1, 2, 5, 31, 32, 33, 100, 1000])
    @pytest.mark.parametrize("draws", [1, 40, 5000])
    def test_one_distribution_against_a_walk(self, dtype, classes, draws):
        rng = np.random.default_rng([classes, draws])
        p = softmax(3 * rng.normal(size=classes)).astype(dtype)
        p[rng.random(classes) < 0.3] = 0
        p = (p / p.sum() if p.any() else np.eye(classes)[0]).astype(dtype)
        u = np.concatenate([rng.random(draws), [0, ALMOST_ONE]])
        some = rng.choice(len(u), 40)
        same(pick(p, u)[some], np.array([plain_pick(p, x) for x in u[some]]))

    @pytest.mark.parametrize("classes", [1, 2, 5, 31, 32, 33, 64, 100, 1000, 5000])
    @pytest.mark.parametrize("rows", [0, 1, 2, 300])
    def test_rows_against_a_walk(self, classes, rows):
        rng = np.random.default_rng([classes, rows])
        p = softmax(3 * rng.normal(size=(rows, classes)))
        u = rng.random(rows)
        expected = np.array([plain_pick(row, x) for row, x in zip(p[:20], u[:20], strict=True)], int)
        same(pick(p, u)[:20], expected)
        same(pick(p.T, u, axis=0), pick(p, u))
        same(pick(np.asfortranarray(p), u), pick(p, u))

    def test_a_class_of_probability_zero_is_never_picked(self):
        for p in ([0, 1, 0], [0.0, 0.5, 0.0, 0.5, 0.0], [0, 0, 1], [1, 0, 0]):
            p = np.array(p, float)
            u = np.array([0, 5e-324, 0.25, np.nextafter(0.5, 0), 0.5, 0.75, ALMOST_ONE])
            assert (p[pick(p, u)] > 0).all()
            rows = np.tile(p, (len(u), 1))
            assert (p[pick(rows, u)] > 0).all()

    @pytest.mark.parametrize("classes", [10, 100, 3000])
    def test_sums_that_end_below_one(self, classes):
        p = np.full(classes, 1 / classes) * (1 - 1e-9)
        p[-3:] = 0
        p[: classes - 3] *= classes / (classes - 3)
        assert p.sum() < ALMOST_ONE
        assert pick(p, ALMOST_ONE) == classes - 4
        same(pick(np.stack([p, p]), [ALMOST_ONE, ALMOST_ONE]), np.full(2, classes - 4))

    def test_sums_that_end_above_one(self):
        p = np.array([0.5, 0.5 + 1e-9, 0.0])
        assert pick(p, ALMOST_ONE) == 1

    def test_tenths_as_in_the_book(self):
        p = np.full(10, 0.1)
        assert [int(pick(p, x)) for x in (0.0, 0.05, 0.1, 0.95, ALMOST_ONE)] == [0, 0, 1, 9, 9]

    def test_shapes(self):
        rows = np.tile(P, (3, 1))
        assert np.shape(pick(P, 0.5)) == ()
        assert pick(P, [[0.1, 0.5]]).shape == (1, 2)
        assert pick(P, []).shape == (0,)
        same(pick(rows, 0.5), np.full(3, 2))
        same(pick(rows, [0.1, 0.5, 0.95]), np.array([0, 2, 4]))
        same(pick(rows, [[0.1], [0.95]]), np.array([[0] * 3, [4] * 3]))
        assert isinstance(P[pick(P, 0.5)], np.float64)  # a single pick is an index

    @pytest.mark.parametrize("bad", [1.0, -0.1, nan, inf, 1.5, [0.5, 1.0]])
    def test_u_outside(self, bad):
        value = next(x for x in np.ravel(bad) if not 0 <= x < 1)
        with pytest.raises(ValueError, match=rf"u must be in \[0, 1\), not {value}"):
            pick(P, bad)

    def test_errors(self):
        with pytest.raises(ValueError, match=r"sum to 1.*softmax"):
            pick([1.0, 2.0], 0.5)
        with pytest.raises(ValueError, match="probabilities must not hold NaN"):
            pick([nan, 1.0], 0.5)
        with pytest.raises(TypeError, match="u must be a number, or an array of numbers"):
            pick(P, None)
        with pytest.raises(ValueError, match=r"u must be one, or one a row"):
            pick(np.tile(P, (3, 1)), [0.1, 0.2])
        with pytest.raises(ValueError, match="axis must be an axis of probabilities"):
            pick(P, 0.5, axis=1)

    def test_inputs_are_left_alone(self):
        p, u = np.tile(P, (300, 20)) / 20, np.linspace(0, 0.99, 300)
        p.flags.writeable = u.flags.writeable = False
        pick(p, u), pick(p[0], u), sample(p, rng=0)


class TestSample:
    @pytest.mark.parametrize("size", [None, 0, 1, 7, 10_000, (2, 3)])
    def test_is_pick_at_uniform_numbers(self, size):
        same(sample(P, size, rng=5), pick(P, np.random.default_rng(5).random(size)))

    @pytest.mark.parametrize("classes", [5, 100, 3000])
    def test_rows_too(self, classes):
        p = softmax(np.random.default_rng(6).normal(size=(50, classes)))
        same(sample(p, rng=7), pick(p, np.random.default_rng(7).random(50)))
        assert sample(p.reshape(5, 10, classes), rng=7).shape == (5, 10)
        assert sample(p[:0], rng=7).shape == sample(np.empty((0, 0)), rng=7).shape == (0,)

    def test_generator_advances_and_seed_repeats(self):
        generator = np.random.default_rng(8)
        first, second = sample(P, 100, rng=generator), sample(P, 100, rng=generator)
        assert (first != second).any()
        same(sample(P, 100, rng=8), first)

    def test_without_a_seed_calls_differ(self):
        assert (sample(P, 100) != sample(P, 100)).any()

    def test_size_with_rows(self):
        rows = np.full((2, 2), 0.5)
        with pytest.raises(ValueError, match=r"size must be left out when .* have rows \(shape \(2, 2\)\), not 5"):
            sample(rows, size=5)


class TestSampleGumbel:
    def test_shapes_and_seeds(self):
        z = [2.0, 1.0, 0.0]
        assert np.shape(sample_gumbel(z, rng=0)) == ()
        assert sample_gumbel(z, size=7, rng=0).shape == (7,)
        assert sample_gumbel(z, size=(2, 3), rng=0).shape == (2, 3)
        assert sample_gumbel([z] * 4, rng=0).shape == (4,)
        assert sample_gumbel(z, [0.5, 1.0], rng=0).shape == (2,)
        same(sample_gumbel(z, size=50, rng=0), sample_gumbel(z, size=50, rng=0))

    def test_is_the_argmax_of_noisy_logits(self):
        z = np.random.default_rng(1).normal(size=300)
        noise = np.random.default_rng(2).gumbel(size=(3000, 300))
        same(sample_gumbel(z, 0.7, 3000, rng=2), (z / 0.7 + noise).argmax(-1))
        rows = np.random.default_rng(3).normal(size=(3000, 300))
        same(sample_gumbel(rows, rng=2), (rows + noise).argmax(-1))

    def test_limits(self):
        assert (sample_gumbel([1.0, 3.0, 2.0], 0, 50, rng=0) == 1).all()
        assert set(sample_gumbel([3.0, 1.0, 3.0], 0, 50, rng=0)) == {0, 2}
        assert set(sample_gumbel([3.0, -inf, 1.0], inf, 50, rng=0)) == {0, 2}
        assert set(sample_gumbel([inf, 5.0], 1.0, 50, rng=0)) == {0}

    def test_errors(self):
        for bad in ([nan, 1.0], [-inf, -inf], [[0.0, 1.0], [nan, 0.0]], []):
            with pytest.raises(ValueError, match="logits must hold no NaN, and in each row a class that is not -inf"):
                sample_gumbel(bad, rng=0)
        with pytest.raises(ValueError, match="temperature must be 0 or more, not -1"):
            sample_gumbel([1.0, 2.0], -1)


class TestSeveralDrawsARow:
    def test_shapes(self):
        z = np.zeros((3, 4, 5))
        assert sample_gumbel(z, size=2, rng=0).shape == (3, 4, 2)
        assert sample_gumbel(z, size=(2, 6), rng=0).shape == (3, 4, 2, 6)
        assert sample_gumbel(z, size=0, rng=0).shape == (3, 4, 0)
        assert sample_gumbel(z[0], [0.5, 1, 2, 3], size=7, rng=0).shape == (4, 7)
        assert sample_gumbel(z, size=5, replace=False, rng=0).shape == (3, 4, 5)

    def test_each_row_follows_its_own_probabilities(self):
        z = np.random.default_rng(0).normal(size=(3, 6))
        picks = sample_gumbel(z, size=20_000, rng=1)
        for row, p in zip(picks, softmax(z), strict=True):
            assert stats.chisquare(np.bincount(row, minlength=6), 20_000 * p).pvalue > 1e-4

    def test_without_replacement_all_differ(self):
        z = np.random.default_rng(0).normal(size=(50, 6))
        same(np.sort(sample_gumbel(z, size=6, replace=False, rng=1)), np.tile(np.arange(6), (50, 1)))
        z[:, 2] = -inf
        assert (sample_gumbel(z, size=(5,), replace=False, rng=1) != 2).all()

    @pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
    def test_pairs_without_replacement_have_the_sequential_law(self, temperature):
        z = np.array([1.5, 0.0, -0.5, 0.7])
        p, n = softmax(z, temperature), 60_000
        first, second = sample_gumbel(np.tile(z, (n, 1)), temperature, size=2, replace=False, rng=2).T
        expected = np.outer(p, p) / (1 - p)[:, None]
        np.fill_diagonal(expected, 0)
        off = ~np.eye(4, dtype=bool)
        counts = np.histogram2d(first, second, bins=(range(5), range(5)))[0]
        assert stats.chisquare(counts[off], n * expected[off]).pvalue > 1e-4
        assert stats.chisquare(counts[off], n * np.outer(p, p)[off] / np.outer(p, p)[off].sum()).pvalue < 1e-10

    def test_ties_at_zero_temperature(self):
        z = [3.0, 1.0, 3.0, 3.0]
        assert set(sample_gumbel(z, 0, size=3, replace=False, rng=0)) == {0, 2, 3}
        with pytest.raises(ValueError, match="size must be at most 3, the possible classes of a row, not 4"):
            sample_gumbel(z, 0, size=4, replace=False)


class TestGumbelSoftmax:
    Z = np.array([1.5, 0.0, -0.5, 0.7])

    @pytest.mark.parametrize("temperature", [0.0, 0.1, 1.0, 10.0])
    def test_the_largest_is_a_draw_at_every_temperature(self, temperature):
        y = gumbel_softmax(np.tile(self.Z, (40_000, 1)), temperature, rng=0)
        np.testing.assert_allclose(y.sum(-1), 1, rtol=1e-14)
        assert stats.chisquare(np.bincount(y.argmax(-1)), 40_000 * softmax(self.Z)).pvalue > 1e-4

    def test_hard_is_the_limit(self):
        rows = np.tile(self.Z, (100, 1))
        hard = gumbel_softmax(rows, 0.7, hard=True, rng=0)
        same(hard, gumbel_softmax(rows, 0, rng=0))
        same(hard, gumbel_softmax(rows, 1e-9, rng=0).round(6))
        same(hard.argmax(-1), gumbel_softmax(rows, 0.7, rng=0).argmax(-1))
        same(np.unique(hard), np.array([0.0, 1.0]))

    def test_is_the_softmax_of_noisy_logits(self):
        noise = np.random.default_rng(3).gumbel(size=(5, 4))
        same(gumbel_softmax(np.tile(self.Z, (5, 1)), 0.7, rng=3), softmax(self.Z + noise, 0.7))
        assert gumbel_softmax(self.Z, [0.5, 1.0, 2.0], rng=0).shape == (3, 4)
        assert gumbel_softmax(self.Z.astype(np.float32), rng=0).dtype == np.float32

    def test_limits(self):
        same(gumbel_softmax([inf, 1.0, -inf], rng=0), np.array([1.0, 0.0, 0.0]))
        assert np.isnan(gumbel_softmax([nan, 1.0], rng=0)).all()
        assert (gumbel_softmax([1.0, -inf, 2.0], [0.3, inf], rng=0)[:, 1] == 0).all()


class TestEmpiricalDistribution:
    def test_counts(self):
        same(empirical_distribution([0, 2, 0, 1], 4), np.array([0.5, 0.25, 0.25, 0]))
        same(empirical_distribution([[0, 2], [0, 1]], 4), np.array([0.5, 0.25, 0.25, 0]))
        same(empirical_distribution(1, 2), np.array([0.0, 1.0]))

    @pytest.mark.parametrize(
        ("picks", "classes", "error", "message"),
        [
            ([], 3, ValueError, "picks must hold at least one pick"),
            ([0, 3], 3, ValueError, "picks must be classes from 0 to 2, not 3"),
            ([-1], 3, ValueError, "picks must be classes from 0 to 2, not -1"),
            ([0.5], 3, TypeError, "picks must be class numbers"),
            ([0], 1.5, TypeError, "classes must be a whole number, not 1.5"),
            ([0], 0, ValueError, "classes must be at least 1, not 0"),
        ],
    )
    def test_errors(self, picks, classes, error, message):
        with pytest.raises(error, match=message):
            empirical_distribution(picks, classes)


# The law of the draws: chi-squared at the 1-in-10,000 level, seeds fixed.

Z = np.array([2.0, 1.0, 0.5, -0.5, -2.0])
DRAWS = 40_000


def draw_one_by_one(z, n, rng):
    return np.array([sample(softmax(z), rng=rng) for _ in range(n)])


def biased_copy(z, n, rng):
    """u is never above .99: the last class is picked a little too rarely."""
    return pick(softmax(z), 0.99 * np.random.default_rng(rng).random(n))


SAMPLERS = {
    "many": lambda z, n, rng: sample(softmax(z), n, rng=rng),
    "rows": lambda z, n, rng: sample(np.tile(softmax(z), (n, 1)), rng=rng),
    "gumbel": lambda z, n, rng: sample_gumbel(z, size=n, rng=rng),
    "gumbel rows": lambda z, n, rng: sample_gumbel(np.tile(z, (n, 1)), rng=rng),
}


def p_value(sampler, z, rng, draws=DRAWS):
    expected = draws * softmax(z)
    counts = draws * empirical_distribution(sampler(z, draws, rng), len(z))
    return stats.chisquare(counts, expected).pvalue


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_draws_follow_the_probabilities(name, temperature):
    assert p_value(SAMPLERS[name], Z / temperature, rng=11) > 1e-4


@pytest.mark.parametrize("name", SAMPLERS)
def test_draws_of_many_classes(name):
    z = np.random.default_rng(12).normal(size=200)
    assert p_value(SAMPLERS[name], z, rng=13) > 1e-4


def test_draws_one_by_one():
    assert p_value(draw_one_by_one, Z, np.random.default_rng(14), draws=4000) > 1e-4


def test_p_values_are_uniform():
    values = [p_value(SAMPLERS["many"], Z, rng=seed, draws=5000) for seed in range(300)]
    assert stats.kstest(values, "uniform").pvalue > 1e-3


def test_a_biased_copy_is_caught():
    assert p_value(biased_copy, Z, rng=11) < 1e-10
