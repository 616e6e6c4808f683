"""Python for the page: only wheels that are what the release says enter it, and the book builds without it."""

import hashlib
import json
import re
import tarfile
import zipfile
from types import SimpleNamespace

import pytest

import page_python as assembly
from launching import live_code, page_python
from support import ROOT

WHEEL = b"the bytes of a wheel"
ENTRY = {"file_name": "numpy-2.0.2.whl", "sha256": hashlib.sha256(WHEEL).hexdigest()}
ALTERED = WHEEL[:-1] + bytes([WHEEL[-1] ^ 1])
CONFIG = SimpleNamespace(
    live_code_server="",
    repository="https://github.com/ada/softmax",
    html_theme_options={"repository_branch": "main", "launch_buttons": {"binderhub_url": "https://mybinder.org"}},
)


def carrying(content):
    return lambda names: {ENTRY["file_name"]: content}


def empty(names):
    return {}


def test_a_wheel_as_the_release_has_it_is_taken():
    assert assembly.checked([ENTRY], [carrying(WHEEL)]) == [(ENTRY, WHEEL)]


def test_a_wheel_with_one_byte_altered_is_refused_by_name(capsys):
    with pytest.raises(assembly.NotToBeHad, match=r"numpy-2\.0\.2\.whl is refused, since its sha256 is"):
        assembly.checked([ENTRY], [carrying(ALTERED)])
    assert "numpy-2.0.2.whl is refused" in capsys.readouterr().err


@pytest.mark.parametrize("first", [empty, carrying(ALTERED)], ids=["empty", "altered"])
def test_the_next_carrier_is_asked(first):
    assert assembly.checked([ENTRY], [first, carrying(WHEEL)]) == [(ENTRY, WHEEL)]


def test_no_carrier_has_it():
    with pytest.raises(assembly.NotToBeHad, match=r"no carrier has numpy-2\.0\.2\.whl"):
        assembly.checked([ENTRY], [empty])


@pytest.fixture
def archive(tmp_path):
    """The address of a release's archive, as its project publishes it."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in (ENTRY["file_name"], "unwanted.whl"):
        (folder / name).write_bytes(WHEEL)
    with tarfile.open(tmp_path / "release.tar.bz2", "w:bz2") as archive:
        archive.add(folder, "pyodide")
    return tmp_path / "release.tar.bz2"


def test_the_archive_of_the_release_carries_its_wheels(archive):
    assert assembly.carrier(archive.as_uri())({ENTRY["file_name"]}) == {ENTRY["file_name"]: WHEEL}


@pytest.mark.parametrize("content", [b"", b"no archive", None], ids=["empty", "other", "cut off"])
def test_what_is_no_archive_carries_nothing(archive, content):
    archive.write_bytes(archive.read_bytes()[:60] if content is None else content)
    assert assembly.carrier(archive.as_uri())({ENTRY["file_name"]}) == {}


def test_a_host_that_does_not_answer_carries_nothing():
    assert assembly.carrier("http://127.0.0.1:9/release.tar.bz2")({ENTRY["file_name"]}) == {}


def test_what_a_package_needs_comes_along_but_not_what_nothing_imports():
    official = {
        "matplotlib": {"depends": ["Python-Dateutil", "pytz"]},
        "python-dateutil": {"depends": ["six"]},
        "six": {"depends": []},
        "pytz": {"depends": []},
    }
    found = assembly.closure(official, ["matplotlib"], {"pytz"})
    assert found == [{"depends": ["Python-Dateutil"]}, {"depends": ["six"]}, {"depends": []}]


def test_tests_and_front_ends_are_left_out(tmp_path):
    wheel = tmp_path / "some.whl"
    kept = {"some/__init__.py", "some/testing.py", "some-1.dist-info/LICENSE"}
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in [
            *kept,
            "some/tests/test_a.py",
            "some/nbextension/index.js",
            "some-1.data/data/share/x.js",
            "some/a.pyi",
        ]:
            archive.writestr(name, "1")
    assembly.slim(wheel)
    with zipfile.ZipFile(wheel) as archive:
        assert set(archive.namelist()) == kept


@pytest.fixture(scope="module")
def shipped(built_book):
    (folder,) = built_book.glob("_static/*/page-python")
    return folder, json.loads((folder / "python/pyodide-lock.json").read_text("utf-8"))


def test_every_package_is_as_the_list_of_the_site_says(shipped):
    folder, lock = shipped
    for package in lock["packages"].values():
        content = (folder / "python" / package["file_name"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (package["sha256"], package["size"])
        assert set(package["depends"]) <= lock["packages"].keys()
        with zipfile.ZipFile(folder / "python" / package["file_name"]) as archive:
            assert any("LICEN" in name.upper() for name in archive.namelist()), package["name"]
    assert {"numpy", "matplotlib", "anywidget"} <= lock["packages"].keys()


def test_licences_name_every_package(shipped):
    page = (ROOT / "book/licences.md").read_text("utf-8")
    assert [name for name in shipped[1]["packages"] if f"`{name}`" not in page] == []


def test_what_cells_import_of_the_book_is_there(shipped):
    with zipfile.ZipFile(shipped[0] / "book.zip") as archive:
        names = set(archive.namelist())
    chapters = " ".join(path.read_text("utf-8") for path in (ROOT / "book").glob("*.md"))
    for module in set(re.findall(r"^from ((?:softmax_lib|experiments|plots|tables)[\w.]*) import", chapters, re.M)):
        place = module.replace(".", "/")
        root = "" if module.startswith("softmax_lib") else "book/"
        assert {f"{root}{place}.py", f"{root}{place}/__init__.py"} & names, module
    assert {"kernel.py", "IPython/display.py", "book/data/digits.csv.gz"} <= names


def app(folder, **changes):
    return SimpleNamespace(confdir=folder, config=SimpleNamespace(**{**vars(CONFIG), **changes}))


def test_without_the_parts_live_code_is_elsewhere(tmp_path):
    binder = "https://mybinder.org/build/gh/ada/softmax/main"
    assert live_code.places(app(tmp_path)) == {"binder": binder}
    (tmp_path / page_python.PARTS).mkdir(parents=True)
    assert live_code.places(app(tmp_path)) == {"page": True, "binder": binder}


def test_a_build_without_the_parts_says_so(tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(page_python.log, "info", said.append)
    site = SimpleNamespace(confdir=tmp_path, outdir=tmp_path / "html", builder=SimpleNamespace(format="html"))
    page_python.write_parts(site, None)
    assert said == ["live code needs Binder or a Jupyter server: the parts of Python for the page are not there"]
    assert not (tmp_path / "html").exists()


@pytest.mark.parametrize(
    "changes",
    [{"repository": ""}, {"html_theme_options": {"launch_buttons": {"binderhub_url": ""}}}],
    ids=["no address", "no Binder"],
)
def test_binder_is_offered_only_where_it_can_work(tmp_path, changes):
    assert live_code.elsewhere(app(tmp_path, **changes).config) == {}
    assert live_code.kernel_hosts({"page": True}) == ""
