"""The back matter keeps up with what it lists."""

import re
import tomllib
from pathlib import Path

import softmax_lib

ROOT = Path(__file__).resolve().parents[2]


def test_reference_lists_every_public_function_once():
    page = (ROOT / "book/api.md").read_text("utf-8")
    assert sorted(re.findall(r"autofunction:: (\w+)", page)) == sorted(softmax_lib.__all__)


def test_licences_name_every_part_that_a_browser_loads():
    page = (ROOT / "book/licences.md").read_text("utf-8")
    parts = tomllib.loads((ROOT / "browser-parts.toml").read_text("utf-8")).values()
    assert [part["package"] for part in parts if f"`{part['package']}`" not in page] == []
