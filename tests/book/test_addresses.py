"""What a host must know of our scripts: nothing. Names are common, and addresses change with their content."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from publishing import addresses

FOLDER = re.compile(r"_static/(scripts-[0-9a-f]{8})/")


def test_no_name_that_a_server_may_not_know(built_book):
    assert not [*built_book.rglob("*.mjs")]
    for path in [*built_book.rglob("*.html"), *built_book.glob("_static/scripts-*/live*/**/*.js")]:
        assert not re.search(r"[\w-]\.mjs[\"']", path.read_text("utf-8")), path


def test_every_page_refers_to_the_one_folder_of_scripts(built_book):
    (folder,) = built_book.glob("_static/scripts-*")
    assert {path.name for path in folder.iterdir()} == {*addresses.SCRIPTS}
    pages = [path.read_text("utf-8") for path in built_book.rglob("*.html")]
    named = [FOLDER.findall(page) for page in pages]
    assert {name for names in named for name in names} == {folder.name}
    assert not [page for page in pages if re.search(r"_static/(live|live-code|page-python|thebe)/", page)]


def test_figures_live_where_a_server_knows_only_common_types(new_page, site):
    page = new_page()
    page.route("**/*.mjs", lambda route: route.fulfill(response=route.fetch(), content_type="application/octet-stream"))
    page.goto(f"{site}/book/temperature.html")
    expect(page.locator("live-figure[live]")).to_have_count(1)


def write(site, **changed):
    contents = {
        "live/dial/dial.mjs": 'import { html } from "../base/lit.mjs";',
        "live/base/lit.mjs": "export const html = 1;",
        "live/base/host.js": "// the host",
        "live/next_token/prompts/zoo.bin": "scores",
        "live-code/live-code.mjs": 'import "../live/base/lit.mjs";',
        "live-code/kernel.json": "{}",
        "page-python/worker.mjs": 'import { loadPyodide } from "./python/pyodide.mjs";',
        "page-python/python/pyodide.mjs": "export const loadPyodide = 1;",
        "thebe/index.js": "// thebe",
        **changed,
    }
    for name, content in contents.items():
        path = site / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    page = '<script src="_static/live/base/host.js"></script><live-figure module="dial/dial.mjs"></live-figure>'
    (site / "page.html").write_text(page, "utf-8")
    application = SimpleNamespace(outdir=site, builder=SimpleNamespace(format="html"))
    addresses.rename_modules(application, None)
    addresses.move_scripts(application, None)
    (folder,) = (site / "_static").iterdir()
    return folder


def test_pages_and_imports_follow_the_new_names(tmp_path):
    folder = write(tmp_path)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert f'src="_static/{folder.name}/live/base/host.js"' in page and 'module="dial/dial.js"' in page
    assert (folder / "live/dial/dial.js").read_text("utf-8") == 'import { html } from "../base/lit.js";'
    assert (folder / "live-code/live-code.js").read_text("utf-8") == 'import "../live/base/lit.js";'
    assert (folder / "page-python/worker.js").read_text("utf-8").endswith('"./python/pyodide.js";')
    assert (folder / "page-python/python/pyodide.js").exists()


@pytest.mark.parametrize(
    "name", ["live/dial/dial.mjs", "live/base/host.js", "live/next_token/prompts/zoo.bin", "live-code/kernel.json"]
)
def test_one_change_moves_all_so_that_no_cache_can_mix_editions(tmp_path, name):
    first, same = write(tmp_path / "first"), write(tmp_path / "same")
    other = write(tmp_path / "other", **{name: "// changed"})
    assert first.name == same.name != other.name


def test_built_again_in_the_same_place_it_is_as_built_once(tmp_path):
    """Sphinx leaves pages alone that have not changed: they name the folder of the build before."""
    earlier = write(tmp_path, **{"live/dial/dial.mjs": "// as it was"})
    folder = write(tmp_path)
    left, page = tmp_path / "left.html", '<script src="_static/{}/live/base/host.js"></script>'
    left.write_text(page.format(earlier.name), "utf-8")
    assert write(tmp_path) == folder != earlier
    assert left.read_text("utf-8") == page.format(folder.name)
