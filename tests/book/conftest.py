"""Books of one page, built with the real configuration."""

import shutil

import pytest

from one_page import PROSE
from support import ROOT


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
            for shared in ("_config.yml", "CITATION.cff"):
                shutil.copy(ROOT / shared, root)
            (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
            (book / "references.bib").touch()
        for name, text in {"index": page, **other_pages}.items():
            (book / f"{name}.md").write_text(text, "utf-8")
        return root

    return write
