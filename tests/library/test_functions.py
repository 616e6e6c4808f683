"""The table of exact behaviour, row by row, for softmax, log_softmax and logsumexp; and the errors."""

import numpy as np
import pytest

from softmax_lib import entropy_slope, log_softmax, logsumexp, softmax

from .reference import same

inf, nan = np.inf, np.nan
FAMILY = (softmax, log_softmax)
TAKE_TEMPERATURE = (softmax, log_softmax, entropy_slope)


class TestExtremeNumbers:
    @pytest.mark.parametrize("shift", [1e4, -1e4, 1e300, -1e300])
    def test_far_from_zero(self, shift):
        same(softmax([shift, shift]), np.array([0.5, 0.5]))
        same(log_softmax([shift, shift]), np.log([0.5, 0.5]))

    def test_spread_of_ten_thousand(self):
        same(softmax([1e4, -1e4, 0]), np.array([1.0, 0.0, 0.0]))
        same(log_softmax([1e4, -1e4, 0]), np.array([0.0, -2e4, -1e4]))
        assert logsumexp([1e4, -1e4, 0]) == 1e4

    @pytest.mark.parametrize("temperature", [1e-3, 1.0, 1e6])
    def test_ties_at_1e308(self, temperature):
        same(softmax([1e308, 1e308, 0], temperature), np.array([0.5, 0.5, 0.0]))
        same(log_softmax([1e308, 1e308], temperature), np.log([0.5, 0.5]))
        assert logsumexp([1e308, 1e308]) == 1e308

    def test_low_temperature_does_not_overflow(self):
        np.testing.assert_allclose(softmax([1e4, 1e4 + 1e-3], 1e-3), [0.26894142137, 0.73105857863], rtol=1e-9)

    def test_high_temperature_is_nearly_uniform(self):
        np.testing.assert_allclose(softmax([0.0, 1.0, 2.0], 1e6), 1 / 3, rtol=2e-6)
        np.testing.assert_allclose(softmax([-1e4, 1e4], 1e6), [0.49500016666, 0.50499983333], rtol=1e-9)

    def test_1e308_beside_minus_1e308(self):
        same(softmax([1e308, -1e308]), np.array([1.0, 0.0]))
        same(log_softmax([1e308, -1e308]), np.array([0.0, -inf]))  # -2e308 is no float64
        assert logsumexp([1e308, -1e308]) == 1e308
        assert logsumexp([-1e308, -1e308]) == -1e308

    def test_differences_beyond_the_range_of_floats_divided_back_into_it(self):
        same(log_softmax([1e308, -1e308], 4), np.array([0.0, -5e307]))
        np.testing.assert_allclose(softmax([1e308, -1e308], 1e308), plain([2.0, 0.0]), rtol=1e-15)
        np.testing.assert_allclose(softmax(np.float32([3e38, -3e38]), 6e38), plain(np.float32([1.0, 0.0])), rtol=1e-6)

    def test_temperatures_outside_float32(self):
        same(softmax(np.float32([1, 2, 2]), 1e-60), np.float32([0, 0.5, 0.5]))
        same(softmax(np.float32([1, 2, 3]), 1e60), np.float32([1 / 3] * 3))

    def test_smallest_temperature(self):
        same(softmax([65504.0, -65504.0, 65504.0], 5e-324), np.array([0.5, 0.0, 0.5]))

    def test_subnormal_logits(self):
        same(softmax([5e-324, 0.0]), np.array([0.5, 0.5]))


def plain(z):
    e = np.exp(np.asarray(z) - np.max(z))
    return e / e.sum()


class TestZeroTemperature:
    def test_one_hot_argmax(self):
        same(softmax([1.0, 3.0, 2.0], 0), np.array([0.0, 1.0, 0.0]))
        same(log_softmax([1.0, 3.0, 2.0], 0), np.array([-inf, 0.0, -inf]))

    def test_ties_share_equally(self):
        same(softmax([1, 2, 2, 2, 2], 0.0), np.array([0, 0.25, 0.25, 0.25, 0.25]))
        same(log_softmax([2, 2, 1], 0), np.array([-np.log(2), -np.log(2), -inf]))

    def test_is_the_limit(self):
        z = np.random.default_rng(1).normal(size=(50, 7))
        same(softmax(z, 0), softmax(z, 1e-9))


