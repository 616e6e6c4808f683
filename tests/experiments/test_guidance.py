import numpy as np
import pytest
from scipy import stats

from experiments import guidance
from experiments.guidance import (
    Classes,
    Mixture,
    guided_flow,
    guided_samples,
    guided_score,
    mean_and_spread,
    powered,
    quality,
    ring,
    tempered,
)

GRID = np.linspace(-10, 14, 4801)
PAIR = Classes(Mixture([[-1]]), Mixture([[1]]))  # two Gaussians of one dimension
UNEVEN = Mixture([[0, 1], [2, -1], [-3, 0.5]], [0.5, 1, 2], [1, 2, 3])


def normal_density(mixture, x):
    parts = [
        stats.multivariate_normal(mean, deviation**2).pdf(x)
        for mean, deviation in zip(mixture.means, mixture.deviations, strict=True)
    ]
    return mixture.weights @ parts


def test_density_is_that_of_weighted_normals():
    points = np.random.default_rng(0).normal(size=(50, 2))
    np.testing.assert_allclose(UNEVEN.log_density(points), np.log(normal_density(UNEVEN, points)))
    assert UNEVEN.weights.tolist() == pytest.approx([1 / 6, 1 / 3, 1 / 2])


@pytest.mark.parametrize("noise", [0, 0.3, 5])
def test_score_is_the_slope_of_the_log_density(noise):
    points, step = np.random.default_rng(1).normal(size=(20, 2)), 1e-6
    for axis, move in enumerate(step * np.eye(2)):
        numeric = (UNEVEN.log_density(points + move, noise) - UNEVEN.log_density(points - move, noise)) / (2 * step)
        np.testing.assert_allclose(UNEVEN.score(points, noise)[:, axis], numeric, atol=1e-7)


def test_noise_widens_every_component():
    points = np.random.default_rng(2).normal(size=(20, 2))
    wider = Mixture(UNEVEN.means, np.sqrt(UNEVEN.deviations**2 + 4), UNEVEN.weights)
    np.testing.assert_allclose(UNEVEN.log_density(points, 2), wider.log_density(points))


def test_draws_have_the_moments_of_the_mixture():
    points = UNEVEN.draw(40_000, np.random.default_rng(3))
    mean = UNEVEN.weights @ UNEVEN.means
    variance = UNEVEN.weights @ (UNEVEN.deviations[:, None] ** 2 + (UNEVEN.means - mean) ** 2)
    np.testing.assert_allclose(points.mean(0), mean, atol=5 * np.sqrt(variance.max() / 40_000))
    np.testing.assert_allclose(points.var(0), variance, rtol=0.05)


def test_posterior_is_that_of_bayes():
    from softmax_lib import softmax

    np.testing.assert_allclose(softmax(PAIR.logits(GRID[:, None]))[:, 1], 1 / (1 + np.exp(-2 * GRID)))
    pieces = [np.exp(each.log_density(GRID[:, None])) / 2 for each in PAIR.mixtures]
    np.testing.assert_allclose(np.exp(PAIR.everything.log_density(GRID[:, None])), sum(pieces))


@pytest.mark.parametrize("scale", [0, 1, 2.5, 7])
def test_both_forms_of_the_guided_score_are_equal(scale):
    world, points = ring(), np.random.default_rng(4).normal(size=(30, 2))
    found = guided_score(points, 0.7, world.of(0), world.everything, scale)
    w = scale - 1  # Ho and Salimans, equation 6
    theirs = (1 + w) * world.of(0).score(points, 0.7) - w * world.everything.score(points, 0.7)
    np.testing.assert_allclose(found, theirs)
    # and the slope of ln p(x) + s ln p(c|x)
    step = 1e-6
    for axis, move in enumerate(step * np.eye(2)):
        logs = []
        for moved in (points + move, points - move):
            logits = world.logits(moved, 0.7)
            log_posterior = logits[:, 0] - np.log(np.exp(logits).sum(1))
            logs.append(world.everything.log_density(moved, 0.7) + scale * log_posterior)
        np.testing.assert_allclose(found[:, axis], (logs[0] - logs[1]) / (2 * step), atol=1e-6)


