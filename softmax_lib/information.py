"""How spread out a distribution is, and how far it is from another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import (
    Floats,
    checked_classes,
    checked_probabilities,
    checked_temperature,
    class_axis,
    float_type,
    real_array,
    rows_and_temperatures,
    shape_with,
    wide,
)
from ._kernels import exponents
from .functions import log_softmax, softmax


def entropy(probabilities: ArrayLike, *, axis: int = -1, base: float | None = None) -> Any:
    r"""Uncertainty of a distribution: 0 when one class is certain, log K when all K are equal.

    .. math:: H(p) = -\sum_k p_k \log p_k, \qquad 0 \log 0 = 0

    Parameters
    ----------
    probabilities : array_like
        Distributions over the classes on `axis`; each must sum to 1.
    axis : int, default −1
        The axis of the classes.
    base : float, optional
        Base of the logarithm: 2 for bits. Without it the unit is nats.

    Returns
    -------
    float or ndarray
        One number a row; NaN for a row that holds NaN.

    Raises
    ------
    ValueError, TypeError
        If a row is no distribution, `axis` does not exist, or `base` is not above 1.

    References
    ----------
    .. [1] C. E. Shannon, "A mathematical theory of communication", 1948.

    Examples
    --------
    >>> float(entropy([0.25, 0.25, 0.25, 0.25], base=2))
    2.0
    """
    if base is not None and not base > 1:
        raise ValueError(f"base must be above 1, not {base}: 2 gives bits, None gives nats")
    given = checked_probabilities(probabilities, "probabilities", axis)
    p = wide(given)
    logs = np.log(p, out=np.zeros_like(p), where=p != 0)
    nats = 0 - np.sum(p * logs, axis=-1)
    return (nats if base is None else nats / np.log(base)).astype(given.dtype)


def perplexity(probabilities: ArrayLike, *, axis: int = -1) -> Any:
    r"""Effective number of classes: K equally likely classes have perplexity K.

    .. math:: e^{H(p)}

    Parameters
    ----------
    probabilities, axis
        As in `entropy`.

    Returns
    -------
    float or ndarray
        One number a row, between 1 and K.

    Raises
    ------
    ValueError, TypeError
        As in `entropy`.

    References
    ----------
    .. [1] F. Jelinek et al., "Perplexity: a measure of the difficulty of speech recognition tasks", 1977.

    Examples
    --------
    >>> float(perplexity([0.5, 0.5, 0.0]))
    2.0
    """
    return np.exp(entropy(probabilities, axis=axis))


def kl_divergence(p: ArrayLike, q: ArrayLike, *, axis: int = -1) -> Any:
    r"""Extra nats paid for describing draws from p with a code made for q: never negative, 0 if p = q.

    .. math:: D(p \,\|\, q) = \sum_k p_k \log \frac{p_k}{q_k}, \qquad 0 \log \frac{0}{q} = 0

    Parameters
    ----------
    p, q : array_like
        Distributions over the same classes on `axis`; each must sum to 1, the rows broadcast.
    axis : int, default −1
        The axis of the classes.

    Returns
    -------
    float or ndarray
        One number a row, in nats; inf where p holds a class that q rules out.

    Raises
    ------
    ValueError, TypeError
        If a row is no distribution, the shapes do not fit, or `axis` does not exist.

    References
    ----------
    .. [1] S. Kullback and R. A. Leibler, "On information and sufficiency", 1951.

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
    return np.maximum(terms.sum(-1), 0).astype(dtype)  # rounding may fall below it


def cross_entropy(logits: ArrayLike, targets: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1) -> Any:
    r"""Loss of predicting `targets` by ``softmax(logits, temperature)``, computed from the logits.

    .. math:: L = -\sum_k t_k \log p_k, \qquad \text{for a class } c\text{: } L = -\log p_c

    Parameters
    ----------
    logits, temperature, axis
        As in `softmax`. Not probabilities: applying softmax twice is a classic mistake.
    targets : array_like
        Either one class number a row (shape of `logits` without `axis`), or distributions (shape of `logits`).

    Returns
    -------
    float or ndarray
        One loss a row, in nats; inf where a target class is impossible.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`; or if the targets are no classes, no distributions, or of another shape.

    References
    ----------
    .. [1] I. J. Good, "Rational decisions", 1952.

    Examples
    --------
    >>> cross_entropy([[2.0, 1.0], [0.0, 40.0]], [0, 1])
    array([3.13261688e-01, 4.24835426e-18])
    """
    log_p = np.moveaxis(log_softmax(logits, temperature, axis=axis), axis, -1)
    t = target_distributions(targets, logits, axis)
    with np.errstate(invalid="ignore"):
        losses = -np.sum(np.where(t != 0, t * log_p, 0), axis=-1)
    return (losses + 0).astype(log_p.dtype)


