"""Checks of what callers pass: each message names the argument, the value and the remedy."""

from __future__ import annotations

import operator
import sys
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[Any]  # of one float type
Classes = NDArray[np.intp]
Reals = NDArray[Any]  # booleans, integers or floats

REMEDIES = {
    "O": "; turn mixed values into numbers first, for example with np.asarray({name}, float)",
    "U": "; turn text into numbers first, for example with np.asarray({name}, float)",
    "c": "; take the real part or the absolute value first",
}


def real_array(values: ArrayLike, name: str, wanted: str = "an array of real numbers") -> Reals:
    """`values` as an array of booleans, integers or floats, of which none is masked."""
    if masked(values):
        raise ValueError(
            f"{name} must not be masked, since a mask has no meaning here: "
            f"choose the entries that are not, or give the others a value with {name}.filled"
        )
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, RuntimeError) as error:
        reason = "its rows differ in length" if "inhomogeneous" in str(error) else str(error)
        raise type(error)(f"{name} must be a rectangular array, not {values!r:.80}: {reason}") from error
    if array.dtype.kind not in "fiub":
        remedy = "" if values is None else REMEDIES.get(array.dtype.kind, "").format(name=name)
        raise TypeError(f"{name} must be {wanted}, not of {array.dtype}: {values!r:.80}{remedy}")
    return array


def masked(values: object) -> bool:
    """Is an entry masked, of an array or of one of a list's items? Nobody has a mask before numpy.ma is loaded."""
    if type(values) is np.ndarray or "numpy.ma" not in sys.modules:
        return False
    if isinstance(values, (list, tuple)):
        kinds = set(map(type, values))
        return any(issubclass(kind, (np.ma.MaskedArray, list, tuple)) for kind in kinds) and any(map(masked, values))
    return isinstance(values, np.ma.MaskedArray) and bool(np.ma.is_masked(values))


def logit_array(logits: ArrayLike) -> Reals:
    """The logits as an array; one that is masked rules its class out."""
    return real_array(filled(logits) if masked(logits) else logits, "logits")


def filled(values: Any) -> Any:
    """Masked arrays, also inside lists, as plain ones with −inf where masked."""
    if isinstance(values, (list, tuple)):
        return [filled(value) for value in values]
    if not isinstance(values, np.ma.MaskedArray) or values.dtype.kind not in "fiub":
        return values
    return np.ma.filled(values.astype(float_type(values.data)), -np.inf)


def float_type(array: Reals) -> np.dtype[Any]:
    """The type of results: that of the floats given, in native byte order; float64 for all else."""
    return np.promote_types(array.dtype, np.float16) if array.dtype.kind == "f" else np.dtype(np.float64)


def class_axis(array: Reals, axis: int, name: str) -> int:
    """The axis of the classes, counted from the end."""
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array with one entry per class, not the single number {array}")
    position = integer(axis, "axis", "an integer")
    if not -array.ndim <= position < array.ndim:
        raise ValueError(f"axis must be an axis of {name}, whose shape is {array.shape}, not {axis}")
    return position - array.ndim if position >= 0 else position


def classes_last(array: Reals, axis: int) -> Reals:
    return array if axis == -1 else np.moveaxis(array, axis, -1)


def classes_back(rows: Reals, axis: int) -> Reals:
    return rows if axis == -1 else np.moveaxis(rows, -1, axis)


def integer(value: object, name: str, wanted: str = "a whole number") -> int:
    """`value` as an int. True and False are answers, not numbers."""
    try:
        if not isinstance(value, (bool, np.bool_)):
            return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        pass
    raise TypeError(f"{name} must be {wanted}, not {value!r:.80}")


def whole_number(value: object, name: str) -> int:
    """`value` as an int of at least 1."""
    number = integer(value, name)
    if number < 1:
        raise ValueError(f"{name} must be at least 1, not {number}")
    return number


