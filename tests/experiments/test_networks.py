import numpy as np
import pytest
from sklearn.datasets import load_digits

from experiments.digits import digits, split
from experiments.networks import Network, adam, cross_entropy_to, descent
from experiments.repeats import mean_and_error, with_error
from softmax_lib import cross_entropy, softmax


def small_network():
    network = Network((3, 4, 5, 2), np.random.default_rng(0))
    for parameters in (network.weights, network.biases):
        parameters[:] = [values.astype(np.float64) for values in parameters]
    return network


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_gradients_are_the_slopes_of_the_loss(temperature):
    rng = np.random.default_rng(1)
    inputs, targets = rng.normal(size=(6, 3)), softmax(rng.normal(size=(6, 2)))
    network = small_network()

    def loss():
        return temperature**2 * cross_entropy(network.logits(inputs), targets, temperature).mean()

    def gradient(logits):
        return cross_entropy_to(targets, temperature)(logits, np.arange(6))

    for values, slope in zip(network.weights + network.biases, network.gradients(inputs, gradient), strict=True):
        numeric = np.empty_like(values)
        for place in np.ndindex(values.shape):
            kept = values[place]
            values[place] = kept + 1e-6
            above = loss()
            values[place] = kept - 1e-6
            numeric[place] = (above - loss()) / 2e-6
            values[place] = kept
        np.testing.assert_allclose(slope, numeric, atol=1e-6)


def test_network_learns_what_a_line_cannot_separate_and_repeats_itself():
    inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    labels = np.array([0, 1, 1, 0])

    def trained():
        rng = np.random.default_rng(3)
        return Network((2, 16, 2), rng).fit(inputs, cross_entropy_to(labels), epochs=300, rng=rng, step=adam(0.01))

    assert trained().logits(inputs).argmax(1).tolist() == labels.tolist()
    np.testing.assert_array_equal(trained().logits(inputs), trained().logits(inputs))


def test_every_epoch_is_reported_and_every_row_seen_once():
    rng = np.random.default_rng(0)
    seen, epochs = [], []

    def gradient(logits, rows):
        seen.extend(rows.tolist())
        return np.zeros_like(logits)

    Network((2, 3), rng).fit(
        np.ones((10, 2), np.float32),
        gradient,
        epochs=2,
        rng=rng,
        step=adam(),
        batch=4,
        after_epoch=lambda: epochs.append(len(seen)),
    )
    assert epochs == [10, 20] and sorted(seen[:10]) == list(range(10))


def test_nothing_to_learn_from_is_an_error():
    with pytest.raises(ValueError, match="inputs must hold at least one row"):
        Network((2, 3), np.random.default_rng(0)).fit(
            np.ones((0, 2)), cross_entropy_to([]), epochs=1, rng=np.random.default_rng(0), step=adam()
        )


def test_plain_descent_steps_against_the_gradient_once_a_batch():
    inputs, labels = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32), np.array([0, 1, 1, 0, 1])
    network = Network((3, 2), np.random.default_rng(1))
    weights, bias = network.weights[0].copy(), network.biases[0].copy()
    order = np.random.default_rng(4).permutation(5)
    for rows in (order[:3], order[3:]):
        error = (softmax(inputs[rows] @ weights + bias) - np.eye(2)[labels[rows]]) / len(rows)
        weights, bias = weights - 0.5 * inputs[rows].T @ error, bias - 0.5 * error.sum(0)
    network.fit(inputs, cross_entropy_to(labels), epochs=1, rng=np.random.default_rng(4), step=descent(0.5), batch=3)
    np.testing.assert_allclose(network.weights[0], weights, atol=1e-6)
    np.testing.assert_allclose(network.biases[0], bias, atol=1e-6)


def test_adam_takes_the_steps_of_its_paper():
    """Algorithm 1 of Kingma and Ba, written out."""
    gradients = np.random.default_rng(2).normal(size=(5, 3)).astype(np.float32)
    step, m, v = adam(0.1), 0, 0
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        expected = 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        np.testing.assert_allclose(step(g.copy()), expected, rtol=1e-5)


@pytest.mark.parametrize("targets", ["classes", "distributions"])
def test_networks_beside_each_other_learn_as_each_would_alone(targets):
    rng = np.random.default_rng(5)
    inputs = rng.normal(size=(3, 20, 4)).astype(np.float32)
    goals = rng.integers(0, 2, (3, 20)) if targets == "classes" else softmax(rng.normal(size=(3, 20, 2)))

    def trained(network, inputs, goals):
        return network.fit(
            inputs, cross_entropy_to(goals), epochs=4, rng=np.random.default_rng(6), step=adam(0.01), batch=8
        )

    def networks():
        return [Network((4, 6, 2), np.random.default_rng(seed)) for seed in range(3)]

    alone = [trained(*each).logits(each[1]) for each in zip(networks(), inputs, goals, strict=True)]
    together = trained(Network.beside(networks()), inputs, goals).logits(inputs)
    assert together.shape == (3, 20, 2)
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_digits_are_scikit_learns():
    pixels, labels = load_digits(return_X_y=True)
    np.testing.assert_array_equal(digits()[0] * 16, pixels)
    np.testing.assert_array_equal(digits()[1], labels)


def test_without_scikit_learn_the_digits_name_the_remedy(monkeypatch):
    monkeypatch.setattr("experiments.digits.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install scikit-learn"):
        digits.__wrapped__()


def test_split_shares_out_every_digit_once():
    pixels, labels = digits()
    parts = split(np.random.default_rng(0), 500, 200)
    assert [len(part[1]) for part in parts] == [500, 200, 1097]
    assert np.sort(np.concatenate([part[1] for part in parts])).tolist() == np.sort(labels).tolist()
    together = np.concatenate([part[0] for part in parts])
    np.testing.assert_array_equal(together[np.lexsort(together.T)], pixels[np.lexsort(pixels.T)])
    assert pixels.min() == 0 and pixels.max() == 1


def test_split_adds_noise_of_the_size_asked_for():
    plain, noisy = (split(np.random.default_rng(0), 100, noise=noise)[0] for noise in (0, 0.4))
    assert (plain[1] == noisy[1]).all()
    assert 0.38 < (noisy[0] - plain[0]).std() < 0.42


def test_split_that_leaves_nothing_over_is_an_error():
    with pytest.raises(ValueError, match="sizes must leave digits over of 1797, not sum to 1797"):
        split(np.random.default_rng(0), 1797)


def test_mean_and_standard_error():
    mean, error = mean_and_error([[1, 10], [3, 10]])
    assert mean.tolist() == [2, 10] and error.tolist() == [1, 0]
    assert with_error([1, -5], 1) == "−2.0 ±\N{NO-BREAK SPACE}3.0"


def test_one_repeat_has_no_standard_error():
    with pytest.raises(ValueError, match="at least two repeats, not 1"):
        mean_and_error([1])
