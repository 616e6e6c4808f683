"""Small tables for executed cells: the result of a cell, readable by eye and by screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from math import isfinite

from IPython.display import HTML

Cell = str | float
NEGATIVE = re.compile(r"^-(?=\d)")
SIGN = re.compile(r" ([=+−]) ")
EXPONENT = re.compile(r"(?<=\d)e(?=[−-]?\d)")


def table(header: Iterable[str], rows: Iterable[Iterable[Cell]], *, prose: bool = False) -> HTML:
    """Show rows under a header; the first cell of each row names the row.

    Prose reads from the left, numbers line up at the right.
    """
    # An empty corner is no header: a screen reader would announce nothing for a column of names.
    head = "".join(
        f'<th scope="col"{_untranslated(name)}>{_text(name)}</th>' if name else "<td></td>" for name in header
    )
    body = "".join(_row(row) for row in rows)
    # The theme keeps its dark-mode card away from tables of the class "dataframe".
    kind = "dataframe prose" if prose else "dataframe"
    return HTML(f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')


def number(value: float) -> str:
    """Three decimals, as the live figures write numbers: a small one as it is, 0 only for an exact zero.

    >>> [number(value) for value in (0, 0.59123, 5, -0.00037, 3.7e-6)]
    ['0', '0.591', '5', '−0.0004', '3.7e−6']
    """
    size = abs(value)
    if not isfinite(value) or value == round(value):
        return _minus(f"{value:g}")
    if size < 1e-4:
        return _minus(f"{value:.1e}".replace("e-0", "e-"))
    return _minus(f"{value:.3f}" if size >= 1e-3 else f"{value:.4f}")


def _minus(text: str) -> str:
    """A true minus: after a hyphen a line may break."""
    return text.replace("-", "−")


def _row(row: Iterable[Cell]) -> str:
    name, *values = row
    label = name if isinstance(name, str) else _minus(f"{name:g}".replace("inf", "∞"))
    cells = (value if isinstance(value, str) else number(value) for value in values)
    head = f'<th scope="row"{_untranslated(label)}>{_text(label)}</th>'
    return f"<tr>{head}" + "".join(f"<td{_untranslated(cell)}>{_text(cell)}</td>" for cell in cells) + "</tr>"


def _text(cell: str) -> str:
    """As HTML: a number has a true minus, and no line breaks at a sign of an equation or a sum."""
    return escape(SIGN.sub("\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", NEGATIVE.sub("−", cell)))


def _untranslated(text: str) -> str:
    """A number stays as it is in a translated page, and its sign at its left where the page reads from the right."""
    words = any(map(str.isalpha, EXPONENT.sub("", text)))
    return "" if words and text not in ("nan", "inf", "−inf") else ' translate="no" dir="ltr"'
