"""Softmax, its logarithm and its normaliser."""

from __future__ import annotations

from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import (
    Floats,
    Reals,
    class_axis,
    classes_last,
    float_type,
    logit_array,
    result_array,
    rows_and_temperatures,
)
from ._kernels import Formula, of_tame, over_rows, total, total_of_others

Float = TypeVar("Float", bound=np.floating[Any])  # for type checkers: floats keep their type


@overload
def softmax(
    logits: NDArray[Float], temperature: ArrayLike = 1.0, *, axis: int = -1, out: NDArray[Float] | None = None
) -> NDArray[Float]: ...
@overload
def softmax(
    logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1, out: Floats | None = None
) -> Floats: ...
def softmax(logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1, out: Floats | None = None) -> Floats:
    r"""Turn logits into probabilities: large logits into large ones, more sharply at a low temperature.

    .. math:: p_k = \frac{e^{z_k/T}}{\sum_j e^{z_j/T}}

    Source: J. S. Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Raw scores z with the K classes on `axis`. A logit of −inf, or masked in a masked array, gives exactly
        0; +inf takes all.
    temperature : float or array_like, default 1
        T ≥ 0, or one T a row: an array that broadcasts against the shape of `logits` without `axis`, or with
        length 1 there, as in ``logits / T[:, None]``. Several T for one row give one row each.
        T = 0 is the argmax (ties share equally); T = inf is uniform over the classes that are not −inf.
        The second argument is never the axis: ``softmax(z, 0)`` is the argmax of each row, and −1 an error.
    axis : int, default −1
        The axis of the classes.
    out : ndarray, optional
        Where to write the result; may be `logits` itself.

    Returns
    -------
    ndarray
        Probabilities, in the shape and float type of `logits` (float64 for integers). A row with NaN, or of
        nothing but −inf, is NaN.

    Raises
    ------
    ValueError, TypeError
        If a temperature is negative or NaN, its shape fits no reading above, `axis` or `out` does not fit, or
        `logits` are not real numbers.

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


@overload
def log_softmax(
    logits: NDArray[Float], temperature: ArrayLike = 1.0, *, axis: int = -1, out: NDArray[Float] | None = None
) -> NDArray[Float]: ...
@overload
def log_softmax(
    logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1, out: Floats | None = None
) -> Floats: ...
def log_softmax(
    logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1, out: Floats | None = None
) -> Floats:
    r"""Logarithms of the softmax, accurate even where a probability rounds to 0 or to 1.

    .. math:: \log p_k = \frac{z_k}{T} - \log \sum_j e^{z_j/T}

    At T = 1 each is within 4 + max − min units in the last place: of the sum's terms, the largest is exactly 1
    and stays out of it, and log(1 + x) keeps an x far below 1.

    Source: P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the log-sum-exp and softmax
    functions", IMA Journal of Numerical Analysis 41, 2021.

    Parameters
    ----------
    logits, temperature, axis, out
        As in `softmax`.

    Returns
    -------
    ndarray
        Log-probabilities in nats, in the shape and float type of `logits`.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`.

    Examples
    --------
    >>> log_softmax([0.0, -40.0])
    array([-4.24835426e-18, -4.00000000e+01])
    """
    return apply(log_softmax_formula, logits, temperature, axis, out)


def logsumexp(logits: ArrayLike, *, axis: int = -1) -> Any:
    r"""Logarithm of a sum of exponentials, the normaliser of the softmax, without overflow.

    .. math:: \log \sum_j e^{z_j} = m + \log \sum_j e^{z_j - m}, \qquad m = \max_j z_j

    Source: Blanchard, Higham and Higham, 2021 (see `log_softmax`).

    Parameters
    ----------
    logits, axis
        As in `softmax`.

    Returns
    -------
    float or ndarray
        One number a row, in nats; −inf for a row of nothing but −inf, or of no classes.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`.

    Examples
    --------
    >>> float(logsumexp([1000.0, 1000.0]))
    1000.6931471805599
    """
    z = logit_array(logits)
    return one_number_a_row(logsumexp_formula, z, 1.0, class_axis(z, axis, "logits"), empty=-np.inf)


# The formulas. The exponents are (z − max z)/T, so that none is above 0 and nothing overflows; `top` is max z.


def softmax_formula(exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    e = np.exp(exponents, out=exponents)
    return np.multiply(e, 1 / total(e, axis), out=e)


def log_softmax_formula(exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    others = total_of_others(np.exp(exponents), place, axis)
    return np.subtract(exponents, np.log1p(others), out=exponents)


def logsumexp_formula(exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    others = total_of_others(np.exp(exponents, out=exponents), place, axis)
    return np.fmax(top + np.log1p(others), top)  # a row of nothing but −inf stays −inf


def one_number_a_row(formula: Formula, z: Reals, temperature: ArrayLike, axis: int, empty: float) -> Any:
    """Apply a formula that gives one number for each row; `empty` is that of a row without classes."""
    rows, temperatures = rows_and_temperatures(z, temperature, axis)
    results = np.full((*rows.shape[:-1], 1), empty, float_type(z))
    if rows.size:
        over_rows(formula, rows, temperatures, results)
    return results[..., 0][()]


def apply(formula: Formula, logits: ArrayLike, temperature: ArrayLike, axis: int, out: Floats | None) -> Floats:
    """Check the arguments, make room for the results, and apply `formula` to each row."""
    if type(logits) is np.ndarray and (type(temperature), type(axis), temperature, axis) == (float, int, 1, -1):
        answer = of_tame(formula, logits)
        if answer is not None:
            if out is not None:
                result_array(logits, axis, out)[...] = answer
            return answer if out is None else out
    z = logit_array(logits)
    axis = class_axis(z, axis, "logits")
    if out is not None and out is not z and np.may_share_memory(out, z):
        z = z.copy()  # a block's results could overwrite the logits of the next
    rows, temperatures = rows_and_temperatures(z, temperature, axis)
    results = result_array(rows, axis, out)
    if rows.size:
        over_rows(formula, rows, temperatures, classes_last(results, axis))
    return results
