"""Each fast path equals its plain formula on every shape that switches path; no row sees its neighbours; and no
path needs more memory than promised."""

import tracemalloc

import numpy as np
import pytest

from softmax_lib import _kernels, log_softmax, logsumexp, pick, sample, softmax

from .reference import plain_log_softmax, plain_logsumexp, plain_softmax

PAIRS = {
    "softmax": (softmax, plain_softmax),
    "log_softmax": (log_softmax, plain_log_softmax),
    "logsumexp": (lambda z, T: logsumexp(z / z.dtype.type(T)), lambda z, T: plain_logsumexp(z / z.dtype.type(T))),
}
CLASSES = [1, 2, 63, 64, 127, 128, 8191, 8192]


def rows_around_a_block(classes, itemsize):
    block = max(1, _kernels.BLOCK_BYTES // (classes * itemsize))
    return sorted({0, 1, 2, 3, *((block, block + 1) if block * classes < 10**5 else ())})


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("classes", CLASSES)
@pytest.mark.parametrize("name", PAIRS)
def test_equals_the_plain_formula(name, classes, dtype, order):
    fast, plain = PAIRS[name]
    for rows in rows_around_a_block(classes, max(4, np.dtype(dtype).itemsize)):
        z = (2 * np.random.default_rng([classes, rows]).normal(size=(rows, classes))).astype(dtype)
        z = np.asarray(z, order=order)
        for temperature in (1.0, 0.5):
            computed = fast(z, temperature)
            expected = plain(z.astype(np.float64), temperature)
            assert computed.dtype == dtype
            assert computed.shape == expected.shape
            tolerance = 16 * np.finfo(dtype).eps
            np.testing.assert_allclose(computed, expected, rtol=tolerance, atol=max(tolerance, np.finfo(dtype).tiny))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("classes", [*CLASSES, 8, 9, 30])
@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp])
def test_the_bits_of_a_row_depend_on_that_row_alone(function, classes, dtype):
    rows = 200 if classes < 200 else 5
    z = (3 * np.random.default_rng(classes).normal(size=(rows, classes))).astype(dtype)
    z[3] = z[3, 0]  # ties
    expected = np.array([function(row) for row in z])
    orders = (np.asfortranarray(z), np.asfortranarray(z[:9]), z[::-1][::-1], np.repeat(z, 2, axis=1)[:, ::2])
    for piece in (z, z[:2], z[1:4], *orders):
        start = 1 if piece.base is z and len(piece) == 3 else 0
        np.testing.assert_array_equal(function(piece), expected[start : start + len(piece)])
    np.testing.assert_array_equal(function(z.reshape(rows, 1, classes))[:, 0], expected)
    np.testing.assert_array_equal(function(z.T, axis=0), expected.T)
    np.testing.assert_array_equal(function(z[:, None, :].repeat(2, axis=1), axis=2)[:, 1], expected)


