"""Softmax, its logarithm and its normaliser."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import Floats, class_axis, classes_last, float_type, real_array, result_array, rows_and_temperatures
from ._kernels import Formula, over_rows, total, total_of_others


def softmax(logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1, out: Floats | None = None) -> Floats:
    r"""Turn logits into probabilities; the temperature makes them sharp or flat.

    .. math:: p_k = \frac{e^{z_k/T}}{\sum_j e^{z_j/T}}

    Parameters
    ----------
    logits : array_like
        Raw scores, with the K classes on `axis`. A logit of −inf gives exactly 0.
    temperature : float or array_like, default 1
        T ≥ 0, or one T a row: an array that broadcasts against the shape of `logits` without `axis`.
        T = 0 is the argmax (ties share equally), T = inf is uniform over the classes that are not −inf.
    axis : int, default −1
        The axis of the classes.
    out : ndarray, optional
        Where to write the result; may be `logits` itself.

    Returns
    -------
    ndarray
        Probabilities in the shape of `logits` and in its float type (float64 for integers). A row that holds
        NaN, or nothing but −inf, is NaN.

    Raises
    ------
    ValueError, TypeError
        If the temperature is negative or NaN, `axis` does not exist, or `logits` are not real numbers.

    References
    ----------
    .. [1] J. S. Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.

    Examples
    --------
    >>> softmax([2.0, 1.0, 0.1]).round(3)
    array([0.659, 0.242, 0.099])
    >>> softmax([2.0, 1.0, 0.1], temperature=[0, 0.5, float("inf")]).round(3)
    array([[1.   , 0.   , 0.   ],
           [0.864, 0.117, 0.019],
           [0.333, 0.333, 0.333]])
    """
    return apply(softmax_formula, logits, temperature, axis, out)


def log_softmax(logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1, out: Floats | None = None) -> Floats:
    r"""Logarithms of the softmax, accurate where the probabilities themselves round to 0 or 1.

    .. math:: \log p_k = \frac{z_k}{T} - \log \sum_j e^{z_j/T}

    Parameters
    ----------
    logits, temperature, axis, out
        As in `softmax`.

    Returns
    -------
    ndarray
        Log-probabilities in nats, in the shape and float type of `logits`. At T = 1 each is within
        4 + max − min units in the last place, because one of the largest terms, which is exactly 1, stays out
        of the sum: log(1 + x) keeps an x far below 1.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`.

    References
    ----------
    .. [1] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and softmax
       functions", IMA Journal of Numerical Analysis 41, 2021.

    Examples
    --------
    >>> log_softmax([0.0, -40.0])
    array([-4.24835426e-18, -4.00000000e+01])
    """
    return apply(log_softmax_formula, logits, temperature, axis, out)


def logsumexp(logits: ArrayLike, *, axis: int = -1) -> Any:
    r"""Logarithm of the sum of the exponentials: the normaliser of the softmax, without overflow.

    .. math:: \log \sum_j e^{z_j} = m + \log \sum_j e^{z_j - m}, \qquad m = \max_j z_j

    Parameters
    ----------
    logits, axis
        As in `softmax`.

    Returns
    -------
    float or ndarray
        One number a row, in nats; −inf for a row of no classes or of nothing but −inf.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`.

    References
    ----------
    .. [1] Blanchard, Higham and Higham, 2021 (see `log_softmax`).

    Examples
    --------
    >>> float(logsumexp([1000.0, 1000.0]))
    1000.6931471805599
    """
    z = real_array(logits, "logits")
    rows = classes_last(z, class_axis(z, axis, "logits"))
    sums = np.full((*rows.shape[:-1], 1), -np.inf, float_type(rows))
    if rows.size:
        over_rows(logsumexp_formula, rows, 1.0, sums)
    return sums[..., 0][()]


# The formulas. `exponents` are (z − max z)/T and may be overwritten: none is above 0, so nothing overflows.


def softmax_formula(exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    e = np.exp(exponents, out=exponents)
    return np.multiply(e, 1 / total(e, axis), out=e)


def log_softmax_formula(exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    others = total_of_others(np.exp(exponents), place, axis)
    return np.subtract(exponents, np.log1p(others), out=exponents)


def logsumexp_formula(exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    others = total_of_others(np.exp(exponents, out=exponents), place, axis)
    return np.fmax(top + np.log1p(others), top)  # a row of nothing but −inf stays −inf


def apply(formula: Formula, logits: ArrayLike, temperature: ArrayLike, axis: int, out: Floats | None) -> Floats:
    """Check the arguments, make room for the results, and apply `formula` to each row."""
    z = real_array(logits, "logits")
    axis = class_axis(z, axis, "logits")
    if out is not None and out is not z and np.may_share_memory(out, z):
        z = z.copy()  # a block's results could overwrite the logits of the next
    rows, temperatures = rows_and_temperatures(z, temperature, axis)
    results = result_array(rows, axis, out)
    if rows.size:
        over_rows(formula, rows, temperatures, classes_last(results, axis))
    return results
