"""A picture and captions as points on a circle: which wrong caption pushes the picture, and where a step turns it."""

from typing import Any

import numpy as np
import traitlets

from softmax_lib import perplexity, softmax

from ..base.distribution import Temperature, bar_cell, minus, probability_text, still, temperature_text
from ..base.figure import SYNC, LiveFigure

FULL = 360.0


class Contrast(LiveFigure):
    """Unit vectors in the plane: a picture, its own caption (the first), and others, its negatives; angles in degrees.

    >>> figure = Contrast(temperature=0.1)
    >>> figure.push.round(3)
    array([0.997, 0.003, 0.   , 0.   ])
    >>> round(figure.turn, 3)
    0.307
    """

    module = "contrast/contrast.mjs"
    title = "Contrast on a circle"
    moves = "turn the picture, or drag the temperature"
    shared = ("temperature",)
    own = ("angle",)

    temperature = Temperature(1.0).tag(**SYNC)
    labels = traitlets.List(
        traitlets.Unicode(), ["cat", "dog", "owl", "fox", "bee"], help="the captions; the picture's own comes first"
    ).tag(**SYNC)
    angles = traitlets.List(
        traitlets.CFloat(), [90.0, 20.0, 140.0, 200.0, 300.0], help="where the captions lie, in degrees from the right"
    ).tag(**SYNC)
    angle = traitlets.CFloat(60.0, min=0, max=FULL, help="where the picture lies").tag(**SYNC)
    program = traitlets.Unicode(
        "import numpy as np\n"
        "from softmax_lib import perplexity, softmax\n"
        "angle, angles, T = {angle}, {angles}, {temperature}\n"
        "gaps = np.radians(angle - np.array(angles))\n"
        "cosines = np.cos(gaps).round(12)\n"
        "push = softmax(cosines[1:], T)  # the first caption is the picture's own\n"
        "turn = (softmax(cosines, T) - np.eye(len(cosines))[0]) @ np.sin(gaps)\n"
        "print(cosines, push, perplexity(push), turn)"
    ).tag(**SYNC)

    def __init__(self, **state: Any) -> None:
        """Angles that come without labels get plain ones."""
        count = len(state.get("angles", self.angles))
        if count != len(self.labels):
            state.setdefault("labels", [f"caption {number}" for number in range(count)])
        super().__init__(**state)

    @traitlets.validate("labels", "angles")
    def _one_label_an_angle(self, proposal: Any) -> Any:
        labels, angles = (
            proposal.value if proposal.trait.name == name else getattr(self, name) for name in ("labels", "angles")
        )
        if len(labels) != len(angles):
            raise traitlets.TraitError(
                f"there are {len(labels)} labels and {len(angles)} angles: give one label an angle "
                "(to change both, assign them inside `with figure.hold_trait_notifications():`)"
            )
        if len(angles) < 2 or not all(0 <= angle <= FULL for angle in angles):
            raise traitlets.TraitError(f"angles must be two or more from 0 to 360, not {angles}: one has no negatives")
        return proposal.value

    @property
    def cosines(self) -> np.ndarray:
        """Of the picture with each caption. Rounded, so that two as far away are as near."""
        cosines: np.ndarray = np.cos(self._gaps).round(12)
        return cosines

    @property
    def probabilities(self) -> np.ndarray:
        """The softmax of all cosines: how likely each caption is."""
        return softmax(self.cosines, self.temperature)

    @property
    def push(self) -> np.ndarray:
        """What each negative has of the push: the softmax of their cosines alone."""
        return softmax(self.cosines[1:], self.temperature)

    @property
    def left(self) -> float:
        """The probability of all negatives together; the pull and the whole push are this, divided by T."""
        return float(self.probabilities[1:].sum())

    @property
    def turn(self) -> float:
        """T times the slope by which descent on the loss turns the picture; above 0 is anticlockwise."""
        return float((self.probabilities - np.eye(len(self.angles))[0]) @ np.sin(self._gaps))

    @property
    def _gaps(self) -> np.ndarray:
        return np.radians(self.angle - np.array(self.angles))

    def fallback(self) -> str:
        temperature = temperature_text(self.temperature)
        shares = ['<td colspan="2">its own</td>', *(f"{bar_cell(q)}<td>{probability_text(q)}</td>" for q in self.push)]
        rows = (f"<td>{minus(f'{z:.2f}')}</td>{share}" for z, share in zip(self.cosines, shares, strict=True))
        return still(
            self,
            f'<th scope="col">cosine</th><th scope="col" colspan="2">share of the push at T = {temperature}</th>',
            rows,
            f"The picture lies at {self.angle:g}°. As many negatives push as {perplexity(self.push):.2f} alike; "
            f"the probability of all of them together is {probability_text(self.left)}. "
            f"The slope that turns the picture is {minus(f'{self.turn:.3f}')} divided by T.",
            first="caption",
        )

    def __repr__(self) -> str:
        return f"Contrast(temperature={self.temperature!r}, angle={self.angle!r})"
