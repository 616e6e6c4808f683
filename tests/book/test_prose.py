"""A decimal number in a chapter's prose stands in a cell of that chapter too; published ones carry a citation."""

import re

import pytest

from support import CHAPTERS, ROOT

FENCE = re.compile(r"^(`{3,}|:{3,})(.*?)\n(.*?)^\1\s*$", re.S | re.M)
# Not the numbers of sections, in headings and links.
DECIMAL = re.compile(r"(?<![\w.])(?<!Python )(?<!BY )(?<!# )(?<!\[)\d+\.\d+(?![\w.]*\d)")


def missing(text: str) -> list[str]:
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    cells, prose = split(text)
    in_cells = {float(number) for cell in cells for number in re.findall(r"\d*\.\d+", cell)}
    return [
        number
        for paragraph in re.split(r"\n\s*\n", prose)
        if "{cite" not in paragraph
        for number in DECIMAL.findall(paragraph)
        if float(number) not in in_cells
    ]


def split(text: str) -> tuple[list[str], str]:
    """The code cells, and the prose: directives' bodies count as prose, their options do not."""
    cells, prose = [], []

    def sort(match):
        (cells if match[2].startswith("{code-cell}") else prose).append(match[3])
        return "\n\n"

    while (shorter := FENCE.sub(sort, text)) != text:
        text = shorter
    inner = "\n\n".join(re.sub(r"^:\w+:.*$", "", body, flags=re.M) for body in prose)
    return cells, re.sub(r"`[^`]*`", "", text + "\n\n" + inner)


@pytest.mark.parametrize("name", CHAPTERS)
def test_numbers_in_prose_stand_in_a_cell(name):
    assert missing((ROOT / f"book/{name}.md").read_text("utf-8")) == []


def test_a_number_without_its_cell_is_noticed():
    text = (ROOT / "book/temperature.md").read_text("utf-8")
    assert missing(text.replace("0.591", "0.592", 1)) == ["0.592"]
    assert missing(text + "\nIt grows by 12.75 a day.\n") == ["12.75"]
