"""The figures of guidance, on few points."""

import numpy as np

from drawings import is_steady_and_themed
from experiments.guidance import Classes, Mixture
from plots import guidance

PAIR = Classes(Mixture([[-1]]), Mixture([[1]]))
DRAWS = np.linspace(1, 3, 50)[:, None]


def test_the_targets_are_the_same_every_time_and_know_only_the_palette():
    is_steady_and_themed(lambda: guidance.two_targets(PAIR, 1, 4, DRAWS))


def test_the_two_targets_follow_their_scale():
    assert guidance.two_targets(PAIR, 1, 4, DRAWS).data != guidance.two_targets(PAIR, 1, 3, DRAWS).data


def test_the_flow_starts_in_the_same_noise_and_ends_with_fewer_modes():
    picture = guidance.FlowPicture((1, 5), points=80, frames=30)
    picture.frame(0)
    starts = [np.transpose(dots.get_data()) for dots, *_ in picture.sides]
    np.testing.assert_allclose(*starts)
    assert picture.noise.get_text() == "noise 80.0" and abs(starts[0]).max() < 2.2 * 4
    picture.frame(29)
    free, guided = (np.transpose(dots.get_data()) for dots, *_ in picture.sides)
    assert free[:, 1].std() > 1.5 * guided[:, 1].std()
    np.testing.assert_allclose(np.transpose(picture.sides[1][1].get_data()), picture.classes.of(0).means, rtol=1e-5)
    assert picture.noise.get_text() == "no noise left"


def test_the_film_writes_a_video_and_a_poster_that_its_player_names(tmp_path):
    player = guidance.flow_film(folder=tmp_path, points=5, frames=3, rest=1).data
    for name in ("guided-flow.mp4", "guided-flow.webm", "guided-flow.webp"):
        assert 0 < (tmp_path / name).stat().st_size < 300_000
        assert f"_generated/{name}" in player
