"""Where this book's repository lies, and the date of its commit: what _config.yml, GitHub and git know of it.

A copy that lies on no host yet has no address, and one without git no date. Then no page may show one.
"""

import os
import re
import subprocess
from pathlib import Path

import yaml

PLACEHOLDER = "https://github.com/OWNER/REPOSITORY"
GITHUB = "https://github.com"
OWNER, NAME = r"(?P<owner>\w[\w-]*)", r"(?P<name>[\w.-]*[\w-])"
ADDRESS = re.compile(rf"{GITHUB}/{OWNER}/{NAME}(?<!\.git)", re.A)
REMOTE = re.compile(  # https://, git://, ssh:// or git@github.com:, and whatever follows the name
    rf"(?:\w+://)?(?:[^@/]+@)?(?:www\.|ssh\.)?github\.com(?::\d+/|[:/]/?){OWNER}/(?P<name>[\w.-]*?[\w-])(?:\.git)?(?:[/?#].*)?",
    re.A | re.I,
)
EARLIEST = 1767225600  # 2026, when the book began: an earlier "date" means none, as 0 and the packagers' 1980 do


class WrongAddress(ValueError):
    """An address in the settings that is not that of a repository on GitHub."""


def address(root: Path) -> str:
    """The address of the repository on GitHub, as _config.yml, GitHub's runner or `origin` say it; else empty."""
    settings = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    configured = str((settings.get("repository") or {}).get("url") or PLACEHOLDER)
    if configured != PLACEHOLDER:
        return checked(configured)
    found = of_runner() or canonical(git(root, "remote", "get-url", "origin"))
    return "" if found == PLACEHOLDER else found


def checked(configured: str) -> str:
    if ADDRESS.fullmatch(configured):
        return configured
    remedy = canonical(configured) or (
        f"{GITHUB}/ and the owner and name of the repository. If it lies on another host, keep {PLACEHOLDER} there, "
        "and say in html.baseurl where the book is published"
    )
    raise WrongAddress(f"repository.url in _config.yml is {configured!r}: write {remedy}")


def canonical(remote: str) -> str:
    found = REMOTE.fullmatch(remote.strip())
    return f"{GITHUB}/{found['owner']}/{found['name']}" if found else ""


def of_runner() -> str:
    """What GitHub's runner says; other hosts' runners use the same names, with a server of their own."""
    name = os.environ.get("GITHUB_REPOSITORY")
    if not name or os.environ.get("GITHUB_SERVER_URL", GITHUB) != GITHUB:
        return ""
    if not ADDRESS.fullmatch(f"{GITHUB}/{name}"):
        raise WrongAddress(f"GITHUB_REPOSITORY in the environment is {name!r}: write owner/name, or unset it")
    return f"{GITHUB}/{name}"


def site_address(repository: str) -> str:
    """Where GitHub Pages publishes the book of a repository; one named after its owner's site lies at the root."""
    owner, name = ADDRESS.fullmatch(repository).group("owner", "name")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def commit_seconds(root: Path) -> int | None:
    """The time of the commit, if git knows one of this very folder."""
    seconds = git(root, "log", "-1", "--format=%ct")
    return dated(seconds) if seconds else None


def dated(seconds: str | None) -> int | None:
    """The time that SOURCE_DATE_EPOCH tells, unless it can't be one of this book."""
    number = int(seconds) if seconds and seconds.strip().isdecimal() else 0
    return number if number >= EARLIEST else None


def git(root: Path, *words: str) -> str:
    """What git answers about the folder; nothing without git, or if the folder only lies in somebody's repository."""

    def answer(*words: str) -> str:
        try:
            done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
        except OSError:
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    top = answer("rev-parse", "--show-toplevel")
    return answer(*words) if top and Path(top).samefile(root) else ""
