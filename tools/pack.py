"""Pack the built site as a folder that opens by double-click: `_build/softmax-and-temperature.zip`.

A page opened from disk may load neither modules nor data beside it, so each figure carries its own, bundled.
"""

import re
import time
import zipfile
from pathlib import Path

from build import environment
from publishing import page_model
from publishing.policy import unguarded
from softmax_lib.live import data_url

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build/html"
NAME = "softmax-and-temperature"
OLDEST = 315532800  # 1980, when time begins for zip files
MODULE = re.compile(r'(<live-figure [^>]*?module=")([\w/-]+)\.js"')
DOWNLOADS = re.compile(r'\s*<span class="downloads">.*?</span>', re.S)
FOR_SERVERS = re.compile(r'\s*<link rel="(?:modulepreload|preload)"[^>]*>')


def main() -> None:
    target = ROOT / f"_build/{NAME}.zip"
    pack(SITE, target)
    print(f"packed: {target}; unpack it and open {NAME}/index.html")


def pack(site: Path, target: Path) -> None:
    when = time.gmtime(max(int(environment(ROOT).get("SOURCE_DATE_EPOCH", OLDEST)), OLDEST))[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in site.rglob("*") if path.is_file() and not is_left_out(path, site)):
            entry = zipfile.ZipInfo(f"{NAME}/{path.relative_to(site).as_posix()}", when)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content(path), zipfile.ZIP_DEFLATED)


def is_left_out(path: Path, site: Path) -> bool:
    """What only a server can use; a page opened from disk may not load the language model either."""
    return path.name in (".buildinfo", "_headers") or path.is_relative_to(site / page_model.FOLDER)


def content(path: Path) -> bytes:
    if path.suffix == ".html":
        return standing_alone(path.read_text("utf-8")).encode()
    return page_model.told({"why": page_model.LEFT_OUT}) if path.name == page_model.PLACE.name else path.read_bytes()


def standing_alone(page: str) -> str:
    page = DOWNLOADS.sub("", FOR_SERVERS.sub("", unguarded(page)))
    return MODULE.sub(lambda found: f'{found[1]}{data_url(f"{found[2]}.mjs")}"', page)


if __name__ == "__main__":
    main()
