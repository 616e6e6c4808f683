"""The fast paths: the same formulas, a block of rows at a time, so that every pass finds its numbers in cache.

`over_rows` cuts an array into blocks of rows, turns each block into the exponents (z − max z)/T and hands
these to a formula. The bits of a row's result depend on that row alone: not on its neighbours, on the number
of rows or on the memory order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._checks import Floats

BLOCK_BYTES = 1 << 18  # a block, read and written, stays in a core's second-level cache
FEW_CLASSES = 64  # fewer: the block is turned round, so that one pass over a class serves all its rows
SMALL_BUFFER = range(128, 8192)  # numbers of classes for which NumPy would copy the operands of one number a row

# A formula takes (exponents, largest logits, class axis); it may overwrite the exponents.
Formula = Callable[[Floats, Any, int], Floats]


def over_rows(formula: Formula, logits: NDArray[Any], temperature: float | Floats, results: Floats) -> None:
    """Write `formula` of each row of `logits` (..., K) to the same row of `results` (..., K or 1)."""
    classes = logits.shape[-1]
    table = logits.reshape(-1, classes)
    target = results.reshape(-1, results.shape[-1])
    work_type = np.promote_types(results.dtype, np.float32)  # sums inside float16 would overflow
    if not isinstance(temperature, float):
        temperature = temperature.reshape(-1, 1)
    step = max(1, BLOCK_BYTES // (classes * work_type.itemsize))
    with np.errstate(all="ignore"):  # leaving it also restores the size of NumPy's buffer
        if classes in SMALL_BUFFER:
            np.setbufsize(16)
        for start in range(0, len(table), step):
            rows = slice(start, start + step)
            row_temperature = temperature if isinstance(temperature, float) else temperature[rows]
            write_block(formula, table[rows], row_temperature, target[rows], work_type)
    if not np.may_share_memory(target, results):
        results[...] = target.reshape(results.shape)


def write_block(formula: Formula, z: NDArray[Any], temperature: Any, target: Floats, work_type: Any) -> None:
    """Write `formula` of the rows `z` to `target`, in the layout that suits their shape."""
    axis = -1
    if len(z) == 1:
        z, target = z[0], target[0]
        temperature = np.float64(temperature).item()
    elif z.shape[1] < FEW_CLASSES:
        axis, z, target = 0, np.array(z.T, work_type, order="C"), target.T
        temperature = temperature if isinstance(temperature, float) else temperature.T
    z = z.astype(work_type, copy=False)
    if axis == 0:
        work = z
    elif target.shape == z.shape and target.dtype == work_type and target.flags.c_contiguous:
        work = target
    else:
        work = np.empty(z.shape, work_type)
    top = largest(z, axis)
    answer = formula(exponents(z, top, temperature, work), top, axis)
    if answer is not target:
        target[...] = answer


def largest(z: Floats, axis: int) -> Any:
    return np.max(z, axis, keepdims=z.ndim > 1, initial=-np.inf)


def total(e: Floats, axis: int) -> Any:
    """The sum over the classes: of few classes always in sequence, however many rows there are."""
    if e.ndim == 1 and e.size < FEW_CLASSES:
        return np.add.accumulate(e)[-1]
    return np.sum(e, axis, keepdims=e.ndim > 1)


def total_of_others(e: Floats, axis: int) -> Any:
    """The sum over the classes except one with the largest logit, whose e is 1; overwrites `e`."""
    if e.ndim == 1:
        e[e.argmax()] = 0
    else:
        np.put_along_axis(e, e.argmax(axis, keepdims=True), 0, axis)
    return total(e, axis)


def exponents(z: Floats, top: Any, temperature: Any, out: Floats) -> Floats:
    """(z − max z)/T in `out`, with its limits."""
    float_type = np.finfo(z.dtype)
    ordinary = abs(top) < float_type.max * float_type.eps / 4  # so that z − max z can't overflow; false for NaN
    ordinary = ordinary & (float_type.tiny <= temperature) & (temperature <= float_type.max)
    special = None if np.all(ordinary) else limits(z, top, temperature)
    np.subtract(z, top, out)
    if not isinstance(temperature, float):
        np.divide(out, temperature.astype(z.dtype), out)
    elif temperature != 1:
        np.divide(out, temperature, out)
    if special is not None:
        np.copyto(out, special, casting="same_kind", where=~ordinary)
    return out


def limits(z: Floats, top: Any, temperature: Any) -> Floats:
    """(z − max z)/T in float64 where T is 0 or infinite, or logits are infinite or huge."""
    z, top = z.astype(np.result_type(z, np.float64)), np.asarray(top, np.float64)
    x = (z / 2 - top / 2) / temperature * 2  # halves, because 1e308 − (−1e308) overflows
    x = np.where(z == top, 0, x)  # ties at T = 0, and +inf
    x = np.where(np.isinf(temperature) & (z > -np.inf), 0, x)
    x = np.where(z == -np.inf, -np.inf, x)
    return np.where(top > -np.inf, x, np.nan)  # no distribution: every class −inf, or a NaN
