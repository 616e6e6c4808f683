"""One style sheet for all pages, without the rules that no page can use.

The theme and its companions bring twelve sheets of 90 kB compressed; most of it dresses what this book does not
have. A rule stays if every class and id of one of its selectors stands in a page's attributes or is a word of a script
that pages load; a custom property stays if anything reads it.

Why ours: PurgeCSS needs a run of Node over the site, and knows neither the order of the pages' sheets nor their
addresses.

Paper is light: rules of the dark theme are for screens, and those of the light theme for paper
too, whatever the reader chose.
"""

import hashlib
import re
from itertools import groupby
from pathlib import Path

import tinycss2
from sphinx.util import logging

SHEET = "_static/book-styles.css"
LINK = re.compile(r'<link\b[^>]*rel="stylesheet"[^>]*>\s*')
ADDRESS = re.compile(r'href="([^"?]+)')
NAME = re.compile(r"[A-Za-z_][\w-]*")
NAMES_IN_PAGE = re.compile(r'\s(?:class|id)="([^"]*)"')
SELECTED = re.compile(r"[.#](-?[A-Za-z_](?:[\w-]|\\.)*)")
LOADED = re.compile(r'<script\b[^>]*\bsrc="([^"?]+)')
IMPORTED = ("_static/**/*.mjs", "_static/thebe/*.js")  # by scripts
PROPERTY = re.compile(r"(?<=[{;\s])(--[\w-]+)\s*:(?:(?!url\()[^;{}\"'])*(?:;|(?=\}))")  # an address may hold a ;
READ = re.compile(r"var\(\s*(--[\w-]+)")
RELATIVE_URL = re.compile(r"url\((?![\"']?(?:data:|#|/))([\"']?)([^)\"']+)\1\)")
THEME = re.compile(r"""\[data-theme=["']?(light|dark)["']?\]""")
WITH_OWN_STYLE = ("_static", "figures", "sheets")
DROPPED_FONT = "Font Awesome"
log = logging.getLogger(__name__)


def join_sheets(app, exception):
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    pages = [path for path in site.rglob("*.html") if path.relative_to(site).parts[0] not in WITH_OWN_STYLE]
    sheets = sheets_of(site, pages)
    scripts = scripts_of(site, pages)
    used = names_in_pages(pages) | names_in_scripts(scripts)
    text = "\n".join(kept(tinycss2.parse_stylesheet(rebased(site, sheet), True, True), used) for sheet in sheets)
    text = without_unread(text, "".join(path.read_text("utf-8") for path in [*pages, *scripts]))
    (site / SHEET).write_text(text, "utf-8")
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    for page in pages:
        link_one_sheet(page, f"{'../' * (len(page.relative_to(site).parts) - 1)}{SHEET}?v={version}")


def sheets_of(site: Path, pages: list[Path]) -> list[Path]:
    """Every sheet that pages link, in their order; one that a sheet imports comes before it."""
    sheets: dict[Path, None] = {}
    for page in pages:
        for link in LINK.findall(page.read_text("utf-8")):
            sheet = (page.parent / ADDRESS.search(link)[1]).resolve()
            for imported in re.findall(r'@import\s+"([^"]+)"', sheet.read_text("utf-8")):
                sheets.setdefault((sheet.parent / imported).resolve())
            sheets.setdefault(sheet)
    return list(sheets)


def scripts_of(site: Path, pages: list[Path]) -> set[Path]:
    linked = {(page.parent / name).resolve() for page in pages for name in LOADED.findall(page.read_text("utf-8"))}
    return {path for path in linked if path.is_file()}.union(*(site.glob(pattern) for pattern in IMPORTED))


def names_in_pages(pages) -> set[str]:
    texts = (page.read_text("utf-8") for page in pages)
    return {name for text in texts for names in NAMES_IN_PAGE.findall(text) for name in names.split()}