class TestInfiniteTemperature:
    def test_uniform_over_what_is_possible(self):
        same(softmax([1.0, 2.0, -inf, 5.0, 1e308], inf), np.array([0.25, 0.25, 0, 0.25, 0.25]))
        same(log_softmax([1.0, 2.0, -inf], inf), np.array([-np.log(2), -np.log(2), -inf]))

    def test_positive_infinity_counts_as_one_class(self):
        same(softmax([inf, 0.0, -inf, 7.0, inf], inf), np.array([0.25, 0.25, 0, 0.25, 0.25]))

    def test_is_the_limit(self):
        z = np.random.default_rng(2).normal(size=(50, 7))
        np.testing.assert_allclose(softmax(z, inf), softmax(z, 1e18), rtol=1e-15)


class TestTemperatureErrors:
    @pytest.mark.parametrize("function", TAKE_TEMPERATURE)
    @pytest.mark.parametrize("bad", [-1, -0.5, -inf, nan, np.float32(-2), [1.0, -3.0], [nan, 1.0], np.array(-1.0)])
    def test_negative_and_nan_name_the_value_and_the_remedy(self, function, bad):
        value = next(v for v in np.ravel(bad) if not v >= 0)
        with pytest.raises(ValueError, match=f"temperature must be 0 or more, not {float(value)}.*0 picks"):
            function([[1.0, 2.0], [3.0, 4.0]], bad)

    @pytest.mark.parametrize("function", TAKE_TEMPERATURE)
    @pytest.mark.parametrize("bad", [None, "1", 1j, [None], {}])
    def test_not_a_number(self, function, bad):
        with pytest.raises(TypeError, match="temperature must be a number, or an array of numbers, not"):
            function([1.0, 2.0], bad)

    @pytest.mark.parametrize("function", TAKE_TEMPERATURE)
    def test_shape_that_fits_no_row(self, function):
        with pytest.raises(ValueError, match=r"temperature must be one, or one a row \(shape \(2,\)\).*\(3,\)"):
            function([[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0, 3.0])

    @pytest.mark.parametrize("function", TAKE_TEMPERATURE)
    def test_ragged(self, function):
        with pytest.raises(ValueError, match="temperature must be a rectangular array"):
            function([1.0, 2.0], [[1.0], [1.0, 2.0]])


class TestTemperatureArrays:
    @pytest.mark.parametrize("function", TAKE_TEMPERATURE)
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    @pytest.mark.parametrize("classes", [5, 70, 200])
    def test_one_a_row(self, function, dtype, classes):
        z = np.random.default_rng(3).normal(size=(6, classes)).astype(dtype)
        temperatures = [0, 0.3, 1, 2.5, 1e6, inf]
        rows = [function(row, T) for row, T in zip(z, temperatures, strict=True)]
        same(function(z, temperatures), np.array(rows))

    @pytest.mark.parametrize("function", TAKE_TEMPERATURE)
    def test_many_for_one_row(self, function):
        z, temperatures = [2.0, 1.0, 0.5], np.array([0.5, 1.0, 2.0])
        same(function(z, temperatures), np.array([function(z, T) for T in temperatures]))

    def test_broadcasts_against_the_batch(self):
        z = np.random.default_rng(4).normal(size=(2, 3, 4))
        column = np.array([[0.5], [2.0]])
        expected = np.stack([softmax(z[0], 0.5), softmax(z[1], 2.0)])
        same(softmax(z, column), expected)
        same(softmax(np.moveaxis(z, -1, 0), column, axis=0), np.moveaxis(expected, -1, 0))

    def test_grid_of_temperatures_over_a_batch_keeps_the_class_axis_from_the_end(self):
        z = np.random.default_rng(5).normal(size=(4, 3))  # four classes, three rows
        grid = np.array([[0.5], [2.0]])
        result = softmax(z[None], grid, axis=1)
        assert result.shape == (2, 4, 3)
        same(result, np.stack([softmax(z, 0.5, axis=0), softmax(z, 2.0, axis=0)]))

    @pytest.mark.parametrize("function", TAKE_TEMPERATURE)
    def test_one_beside_each_row(self, function):
        """As everybody writes it: logits / T[:, None]."""
        z, T = np.random.default_rng(6).normal(size=(4, 3)), np.array([0.0, 0.5, 1.0, inf])
        same(function(z, T[:, None]), function(z, T))
        same(function(z, T[:1, None]), function(z, T[0]))
        same(function(z.T, T[None], axis=0), function(z.T, T, axis=0))
        same(function(z[0], T[:, None]), function(z[0], T))
        same(function(z.reshape(2, 2, 3), T.reshape(2, 2, 1)), function(z.reshape(2, 2, 3), T.reshape(2, 2)))
        assert function(z[0], np.ones((2, 3))).shape[:2] == (2, 3)  # a grid for one row

    @pytest.mark.parametrize("function", TAKE_TEMPERATURE)
    @pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 4), (2, 1), (3, 1), (1, 4, 3), (4, 4, 4)])
    def test_what_stays_ambiguous_is_refused(self, function, shape):
        with pytest.raises(ValueError, match=r"temperature must be one, or one a row \(shape \(4,\)\)"):
            function(np.zeros((4, 3)), np.ones(shape))

    def test_zero_dimensional_and_numpy_scalars(self):
        for T in (np.array(2.0), np.float32(2), np.int8(2), 2, True + 1):
            same(softmax([1.0, 2.0], T), softmax([1.0, 2.0], 2.0))

    def test_temperature_that_shares_memory_with_out(self):
        z = np.random.default_rng(6).random((500, 100))
        expected = softmax(z, z[:, 0].copy())
        same(softmax(z, z[:, 0], out=z), expected)


