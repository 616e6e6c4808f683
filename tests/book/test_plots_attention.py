"""The figures of section 7.1 are drawn the same every time, in the book's colours, from what they are given."""

import numpy as np
import pytest

from drawings import is_steady_and_themed
from plots import attention

HEADS = np.random.default_rng(0).uniform(0, 3, (5, 6, 4))
NLL = 3 + np.random.default_rng(1).uniform(0, 1, (5, 3))


def layers(heads=HEADS):
    return attention.by_layer({"spread": heads, "first": heads / 3}, [1, 0.05])


def rise(nll=NLL):
    return attention.rise([0.5, 1, 2], nll)


@pytest.mark.parametrize("draw", [layers, rise])
def test_figures_are_the_same_every_time_and_know_only_the_palette(draw):
    is_steady_and_themed(draw)


def test_figures_follow_their_numbers():
    assert layers().data != layers(HEADS[:, ::-1]).data
    assert rise().data != rise(NLL[:, ::-1]).data


def test_what_all_pieces_share_does_not_show():
    """Pieces differ by far more than temperatures do: only differences from the same piece's NLL at √d count."""
    harder = NLL + np.arange(5)[:, None]
    np.testing.assert_allclose(harder - harder[:, [1]], NLL - NLL[:, [1]])
    assert rise(np.round(harder, 6)).data == rise(np.round(NLL, 6)).data