def end(start, conditional, everything, scale, **options):
    *_, (_, x) = guided_flow(start, conditional, everything, scale, **options)
    return x


@pytest.mark.parametrize("scale", [0, 1, 2, 4])
def test_gaussians_flow_as_their_exact_solution_says(scale):
    # p(x|c) = N(0, 1), p(x) = N(0, 2): d ln x = σ (s / (1 + σ²) + (1 - s) / (2 + σ²)) dσ
    start = np.array([[-2.0], [0.5], [1.0]])
    found = end(start, Mixture([[0]]), Mixture([[0]], np.sqrt(2)), scale, steps=200)

    def growth(noise):
        return (1 + noise**2) ** (scale / 2) * (2 + noise**2) ** ((1 - scale) / 2)

    exact = start * guidance.MOST_NOISE * growth(guidance.LEAST_NOISE) / growth(guidance.MOST_NOISE)
    np.testing.assert_allclose(found, exact, rtol=2e-3)
    np.testing.assert_allclose((found / start) ** 2, 2.0 ** (1 - scale), rtol=6e-3)  # the variance


def test_heuns_error_falls_with_the_square_of_the_step():
    start = np.linspace(-2, 2, 9)[:, None]
    best = end(start, PAIR.of(1), PAIR.everything, 4, steps=1600)
    coarse, fine = (abs(end(start, PAIR.of(1), PAIR.everything, 4, steps=steps) - best).max() for steps in (50, 200))
    assert 8 < coarse / fine < 32


def test_scale_one_draws_the_class_and_scale_zero_draws_everything():
    points = guided_samples(PAIR, 1, 1, 2000, np.random.default_rng(5), steps=80)[:, 0]
    assert (
        stats.kstest(points, stats.norm(1 - 1 / 80, 1).cdf).pvalue > 0.01
    )  # the start ignores the mean: 1/80 of it is missing
    both = guided_samples(PAIR, 1, 0, 2000, np.random.default_rng(6), steps=80)[:, 0]
    assert stats.kstest(both, lambda x: (stats.norm.cdf(x, -1) + stats.norm.cdf(x, 1)) / 2).pvalue > 0.01


def test_scale_one_does_not_ask_what_everything_is():
    start = np.random.default_rng(7).normal(size=(5, 2))
    world = ring()
    np.testing.assert_allclose(
        end(start, world.of(0), world.everything, 1), end(start, world.of(0), UNEVEN, 1), atol=1e-9
    )


