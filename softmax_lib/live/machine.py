"""The Python twin of the figures' bandit: a seed decides its arms, what each pull pays, and the luck of who picks."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from softmax_lib import pick, softmax

from .mulberry32 import mulberry32


class Machine:
    """Arms of hidden mean; whoever pulls and whenever, the first pull of an arm pays the same, and so the second.

    Rewards and means are rounded to hundredths. Estimates begin at 0; later they are the mean of an arm's rewards.

    >>> machine = Machine(3, arms=3)
    >>> machine.means
    [1.55, 0.98, -1.69]
    >>> machine.pull(2), machine.pull(1), machine.values, round(machine.regret, 2)
    (0.54, 0.92, [0.0, 0.92, 0.54], 3.81)
    """

    def __init__(self, seed: int, arms: int = 5) -> None:
        if arms < 1:
            raise ValueError(f"arms must be 1 or more, not {arms}: there is nothing to pull otherwise")
        uniforms = mulberry32(seed)
        self.means = [hundredths(normal(uniforms)) for _ in range(arms)]
        self._noise = [mulberry32(math.floor(next(uniforms) * 2**32)) for _ in range(arms)]
        self._luck = mulberry32(math.floor(next(uniforms) * 2**32))
        self.values, self.pulls = [0.0] * arms, [0] * arms
        self.regret = 0.0  # what always pulling the best arm would have paid more, on average
        self.regrets: list[float] = []  # after each pull
        self.rewards: list[float] = []  # of each pull

    def chosen(self, scores: list[float], temperature: float) -> int:
        """Return the arm that softmax(scores, temperature) picks next."""
        return int(pick(softmax(scores, temperature), next(self._luck)))

    def pull(self, arm: int) -> float:
        """Pull an arm, learn from the reward, and return it."""
        reward = hundredths(self.means[arm] + normal(self._noise[arm]))
        self.pulls[arm] += 1
        self.values[arm] += (reward - self.values[arm]) / self.pulls[arm]
        self.regret += max(self.means) - self.means[arm]
        self.regrets.append(self.regret)
        self.rewards.append(reward)
        return reward


def play(seed: int, labels: Sequence[str], played: Iterable[tuple[float | str, int]]) -> Machine:
    """Return the machine of this seed after what was played.

    Each item is a temperature and how many pulls softmax(values, temperature) chose, or a label and how many pulls of
    it were made by hand.

    >>> play(3, ["A", "B", "C"], [(0.5, 20), ("A", 1)]).pulls
    [17, 3, 1]
    """
    machine = Machine(seed, len(labels))
    for how, pulls in played:
        for _ in range(pulls):
            machine.pull(labels.index(how) if isinstance(how, str) else machine.chosen(machine.values, how))
    return machine


# --- opponents: each is a softmax as well, of these scores at this temperature
def ucb(machine: Machine) -> tuple[list[float], float]:
    """The largest of value + √(ln t / pulls), and what was never pulled first."""
    t = sum(machine.pulls) + 1
    pairs = zip(machine.values, machine.pulls, strict=True)
    return [value + math.sqrt(math.log(t) / pulls) if pulls else math.inf for value, pulls in pairs], 0


def annealed(machine: Machine) -> tuple[list[float], float]:
    """From T = 1 to 0.05 over 300 pulls, by the same factor at each; then 0.05."""
    return machine.values, 0.05 ** min(sum(machine.pulls) / 300, 1)


OPPONENTS: dict[str, Callable[[Machine], tuple[list[float], float]]] = {
    "UCB": ucb,
    "annealed": annealed,
    "greedy": lambda machine: (machine.values, 0),
    "random": lambda machine: (machine.values, math.inf),
}


def rival(opponent: str, seed: int, arms: int, pulls: int) -> Machine:
    """Return the machine of this seed after so many pulls of an opponent.

    >>> rival("greedy", 3, arms=3, pulls=10).pulls
    [0, 10, 0]
    """
    machine = Machine(seed, arms)
    for _ in range(pulls):
        machine.pull(machine.chosen(*OPPONENTS[opponent](machine)))
    return machine


# --- numbers
def normal(uniforms: Iterator[float]) -> float:
    """Return a number from N(0, 1) made of the next two uniforms: Box and Muller's method."""
    radius = math.sqrt(-2 * math.log(1 - next(uniforms)))
    return radius * math.cos(2 * math.pi * next(uniforms))


def hundredths(x: float) -> float:
    """Return the nearest hundredth, as JavaScript rounds."""
    return math.floor(100 * x + 0.5) / 100
