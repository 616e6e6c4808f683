"""The fast paths: the same formulas, a block of rows at a time, so that every pass finds its numbers in cache.

`over_rows` cuts an array into blocks of rows, turns each block into the exponents (z − max z)/T and hands
these to a formula. The bits of a row's result depend on that row alone: not on its neighbours, on the number
of rows or on the memory order.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ._checks import Classes, Floats, Reals, wide

BLOCK_BYTES = 1 << 19  # a block stays in a core's second-level cache
FEW_CLASSES = 64  # fewer: the block is turned round, so that one pass over a class serves all its rows
SMALL_BUFFER = range(128, 8192)  # numbers of classes for which NumPy would copy operands of one number a row

GROUP = 64  # classes in a group: a draw from a row searches the groups, then one group
ROWS_AT_ONCE = 256

# A formula takes the exponents (which it may overwrite), the largest logits, their places and the class axis.
Formula = Callable[[Floats, Any, Any, int], Any]


@np.errstate(all="ignore")  # whose end also restores the size of NumPy's buffer
def over_rows(formula: Formula, logits: Reals, temperature: float | Floats, results: Floats) -> None:
    """Write `formula` of each row of `logits` (..., K) to the same row of `results` (..., K or 1)."""
    work_type = np.promote_types(results.dtype, np.float32)  # sums inside float16 would overflow
    if logits.ndim == 1 and isinstance(temperature, float):
        return write_row(formula, logits.astype(work_type, copy=False), temperature, results)
    classes = logits.shape[-1]
    if classes in SMALL_BUFFER:
        np.setbufsize(16)
    table, target = logits.reshape(-1, classes), results.reshape(-1, results.shape[-1])
    column = temperature if isinstance(temperature, float) else temperature.reshape(-1, 1)
    whole_lines = 1 if table.flags.c_contiguous else 8  # rows that share their cache lines are read together
    for rows in blocks(len(table), classes, work_type.itemsize, whole_lines):
        z = table[rows].astype(work_type, copy=False)
        write_block(formula, z, column if isinstance(column, float) else column[rows], target[rows])
    if not np.may_share_memory(target, results):
        results[...] = target.reshape(results.shape)


def blocks(rows: int, columns: int, itemsize: int = 8, least: int = 1) -> list[slice]:
    """Slices of as many rows as make up a block."""
    step = max(least, BLOCK_BYTES // max(1, columns * itemsize))
    return [slice(start, start + step) for start in range(0, rows, step)]


def write_row(formula: Formula, z: Floats, temperature: float, target: Floats) -> None:
    work = target if fits(target, z) else np.empty(z.shape, z.dtype)
    write(formula, z, temperature, -1, work, target)


def write_block(formula: Formula, z: Floats, temperature: Any, target: Floats) -> None:
    if len(z) == 1:
        write_row(formula, z[0], float(np.squeeze(temperature)), target[0])
    elif z.shape[1] < FEW_CLASSES:
        work = z.T.copy()
        write(formula, work, temperature if isinstance(temperature, float) else temperature.T, 0, work, target.T)
    else:
        z = np.ascontiguousarray(z)
        work = target if fits(target, z) else np.empty(z.shape, z.dtype)
        write(formula, z, temperature, -1, work, target)


def fits(target: Floats, z: Floats) -> bool:
    """Can the target hold the intermediate results too?"""
    return target.shape == z.shape and target.dtype == z.dtype and target.flags.c_contiguous


def write(formula: Formula, z: Floats, temperature: Any, axis: int, work: Floats, target: Floats) -> None:
    top, place = largest(z, axis)
    answer = formula(exponents(z, top, temperature, work), top, place, axis)
    if answer is not target:
        target[...] = answer


def largest(z: Floats, axis: int) -> tuple[Any, Any]:
    """The largest logit of each row and its place; with the classes first the place would be slow to find."""
    if axis == 0:
        return np.maximum.reduce(z, axis=0, keepdims=True), None
    place = z.argmax(axis)
    return (z[place], place) if z.ndim == 1 else (z[np.arange(len(z)), place][:, None], place)


def total(e: Floats, axis: int) -> Any:
    """The sum over the classes: of few classes always in sequence, however many rows there are."""
    if e.ndim > 1:
        return np.add.reduce(e, axis=axis, keepdims=True)
    return np.add.accumulate(e)[-1] if e.size < FEW_CLASSES else np.add.reduce(e)


def total_of_others(e: Floats, place: Any, axis: int) -> Any:
    """The sum over the classes without one of the largest, whose e is 1; overwrites `e`."""
    if e.ndim == 1:
        e[place] = 0
    elif axis == 0:
        e[e.argmax(0), np.arange(e.shape[1])] = 0
    else:
        e[np.arange(len(e)), place] = 0
    return total(e, axis)


@functools.cache
def safe_range(float_type: np.dtype[Any]) -> tuple[float, float, float]:
    """The size below which no difference of logits overflows, and the least and largest temperature."""
    info = np.finfo(float_type)
    return info.max * info.eps / 4, info.tiny, info.max


def exponents(z: Floats, top: Any, temperature: Any, out: Floats) -> Floats:
    """(z − max z)/T in `out`, with its limits."""
    size, least, most = safe_range(z.dtype)
    ordinary = (abs(top) < size) & ((least <= temperature) & (temperature <= most))
    all_ordinary = ordinary if z.ndim == 1 else np.count_nonzero(ordinary) == ordinary.size
    special = None if all_ordinary else limits(z, top, temperature)
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
    z, top = wide(z), wide(np.asarray(top))
    if isinstance(temperature, float) and temperature == 0:
        x = np.where(z == top, 0.0, -np.inf)  # the same as below in fewer passes
    else:
        x = (z / 2 - top / 2) / temperature * 2  # halves, because 1e308 − (−1e308) overflows
        x = np.where(z == top, 0, x)  # ties at T = 0, and +inf
        x = np.where(np.isinf(temperature) & (z > -np.inf), 0, x)
        x = np.where(z == -np.inf, -np.inf, x)
    return np.where(top > -np.inf, x, np.nan)  # no distribution: every class −inf, or a NaN


# Sampling: the class in which u falls, where the cumulative probability first exceeds it.


def first_above(cumulative: Floats, u: Floats) -> Any:
    """The plain formula. A u at or above the end is held just below it, where the last probable class is."""
    below_end = np.nextafter(cumulative[..., -1], 0)
    return (cumulative > np.minimum(u, below_end)[..., None]).argmax(axis=-1)


def first_above_many(cumulative: Floats, u: Floats) -> Any:
    """The same for many u and one distribution."""
    bounds = np.where(cumulative < cumulative[-1], cumulative, np.inf)
    if u.size < bounds.size:
        return np.searchsorted(bounds, u, side="right")
    numbers, picks = u.ravel(), np.empty(u.size, np.intp)
    guide = None if bounds.size < 16 else guide_table(bounds)
    for part in blocks(u.size, 1):
        picks[part] = count_reached(bounds, numbers[part]) if guide is None else look_up(bounds, guide, numbers[part])
    return picks.reshape(u.shape)[()]


def count_reached(bounds: Floats, u: Floats) -> Any:
    reached = np.zeros(u.size, np.int8)
    for bound in bounds[:-1]:
        reached += u >= bound
    return reached


def guide_table(bounds: Floats) -> Classes:
    """The class of each u that is a multiple of 1/size, a power of two, so that scaling u by it is exact."""
    size = 1 << (8 * bounds.size).bit_length()
    ends = np.ceil(bounds[bounds < np.inf] * size).astype(np.intp)
    return np.cumsum(np.bincount(ends, minlength=size)[:size])


def look_up(bounds: Floats, guide: Classes, u: Floats) -> Classes:
    picks = guide[(u * guide.size).astype(np.intp)]
    late = np.flatnonzero(bounds[picks] <= u)  # few: a class ends between that multiple and u
    picks[late] = np.searchsorted(bounds, u[late], side="right")
    return picks


def first_above_in_rows(p: Floats, u: Floats) -> Classes:
    """`first_above` of the cumulative sums of each row of `p` (n, K), its own u a row."""
    picks = np.empty(len(p), np.intp)
    if p.shape[1] > 2 * GROUP:
        search = two_levels
    elif len(p) > p.shape[1]:
        search = class_by_class
    else:
        search = row_by_row
    for rows in blocks(len(p), p.shape[1], least=ROWS_AT_ONCE):
        picks[rows] = search(wide(p[rows]), u[rows])
    return picks


def row_by_row(p: Floats, u: Floats) -> Any:
    return first_above(np.cumsum(p, axis=1), u)


def class_by_class(p: Floats, u: Floats) -> Any:
    """For few classes: one pass over a class serves all rows."""
    columns = p.T.copy()
    u = np.minimum(u, np.nextafter(np.add.reduce(columns), 0))
    cumulative, picks = np.zeros(len(p), p.dtype), np.zeros(len(p), np.int8)
    for column in columns[:-1]:
        cumulative += column
        picks += cumulative <= u
    return picks


def two_levels(p: Floats, u: Floats) -> Any:
    """First the group of classes in which u falls, from the groups' sums; then the class inside it."""
    rows, classes = np.arange(len(p)), p.shape[1]
    groups = np.cumsum(np.add.reduceat(p, np.arange(0, classes, GROUP), axis=1), axis=1)
    group = first_above(groups, u)
    rest = u - np.where(group > 0, groups[rows, group - 1], 0)
    inside = np.minimum(group[:, None] * GROUP + np.arange(GROUP), classes - 1)
    place = first_above(np.cumsum(p[rows[:, None], inside], axis=1), rest)
    return np.minimum(group * GROUP + place, classes - 1)