class TestInfiniteLogits:
    @pytest.mark.parametrize("temperature", [0, 0.5, 1, 3, inf])
    def test_masked_classes_are_exactly_zero_and_change_nothing_else(self, temperature):
        z = np.array([[1.0, -inf, 2.0, -inf, 3.0], [0.0, -inf, 0.0, -inf, 1.0]])
        kept = z[:, [0, 2, 4]]
        p, log_p = softmax(z, temperature), log_softmax(z, temperature)
        same(p[:, [1, 3]], np.zeros((2, 2)))
        same(log_p[:, [1, 3]], np.full((2, 2), -inf))
        same(p[:, [0, 2, 4]], softmax(kept, temperature))
        same(log_p[:, [0, 2, 4]], log_softmax(kept, temperature))
        same(logsumexp(z), logsumexp(kept))

    @pytest.mark.parametrize("temperature", [0, 1e-60, 0.5, 1, inf])
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_nothing_but_minus_infinity(self, temperature, dtype):
        z = np.array([[-inf, -inf], [0.0, -inf]], dtype)
        same(softmax(z, temperature), np.array([[nan, nan], [1, 0]], dtype))
        same(log_softmax(z, temperature), np.array([[nan, nan], [0, -inf]], dtype))
        same(logsumexp(z), np.array([-inf, 0], dtype))
        assert logsumexp(z[0]) == -inf

    @pytest.mark.parametrize("temperature", [0, 1e-60, 0.5, 1, 1e60])
    def test_plus_infinity_takes_all(self, temperature):
        same(softmax([inf, 1.0, inf, -inf], temperature), np.array([0.5, 0, 0.5, 0]))
        same(log_softmax([1.0, inf, 1e308], temperature), np.array([-inf, 0, -inf]))
        assert logsumexp([1.0, inf]) == inf
        assert logsumexp([-inf, inf, inf]) == inf

    @pytest.mark.parametrize("temperature", [0, 0.5, 1, 1e60, inf])
    @pytest.mark.parametrize("classes", [3, 70, 200])
    def test_nan_stays_in_its_row(self, temperature, classes):
        z = np.random.default_rng(7).normal(size=(4, classes))
        clean = softmax(z, temperature), log_softmax(z, temperature), logsumexp(z)
        z[2, 1] = nan
        for result, expected in zip(
            (softmax(z, temperature), log_softmax(z, temperature), logsumexp(z)), clean, strict=True
        ):
            expected[2] = nan
            same(result, expected)

    def test_nan_beside_infinities(self):
        for other in (inf, -inf, 1e308):
            for temperature in (0, 1, inf):
                assert np.isnan(softmax([nan, other], temperature)).all()
                assert np.isnan(log_softmax([other, nan], temperature)).all()
            assert np.isnan(logsumexp([other, nan]))

    def test_one_special_row_leaves_the_bits_of_the_others(self):
        for dtype in (np.float16, np.float32, np.float64):
            z = np.random.default_rng(8).normal(size=(5, 150)).astype(dtype)
            clean = softmax(z, 0.7)
            z[0], z[1, 0], z[2, 0] = -inf, inf, nan
            same(softmax(z, 0.7)[3:], clean[3:])


