"""Relatives of the softmax that give exactly 0 to classes far below the best."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import Floats, one_number
from ._kernels import total
from .functions import apply, softmax_formula


def sparsemax(logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1, out: Floats | None = None) -> Floats:
    r"""Turn logits into the nearest probabilities: a class far below the best gets exactly 0.

    .. math:: p = \operatorname*{argmin}_{q \ge 0,\ \sum_j q_j = 1} \left\| q - \frac{z}{T} \right\|^2,
        \qquad p_k = \max\left( \frac{z_k}{T} - \tau,\ 0 \right)

    The threshold τ is the number that makes the sum 1. A low T leaves few classes above it, a high T many. Where
    the true class has probability 0, its log-loss is infinite.

    Source: A. F. T. Martins and R. F. Astudillo, "From softmax to sparsemax", 2016.

    Parameters
    ----------
    logits, temperature, axis, out
        As in `softmax`, and with the same limits: at T = 0 the argmax, at T = inf uniform.

    Returns
    -------
    ndarray
        Probabilities, in the shape and float type of `logits`, within a few units in the last place of 1.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`.

    Examples
    --------
    >>> sparsemax([-2.0, 0.0, 0.5])
    array([0.  , 0.25, 0.75])
    >>> sparsemax([-2.0, 0.0, 0.5], temperature=5).round(2)
    array([0.03, 0.43, 0.53])
    """
    return apply(sparsemax_formula, logits, temperature, axis, out)


def entmax(
    logits: ArrayLike, temperature: ArrayLike = 1.0, *, alpha: float = 1.5, axis: int = -1, out: Floats | None = None
) -> Floats:
    r"""Turn logits into probabilities between those of softmax (α = 1) and those of sparsemax (α = 2).

    .. math:: p_k = \left[ 1 + (\alpha - 1) \left( \frac{z_k}{T} - \lambda \right) \right]_+^{1/(\alpha - 1)}

    λ is the number that makes the sum 1; as α → 1 it becomes the log-sum-exp. Every α above 1 gives exactly 0 to
    classes far below the best.

    Source: B. Peters, V. Niculae and A. F. T. Martins, "Sparse sequence-to-sequence models", 2019.

    Parameters
    ----------
    logits, temperature, axis, out
        As in `sparsemax`.
    alpha : float, default 1.5
        α, from 1 to 2.

    Returns
    -------
    ndarray
        As in `sparsemax`.

    Raises
    ------
    ValueError, TypeError
        If α is not a number from 1 to 2, or as in `softmax`.

    Examples
    --------
    >>> entmax([-2.0, 0.0, 0.5]).round(4)
    array([0.   , 0.326, 0.674])
    >>> entmax([-2.0, 0.0, 0.5], alpha=1).round(4)
    array([0.0486, 0.3592, 0.5922])
    """
    a = one_number(alpha, "alpha") - 1
    if not 0 <= a <= 1:
        raise ValueError(f"alpha must be from 1 to 2, not {alpha}: 1 is softmax, 1.5 usual, 2 sparsemax")
    if a in (0, 1):
        return apply(sparsemax_formula if a else softmax_formula, logits, temperature, axis, out)

    return apply(partial(entmax_formula, a), logits, temperature, axis, out)


# The formulas: as in functions.py, the exponents are (z − max z)/T, so that the best class's is 0.


def sparsemax_formula(exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    falling = -np.sort(-exponents, axis=axis)
    kept = np.arange(1.0, exponents.shape[axis] + 1)
    shape = (-1, *[1] * (exponents.ndim - 1)) if axis == 0 else (-1,)
    thresholds = (np.cumsum(falling, axis=axis, dtype=np.float64) - 1) / kept.reshape(shape)  # if so many were kept
    threshold = thresholds.max(axis=axis, keepdims=True)  # the true one is the largest
    return np.maximum(exponents - threshold.astype(exponents.dtype), 0)


@np.errstate(all="ignore")
def entmax_formula(a: float, exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    """Newton's method for (Σp)^a = 1, which is convex in λ: from 0 it climbs to λ and does not pass it."""
    threshold = np.zeros_like(exponents.max(axis=axis, keepdims=True))
    while True:
        below = np.maximum(a * (exponents - threshold), -1)
        p = np.exp(np.log1p(below) / a)
        sums = total(p, axis)
        slopes = total(np.where(below > -1, p / (1 + below), 0), axis)
        higher = np.fmax(threshold - np.expm1(-a * np.log(sums)) / a * sums / slopes, threshold)
        if (higher <= threshold).all():
            return p / sums
        threshold = higher
