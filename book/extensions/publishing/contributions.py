"""What the foot of a page leads to: a mistake is reported, the page is edited, the whole book is downloaded.

The first two need the address of the repository. The downloads are made from the finished site (`make downloads`),
which therefore says beforehand, by DOWNLOADS in the environment, that they will be there.

Why ours: the theme's buttons for these stand at the head of a page, and know no download of the whole book.
"""

import os
from urllib.parse import urlencode


def offer(app, pagename, templatename, context, doctree):
    context["downloads"] = "DOWNLOADS" in os.environ
    repository = app.config.repository
    if doctree is None or not repository:
        return
    branch = app.config.html_theme_options.get("repository_branch") or "main"
    source = app.env.doc2path(pagename, base=False)
    question = {"title": f"Mistake in {app.env.titles[pagename].astext()}", "body": f"On the page {source}:\n\n"}
    context["report_address"] = f"{repository}/issues/new?{urlencode(question)}"
    context["edit_address"] = f"{repository}/edit/{branch}/{source}"


def setup(app):
    app.connect("html-page-context", offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
