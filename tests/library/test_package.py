"""The package as a whole: what it imports, what it exports, how it is documented and typed, how long it is."""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import softmax_lib

PACKAGE = Path(softmax_lib.__file__).parent
CORE = sorted(PACKAGE.glob("*.py"))
PUBLIC = [getattr(softmax_lib, name) for name in softmax_lib.__all__]
SIGNATURES = {
    "softmax": "(logits, temperature=1.0, *, axis=-1, out=None)",
    "log_softmax": "(logits, temperature=1.0, *, axis=-1, out=None)",
    "logsumexp": "(logits, *, axis=-1)",
    "entropy": "(probabilities, *, axis=-1, base=None)",
    "perplexity": "(probabilities, *, axis=-1)",
    "entropy_from_logits": "(logits, temperature=1.0, *, axis=-1, base=None)",
    "perplexity_from_logits": "(logits, temperature=1.0, *, axis=-1)",
    "kl_divergence": "(p, q, *, axis=-1)",
    "cross_entropy": "(logits, targets, temperature=1.0, *, axis=-1, label_smoothing=0.0)",
    "cross_entropy_gradient": "(logits, targets, temperature=1.0, *, axis=-1, label_smoothing=0.0)",
    "entropy_slope": "(logits, temperature=1.0, *, axis=-1)",
    "pick": "(probabilities, u, *, axis=-1)",
    "sample": "(probabilities, size=None, *, rng=None)",
    "sample_gumbel": "(logits, temperature=1.0, size=None, *, replace=True, rng=None)",
    "gumbel_softmax": "(logits, temperature=1.0, *, hard=False, rng=None)",
    "empirical_distribution": "(picks, classes)",
    "sparsemax": "(logits, temperature=1.0, *, axis=-1, out=None)",
    "entmax": "(logits, temperature=1.0, *, alpha=1.5, axis=-1, out=None)",
    "top_k": "(logits, k, *, axis=-1)",
    "top_p": "(logits, p, *, axis=-1)",
    "min_p": "(logits, p, *, axis=-1)",
    "typical_p": "(logits, p, *, axis=-1)",
    "top_n_sigma": "(logits, n, *, axis=-1)",
    "fit_temperature": "(logits, labels)",
    "expected_calibration_error": "(probabilities, labels, *, bins=15, equal_mass=False)",
    "brier_score": "(probabilities, labels)",
    "reliability_curve": "(probabilities, labels, *, bins=15, equal_mass=False)",
    "bootstrap_interval": "(measure, probabilities, labels, *, level=0.95, resamples=1000, rng=None)",
}


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


def test_signatures_are_those_promised():
    def bare(function):
        signature = inspect.signature(function)
        parameters = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
        return str(signature.replace(parameters=parameters, return_annotation=signature.empty))

    assert {function.__name__: bare(function) for function in PUBLIC} == SIGNATURES


def test_everything_public_is_exported_and_sorted():
    assert softmax_lib.__all__ == sorted(SIGNATURES)
    assert re.fullmatch(r"\d+\.\d+\.\d+", softmax_lib.__version__)


