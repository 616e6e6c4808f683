"""What surrounds a page's text: edition, citation, the head that other programs read, the page that is not found."""

import os
import re
import shutil
import struct
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image, ImageColor
from pybtex.database import parse_string
from pybtex.plugin import find_plugin

import softmax_lib
import support
from accessibility import violations
from publishing import discovery, edition, preview_cards
from publishing.repository import site_address
from support import CHAPTERS, PAGES, ROOT, serving
from teaching import numbering

CONFIGURATION = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
ADDRESS = site_address(support.ADDRESS)
PREFIX = "/" + ADDRESS.split("/", 3)[3].rstrip("/")
RECORD = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
CITED = [f"book/{name}" for name in CHAPTERS[1:]]  # the cover stands for the book
WITHOUT_TEXT = ["search", "genindex", "404"]


@pytest.fixture(scope="session")
def soup(built_book):
    pages = {}

    def parsed(name):
        if name not in pages:
            pages[name] = BeautifulSoup((built_book / f"{name}.html").read_text("utf-8"), "html.parser")
        return pages[name]

    return parsed


def meta(page, name):
    """The contents of the head's tags of that name."""
    return [tag["content"] for tag in page.head.select(f'meta[name="{name}"], meta[property="{name}"]')]


# --- the edition


def test_version_is_the_same_wherever_it_stands():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {softmax_lib.__version__, RECORD["version"], project["version"]} == {softmax_lib.__version__}


def test_every_page_shows_version_and_date_of_its_commit(soup):
    seconds = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    day = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", seconds)), UTC).date()
    for name in [*PAGES, *WITHOUT_TEXT]:
        foot = soup(name).select_one(".edition")
        assert f"Version {softmax_lib.__version__}" in foot.text, name
        assert foot.time["datetime"] == day.isoformat() and str(day.year) in foot.time.text, name


@pytest.mark.parametrize(
    ("seconds", "day"),
    [("", None), ("0", None), ("315532800", None), ("soon", None), ("1795824000", date(2026, 11, 28))],
)
def test_date_comes_from_the_commit_or_not_at_all(monkeypatch, seconds, day):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    assert edition.commit_date() == day


# --- the citation


def check_record(path: Path) -> subprocess.CompletedProcess:
    program = Path(sys.executable).parent / "check-jsonschema"
    return subprocess.run(
        [program, "--builtin-schema", "vendor.citation-file-format", path], capture_output=True, text=True
    )


def test_citation_file_is_valid():
    result = check_record(ROOT / "CITATION.cff")
    assert result.returncode == 0, result.stdout + result.stderr


def test_citation_file_that_is_not_valid_is_noticed(tmp_path):
    broken = tmp_path / "CITATION.cff"
    broken.write_text((ROOT / "CITATION.cff").read_text("utf-8").replace("type: software", "type: booklet"), "utf-8")
    assert check_record(broken).returncode != 0


def formatted(bibtex: str) -> tuple[dict, str]:
    """The fields of the only entry, and what BibTeX's plain style makes of it."""
    records = parse_string(bibtex, "bibtex")
    ((key, entry),) = records.entries.items()
    bibliography = find_plugin("pybtex.style.formatting", "plain")().format_bibliography(records)
    output = StringIO()
    find_plugin("pybtex.backends", "plaintext")().write_to_stream(bibliography, output)
    return {
        "key": key,
        "kind": entry.type,
        **entry.fields,
        "author": str(entry.persons["author"][0]),
    }, output.getvalue()


@pytest.mark.parametrize("name", CITED)
def test_chapter_says_how_to_cite_it(soup, name):
    page = soup(name)
    (block,) = page.select("details.cite")
    fields, text = formatted(block.pre.text)
    title = page.h1.find(string=True)
    assert block.summary.text == "Cite this chapter"
    assert fields["key"] == f"softmax-temperature-{Path(name).name}" and fields["kind"] == "incollection"
    assert fields["title"].replace("\\", "") == title and fields["booktitle"].replace("\\", "") == RECORD["title"]
    assert fields["url"] == f"{ADDRESS}{name}.html" and softmax_lib.__version__ in fields["note"]
    assert title in block.p.text and fields["url"] in block.p.text
    assert title.split(":")[-1].strip().lower() in text.lower() and RECORD["title"].split(":")[0] in text


def test_cite_page_has_the_book(soup):
    page = soup("book/cite")
    fields, text = formatted(page.select_one(".highlight pre").text)
    assert fields["url"] == support.ADDRESS
    assert RECORD["repository-code"] == CONFIGURATION["repository"]["url"]
    assert fields["author"] == f"{{{RECORD['authors'][0]['name']}}}".replace("&", "\\&")
    assert "Softmax & Temperature" in text and fields["year"] in text
    assert not page.select("details.cite")