class TestTypes:
    @pytest.mark.parametrize("dtype", [bool, np.uint8, np.int8, np.int32, np.int64, np.uint64])
    def test_integers_are_computed_in_float64(self, dtype):
        z = np.array([0, 1, 1], dtype)
        for function in (*FAMILY, logsumexp):
            same(function(z), function(z.astype(np.float64)))

    def test_uint8_does_not_wrap_around(self):
        np.testing.assert_allclose(softmax(np.array([1, 2, 255], np.uint8)), [0, 0, 1], atol=1e-100)

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble, ">f4", ">f8"])
    def test_floats_keep_their_type(self, dtype):
        z = np.array([[1.0, 2.0, 3.0]] * 3, dtype)
        for function in (*FAMILY, logsumexp, entropy_slope):
            assert function(z).dtype == np.dtype(dtype).newbyteorder("=")
            assert function(z[0]).dtype == np.dtype(dtype).newbyteorder("=")
        np.testing.assert_allclose(softmax(z).astype(float), [[0.09003057, 0.24472847, 0.66524096]] * 3, rtol=1e-3)

    @pytest.mark.parametrize("rows", [1, 2])
    def test_sums_of_float16_do_not_overflow(self, rows):
        z = np.zeros((rows, 100_000), np.float16)
        np.testing.assert_allclose(softmax(z)[0, 0], 1e-5, rtol=1e-2)
        np.testing.assert_allclose(logsumexp(z)[0], np.log(1e5), rtol=1e-3)
        np.testing.assert_allclose(log_softmax(z)[0, 0], -np.log(1e5), rtol=1e-3)

    def test_float16_at_its_limits(self):
        z = np.array([65504, -65504], np.float16)
        same(softmax(z), np.array([1, 0], np.float16))
        np.testing.assert_allclose(softmax(z, 1e5), plain([1.31008, 0]), rtol=1e-3)

    def test_lists_tuples_and_nested_lists(self):
        same(softmax([0, 0]), np.array([0.5, 0.5]))
        same(softmax(((0, 0), (0, 0))), np.full((2, 2), 0.5))


class TestShapes:
    @pytest.mark.parametrize("temperature", [0, 1, inf])
    def test_one_class(self, temperature):
        same(softmax([3.0], temperature), np.array([1.0]))
        same(log_softmax([[3.0], [-4.0]], temperature), np.zeros((2, 1)))
        assert logsumexp([3.0]) == 3.0
        assert not np.signbit(log_softmax([3.0])).any()

    @pytest.mark.parametrize("shape", [(0,), (2, 0), (0, 3), (0, 0), (2, 0, 3)])
    def test_empty(self, shape):
        for function in FAMILY:
            for temperature in (0, 1, inf):
                same(function(np.zeros(shape), temperature), np.zeros(shape))
        same(logsumexp(np.zeros(shape)), np.full(shape[:-1], -inf)[()])

    def test_empty_list(self):
        same(softmax([]), np.zeros(0))
        assert logsumexp([]) == -inf

    @pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
    def test_axis(self, axis):
        z = np.random.default_rng(9).normal(size=(3, 4, 5))
        for function in FAMILY:
            same(function(z, 0.5, axis=axis), np.moveaxis(function(np.moveaxis(z, axis, -1), 0.5), -1, axis))
        same(logsumexp(z, axis=axis), logsumexp(np.moveaxis(z, axis, -1)))

    def test_logsumexp_of_one_row_is_a_number(self):
        assert isinstance(logsumexp([1.0, 2.0]), np.float64)


class TestBadLogits:
    @pytest.mark.parametrize("function", [*FAMILY, logsumexp, entropy_slope])
    @pytest.mark.parametrize(
        ("bad", "error", "message"),
        [
            (3.0, ValueError, "logits must be an array with one entry per class, not the single number 3.0"),
            (None, TypeError, "logits must be an array of real numbers, not of object: None"),
            ([[1.0, 2.0], [3.0]], ValueError, "logits must be a rectangular array"),
            ("abc", TypeError, "logits must be an array of real numbers.*'abc'"),
            (["a", "b"], TypeError, "logits must be an array of real numbers"),
            ([1 + 2j, 0], TypeError, "logits must be an array of real numbers, not of complex128"),
            ([None, 1.0], TypeError, "logits must be an array of real numbers"),
            ({"a": 1.0}, TypeError, "logits must be an array of real numbers"),
            (np.array(["2020-01-01"], "M8[D]"), TypeError, "logits must be an array of real numbers"),
        ],
    )
    def test_clear_error(self, function, bad, error, message):
        with pytest.raises(error, match=message):
            function(bad)

    @pytest.mark.parametrize("function", [*FAMILY, logsumexp, entropy_slope])
    def test_axis(self, function):
        for axis in (2, -3, 100):
            with pytest.raises(
                ValueError, match=rf"axis must be an axis of logits, whose shape is \(2, 2\), not {axis}"
            ):
                function([[1.0, 2.0], [3.0, 4.0]], axis=axis)
        for axis in (None, 1.0, -1.0, "0", (0, 1)):
            for z in ([[1.0, 2.0], [3.0, 4.0]], np.ones((2, 2))):
                with pytest.raises(TypeError, match="axis must be an integer"):
                    function(z, axis=axis)


