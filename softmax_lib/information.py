"""How spread out a distribution is, and how far it is from another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import checked_probabilities, class_axis, float_type, real_array, rows_and_temperatures
from ._kernels import exponents, largest
from .functions import softmax


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
    p, dtype = checked_probabilities(probabilities, "probabilities", axis)
    logs = np.log(p, out=np.zeros_like(p), where=p != 0)
    nats = 0 - np.sum(p * logs, axis=-1)
    return (nats if base is None else nats / np.log(base)).astype(dtype)


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
    rows, T = rows.astype(np.promote_types(dtype, np.float64)), np.asarray(temperatures)[..., None]
    with np.errstate(all="ignore"):
        x = exponents(rows, largest(rows, -1), T, np.empty_like(rows))  # (z − max z)/T, so Var(z)/T³ = Var(x)/T
        p = softmax(x)
        x = np.where(p == 0, 0, x)
        mean = np.sum(p * x, axis=-1, keepdims=True)
        slope = np.sum(p * (x - mean) ** 2, axis=-1) / np.where(T == 0, 1, T)[..., 0]
    return slope.astype(dtype)
