"""The shared figures, on inputs small enough to draw in a moment."""

import re
from xml.etree import ElementTree

import imageio_ffmpeg
import numpy as np
import pytest

import plots
from drawings import is_steady_and_themed
from plots import steps
from support import ROOT

LOGITS, NAMES = [2.0, 1.0, 0.5], ["cat", "dog", "owl"]
ANY_SIZE = np.full((48, 64, 3), 200, np.uint8)


def luminance(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("palette", [plots.LIGHT, plots.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "soft", "bar", "now-ink"])
def test_colours_stand_out_from_their_paper(palette, name):
    darker, lighter = sorted([luminance(palette[name]), luminance(palette["paper"])])
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_static_and_live_figures_share_their_colours():
    style = (ROOT / "softmax_lib/live/base/base.css").read_text("utf-8")
    live = {name: pair for name, *pair in re.findall(r"--([a-z-]+): light-dark\((#\w+), (#\w+)\)", style)}
    assert {name: list(pair) for name, pair in plots.PALETTE.items()} == {name: live[name] for name in plots.PALETTE}


def test_entropy_curve_is_the_same_every_time():
    drawing = steps.entropy_curve(LOGITS, temperature=2).data
    ElementTree.fromstring(drawing.encode())
    assert drawing == steps.entropy_curve(LOGITS, temperature=2).data
    assert drawing != steps.entropy_curve(LOGITS, temperature=3).data


@pytest.mark.parametrize(
    "draw", [lambda: steps.shifted_shares([2, 1, -2], NAMES), lambda: steps.sigmoid_curve(2)], ids=["shift", "sigmoid"]
)
def test_curves_are_the_same_every_time_and_know_only_the_palette(draw):
    is_steady_and_themed(draw)


def test_figures_follow_the_colour_scheme():
    drawing = steps.entropy_curve(LOGITS).data
    rules = re.search("<style>(svg.*?)</style>", drawing).group(1)
    light, dark = rules.split("@media(prefers-color-scheme:dark)")
    for name, (on_light, on_dark) in plots.PALETTE.items():
        assert f"--{name}:{on_light};" in light and f"--{name}:{on_dark};" in dark
    # Every other colour is a name, so that no part of a figure stays behind.
    assert set(re.findall("#[0-9a-f]{6}", drawing)) <= {value for pair in plots.PALETTE.values() for value in pair}
    assert "var(--now-ink)" in drawing


def test_tangent_has_the_slope_of_the_entropy():
    figure = steps.Figure()
    axes = figure.subplots()
    steps.draw_tangent(axes, LOGITS, 2.0)
    temperatures, heights = axes.lines[0].get_data()
    middle, slope = np.exp(np.log(temperatures).mean()), np.diff(heights) / np.diff(np.log(temperatures))
    assert np.isclose(middle, 2) and np.isclose(slope, 2 * steps.entropy_slope(LOGITS, 2.0))


def test_a_frame_shows_probabilities_on_a_fixed_axis():
    picture = steps.SweepPicture(LOGITS, NAMES)
    axes = picture.bars[0].axes
    limits = axes.get_xlim()
    cold, warm = picture.frame(0.1).copy(), picture.frame(1).copy()
    assert cold.shape == warm.shape == (720, 960, 3) and cold.dtype == np.uint8
    assert (cold != warm).any()
    assert np.allclose([bar.get_width() for bar in picture.bars], steps.softmax(LOGITS))
    assert [value.get_text() for value in picture.values] == ["0.629", "0.231", "0.140"]
    assert axes.get_xlim() == limits and list(axes.get_xticks()) == [0, 0.5, 1]


@pytest.mark.parametrize("kind", plots.CODECS)
def test_encoding_gives_the_same_bytes_and_keeps_every_frame(tmp_path, kind):
    first, second = tmp_path / f"first{kind}", tmp_path / f"second{kind}"
    for path in (first, second):
        plots.encode([path], [ANY_SIZE, ANY_SIZE // 2, ANY_SIZE // 4])
    assert first.read_bytes() == second.read_bytes()
    assert imageio_ffmpeg.count_frames_and_secs(str(first))[0] == 3
    assert sorted(tmp_path.iterdir()) == [first, second]


def test_sweep_writes_a_video_and_a_poster_that_its_player_names(tmp_path):
    player = steps.temperature_sweep(LOGITS, NAMES, folder=tmp_path, frames=2).data
    for name in ("temperature-sweep.mp4", "temperature-sweep.webm", "temperature-sweep.webp"):
        assert (tmp_path / name).stat().st_size < 300_000
        assert f"_generated/{name}" in player
    assert 'preload="none"' in player and "controls" in player and "autoplay" not in player
    assert re.search('aria-label="Animation: [^"]+"', player)


def test_errors_and_p_values_are_drawn_the_same_every_time():
    errors = 1 / np.sqrt([1, 10, 100]) * [[0.5], [0.7], [0.9]]
    runs = {"right": ([1, 1000], [0.5, 0.02]), "wrong": ([1, 1000], [0.5, 0.1])}
    drawing = steps.error_against_draws([1, 10, 100], errors, runs, 0.1).data
    assert drawing == steps.error_against_draws([1, 10, 100], errors, runs, 0.1).data
    assert "var(--bar)" in drawing and "var(--now-ink)" in drawing
    histograms = steps.p_value_histograms({"right": np.linspace(0, 1, 100), "wrong": np.zeros(100)}).data
    for svg in (drawing, histograms):
        ElementTree.fromstring(svg.encode())


def test_filled_bars_show_the_shares_of_the_first_draws():
    picture = steps.FillPicture(LOGITS, NAMES, most=1000)
    for n in (1, 1000):
        picture.frame(n)
        shares = np.bincount(picture.picks[:n], minlength=3) / n
        p, reach = picture.p, 2 * np.sqrt(picture.p * (1 - picture.p) / n)
        assert np.allclose([bar.get_width() for bar in picture.bars], shares)
        assert [value.get_text() for value in picture.values] == [f"{share:.3f}" for share in shares]
        ends = np.array([whisker.get_xdata() for whisker in picture.whiskers]).T
        assert np.allclose(ends, np.clip([p - reach, p + reach], 0, 1))
    assert picture.draws.get_text() == "n = 1,000"


def test_fill_writes_a_video_and_a_poster_that_its_player_names(tmp_path):
    player = steps.histogram_fill(LOGITS, NAMES, folder=tmp_path, frames=2, most=50).data
    for name in ("histogram-fill.mp4", "histogram-fill.webm", "histogram-fill.webp"):
        assert (tmp_path / name).stat().st_size < 300_000
        assert f"_generated/{name}" in player


def test_the_staircase_marks_the_pick():
    drawing = steps.staircase(LOGITS, NAMES, u=0.7).data
    assert drawing == steps.staircase(LOGITS, NAMES, u=0.7).data != steps.staircase(LOGITS, NAMES, u=0.2).data
    assert set(re.findall("#[0-9a-f]{6}", drawing)) <= {value for pair in plots.PALETTE.values() for value in pair}


def test_a_fall_starts_at_u_and_ends_below_the_pick():
    picture = steps.FallPicture(LOGITS, NAMES, [0.7, 0.1, 0.99])
    assert [NAMES[k] for k in picture.picks] == ["dog", "cat", "owl"]
    for n, u in enumerate(picture.uniforms):
        picture.frame(n, 0)
        assert (picture.marker.get_xdata()[0], picture.answer.get_text()) == (u, "")
        picture.frame(n, 1)
        assert int(picture.marker.get_xdata()[0] * len(NAMES)) == picture.picks[n]
        assert picture.answer.get_text() == NAMES[picture.picks[n]]
        assert len(picture.past.get_xdata()) == n


def test_the_fall_writes_a_video_and_a_poster_that_its_player_names(tmp_path):
    player = steps.sample_fall(LOGITS, NAMES, [0.7], folder=tmp_path, frames=2).data
    for name in ("sample-fall.mp4", "sample-fall.webm", "sample-fall.webp"):
        assert (tmp_path / name).stat().st_size < 300_000
        assert f"_generated/{name}" in player
