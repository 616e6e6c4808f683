"""404.html: what a host shows for an address that is not there, at whatever depth.

Its links therefore start at the root of the host.

Why ours: sphinx-notfound-page wants the site's path in the configuration, and misses links that a template writes.
"""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

NAME = "404"
BODY = """\
<section id="page-not-found">
<h1>This page is not here</h1>
<p>The address may be mistyped, or the page has moved. The <a href="{cover}">cover</a> lists every chapter, the
<a href="{glossary}">glossary</a> every word, and this searches the book:</p>
<form class="search-form" role="search" action="{search}">
  <input type="search" name="q" aria-label="Search for" placeholder="Search for">
</form>
</section>
"""
LINK = re.compile(r'\b(href|src|action|data-content_root)="(?!#|/|[a-z]+:)([^"]*)"')


def collect(app):
    names = {"cover": app.config.root_doc, "glossary": "book/glossary", "search": "search"}
    addresses = {name: app.builder.get_relative_uri(NAME, page) for name, page in names.items()}
    yield NAME, {"title": "Page not found", "body": BODY.format(**addresses)}, "page.html"


def root_links(app, exception):
    if exception or app.builder.format != "html":
        return
    page = Path(app.outdir, f"{NAME}.html")
    root = urlsplit(app.config.html_baseurl).path or "/"
    page.write_text(LINK.sub(lambda match: f'{match[1]}="{urljoin(root, match[2])}"', page.read_text("utf-8")), "utf-8")


def setup(app):
    app.connect("html-collect-pages", collect)
    app.connect("build-finished", root_links, priority=850)  # after the style sheets are joined
    return {"parallel_read_safe": True, "parallel_write_safe": True}