def cross_entropy_gradient(
    logits: ArrayLike, targets: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1
) -> Floats:
    r"""Derivative of each row's `cross_entropy` by its logits: prediction minus target, over T.

    .. math:: \frac{\partial L}{\partial z_k} = \frac{p_k - t_k}{T}

    Parameters
    ----------
    logits, targets, temperature, axis
        As in `cross_entropy`, with temperatures above 0.

    Returns
    -------
    ndarray
        The gradient of each row, in the shape of `logits`.

    Raises
    ------
    ValueError, TypeError
        As in `cross_entropy`; or if a temperature is 0, where the loss is a step.

    References
    ----------
    .. [1] J. S. Bridle, "Training stochastic model recognition algorithms as networks", 1990.

    Examples
    --------
    >>> cross_entropy_gradient([2.0, 1.0, 0.1], 1).round(3)
    array([ 0.659, -0.758,  0.099])
    """
    T = np.asarray(checked_temperature(temperature))[..., None]
    if (T == 0).any():
        raise ValueError("temperature must be above 0 for a gradient, not 0: the loss is then a step")
    p = np.moveaxis(softmax(logits, temperature, axis=axis), axis, -1)
    gradient = (p - target_distributions(targets, logits, axis)) / T
    return np.moveaxis(gradient.astype(p.dtype), -1, axis)


def target_distributions(targets: ArrayLike, logits: ArrayLike, axis: int) -> Floats:
    """Targets as distributions, classes last: class c becomes 1 at c and 0 elsewhere."""
    shape, given = np.shape(logits), real_array(targets, "targets")
    batch, classes = np.delete(shape, axis), shape[axis]
    if given.ndim == len(shape):
        if given.shape != shape:
            raise ValueError(f"targets must be distributions in the shape {shape} of the logits, not {given.shape}")
        return wide(checked_probabilities(given, "targets", axis))
    return np.eye(classes)[checked_classes(given, tuple(batch.tolist()), classes, "targets")]


def entropy_slope(logits: ArrayLike, temperature: ArrayLike = 1.0, *, axis: int = -1) -> Any:
    r"""Derivative of the entropy of ``softmax(logits, temperature)`` by the temperature: never negative.

    .. math:: \frac{dH}{dT} = \frac{\operatorname{Var}_p(z)}{T^3}

    Parameters
    ----------
    logits, temperature, axis
        As in `softmax`.

    Returns
    -------
    float or ndarray
        One number a row, in nats per unit of temperature; at T = 0 and T = inf the limit, 0.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`.

    References
    ----------
    .. [1] The heat capacity of statistical mechanics: L. D. Landau and E. M. Lifshitz, "Statistical physics", §31.

    Examples
    --------
    >>> float(entropy_slope([2.0, 1.0, 0.0]).round(6))
    0.424405
    """
    z = real_array(logits, "logits")
    rows, temperatures = rows_and_temperatures(z, temperature, class_axis(z, axis, "logits"))
    dtype = float_type(z)
    rows, T = wide(rows.astype(dtype)), np.asarray(temperatures)[..., None]
    with np.errstate(all="ignore"):
        x = exponents(rows, rows.max(-1, keepdims=True, initial=-np.inf), T, np.empty_like(rows))  # (z − max z)/T, so Var(z)/T³ = Var(x)/T
        p = softmax(x)
        x = np.where(p == 0, 0, x)
        mean = np.sum(p * x, axis=-1, keepdims=True)
        slope = np.sum(p * (x - mean) ** 2, axis=-1) / np.where(T == 0, 1, T)[..., 0]
    return slope.astype(dtype)
