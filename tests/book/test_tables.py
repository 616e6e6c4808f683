"""The small tables under the cells."""

import math
import re

import pytest

import tables


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (0.0, "0"), (5, "5"), (-2.0, "−2"), (0.59123, "0.591"), (0.0004, "0.0004"), (3.7e-6, "3.7e−6"),
     (2e-12, "2.0e−12"), (math.nan, "nan"), (4.99996, "5.000")],
)  # fmt: skip
def test_small_is_not_zero(value, shown):
    assert tables.number(value) == shown


LONG_NAME = re.compile(r'<th scope="row"[^>]*>([^<]*\.\d{5}[^<]*)</th>')


def test_no_row_is_named_by_a_number_of_many_decimals(built_book):
    texts = [path.read_text("utf-8") for path in (built_book / "book").glob("*.html")]
    assert sum('<th scope="row"' in text for text in texts) > 10
    assert [name for text in texts for name in LONG_NAME.findall(text)] == []


def test_a_long_name_is_noticed():
    assert LONG_NAME.findall(tables.table(["T"], [[0.0597432], [0.05]]).data) == ["0.0597432"]


def test_every_row_and_column_has_a_header():
    shown = tables.table(["T", "cat"], [[0.2, 0.5], [math.inf, 1]]).data
    assert shown.count('<th scope="col">') == 2
    assert re.sub(' translate="no" dir="ltr"', "", shown).count('<th scope="row">0.2</th><td>0.500</td>') == 1
    assert re.sub(' translate="no" dir="ltr"', "", shown).count('<th scope="row">∞</th><td>1</td>') == 1


@pytest.mark.parametrize("text", ["−2", "4e−6", "0.39 ± 0.01", "∞", "nan", "1/2"])
def test_numbers_are_not_translated_and_read_from_the_left(text):
    assert f'<td translate="no" dir="ltr">{text}</td>' in tables.table(["a", "b"], [["word", text]]).data


@pytest.mark.parametrize("text", ["cat", "2 of 5", "e"])
def test_words_are_translated(text):
    assert f"<td>{text}</td>" in tables.table(["a", "b"], [["word", text]]).data


def test_equations_do_not_break_and_numbers_have_a_true_minus():
    shown = tables.table(["", "T = 1", "0–0.2"], [["a = b", "-0.5", "not -1"]]).data
    assert "T\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}1" in shown and "a\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}b" in shown
    assert '<th scope="col" translate="no" dir="ltr">0–0.2</th>' in shown
    assert ">−0.5</td><td>not -1</td>" in shown


def test_an_empty_corner_is_no_header():
    assert tables.table(["", "cat"], []).data.startswith(
        '<table class="dataframe"><thead><tr><td></td><th scope="col">cat'
    )


def test_text_is_escaped():
    assert "<td>&lt;b&gt;</td>" in tables.table(["a", "b"], [["row", "<b>"]]).data


def test_prose_is_told_apart():
    assert '<table class="dataframe prose">' in tables.table(["T", "text"], [["1", "a word"]], prose=True).data
