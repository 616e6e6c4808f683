"""What the live figures mean, without a browser: their pure modules in Node's own test runner, against softmax_lib.

pytest tests/modules    in seconds; one NAME.test.mjs a figure
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cases import every_case
from support import ROOT

LIVE = ROOT / "softmax_lib/live"
NODE = Path(sys.executable).with_name("node")
TESTS = sorted(Path(__file__).parent.glob("*.test.mjs"))
PURE = [
    *("base/softmax.mjs", "base/numbers.mjs", "base/uniform.mjs"),
    "base/tries.mjs",
    *sorted(path.relative_to(LIVE).as_posix() for kind in ("state", "tries") for path in LIVE.glob(f"*/{kind}.mjs")),
]
MISTAKES = {  # by test: the module, what is right in it, and what stands there instead
    "softmax": [
        ("base/softmax.mjs", "(z - top) / T", "(z - top) * T"),
        ("base/softmax.mjs", "sum > u", "sum >= 1 - u"),
        ("base/softmax.mjs", "q * Math.log(q)", "q * Math.log2(q)"),
        ("base/softmax.mjs", "Number(k === target)", "Number(k <= target)"),
        ("base/softmax.mjs", "0x6d2b79f5", "0x6d2b79f4"),
    ],
    "base": [
        ("base/numbers.mjs", "digits + 1 : digits", "digits : digits"),
        ("base/numbers.mjs", '"∞"', '"inf"'),
        ("base/state.mjs", '"inf" : String(T)', '"unending" : String(T)'),
        ("base/state.mjs", "Math.abs(z) <= LOGIT_LIMIT", "Math.abs(z) <= 9"),
        ("base/uniform.mjs", "let digits = 3", "let digits = 4"),
    ],
    "bandit": [
        ("bandit/state.mjs", "last[1] + count", "count"),
        ("bandit/state.mjs", "+ count > MOST", "+ count >= MOST"),
        ("bandit/state.mjs", "value(mine.reward)", "value(-mine.reward)"),
        ("bandit/state.mjs", "mine.regrets.length) };", "1) };"),
        ("base/softmax.mjs", "0.05 ** Math.min", "0.5 ** Math.min"),
    ],
    "histogram": [
        ("histogram/state.mjs", "run.n % BLOCK === 0 && ", "false && "),
        ("histogram/state.mjs", 'state.get("seed") + 1', 'state.get("seed") + 2'),
        ("histogram/state.mjs", "++run.n === MARKS[run.errors.length]", "++run.n === MARKS[run.errors.length + 1]"),
        ("histogram/state.mjs", "statistic.toFixed(2)", "degrees.toFixed(2)"),
    ],
    "sampler": [
        ("sampler/state.mjs", "probabilities(view), u),", "probabilities(view)),"),
        ("sampler/state.mjs", "argmax(totals(view, p, u))", "argmax(p)"),
        ("sampler/state.mjs", 'drawn: view.get("drawn") + 1', 'drawn: view.get("drawn")'),
        ("sampler/state.mjs", "now ? sums[now - 1] : 0", "now ? sums[now] : 0"),
    ],
    "large_dial": [
        ("large_dial/state.mjs", "(1 - Math.cos(", "(2 - Math.cos("),
        ("large_dial/state.mjs", "T: 0.3 }", "T: 0.4 }"),
    ],
    "reliability": [
        ("reliability/state.mjs", "z / 100", "z / 99"),
        ("reliability/state.mjs", 'gap > 0 ? "too sure"', 'gap < 0 ? "too sure"'),
        ("reliability/state.mjs", "floor: mean(perfect)", "floor: perfect[0]"),
        ("base/softmax.mjs", "confidence > (b + 1) / bins", "confidence > (b + 1) / (bins - 1)"),
    ],
    "next_token": [
        ("next_token/state.mjs", "steps -= 256 * high", "steps += 256 * high"),
        ("next_token/state.mjs", "rank > left ? 0 : ", ""),
        ("next_token/state.mjs", "pickOfFirst(left, now, u) + 1", "pickOfFirst(left, now, u)"),
        ("next_token/state.mjs", "order.with(i, order[to])", "order.with(to, order[i])"),
        ("next_token/state.mjs", "p >= 0 && p <= 1", "p > 0 && p <= 1"),
        ("next_token/state.mjs", "Object.hasOwn(FILES, name)", "name in FILES"),
    ],
    "simplex": [
        ("simplex/state.mjs", "[p[1] + p[2] / 2, 1 - p[2]]", "[p[1], 1 - p[2]]"),
        ("simplex/state.mjs", "x - third / 2", "x"),
        (
            "simplex/state.mjs",
            "[1 - second - third, second, third], 1, 2",
            "[1 - second - third, second, third], 1, 1.5",
        ),
        ("simplex/state.mjs", "view.logits[k] + g)", "g)"),
        ("simplex/state.mjs", "seed / 2 ** 32, 3 * DRAWS", "seed / 2 ** 31, 3 * DRAWS"),
        ("simplex/state.mjs", "row.includes(0)", "row.includes(1)"),
        ("simplex/state.mjs", "within(z - middle)", "within(middle - z)"),
        ("simplex/state.mjs", "kept.seed !== seed", "kept.seed === undefined"),
        ("base/softmax.mjs", "q ** (alpha - 1) / (alpha - 1)", "q ** (alpha - 1)"),
    ],
    "attention": [
        ("attention/state.mjs", 'products[view.get("query")]', "products[0]"),
        ("attention/state.mjs", "* Math.sqrt(", "/ Math.sqrt("),
        ("attention/state.mjs", "first: p[0]", "first: p.at(-1)"),
        ("attention/state.mjs", "p[k] === top", "p[k] >= top / 2"),
        ("attention/state.mjs", "T === 1 ?", "T === 2 ?"),
        ("attention/state.mjs", "alike.toFixed(2)", "first.toFixed(2)"),
    ],
    "contrast": [
        ("base/softmax.mjs", "softmax(cosines.slice(1), T)", "softmax(cosines, T).slice(1)"),
        ("base/softmax.mjs", "p[k] - Number(k === 0)", "p[k]"),
        ("base/softmax.mjs", "radians(angle - at)).toFixed(12)", "radians(angle - at)).toFixed(3)"),
        ("contrast/state.mjs", "0.5 - radius * Math.sin(at)", "0.5 + radius * Math.sin(at)"),
        ("contrast/state.mjs", "Math.atan2(0.5 - y, x - 0.5)", "Math.atan2(y - 0.5, x - 0.5)"),
        ("contrast/state.mjs", "+ RATE * seen", "- RATE * seen"),
        ("contrast/state.mjs", ".slice(1)", ""),
        ("contrast/state.mjs", "angle <= FULL", "angle < FULL"),
        ("contrast/state.mjs", "turn * way(view) > 0", "turn > 0"),
        ("contrast/state.mjs", "push[k] === most", "push[k] <= most"),
    ],
    "tries": [
        ("base/tries.mjs", "seen !== null || ", ""),
        ("base/tries.mjs", "number + 1, of", "number, of"),
        ("base/tries.mjs", "steps().length - 1);", "steps().length);"),
        ("base/tries.mjs", "view.temperature <= T", "view.temperature >= T"),
        ("base/tries.mjs", "String(view.labels) === ANIMALS ? tries : []", "tries"),
        ("dial/tries.mjs", "leaders(view) > 1", "leaders(view) > 0"),
        ("sampler/tries.mjs", "fits(Number(temperature))", "true"),
        ("bandit/tries.mjs", "COOLING = [\n  [1, 30]", "COOLING = [\n  [0.1, 30]"),
    ],
    "own_prompt": [
        ("own_prompt/state.mjs", "-Math.log2(before(rank))", "-Math.log(before(rank))"),
        ("own_prompt/state.mjs", "text.written.slice(0, text.at), one", "text.written, one"),
        ("own_prompt/state.mjs", "order[rank - 1],\n    },", "order[rank],\n    },"),
        ("own_prompt/state.mjs", "k < place; k++) next();", "k <= place; k++) next();"),
        ("own_prompt/state.mjs", "k < written.length ?", "k <= written.length ?"),
        ("next_token/state.mjs", "write: encodeURIComponent", "write: String"),
    ],
}


@pytest.fixture(scope="session")
def cases(once) -> Path:
    return once("modules.json", lambda path: path.write_text(json.dumps(every_case()), "utf-8"))


@pytest.fixture
def pure(tmp_path) -> Path:
    """A folder with the pure modules alone: one that imports a template does not load there."""
    for name in PURE:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(LIVE / name, tmp_path / name)
    (tmp_path / "next_token/prompts").symlink_to(LIVE / "next_token/prompts")
    return tmp_path


def run(test: Path, live: Path, cases: Path) -> subprocess.CompletedProcess:
    environment = {**os.environ, "LIVE": str(live), "CASES": str(cases)}
    return subprocess.run([NODE, test], env=environment, capture_output=True, text=True, timeout=60)


def test_every_state_has_a_test():
    states = {Path(name).parent.name for name in PURE if name.endswith("/state.mjs")} - {"base"}
    tested = {test.name.removesuffix(".test.mjs") for test in TESTS}
    assert states <= tested, f"write NAME.test.mjs for {states - tested}"
    assert tested == MISTAKES.keys(), "name in MISTAKES what a broken copy of each state has wrong"


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.name.removesuffix(".test.mjs"))
def test_means_what_python_means(test, pure, cases):
    result = run(test, pure, cases)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("name", "number"), [(name, k) for name, mistakes in MISTAKES.items() for k in range(len(mistakes))]
)
def test_a_broken_copy_is_caught(name, number, pure, cases):
    place, right, wrong = MISTAKES[name][number]
    source = (pure / place).read_text("utf-8")
    assert source.count(right) == 1, right
    (pure / place).write_text(source.replace(right, wrong), "utf-8")
    result = run(Path(__file__).with_name(f"{name}.test.mjs"), pure, cases)
    assert result.returncode == 1, result.stdout
    assert "ERR_ASSERTION" in result.stdout + result.stderr or "AssertionError" in result.stdout + result.stderr, (
        result.stdout + result.stderr
    )
