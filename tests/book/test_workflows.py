"""The workflows of the repository: what they may do, and that nobody can change what they run behind our backs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support import ROOT

WORKFLOWS = {path.name: path.read_text("utf-8") for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}
PINNED = re.compile(r"uses: [\w-]+/[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$")
READ = {"contents": "read"}
PUBLISH = {  # the rights of a job that publishes, and when it may
    "github.ref == 'refs/heads/main'": {"pages": "write", "id-token": "write"},
    "github.event_name == 'release'": {"id-token": "write"},
}


def objections(text: str) -> list[str]:
    """What is wrong with a workflow, in words."""
    workflow = yaml.safe_load(text)
    triggers = workflow[True]  # YAML reads the word `on` as a truth
    found = [
        f"not pinned by commit: {line.strip()}"
        for line in text.splitlines()
        if "uses:" in line and not PINNED.search(line)
    ]
    if workflow.get("permissions") != READ:
        found.append("permissions are more than reading")
    if "pull_request_target" in triggers or "workflow_run" in triggers:
        found.append("runs the code of strangers with our rights")
    for name, job in workflow["jobs"].items():
        found += [f"{name}: {objection}" for objection in job_objections(job)]
    return found


def job_objections(job: dict) -> list[str]:
    found, steps = [], job["steps"]
    rights = job.get("permissions", READ)
    if rights not in (READ, *PUBLISH.values()):
        found.append("permissions are neither to read nor to publish")
    if rights != READ and (
        rights != PUBLISH.get(job.get("if")) or any("run" in step or "checkout" in step["uses"] for step in steps)
    ):
        found.append("may publish, but runs code, or not only on main or at a release")
    if "timeout-minutes" not in job:
        found.append("has no time limit")
    for step in steps:
        options = step.get("with", {})
        if "checkout" in step.get("uses", "") and options.get("persist-credentials") is not False:
            found.append("leaves its token behind")
        if "cache" in step.get("uses", "") and not {"'softmax_lib/**'", "'book/**'", "'requirements/*.txt'"} <= set(
            re.findall(r"'[^']+'", options["key"])
        ):
            found.append("cached without regard to the library, the book or the locks")
        if "${{" in step.get("run", ""):
            found.append("puts a value of the event into a command")
    return found


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_is_unobjectionable(name):
    assert objections(WORKFLOWS[name]) == []


WORSENED = {
    "not pinned": ("pages.yml", r"setup-python@\w+  # v[\d.]+", "setup-python@v6"),
    "pinned by a short hash": ("pages.yml", r"(setup-python@\w{7})\w+", r"\1"),
    "may write": ("weekly.yml", "contents: read", "contents: write"),
    "rights of a job": ("weekly.yml", "  canary:\n", "  canary:\n    permissions: {issues: write}\n"),
    "all rights": ("weekly.yml", "permissions:\n  contents: read\n", ""),
    "publishes from anywhere": ("pages.yml", "  publish:\n    if: .*\n", "  publish:\n"),
    "releases from anywhere": ("release.yml", "    if: github.event_name == 'release'\n", ""),
    "publishes and runs code": (
        "pages.yml",
        "      - id: deployment",
        "      - run: make book\n      - id: deployment",
    ),
    "strangers": ("pages.yml", "  pull_request:\n", "  pull_request_target:\n"),
    "no time limit": ("weekly.yml", "    timeout-minutes: 90\n", ""),
    "token left": ("weekly.yml", "        with:\n          persist-credentials: false\n", ""),
    "cache without the library": ("pages.yml", r"'softmax_lib/\*\*', ", ""),
    "cache without the locks": ("pages.yml", r", 'requirements/\*\.txt'", ""),
    "event in a command": (
        "pages.yml",
        "run: make downloads",
        "run: make downloads ${{ github.event.pull_request.title }}",
    ),
}


@pytest.mark.parametrize("change", WORSENED)
def test_objection_is_raised(change):
    name, sound, worse = WORSENED[change]
    text = re.sub(sound, worse, WORKFLOWS[name], count=1)
    assert text != WORKFLOWS[name] and objections(text) != []


def test_canary_resolves_anew_and_tests_weekly():
    weekly = yaml.safe_load(WORKFLOWS["weekly.yml"])
    commands = [step["run"] for step in weekly["jobs"]["canary"]["steps"] if "run" in step]
    assert commands[0] == "make lock" and commands[-2:] == ["make test", "make lint"]
    assert "schedule" in weekly[True] and "pull_request" not in weekly[True]
    assert "--upgrade" in (ROOT / "tools/lock.py").read_text("utf-8")


def check_schema(path: Path) -> subprocess.CompletedProcess:
    program = Path(sys.executable).parent / "check-jsonschema"
    return subprocess.run(
        [program, "--builtin-schema", "vendor.github-workflows", path], capture_output=True, text=True
    )


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_fits_its_schema(name):
    result = check_schema(ROOT / ".github/workflows" / name)
    assert result.returncode == 0, result.stdout + result.stderr


def test_workflow_that_does_not_fit_is_noticed(tmp_path):
    broken = tmp_path / "pages.yml"
    broken.write_text(WORKFLOWS["pages.yml"].replace("runs-on:", "runs-at:"), "utf-8")
    assert check_schema(broken).returncode != 0
