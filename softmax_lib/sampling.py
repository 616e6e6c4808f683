"""Turning probabilities into picks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._checks import (
    Floats,
    checked_classes,
    checked_probabilities,
    checked_size,
    class_axis,
    float_type,
    generator,
    logit_array,
    numbers,
    real_array,
    rows_and_temperatures,
    shape_with,
    whole_number,
    wide,
)
from ._kernels import blocks, first_above, first_above_in_rows, first_above_many
from .functions import log_softmax, softmax

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
        One class for each u; never one of probability 0. If the sum of the probabilities is off 1 by more than its
        rounding in float64, u counts as a share of that sum, so that every class gets its due. Where rounding
        leaves the sum at or below u, it is the last class that raised the sum.

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
    given = numbers(u, "u")
    shares: Floats = given.astype(np.promote_types(float_type(given), np.float64))
    outside = shares[~((shares >= 0) & (shares < 1))]
    if outside.size:
        raise ValueError(f"u must be in [0, 1), not {outside[0]}: Generator.random draws such numbers")
    shape_with(p.shape[:-1], shares.shape, "u")
    with np.errstate(all="ignore"):
        cumulative = np.cumsum(wide(p), axis=-1)
        return first_above_many(cumulative, shares) if p.ndim == 1 else first_above(cumulative, shares)


def sample(probabilities: ArrayLike, size: Size | None = None, *, rng: np.random.Generator | int | None = None) -> Any:
    r"""Draw classes at random: `pick` at uniform random numbers.

    .. math:: \Pr(\text{class } k) = \frac{p_k}{\sum_j p_j}

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
        As in `pick`; or if `size` is given for more than one row, where `sample_gumbel` draws several, or `size` or
        `rng` is none.

    Examples
    --------
    >>> sample([0.7, 0.2, 0.1], 10, rng=0)
    array([0, 0, 0, 0, 1, 2, 0, 1, 0, 2])
    """
    p = checked_probabilities(probabilities, "probabilities", -1, nan_rows=False)
    if p.ndim > 1 and size is not None:
        raise ValueError(
            f"size must be left out when probabilities have rows (shape {p.shape}), not {size}: "
            "each gets one draw; sample_gumbel with their logarithms draws several"
        )
    u = np.asarray(generator(rng).random(p.shape[:-1] if size is None else checked_size(size)))
    with np.errstate(all="ignore"):
        if p.ndim == 1:
            return first_above_many(np.cumsum(wide(p)), u)
        return first_above_in_rows(p.reshape(u.size, p.shape[-1]), u.ravel()).reshape(u.shape)


def sample_gumbel(
    logits: ArrayLike,
    temperature: ArrayLike = 1.0,
    size: Size | None = None,
    *,
    replace: bool = True,
    rng: np.random.Generator | int | None = None,
) -> Any:
    r"""Draw classes straight from logits: add Gumbel noise and take the largest.

    .. math:: \operatorname{argmax}_k \left( \frac{z_k}{T} + g_k \right), \qquad g_k = -\log(-\log u_k)

    The n largest, in falling order, are n draws without replacement: Gumbel-top-k.

    Source: C. J. Maddison, D. Tarlow and T. Minka, "A* sampling", 2014; without replacement: W. Kool,
    H. van Hoof and M. Welling, "Stochastic beams and where to find them", 2019.

    Parameters
    ----------
    logits, temperature
        As in `softmax`, classes last. At T = 0 the largest logits are drawn equally often.
    size : int or tuple of int, optional
        How many draws to make from each row; without it one.
    replace : bool, default True
        May a class be drawn more than once from a row? If not, a row's draws are all different.
    rng
        As in `sample`.

    Returns
    -------
    int or ndarray of int
        The classes drawn, with the probabilities ``softmax(logits, temperature)``: for each row, `size` of them.

    Raises
    ------
    ValueError, TypeError
        As in `softmax` and `sample`; if a row holds NaN, nothing but −inf, or no class; or if a row has fewer
        possible classes than are to be drawn without replacement.

    Examples
    --------
    >>> sample_gumbel([2.0, 1.0, 0.1], size=10, rng=0)
    array([2, 0, 0, 2, 1, 0, 2, 0, 0, 1])
    >>> sample_gumbel([2.0, 1.0, 0.1], size=3, replace=False, rng=0)
    array([2, 1, 0])
    """
    z = logit_array(logits)
    log_p = log_softmax(z.astype(np.promote_types(float_type(z), np.float64), copy=False), temperature)
    if log_p.shape[-1] == 0 or np.isnan(log_p).any():
        raise ValueError(
            "logits must hold no NaN, and in each row a class that is not -inf: what else is there to draw?"
        )
    draws, chance = () if size is None else checked_size(size), generator(rng)
    table, count = log_p.reshape(-1, log_p.shape[-1]), math.prod(draws)
    picks = np.empty((len(table), count), np.intp)
    if replace:
        single = picks.reshape(-1)
        for part in blocks(single.size, table.shape[1]):
            rows = table[np.arange(single.size)[part] // count]
            single[part] = (rows + chance.gumbel(size=rows.shape)).argmax(-1)
    else:
        fewest = np.count_nonzero(table > -np.inf, axis=-1).min(initial=count)
        if fewest < count:
            raise ValueError(f"size must be at most {fewest}, the possible classes of a row, not {size}")
        for part in blocks(*table.shape):
            noisy = table[part] + chance.gumbel(size=table[part].shape)
            picks[part] = np.argsort(-noisy, axis=-1)[:, :count]
    return picks.reshape(log_p.shape[:-1] + draws)[()]


def gumbel_softmax(
    logits: ArrayLike,
    temperature: ArrayLike = 1.0,
    *,
    hard: bool = False,
    rng: np.random.Generator | int | None = None,
) -> Floats:
    r"""A draw that can be differentiated: the softmax of the logits with Gumbel noise, near one-hot at a low T.

    .. math:: y = \operatorname{softmax}\left( \frac{z + g}{T} \right), \qquad g_k = -\log(-\log u_k)

    Here T relaxes the draw and does not change what is drawn: at every T, the largest class is k with probability
    ``softmax(logits)[k]``. As T → 0, y becomes one-hot.

    Source: E. Jang, S. Gu and B. Poole, "Categorical reparameterization with Gumbel-softmax", 2017; C. J. Maddison,
    A. Mnih and Y. W. Teh, "The concrete distribution", 2017.

    Parameters
    ----------
    logits, temperature
        As in `softmax`, classes last.
    hard : bool, default False
        Give the limit T → 0 of the same noise, a one-hot row: the forward value of the straight-through estimator,
        which takes its derivative from the relaxed row.
    rng
        As in `sample`.

    Returns
    -------
    ndarray
        One distribution a row, in the shape and float type of `logits`.

    Raises
    ------
    ValueError, TypeError
        As in `softmax`, or if `rng` is no source of chance.

    Examples
    --------
    >>> gumbel_softmax([2.0, 1.0, 0.1], 0.5, rng=0).round(3)
    array([0.064, 0.091, 0.845])
    >>> gumbel_softmax([2.0, 1.0, 0.1], 0.5, hard=True, rng=0)
    array([0., 0., 1.])
    """
    z = logit_array(logits)
    rows, temperatures = rows_and_temperatures(z, temperature, class_axis(z, -1, "logits"))
    noisy = rows + generator(rng).gumbel(size=rows.shape)
    with np.errstate(all="ignore"):
        return softmax(noisy, 0.0 if hard else temperatures).astype(float_type(z), copy=False)


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
