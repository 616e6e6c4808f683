"""A decimal number in a chapter's prose stands in a cell of that chapter too; published ones carry a citation.

And the minutes that a chapter says are those that its words and figures take.
"""

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


# --- how long a chapter takes: without code and exercises, with what a guess unfolds, and with time for each figure


WORDS_A_MINUTE, MINUTES_A_FIGURE = 220, 1.5


def minutes(text: str) -> float:
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S).partition("\n## Exercises")[0]
    figures = len(re.findall(r"(?m)^  figure:|^from softmax_lib\.live import [A-Z]", body))
    captions = re.findall(r"(?m)^    caption: \|\n((?:      .*\n)+)", body)
    prose = re.sub(r"(?m)^\d+\. .*$", "", split(body)[1])  # what to try is part of a figure's time
    prose = re.sub(r"\{[\w:]+\}|\$\$.*?\$\$|\\begin.*?\\end\{\w+\}", "", " ".join([prose, *captions]), flags=re.S)
    words = len(re.findall(r"\$[^$]+\$|[^\W\d_][\w'’]*", prose))
    return words / WORDS_A_MINUTE + figures * MINUTES_A_FIGURE


TIMED = [
    name for name in CHAPTERS if re.search(r"(?m)^\*\d+ minutes\.\*", (ROOT / f"book/{name}.md").read_text("utf-8"))
]


@pytest.mark.parametrize("name", TIMED)
def test_a_chapter_takes_the_minutes_that_it_says(name):
    text = (ROOT / f"book/{name}.md").read_text("utf-8")
    said = re.search(r"(?m)^\*(\d+) minutes\.\*", text)
    assert abs(int(said[1]) - minutes(text)) < 1, f"{minutes(text):.1f} minutes"


def test_words_figures_and_guesses_take_time_and_code_tries_and_exercises_take_none():
    text = (ROOT / "book/temperature.md").read_text("utf-8")
    start, end = text.split("\n## Three limits")
    words = " word" * WORDS_A_MINUTE

    def longer(inserted: str) -> float:
        return minutes(f"{start}\n\n{inserted}\n\n## Three limits{end}") - minutes(text)

    assert longer(words) == pytest.approx(1)
    assert longer(f":::{{guess}} A question?\n:name: n\n:right: 1\n\n- One{words}\n:::") == pytest.approx(1, abs=0.05)
    assert longer("```{code-cell} ipython3\nfrom softmax_lib.live import Sampler\n```") == pytest.approx(1.5)
    for nothing in (f"1. Turn{words}", f"```{{code-cell}} ipython3\n#{words}\n```", f"$$\nx{words}\n$$"):
        assert longer(nothing) == pytest.approx(0, abs=0.01)
    assert minutes(f"{text}{words}") == minutes(text)
