"""Do the probabilities match how often they are right? Measuring it, and mending it with one temperature."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ._checks import (
    Classes,
    Floats,
    Reals,
    checked_classes,
    checked_probabilities,
    float_type,
    generator,
    logit_array,
    one_hot,
    one_number,
    real_array,
    whole_number,
)
from .functions import softmax
from .information import cross_entropy


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> float:
    r"""The temperature with the smallest mean cross-entropy on labelled data: temperature scaling.

    .. math:: T = \operatorname{argmin}_T \; -\frac1n \sum_i \log \operatorname{softmax}(z_i, T)_{y_i}

    The loss is convex in β = 1/T. Newton's steps find where its slope, the mean of E_p[z] − z_y, crosses 0; bounds
    keep them from running away, and from creeping where one huge gap rules the slope.

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
    z = logit_array(logits).astype(np.float64)
    if z.ndim != 2 or z.size == 0:
        raise ValueError(f"logits must have one row per example and one column per class, not shape {z.shape}")
    y = checked_classes(labels, z.shape[:1], z.shape[1], "labels")
    if np.isnan(z).any() or (z == np.inf).any() or (z[np.arange(len(y)), y] == -np.inf).any():
        raise ValueError("logits must not hold NaN, inf, or -inf at a label: no temperature gives a finite loss")
    with np.errstate(all="ignore"):
        power = scale_of(z)
        gaps = np.ldexp(z, -power)
        gaps -= gaps.max(axis=1, keepdims=True)
        label_gaps, possible = gaps[np.arange(len(y)), y], gaps > -np.inf
        widest = -gaps[possible].min()
        if widest == 0:
            return 1.0
        if not label_gaps.any():
            return 0.0
        shares = np.where(possible, gaps / widest, 0)  # so that no sum overflows
        if np.mean(np.sum(shares, axis=1) / possible.sum(axis=1) - label_gaps / widest) >= 0:
            return np.inf

        def slope_and_curvature(beta: float) -> tuple[float, float]:
            """Of the loss, times β and β²: then no gap is too large."""
            x = beta * gaps
            p = softmax(x)
            x[p == 0] = 0
            mean = np.sum(p * x, axis=1)
            variance = np.sum(p * x**2, axis=1) - mean**2
            return float(np.mean(mean - beta * label_gaps)), float(np.mean(variance))

        beta = crossing(slope_and_curvature, start=float(1 / -label_gaps.min()))
        temperature = float(np.ldexp(1 / beta, power)) if beta else np.inf
        return temperature if cross_entropy(z, y, temperature).mean() <= cross_entropy(z, y).mean() else 1.0


def scale_of(z: Floats) -> int:
    """The power of two to divide by, so that no gap overflows and the smallest are no subnormal numbers."""
    power = int(np.frexp(abs(z[np.isfinite(z)]).max())[1])
    return 3 if power > 1020 else min(0, power + 600)


def crossing(value_and_slope: Callable[[float], tuple[float, float]], start: float) -> float:
    """Where a rising function of x > 0, negative near 0, crosses 0, from its value and slope times x.

    Newton's steps while each is at most half as long as the last. Else to the middle of the bounds on a logarithmic
    scale; as long as there is but one bound, away from it in strides that grow.
    """
    x, low, high, last, stride = min(start, LARGEST), 0.0, np.inf, np.inf, 4.0
    while low * (1 + 1e-15) < high and 0 < x < np.inf:
        value, slope = value_and_slope(x)
        low, high = (x, high) if value < 0 else (low, x)
        step = -x * value / slope if slope > 0 else np.inf
        if abs(step) <= 1e-13 * x:
            return x + step
        if not (low < x + step < high and abs(step) <= last / 2):
            if low > 0 and high < np.inf:
                step = np.sqrt(low) * np.sqrt(high) - x
            else:
                step = (stride * x if low else x / stride) - x
                stride = min(stride**2, 1e100)
        last, x = abs(step), x + step
    return x


LARGEST = float(np.finfo(np.float64).max)


