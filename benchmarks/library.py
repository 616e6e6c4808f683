"""Measure softmax_lib against its peers and against the limits of the machine.

    python benchmarks/library.py [--seconds N] [--output FILE]

Every table comes from one run: the contenders of a case take turns, in a shuffled order, and medians are compared,
so that what else the machine does in the meantime falls on all of them. One thread each; times are processor time.
PyTorch takes part: it is in the `bench` environment alone. Writes book/data/benchmarks.json,
which a page of the book shows.
"""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import datetime
import importlib.metadata
import json
import platform
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.utils.extmath import softmax as sklearn_softmax

import softmax_lib as ours

torch.set_num_threads(1)

Contenders = dict[str, Callable[[], Any]]
OUTPUT = Path(__file__).resolve().parent.parent / "book" / "data" / "benchmarks.json"
ROUNDS = 200  # of turns, unless the time for a case runs out first
ORDER = random.Random(0)
GENERATOR = np.random.default_rng(0)


def medians(contenders: Contenders, seconds: float) -> dict[str, float]:
    """Median seconds of processor time of a call of each contender, who take turns."""
    calls = {}
    for name, call in contenders.items():
        call()
        start = time.thread_time()
        call()
        calls[name] = max(1, round(2e-4 / (time.thread_time() - start + 1e-9)))  # short calls are timed in bunches
    times: dict[str, list[float]] = {name: [] for name in contenders}
    end = time.perf_counter() + seconds
    for turn in range(ROUNDS):
        for name in ORDER.sample(list(contenders), len(contenders)):
            call = contenders[name]
            start = time.thread_time()
            for _ in range(calls[name]):
                call()
            times[name].append((time.thread_time() - start) / calls[name])
        if turn >= 4 and time.perf_counter() > end:
            break
    return {name: statistics.median(values) for name, values in times.items()}


def speed_cases() -> Iterator[tuple[str, str, float | None, Contenders]]:
    """Name, float type, the ratio to reach against the first peer, and the contenders: ours, first peer, others."""
    for dtype in ("float64", "float32"):
        single = dtype == "float32"
        for shape, bar in [
            ((5,), 1.7),
            ((100, 5), None),
            ((10_000, 10), 4.5 if single else 2.5),
            ((10_000, 100), None),
            ((1000, 1000), 1.3 if single else 1.4),
            ((64, 128_256), 1.9),
        ]:
            z = normal(shape, dtype)
            yield f"softmax {shape}", dtype, bar, softmax_contenders(z)
        for shape, bar in [((1000, 1000), 1.4 if single else 1.8), ((64, 128_256), None)]:
            z = normal(shape, dtype)
            contenders = {
                "ours": lambda z=z: ours.log_softmax(z),
                "SciPy": lambda z=z: special.log_softmax(z, axis=-1),
                **with_torch(z, lambda t: torch.log_softmax(t, -1)),
            }
            yield f"log_softmax {shape}", dtype, bar, contenders
        for shape, bar in [((1000, 1000), None), ((64, 128_256), None if single else 6)]:
            z = normal(shape, dtype)
            contenders = {
                "ours": lambda z=z: ours.logsumexp(z),
                "SciPy": lambda z=z: special.logsumexp(z, axis=-1),
                **with_torch(z, lambda t: torch.logsumexp(t, -1)),
            }
            yield f"logsumexp {shape}", dtype, bar, contenders
        p = ours.softmax(normal((10_000, 1000), dtype))
        contenders = {
            "ours": lambda p=p: ours.sample(p, rng=GENERATOR),
            "NumPy": lambda p=p: cumulative_draws(p),
            **with_torch(p, lambda t: torch.multinomial(t, 1)),
        }
        yield "one draw a row (10000, 1000)", dtype, None if single else 2.5, contenders
        z = normal(50_257, dtype)
        contenders = {
            "ours": lambda z=z: ours.top_k(z, 50),
            "NumPy": lambda z=z: sorted_top_k(z, 50),
            **with_torch(z, torch_top_k),
        }
        yield "top_k of 50257", dtype, 5, contenders
    for classes, bar in [(5, 2.5), (50_257, 4)]:
        p = ours.softmax(2 * normal(classes, "float64"))
        contenders = {
            "ours": lambda p=p: ours.sample(p, 10**6, rng=GENERATOR),
            "NumPy": lambda p=p: GENERATOR.choice(len(p), 10**6, p=p),
            **with_torch(p, lambda t: torch.multinomial(t, 10**6, replacement=True)),
        }
        yield f"10⁶ draws of {classes} classes", "float64", bar, contenders
    z = 2.5 * normal((10_000, 10), "float64")
    y = ours.sample(ours.softmax(z / 2.5), rng=1)
    contenders = {"ours": lambda: ours.fit_temperature(z, y), "scikit-learn": lambda: sklearn_temperature(z, y)}
    yield "fit_temperature (10000, 10)", "float64", None, contenders


