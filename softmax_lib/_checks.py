"""Checks of what callers pass: each message names the argument, the value and the remedy."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]
Classes = NDArray[np.intp]
Reals = NDArray[Any]  # booleans, integers or floats


def real_array(values: ArrayLike, name: str) -> Reals:
    """`values` as an array of booleans, integers or floats."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array: its rows differ in length") from error
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be an array of real numbers, not of {array.dtype}: {values!r:.80}")
    return array


def float_type(array: Reals) -> np.dtype[Any]:
    """The type of results: that of the floats given, in native byte order; float64 for all else."""
    return np.promote_types(array.dtype, np.float16) if array.dtype.kind == "f" else np.dtype(np.float64)


def class_axis(array: Reals, axis: int, name: str) -> int:
    """The axis of the classes, counted from the end."""
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array with one entry per class, not the single number {array}")
    try:
        position = operator.index(axis)
    except TypeError:
        raise TypeError(f"axis must be an integer, not {axis!r}") from None
    if not -array.ndim <= position < array.ndim:
        raise ValueError(f"axis must be an axis of {name}, whose shape is {array.shape}, not {axis}")
    return position - array.ndim if position >= 0 else position


def classes_last(array: Reals, axis: int) -> Reals:
    return array if axis == -1 else np.moveaxis(array, axis, -1)


def checked_temperature(temperature: ArrayLike) -> float | Floats:
    """`temperature` as a float, or as a new float64 array if it holds one temperature a row."""
    if isinstance(temperature, (float, int)) and temperature >= 0:
        return float(temperature)
    values = np.array(real_array(temperature, "temperature"), np.float64)
    wrong = values[~(values >= 0)]
    if wrong.size:
        raise ValueError(
            f"temperature must be 0 or more, not {wrong[0]}: "
            "0 picks the largest logit, small numbers sharpen, 1 changes nothing, large numbers flatten"
        )
    return values if values.ndim else float(values)


def rows_and_temperatures(logits: Reals, temperature: ArrayLike, axis: int) -> tuple[Reals, float | Floats]:
    """`logits` with the classes last, and the temperature of each row (or of all)."""
    rows, temperatures = classes_last(logits, axis), checked_temperature(temperature)
    if isinstance(temperatures, float):
        return rows, temperatures
    batch = shape_with(rows.shape[:-1], temperatures.shape, "temperature")
    return np.broadcast_to(rows, (*batch, rows.shape[-1])), np.broadcast_to(temperatures, batch)


def shape_with(rows: tuple[int, ...], other: tuple[int, ...], name: str) -> tuple[int, ...]:
    """The shape to which the rows and something given once, or once a row, broadcast."""
    try:
        return np.broadcast_shapes(rows, other)
    except ValueError:
        raise ValueError(f"{name} must be one, or one a row (shape {rows}), not of shape {other}") from None


def whole_number(value: int, name: str) -> int:
    """`value` as an int of at least 1."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if number < 1:
        raise ValueError(f"{name} must be at least 1, not {number}")
    return number


def result_array(rows: Reals, axis: int, out: Floats | None) -> Floats:
    """A new array for the results of `rows`, with the classes back on `axis`; or `out`, checked."""
    shape, dtype = rows.shape if axis == -1 else np.moveaxis(rows, -1, axis).shape, float_type(rows)
    if out is None:
        return np.empty(shape, dtype)
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an array, not {type(out).__name__}")
    if out.shape != shape or out.dtype != dtype or not out.flags.writeable:
        raise ValueError(
            f"out must be a writeable {dtype} array of shape {shape}, not "
            f"{'a writeable' if out.flags.writeable else 'a read-only'} {out.dtype} array of shape {out.shape}"
        )
    return out


def checked_probabilities(values: ArrayLike, name: str, axis: int, nan_rows: bool = True) -> Floats:
    """Distributions as floats, classes last. Rows with NaN pass if `nan_rows`."""
    array = real_array(values, name)
    p: Floats = classes_last(array, class_axis(array, axis, name)).astype(float_type(array), copy=False)
    with np.errstate(invalid="ignore"):
        sums = p.sum(-1, dtype=np.promote_types(p.dtype, np.float64))
        wrong = abs(sums - 1) > np.sqrt(np.finfo(p.dtype).eps)
        if not p.min(initial=0) >= 0:  # some are negative or NaN: in which rows?
            wrong |= p.min(-1, initial=0) < 0
    if wrong.any():
        row = tuple(map(int, np.unravel_index(wrong.argmax(), wrong.shape)))
        raise ValueError(
            f"{name} must be 0 or more and sum to 1 over the classes, not {p[row]!s:.60} "
            f"({f'row {row}, ' if row else ''}sum {sums[row]:.6g}): "
            "turn scores into probabilities with softmax, or divide them by their sum"
        )
    if not nan_rows and np.isnan(sums).any():
        raise ValueError(f"{name} must not hold NaN: there is nothing to pick from")
    return p


def wide(floats: Floats) -> Floats:
    """The same numbers in at least float64."""
    return floats.astype(np.promote_types(floats.dtype, np.float64), copy=False)


def checked_classes(values: ArrayLike, shape: tuple[int, ...], classes: int, name: str) -> Classes:
    """Class numbers from 0 to `classes` − 1, one a row."""
    labels = real_array(values, name)
    if labels.dtype.kind not in "iu" and labels.size:
        raise TypeError(f"{name} must be class numbers, integers from 0 to {classes - 1}, not {labels.dtype}")
    if labels.shape != shape:
        raise ValueError(f"{name} must have one class a row, shape {shape}, not shape {labels.shape}")
    wrong = labels[(labels < 0) | (labels >= classes)]
    if wrong.size:
        raise ValueError(f"{name} must be classes from 0 to {classes - 1}, not {wrong[0]}")
    return labels.astype(np.intp)


def one_hot(labels: Classes, classes: int) -> Floats:
    """Distributions that are certain of their labels, classes last."""
    certain: NDArray[np.bool_] = labels[..., None] == np.arange(classes)
    return certain.astype(np.float64)
