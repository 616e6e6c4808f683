"""Classifier-free guidance in one dimension: what s does to a class, in four densities."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import traitlets

from softmax_lib import log_softmax, logsumexp, softmax

from ..base.distribution import bar_cell, minus, probability_text, still
from ..base.figure import SYNC, LiveFigure

SCALE_MAX, PLACE_MAX = 8.0, 5.0
GRID = np.arange(-160, 201) / 20  # x, from -8 to 10
STARTS = np.arange(-40, 41) / 9  # of the flow, in standard deviations of its noise
NOISIEST, STEPS, STRIDE = np.log(80), 18, 0.5  # the flow lowers ln(noise) from ln 80, in 18 steps of 0.5


class Outcome(NamedTuple):
    """A distribution over x: where, how much there, and what that comes to."""

    x: np.ndarray
    shares: np.ndarray
    fidelity: float
    mean: float
    spread: float


class Places(traitlets.List[float]):
    """One to four numbers from -5 to 5."""

    def validate(self, obj: Any, value: Any) -> list[float]:
        places: list[float] = list(super().validate(obj, value) or [])
        if 1 <= len(places) <= 4 and all(abs(place) <= PLACE_MAX for place in places):
            return [float(place) for place in places]
        raise traitlets.TraitError(f"{self.name} must be one to four numbers from -5 to 5, not {places}")


class Scale(traitlets.CFloat[float, Any]):
    """0 to 8."""

    def validate(self, obj: Any, value: Any) -> float:
        scale = float(super().validate(obj, value))
        if 0 <= scale <= SCALE_MAX:
            return scale
        raise traitlets.TraitError(f"scale must be from 0 to {SCALE_MAX:g}, not {scale}: 1 is no guidance")


class Guidance(LiveFigure):
    """Two equally likely classes, each of Gaussian modes with standard deviation 1; one of them is guided to.

    >>> figure = Guidance(scale=4)
    >>> [round(outcome.mean, 2) for outcome in figure.outcomes[:3]]
    [1.0, 1.54, 1.15]
    """

    module = "guidance/guidance.mjs"
    labels = ("The class, p(x|c)", "Powered, p(x)·p(c|x)^s", "Softmax at T = 1/s", "What the sampler draws")
    title = "Guidance scale"
    moves = "drag the guidance scale"
    shared = ("scale", "modes", "others")
    scale = Scale(3.0, help="s; 1 is no guidance, and w is s - 1").tag(**SYNC)
    modes = Places(traitlets.CFloat(), [1.0], help="means of the class's modes").tag(**SYNC)
    others = Places(traitlets.CFloat(), [-1.0], help="means of the other class's modes").tag(**SYNC)
    program = traitlets.Unicode(
        "import numpy as np\n"
        "from softmax_lib import log_softmax, logsumexp, softmax\n"
        "from softmax_lib.live.guidance import guided_points\n"
        "x, s, modes, others = np.arange(-160, 201) / 20, {scale}, {modes}, {others}\n"
        "classes = [-(x[:, None] - places) ** 2 / 2 - np.log(len(places)) for places in (modes, others)]\n"
        "logits = np.stack([logsumexp(logs) for logs in classes], axis=-1)\n"
        "log_p, T = logsumexp(logits), 1 / s if s else np.inf\n"
        "powered = softmax(log_p + s * log_softmax(logits)[:, 0])  # over x\n"
        "tempered = softmax(log_p + log_softmax(logits, T)[:, 0])\n"
        "points, shares = guided_points(modes, others, s)\n"
        "print(powered @ x, tempered @ x, shares @ points)"
    ).tag(**SYNC)

    @property
    def outcomes(self) -> list[Outcome]:
        """The class, the powered density, the one of the temperature softmax, and the sampler's points."""
        logits = class_logits(GRID, self.modes, self.others)
        log_density = logsumexp(logits)
        temperature = 1 / self.scale if self.scale else np.inf
        logs = (
            logits[:, 0],
            log_density + self.scale * log_softmax(logits)[:, 0],
            log_density + log_softmax(logits, temperature)[:, 0],
        )
        drawn = [(GRID, softmax(log)) for log in logs] + [guided_points(self.modes, self.others, self.scale)]
        return [self._outcome(x, shares) for x, shares in drawn]

    def _outcome(self, x: np.ndarray, shares: np.ndarray) -> Outcome:
        fidelity = shares @ softmax(class_logits(x, self.modes, self.others))[:, 0]
        mean = shares @ x
        return Outcome(x, shares, float(fidelity), float(mean), float(np.sqrt(shares @ (x - mean) ** 2)))

    def __repr__(self) -> str:
        return f"Guidance(scale={self.scale!r}, modes={self.modes!r}, others={self.others!r})"

    def fallback(self) -> str:
        rows = (
            f"{bar_cell(outcome.fidelity)}<td>{probability_text(outcome.fidelity)}</td>"
            f"<td>{minus(f'{outcome.mean:.2f}')}</td><td>{outcome.spread:.2f}</td>"
            for outcome in self.outcomes
        )
        words = minus(
            f"Guidance scale s = {self.scale:g}: w = s − 1 = {self.scale - 1:.4g}. Fidelity is the mean of p(c|x)."
        )
        head = '<th scope="col" colspan="2">fidelity</th><th scope="col">mean</th><th scope="col">spread</th>'
        return still(self, head, rows, words, first="density")


def class_logits(x: np.ndarray, modes: list[float], others: list[float]) -> np.ndarray:
    """Return ln p(x|class) up to a constant, a column a class: their softmax is p(class|x)."""
    columns: np.ndarray = np.stack([logsumexp(_log_parts(x, places)) for places in (modes, others)], axis=-1)
    return columns


def _log_parts(x: np.ndarray, places: list[float], variance: float = 1.0) -> np.ndarray:
    parts: np.ndarray = -((x[:, None] - np.array(places)) ** 2) / (2 * variance) - np.log(len(places))
    return parts


@lru_cache(maxsize=8)
def _guided(modes: tuple[float, ...], others: tuple[float, ...], scale: float) -> np.ndarray:
    own, every = np.array(modes), np.array(modes + others)

    def slope(x: np.ndarray, log_noise: float) -> np.ndarray:
        variance = 1 + np.exp(2 * log_noise)
        ours, theirs = (_log_parts(x, list(places), variance) for places in (modes, others))
        without = softmax(np.concatenate([ours, theirs], axis=-1)) @ every
        goal = without + scale * (softmax(ours) @ own - without)
        moved: np.ndarray = -(variance - 1) / variance * (goal - x)
        return moved

    x: np.ndarray = np.exp(NOISIEST) * STARTS
    for step in range(STEPS):
        x = x + runge_kutta(slope, x, NOISIEST - step * STRIDE, -STRIDE)
    return x


def guided_points(modes: list[float], others: list[float], scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return where the guided flow carries each of its evenly spread starts, and the share of each."""
    return _guided(tuple(modes), tuple(others), scale).copy(), softmax(-(STARTS**2) / 2)


def runge_kutta(slope: Callable[[np.ndarray, float], np.ndarray], x: np.ndarray, at: float, step: float) -> np.ndarray:
    """Return how far x moves in one step of the classical fourth-order method."""
    first = slope(x, at)
    second = slope(x + step / 2 * first, at + step / 2)
    third = slope(x + step / 2 * second, at + step / 2)
    fourth = slope(x + step * third, at + step)
    moved: np.ndarray = step / 6 * (first + 2 * second + 2 * third + fourth)
    return moved
