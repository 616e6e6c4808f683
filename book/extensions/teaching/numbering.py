"""Number exercises by their chapter: 2.3 is the third of Step 2, whatever is added elsewhere.

The opening counts as 0, and a chapter that others belong to as their zeroth: 5.0.1 stands in Step 5 itself, 5.1.1 in
section 5.1.

Why ours: Sphinx numbers by section only together with headings that carry numbers.
"""

import re

KIND = "exercise"
CHAPTER = re.compile(r"^(?:Step )?(\d+(?:\.\d+)*)[:. ]")


def number_by_chapter(app, env):
    chapters = chapter_numbers({name: env.titles[name].astext() for name in env.toc_fignumbers})
    for name, kinds in env.toc_fignumbers.items():
        for count, label in enumerate(kinds.get(KIND, {}), 1):
            kinds[KIND][label] = (*chapters[name], count)
    return []


def chapter_numbers(titles: dict[str, str]) -> dict[str, tuple[int, ...]]:
    numbers = {
        name: tuple(map(int, found[1].split("."))) if (found := CHAPTER.match(title)) else (0,)
        for name, title in titles.items()
    }
    parents = {number[:-1] for number in numbers.values()}
    return {name: (*number, 0) if number in parents else number for name, number in numbers.items()}


def setup(app):
    app.connect("env-get-updated", number_by_chapter, priority=900)  # after Sphinx has counted through the whole book
    return {"parallel_read_safe": True, "parallel_write_safe": True}