def test_citation_can_be_copied_without_a_script(new_page, site):
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page.goto(f"{site}/{CITED[0]}.html")
    page.get_by_text("Cite this chapter").click()
    assert page.locator("details.cite pre").inner_text().startswith("@incollection{softmax-temperature-")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


# --- the head


@pytest.mark.parametrize("name", PAGES)
def test_head_describes_the_page(soup, built_book, name):
    page = soup(name)
    (about,) = meta(page, "description")
    assert 20 < len(about) <= discovery.LONGEST and about[-1] in ".!?"
    assert meta(page, "og:description") == [about]
    assert (
        [link["href"] for link in page.head.select('link[rel="canonical"]')]
        == meta(page, "og:url")
        == [f"{ADDRESS}{name}.html"]
    )
    assert meta(page, "og:title")[0] in page.h1.text
    (image,) = meta(page, "og:image")
    assert image.startswith(ADDRESS) and (built_book / image.removeprefix(ADDRESS)).exists()
    assert not meta(page, "robots")


def test_no_two_pages_describe_themselves_alike(soup):
    abouts = [meta(soup(name), "description")[0] for name in PAGES]
    assert len({*abouts}) == len(abouts)


@pytest.mark.parametrize("name", [PAGES[0], *CITED])
def test_head_has_what_reference_managers_read(soup, name):
    page = soup(name)
    assert meta(page, "citation_author") == [RECORD["authors"][0]["name"]]
    assert meta(page, "citation_title")[0] in page.h1.text
    assert meta(page, "citation_inbook_title") == ([] if name == PAGES[0] else [RECORD["title"]])
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", meta(page, "citation_publication_date")[0])
    assert meta(page, "citation_public_url") == [f"{ADDRESS}{name}.html"]


@pytest.mark.parametrize("name", WITHOUT_TEXT)
def test_pages_without_text_ask_not_to_be_listed(soup, name):
    assert meta(soup(name), "robots") == ["noindex"]
    assert not soup(name).head.select('link[rel="canonical"]')


