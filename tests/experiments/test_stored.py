"""What the build computed is found again by function, arguments and code, and by nothing less."""

import pickle
import zlib

import numpy as np
import pytest

from experiments import networks, stored

PICTURE = np.arange(6.0).reshape(2, 3)


@pytest.fixture
def experiment():
    """A kept experiment that counts how often it is computed."""

    @stored.kept("a minute")
    def doubled(values, factor=2):
        doubled.computed += 1
        return [value * factor for value in values]

    doubled.computed = 0
    return doubled


@pytest.fixture
def in_build(tmp_path, monkeypatch):
    monkeypatch.setenv(stored.FOLDER, str(tmp_path))
    return tmp_path


def open_page(folder, monkeypatch):
    """From now on it is Python in the page that asks, and the site has what is in this folder."""
    monkeypatch.delenv(stored.FOLDER)
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(stored, "find", kept.get)
    monkeypatch.setattr(stored, "taken", [])


def test_outside_the_build_and_the_page_it_is_a_plain_function(experiment, monkeypatch):
    monkeypatch.delenv(stored.FOLDER, raising=False)
    assert experiment((1, 2)) == experiment((1, 2)) == [2, 4]
    assert experiment.computed == 2


def test_the_page_takes_what_the_build_computed_and_notes_it(experiment, in_build, monkeypatch, capsys):
    assert experiment((1, 2)) == [2, 4]
    open_page(in_build, monkeypatch)
    assert experiment(values=(1, 2), factor=2) == [2, 4]  # the same arguments, given otherwise
    assert (experiment.computed, stored.taken, capsys.readouterr().err) == (1, ["doubled"], "")


def test_other_arguments_are_computed_after_a_word(experiment, in_build, monkeypatch, capsys):
    experiment((1, 2))
    open_page(in_build, monkeypatch)
    assert experiment((1, 2), 3) == [3, 6]
    assert capsys.readouterr().err == "doubled is computed here, which takes a minute. Interrupt stops it.\n"
    assert (experiment.computed, stored.taken) == (2, [])


def test_what_other_code_computed_is_not_taken(experiment, in_build, monkeypatch):
    experiment((1, 2))
    open_page(in_build, monkeypatch)
    monkeypatch.setattr(stored, "code", lambda: "other")
    experiment((1, 2))
    assert experiment.computed == 2


def test_of_experiments_in_each_other_the_outer_is_kept(experiment, in_build):
    @stored.kept("two minutes")
    def outer(values):
        return experiment(values)

    assert outer((1, 2)) == [2, 4]
    assert [path.name.partition("-")[0] for path in in_build.iterdir()] == ["outer"]


def test_an_experiment_that_raises_leaves_nothing_and_the_next_is_kept(experiment, in_build):
    with pytest.raises(TypeError):
        experiment(None)
    assert [*in_build.iterdir()] == []
    experiment((1,))
    assert len([*in_build.iterdir()]) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        ("1", 1),
        ((1, 2), [1, 2]),
        (PICTURE, PICTURE.T),
        (PICTURE, PICTURE.astype(np.float32)),
        (PICTURE, PICTURE + 1),
        ({"a": 1}, {"b": 1}),
        (range(3), range(4)),
    ],
)
def test_other_arguments_have_other_names(one, other):
    assert stored.spelled(one) != stored.spelled(other)


def test_functions_are_known_by_what_they_hold():
    slow, fast = (networks.descent(rate) for rate in (0.1, 0.2))
    assert stored.spelled(slow) == stored.spelled(networks.descent(0.1)) != stored.spelled(fast)


@pytest.mark.parametrize("argument", [lambda value: value, {1, 2}, np.float32(1)], ids=["of a cell", "set", "scalar"])
def test_with_arguments_that_cannot_be_known_it_is_computed_and_not_kept(
    experiment, in_build, monkeypatch, capsys, argument
):
    experiment((), argument)
    assert [*in_build.iterdir()] == []
    open_page(in_build, monkeypatch)
    assert experiment((), argument) == []
    assert experiment.computed == 2 and "is computed here" in capsys.readouterr().err


def test_whole_numbers_are_read_where_they_have_half_as_many_bits(in_build):
    stored.keep("kept", {"labels": np.array([3, -1], dtype=np.intp), "chances": np.array([0.1])})
    content = zlib.decompress((in_build / "kept").read_bytes())
    assert b"i4" in content and b"i8" not in content
    read = pickle.loads(content)
    assert read["labels"].dtype == np.intp and read["labels"].tolist() == [3, -1]
    assert read["chances"].tolist() == [0.1]
