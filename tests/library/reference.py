"""Independent answers and how to compare with them.

Exact ones come from mpmath, and the fast paths must equal plain NumPy formulas.
"""

import mpmath
import numpy as np

mpmath.mp.dps = 60


def same(result, expected):
    """Equal in every value, in type and in shape."""
    np.testing.assert_array_equal(result, expected, strict=True)


def exact_log_softmax(logits, temperature=1.0):
    """log p of one row as mpmath numbers, from the binary values of the logits and the temperature."""
    z = [mpmath.mpf(float(value)) / mpmath.mpf(float(temperature)) for value in logits]
    top = max(z)
    rest = z.copy()
    rest.remove(top)
    normaliser = mpmath.log1p(mpmath.fsum(mpmath.exp(value - top) for value in rest))
    return [value - top - normaliser for value in z]


def exact_softmax(logits, temperature=1.0):
    return [mpmath.exp(value) for value in exact_log_softmax(logits, temperature)]


def exact_logsumexp(logits):
    return mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(float(value))) for value in logits))


def exact_entropy(probabilities):
    p = [mpmath.mpf(float(value)) for value in probabilities]
    return -mpmath.fsum(value * mpmath.log(value) for value in p if value)


def exact_entropy_slope(logits, temperature=1.0):
    T = mpmath.mpf(float(temperature))
    z = [mpmath.mpf(float(value)) for value in logits]
    p = exact_softmax(logits, temperature)
    mean = mpmath.fsum(a * b for a, b in zip(p, z, strict=True))
    return mpmath.fsum(a * (b - mean) ** 2 for a, b in zip(p, z, strict=True)) / T**3


def ulps(computed, exact):
    """Errors in units in the last place of the exact value, in the type of `computed`."""
    computed = np.asarray(computed)
    errors = []
    for value, truth in zip(computed.ravel(), exact, strict=True):
        unit = mpmath.mpf(float(np.spacing(abs(computed.dtype.type(float(truth))))))
        errors.append(float(abs(mpmath.mpf(float(value)) - truth) / unit))
    return np.array(errors)


def plain_softmax(logits, temperature=1.0):
    """The formula as a reader would type it, classes last, ordinary numbers only."""
    z = np.asarray(logits)
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / z.dtype.type(temperature))
    return e / e.sum(axis=-1, keepdims=True)


def plain_log_softmax(logits, temperature=1.0):
    z = np.asarray(logits)
    x = (z - z.max(axis=-1, keepdims=True)) / z.dtype.type(temperature)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def plain_logsumexp(logits):
    z = np.asarray(logits)
    top = z.max(axis=-1, keepdims=True)
    return (top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True)))[..., 0]
