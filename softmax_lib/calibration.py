"""Do the probabilities match how often they are right? Measuring it, and mending it with one temperature."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ._checks import Classes, Floats, checked_classes, checked_probabilities, one_hot, real_array, whole_number
from .functions import softmax
from .information import cross_entropy


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> float:
    r"""The temperature with the smallest mean cross-entropy on labelled data: temperature scaling.

    .. math:: T = \operatorname{argmin}_T \; -\frac1n \sum_i \log \operatorname{softmax}(z_i, T)_{y_i}

    The loss is convex in β = 1/T. Newton steps find where its slope, the mean of E_p[z] − z_y, crosses 0; a
    bracket keeps them from running away.

    Source: C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On calibration of modern neural networks", 2017.

    Parameters
    ----------
    logits : array_like, shape (n, K)
        Held-out logits, classes last; −inf rules a class out.
    labels : array_like of int, shape (n,)
        The true classes.

    Returns
    -------
    float
        A temperature whose loss is never above that of T = 1. It is 0.0 if every label already has the largest
        logit of its row (the loss falls for ever as T → 0), inf if the logits are no better than chance, and
        1.0 if every row is constant, so that T changes nothing.

    Raises
    ------
    ValueError, TypeError
        If there are no rows, labels do not fit, or logits hold NaN, +inf or −inf at a label.

    Examples
    --------
    >>> round(fit_temperature([[4.0, 0.0], [4.0, 0.0], [4.0, 0.0], [0.0, 4.0]], [0, 0, 0, 0]), 6)
    3.640957
    """
    z = real_array(logits, "logits").astype(np.float64)
    if z.ndim != 2 or z.size == 0:
        raise ValueError(f"logits must have one row per example and one column per class, not shape {z.shape}")
    y = checked_classes(labels, z.shape[:1], z.shape[1], "labels")
    if np.isnan(z).any() or (z == np.inf).any() or (z[np.arange(len(y)), y] == -np.inf).any():
        raise ValueError("logits must not hold NaN, inf, or -inf at a label: no temperature gives a finite loss")
    gaps = z / 2 - z.max(axis=1, keepdims=True) / 2  # halves, because 1e308 − (−1e308) overflows
    possible = gaps > -np.inf
    unit = -gaps[possible].min()
    if unit == 0:
        return 1.0
    gaps /= unit
    finite_gaps, label_gaps = np.where(possible, gaps, 0), gaps[np.arange(len(y)), y]
    if not label_gaps.any():
        return 0.0

    def slope_and_curvature(beta: float) -> tuple[float, float]:
        p = softmax(gaps, 1 / beta if beta else np.inf)
        mean = np.sum(p * finite_gaps, axis=1)
        variance = np.sum(p * finite_gaps**2, axis=1) - mean**2
        return float(np.mean(mean - label_gaps)), float(np.mean(variance))

    if slope_and_curvature(0)[0] >= 0:
        return np.inf
    temperature = float(unit) / crossing(slope_and_curvature) * 2
    return temperature if cross_entropy(z, y, temperature).mean() <= cross_entropy(z, y).mean() else 1.0


def crossing(value_and_slope: Callable[[float], tuple[float, float]]) -> float:
    """Where a rising function, negative at 0, crosses 0: Newton's steps, kept between bounds."""
    x, low, high = 1.0, 0.0, np.inf
    for _ in range(200):
        value, slope = value_and_slope(x)
        low, high = (x, high) if value < 0 else (low, x)
        step = x - value / slope if slope > 0 else -1.0
        if abs(step - x) <= 1e-13 * x:
            break
        if not low < step < high:
            step = 4 * x if high == np.inf else np.sqrt(low * high) if low else high / 4
        x = step
    return x


