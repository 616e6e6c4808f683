"""Ask every other site that the built book links to whether the page is still there.

Fails if one is gone: no such page, no such host. A site that does not talk to programs is told, and not counted
against the book.
"""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from socket import EAI_NONAME, gaierror
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r'<a\b[^>]*\bhref="(https?://[^"]+)"')
GONE = {404, 410}
AGENT = {"User-Agent": "Mozilla/5.0 (link check of a book)"}
TRIES, SECONDS, AT_ONCE = 3, 20, 8
PAUSE = 2  # seconds before the second try, twice as long before the third


def main(site: Path) -> int:
    pages = pages_by_link(site)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = dict(zip(pages, pool.map(answer, pages), strict=True))
    gone = {link for link, word in answers.items() if word in GONE or word == "no such host"}
    for link, word in sorted(answers.items()):
        if link in gone:
            print(f"gone ({word}): {link}, on {', '.join(sorted(pages[link]))}")
        elif word != "there":
            print(f"could not tell ({word}): {link}")
    print(f"{len(pages)} links, {len(gone)} gone")
    return 1 if gone or not pages else 0


def pages_by_link(site: Path) -> dict[str, set[str]]:
    """Every address outside of the book, without its fragment, with the pages that link to it."""
    pages: dict[str, set[str]] = {}
    for path in site.rglob("*.html"):
        for link in LINK.findall(path.read_text("utf-8")):
            pages.setdefault(urldefrag(unescape(link)).url, set()).add(path.relative_to(site).as_posix())
    return pages


def answer(link: str) -> str | int:
    """`there`, the status of a refusal, or what went wrong on the way."""
    word: str | int = "no answer"
    for patience in range(TRIES):
        time.sleep(PAUSE * patience)
        try:
            with urlopen(Request(link, headers=AGENT), timeout=SECONDS):
                return "there"
        except HTTPError as error:
            word = error.code
            if word in GONE:
                return word
        except URLError as error:
            word = (
                "no such host"
                if isinstance(error.reason, gaierror) and error.reason.errno == EAI_NONAME
                else str(error.reason)
            )
        except OSError as error:
            word = str(error)
    return word


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html"))
