"""What the build computed, kept for Python in the page: there an experiment of seconds would take minutes.

A result is known by its function, its arguments and the code of all experiments and of the library's core.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import io
import os
import pickle
import sys
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

import softmax_lib

FOLDER = "BOOK_RESULTS"  # the environment variable by which the build says where results are kept
Given = ParamSpec("Given")
Result = TypeVar("Result")

OURS = {"experiments", "softmax_lib"}  # whose code the digest below covers


class Unknown(Exception):
    """An argument that another can't be told from, as a function of a cell: the result is computed, and not kept."""


find: Callable[[str], bytes | None] | None = None  # in the page: a kept result by its name; its kernel sets this
taken: list[str] = []  # functions whose results were taken and not computed, until the kernel tells the reader
_running: list[str] = []  # the kept functions that are being computed


def kept(duration: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Keep what a function returns to a chapter; `duration` says how long computing takes in the page."""

    def decorate(function: Callable[Given, Result]) -> Callable[Given, Result]:
        @functools.wraps(function)
        def answer(*values: Given.args, **named: Given.kwargs) -> Result:
            if _running or not (find or FOLDER in os.environ):
                return function(*values, **named)
            try:
                name = name_of(function, inspect.signature(function).bind(*values, **named))
            except Unknown:
                name = ""
            if find and name and (content := find(name)):
                taken.append(function.__name__)
                return pickle.loads(zlib.decompress(content))  # type: ignore[no-any-return]
            if find:
                print(
                    f"{function.__name__} is computed here, which takes {duration}. Interrupt stops it.",
                    file=sys.stderr,
                    flush=True,
                )
            _running.append(name)
            try:
                result = function(*values, **named)
            finally:
                _running.clear()
            if name and not find:
                keep(name, result)
            return result

        return answer

    return decorate


def keep(name: str, result: object) -> None:
    folder = Path(os.environ[FOLDER])
    unfinished = folder / f"{name}.{os.getpid()}"  # two chapters may compute the same
    content = io.BytesIO()
    Pickler(content, protocol=5).dump(result)
    unfinished.write_bytes(zlib.compress(content.getvalue(), 9))
    unfinished.replace(folder / name)


class Pickler(pickle.Pickler):
    """Whole numbers are of the machine's size, which is half as many bits in the page."""

    def reducer_override(self, value: object) -> Any:
        if isinstance(value, np.ndarray) and value.dtype == np.intp:
            return whole_numbers, (value.astype(np.int32),)
        return NotImplemented


def whole_numbers(values: NDArray[np.int32]) -> NDArray[np.intp]:
    return values.astype(np.intp)


def name_of(function: Callable[..., object], given: inspect.BoundArguments) -> str:
    given.apply_defaults()
    said = f"{code()} {function.__module__}.{function.__qualname__} {spelled(given.arguments)}"
    return f"{function.__name__}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


@cache
def code() -> str:
    """The digest of all code that a result may depend on."""
    sources = [path for module in (__file__, softmax_lib.__file__) for path in Path(module).parent.glob("*.py")]
    return hashlib.sha256(
        b"".join(path.read_bytes() for path in sorted(sources, key=lambda path: path.parts[-2:]))
    ).hexdigest()


def spelled(value: object) -> str:
    """The same text for the same value: an array by its bytes, one of our functions by its place and what it holds."""
    if isinstance(value, np.ndarray):
        return f"array {value.dtype} {value.shape} {hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
    if isinstance(value, FunctionType) and value.__module__.partition(".")[0] in OURS:
        held: list[Any] = [cell.cell_contents for cell in value.__closure__ or ()]
        return f"{value.__module__}.{value.__qualname__} line {value.__code__.co_firstlineno} {spelled(held)}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {spelled(item)}' for key, item in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}({', '.join(map(spelled, value))})"
    if isinstance(value, (bool, int, float, str, range, type(None))):
        return repr(value)
    raise Unknown
