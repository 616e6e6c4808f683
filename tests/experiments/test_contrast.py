"""The contrastive loss against its definition and finite differences; what is measured, against closed forms."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from experiments import contrast
from experiments.contrast import (
    backwards,
    cosines,
    fitted,
    judge,
    learn,
    neighbourhood,
    pixels_alone,
    probe,
    settle,
    slopes,
    train,
    views,
)
from experiments.digits import split
from experiments.networks import Network
from softmax_lib import cross_entropy

RNG = np.random.default_rng(0)
OUTPUTS = RNG.normal(size=(10, 3))  # five pairs
LEFT_OUT = np.zeros((5, 5), bool)
LEFT_OUT[[0, 0, 3], [1, 4, 2]] = True


def loss(outputs, temperature, left_out=LEFT_OUT & False):
    """In plain sums, as it is defined."""
    pairs, total = len(outputs) // 2, 0.0
    for i, anchor in enumerate(outputs[:pairs]):
        weights = []
        for k, other in enumerate(outputs[pairs:]):
            z = anchor @ other / np.sqrt((anchor @ anchor) * (other @ other))
            weights.append(0 if left_out[i, k] else np.exp(z / temperature))
        total -= np.log(weights[i] / np.sum(weights)) / pairs
    return total


def central(function, x, step=1e-6):
    x = np.asarray(x, float)
    found = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[at] = step
        found[at] = (function(x + e) - function(x - e)) / (2 * step)
    return found


def test_cosines():
    first, second = np.split(OUTPUTS, 2)
    angles = np.arccos(cosines(OUTPUTS))
    for i, k in ((0, 0), (1, 3)):
        unit = [row / np.linalg.norm(row) for row in (first[i], second[k])]
        assert 2 * np.sin(angles[i, k] / 2) == pytest.approx(np.linalg.norm(unit[0] - unit[1]))
    assert (cosines(np.concatenate([first, 3 * first])).diagonal() == pytest.approx(1)) and cosines(
        OUTPUTS
    ) == pytest.approx(cosines(7 * OUTPUTS))


@pytest.mark.parametrize("temperature", [0.07, 0.5, 3])
@pytest.mark.parametrize("left_out", [None, LEFT_OUT])
def test_slopes_are_those_of_the_loss(temperature, left_out):
    found = slopes(OUTPUTS, np.array(temperature), left_out)
    without = LEFT_OUT & False if left_out is None else left_out
    np.testing.assert_allclose(
        found.by_outputs, central(lambda h: loss(h, temperature, without), OUTPUTS), rtol=1e-5, atol=1e-8
    )
    by_log_scale = central(lambda t: loss(OUTPUTS, np.exp(-t[0]), without), [-np.log(temperature)])
    np.testing.assert_allclose(found.by_log_scale, by_log_scale[0], rtol=1e-6)
    assert cross_entropy(cosines(OUTPUTS), np.arange(5), temperature).mean() == pytest.approx(
        loss(OUTPUTS, temperature)
    )


def test_networks_beside_each_other_have_a_temperature_each():
    both = slopes(np.stack([OUTPUTS, 2 * OUTPUTS]), np.array([0.1, 1.0]))
    for k, T in enumerate([0.1, 1.0]):
        alone = slopes((1 + k) * OUTPUTS, np.array(T))
        np.testing.assert_allclose(both.by_outputs[k], alone.by_outputs, atol=1e-15)
        np.testing.assert_allclose(both.by_log_scale[k], alone.by_log_scale)


def test_slopes_by_the_weights():
    network, pairs = Network((4, 5, 3), np.random.default_rng(1)), RNG.normal(size=(10, 4))
    found, by_log_scale = backwards(network, pairs, np.array(0.3), None)

    def after(parameters):
        other = Network((4, 5, 3), np.random.default_rng(1))
        other.__setstate__((network.sizes, parameters))
        return loss(other.logits(pairs), 0.3)

    np.testing.assert_allclose(found, central(after, network.parameters), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(by_log_scale, slopes(network.logits(pairs), np.array(0.3)).by_log_scale)


def test_views_are_noisy_copies_of_the_digits_that_were_asked_for():
    copies = RNG.uniform(size=(9, 6, 400)).astype(np.float32)
    rows = np.array([4, 1])
    seen = views(copies, rows, np.random.default_rng(0))
    assert seen.shape == (4, 400) and seen.dtype == np.float32
    chosen = set()
    for view, row in zip(seen, [4, 1, 4, 1], strict=True):
        distances = (view - copies[:, row]).std(axis=1)
        assert distances.min() == pytest.approx(0.1, rel=0.15)
        chosen.add(int(distances.argmin()))
    assert len(chosen) > 1


class TestTraining:
    def test_the_loss_falls(self):
        before, after = (train(0, [0.2], epochs=epochs) for epochs in (0, 2))
        rows = np.random.default_rng(5).permutation(700)[:64]
        pairs = views(contrast.copies_of(before.unseen), rows, np.random.default_rng(6))
        losses = [
            cross_entropy(cosines(one.network.logits(pairs))[0], np.arange(64), 0.2).mean() for one in (before, after)
        ]
        assert losses[1] < losses[0] - 0.3

    def test_all_start_alike_and_part(self):
        still, moved = (train(1, [0.1, 1], epochs=epochs) for epochs in (0, 1))
        assert (still.network.parameters[0] == still.network.parameters[1]).all()
        assert not np.allclose(*moved.network.parameters)
        alone = train(1, [1], epochs=1).network.parameters
        np.testing.assert_allclose(moved.network.parameters[1], alone[0], atol=1e-4)
        assert moved.path == pytest.approx(np.array([[0.1, 1]] * 2)) and moved.temperatures == pytest.approx([0.1, 1])

    def test_a_learned_temperature_goes_down_the_slope_and_ends_at_its_limit(self, monkeypatch):
        found = train(0, [0.5, 0.01], epochs=1, learned=True)
        assert found.path.shape == (2, 2) and found.path[0] == pytest.approx([0.5, 0.01])
        assert found.temperatures == pytest.approx(found.path[-1])
        assert 0.2 < found.temperatures[0] < 0.45 and found.temperatures[1] > 0.01
        monkeypatch.setattr(contrast, "COLDEST", 0.3)
        assert train(0, [0.5], epochs=2, learned=True).temperatures == pytest.approx([0.3])

    def test_known_classes_take_the_push_away(self, monkeypatch):
        monkeypatch.setattr(contrast, "split", alike)
        known = train(0, [0.1], epochs=1, classes_known=True).network.parameters
        assert (known == train(0, [0.1], epochs=0).network.parameters).all()  # all of one class: nothing pushes
        assert (known != train(0, [0.1], epochs=1).network.parameters).any()

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"temperatures": [0.1, 0.001]}, "temperatures must be 0.01 or more, and one at least, not"),
            ({"temperatures": []}, "and one at least"),
            ({"temperatures": [1], "batch": 1}, "batch must be from 2 to 1000, not 1: a pair alone has no negatives"),
            ({"temperatures": [1], "batch": 1001}, "batch must be from 2 to 1000, not 1001"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, wrong, words):
        with pytest.raises(ValueError, match=words):
            train(0, epochs=1, **wrong)


def alike(rng, *sizes):
    return [(pixels, 0 * labels) for pixels, labels in split(rng, *sizes)]


def test_odd_rows_are_no_pairs():
    with pytest.raises(ValueError, match=r"even number of rows, first views before second, not shape \(3, 2\)"):
        cosines(np.ones((3, 2)))


class TestMeasures:
    def test_two_classes_at_right_angles(self):
        """Batches of four, two of each class: one of the own class at cosine 1, two others at 0."""
        labels = np.array([0, 0, 1, 1] * 3 + [0])  # the last fills no batch
        T, e = 0.4, np.e
        same, other, uniformity, pushers, own = neighbourhood(np.eye(2)[labels], labels, T, size=4)
        assert (same, other) == pytest.approx((1, 0))
        assert uniformity == pytest.approx(np.log((1 + 2 * e**-4) / 3))
        p = np.array([e ** (1 / T), 1, 1]) / (e ** (1 / T) + 2)
        assert own == pytest.approx(p[0])
        assert pushers == pytest.approx(e ** -np.sum(p * np.log(p)))

    def test_all_push_alike_in_the_heat(self):
        places = contrast.on_sphere(RNG.normal(size=(64, 5)))
        *_, pushers, own = neighbourhood(places, np.arange(64) % 8, 1e6)
        assert pushers == pytest.approx(63) and own == pytest.approx(7 / 63, rel=1e-4)

    def test_the_linear_map_is_that_of_another_library(self):
        rng = np.random.default_rng(3)
        (known, classes), (asked, labels) = split(rng, 500)
        known, asked = (pixels + 0.01 * rng.normal(size=pixels.shape) for pixels in (known, asked))
        theirs = LinearRegression().fit(known, np.eye(10)[classes]).predict(asked).argmax(axis=1)
        assert probe(known, classes, asked, labels) == np.mean(theirs == labels)
        assert probe(np.eye(10)[classes], classes, np.eye(10)[labels], labels) == 1

    def test_pixels_alone(self):
        found = pixels_alone([0, 1])
        assert found.shape == (2,) and (found > 0.88).all() and (found < 0.97).all() and found[0] != found[1]

    def test_encoders_are_judged_a_row_a_temperature(self):
        encoders = train(2, [0.1, 1], epochs=1)
        rows = np.array(judge(encoders))
        assert rows.shape == (2, 7)
        (pixels, classes), (unseen, labels) = encoders.seen, encoders.unseen
        hidden = [
            np.maximum(x @ encoders.network.weights[0][1] + encoders.network.biases[0][1], 0) for x in (pixels, unseen)
        ]
        assert rows[1, 1] == probe(hidden[0], classes, hidden[1], labels)
        places = contrast.on_sphere(encoders.network.logits(unseen)[1])
        assert rows[1, 2:] == pytest.approx(neighbourhood(places, labels, 1.0))

    def test_learning_keeps_seeds_and_temperatures_apart(self):
        found = learn([3, 4], [0.1, 1], epochs=1)
        assert found.probe.shape == (2, 2)
        assert found.same[1] == pytest.approx(np.array(judge(train(4, [0.1, 1], epochs=1)))[:, 2])

    def test_the_fitted_temperature_has_the_least_loss(self):
        encoders = train(0, [0.1, 1], epochs=1)
        found = fitted(encoders, np.random.default_rng(7), batches=3)
        copies, rng = contrast.copies_of(encoders.unseen), np.random.default_rng(7)
        z = [cosines(encoders.network.logits(views(copies, rng.permutation(797)[:64], rng))) for _ in range(3)]
        for k, T in enumerate(found):
            losses = [
                np.mean([cross_entropy(rows[k].astype(float), np.arange(64), t).mean() for rows in z])
                for t in (0.98 * T, T, 1.02 * T)
            ]
            assert losses[1] == min(losses)

    def test_settling_says_where_each_start_went(self):
        found = settle([1, 2], [0.05, 0.5], epochs=1)
        assert found.path.shape == (2, 2, 2) and found.fitted.shape == found.probe.shape == (2, 2)
        assert found.path[:, 0] == pytest.approx(np.array([[0.05, 0.5]] * 2))
        assert found.path[1] == pytest.approx(train(2, [0.05, 0.5], epochs=1, learned=True).path)
