"""The language model beside the site: whole, with its licence, where the tab looks for it; and where it is left out."""

import hashlib
import json
import zipfile
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sphinx.errors import ConfigError

import pack
from experiments import language_model
from publishing import page_model

LIMITS = {"file": 100 * 2**20, "site": 2**30}  # bytes: of a file, as GitHub's, and of a site on GitHub Pages
ELSEWHERE = "https://models.example/SmolLM2.gguf"


def config(value):
    return SimpleNamespace(model_in_page=value)


def test_the_site_has_the_model_unchanged_with_its_licence(built_book):
    (file,) = (built_book / page_model.FOLDER).glob("*.gguf")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == language_model.SHA256
    licence = (built_book / page_model.FOLDER / "LICENCE.txt").read_text("utf-8")
    assert "unchanged" in licence and "Apache License\n" in licence and "END OF TERMS AND CONDITIONS" in licence
    assert file.stat().st_size < LIMITS["file"]
    assert sum(path.stat().st_size for path in built_book.rglob("*") if path.is_file()) < LIMITS["site"]


def test_the_tab_of_the_chapter_finds_it(new_page, site):
    page = new_page(reduced_motion="reduce")
    page.goto(f"{site}/book/text-generation.html#prompt=own&text=At+the+zoo+we+saw+lions,+tigers,")
    figure = page.get_by_role("group", name="Next-token explorer")
    figure.get_by_role("button", name="Load the model, 98 MB").click()
    expect(figure.locator(".lf-explorer:not([inert]) .lf-name").first).to_have_text("␣and", timeout=60_000)
    expect(figure.locator(".lf-own-words")).to_contain_text("9 tokens in the prompt, 0 written")
    assert page.problems == []
    field, card = (element.bounding_box() for element in (figure.get_by_role("textbox", name="Your prompt"), figure))
    assert field["width"] > 0.9 * card["width"]  # whatever the page's own style says of labels


def test_a_copy_without_the_model_says_so(tmp_path):
    left = tmp_path / page_model.FOLDER / "model.gguf"  # by a build before
    left.parent.mkdir()
    left.touch()
    assert page_model.place(False, tmp_path) == {"why": page_model.LEFT_OUT}
    assert not left.exists()


def test_a_machine_without_the_wheel_builds_without_the_model(tmp_path, monkeypatch):
    monkeypatch.setattr("book.experiments.language_model.is_installed", lambda: False)
    assert page_model.place(True, tmp_path) == {"why": page_model.LEFT_OUT}


def test_the_model_may_lie_elsewhere(tmp_path):
    told = page_model.place(ELSEWHERE, tmp_path)
    assert (told["address"], told["sha256"]) == (ELSEWHERE, language_model.SHA256)
    assert not (tmp_path / page_model.FOLDER).exists()
    assert page_model.host(config(ELSEWHERE)) == " https://models.example"
    assert page_model.host(config(True)) == page_model.host(config(False)) == ""


@pytest.mark.parametrize("wrong", ["yes", "http://models.example/a.gguf", "models/a.gguf", "https://"])
def test_another_address_than_of_https_is_refused(wrong):
    with pytest.raises(ConfigError, match="give true, false, or an address, https://…"):
        page_model.host(config(wrong))


def test_the_zip_has_no_model_and_says_so(tmp_path):
    site = tmp_path / "site"
    for name, content in (
        (f"{page_model.FOLDER}/model.gguf", "…"),
        ("a.html", "<p>"),
        (page_model.PLACE, '{"bytes": 1}'),
    ):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content, "utf-8")
    pack.pack(site, tmp_path / "site.zip")
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        place = f"{pack.NAME}/{page_model.PLACE.as_posix()}"
        assert sorted(archive.namelist()) == [place, f"{pack.NAME}/a.html"]
        assert json.loads(archive.read(place)) == {"why": page_model.LEFT_OUT}
