"""What every live figure shares: its module bundled, its state as JSON, its output on a page without a kernel."""

import base64
import html
import json
import math
import posixpath
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

LIVE = Path(__file__).parent.parent
_IMPORT = re.compile(r'\bfrom "(\.[\w./-]+\.mjs)"')
_LATER = re.compile(r'\bimport\("(\.[\w./-]+\.mjs)"\)')  # on a press
_DATA = re.compile(r'"(\.[\w./-]+\.bin)"')
_LINK = """\
const urls = {};
for (const [name, source] of Object.entries(sources)) {
  const linked = source.replace(/\\b(from |import\\()"([\\w./-]+\\.mjs)"/g, (_, how, part) => `${how}"${urls[part]}"`);
  urls[name] = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
}
export default (await import(Object.values(urls).at(-1))).default;
"""
# Shown by base.css where a script is wanting. Without a script the link loads the page again too.
_TROUBLE = '<p class="lf-trouble" role="status" hidden>The live figure did not load. <a href="">Try again</a></p>'


def modules(name: str, *, later: bool = False) -> dict[str, str]:
    """Return the sources of the module `name` and of all it imports, each once and after those that it imports.

    Their names are their places in this package: "dial/dial.mjs". With `later`, what a press imports is among them.
    """
    sources: dict[str, str] = {}

    def add(part: str) -> None:
        if part not in sources:
            source = _read(part)
            for address in [*_IMPORT.findall(source), *(_LATER.findall(source) if later else [])]:
                add(_place(address, part))
            sources[part] = source

    add(name)
    return sources


@lru_cache
def bundle(name: str) -> str:
    """Return one module that holds `name` and all it imports: for a kernel and for pages opened from disk.

    There, relative imports have nothing to be relative to: they become places in this package, and the data files
    that a source names become data: addresses.
    """
    sources = {part: _standing_alone(source, part) for part, source in modules(name, later=True).items()}
    return f"const sources = {json.dumps(sources, indent=1)};\n{_LINK}"


def style_sheet() -> str:
    """Return the style of all figures: what they share, then each figure's own, which may overrule it."""
    shared, own = (
        LIVE / "base/base.css",
        sorted(path for path in LIVE.glob("*/[!.]*.css") if path.parent.name != "base"),
    )
    return "\n".join(path.read_text("utf-8") for path in (shared, *own))


def data_url(name: str) -> str:
    """Return the bundled module as an address: in a page opened from disk it stands for the module's file."""
    return _address("text/javascript", bundle(name).encode())


def _standing_alone(source: str, part: str) -> str:
    source = _IMPORT.sub(lambda found: f'from "{_place(found[1], part)}"', source)
    source = _LATER.sub(lambda found: f'import("{_place(found[1], part)}")', source)
    return _DATA.sub(lambda found: f'"{_address("application/octet-stream", _bytes(_place(found[1], part)))}"', source)


def _place(address: str, part: str) -> str:
    """Return the place in this package of what the module `part` names by a relative address."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), address))


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _read(part: str) -> str:
    return _bytes(part).decode()


def _bytes(part: str) -> bytes:
    try:
        return (LIVE / part).read_bytes()
    except FileNotFoundError:
        fetched = " `make book` fetches the parts that are not in the repository." if "/parts/" in part else ""
        raise FileNotFoundError(f"softmax_lib/live/{part} is missing.{fetched}") from None


def _to_json(value: Any, _: object = None) -> Any:
    """JSON has no infinity: it crosses as the word."""
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_json(item) for item in value]
    return "Infinity" if value == math.inf else value


def _from_json(value: Any, _: object = None) -> Any:
    if isinstance(value, dict):
        return {key: _from_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_from_json(item) for item in value]
    return math.inf if value == "Infinity" else value


SYNC: dict[str, Any] = {"sync": True, "to_json": _to_json, "from_json": _from_json}


class LiveFigure(anywidget.AnyWidget):
    """A figure whose state is this object: two-way in a kernel, and live on a published page without one.

    A figure is a subclass with its state as traits tagged `**SYNC`, the class attributes below, and a fallback.
    """

    module: str  # the ES module that draws it, by its place in softmax_lib/live
    title: str  # what the figure is called
    moves: str  # what a reader can do with it, for the page that can't
    shared: tuple[str, ...] = ()  # the traits that follow the reader from figure to figure
    own: tuple[str, ...] = ()  # the traits that the reader moves here alone
    _css = style_sheet()

    program = traitlets.Unicode(help="the Python that reproduces the figure; {name} stands for a trait").tag(**SYNC)
    start = traitlets.Dict(help="the state that Reset goes back to").tag(**SYNC)

    @traitlets.default("start")
    def _start(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*self.shared, *self.own)}

    @property
    def _esm(self) -> str:
        return bundle(self.module)

    def as_python(self) -> str:
        """Return the lines that reproduce the figure with `softmax_lib`."""
        return self._filled(self.program)

    def _filled(self, program: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda match: _literal(getattr(self, match[1])), program)

    def fallback(self) -> str:
        """Return the HTML that says the same where no script runs, and in print."""
        raise TypeError(f"{type(self).__name__} needs a fallback()")  # as an abstract class would

    def __repr__(self) -> str:
        state = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.shared)
        return f"{type(self).__name__}({state})"

    def html(self, module: str | None = None) -> str:
        """Return the figure for a page without a kernel; `module` is its address, if not on the site."""
        attributes = {
            "module": module or self.module,
            "state": json.dumps(self._state(), allow_nan=False),
            "shared": " ".join(self.shared),
            "class": f"notranslate lf-{Path(self.module).stem}",
            "style": self._style(),
            "translate": "no",  # a translator would take out the text that the figure goes on writing to
            "dir": "ltr",
        }
        spelled = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
        return f"<live-figure {spelled}>{self.fallback()}{_TROUBLE}</live-figure>"

    def _style(self) -> str:
        """Return the numbers from which its style sheet reserves the figure's height."""
        return ""

    def _state(self) -> dict[str, Any]:
        """Return the figure's own traits as JSON, without those of every widget."""
        every = set(anywidget.AnyWidget.class_trait_names())
        return {name: value for name, value in self.get_state().items() if name not in every and name[0] != "_"}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, "text/plain": repr(self), "text/html": self.html()}, metadata


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return 'float("inf")' if value == math.inf else repr(value)
