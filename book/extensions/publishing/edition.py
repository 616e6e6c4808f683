"""Say which edition this is, once for all: the version, the commit's date, the addresses of repository and site.

Why ours: sphinx-last-updated-by-git dates each page, which needs the whole history; the book has one date.
"""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxRole

import softmax_lib
from publishing.repository import PLACEHOLDER, WrongAddress, address, dated, site_address


def identify(app, config):
    """`repository` and `html_baseurl` are empty where nobody knows them: whoever links there asks."""
    config.version = config.release = softmax_lib.__version__
    try:
        config.repository = address(Path(app.confdir))
    except WrongAddress as error:
        raise ConfigError(str(error)) from error
    config.html_theme_options["repository_url"] = config.repository or PLACEHOLDER  # the theme can't do without
    config.html_baseurl = own_host(config.html_baseurl) or (config.repository and site_address(config.repository))


def own_host(configured: str) -> str:
    """`html.baseurl`: the address of a site that is not GitHub's."""
    if configured and urlsplit(configured).scheme not in ("http", "https"):
        raise ConfigError(f"html.baseurl in _config.yml is {configured!r}: give the whole address, https://…/")
    return configured and configured.rstrip("/") + "/"


class Repository(SphinxRole):
    """{repository}`words`: a link to the repository where its address is known."""

    def run(self):
        known = self.config.repository
        return [nodes.reference("", self.text, refuri=known) if known else nodes.Text(self.text)], []


def commit_date() -> date | None:
    """The date that tools/build.py takes from the commit; a build without one shows none."""
    seconds = dated(os.environ.get("SOURCE_DATE_EPOCH"))
    return datetime.fromtimestamp(seconds, UTC).date() if seconds else None


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def show(app, pagename, templatename, context, doctree):
    if day := commit_date():
        context["edition_date"] = {"iso": day.isoformat(), "words": in_words(day)}


def setup(app):
    app.add_config_value("repository", "", "env")
    app.add_role("repository", Repository())
    app.connect("config-inited", identify)
    app.connect("html-page-context", show)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
