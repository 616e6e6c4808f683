"""Say which edition this is, once for all: the library's version, the commit's date, the published site's address.

Why ours: sphinx-last-updated-by-git dates each page, which needs the whole history; the book has one date.
"""

import os
import re
from datetime import UTC, date, datetime

import softmax_lib

REPOSITORY = re.compile(r"https://github\.com/([^/]+)/([^/]+)")


def identify(app, config):
    config.version = config.release = softmax_lib.__version__
    config.html_baseurl = config.html_baseurl or site_address(config.html_theme_options["repository_url"])


def site_address(repository: str) -> str:
    """Where GitHub Pages publishes the book of a repository."""
    owner, name = REPOSITORY.fullmatch(repository).groups()
    return f"https://{owner}.github.io/{name}/"


def commit_date() -> date | None:
    """The date that tools/build.py takes from the commit; a build without one shows none."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", 0))
    return datetime.fromtimestamp(seconds, UTC).date() if seconds else None


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def show(app, pagename, templatename, context, doctree):
    if day := commit_date():
        context["edition_date"] = {"iso": day.isoformat(), "words": in_words(day)}


def setup(app):
    app.connect("config-inited", identify)
    app.connect("html-page-context", show)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
