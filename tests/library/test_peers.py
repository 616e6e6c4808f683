"""Equal to SciPy where SciPy is right; where it is not, the difference is written down here."""

import numpy as np
import pytest
from scipy import special

from softmax_lib import log_softmax, logsumexp, softmax

PAIRS = [(softmax, special.softmax), (log_softmax, special.log_softmax), (logsumexp, special.logsumexp)]


@pytest.mark.parametrize(("ours", "scipys"), PAIRS)
@pytest.mark.parametrize("shape", [(5,), (1000,), (3, 4, 5), (100, 10), (7, 200)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_equal_on_ordinary_logits(ours, scipys, shape, dtype):
    z = (5 * np.random.default_rng(0).normal(size=shape)).astype(dtype)
    eps = np.finfo(ours(z).dtype).eps
    for axis in range(len(shape)):
        np.testing.assert_allclose(ours(z, axis=axis), scipys(z, axis=axis), rtol=20 * eps, atol=20 * eps)


class TestWhereSciPyIsWrong:
    """If one of these fails, SciPy has changed: say so in the book."""

    def test_uint8_wraps_around(self):
        z = np.array([1, 2, 255], np.uint8)
        assert special.softmax(z).argmax() == 1
        assert softmax(z).argmax() == 2

    def test_plus_infinity(self):
        with pytest.warns(RuntimeWarning, match="invalid value"):
            assert np.isnan(special.softmax([np.inf, 1.0])).all()
        np.testing.assert_array_equal(softmax([np.inf, 1.0]), [1, 0])

    def test_1e308_beside_minus_1e308(self):
        with pytest.warns(RuntimeWarning, match="overflow"):
            special.softmax([1e308, -1e308])
        np.testing.assert_array_equal(softmax([1e308, -1e308]), [1, 0])

    def test_ties_at_1e308_and_a_low_temperature(self):
        with np.errstate(over="ignore"), pytest.warns(RuntimeWarning, match="invalid value"):
            assert np.isnan(special.softmax(np.array([1e308, 1e308]) / 1e-3)).all()
        np.testing.assert_array_equal(softmax([1e308, 1e308], 1e-3), [0.5, 0.5])

    def test_nothing_possible(self):
        with pytest.warns(RuntimeWarning, match="invalid value"):
            special.softmax([-np.inf, -np.inf])
        assert np.isnan(softmax([-np.inf, -np.inf])).all()

    def test_confident_log_softmax(self):
        assert special.log_softmax([0.0, -40.0])[0] == 0
        assert log_softmax([0.0, -40.0])[0] == pytest.approx(-4.248354255291589e-18, rel=1e-15)