def test_sitemap_lists_every_page_and_robots_find_it(built_book):
    tree = ElementTree.parse(built_book / "sitemap.xml")
    listed = [element.text for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert sorted(listed) == sorted(f"{ADDRESS}{name}.html" for name in PAGES)
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (built_book / "robots.txt").read_text("utf-8").splitlines()


WITH_MINIATURE = [name for name in CITED if (ROOT / f"book/assets/miniatures/{Path(name).name}.svg").exists()]


def test_every_chapter_has_a_picture_for_previews_of_its_own(soup, built_book):
    own = {name: meta(soup(name), "og:image")[0].removeprefix(ADDRESS) for name in WITH_MINIATURE}
    assert own == {name: f"{discovery.CHAPTER_CARDS}/{Path(name).name}.png" for name in WITH_MINIATURE}
    assert len({(built_book / picture).read_bytes() for picture in own.values()}) == len(own) >= 16
    for name in PAGES:
        (picture,), (words,) = (meta(soup(name), f"og:image{what}") for what in ("", ":alt"))
        drawn = (built_book / picture.removeprefix(ADDRESS)).read_bytes()
        assert struct.unpack(">II", drawn[16:24]) == discovery.CARD_SIZE and len(drawn) < 40_000
        if name in own:
            assert words.startswith(f"{meta(soup(name), 'og:title')[0]}. ") and words.endswith(".")
        else:
            assert (picture, words) == (ADDRESS + discovery.CARD, discovery.CARD_WORDS)


def test_pictures_for_previews_are_the_same_each_time(built_book, tmp_path):
    preview_cards.draw_book(tmp_path / "card.png", CONFIGURATION["title"])
    assert (tmp_path / "card.png").read_bytes() == (built_book / discovery.CARD).read_bytes()
    cover = BeautifulSoup((built_book / "book/index.html").read_text("utf-8"), "html.parser")
    (card,) = (card for card in cover.select("ul.cards > li") if card.strong.text == "5.3 Classifier-free guidance")
    miniature = ROOT / "book/assets/miniatures/guidance.svg"
    question = card.strong.next_sibling.strip()
    preview_cards.draw_chapter(tmp_path / "guidance.png", card.strong.text, question, miniature, CONFIGURATION["title"])
    assert (tmp_path / "guidance.png").read_bytes() == (built_book / "_static/cards/guidance.png").read_bytes()


def test_nothing_on_pictures_for_previews_comes_near_an_edge(built_book):
    pictures = [built_book / discovery.CARD, *(built_book / discovery.CHAPTER_CARDS).iterdir()]
    for path in pictures:
        above_the_ramp = np.asarray(Image.open(path).convert("RGB"))[: -preview_cards.RAMP_HEIGHT]
        drawn = (above_the_ramp != ImageColor.getrgb(preview_cards.NIGHT)).any(axis=2)
        assert drawn[40:-16, 48:-48].sum() == drawn.sum() > 10_000, path


@pytest.mark.parametrize("title", ["Step 8: " + "word " * 12, "Incomprehensibilities-and-more-of-them-on-one-line"])
def test_title_that_a_preview_would_cut_off_is_refused(tmp_path, title):
    with pytest.raises(ValueError, match="has no room on its preview card"):
        preview_cards.draw_book(tmp_path / "card.png", title)


def test_favicon_is_there_on_every_page(soup, built_book):
    for name in [*PAGES, *WITHOUT_TEXT]:
        (icon,) = soup(name).head.select('link[rel="icon"]')
        assert icon["href"].endswith("favicon.svg")
    assert (built_book / "_static/favicon.svg").exists()


# --- the page that is not found


@pytest.fixture
def project_site(built_book, tmp_path):
    """The book under the name of its repository, as GitHub Pages serves it."""
    shutil.copytree(built_book, tmp_path / PREFIX.strip("/"))
    for name in ("_headers", "404.html"):
        shutil.copy(built_book / name, tmp_path)
    with serving(tmp_path) as address:
        yield address + PREFIX


@pytest.mark.parametrize("missing", ["/no-such-page.html", "/book/deep/down/no-such-page.html"])
def test_missing_page_is_friendly_wherever_it_is_missed(new_page, project_site, missing):
    page = new_page(viewport={"width": 360, "height": 640})
    response = page.goto(project_site + missing)
    assert response.status == 404
    assert [problem for problem in page.problems if missing not in problem and "status of 404" not in problem] == []
    page.get_by_role("heading", name="This page is not here").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    page.get_by_role("main").get_by_role("searchbox").fill("entropy")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{project_site}/search.html?q=entropy")
    page.go_back()
    page.get_by_role("main").get_by_role("link", name="cover").click()
    page.wait_for_url(f"{project_site}/book/index.html")


def test_every_link_of_the_missing_page_starts_at_the_root(soup, built_book):
    links = [tag[name] for tag in soup("404").find_all() for name in ("href", "src", "action") if name in tag.attrs]
    own = [link for link in links if not re.match(r"#|[a-z]+:", link)]
    assert len(own) > 20
    for link in own:
        assert link.startswith(f"{PREFIX}/"), link
        assert (built_book / re.split(r"[?#]", link.removeprefix(f"{PREFIX}/"))[0]).exists(), link


# --- the exercises keep their numbers

LISTED = re.compile(r"\{ref\}`([\d.]+) ([^`<]+) <([\w-]+)>`")


def test_numbers_given_to_exercises_are_kept(soup):
    """The instructors' page is the record.

    If this fails, put new exercises last in their chapter, and list them there.
    """
    record = {
        label: f"Exercise {number} ({title})"
        for number, title, label in LISTED.findall((ROOT / "book/for-instructors.md").read_text("utf-8"))
    }
    book = {
        exercise["id"]: " ".join(exercise.p.text.replace("’", "'").split())
        for name in PAGES
        for exercise in soup(name).select("div.exercise")
    }
    assert len(book) >= 36 and record == book


def test_exercise_added_elsewhere_moves_no_number():
    def numbered(**exercises):
        titles = {
            "a": "Why",
            "b": "Step 2: The dial",
            "c": "5.4 Boltzmann exploration",
            "d": "Step 5: Temperature in practice",
            "e": "5.10 A tenth setting",
            "f": "Step 11: More",
        }
        env = SimpleNamespace(
            titles={name: SimpleNamespace(astext=lambda title=title: title) for name, title in titles.items()},
            toc_fignumbers={name: {"exercise": dict.fromkeys(labels)} for name, labels in exercises.items()},
        )
        numbering.number_by_chapter(None, env)
        return {
            label: ".".join(map(str, number))
            for kinds in env.toc_fignumbers.values()
            for label, number in kinds["exercise"].items()
        }

    before = numbered(a=["x"], b=["y", "z"], c=["w"], d=["v"], e=["t"], f=["s"])
    assert before == {"x": "0.1", "y": "2.1", "z": "2.2", "w": "5.4.1", "v": "5.0.1", "t": "5.10.1", "s": "11.1"}
    after = numbered(a=["x", "new"], b=["y", "z", "other"], c=["w"], d=["v"], e=["t"], f=["s"])
    assert before.items() <= after.items()


def test_reading_time_is_the_same_everywhere():
    contents, instructors = ((ROOT / name).read_text("utf-8") for name in ("book/index.md", "book/for-instructors.md"))
    listed = dict(re.findall(r"\]\(([\w-]+)\.md\)\*\* .* \*(\d+) minutes\*$", contents, re.M))
    assert {name: minutes for minutes, name in re.findall(r"\[(\d+) minutes\]\(([\w-]+)\.md\)", instructors)} == listed
    for name, minutes in listed.items():
        assert f"\n*{minutes} minutes.*" in (ROOT / f"book/{name}.md").read_text("utf-8"), name
    assert listed and max(map(int, listed.values())) <= 11  # test_prose counts them; test_house looks for each card