def normal(shape: int | tuple[int, ...], dtype: str) -> Any:
    return np.random.default_rng(1).normal(size=shape).astype(dtype)


def softmax_contenders(z: Any) -> Contenders:
    contenders = {"ours": lambda: ours.softmax(z), "SciPy": lambda: special.softmax(z, axis=-1)}
    if z.ndim == 2:
        contenders["scikit-learn"] = lambda: sklearn_softmax(z)
    return contenders | with_torch(z, lambda t: torch.softmax(t, -1))


def with_torch(array: Any, call: Callable[[Any], Any]) -> Contenders:
    tensor = torch.from_numpy(array)
    return {"PyTorch": lambda: call(tensor)}


def cumulative_draws(p: Any) -> Any:
    cumulative = np.cumsum(p, axis=-1)
    return (cumulative > GENERATOR.random(len(p))[:, None]).argmax(-1)


def sorted_top_k(z: Any, k: int) -> Any:
    best = np.argsort(z)[::-1][:k]
    result = np.full_like(z, -np.inf)
    result[best] = z[best]
    return result


def torch_top_k(tensor: Any) -> Any:
    values, places = torch.topk(tensor, 50)
    return torch.full_like(tensor, -torch.inf).scatter_(0, places, values)


class Given(ClassifierMixin, BaseEstimator):
    """A classifier whose logits are its input, so that scikit-learn calibrates what we give it."""

    def __init__(self, classes: int = 10) -> None:
        self.classes = classes
        self.classes_ = np.arange(classes)

    def fit(self, X: Any, y: Any) -> "Given":
        return self

    def predict(self, X: Any) -> Any:
        return X.argmax(axis=1)

    def decision_function(self, X: Any) -> Any:
        return X


def sklearn_temperature(z: Any, y: Any) -> float:
    judge = CalibratedClassifierCV(FrozenEstimator(Given(z.shape[1])), method="temperature").fit(z, y)
    return 1 / float(judge.calibrated_classifiers_[0].calibrators[0].beta_)


def measure_speed(seconds: float) -> list[dict[str, Any]]:
    rows = []
    for name, dtype, bar, contenders in speed_cases():
        times = medians(contenders, seconds)
        peer = list(contenders)[1]
        ratios = {other: round(times[other] / times["ours"], 2) for other in times if other != "ours"}
        rows.append(
            {"case": name, "dtype": dtype, "peer": peer, "reach": bar, "microseconds": micro(times), "ratio": ratios}
        )
        wanted = f"   (reach {bar})" if bar else ""
        listed = "   ".join(f"{other} {ratio:.2f} ×" for other, ratio in ratios.items())
        print(f"{name:32} {dtype}  ours {times['ours'] * 1e6:11.1f} µs   {listed}{wanted}", flush=True)
    return rows


def measure_limits(seconds: float) -> list[dict[str, Any]]:
    """How far softmax into `out` is from the exponentials alone, and from copying the numbers."""
    rows = []
    for dtype in ("float64", "float32"):
        for shape in [(10_000, 10), (1000, 1000), (64, 128_256)]:
            z = normal(shape, dtype)
            out = np.empty_like(z)
            times = medians(
                {
                    "ours": lambda z=z, out=out: ours.softmax(z, out=out),
                    "np.exp": lambda z=z, out=out: np.exp(z, out=out),
                    "copy": lambda z=z, out=out: np.copyto(out, z),
                },
                seconds,
            )
            rows.append({"case": f"softmax {shape}", "dtype": dtype, "microseconds": micro(times)})
            times_exp, times_copy = (times["ours"] / times[limit] for limit in ("np.exp", "copy"))
            print(f"softmax {shape!s:14} {dtype} into out: {times_exp:5.2f} × np.exp alone, {times_copy:6.2f} × a copy")
    return rows


