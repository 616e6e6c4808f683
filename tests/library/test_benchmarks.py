"""The committed measurements: complete, of a named machine and day, and without anything private."""

import datetime
import json
import socket
from pathlib import Path

import pytest

REPORT = Path(__file__).parents[2] / "book" / "data" / "benchmarks.json"

# Case, float type, first peer, the ratio to reach.
PROMISED = [
    ("softmax (5,)", "float64", "SciPy", 1.7),
    ("softmax (10000, 10)", "float64", "SciPy", 2.5),
    ("softmax (10000, 10)", "float32", "SciPy", 4.5),
    ("softmax (1000, 1000)", "float64", "SciPy", 1.4),
    ("softmax (1000, 1000)", "float32", "SciPy", 1.3),
    ("softmax (64, 128256)", "float64", "SciPy", 1.9),
    ("softmax (64, 128256)", "float32", "SciPy", 1.9),
    ("logsumexp (64, 128256)", "float64", "SciPy", 6),
    ("log_softmax (1000, 1000)", "float64", "SciPy", 1.8),
    ("log_softmax (1000, 1000)", "float32", "SciPy", 1.4),
    ("10⁶ draws of 5 classes", "float64", "NumPy", 2.5),
    ("10⁶ draws of 50257 classes", "float64", "NumPy", 4),
    ("one draw a row (10000, 1000)", "float64", "NumPy", 2.5),
    ("top_k of 50257", "float64", "NumPy", 5),
]


@pytest.fixture(scope="module")
def report():
    return json.loads(REPORT.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("case", "dtype", "peer", "reach"), PROMISED)
def test_every_promised_case_was_measured(report, case, dtype, peer, reach):
    (row,) = [row for row in report["speed"] if (row["case"], row["dtype"]) == (case, dtype)]
    assert (row["peer"], row["reach"]) == (peer, reach)
    assert row["ratio"][peer] == pytest.approx(row["microseconds"][peer] / row["microseconds"]["ours"], rel=0.1)
    assert "PyTorch" in row["ratio"]


def test_limits_growth_and_memory_were_measured(report):
    assert {name for row in report["limits"] for name in row["microseconds"]} == {"ours", "np.exp", "copy"}
    assert [row["classes"] for row in report["growth"]["classes"]] == [10**power for power in range(1, 8)]
    assert [row["rows"] for row in report["growth"]["rows"]] == [10**power for power in range(7)]
    memory = {row["call"]: row["inputs"] for row in report["memory"]}
    assert memory["softmax"] <= 1.1
    assert memory["softmax, out=logits"] <= 0.1


def test_machine_and_date_are_told_but_nothing_private(report):
    assert datetime.date.fromisoformat(report["date"])
    assert report["machine"]["processor"]
    assert {"python", "numpy", "scipy", "scikit-learn", "torch"} <= set(report["machine"]["versions"])
    text = REPORT.read_text(encoding="utf-8")
    assert "/" not in text
    assert socket.gethostname() not in text