def expected_calibration_error(
    probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 15, equal_mass: bool = False
) -> float:
    r"""Mean gap between confidence and accuracy, over bins of confidence.

    .. math:: \mathrm{ECE} = \sum_b \frac{n_b}{n} \left| \mathrm{accuracy}_b - \mathrm{confidence}_b \right|

    Source: M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using
    Bayesian binning", 2015.

    Parameters
    ----------
    probabilities, labels, bins, equal_mass
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
    confidence, accuracy, count = reliability_curve(probabilities, labels, bins=bins, equal_mass=equal_mass)
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
    with np.errstate(all="ignore"):
        return float(np.mean(np.sum((p - one_hot(y, p.shape[-1])) ** 2, axis=-1)))


def bootstrap_interval(
    measure: Callable[[Floats, Classes], float],
    probabilities: ArrayLike,
    labels: ArrayLike,
    *,
    level: float = 0.95,
    resamples: int = 1000,
    rng: np.random.Generator | int | None = None,
) -> tuple[float, float]:
    r"""How far a measure of calibration may be off by the luck of the sample: an interval by the bootstrap.

    .. math:: \text{quantiles } \tfrac{1 - \text{level}}{2} \text{ and } \tfrac{1 + \text{level}}{2}
        \text{ of the measure over the resamples}

    Each resample draws n of the n rows, with replacement.

    Source: B. Efron, "Bootstrap methods: another look at the jackknife", 1979.

    Parameters
    ----------
    measure : callable
        Takes probabilities and labels and gives a number, such as `brier_score`. The calibration error is biased
        upwards on a finite sample, and more so on a resample: its interval tends to lie too high.
    probabilities, labels
        As in `reliability_curve`.
    level : float, default 0.95
        How often the interval is to hold the true value, between 0 and 1.
    resamples : int, default 1000
        R, the number of resamples.
    rng : Generator or int, optional
        As in `sample`.

    Returns
    -------
    low, high : float
        The ends of the interval; NaN if a row holds NaN.

    Raises
    ------
    ValueError, TypeError
        As in `reliability_curve`; or if `level`, `resamples` or `rng` does not fit.

    Examples
    --------
    >>> p, labels = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]], [0, 0, 1, 1]
    >>> low, high = bootstrap_interval(brier_score, p, labels, rng=0)
    >>> round(low, 3), round(high, 3)
    (0.05, 0.56)
    """
    p, y = labelled_probabilities(probabilities, labels)
    share, count, chance = one_number(level, "level"), whole_number(resamples, "resamples"), generator(rng)
    if not 0 < share < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}: 0.95 is usual")
    rows = (chance.integers(len(y), size=len(y)) for _ in range(count))
    low, high = np.quantile([measure(p[i], y[i]) for i in rows], [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def reliability_curve(
    probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 15, equal_mass: bool = False
) -> tuple[Floats, Floats, Classes]:
    r"""Confidence against accuracy: of the predictions made with one confidence, how many are right.

    .. math:: \text{bin } b = \left( \tfrac{b-1}{B}, \tfrac{b}{B} \right], \qquad b = 1, \dots, B

    Confidence is the largest probability of a row, and its class (the first, if tied) is the prediction.

    Source: A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with supervised learning", 2005.

    Parameters
    ----------
    probabilities : array_like, shape (..., K)
        Predicted distributions, classes last; or, for two classes, P(class 1) alone, in the shape (n,) of `labels`
        or in one column.
    labels : array_like of int
        The true classes, one a row.
    bins : int, default 15
        B, the number of bins.
    equal_mass : bool, default False
        Put the edges of the bins where each gets 1/B of the rows; equal confidences stay together.

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
    known = ~np.isnan(confidence)
    confidence, right = confidence[known], right[known]
    if equal_mass and confidence.size:
        inner_edges = np.quantile(confidence, np.arange(1, wanted) / wanted, method="inverted_cdf")
    else:
        inner_edges = (np.arange(1, wanted) / wanted).astype(p.dtype)
    which = np.searchsorted(inner_edges, confidence)  # a confidence on an edge belongs to the bin below
    count = np.bincount(which, minlength=wanted)
    with np.errstate(all="ignore"):
        mean_confidence = np.bincount(which, confidence.astype(np.float64), wanted) / count
        accuracy = np.bincount(which, right, wanted) / count
    return mean_confidence, accuracy, count


def labelled_probabilities(probabilities: ArrayLike, labels: ArrayLike) -> tuple[Floats, Classes]:
    """Distributions (n, K) and their labels (n,)."""
    given, shape = real_array(probabilities, "probabilities"), real_array(labels, "labels").shape
    if given.shape == (*shape, 1) or (given.ndim == 1 and given.shape == shape):
        p = both_classes(given.reshape(shape))
    else:
        p = checked_probabilities(given, "probabilities", -1)
    y = checked_classes(labels, p.shape[:-1], p.shape[-1], "labels")
    if y.size == 0:
        raise ValueError("probabilities must have at least one row")
    return p.reshape(-1, p.shape[-1]), y.ravel()


def both_classes(p: Reals) -> Floats:
    """Two columns from P(class 1)."""
    wrong = p[(p < 0) | (p > 1)]
    if wrong.size:
        raise ValueError(f"probabilities must be from 0 to 1, as P(class 1), not {wrong[0]}: apply a sigmoid first")
    p = p.astype(float_type(p), copy=False)
    return np.stack([1 - p, p], axis=-1)