def numbers(values: ArrayLike, name: str, wanted: str = "a number, or an array of numbers") -> Reals:
    """`values` as integers or floats. True and False are answers, not numbers."""
    array = real_array(values, name, wanted)
    if array.dtype.kind == "b" and array.size:
        raise TypeError(f"{name} must be {wanted}, not {values!r:.80}: write 1 or 0 if you mean them")
    return array


def one_number(value: object, name: str) -> float:
    """`value` as a float."""
    number = numbers(value, name, "one number")  # type: ignore[arg-type]
    if number.ndim:
        raise TypeError(f"{name} must be one number, not {value!r:.80}")
    return float(number)


def checked_temperature(temperature: ArrayLike) -> float | Floats:
    """`temperature` as a float, or as a new float64 array if it holds one temperature a row; −0.0 becomes 0.0."""
    if type(temperature) is float and temperature >= 0:
        return temperature + 0.0
    if type(temperature) is int and abs(temperature) > sys.float_info.max:
        raise ValueError(f"temperature must be a number that a float can hold, not {temperature!r:.12}…: write inf")
    values = numbers(temperature, "temperature").astype(np.float64) + 0.0
    wrong = values[~(values >= 0)]
    if wrong.size:
        mistaken = type(temperature) is int and temperature in (-1, -2)
        axis = " (to name the axis of the classes, write axis=-1)" if mistaken else ""
        raise ValueError(
            f"temperature must be 0 or more, not {wrong[0]}{axis}: "
            "0 picks the largest logit, small numbers sharpen, 1 changes nothing, large numbers flatten"
        )
    return values if np.ndim(values) else float(values)


def rows_and_temperatures(logits: Reals, temperature: ArrayLike, axis: int) -> tuple[Reals, float | Floats]:
    """`logits` with the classes last, and the temperature of each row (or of all)."""
    return rows_and_values(logits, checked_temperature(temperature), axis, "temperature")


def rows_and_values(logits: Reals, values: float | Reals, axis: int, name: str) -> tuple[Reals, Any]:
    """`logits` with the classes last, and something given for all rows or for each."""
    rows = classes_last(logits, axis)
    if np.ndim(values) == 0:
        return rows, values
    given = np.asarray(values)
    if given.ndim >= max(2, logits.ndim):
        if given.shape[axis] == 1:  # as in logits / temperature[:, None]
            given = given.squeeze(axis)
        elif logits.ndim > 1:
            raise ValueError(
                f"{name} must be one, or one a row (shape {rows.shape[:-1]}), not of shape {given.shape}: "
                f"to try each {name} on each row, pass logits[None] and {name} of shape (number, 1)"
            )
    batch = shape_with(rows.shape[:-1], given.shape, name)
    return np.broadcast_to(rows, (*batch, rows.shape[-1])), np.broadcast_to(given, batch)


def shape_with(rows: tuple[int, ...], other: tuple[int, ...], name: str) -> tuple[int, ...]:
    """The shape to which the rows and something given once, or once a row, broadcast."""
    try:
        return np.broadcast_shapes(rows, other)
    except ValueError:
        raise ValueError(f"{name} must be one, or one a row (shape {rows}), not of shape {other}") from None


def result_array(rows: Reals, axis: int, out: Floats | None) -> Floats:
    """A new array for the results of `rows`, with the classes back on `axis`; or `out`, checked."""
    shape, dtype = classes_back(rows, axis).shape, float_type(rows)
    if out is None:
        return np.empty(shape, dtype)
    if not isinstance(out, np.ndarray) or masked(out):
        raise TypeError(f"out must be an array without a mask, not {type(out).__name__}: np.empty makes one")
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
    with np.errstate(all="ignore"):
        sums = p.sum(-1, dtype=np.promote_types(p.dtype, np.float64))
        wrong = abs(sums - 1) > np.sqrt(np.finfo(p.dtype).eps)
        if not p.min(initial=0) >= 0:  # some are negative or NaN: in which rows?
            wrong |= p.min(-1, initial=0) < 0
    if wrong.any():
        row = tuple(map(int, np.unravel_index(wrong.argmax(), wrong.shape)))
        raise ValueError(
            f"{name} must be 0 or more and sum to 1 over the classes, not {p[row]!s:.60} "
            f"({f'row {row}, ' if row else ''}sum {told(float(sums[row]))}): {remedy_for(p[row], float(sums[row]))}"
        )
    if not nan_rows and np.isnan(sums).any():
        raise ValueError(f"{name} must not hold NaN: there is nothing to pick from")
    return p