def expected_calibration_error(probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 15) -> float:
    r"""Mean gap between confidence and accuracy, over bins of confidence.

    .. math:: \mathrm{ECE} = \sum_b \frac{n_b}{n} \left| \mathrm{accuracy}_b - \mathrm{confidence}_b \right|

    Source: M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using
    Bayesian binning", 2015.

    Parameters
    ----------
    probabilities, labels, bins
        As in `reliability_curve`.

    Returns
    -------
    float
        Between 0 and 1; NaN if a row holds NaN. Even perfect probabilities score above 0 on a finite sample.

    Raises
    ------
    ValueError, TypeError
        As in `reliability_curve`.

    Examples
    --------
    >>> round(expected_calibration_error([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]], [0, 1, 1]), 3)
    0.4
    """
    confidence, accuracy, count = reliability_curve(probabilities, labels, bins=bins)
    if count.sum() < np.size(labels):
        return np.nan
    return float(np.nansum(count * abs(accuracy - confidence)) / count.sum())


def brier_score(probabilities: ArrayLike, labels: ArrayLike) -> float:
    r"""Mean squared distance between the probabilities and what happened, summed over the classes.

    .. math:: \frac1n \sum_i \sum_k \left( p_{ik} - [y_i = k] \right)^2

    Source: G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950.

    Parameters
    ----------
    probabilities, labels
        As in `reliability_curve`.

    Returns
    -------
    float
        Between 0, certain and right, and 2, certain and wrong; NaN if a row holds NaN.

    Raises
    ------
    ValueError, TypeError
        As in `reliability_curve`.

    Examples
    --------
    >>> round(brier_score([[0.9, 0.1], [0.2, 0.8]], [0, 0]), 3)
    0.65
    """
    p, y = labelled_probabilities(probabilities, labels)
    return float(np.mean(np.sum((p - one_hot(y, p.shape[-1])) ** 2, axis=-1)))


def reliability_curve(probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 15) -> tuple[Floats, Floats, Classes]:
    r"""Confidence against accuracy: of the predictions made with one confidence, how many are right.

    .. math:: \text{bin } b = \left( \tfrac{b-1}{B}, \tfrac{b}{B} \right], \qquad b = 1, \dots, B

    Confidence is the largest probability of a row, and its class (the first, if tied) is the prediction.

    Source: A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with supervised learning", 2005.

    Parameters
    ----------
    probabilities : array_like, shape (..., K)
        Predicted distributions, classes last.
    labels : array_like of int
        The true classes, one a row.
    bins : int, default 15
        B, the number of bins.

    Returns
    -------
    mean_confidence, accuracy : ndarray, shape (bins,)
        Means over each bin; NaN where a bin is empty.
    count : ndarray of int, shape (bins,)
        Rows in each bin. A row that holds NaN is in none.

    Raises
    ------
    ValueError, TypeError
        If a row is no distribution, labels do not fit, there are no rows, or `bins` is no whole number above 0.

    Examples
    --------
    >>> reliability_curve([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]], [0, 1, 1], bins=2)
    (array([nan, 0.8]), array([       nan, 0.66666667]), array([0, 3]))
    """
    wanted = whole_number(bins, "bins")
    p, y = labelled_probabilities(probabilities, labels)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    inner_edges = (np.arange(1, wanted) / wanted).astype(p.dtype)
    which = np.searchsorted(inner_edges, confidence)  # a confidence on an edge belongs to the bin below
    known = ~np.isnan(confidence)
    which, confidence, right = which[known], confidence[known], right[known]
    count = np.bincount(which, minlength=wanted)
    with np.errstate(invalid="ignore"):
        mean_confidence = np.bincount(which, confidence, wanted) / count
        accuracy = np.bincount(which, right, wanted) / count
    return mean_confidence, accuracy, count


def labelled_probabilities(probabilities: ArrayLike, labels: ArrayLike) -> tuple[Floats, Classes]:
    """Distributions (n, K) and their labels (n,)."""
    p = checked_probabilities(probabilities, "probabilities", -1)
    y = checked_classes(labels, p.shape[:-1], p.shape[-1], "labels")
    if y.size == 0:
        raise ValueError("probabilities must have at least one row")
    return p.reshape(-1, p.shape[-1]), y.ravel()