class TestImports:
    def test_nothing_but_numpy_and_the_standard_library(self):
        result = run("""
import sys, numpy
before = set(sys.modules)
import softmax_lib
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(new - set(sys.stdlib_module_names) - {"numpy"}), "softmax_lib.live" in sys.modules)
""")
        assert result.stdout.strip() == "['softmax_lib'] False", result.stderr

    def test_few_modules_more_than_numpy(self):
        """Import time is measured by the benchmark; what costs it is modules."""
        result = run("import sys, numpy; n = len(sys.modules); import softmax_lib; print(len(sys.modules) - n)")
        assert int(result.stdout) < 15, result.stderr

    def test_with_nothing_else_installed(self, tmp_path):
        """Python without its site-packages: NumPy and this package are all there is."""
        site = Path(np.__file__).parent.parent
        for name in ("numpy", "numpy.libs"):
            if (site / name).exists():
                (tmp_path / name).symlink_to(site / name)
        (tmp_path / "softmax_lib").symlink_to(PACKAGE)
        code = """
import importlib.util, softmax_lib
print(softmax_lib.softmax([0.0, 0.0]))
print([name for name in ("scipy", "pytest", "anywidget") if importlib.util.find_spec(name)])
"""
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        bare = [sys.executable, "-S", "-c", code]
        result = subprocess.run(bare, capture_output=True, text=True, env=environment, check=False)
        assert result.stdout.splitlines() == ["[0.5 0.5]", "[]"], result.stderr

    @pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
    def test_source_imports_nothing_else(self, path):
        allowed = {"__future__", "collections", "functools", "itertools", "math", "operator", "sys", "typing", "numpy"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert {name.name.partition(".")[0] for name in node.names} <= allowed
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                assert node.module.partition(".")[0] in allowed


@pytest.mark.parametrize("function", PUBLIC, ids=lambda function: function.__name__)
class TestDocstrings:
    def test_has_every_section(self, function):
        doc = inspect.getdoc(function)
        summary, _, rest = doc.partition("\n\n")
        assert "\n" not in summary
        assert summary.endswith(".")
        assert len(summary) <= 110
        for section in ("Parameters", "Returns", "Raises", "Examples"):
            assert re.search(rf"^{section}\n-{{{len(section)}}}$", rest, re.MULTILINE), section
        assert ">>> " in rest
        assert re.search(r"^Source: (.+\n)*.*\d{4}", rest, re.MULTILINE)

    def test_names_every_parameter(self, function):
        doc = inspect.getdoc(function)
        section = doc.split("Parameters\n----------\n")[1].split("Returns\n")[0]
        named = {
            name.strip()
            for line in section.splitlines()
            if line[:1].strip()
            for name in line.split(" : ")[0].split(",")
        }
        assert named == set(inspect.signature(function).parameters)


def test_readers_can_type_check():
    assert (PACKAGE / "py.typed").exists()


CHECKERS = {
    "mypy": [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--follow-imports=silent", "program.py"],
    "pyright": [Path(sys.executable).parent / "basedpyright", "--pythonpath", sys.executable, "program.py"],
}


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_types_of_results(checker, tmp_path):
    """Floats keep their type; what comes from Python's numbers fits where float64 is wanted."""
    program = """
import numpy as np
from numpy.typing import NDArray
from softmax_lib import cross_entropy_gradient, log_softmax, softmax, top_k, top_p

narrow: NDArray[np.float32] = np.zeros(3, np.float32)
a: NDArray[np.float64] = softmax([2, 1])
b: NDArray[np.float64] = log_softmax([[2.0, 1.0]], temperature=[0.5])
c: NDArray[np.float32] = softmax(narrow)
d: NDArray[np.float64] = softmax(np.array([1, 2]))
e: NDArray[np.float64] = cross_entropy_gradient(top_k(top_p([2.0, 1.0], 0.9), 1), 0)
reveal_type(softmax(narrow))
g: str = softmax(narrow)
"""
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(PACKAGE.parent)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    environment = {**os.environ, "MYPYPATH": str(PACKAGE.parent)}
    told = subprocess.run(
        CHECKERS[checker], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    ).stdout
    assert re.search(r"program.py:12:.*(float32|_32Bit)", told)
    assert re.findall(r"program.py:(\d+):.*error", told) == ["13"], told


def lines_of(path):
    """All lines but docstrings; and of these, the lines of code."""
    source = path.read_text(encoding="utf-8")
    documentation = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            documentation |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    kept = [line for number, line in enumerate(source.splitlines(), start=1) if number not in documentation]
    return len(kept), sum(1 for line in kept if line.strip() and not line.strip().startswith("#"))


def test_stays_small():
    """What a reader must read to know how it works: the docstrings are the reference, and come on top."""
    total, code = map(sum, zip(*map(lines_of, CORE), strict=True))
    assert total <= 1290
    assert code <= 1020  # of which imports and exports take more than a hundred
    assert lines_of(PACKAGE / "_kernels.py")[1] <= 195
    assert all(len(line) <= 120 for path in CORE for line in path.read_text(encoding="utf-8").splitlines())
