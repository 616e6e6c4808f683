"""Cutting unlikely classes: logits in, logits with −inf at the classes cut out.

Classes with equal logits are kept or cut together, so that the result does not depend on their order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ._checks import Floats, class_axis, float_type, real_array, whole_number, wide
from .functions import softmax


def top_k(logits: ArrayLike, k: int, *, axis: int = -1) -> Floats:
    r"""Keep the k classes with the largest logits.

    .. math:: \text{keep } j \iff z_j \ge \text{the } k\text{-th largest logit}

    Source: A. Fan, M. Lewis and Y. Dauphin, "Hierarchical neural story generation", 2018.

    Parameters
    ----------
    logits, axis
        As in `softmax`.
    k : int
        How many classes to keep, at least 1; more than there are keeps all. Ties with the k-th are kept too.

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
    count = whole_number(k, "k")
    z, axis = float_logits(logits, axis)
    if count >= z.shape[axis]:
        return z.copy()
    threshold = np.partition(z, -count, axis=axis).take([-count], axis)
    return cut_below(z, threshold)


def top_p(logits: ArrayLike, p: float, *, axis: int = -1) -> Floats:
    r"""Keep the smallest set of likeliest classes with a probability of p or more: the nucleus.

    .. math:: \text{keep } j \iff \sum_{i:\, p_i > p_j} p_i < p

    Source: A. Holtzman et al., "The curious case of neural text degeneration", 2019.

    Parameters
    ----------
    logits, axis
        As in `softmax`. Apply the temperature first if the cut is to depend on it.
    p : float
        The probability to keep, in (0, 1]. The class that reaches it is kept, so a tiny p keeps one; 1 keeps
        all. Ties with the last class kept are kept too.

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
    check_share(p)
    z, axis = float_logits(logits, axis)
    if p == 1 or z.size == 0:
        return z.copy()
    falling = np.flip(np.sort(z, axis=axis), axis)
    reached = np.cumsum(softmax(wide(falling), axis=axis), axis=axis)
    last = np.minimum(np.sum(reached < p, axis=axis, keepdims=True), z.shape[axis] - 1)
    return cut_below(z, np.take_along_axis(falling, last, axis))


def min_p(logits: ArrayLike, p: float, *, axis: int = -1) -> Floats:
    r"""Keep the classes at least p times as likely as the likeliest.

    .. math:: p_k \ge p \max_j p_j \iff z_k \ge \max_j z_j + \log p

    Source: Nguyen et al., arXiv 2407.01082, 2024; its gains are contested by arXiv 2506.13681, 2025.

    Parameters
    ----------
    logits, axis
        As in `softmax`. Apply the temperature first if the cut is to depend on it.
    p : float
        The least ratio to the largest probability, in (0, 1]; 1 keeps the largest alone, with its ties.

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
    check_share(p)
    z, axis = float_logits(logits, axis)
    return cut_below(z, wide(np.max(z, axis=axis, keepdims=True, initial=-np.inf)) + np.log(p))


def float_logits(logits: ArrayLike, axis: int) -> tuple[Floats, int]:
    """The logits as floats, and the class axis."""
    z = real_array(logits, "logits")
    return z.astype(float_type(z), copy=False), class_axis(z, axis, "logits")


def check_share(p: float) -> None:
    if not (real_array(p, "p").ndim == 0 and 0 < p <= 1):
        raise ValueError(f"p must be one number above 0 and up to 1, not {p}")


def cut_below(z: Floats, threshold: Floats) -> Floats:
    return np.where(z < threshold, -np.inf, z)
