"""The fast paths: the same formulas, a block of rows at a time, so that every pass finds its numbers in cache.

`over_rows` cuts an array into blocks of rows, turns each block into the exponents (z − max z)/T and hands
these to a formula. The bits of a row's result depend on that row alone: not on its neighbours, on the number
of rows or on the memory order.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from ._checks import Classes, Floats, Reals, wide

BLOCK_BYTES = 1 << 19  # a block stays in a core's second-level cache
SMALL = 1 << 14  # logits: below, the time that preparing blocks takes would show
TAME_TYPES = (np.dtype(np.float64), np.dtype(np.float32))
FEW_CLASSES = 64  # fewer: the block is turned round, so that one pass over a class serves all its rows
ONE_PIECE = 128  # classes: up to here `einsum` sums as exactly as `sum`, in a quarter of the time
STRANDS = 8  # sums of few classes run beside each other, so that few roundings meet
SMALL_BUFFER = range(128, 8192)  # numbers of classes for which NumPy would copy operands of one number a row
USUAL_BUFFER = 8192

GROUP = 64  # classes in a group: a draw from a row searches the groups, then one group
ROWS_AT_ONCE = 256

# A formula takes the exponents (which it may overwrite), the largest logits, their places and the class axis.
Formula = Callable[[Floats, Any, Any, int], Any]


def of_tame(formula: Formula, z: Reals) -> Any:
    """`formula` of few ordinary logits at T = 1, where nothing overflows, underflows or is NaN; None of others."""
    if not 0 < z.size < SMALL or z.ndim not in (1, 2) or z.dtype not in TAME_TYPES:
        return None
    place = z.argmax()
    high, low = z.item(place), z.item(z.argmin())
    if not (high - low < 75 and low > -1e30 and high < 1e30):  # e^−75 / SMALL is a normal float32
        return None
    if z.ndim == 1 or len(z) == 1:
        return formula((z - high).reshape(-1), high, place, -1).reshape(z.shape)
    if z.shape[1] < FEW_CLASSES:
        work = z.T.copy()
        work -= np.maximum.reduce(work, axis=0)
        return np.ascontiguousarray(formula(work, None, None, 0).T)
    top, place = largest(z, -1)
    return formula(np.subtract(z, top, order="C"), top, place, -1)


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
    """The sum over the classes, in an order that depends on their number alone."""
    if axis == 0 or (e.ndim == 1 and len(e) < FEW_CLASSES):
        return in_strands(e)
    if e.shape[-1] <= ONE_PIECE and e.dtype in TAME_TYPES:
        return np.einsum("i->", e) if e.ndim == 1 else np.einsum("ij->i", e)[:, None]
    usual = np.setbufsize(USUAL_BUFFER)  # NumPy before 2.3 would sum a row in pieces of a small buffer
    sums = e.sum(axis=-1, keepdims=e.ndim > 1)
    np.setbufsize(usual)
    return sums


def in_strands(e: Floats) -> Any:
    """The sum over the first axis: from two terms a strand, every eighth in one; the strands in pairs."""
    if len(e) < 2 * STRANDS:
        return np.add.accumulate(e)[-1] if e.ndim == 1 else np.add.reduce(e, axis=0)
    whole = len(e) // STRANDS * STRANDS
    strands = np.add.reduce(e[:whole].reshape(-1, STRANDS, *e.shape[1:]), axis=0)
    strands[: len(e) - whole] += e[whole:]
    pairs = strands[:4] + strands[4:]
    return (pairs[0] + pairs[2]) + (pairs[1] + pairs[3])


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
    """(z − max z)/T in float64 where T is 0, tiny or infinite, or logits are infinite or huge."""
    z, top = wide(z), wide(np.asarray(top))
    if isinstance(temperature, float) and temperature == 0:
        x = np.where(z == top, 0.0, -np.inf)  # the same as below in fewer passes
    else:
        x = (z - top) / temperature
        x = np.where(np.isinf(z - top), (z / 2 - top / 2) / temperature * 2, x)  # 1e308 − (−1e308) overflows
        x = np.where(z == top, 0, x)  # ties at T = 0, and +inf
        x = np.where(np.isinf(temperature) & (z > -np.inf), 0, x)
        x = np.where(z == -np.inf, -np.inf, x)
    return np.where(top > -np.inf, x, np.nan)  # no distribution: every class −inf, or a NaN


# Sampling: the class in which u falls, where the cumulative probability first exceeds it.


def off_one(end: Any, classes: int) -> Any:
    """Is the sum of the probabilities off 1 by more than its rounding?"""
    return abs(end - 1) > classes * np.finfo(np.float64).eps


def below_end(u: Floats, end: Any, classes: int) -> Floats:
    """`u` as a share of the actual sum, and below it: there ends the last probable class."""
    shares: Floats = np.minimum(np.where(off_one(end, classes), u * end, u), np.nextafter(end, 0))
    return shares


def first_above(cumulative: Floats, u: Floats) -> Any:
    """The plain formula, u a share of the actual sum."""
    shares = below_end(u, cumulative[..., -1], cumulative.shape[-1])
    return (cumulative > shares[..., None]).argmax(axis=-1)


def first_above_many(cumulative: Floats, u: Floats) -> Any:
    """The same for many u and one distribution."""
    if off_one(cumulative[-1], cumulative.size):
        cumulative = cumulative / cumulative[-1]
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
    cumulative = p.T.copy()
    for before, column in itertools.pairwise(cumulative):
        column += before
    u = below_end(u, cumulative[-1], len(cumulative))
    picks = np.zeros(len(p), np.int8)
    for bound in cumulative[:-1]:
        picks += bound <= u
    return picks


def two_levels(p: Floats, u: Floats) -> Any:
    """First the group of classes in which u falls, from the groups' sums; then the class inside it."""
    rows, classes = np.arange(len(p)), p.shape[1]
    groups = np.cumsum(np.add.reduceat(p, np.arange(0, classes, GROUP), axis=1), axis=1)
    u = below_end(u, groups[:, -1], classes)
    group = (groups > u[:, None]).argmax(axis=1)
    rest = u - np.where(group > 0, groups[rows, group - 1], 0)
    inside = np.minimum(group[:, None] * GROUP + np.arange(GROUP), classes - 1)
    cumulative = np.cumsum(p[rows[:, None], inside], axis=1)
    place = (cumulative > np.minimum(rest, np.nextafter(cumulative[:, -1], 0))[:, None]).argmax(axis=1)
    return np.minimum(group * GROUP + place, classes - 1)
