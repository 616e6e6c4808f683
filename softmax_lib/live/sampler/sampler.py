"""The sampler: one random number, one pick."""

import html
from itertools import islice

import numpy as np
import traitlets

import softmax_lib

from ..base.distribution import DistributionFigure, bar_cell, probability_text, temperature_text
from ..base.figure import SYNC
from ..base.uniform import Draws, Uniform
from ..mulberry32 import gumbel_noise, mulberry32


class Sampler(Draws, DistributionFigure):
    """A number u falls on the probabilities laid end to end; the class that it hits is the pick.

    >>> sampler = Sampler(u=0.7)
    >>> sampler.labels[sampler.pick]
    'dog'
    >>> sampler.draw()
    >>> sampler.picks
    [{'class': 0, 'u': 0.011704753153026104, 'temperature': 1.0, 'gumbel': False}]
    """

    module = "sampler/sampler.mjs"
    title = "Sampler"
    moves = "draw samples, drag u, the temperature or a logit"
    shared = ("logits", "temperature", "u")
    own = ("gumbel", "drawn", "picks")

    u = Uniform(0.7, help="the number that decides").tag(**SYNC)
    gumbel = traitlets.Bool(False, help="decide by Gumbel noise, seeded by u, instead").tag(**SYNC)
    program = traitlets.Unicode(
        "from softmax_lib import pick, softmax\n"
        "probabilities = softmax({logits}, temperature={temperature})\n"
        "print(probabilities, pick(probabilities, {u}))"
    ).tag(**SYNC)
    gumbel_program = traitlets.Unicode(
        "from softmax_lib import log_softmax\n"
        "from softmax_lib.live import gumbel_noise\n"
        "logits = {logits}\n"
        "totals = log_softmax(logits, temperature={temperature}) + gumbel_noise({u}, len(logits))\n"
        "print(totals, totals.argmax())"
    ).tag(**SYNC)

    @property
    def pick(self) -> int:
        """The class that is picked now."""
        if self.gumbel:
            log_p = softmax_lib.log_softmax(self.logits, self.temperature)
            return int(np.argmax(log_p + gumbel_noise(self.u, len(self.labels))))
        return int(softmax_lib.pick(self.probabilities, self.u))

    def draw(self) -> None:
        """Draw the next number and keep the pick: what the button does."""
        with self.hold_trait_notifications():
            self.u = next(islice(mulberry32(self.seed), self.drawn, None))
            self.drawn += 1
            now = {"class": self.pick, "u": self.u, "temperature": self.temperature, "gumbel": self.gumbel}
            self.picks = [*self.picks, now]

    def as_python(self) -> str:
        return self._filled(self.gumbel_program if self.gumbel else self.program)

    def fallback(self) -> str:
        p, sums = self.probabilities, np.cumsum(self.probabilities)
        rows = (
            f"<td>{probability_text(c)}</td>{bar_cell(q)}<td>{probability_text(q)}</td>"
            for c, q in zip(sums, p, strict=True)
        )
        label = html.escape(self.labels[self.pick])
        return self._still(
            '<th scope="col">sum so far</th>'
            f'<th scope="col" colspan="2">probability at T = {temperature_text(self.temperature)}</th>',
            rows,
            f"The number u = {self.u:g} picks {label}: the first class whose sum exceeds u."
            if not self.gumbel
            else f"Gumbel noise seeded by u = {self.u:g} picks {label}.",
        )
