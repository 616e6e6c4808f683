"""The reference of a live figure: its traits are its arguments, with their meanings and defaults.

Why ours: autodoc-traits lists traits for configuration only, and a figure has none.
"""

import inspect

import anywidget
from sphinx.errors import ExtensionError

from softmax_lib.live import LiveFigure

COMMON = {*anywidget.AnyWidget.class_trait_names(), *LiveFigure.class_trait_names()}
LONGEST_DEFAULT = 50


def is_figure(thing) -> bool:
    return inspect.isclass(thing) and issubclass(thing, LiveFigure) and thing is not LiveFigure


def arguments(figure) -> list[str]:
    """What the reader moves first, then the rest."""
    own = {name for name in figure.class_traits(sync=True) if name not in COMMON and not name.endswith("program")}
    moved = [name for name in ("logits", *figure.shared, *figure.own) if name in own]
    return list(dict.fromkeys([*moved, *sorted(own)]))


def meaning(trait) -> str:
    words = trait.help or inspect.getdoc(type(trait))
    return words if words.endswith(".") else f"{words}."


def spell_signature(app, what, name, thing, options, signature, returns):
    return (f"(*, {', '.join(arguments(thing))})", None) if is_figure(thing) else None


def explain(app, what, name, thing, options, lines):
    if not is_figure(thing):
        return
    first_example = next((number for number, line in enumerate(lines) if line.startswith(">>>")), None)
    if first_example is None:
        raise ExtensionError(f"{name}: the docstring must end in an example (>>>)")
    lines[first_example:first_example] = [*parameters(thing), "", "Examples", "--------"]


def parameters(figure) -> list[str]:
    traits, example = figure.class_traits(), figure()
    lines = ["Parameters", "----------"]
    for name in arguments(figure):
        default = repr(getattr(example, name))
        words = meaning(traits[name])
        if len(default) <= LONGEST_DEFAULT:
            words += f" By default ``{default}``."
        lines += [name, f"    {words}"]
    return lines


def setup(app):
    app.connect("autodoc-process-signature", spell_signature)
    app.connect("autodoc-process-docstring", explain, priority=400)  # before numpydoc reads the sections
    return {"parallel_read_safe": True, "parallel_write_safe": True}
