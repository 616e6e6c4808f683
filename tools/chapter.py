"""Show one chapter while it is written: execute it, serve its page, and again whenever a file of the book changes.

    python tools/chapter.py NAME [FOLDER] [--port PORT]    NAME as in `temperature`; stop with Ctrl+C

Other chapters are read, so that references to them resolve, but neither executed nor written. The first time takes as
long as reading the book; after that Sphinx reads what has changed. A page that cannot be built leaves the last one.
"""

import argparse
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from jupyter_book.sphinx import build_sphinx
from watchfiles import DefaultFilter, watch

import build
from serve import StaticFile, serving

ROOT = Path(__file__).resolve().parent.parent
WATCHED = ["book", "softmax_lib"]
MOMENT = "_static/built.txt"
RELOAD = f"""\
let first;
const moment = async () => {{
  const answer = await fetch("/{MOMENT}", {{ cache: "no-store" }});
  return answer.ok ? answer.text() : first;
}};
first = await moment();
setInterval(async () => (await moment().catch(() => first)) !== first && location.reload(), 300);
"""


def main(name: str, folder: Path, port: int) -> None:
    page, shown, changed = find(name, folder), folder / "_build/chapter", changes(folder)
    while next(changed) and not rebuild(page, folder, shown):
        pass
    with serving(shown, port) as address:
        print(f"{address}/book/{name}.html (follows your changes; stop with Ctrl+C)", flush=True)
        for _ in changed:
            rebuild(page, folder, shown)


def find(name: str, folder: Path) -> Path:
    page = folder / f"book/{name}.md"
    if not page.exists():
        names = ", ".join(sorted(path.stem for path in page.parent.glob("*.md")))
        sys.exit(f"no chapter {name!r}: make chapter NAME=… takes one of {names}")
    return page


def changes(folder: Path) -> Iterator[bool]:
    """At once, then whenever files have changed, also while a page was built; not those that cells write."""
    ours = DefaultFilter(ignore_paths=[folder / "book/_generated"])
    places, patience = [folder / name for name in WATCHED], {"rust_timeout": 100, "yield_on_timeout": True}
    seen = watch(*places, watch_filter=ours, raise_interrupt=True, **patience)
    next(seen)  # from here on it watches
    yield True
    yield from (True for changed in seen if changed)


def rebuild(page: Path, folder: Path, shown: Path) -> bool:
    """Build beside the page that is shown, and take its place only if that succeeds."""
    started, fresh = time.monotonic(), shown.with_name("chapter-next")
    process = multiprocessing.get_context("spawn").Process(
        target=write, args=(page, folder, fresh)
    )  # with the code as it is now
    process.start()
    process.join()
    if process.exitcode:
        print(f"{page.name} was not built: see above", file=sys.stderr, flush=True)
        return False
    follow(fresh / f"book/{page.stem}.html", fresh)
    replace(shown, fresh)
    print(f"{page.name} built in {time.monotonic() - started:.1f} s", flush=True)
    return True


def replace(shown: Path, fresh: Path) -> None:
    """Pages ask for the moment: it comes last, when the server has forgotten what the files were."""
    last = shown.with_name("chapter-last")
    if shown.exists():
        shown.rename(last)
    fresh.rename(shown)
    StaticFile.reset()
    (shown / MOMENT).write_text(str(time.time_ns()), "utf-8")
    shutil.rmtree(last, ignore_errors=True)


def write(page: Path, folder: Path, site: Path) -> None:
    """In a process of its own: only this page, only its cells."""
    surroundings = build.environment(folder)
    os.environ.clear()  # what it leaves out would stay: a wrong date
    os.environ.update(surroundings)
    shutil.rmtree(site, ignore_errors=True)
    others = [path.name for path in page.parent.glob("*.md") if path != page]
    settings = {"nb_execution_excludepatterns": others, "nitpicky": True, "latex_individualpages": False}
    failed = build_sphinx(
        str(folder),
        str(site),
        noconfig=True,
        path_config=str(folder / "_config.yml"),
        filenames=[str(page)],
        doctreedir=str(site.with_name(".doctrees-chapter")),
        confoverrides=settings,
        quiet=True,
    )
    sys.exit(bool(failed))


def follow(page: Path, site: Path) -> None:
    """The page asks whether there is a newer one; its policy allows scripts of the site."""
    (site / "_static/reload.mjs").write_text(RELOAD, "utf-8")
    page.write_text(
        page.read_text("utf-8").replace("</body>", '<script type="module" src="/_static/reload.mjs"></script></body>'),
        "utf-8",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--port", type=int, default=8000)
    wanted = parser.parse_args()
    with suppress(KeyboardInterrupt):
        main(wanted.name, wanted.folder.resolve(), wanted.port)
