"""What must hold for any logits: hypothesis looks for a counter-example."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from softmax_lib import (
    cross_entropy,
    cross_entropy_gradient,
    entropy,
    entropy_slope,
    kl_divergence,
    log_softmax,
    logsumexp,
    min_p,
    perplexity,
    pick,
    softmax,
    top_k,
    top_p,
)

settings.register_profile("same every time", derandomize=True, deadline=None, max_examples=100)
always_the_same = settings.get_profile("same every time")

inf = np.inf
SHAPES = st.one_of(
    st.tuples(st.integers(1, 12)),
    st.tuples(st.integers(1, 4), st.integers(1, 12)),
    st.tuples(st.integers(1, 3), st.integers(60, 140)),
)
TEMPERATURES = st.one_of(st.floats(0.05, 50), st.sampled_from([0.0, 1.0, inf]))


def logits(low=-50.0, high=50.0, shapes=SHAPES):
    return arrays.arrays(np.float64, shapes, elements=st.floats(low, high))


@always_the_same
@given(logits(-1e300, 1e300), TEMPERATURES)
def test_a_distribution(z, temperature):
    p = softmax(z, temperature)
    assert (p >= 0).all()
    assert (p <= 1).all()
    np.testing.assert_allclose(p.sum(-1), 1, rtol=1e-14)


@always_the_same
@given(logits(), st.integers(-1000, 1000), TEMPERATURES)
def test_only_differences_matter(z, shift, temperature):
    z = np.round(z * 16) / 16  # so that the shift itself is exact
    np.testing.assert_array_equal(softmax(z + shift, temperature), softmax(z, temperature))


@always_the_same
@given(logits(), TEMPERATURES)
def test_order_is_kept(z, temperature):
    p = softmax(z, temperature)
    assert (np.diff(np.take_along_axis(p, np.argsort(z, axis=-1), -1)) >= 0).all()


@always_the_same
@given(logits(), TEMPERATURES, st.randoms(use_true_random=False))
def test_order_of_the_classes_does_not_matter(z, temperature, random):
    order = random.sample(range(z.shape[-1]), z.shape[-1])
    np.testing.assert_allclose(softmax(z[..., order], temperature), softmax(z, temperature)[..., order], rtol=1e-14)


@always_the_same
@given(logits(), st.floats(0.05, 50))
def test_ratio_of_two_classes_is_the_exponential_of_their_gap(z, temperature):
    log_p = log_softmax(z, temperature)
    gaps = (z - z[..., :1]) / temperature
    np.testing.assert_allclose(log_p - log_p[..., :1], gaps, rtol=1e-12, atol=1e-12)


@always_the_same
@given(logits(), TEMPERATURES, st.data())
def test_masked_equals_subset(z, temperature, data):
    keep = data.draw(arrays.arrays(bool, z.shape[-1]))
    keep[data.draw(st.integers(0, z.shape[-1] - 1))] = True
    masked = np.where(keep, z, -inf)
    p = softmax(masked, temperature)
    assert (p[..., ~keep] == 0).all()
    np.testing.assert_allclose(p[..., keep], softmax(z[..., keep], temperature), rtol=1e-14)
    np.testing.assert_allclose(
        log_softmax(masked, temperature)[..., keep], log_softmax(z[..., keep], temperature), rtol=1e-13, atol=1e-15
    )
    np.testing.assert_allclose(logsumexp(masked), logsumexp(z[..., keep]), rtol=1e-14, atol=1e-14)


@always_the_same
@given(logits(), TEMPERATURES)
def test_logarithm_and_exponential(z, temperature):
    np.testing.assert_allclose(np.exp(log_softmax(z, temperature)), softmax(z, temperature), rtol=1e-13, atol=1e-300)


@always_the_same
@given(logits())
def test_logsumexp_lies_between_the_maximum_and_the_maximum_plus_log_k(z):
    excess = logsumexp(z) - z.max(-1)
    assert (excess >= 0).all()
    assert (excess <= np.log(z.shape[-1]) + 1e-13).all()


@always_the_same
@given(logits(), TEMPERATURES)
def test_entropy_lies_between_zero_and_log_k(z, temperature):
    p = softmax(z, temperature)
    assert (entropy(p) >= 0).all()
    assert (entropy(p) <= np.log(p.shape[-1]) + 1e-13).all()
    assert (perplexity(p) >= 1).all()
    assert (perplexity(p) <= p.shape[-1] * (1 + 1e-13)).all()


@always_the_same
@given(logits(), st.floats(0.05, 50), st.floats(1, 10))
def test_entropy_rises_with_the_temperature(z, temperature, factor):
    assert (entropy(softmax(z, temperature * factor)) >= entropy(softmax(z, temperature)) - 1e-12).all()
    assert (entropy_slope(z, temperature) >= 0).all()


@always_the_same
@given(logits(-5, 5), logits(-5, 5), st.floats(0.3, 3))
def test_divergence_is_never_negative(z, other, temperature):
    p = softmax(z)
    q = softmax(np.resize(other, z.shape), temperature)
    assert (kl_divergence(p, q) >= 0).all()
    np.testing.assert_array_equal(kl_divergence(p, p), np.zeros(z.shape[:-1]))


@always_the_same
@given(logits(-3, 3, st.tuples(st.integers(1, 3), st.integers(2, 5))), st.floats(0.5, 3), st.data())
def test_gradient_by_finite_differences(z, temperature, data):
    targets = data.draw(arrays.arrays(np.int64, z.shape[0], elements=st.integers(0, z.shape[1] - 1)))
    gradient = cross_entropy_gradient(z, targets, temperature)
    h = 1e-5
    for k in range(z.shape[1]):
        step = h * np.eye(z.shape[1])[k]
        rise = cross_entropy(z + step, targets, temperature) - cross_entropy(z - step, targets, temperature)
        np.testing.assert_allclose(gradient[:, k], rise / (2 * h), atol=1e-8)
    np.testing.assert_allclose(gradient.sum(-1), 0, atol=1e-14)


@always_the_same
@given(logits(), st.floats(1e-6, 1), st.floats(1e-6, 1))
def test_top_p_grows_with_p_and_reaches_it(z, p, q):
    small, large = np.isfinite(top_p(z, min(p, q))), np.isfinite(top_p(z, max(p, q)))
    assert (small <= large).all()
    assert small.any(-1).all()
    assert (np.sum(softmax(z) * large, axis=-1) >= max(p, q) - 1e-12).all()


@always_the_same
@given(logits(), st.integers(1, 20), st.floats(1e-6, 1))
def test_cuts_keep_the_largest_and_what_they_keep_is_unchanged(z, k, p):
    for cut in (top_k(z, k), top_p(z, p), min_p(z, p)):
        kept = np.isfinite(cut)
        np.testing.assert_array_equal(cut[kept], z[kept])
        assert (np.where(kept, z, inf).min(-1) > np.where(kept, -inf, z).max(-1)).all()
        assert kept[z == z.max(-1, keepdims=True)].all()
    assert (np.isfinite(top_k(z, k)).sum(-1) >= min(k, z.shape[-1])).all()


@always_the_same
@given(logits(-800, 800), st.floats(0, 1, exclude_max=True))
def test_a_pick_is_possible_and_u_lies_in_its_interval(z, u):
    p = np.atleast_2d(softmax(z))
    picks = pick(p, u)
    rows = np.arange(len(p))
    cumulative = np.cumsum(p, axis=-1)
    assert (p[rows, picks] > 0).all()
    assert ((cumulative - p)[rows, picks] <= u + 1e-12).all()
    assert (cumulative[rows, picks] >= u - 1e-12).all()
