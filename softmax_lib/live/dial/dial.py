"""The temperature dial."""

import traitlets

from ..base.distribution import DistributionFigure
from ..base.figure import SYNC


class TemperatureDial(DistributionFigure):
    """Logits and a temperature to drag; probabilities, formula and entropy follow.

    >>> dial = TemperatureDial(logits=[2, 1, 0], labels=["cat", "dog", "owl"], temperature=0.5)
    >>> dial.probabilities.round(3)
    array([0.867, 0.117, 0.016])
    """

    module = "dial/dial.mjs"
    title = "Temperature dial"
    program = traitlets.Unicode(
        "from softmax_lib import entropy, softmax\n"
        "probabilities = softmax({logits}, temperature={temperature})\n"
        "print(probabilities, entropy(probabilities))"
    ).tag(**SYNC)
