"""The large dial: the temperature above the bars."""

from ..dial import TemperatureDial


class LargeDial(TemperatureDial):
    """The temperature dial for a first look: the temperature and the bars are large, the logits wait behind a button.

    >>> dial = LargeDial(temperature=0.2)
    >>> dial.probabilities.round(3)
    array([0.993, 0.007, 0.001, 0.   , 0.   ])
    """

    module = "large_dial/large_dial.mjs"
    title = "Large temperature dial"