def measure_growth(seconds: float) -> dict[str, list[dict[str, Any]]]:
    """Nanoseconds per logit as one row grows, and as rows of ten classes become more."""
    tables = {
        "classes": [(1, 10**power) for power in range(1, 8)],
        "rows": [(10**power, 10) for power in range(7)],
    }
    results: dict[str, list[dict[str, Any]]] = {}
    for name, shapes in tables.items():
        results[name] = []
        for shape in shapes:
            z = normal(shape, "float64")
            out = np.empty_like(z)
            times = medians(
                {
                    "ours": lambda z=z, out=out: ours.softmax(z, out=out),
                    "SciPy": lambda z=z: special.softmax(z, axis=-1),
                },
                seconds,
            )
            nanoseconds = {who: round(value * 1e9 / z.size, 3) for who, value in times.items()}
            results[name].append(
                {name: max(shape) if name == "classes" else shape[0], "nanoseconds_per_logit": nanoseconds}
            )
            print(
                f"softmax {shape!s:14} ours {nanoseconds['ours']:9.2f} ns a logit   SciPy {nanoseconds['SciPy']:9.2f}"
            )
    return results


def measure_memory() -> list[dict[str, Any]]:
    """The most that a call allocates, its result included, in sizes of its input."""
    z = normal((4000, 1000), "float64")
    calls = {
        "softmax": lambda: ours.softmax(z),
        "softmax, out=logits": lambda: ours.softmax(z, out=z),
        "log_softmax": lambda: ours.log_softmax(z),
        "logsumexp": lambda: ours.logsumexp(z),
        "SciPy softmax": lambda: special.softmax(z, axis=-1),
        "SciPy log_softmax": lambda: special.log_softmax(z, axis=-1),
        "SciPy logsumexp": lambda: special.logsumexp(z, axis=-1),
    }
    rows = []
    for name, call in calls.items():
        call()
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        rows.append({"call": name, "inputs": round(peak / z.nbytes, 2)})
        print(f"{name:20} allocates {peak / z.nbytes:5.2f} × its input of {z.nbytes >> 20} MiB")
    return rows


def measure_import(turns: int) -> dict[str, float]:
    """Median milliseconds, in fresh processes that take turns."""
    times: dict[str, list[float]] = {"numpy": [], "softmax_lib": []}
    for _ in range(turns):
        for name, values in times.items():
            code = f"import time; start = time.perf_counter(); import {name}; print(time.perf_counter() - start)"
            values.append(float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout))
    milliseconds = {name: round(1e3 * statistics.median(values), 1) for name, values in times.items()}
    ratio = milliseconds["softmax_lib"] / milliseconds["numpy"]
    print(f"import softmax_lib {milliseconds['softmax_lib']} ms, {ratio:.2f} × import numpy")
    return milliseconds


def micro(times: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value * 1e6:.4g}") for name, value in times.items()}


def machine() -> dict[str, Any]:
    """The kind of machine and the versions: no names, no addresses, no paths."""
    information = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip()
        for line in (information.read_text().splitlines() if information.exists() else [])
        if line.startswith("model name")
    ]
    versions = {"python": platform.python_version()}
    for package in ("numpy", "scipy", "scikit-learn", "torch"):
        versions[package] = importlib.metadata.version(package)
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "load_average": [round(load, 1) for load in os.getloadavg()],  # above the cores: others were at work too
        "versions": versions,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="at most, for each case")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    print(f"Speed: how many times slower a peer is. One thread each; load average {os.getloadavg()[0]:.1f}.")
    report = {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "speed": measure_speed(options.seconds),
        "limits": measure_limits(options.seconds),
        "growth": measure_growth(options.seconds),
        "memory": measure_memory(),
        "import_milliseconds": measure_import(max(3, min(15, round(4 * options.seconds)))),
    }
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written: {options.output.name}")


if __name__ == "__main__":
    main()
