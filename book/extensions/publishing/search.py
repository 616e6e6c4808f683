"""Search as readers of this book type: "top-p" is a word. What Sphinx's own search lacks otherwise is in search.js.

Why ours: Sphinx has no option for what a word is.
"""

import re

from sphinx.search import languages
from sphinx.search.en import SearchEnglish

LETTERS = r"[\p{Letter}\p{Number}_]"


class HyphenatedEnglish(SearchEnglish):
    """A hyphenated word is found as a whole, and by its parts."""

    WORD = re.compile(r"\w+(?:-\w+)*")
    js_splitter_code = f"var splitQuery = (query) => query.match(/{LETTERS}+(?:-{LETTERS}+)*/gu) ?? [];"

    def split(self, input):
        return [part for word in self.WORD.findall(input) for part in {word: None, **dict.fromkeys(word.split("-"))}]


def setup(app):
    languages["en"] = HyphenatedEnglish
    return {"parallel_read_safe": True, "parallel_write_safe": True}
