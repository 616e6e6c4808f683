"""What holds for every Sphinx extension: the configuration names it, and it says why no library does its work."""

import yaml

from support import ROOT

TEXTS = {
    f"{path.parent.name}.{path.stem}": path.read_text("utf-8") for path in (ROOT / "book/extensions").glob("*/*.py")
}
EXTENSIONS = {name: text for name, text in TEXTS.items() if "\ndef setup(app)" in text}


def test_every_extension_is_named():
    named = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["local_extensions"]
    assert {*named} == {*EXTENSIONS}, "name each in _config.yml, under local_extensions"


def test_every_extension_says_why_it_is_ours():
    silent = [name for name, text in EXTENSIONS.items() if "\nWhy ours: " not in text.split('"""')[1]]
    assert silent == [], 'write in its docstring, after "Why ours:", why no library does this'
