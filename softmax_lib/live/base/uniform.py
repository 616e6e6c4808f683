"""What a figure that draws keeps: the number that decides, and the past picks."""

from typing import Any

import traitlets

from .figure import SYNC


class Uniform(traitlets.CFloat[float, Any]):
    """A number in [0, 1)."""

    def validate(self, obj: Any, value: Any) -> float:
        u = float(super().validate(obj, value))
        if 0 <= u < 1:
            return u
        raise traitlets.TraitError(f"u must be in [0, 1), not {u}")


class Draws(traitlets.HasTraits):
    """What a figure that draws remembers."""

    seed = traitlets.Int(7, help="of the numbers that will be drawn").tag(**SYNC)
    drawn = traitlets.Int(0, help="how many of them have been drawn").tag(**SYNC)
    picks = traitlets.List(traitlets.Dict(), help="the past picks, oldest first").tag(**SYNC)
