"""Number exercises by their chapter: 2.3 is the third of Step 2, whatever is added elsewhere. The opening counts as 0."""

import re

KIND = "exercise"
CHAPTER = re.compile(r"^(?:Step )?(\d(?:\.\d)*)[:. ]")


def chapter_number(title: str) -> tuple[int, ...]:
    chapter = CHAPTER.match(title)
    return tuple(map(int, chapter[1].split("."))) if chapter else (0,)


def number_by_chapter(app, env):
    for name, kinds in env.toc_fignumbers.items():
        for count, label in enumerate(kinds.get(KIND, {}), 1):
            kinds[KIND][label] = (*chapter_number(env.titles[name].astext()), count)
    return []


def setup(app):
    app.connect("env-get-updated", number_by_chapter, priority=900)  # after Sphinx has counted through the whole book
    return {"parallel_read_safe": True, "parallel_write_safe": True}
