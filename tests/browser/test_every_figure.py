"""What holds for every live figure, whatever it shows."""

import pytest

from support import FIGURES

WIDTHS = (320, 340, 360, 412, 480, 600, 704, 1280)
ADDED = 30  # pixels that may stay free below a figure


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_its_height_is_reserved_at_any_width(show, figure):
    page = show(figure())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        card = page.locator(".lf-host .lf").bounding_box()["height"]
        reserved = page.evaluate("parseFloat(getComputedStyle(document.querySelector('live-figure'), '::before').height)")
        assert card - 1 <= reserved <= card + ADDED, f"at {width} px"