def names_in_scripts(scripts) -> set[str]:
    """Any word may become one."""
    return {name for script in scripts for name in NAME.findall(script.read_text("utf-8"))}


def rebased(site: Path, sheet: Path) -> str:
    """The sheet's text with its relative addresses as seen from the joined sheet."""
    folder = sheet.parent.relative_to((site / SHEET).resolve().parent).as_posix()
    return RELATIVE_URL.sub(lambda match: f"url({folder}/{match[2]})", sheet.read_text("utf-8"))


def kept(rules, used: set[str]) -> str:
    pieces = (piece for rule in rules for piece in kept_pieces(rule, used))
    return "".join(for_screen_and_paper(theme, "".join(run)) for theme, run in groupby(pieces, theme_of_piece))


def theme_of_piece(piece: str) -> str:
    return "" if piece.startswith("@") else theme_of(piece.partition("{")[0])


def theme_of(selector: str) -> str:
    return found[1] if (found := THEME.search(selector)) else ""


def for_screen_and_paper(theme: str, rules: str) -> str:
    match theme:
        case "dark":
            return f"@media screen{{{rules}}}"
        case "light":
            return f"{rules}@media print{{{THEME.sub('[data-theme]', rules)}}}"
        case _:
            return rules


def kept_pieces(rule, used: set[str]) -> list[str]:
    """The rule as far as it can apply; its selectors for one theme are a piece of their own."""
    if rule.type == "qualified-rule":
        selectors = [
            selector.strip()
            for selector in split_selectors(tinycss2.serialize(rule.prelude))
            if names_of(selector) <= used
        ]
        body = compact(rule.content)
        return [f"{','.join(group)}{{{body}}}" for _, group in groupby(sorted(selectors, key=theme_of), theme_of)]
    if rule.type != "at-rule" or rule.lower_at_keyword in ("charset", "import"):
        return []
    if rule.lower_at_keyword in ("media", "supports", "container", "layer") and rule.content is not None:
        inner = kept(tinycss2.parse_blocks_contents(rule.content, True, True), used)
        return [f"@{rule.at_keyword}{compact(rule.prelude)}{{{inner}}}"] if inner else []
    text = compact([rule])
    return [] if rule.lower_at_keyword == "font-face" and DROPPED_FONT in text else [text]


def without_unread(text: str, others: str) -> str:
    """The sheet without custom properties that neither it nor the others read; one may have been read by another."""
    outside = set(re.findall(r"--[\w-]+", others))
    read = outside.union(READ.findall(text))
    shorter = PROPERTY.sub(lambda match: match[0] if match[1] in read else "", text)
    return text if shorter == text else without_unread(shorter, others)


def split_selectors(prelude: str) -> list[str]:
    """Split at the commas that stand outside of parentheses."""
    parts, depth = [""], 0
    for character in prelude:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def names_of(selector: str) -> set[str]:
    """The classes and ids that an element must have; those in parentheses, as of :not(), may be absent."""
    while (shorter := re.sub(r"\([^()]*\)|\[[^\]]*\]", "", selector)) != selector:
        selector = shorter
    return {name.replace("\\", "") for name in SELECTED.findall(selector)}


def compact(tokens) -> str:
    return re.sub(r"\s+", " ", tinycss2.serialize([token for token in tokens if token.type != "comment"]))


def link_one_sheet(page: Path, address: str) -> None:
    text = page.read_text("utf-8")
    links = LINK.findall(text)
    if not links:  # the root's index.html only leads on to the cover
        return
    first, *others = links
    text = text.replace(first, f'<link rel="stylesheet" href="{address}">\n', 1)
    for link in others:
        text = text.replace(link, "", 1)
    page.write_text(text, "utf-8")


def setup(app):
    app.connect("build-finished", join_sheets, priority=800)  # after all sheets are there, before the policy is written
    return {"parallel_read_safe": True, "parallel_write_safe": True}
