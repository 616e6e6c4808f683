"""How to cite the book and each chapter: as a sentence, as BibTeX and for programs that read a page's head.

Names and titles come from CITATION.cff, the rest from `edition`. BibTeX is plain text on the page, so that it can be
copied without a script.

Why ours: no Sphinx extension reads CITATION.cff for each chapter.
"""

from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from docutils.parsers.rst import Directive

from publishing.edition import commit_date, in_words
from teaching.folding import fold, summary

KEY = "softmax-temperature"


class BookCitation(Directive):
    def run(self):
        return citation(self.state.document.settings.env.app)


def add_to_chapters(app, doctree):
    name = app.env.docname
    if is_chapter(app, name):
        section = doctree.next_node(nodes.section)
        section += fold(
            "", summary("", "Cite this chapter"), *citation(app, name, section[0].astext()), classes=["cite"]
        )


def is_chapter(app, name) -> bool:
    """Pages with cells are chapters; the cover stands for the book."""
    return "kernelspec" in app.env.metadata[name] and name != app.config.root_doc


def citation(app, name=None, title=None) -> list[nodes.Node]:
    """The sentence and the BibTeX of the book, or of its chapter `name`."""
    book = the_book(app)
    address = page_address(app, name) if name else app.config.repository
    edition = [f"Version {app.config.release}", *([in_words(book["date"])] if book["date"] else [])]
    sentence = nodes.paragraph()
    sentence += nodes.Text(f"{book['author']} ({book['year']}). ")
    if title:
        sentence += [nodes.Text(f"{title}. In ")]
    sentence += [
        nodes.emphasis("", book["title"]),
        nodes.Text(f". {', '.join(edition)}."),
    ]
    if address:  # inline, or the theme shortens it
        link = nodes.reference("", "", nodes.inline("", address), refuri=address, internal=False)
        sentence += [nodes.Text(" "), link]
    fields = {"author": f"{{{latex(book['author'])}}}"}
    fields |= {"title": latex(title), "booktitle": latex(book["title"])} if title else {"title": latex(book["title"])}
    fields |= {"year": book["year"], "note": ", ".join(edition)} | ({"url": address} if address else {})
    return [
        sentence,
        bibtex("incollection" if title else "misc", "-".join([KEY, *([Path(name).name] if name else [])]), fields),
    ]


def the_book(app) -> dict:
    record = yaml.safe_load(Path(app.confdir, "CITATION.cff").read_text("utf-8"))
    day = commit_date()
    return {
        **record,
        "author": record["authors"][0]["name"],
        "date": day,
        "year": day.year if day else app.config.copyright,
    }


def page_address(app, name) -> str:
    """Where the page is published; empty if nobody knows."""
    base = app.config.html_baseurl
    return base and base + app.builder.get_target_uri(name)


def bibtex(kind, key, fields) -> nodes.literal_block:
    width = max(map(len, fields))
    lines = [f"@{kind}{{{key},", *(f"  {name:{width}} = {{{value}}}," for name, value in fields.items()), "}"]
    text = "\n".join(lines)
    return nodes.literal_block(text, text, language="bibtex")


def latex(text: str) -> str:
    return text.replace("&", r"\&")


def describe(app, pagename, templatename, context, doctree):
    """The tags that Google Scholar, Zotero and their like read."""
    if doctree is None or not (pagename == app.config.root_doc or is_chapter(app, pagename)):
        return
    book = the_book(app)
    tags = {
        "title": app.env.titles[pagename].astext(),
        "author": book["author"],
        "language": "en",
    }
    if address := page_address(app, pagename):
        tags["public_url"] = address
    if pagename != app.config.root_doc:
        tags["inbook_title"] = book["title"]
    if book["date"]:
        tags["publication_date"] = f"{book['date']:%Y/%m/%d}"
    context["metatags"] += "".join(
        f'\n    <meta name="citation_{name}" content="{escape(value)}">' for name, value in tags.items()
    )


def setup(app):
    app.add_directive("book-citation", BookCitation)
    app.connect("doctree-read", add_to_chapters)
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