def told(total: float) -> str:
    """A sum, so that it can be told from 1."""
    return f"1 {'-' if total < 1 else '+'} {abs(total - 1):.2g}" if 0 < abs(total - 1) < 1e-3 else f"{total:.6g}"


def remedy_for(p: Floats, total: float) -> str:
    """How a row that is no distribution may become one."""
    if p.size == 1 and 0 <= total <= 1:
        return "for P(class 1) alone, give each class a column with np.stack([1 - p, p], -1)"
    if p.min(initial=0) >= 0 and abs(total - 1) < 0.03:
        narrow = "float32" if abs(total - 1) < 3e-4 else "float16"
        return f"numbers that were {narrow} may be passed as {narrow}; all others, divide by their sum"
    return "turn scores into probabilities with softmax" + ("" if p.min(initial=0) < 0 else ", or divide by their sum")


def wide(floats: Floats) -> Floats:
    """The same numbers in at least float64."""
    return floats.astype(np.promote_types(floats.dtype, np.float64), copy=False)


def checked_classes(values: ArrayLike, shape: tuple[int, ...], classes: int, name: str) -> Classes:
    """Class numbers from 0 to `classes` − 1, one a row."""
    labels = real_array(values, name)
    if labels.dtype.kind not in "iu" and labels.size:
        raise TypeError(
            f"{name} must be class numbers, integers from 0 to {classes - 1}, not {labels.dtype}: {name}.astype(int) "
            "if each is a whole number"
        )
    if labels.shape != shape:
        remedy = ""
        if labels.shape == (*shape, 1):
            remedy = f": {name}.ravel() takes the column off" if len(shape) == 1 else f": {name}[..., 0]"
        elif labels.shape == (*shape, classes):
            remedy = f": {name}.argmax(-1), if each row marks one class"
        raise ValueError(f"{name} must have one class a row, shape {shape}, not shape {labels.shape}{remedy}")
    wrong = labels[(labels < 0) | (labels >= classes)]
    if wrong.size:
        raise ValueError(f"{name} must be classes from 0 to {classes - 1}, not {wrong[0]}")
    return labels.astype(np.intp)


def one_hot(labels: Classes, classes: int) -> Floats:
    """Distributions that are certain of their labels, classes last."""
    certain: NDArray[np.bool_] = labels[..., None] == np.arange(classes)
    return certain.astype(np.float64)


def generator(rng: object) -> np.random.Generator:
    """The source of chance that `rng` names."""
    if isinstance(rng, (bool, np.bool_)):
        raise TypeError(f"rng must be a Generator or a seed, not {rng}: write 1 or 0 if you mean them")
    try:
        return np.random.default_rng(rng)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"rng must be a NumPy Generator, or a seed of 0 or more, not {rng!r:.80}: default_rng(0) makes one"
        ) from error


def checked_size(size: object) -> tuple[int, ...]:
    """The shape of many draws."""
    given = size if isinstance(size, (tuple, list, np.ndarray)) else (size,)
    try:
        sizes = tuple(integer(number, "size") for number in given)
    except TypeError:
        raise TypeError(f"size must be a whole number, or a tuple of them, not {size!r:.80}") from None
    if any(number < 0 for number in sizes):
        raise ValueError(f"size must be 0 or more, not {size}")
    return sizes
