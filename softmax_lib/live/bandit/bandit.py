"""A bandit that the reader plays, with a temperature, against another policy."""

from typing import Any

import numpy as np
import traitlets

from softmax_lib import softmax

from ..base.distribution import Temperature, bar_cell, minus, probability_text, still, temperature_text
from ..base.figure import SYNC, LiveFigure
from ..machine import OPPONENTS, Machine, play, rival

MOST = 1000  # pulls of a game
MOST_ARMS = 8


class Played(traitlets.List[Any]):
    """What was done, in order: [a temperature, so many pulls at it] or [an arm's label, so many pulls by hand]."""

    def validate(self, obj: Any, value: Any) -> list[Any]:
        moves = [self._move(move) for move in super().validate(obj, value) or []]
        total = sum(pulls for _, pulls in moves)
        if total > MOST:
            raise traitlets.TraitError(
                f"played may hold {MOST:,} pulls, not {total:,}: begin another game with played = []"
            )
        return moves

    def _move(self, move: Any) -> list[Any]:
        if not (isinstance(move, (list, tuple)) and len(move) == 2):
            raise traitlets.TraitError(f"a move is [a temperature or an arm, a number of pulls], not {move!r}")
        how, pulls = move
        if type(pulls) is not int or pulls < 1:
            raise traitlets.TraitError(f"the pulls of a move must be a whole number from 1, not {pulls!r}")
        return [how if isinstance(how, str) else Temperature().validate(None, how), pulls]


class Bandit(LiveFigure):
    """Arms that pay at random, estimates of what they pay, and softmax(values, T), which pulls the next.

    All that happens follows from the state: from the seed, the labels and what was played.

    >>> bandit = Bandit(temperature=0.5)
    >>> bandit.pull(100)
    >>> bandit.pull_arm("E")
    >>> bandit.played, bandit.machine.pulls
    ([[0.5, 100], ['E', 1]], [1, 62, 2, 34, 2])
    """

    module = "bandit/bandit.mjs"
    title = "Bandit"
    moves = "pull, drag the temperature, and see what not knowing costs"
    shared = ("temperature", "seed")
    own = ("played", "opponent", "revealed")

    labels = traitlets.List(traitlets.Unicode(), ["A", "B", "C", "D", "E"], help="of the arms").tag(**SYNC)
    temperature = Temperature(1.0).tag(**SYNC)
    seed = traitlets.Int(58, min=0, max=2**32 - 1, help="of the arms, what they pay, and the luck").tag(**SYNC)
    played = Played(help="what was done, in order").tag(**SYNC)
    opponent = traitlets.Enum(list(OPPONENTS), "UCB", help="who plays the same bandit beside").tag(**SYNC)
    revealed = traitlets.Bool(False, help="whether the true means are shown").tag(**SYNC)
    program = traitlets.Unicode(
        "from softmax_lib import softmax\n"
        "from softmax_lib.live.machine import play, rival\n"
        "labels, seed = {labels}, {seed}\n"
        "game = play(seed, labels, {played})\n"
        "print(game.pulls, game.values, game.regret)\n"
        "print(softmax(game.values, temperature={temperature}))\n"
        "print(rival({opponent}, seed, len(labels), sum(game.pulls)).regret)"
    ).tag(**SYNC)

    @traitlets.validate("labels", "played")
    def _arms_that_are_there(self, proposal: Any) -> Any:
        labels, played = (
            proposal.value if proposal.trait.name == name else getattr(self, name) for name in ("labels", "played")
        )
        if not 1 <= len(set(labels)) == len(labels) <= MOST_ARMS:
            raise traitlets.TraitError(f"labels must be 1 to {MOST_ARMS} different names, not {labels}")
        for how, _ in played:
            if isinstance(how, str) and how not in labels:
                raise traitlets.TraitError(f"an arm must be one of {', '.join(labels)}, not {how!r}")
        return proposal.value

    @property
    def machine(self) -> Machine:
        """The bandit after all that was played: its values, pulls and regret."""
        return play(self.seed, self.labels, self.played)

    @property
    def probabilities(self) -> np.ndarray:
        """The probability that each arm is pulled next."""
        return softmax(self.machine.values, self.temperature)

    @property
    def rival(self) -> Machine:
        """The opponent's bandit after as many pulls."""
        return rival(self.opponent, self.seed, len(self.labels), sum(pulls for _, pulls in self.played))

    def pull(self, times: int = 1) -> None:
        """Pull arms drawn from softmax(values, temperature): what the buttons do."""
        self._add(self.temperature, times)

    def pull_arm(self, label: str) -> None:
        """Pull one arm by hand."""
        self._add(label, 1)

    def _add(self, how: Any, pulls: int) -> None:
        *before, last = self.played or [[None, 0]]
        if last[0] == how:
            self.played = [*before, [how, last[1] + pulls]]
        else:
            self.played = [*self.played, [how, pulls]]

    def fallback(self) -> str:
        game, temperature = self.machine, temperature_text(self.temperature)
        rows = (
            f"<td>{pulls}</td><td>{minus(f'{value:.2f}')}</td>{bar_cell(p)}<td>{probability_text(p)}</td>"
            for pulls, value, p in zip(game.pulls, game.values, self.probabilities, strict=True)
        )
        return still(
            self,
            '<th scope="col">pulls</th><th scope="col">value</th>'
            f'<th scope="col" colspan="2">probability at T = {temperature}</th>',
            rows,
            f"Bandit {self.seed}: after {sum(game.pulls)} pulls the regret is {game.regret:.1f}; that of the opponent "
            f"({self.opponent}) is {self.rival.regret:.1f}.",
            first="arm",
        )

    def _style(self) -> str:
        return f"--rows:{len(self.labels)}"