class TestOut:
    @pytest.mark.parametrize("function", FAMILY)
    @pytest.mark.parametrize(
        "shape", [(5,), (300,), (1, 5), (1, 200), (20, 5), (40, 100), (3, 300), (2, 3, 4), (2, 300, 4)]
    )
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    @pytest.mark.parametrize("temperature", [1.0, 0.7])
    def test_in_place_and_elsewhere(self, function, shape, dtype, temperature):
        z = np.random.default_rng(10).normal(size=shape).astype(dtype)
        for axis in range(z.ndim):
            expected = function(z, temperature, axis=axis)
            elsewhere = np.full(shape, nan, dtype)
            assert function(z, temperature, axis=axis, out=elsewhere) is elsewhere
            same(elsewhere, expected)
            here = z.copy()
            assert function(here, temperature, axis=axis, out=here) is here
            same(here, expected)

    @pytest.mark.parametrize("function", FAMILY)
    def test_special_rows_in_place(self, function):
        z = np.random.default_rng(11).normal(size=(4, 100))
        z[0, 0], z[1, 0], z[2] = inf, nan, -inf
        expected = function(z)
        same(function(z, out=z), expected)

    def test_memory_that_overlaps_differently(self):
        memory = np.random.default_rng(12).normal(size=3000)
        for z, out in [
            (memory[:-1000].reshape(-1, 100), memory[1000:].reshape(-1, 100)),
            (memory.reshape(30, 100), memory.reshape(30, 100)[::-1]),
            (memory[:900].reshape(30, 30), memory[:900].reshape(30, 30).T),
        ]:
            memory[:] = np.random.default_rng(12).normal(size=3000)
            expected = softmax(z)
            same(softmax(z, out=out), expected)

    def test_strided_out(self):
        z = np.random.default_rng(13).normal(size=(8, 200))
        memory = np.zeros((16, 400))
        softmax(z, out=memory[::2, ::2])
        same(memory[::2, ::2], softmax(z))
        assert not memory[1::2].any()
        assert not memory[:, 1::2].any()

    def test_integers_into_float64(self):
        out = np.empty(3)
        same(softmax([1, 2, 3], out=out), softmax([1.0, 2.0, 3.0]))

    def test_wrong_out(self):
        z = np.zeros((2, 3))
        with pytest.raises(
            ValueError, match=r"out must be a writeable float64 array of shape \(2, 3\).*shape \(3, 2\)"
        ):
            softmax(z, out=np.empty((3, 2)))
        with pytest.raises(ValueError, match=r"out must be a writeable float64 array.*float32"):
            softmax(z, out=np.empty((2, 3), np.float32))
        with pytest.raises(TypeError, match="out must be an array without a mask, not list"):
            softmax(z, out=[0.0])
        read_only = np.empty((2, 3))
        read_only.flags.writeable = False
        with pytest.raises(ValueError, match="not a read-only float64"):
            softmax(z, out=read_only)


class TestInputsAreLeftAlone:
    @pytest.mark.parametrize("function", [*FAMILY, logsumexp, entropy_slope])
    @pytest.mark.parametrize("classes", [5, 70, 200])
    @pytest.mark.parametrize("layout", ["C", "F", "view", "read-only", "reversed", "broadcast"])
    def test_layouts(self, function, classes, layout):
        base = np.random.default_rng(14).normal(size=(30, classes))
        z = {
            "C": base,
            "F": np.asfortranarray(base),
            "view": np.repeat(np.repeat(base, 2, axis=0), 3, axis=1)[::2, ::3],
            "read-only": base.copy(),
            "reversed": base[::-1, ::-1],
            "broadcast": np.broadcast_to(base[0], base.shape),
        }[layout]
        if layout == "read-only":
            z.flags.writeable = False
        before = z.copy()
        same(function(z), function(np.ascontiguousarray(z)))
        same(z, before)

    @pytest.mark.parametrize("function", [*FAMILY, logsumexp])
    def test_results_are_new_memory(self, function):
        z = np.zeros((2, 3))
        assert not np.may_share_memory(function(z), z)


def test_users_error_settings_do_not_matter():
    with np.errstate(all="raise"):
        same(softmax([0.0, -1000.0, -inf]), np.array([1.0, 0.0, 0.0]))
        same(softmax([1e308, -1e308, nan], 0), np.full(3, nan))
        same(softmax(np.zeros((3, 200)), inf), np.full((3, 200), 1 / 200))
    assert np.geterr()["over"] == "warn"
    size = np.getbufsize()
    softmax(np.zeros((3, 200)))
    assert np.getbufsize() == size
