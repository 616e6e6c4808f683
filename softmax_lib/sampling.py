"""Turning probabilities into picks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import Floats, checked_classes, checked_probabilities, real_array, shape_with, whole_number, wide
from ._kernels import blocks, first_above, first_above_in_rows, first_above_many
from .functions import log_softmax

Size = int | tuple[int, ...]


def pick(probabilities: ArrayLike, u: ArrayLike, *, axis: int = -1) -> Any:
    r"""The class in which u falls when the probabilities are laid end to end from 0 to 1.

    .. math:: \min \{k : p_0 + \dots + p_k > u\}

    Source: L. Devroye, "Non-uniform random variate generation", 1986, chapter III.2: inversion.

    Parameters
    ----------
    probabilities : array_like, shape (..., K, ...)
        Distributions over the K classes on `axis`; each must sum to 1.
    u : array_like
        Numbers in [0, 1). They broadcast against the rows: many for one distribution, or one a row.
    axis : int, default −1
        The axis of the classes.

    Returns
    -------
    int or ndarray of int
        One class for each u; never one of probability 0. Where rounding leaves the sum of all probabilities
        at or below u, it is the last class that raised the sum.

    Raises
    ------
    ValueError, TypeError
        If a row is no distribution or holds NaN, or a u is outside [0, 1).

    Examples
    --------
    >>> pick([0.5, 0.25, 0.25], [0.0, 0.49, 0.5, 0.75, 0.99])
    array([0, 0, 1, 2, 2])
    """
    p = checked_probabilities(probabilities, "probabilities", axis, nan_rows=False)
    numbers = real_array(u, "u").astype(np.float64)
    outside = numbers[~((numbers >= 0) & (numbers < 1))]
    if outside.size:
        raise ValueError(f"u must be in [0, 1), not {outside[0]}: Generator.random draws such numbers")
    shape_with(p.shape[:-1], numbers.shape, "u")
    cumulative = np.cumsum(wide(p), axis=-1)
    return first_above_many(cumulative, numbers) if p.ndim == 1 else first_above(cumulative, numbers)


def sample(probabilities: ArrayLike, size: Size | None = None, *, rng: np.random.Generator | int | None = None) -> Any:
    r"""Draw classes at random: `pick` at uniform random numbers.

    .. math:: \Pr(\text{class } k) = p_k

    Source: Devroye, 1986 (see `pick`).

    Parameters
    ----------
    probabilities : array_like, shape (K,) or (..., K)
        One distribution over K classes, or one a row.
    size : int or tuple of int, optional
        How many draws to make from one distribution. With rows, leave it out: each row gets one draw.
    rng : Generator or int, optional
        Source of the random numbers, or its seed. Without it every call differs.

    Returns
    -------
    int or ndarray of int
        The classes drawn.

    Raises
    ------
    ValueError, TypeError
        As in `pick`; or if `size` is given for more than one row.

    Examples
    --------
    >>> sample([0.7, 0.2, 0.1], 10, rng=0)
    array([0, 0, 0, 0, 1, 2, 0, 1, 0, 2])
    """
    p = checked_probabilities(probabilities, "probabilities", -1, nan_rows=False)
    u = np.random.default_rng(rng).random(draws_shape(p, size, "probabilities"))
    if p.ndim == 1:
        return first_above_many(np.cumsum(wide(p)), np.asarray(u))
    return first_above_in_rows(p.reshape(u.size, p.shape[-1]), u.ravel()).reshape(u.shape)


def sample_gumbel(
    logits: ArrayLike,
    temperature: ArrayLike = 1.0,
    size: Size | None = None,
    *,
    rng: np.random.Generator | int | None = None,
) -> Any:
    r"""Draw classes straight from logits: add Gumbel noise and take the largest.

    .. math:: \operatorname{argmax}_k \left( \frac{z_k}{T} + g_k \right), \qquad g_k = -\log(-\log u_k)

    Source: C. J. Maddison, D. Tarlow and T. Minka, "A* sampling", 2014.

    Parameters
    ----------
    logits, temperature
        As in `softmax`, classes last. At T = 0 the largest logits are drawn equally often.
    size, rng
        As in `sample`.

    Returns
    -------
    int or ndarray of int
        The classes drawn, with the probabilities ``softmax(logits, temperature)``.

    Raises
    ------
    ValueError, TypeError
        As in `softmax` and `sample`; or if a row holds NaN, nothing but −inf, or no class.

    Examples
    --------
    >>> sample_gumbel([2.0, 1.0, 0.1], size=10, rng=0)
    array([2, 0, 0, 2, 1, 0, 2, 0, 0, 1])
    """
    log_p = log_softmax(logits, temperature)
    if log_p.shape[-1] == 0 or np.isnan(log_p).any():
        raise ValueError(
            "logits must hold no NaN, and in each row a class that is not -inf: what else is there to draw?"
        )
    shape, generator = draws_shape(log_p, size, "logits"), np.random.default_rng(rng)
    picks = np.empty(math.prod(shape), np.intp)
    rows = np.broadcast_to(log_p.reshape(-1, log_p.shape[-1]), (picks.size, log_p.shape[-1]))
    for part in blocks(*rows.shape):
        picks[part] = (rows[part] + generator.gumbel(size=rows[part].shape)).argmax(-1)
    return picks.reshape(shape)[()]


def empirical_distribution(picks: ArrayLike, classes: int) -> Floats:
    r"""How often each class was picked, as a distribution: it tends to the probabilities as 1/√n.

    .. math:: \hat p_k = \frac{1}{n} \#\{i : x_i = k\}

    Source: Devroye, 1986 (see `pick`).

    Parameters
    ----------
    picks : array_like of int
        The n classes picked, in any shape.
    classes : int
        K, the number of classes.

    Returns
    -------
    ndarray, shape (K,)
        Relative frequencies, which sum to 1.

    Raises
    ------
    ValueError, TypeError
        If there are no picks, or one is not a class from 0 to K − 1.

    Examples
    --------
    >>> empirical_distribution([0, 2, 0, 1], 4)
    array([0.5 , 0.25, 0.25, 0.  ])
    """
    array = real_array(picks, "picks")
    if array.size == 0:
        raise ValueError("picks must hold at least one pick: without any there are no frequencies")
    labels = checked_classes(array, array.shape, whole_number(classes, "classes"), "picks")
    return np.bincount(labels.ravel(), minlength=classes) / labels.size


def draws_shape(rows: Floats, size: Size | None, name: str) -> tuple[int, ...]:
    """The shape of the draws: `size` from one distribution, one a row from more."""
    if rows.ndim == 1:
        return () if size is None else tuple(np.atleast_1d(size).tolist())
    if size is not None:
        raise ValueError(
            f"size must be left out when {name} have rows (shape {rows.shape}), not {size}: each gets one draw"
        )
    return rows.shape[:-1]
