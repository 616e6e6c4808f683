"""What every static figure must be: the same at each drawing, and in the colours of the page alone."""

import re
from xml.etree import ElementTree

import plots

COLOURS = {value for pair in plots.PALETTE.values() for value in pair}


def is_steady_and_themed(draw):
    drawing = draw().data
    ElementTree.fromstring(drawing.encode())
    assert drawing == draw().data
    assert set(re.findall("#[0-9a-f]{6}", drawing)) <= COLOURS
