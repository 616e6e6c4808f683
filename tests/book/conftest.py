"""Books of one page, built with the real configuration."""

import re
import shutil

import pytest

from one_page import PROSE
from support import ROOT

# What makes pages light takes half the time of so small a build, and is tested on the whole site.
WEIGHT = re.compile(r"    weight\.(fonts|scripts|styles|unused): .*\n")


@pytest.fixture
def one_page_book(tmp_path):
    """A folder like this repository, with one page; the library is a copy, so that a test may edit it."""

    def write(page=PROSE, folder="book-of-one-page", **other_pages):
        root = tmp_path / folder
        book = root / "book"
        if not root.exists():
            book.mkdir(parents=True)
            for shared in ("book/assets", "book/extensions", "requirements"):
                (root / shared).symlink_to(ROOT / shared)
            shutil.copytree(ROOT / "softmax_lib", root / "softmax_lib", ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(ROOT / "CITATION.cff", root)
            configuration = (ROOT / "_config.yml").read_text("utf-8")
            (root / "_config.yml").write_text(WEIGHT.sub("", configuration), "utf-8")
            (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
            (book / "references.bib").touch()
        for name, text in {"index": page, **other_pages}.items():
            (book / f"{name}.md").write_text(text, "utf-8")
        return root

    return write
