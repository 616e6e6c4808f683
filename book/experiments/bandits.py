"""Bandits: arms of unknown mean, policies that decide which to pull, and what not knowing costs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from softmax_lib import sample, softmax

Floats = NDArray[np.floating]
# From estimated values and pulls so far (a row a bandit, a column an arm) and the number of the step, from 0:
# the probability of each arm. Every policy here is a softmax of something.
Policy = Callable[[Floats, Floats, int], Floats]
Schedule = Callable[[int], float]


# --- what is played
@dataclass(frozen=True)
class Testbed:
    """Many bandits: their means, and the noise of the reward at each step."""

    means: Floats  # (bandits, arms)
    noise: Floats  # (steps, bandits)

    def __post_init__(self) -> None:
        if self.means.ndim != 2 or 0 in self.means.shape:
            raise ValueError(
                f"means must be of shape (bandits, arms), not {self.means.shape}: give each bandit an arm at least"
            )
        if len(self.noise) < 1 or self.noise.shape[1:] != self.means.shape[:1]:
            raise ValueError(f"noise must be of shape (steps, bandits), not {self.noise.shape}: give one step at least")


def testbed(
    seeds: Iterable[int],
    *,
    bandits: int = 400,
    arms: int = 10,
    steps: int = 1000,
    spread: float = 1.0,
    noise: float = 1.0,
) -> Testbed:
    """So many bandits from each seed: means from N(0, spread²), rewards from N(mean, noise²).

    At 1 and 1 it is Sutton and Barto's.
    """
    for name, size in (("bandits", bandits), ("arms", arms), ("steps", steps)):
        if size < 1:
            raise ValueError(f"{name} must be 1 or more, not {size}: there is nothing to play otherwise")
    for name, deviation in (("spread", spread), ("noise", noise)):
        if not 0 <= deviation < np.inf:
            raise ValueError(f"{name} must be 0 or more and finite, not {deviation}: it is a standard deviation")
    generators = [np.random.default_rng(seed) for seed in seeds]
    means = [spread * rng.standard_normal((bandits, arms)) for rng in generators]
    errors = [noise * rng.standard_normal((steps, bandits)) for rng in generators]
    return Testbed(np.concatenate(means), np.concatenate(errors, axis=1))


# --- policies
def boltzmann(temperature: float | Schedule) -> Policy:
    """softmax(values, T), at one temperature or at that of each step."""
    schedule = temperature if callable(temperature) else constant(temperature)
    return lambda values, pulls, step: softmax(values, schedule(step))


def greedy() -> Policy:
    """The best estimate, always: the softmax at T = 0, where equal values share."""
    return boltzmann(0.0)


def epsilon_greedy(epsilon: float) -> Policy:
    """The best estimate, but with probability `epsilon` any arm: a mixture of T = 0 and T = ∞."""
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon must be from 0 to 1, not {epsilon}: it is a probability")
    return lambda values, pulls, step: (1 - epsilon) * softmax(values, 0) + epsilon / values.shape[-1]


def upper_confidence_bound(weight: float) -> Policy:
    """The best of value + weight √(ln t / pulls): an arm has a bonus while it is little known; all are tried first."""
    if not 0 <= weight < np.inf:
        raise ValueError(
            f"weight must be 0 or more and finite, not {weight}: it multiplies the bonus of what is little known"
        )

    def probabilities(values: Floats, pulls: Floats, step: int) -> Floats:
        bonus = weight * np.sqrt(np.log(step + 1) / np.maximum(pulls, 1))
        return softmax(np.where(pulls == 0, np.inf, values + bonus), 0)

    return probabilities


# --- temperatures that change with the step
def constant(temperature: float) -> Schedule:
    _check_temperature("temperature", temperature)
    return lambda step: temperature


def annealed(start: float, end: float, steps: int) -> Schedule:
    """From `start` to `end` by the same factor at each of so many steps, and `end` from then on."""
    for name, temperature in (("start", start), ("end", end)):
        _check_temperature(name, temperature)
        if not 0 < temperature < np.inf:
            raise ValueError(f"{name} must be above 0 and finite, not {temperature}: no constant factor leads there")
    if steps < 1:
        raise ValueError(f"steps must be 1 or more, not {steps}: for a fixed temperature use constant(end)")
    return lambda step: start * (end / start) ** min(step / steps, 1.0)


def _check_temperature(name: str, temperature: float) -> None:
    if not temperature >= 0:
        raise ValueError(f"{name} must be 0 or more, not {temperature}: below 0 the worst arm would be preferred")


# --- playing
@dataclass(frozen=True)
class Record:
    """After each step, a row a bandit: the regret so far, and whether its best arm was pulled."""

    regret: Floats  # (bandits, steps)
    best_arm: NDArray[np.bool_]  # (bandits, steps)

    def regret_after(self, steps: int) -> Floats:
        """The regret of each bandit after so many steps."""
        if not 1 <= steps <= self.regret.shape[1]:
            raise ValueError(f"steps must be from 1 to {self.regret.shape[1]}, not {steps}: no other was played")
        return self.regret[:, steps - 1]


def play(bed: Testbed, policy: Policy, seed: int = 0) -> Record:
    """Let a policy play every bandit once a step, with estimates that begin at 0."""
    rng = np.random.default_rng([seed, 1])
    bandits, arms = bed.means.shape
    first = arms * np.arange(bandits)
    gaps = bed.means.max(axis=1, keepdims=True) - bed.means
    values, pulls = np.zeros_like(bed.means), np.zeros_like(bed.means)
    mean, gap, value, count = (table.ravel() for table in (bed.means, gaps, values, pulls))  # the same numbers in a row
    regret, best = (
        np.empty(bed.noise.shape, np.float32),
        np.empty(bed.noise.shape, np.bool_),
    )  # small: a chapter keeps many
    lost = np.zeros(bandits)
    for step, noise in enumerate(bed.noise):
        place = first + sample(policy(values, pulls, step), rng=rng)
        count[place] += 1
        value[place] += (mean[place] + noise - value[place]) / count[place]  # the mean of the arm's rewards
        lost += gap[place]
        regret[step], best[step] = lost, gap[place] == 0
    return Record(regret.T, best.T)
