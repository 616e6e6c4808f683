"""Cutting unlikely classes: logits in, logits with −inf at the classes cut out.

Classes with equal logits are kept or cut together, so that the result does not depend on their order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import (
    Floats,
    class_axis,
    classes_back,
    float_type,
    logit_array,
    numbers,
    rows_and_values,
    whole_number,
    wide,
)
from .functions import log_softmax, softmax
from .information import entropy_from_logits


def top_k(logits: ArrayLike, k: ArrayLike, *, axis: int = -1) -> Floats:
    r"""Keep the k classes with the largest logits.

    .. math:: \text{keep } j \iff z_j \ge \text{the } k\text{-th largest logit}

    Source: A. Fan, M. Lewis and Y. Dauphin, "Hierarchical neural story generation", 2018.

    Parameters
    ----------
    logits, axis
        As in `softmax`.
    k : int or array_like of int
        How many classes to keep, at least 1, or one number a row; more than there are keeps all. Ties with the
        k-th are kept too. (A NaN is above all numbers, so it is one of the k.)

    Returns
    -------
    ndarray
        A copy of the logits, −inf at the classes cut; NaN stays.

    Raises
    ------
    ValueError, TypeError
        If k is not a whole number of at least 1, or as in `softmax`.

    Examples
    --------
    >>> top_k([2.0, 1.0, 0.5, -0.5], 2)
    array([  2.,   1., -inf, -inf])
    """
    rows, counts, axis = rows_and_limits(logits, numbers(k, "k", "a whole number, or one a row"), axis, "k")
    if np.size(counts):
        whole_number(counts.min().item(), "k")
    last = rows.shape[-1] - np.minimum(counts, rows.shape[-1])
    if rows.size == 0:
        return classes_back(rows.copy(), axis)
    if np.ndim(counts) == 0:
        threshold = np.partition(rows, last, axis=-1)[..., [last]]
    else:
        threshold = np.take_along_axis(np.sort(rows, axis=-1), last[..., None], -1)
    return cut(rows, rows < threshold, axis)


def top_p(logits: ArrayLike, p: ArrayLike, *, axis: int = -1) -> Floats:
    r"""Keep the smallest set of likeliest classes with a probability of p or more: the nucleus.

    .. math:: \text{keep } j \iff \sum_{i:\, p_i > p_j} p_i < p

    Source: A. Holtzman et al., "The curious case of neural text degeneration", 2019.

    Parameters
    ----------
    logits, axis
        As in `softmax`. Apply the temperature first if the cut is to depend on it.
    p : float or array_like
        The probability to keep, in (0, 1], or one a row. The class that reaches it is kept, so a tiny p keeps one;
        1 keeps all. A sum that falls short of p by no more than its rounding in float64 counts as p, so that
        .6 + .2 reaches .8. Ties with the last class kept are kept too.

    Returns
    -------
    ndarray
        A copy of the logits, −inf at the classes cut; a row with NaN stays as it is.

    Raises
    ------
    ValueError, TypeError
        If p is outside (0, 1], or as in `softmax`.

    Examples
    --------
    >>> top_p([2.0, 1.0, 0.5, -0.5], 0.9)
    array([ 2. ,  1. ,  0.5, -inf])
    """
    rows, shares, axis = rows_and_limits(logits, checked_shares(p), axis, "p")
    if rows.size == 0:
        return classes_back(rows.copy(), axis)
    falling = np.flip(np.sort(rows, axis=-1), -1)
    threshold = np.take_along_axis(falling, last_needed(softmax(wide(falling)), shares), -1)
    return cut(rows, (rows < threshold) & (np.asarray(shares) < 1)[..., None], axis)


def min_p(logits: ArrayLike, p: ArrayLike, *, axis: int = -1) -> Floats:
    r"""Keep the classes at least p times as likely as the likeliest.

    .. math:: p_k \ge p \max_j p_j \iff z_k - \max_j z_j \ge \log p

    Source: Nguyen et al., arXiv 2407.01082, 2024; its gains are contested by arXiv 2506.13681, 2025.

    Parameters
    ----------
    logits, axis
        As in `softmax`. Apply the temperature first if the cut is to depend on it.
    p : float or array_like
        The least ratio to the largest probability, in (0, 1], or one a row; 1 keeps the largest alone, with its
        ties. A ratio that falls short of p by no more than its rounding in float64 counts as p.

    Returns
    -------
    ndarray
        A copy of the logits, −inf at the classes cut; a row with NaN stays as it is.

    Raises
    ------
    ValueError, TypeError
        If p is outside (0, 1], or as in `softmax`.

    Examples
    --------
    >>> min_p([2.0, 1.0, 0.5, -0.5], 0.3)
    array([  2.,   1., -inf, -inf])
    """
    rows, shares, axis = rows_and_limits(logits, checked_shares(p), axis, "p")
    least = np.log(np.asarray(shares, np.float64))[..., None] - ROUNDING
    with np.errstate(all="ignore"):
        return cut(rows, wide(rows) - wide(np.max(rows, axis=-1, keepdims=True, initial=-np.inf)) < least, axis)


def typical_p(logits: ArrayLike, p: ArrayLike, *, axis: int = -1) -> Floats:
    r"""Keep the smallest set of classes with a probability of p or more whose surprise is nearest the entropy.

    .. math:: \text{keep } j \iff \sum_{i:\, d_i < d_j} p_i < p, \qquad d_k = \left| -\log p_k - H(p) \right|

    Unlike the other cuts it may drop the likeliest class, if that is less surprising than typical.

    Source: C. Meister, T. Pimentel, G. Wiher and R. Cotterell, "Locally typical sampling", 2023.

    Parameters
    ----------
    logits, p, axis
        As in `top_p`.

    Returns
    -------
    ndarray
        As in `top_p`.

    Raises
    ------
    ValueError, TypeError
        As in `top_p`.

    Examples
    --------
    >>> typical_p([2.0, 1.0, 0.5, -0.5], 0.2)
    array([-inf,   1., -inf, -inf])
    """
    rows, shares, axis = rows_and_limits(logits, checked_shares(p), axis, "p")
    if rows.size == 0:
        return classes_back(rows.copy(), axis)
    log_p = log_softmax(wide(rows))
    with np.errstate(all="ignore"):
        distance = abs(-log_p - entropy_from_logits(wide(rows))[..., None])
    order = np.argsort(distance, axis=-1)
    last = last_needed(np.take_along_axis(softmax(wide(rows)), order, -1), shares)
    threshold = np.take_along_axis(distance, np.take_along_axis(order, last, -1), -1)
    return cut(rows, (distance > threshold) & (np.asarray(shares) < 1)[..., None], axis)


def top_n_sigma(logits: ArrayLike, n: ArrayLike, *, axis: int = -1) -> Floats:
    r"""Keep the classes whose logits are within n standard deviations of the largest.

    .. math:: \text{keep } k \iff z_k \ge \max_j z_j - n \sigma, \qquad \sigma = \text{the standard deviation of } z

    Both sides scale with 1/T, so that unlike top-p and min-p it keeps the same classes at every temperature.

    Source: C. Tang et al., "Top-nσ: not all logits are you need", arXiv 2411.07641, 2024.

    Parameters
    ----------
    logits, axis
        As in `softmax`. The standard deviation is that of the logits that are not −inf.
    n : float or array_like
        How many standard deviations to keep, above 0, or one number a row.

    Returns
    -------
    ndarray
        A copy of the logits, −inf at the classes cut; a row with NaN or +inf stays as it is.

    Raises
    ------
    ValueError, TypeError
        If n is not above 0, or as in `softmax`.

    Examples
    --------
    >>> top_n_sigma([2.0, 1.0, 0.5, -0.5], 1)
    array([  2., -inf, -inf, -inf])
    """
    given = numbers(n, "n")
    wrong = given[~(given > 0)]
    if wrong.size:
        raise ValueError(f"n must be above 0, not {wrong[0]}: 1 is the usual number of standard deviations")
    rows, deviations, axis = rows_and_limits(logits, given, axis, "n")
    with np.errstate(all="ignore"):
        z = wide(rows) / 2  # since 1e308 − (−1e308) overflows
        below = z - z.max(axis=-1, keepdims=True, initial=-np.inf)
        possible = below > -np.inf
        below /= abs(below).max(axis=-1, keepdims=True, initial=0, where=possible)
        count = possible.sum(axis=-1, keepdims=True)
        mean = below.sum(axis=-1, keepdims=True, where=possible) / count
        sigma = np.sqrt(((below - mean) ** 2).sum(axis=-1, keepdims=True, where=possible) / count)
        return cut(rows, below < -np.asarray(deviations)[..., None] * sigma, axis)


ROUNDING = 4 * float(np.finfo(np.float64).eps)


def rows_and_limits(logits: ArrayLike, limits: Any, axis: int, name: str) -> tuple[Floats, Any, int]:
    """The logits as floats, classes last; what limits each row; and the axis of the classes."""
    z = logit_array(logits)
    axis = class_axis(z, axis, "logits")
    return *rows_and_values(z.astype(float_type(z), copy=False), limits, axis, name), axis


def checked_shares(p: ArrayLike) -> Any:
    """p as numbers above 0 and up to 1."""
    shares = numbers(p, "p")
    wrong = shares[~((shares > 0) & (shares <= 1))]
    if wrong.size:
        raise ValueError(f"p must be above 0 and up to 1, not {wrong[0]}: 1 keeps all that can be kept")
    return shares


def last_needed(probabilities: Floats, shares: Any) -> Any:
    """The place, in each row of sorted probabilities, of the one whose cumulative sum reaches the share."""
    classes = probabilities.shape[-1]
    with np.errstate(all="ignore"):
        needed = np.asarray(shares)[..., None] * (1 - ROUNDING * classes)
        reached = np.cumsum(probabilities, axis=-1)
    return np.minimum(np.sum(reached < needed, axis=-1, keepdims=True), classes - 1)


def cut(rows: Floats, unwanted: Any, axis: int) -> Floats:
    """The rows with −inf at the classes that are not wanted, the classes back on their axis."""
    return classes_back(np.where(unwanted, -np.inf, rows).astype(rows.dtype, copy=False), axis)