def test_samples_repeat_with_their_seed():
    first, again, other = (guided_samples(PAIR, 0, 3, 4, np.random.default_rng(seed), steps=20) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


@pytest.mark.parametrize(("scale", "mean"), [(2, 1.29), (4, 1.54), (8, 1.77)])
def test_powered_density_is_the_product(scale, mean):
    density = powered(PAIR, 1, scale, GRID)
    product = (stats.norm.pdf(GRID, -1) + stats.norm.pdf(GRID, 1)) / (1 + np.exp(-2 * GRID)) ** scale
    np.testing.assert_allclose(density, product / product.sum() / (GRID[1] - GRID[0]), atol=1e-12)
    # the other way to write it: p(x|c) p(c|x)^w
    tilted = stats.norm.pdf(GRID, 1) / (1 + np.exp(-2 * GRID)) ** (scale - 1)
    np.testing.assert_allclose(density, tilted / tilted.sum() / (GRID[1] - GRID[0]), atol=1e-12)
    assert round(mean_and_spread(GRID, density)[0], 2) == mean


def test_tempered_density_normalises_over_the_classes_first():
    density = tempered(PAIR, 1, 3, GRID)
    product = (stats.norm.pdf(GRID, -1) + stats.norm.pdf(GRID, 1)) / (1 + np.exp(-6 * GRID))
    np.testing.assert_allclose(density, product / product.sum() / (GRID[1] - GRID[0]), atol=1e-12)


def test_all_three_densities_agree_at_no_guidance_and_without_condition():
    own = np.exp(PAIR.of(1).log_density(GRID[:, None]))
    every = np.exp(PAIR.everything.log_density(GRID[:, None]))
    for density in (powered, tempered):
        np.testing.assert_allclose(density(PAIR, 1, 1, GRID), own, atol=1e-12)
        np.testing.assert_allclose(density(PAIR, 1, 0, GRID), every, atol=1e-12)
    assert mean_and_spread(GRID, own) == pytest.approx((1, 1))


def test_quality_of_points_that_are_known():
    world = ring(classes=3, modes=6)
    found = quality(world.of(0).means, world, 0)
    assert found.modes == pytest.approx(6) and found.kept == 6
    one = quality(np.repeat(world.of(0).means[:1], 50, axis=0), world, 0)
    assert one.modes == pytest.approx(1) and one.kept == 1
    assert one.log_density == pytest.approx(world.of(0).log_density(world.of(0).means[:1])[0])
    distances = ((world.of(0).means[0] - np.concatenate([each.means for each in world.mixtures])) ** 2).sum(1)
    pulls = np.exp(-distances / 2 / 0.5**2)
    assert one.fidelity == pytest.approx(pulls[:6].sum() / pulls.sum())


def test_ring_is_even_and_its_classes_are_neighbours():
    world = ring(classes=3, modes=6, radius=2)
    every = world.everything.means
    np.testing.assert_allclose(np.linalg.norm(every, axis=1), 2)
    gaps = np.linalg.norm(every - np.roll(every, 1, axis=0), axis=1)
    np.testing.assert_allclose(gaps, 4 * np.sin(np.pi / 18))
    assert world.of(0).means.mean(0)[1] == pytest.approx(0)  # class 0 looks to the right


def test_guidance_buys_fidelity_with_modes():
    few = {scale: guidance.qualities(ring(), 0, scale, seeds=2, size=300, steps=30).mean(0) for scale in (1, 5)}
    assert few[5][0] > few[1][0] + 0.05 and few[5][1] < few[1][1] - 2 and few[5][3] < few[1][3] - 0.5


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: Mixture([]), r"means must have one row a component, not the shape \(0,\)"),
        (lambda: Mixture([1, 2]), r"not the shape \(2,\)"),
        (lambda: Mixture([[0]], 0), r"deviations must be positive, not \[0.0\]"),
        (lambda: Mixture([[0], [1]], 1, [1, 0]), r"weights must be positive, not \[1.0, 0.0\]: leave out"),
        (lambda: Classes(), "mixtures must hold at least one class, not 0"),
        (lambda: PAIR.of(2), "target must be a class from 0 to 1, not 2"),
        (lambda: PAIR.of(-1), "target must be a class from 0 to 1, not -1"),
        (
            lambda: guided_samples(PAIR, 1, -0.5, 3, np.random.default_rng(0)),
            "scale must be a number from 0 up, not -0.5: 1 is no guidance",
        ),
        (lambda: powered(PAIR, 1, np.nan, GRID), "scale must be a number from 0 up, not nan"),
        (lambda: tempered(PAIR, 1, np.inf, GRID), "scale must be a number from 0 up, not inf"),
        (lambda: guided_samples(PAIR, 1, 1, 0, np.random.default_rng(0)), "size must be at least 1, not 0"),
        (lambda: guided_samples(PAIR, 1, 1, 3, np.random.default_rng(0), steps=0), "steps must be at least 1, not 0"),
        (lambda: powered(PAIR, 1, 2, GRID[::-1]), "grid must rise in even steps: use numpy.linspace"),
        (lambda: tempered(PAIR, 1, 2, np.geomspace(1, 5, 9)), "grid must rise in even steps"),
    ],
)
def test_what_cannot_be_is_refused_in_words(act, words):
    with pytest.raises(ValueError, match=words):
        act()
