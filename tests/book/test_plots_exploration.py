"""The figures of section 5.4 are drawn the same every time, in the book's colours, from what they are given."""

import numpy as np
import pytest

from drawings import is_steady_and_themed
from experiments.bandits import Record
from plots import exploration

LINES = np.cumsum(np.random.default_rng(0).uniform(0, 1, (5, 3, 40)), axis=2)
RECORDS = {f"policy {n}": Record(regret, regret) for n, regret in enumerate(LINES)}
REGRETS = np.random.default_rng(1).uniform(100, 700, (3, 5))


def curves(records=RECORDS, most=15):
    return exploration.regret_curves(records, most)


def sweep(regrets=REGRETS):
    return exploration.against_temperature([0.1, 0.25, 1], regrets, {"annealed": [80, 82, 79], "UCB": [58, 59, 60]})


@pytest.mark.parametrize("draw", [curves, sweep])
def test_figures_are_the_same_every_time_and_know_only_the_palette(draw):
    is_steady_and_themed(draw)


def test_figures_follow_their_numbers():
    assert (
        curves().data
        != curves({name: Record(2 * record.regret, record.best_arm) for name, record in RECORDS.items()}).data
    )
    assert sweep().data != sweep(REGRETS + 10).data


def test_a_sixth_line_is_refused():
    with pytest.raises(ValueError, match="at most 5 policies, not 6"):
        curves(RECORDS | {"one more": RECORDS["policy 0"]})
