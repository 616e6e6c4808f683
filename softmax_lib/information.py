"""How spread out a distribution is, and how far it is from another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import (
    Floats,
    Reals,
    checked_classes,
    checked_probabilities,
    class_axis,
    classes_last,
    float_type,
    one_hot,
    real_array,
    rows_and_temperatures,
    shape_with,
    wide,
)
from ._kernels import exponents
from .functions import log_softmax, softmax


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
        One number a row; NaN for a row with NaN.

    Raises
    ------
    ValueError, TypeError
        If a row is no distribution, `axis` does not exist, or `base` is not above 1.

    Examples
    --------
    >>> float(entropy([0.25, 0.25, 0.25, 0.25], base=2))
    2.0
    """
    if base is not None and not base > 1:
        raise ValueError(f"base must be above 1, not {base}: 2 gives bits, None gives nats")
    given = checked_probabilities(probabilities, "probabilities", axis)
    p = wide(given)
    nats = 0 - np.sum(p * np.log(p, out=np.zeros_like(p), where=p != 0), axis=-1)
    return (nats if base is None else nats / np.log(base)).astype(given.dtype)


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
        One number a row, from 1 to K.

    Raises
    ------
    ValueError, TypeError
        As in `entropy`.

    Examples
    --------
    >>> float(perplexity([0.5, 0.5, 0.0]))
    2.0
    """
    return np.exp(entropy(probabilities, axis=axis))


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
        One number a row, in nats; inf where p draws a class that q rules out.

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
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p != 0, p * (np.log(p) - np.log(q)), 0 * q)
    return np.maximum(terms.sum(-1), 0).astype(dtype)  # rounding may fall below 0


def cross_entropy(logits: ArrayLike, targets: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1) -> Any:
    r"""Loss of predicting `targets` by ``softmax(logits, temperature)``, computed from the logits.

    .. math:: L = -\sum_k t_k \log p_k, \qquad \text{for a class } c\text{: } L = -\log p_c

    Source: I. J. Good, "Rational decisions", 1952.

    Parameters
    ----------
    logits, temperature, axis
        As in `softmax`. Logits, not probabilities: a second softmax would flatten them.
    targets : array_like
        One class number a row (integers in the shape of `logits` without `axis`), or distributions in the
        shape of `logits`.

    Returns
    -------
    float or ndarray
        One loss a row, in nats; inf where a target class is impossible.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`; or if targets are neither classes nor distributions of the right shape.

    Examples
    --------
    >>> cross_entropy([[2.0, 1.0], [0.0, 40.0]], [0, 1])
    array([3.13261688e-01, 4.24835426e-18])
    """
    z = real_array(logits, "logits")
    axis = class_axis(z, axis, "logits")
    log_p = classes_last(log_softmax(z, temperature, axis=axis), axis)
    t = target_distributions(targets, z, axis)
    with np.errstate(invalid="ignore"):
        terms = np.where(t != 0, t * log_p, 0)
    return (0 - terms.sum(-1)).astype(log_p.dtype)


def cross_entropy_gradient(
    logits: ArrayLike, targets: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1
) -> Floats:
    r"""Derivative of each row's `cross_entropy` by its logits: prediction minus target, over T.

    .. math:: \frac{\partial L}{\partial z_k} = \frac{p_k - t_k}{T}

    Source: Bridle, 1990 (see `softmax`).

    Parameters
    ----------
    logits, targets, temperature, axis
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
    z = real_array(logits, "logits")
    axis = class_axis(z, axis, "logits")
    T = np.asarray(rows_and_temperatures(z, temperature, axis)[1])[..., None]
    if (T == 0).any():
        raise ValueError("temperature must be above 0 for a gradient, not 0: the loss is then a step")
    p = classes_last(softmax(z, temperature, axis=axis), axis)
    gradient = (p - target_distributions(targets, z, axis)) / T
    return np.moveaxis(gradient.astype(p.dtype), -1, axis)


def target_distributions(targets: ArrayLike, logits: Reals, axis: int) -> Floats:
    """Targets as distributions, classes last: class c becomes 1 at c and 0 elsewhere."""
    given, rows = real_array(targets, "targets"), classes_last(logits, axis)
    if given.ndim < logits.ndim:
        return one_hot(checked_classes(given, rows.shape[:-1], rows.shape[-1], "targets"), rows.shape[-1])
    if given.shape != logits.shape:
        raise ValueError(f"targets must be distributions in the shape {logits.shape} of the logits, not {given.shape}")
    return wide(checked_probabilities(given, "targets", axis))


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
    z = real_array(logits, "logits")
    rows, temperatures = rows_and_temperatures(z, temperature, class_axis(z, axis, "logits"))
    rows, T = wide(rows.astype(float_type(z))), np.asarray(temperatures)[..., None]
    with np.errstate(all="ignore"):
        top = rows.max(axis=-1, keepdims=True, initial=-np.inf)
        x = exponents(rows, top, T, np.empty_like(rows))  # (z − max z)/T, so that Var(z)/T³ = Var(x)/T
        p = softmax(x)
        x = np.where(p == 0, 0, x)
        mean = np.sum(p * x, axis=-1, keepdims=True)
        variance = np.sum(p * (x - mean) ** 2, axis=-1)
        slope = variance / np.where(T == 0, 1, T)[..., 0]
    return slope.astype(float_type(z))
