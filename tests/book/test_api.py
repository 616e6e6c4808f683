"""The library reference."""

import re
from pathlib import Path

import softmax_lib


def test_reference_lists_every_public_function_once():
    page = (Path(__file__).resolve().parents[2] / "book/api.md").read_text("utf-8")
    assert sorted(re.findall(r"autofunction:: (\w+)", page)) == sorted(softmax_lib.__all__)