@pytest.mark.parametrize("classes", [5, 70, 200])
def test_blocks_of_any_size_give_the_same_bits(classes, monkeypatch):
    z = np.random.default_rng(classes).normal(size=(4000, classes))
    expected = softmax(z), log_softmax(z), logsumexp(z)
    for size in (1, 3 * 8 * classes, 7 * 8 * classes, 1 << 30):
        monkeypatch.setattr(_kernels, "BLOCK_BYTES", size)
        for a, b in zip((softmax(z), log_softmax(z), logsumexp(z)), expected, strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_broken_sum_is_noticed(monkeypatch):
    """The comparison above bites: a kernel that forgets one class fails it."""
    monkeypatch.setattr("softmax_lib.functions.total", lambda e, axis: e.sum(axis, keepdims=True) - e.take([0], axis))
    with pytest.raises(AssertionError):
        test_equals_the_plain_formula("softmax", 64, np.float64, "C")


def test_a_kernel_that_sees_its_neighbours_is_noticed(monkeypatch):
    monkeypatch.setattr("softmax_lib.functions.total", lambda e, axis: np.add.reduce(e, axis=axis, keepdims=True))
    with pytest.raises(AssertionError):
        test_the_bits_of_a_row_depend_on_that_row_alone(softmax, 63, np.float32)


class TestDraws:
    @pytest.mark.parametrize("classes", [1, 2, 15, 16, 17, 1000, 20_000])
    @pytest.mark.parametrize("draws", [0, 1, 999, 70_000])
    def test_many_from_one(self, classes, draws):
        rng = np.random.default_rng([classes, draws])
        p = softmax(4 * rng.normal(size=classes))
        cumulative = np.cumsum(p)
        at_the_bounds = np.concatenate([cumulative, np.nextafter(cumulative, 0), np.nextafter(cumulative, 2)])
        u = (
            np.concatenate([rng.random(draws), at_the_bounds[at_the_bounds < 1]])
            if draws > classes
            else rng.random(draws)
        )
        expected = np.minimum(np.searchsorted(cumulative, u, side="right"), classes - 1)
        np.testing.assert_array_equal(pick(p, u), expected)

    @pytest.mark.parametrize("classes", [1, 63, 64, 128, 129, 192, 200, 5000])
    @pytest.mark.parametrize("rows", [0, 1, 255, 256, 257])
    def test_one_a_row(self, classes, rows):
        p = softmax(4 * np.random.default_rng([classes, rows]).normal(size=(rows, classes)))
        np.testing.assert_array_equal(sample(p, rng=1), pick(p, np.random.default_rng(1).random(rows)))

    @pytest.mark.parametrize("u", [0.0, 5e-324, 0.5, np.nextafter(1.0, 0.0)])
    @pytest.mark.parametrize(("search", "classes"), [(_kernels.class_by_class, 90), (_kernels.two_levels, 300)])
    def test_no_search_picks_probability_zero(self, search, classes, u):
        rng = np.random.default_rng(2)
        p = rng.random((300, classes)) ** 30
        p[rng.random(p.shape) < 0.7] = 0
        p[:, : classes // 4], p[::2, classes // 2 :] = 0, 0
        p /= p.sum(axis=1, keepdims=True)
        p *= 1 - 1e-9
        picked = search(p, np.full(300, u))
        assert (p[np.arange(300), picked] > 0).all()


def peak(function):
    """Bytes allocated at the worst moment of a call, beyond what was there before it."""
    function()
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


BLOCKS = 4 * _kernels.BLOCK_BYTES


class TestMemory:
    @pytest.mark.parametrize("shape", [(40_000, 10), (4000, 100), (400, 1000), (4, 100_000)])
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_softmax_needs_its_result_and_a_few_blocks(self, shape, dtype):
        z = np.random.default_rng(0).normal(size=shape).astype(dtype)
        rows = 64 * shape[0]
        assert peak(lambda: softmax(z)) <= z.nbytes + BLOCKS + rows
        assert peak(lambda: log_softmax(z)) <= z.nbytes + BLOCKS + rows
        assert peak(lambda: logsumexp(z)) <= BLOCKS + rows

    @pytest.mark.parametrize("shape", [(400_000, 10), (40_000, 100), (4000, 1000)])
    def test_out_needs_a_few_blocks_only(self, shape):
        z = np.zeros(shape)
        assert peak(lambda: softmax(z, out=z)) <= BLOCKS
        assert peak(lambda: log_softmax(z, 2.0, out=z)) <= BLOCKS

    def test_integers_are_not_copied_whole(self):
        z = np.zeros((4000, 1000), np.uint8)
        assert peak(lambda: softmax(z)) <= 8 * z.size + BLOCKS

    def test_draws_need_their_picks_and_numbers(self):
        p = softmax(np.random.default_rng(1).normal(size=1000))
        assert peak(lambda: sample(p, 10**6, rng=0)) <= 2 * 8 * 10**6 + BLOCKS
        rows = np.tile(p, (4000, 1))
        assert peak(lambda: sample(rows, rng=0)) <= BLOCKS

    def test_a_whole_copy_is_noticed(self):
        z = np.zeros((4000, 1000))
        assert peak(lambda: softmax(z.copy(), out=z)) > BLOCKS
