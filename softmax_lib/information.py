"""How spread out a distribution is, and how far it is from another."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import (
    Classes,
    Floats,
    checked_classes,
    checked_probabilities,
    class_axis,
    classes_back,
    classes_last,
    float_type,
    logit_array,
    one_hot,
    one_number,
    real_array,
    rows_and_temperatures,
    shape_with,
    wide,
)
from ._kernels import exponents, total, total_of_others
from .functions import log_softmax, one_number_a_row, softmax


def entropy(probabilities: ArrayLike, *, axis: int = -1, base: float | None = None) -> Any:
    r"""Uncertainty of a distribution: 0 if one class is certain, log K if all K are equally likely.

    .. math:: H(p) = -\sum_k p_k \log p_k, \qquad 0 \log 0 = 0

    Source: C. E. Shannon, "A mathematical theory of communication", 1948.

    Parameters
    ----------
    probabilities : array_like, shape (..., K, ...)
        Distributions over the K classes on `axis`; each must sum to 1.
    axis : int, default −1
        The axis of the classes.
    base : float, optional
        Base of the logarithm: 2 for bits. Without it the unit is nats.

    Returns
    -------
    float or ndarray
        One number a row, never outside 0 to log K; NaN for a row with NaN. From logits,
        `entropy_from_logits` keeps what is lost where a probability rounds to 1.

    Raises
    ------
    ValueError, TypeError
        If a row is no distribution, `axis` does not exist, or `base` is not above 1.

    Examples
    --------
    >>> float(entropy([0.25, 0.25, 0.25, 0.25], base=2))
    2.0
    """
    p = checked_probabilities(probabilities, "probabilities", axis)
    return (nats_of(p) / unit(base)).astype(p.dtype)


def perplexity(probabilities: ArrayLike, *, axis: int = -1) -> Any:
    r"""Effective number of classes: K equally likely ones have perplexity K.

    .. math:: e^{H(p)}

    Source: F. Jelinek et al., "Perplexity: a measure of the difficulty of speech recognition tasks", 1977.

    Parameters
    ----------
    probabilities, axis
        As in `entropy`.

    Returns
    -------
    float or ndarray
        One number a row, from 1 to K, in the type of the probabilities or in one that can hold K.

    Raises
    ------
    ValueError, TypeError
        As in `entropy`.

    Examples
    --------
    >>> float(perplexity([0.5, 0.5, 0.0]))
    2.0
    """
    p = checked_probabilities(probabilities, "probabilities", axis)
    return effective_number(nats_of(p), p.shape[-1], p.dtype)


def entropy_from_logits(
    logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1, base: float | None = None
) -> Any:
    r"""Entropy of ``softmax(logits, temperature)``, exact also where a probability rounds to 1.

    .. math:: H = \log \sum_k e^{x_k} - \sum_k p_k x_k, \qquad x_k = \frac{z_k - \max_j z_j}{T} \le 0

    No term is negative, so nothing cancels: at [0, −40], `entropy` of the softmax is 2.4 % too low.

    Source: Shannon, 1948 (see `entropy`), with the logarithm of `log_softmax`.

    Parameters
    ----------
    logits, temperature, axis
        As in `softmax`.
    base
        As in `entropy`.

    Returns
    -------
    float or ndarray
        One number a row, in nats unless `base` is given.

    Raises
    ------
    ValueError, TypeError
        As in `softmax` and `entropy`.

    Examples
    --------
    >>> float(entropy_from_logits([0.0, -40.0]))
    1.7418252446695514e-16
    """
    z = logit_array(logits)
    nats = one_number_a_row(entropy_formula, z, temperature, class_axis(z, axis, "logits"), empty=np.nan)
    return nats if base is None else (wide(nats) / unit(base)).astype(nats.dtype)


def perplexity_from_logits(logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1) -> Any:
    r"""Effective number of classes of ``softmax(logits, temperature)``: `perplexity`, straight from the logits.

    .. math:: e^{H}, \qquad H = \log \sum_k e^{x_k} - \sum_k p_k x_k

    Source: Jelinek et al., 1977 (see `perplexity`).

    Parameters
    ----------
    logits, temperature, axis
        As in `softmax`.

    Returns
    -------
    float or ndarray
        As in `perplexity`.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`.

    Examples
    --------
    >>> float(perplexity_from_logits([2.0, 1.0, 0.5, -0.5, -2.0]).round(3))
    3.021
    """
    z = logit_array(logits)
    axis = class_axis(z, axis, "logits")
    rows = z.astype(np.promote_types(float_type(z), np.float64), copy=False)
    nats = one_number_a_row(entropy_formula, rows, temperature, axis, empty=np.nan)
    return effective_number(nats, z.shape[axis], float_type(z))


def entropy_formula(exponents: Floats, top: Any, place: Any, axis: int) -> Any:
    e = np.exp(exponents)
    exponents[e == 0] = 0  # for 0 · −∞ is 0 here
    mean = total(np.multiply(e, exponents, out=exponents), axis)
    others = total_of_others(e, place, axis)
    return np.log1p(others) - mean / (1 + others)


def nats_of(p: Floats) -> Any:
    """The entropy of each row of `p`, held between its bounds, which rounding may pass."""
    p = wide(p)
    with np.errstate(all="ignore"):
        nats = 0 - np.sum(p * np.log(p, out=np.zeros_like(p), where=p != 0), axis=-1)
        return np.clip(nats, 0, np.log(p.shape[-1]))


def effective_number(nats: Any, classes: int, dtype: np.dtype[Any]) -> Any:
    """e^nats, held between its bounds, in `dtype` or in the narrowest type that can hold all the classes."""
    return np.clip(np.exp(nats), 1, classes).astype(np.promote_types(dtype, np.min_scalar_type(float(classes))))


def unit(base: float | None) -> float:
    """How many nats the unit with this base has."""
    if base is None:
        return 1.0
    number = one_number(base, "base")
    if not 1 < number < np.inf:
        raise ValueError(f"base must be above 1 and finite, not {base}: 2 gives bits, None gives nats")
    return math.log(number)


def kl_divergence(p: ArrayLike, q: ArrayLike, *, axis: int = -1) -> Any:
    r"""Extra nats paid for describing draws from p in a code made for q: never negative, 0 if p = q.

    .. math:: D(p \,\|\, q) = \sum_k p_k \log \frac{p_k}{q_k}, \qquad 0 \log \frac{0}{q} = 0

    Source: S. Kullback and R. A. Leibler, "On information and sufficiency", 1951.

    Parameters
    ----------
    p, q : array_like, shape (..., K, ...)
        Distributions over the same K classes on `axis`; each must sum to 1. The rows broadcast.
    axis : int, default −1
        The axis of the classes.

    Returns
    -------
    float or ndarray
        One number a row, in nats; inf where p draws a class that q rules out. What the two sums differ by, through
        rounding to a narrow float type, is not counted, since it would hide the divergence of close distributions.

    Raises
    ------
    ValueError, TypeError
        If a row is no distribution, the shapes do not fit, or `axis` does not exist.

    Examples
    --------
    >>> float(kl_divergence([0.5, 0.5], [0.9, 0.1]).round(6))
    0.510826
    """
    p, q = checked_probabilities(p, "p", axis), checked_probabilities(q, "q", axis)
    if p.shape[-1] != q.shape[-1]:
        raise ValueError(f"p and q must have the same classes, not {p.shape[-1]} and {q.shape[-1]}")
    shape_with(p.shape[:-1], q.shape[:-1], "q")
    dtype, p, q = np.result_type(p, q), wide(p), wide(q)
    with np.errstate(all="ignore"):
        terms = np.where(p != 0, p * (np.log(p) - np.log(q)), 0 * q) - (p - q)
        return np.maximum(terms.sum(-1), 0).astype(dtype)  # rounding may fall below 0


def cross_entropy(
    logits: ArrayLike,
    targets: ArrayLike,
    temperature: ArrayLike = 1.0,
    *,
    axis: int = -1,
    label_smoothing: float = 0.0,
) -> Any:
    r"""Loss of predicting `targets` by ``softmax(logits, temperature)``, computed from the logits.

    .. math:: L = -\sum_k y_k \log p_k, \qquad \text{for a class } y\text{: } L = -\log p_y

    Source: I. J. Good, "Rational decisions", 1952; label smoothing: C. Szegedy et al., "Rethinking the inception
    architecture for computer vision", 2016.

    Parameters
    ----------
    logits, temperature, axis
        As in `softmax`. Logits, not probabilities: a second softmax would flatten them.
    targets : array_like
        One class number a row (integers in the shape of `logits` without `axis`), or distributions in the
        shape of `logits`.
    label_smoothing : float, default 0
        The share s, from 0 to 1, of each target that is given to all K classes alike: t becomes (1 − s) t + s/K.

    Returns
    -------
    float or ndarray
        One loss a row, in nats; inf where a target class is impossible.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`; or if targets are neither classes nor distributions of the right shape, or the share is
        not from 0 to 1.

    Examples
    --------
    >>> cross_entropy([[2.0, 1.0], [0.0, 40.0]], [0, 1])
    array([3.13261688e-01, 4.24835426e-18])
    """
    z, T, t, _ = predictions_and_targets(logits, targets, temperature, axis, label_smoothing)
    with np.errstate(all="ignore"):
        if t.dtype.kind == "i":
            log_p = log_softmax(z, T)
            return 0 - np.take_along_axis(log_p, in_shape(t, log_p), -1)[..., 0]
        log_p = log_softmax(wide(z), T)
        terms = np.where(t != 0, t * log_p, 0)
        too_far = np.isinf(terms) & np.isfinite(z) & (column(T) > 0)  # for floats, unless weighted first
        if too_far.any():
            halves = wide(z) / 2 - wide(z).max(-1, keepdims=True) / 2  # since 1e308 − (−1e308) overflows, too
            terms = np.where(too_far, t * halves / column(T) * 2, terms)
        return (0 - terms.sum(-1)).astype(z.dtype)


def cross_entropy_gradient(
    logits: ArrayLike,
    targets: ArrayLike,
    temperature: ArrayLike = 1.0,
    *,
    axis: int = -1,
    label_smoothing: float = 0.0,
) -> Floats:
    r"""Derivative of each row's `cross_entropy` by its logits: prediction minus target, over T.

    .. math:: \frac{\partial L}{\partial z_k} = \frac{p_k - t_k}{T}

    Where p and t are both near 1 the difference would be lost: since a row sums to 0, the class with the largest
    target gets minus the sum of the others.

    Source: Bridle, 1990 (see `softmax`).

    Parameters
    ----------
    logits, targets, temperature, axis, label_smoothing
        As in `cross_entropy`, with temperatures above 0.

    Returns
    -------
    ndarray
        The gradients, in the shape and float type of `logits`.

    Raises
    ------
    ValueError, TypeError
        As in `cross_entropy`; or if a temperature is 0, where the loss is a step.

    Examples
    --------
    >>> cross_entropy_gradient([2.0, 1.0, 0.1], 1).round(3)
    array([ 0.659, -0.758,  0.099])
    """
    z, T, t, axis = predictions_and_targets(logits, targets, temperature, axis, label_smoothing)
    if np.any(np.asarray(T) == 0):
        raise ValueError("temperature must be above 0 for a gradient, not 0: the loss is then a step")
    gradient: Floats = softmax(z, T)
    with np.errstate(all="ignore"):
        if t.dtype.kind == "f":
            gradient = (gradient - t).astype(z.dtype)
            gradient[np.isnan(gradient).any(-1)] = np.nan
            t = t.argmax(-1) if t.size else np.zeros(t.shape[:-1], np.intp)
        if gradient.size:
            largest = in_shape(t, gradient)
            np.put_along_axis(gradient, largest, 0, -1)
            others = gradient.sum(-1, keepdims=True, dtype=np.promote_types(z.dtype, np.float64))
            np.put_along_axis(gradient, largest, -others, -1)
            np.divide(gradient, column(T), out=gradient, casting="same_kind")
    return classes_back(gradient, axis)


def predictions_and_targets(
    logits: ArrayLike, targets: ArrayLike, temperature: ArrayLike, axis: int, label_smoothing: float
) -> tuple[Floats, float | Floats, Classes | Floats, int]:
    """Logits as floats, temperatures, targets as classes (integers) or distributions, classes last; their axis."""
    z = logit_array(logits)
    axis = class_axis(z, axis, "logits")
    rows, temperatures = rows_and_temperatures(z.astype(float_type(z), copy=False), temperature, axis)
    share = one_number(label_smoothing, "label_smoothing")
    if not 0 <= share <= 1:
        raise ValueError(f"label_smoothing must be from 0 to 1, not {label_smoothing}: 0 leaves the targets alone")
    t = checked_targets(targets, z, axis)
    if share:
        classes = rows.shape[-1]
        t = (1 - share) * (one_hot(t, classes) if t.dtype.kind == "i" else t) + share / classes
    return rows, temperatures, t, axis


def checked_targets(targets: ArrayLike, logits: Floats, axis: int) -> Classes | Floats:
    """Targets as classes, or as distributions with the classes last."""
    given, shape = real_array(targets, "targets"), classes_last(logits, axis).shape
    if given.ndim < logits.ndim:
        return checked_classes(given, shape[:-1], shape[-1], "targets")
    if given.shape != logits.shape:
        raise ValueError(
            f"targets must be distributions in the shape {logits.shape} of the logits, or classes in the shape "
            f"{shape[:-1]}, not of shape {given.shape}"
        )
    return wide(checked_probabilities(given, "targets", axis))


def column(temperature: float | Floats) -> Floats:
    """The temperatures beside the classes."""
    return np.asarray(temperature)[..., None]


def in_shape(classes: Classes, rows: Floats) -> Classes:
    """A class a row, beside the classes of the rows."""
    return np.broadcast_to(classes, rows.shape[:-1])[..., None]


def entropy_slope(logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1) -> Any:
    r"""Derivative of the entropy of ``softmax(logits, temperature)`` by the temperature: never negative.

    .. math:: \frac{dH}{dT} = \frac{\operatorname{Var}_p(z)}{T^3}

    Source: the heat capacity, divided by T, in L. D. Landau and E. M. Lifshitz, "Statistical physics", 1980.

    Parameters
    ----------
    logits, temperature, axis
        As in `softmax`.

    Returns
    -------
    float or ndarray
        One number a row, in nats per unit of temperature; at T = 0 and T = inf its limit, 0.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`.

    Examples
    --------
    >>> float(entropy_slope([2.0, 1.0, 0.0]).round(6))
    0.424405
    """
    z = logit_array(logits)
    rows, temperatures = rows_and_temperatures(z, temperature, class_axis(z, axis, "logits"))
    rows, T = wide(rows.astype(float_type(z), copy=False)), column(temperatures)
    with np.errstate(all="ignore"):
        top = rows.max(axis=-1, keepdims=True, initial=-np.inf)
        x = exponents(rows, top, T, np.empty_like(rows))  # (z − max z)/T, so that Var(z)/T³ = Var(x)/T
        p = softmax(x)
        x = np.where(p == 0, 0, x)
        mean = np.sum(p * x, axis=-1, keepdims=True)
        variance = np.sum(p * (x - mean) ** 2, axis=-1)
        slope = variance / np.where(T == 0, 1, T)[..., 0]
        return slope.astype(float_type(z))
