"""Calibration against scikit-learn, SciPy's minimiser and closed forms."""

import numpy as np
import pytest
from scipy import optimize, stats
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.datasets import load_digits
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from softmax_lib import (
    bootstrap_interval,
    brier_score,
    cross_entropy,
    expected_calibration_error,
    fit_temperature,
    reliability_curve,
    sample,
    softmax,
)

from .reference import same

inf, nan = np.inf, np.nan


def overconfident(rows=2000, classes=10, temperature=2.5, seed=0):
    rng = np.random.default_rng(seed)
    z = 3 * rng.normal(size=(rows, classes))
    return temperature * z, sample(softmax(z), rng=rng)


class TestFitTemperature:
    @pytest.mark.parametrize(
        ("rows", "classes", "temperature"), [(4000, 10, 2.5), (2000, 300, 0.4), (2000, 5, 20.0), (5000, 2, 1.0)]
    )
    def test_recovers_the_temperature_the_labels_came_from(self, rows, classes, temperature):
        z, y = overconfident(rows, classes, temperature)
        assert fit_temperature(z, y) == pytest.approx(temperature, rel=0.1)

    @pytest.mark.parametrize("temperature", [1e-6, 0.3, 1.0, 2.5, 40.0, 1e6])
    def test_against_a_general_minimiser(self, temperature):
        z, y = overconfident(temperature=temperature)

        def loss(log_t):
            return cross_entropy(z, y, np.exp(log_t)).mean()

        near = np.log(temperature)
        found = optimize.minimize_scalar(loss, bounds=(near - 1, near + 1), method="bounded", options={"xatol": 1e-10})
        assert fit_temperature(z, y) == pytest.approx(np.exp(found.x), rel=1e-6)

    def test_against_scikit_learn(self):
        X, y = load_digits(return_X_y=True)
        model = LogisticRegression(C=10, max_iter=60, tol=1e-2).fit(X[:300] / 16, y[:300])
        judge = CalibratedClassifierCV(FrozenEstimator(model), method="temperature").fit(X[300:] / 16, y[300:])
        beta = judge.calibrated_classifiers_[0].calibrators[0].beta_
        assert fit_temperature(model.decision_function(X[300:] / 16), y[300:]) == pytest.approx(1 / beta, rel=1e-4)

    def test_three_right_and_one_wrong_in_closed_form(self):
        z = np.array([[4.0, 0.0]] * 3 + [[0.0, 4.0]])
        assert fit_temperature(z, [0] * 4) == pytest.approx(4 / np.log(3), rel=1e-13)

    @pytest.mark.parametrize("scale", [1e-300, 1e-100, 1e100, 1e300])
    def test_follows_the_scale_of_the_logits(self, scale):
        z, y = overconfident(200)
        assert fit_temperature(scale * z, y) == pytest.approx(scale * fit_temperature(z, y), rel=1e-9)

    def test_the_slope_vanishes_at_the_optimum(self):
        z, y = overconfident()
        p = softmax(z, fit_temperature(z, y))
        assert abs(np.mean(np.sum(p * z, axis=1) - z[np.arange(len(y)), y])) < 1e-10

    @pytest.mark.parametrize("seed", range(20))
    def test_never_worse_than_one(self, seed):
        rng = np.random.default_rng(seed)
        z, y = rng.normal(size=(3, 3)) * 10 ** rng.uniform(-3, 3), rng.integers(3, size=3)
        fitted = fit_temperature(z, y)
        assert cross_entropy(z, y, fitted).mean() <= cross_entropy(z, y).mean()

    def test_optimum_at_one_stays_there(self):
        z = np.array([[np.log(3), 0.0]] * 4)
        assert fit_temperature(z, [0, 0, 0, 1]) == pytest.approx(1.0, rel=1e-13)

    def test_separable(self):
        assert fit_temperature(5 * np.eye(3), [0, 1, 2]) == 0.0
        assert fit_temperature([[1.0, 1.0, 0.0], [2.0, 2.0, 2.0]], [1, 2]) == 0.0  # ties count as largest
        assert fit_temperature([[1e308, -1e308]], [0]) == 0.0

    def test_no_better_than_chance(self):
        assert fit_temperature(5 * np.eye(3), [1, 2, 0]) == inf
        assert fit_temperature([[4.0, 0.0], [4.0, 0.0]], [0, 1]) == inf

    def test_constant_rows(self):
        assert fit_temperature([[2.0, 2.0], [7.0, 7.0]], [0, 1]) == 1.0
        assert fit_temperature([[2.0, -inf], [7.0, 7.0]], [0, 1]) == 1.0
        assert fit_temperature([[2.0], [3.0]], [0, 0]) == 1.0

    def test_one_class_present(self):
        z, _ = overconfident(200, 3)
        fitted = fit_temperature(z, np.zeros(200, int))
        assert isinstance(fitted, float)
        assert cross_entropy(z, np.zeros(200, int), fitted).mean() <= cross_entropy(z, np.zeros(200, int)).mean()

    def test_masked_classes_change_nothing(self):
        z, y = overconfident(300, 4)
        masked = np.insert(z, 4, -inf, axis=1)
        assert fit_temperature(masked, y) == pytest.approx(fit_temperature(z, y), rel=1e-12)

    def test_one_stubborn_row(self):
        z = np.array([[50.0, 0.0]] * 100 + [[0.0, 1e-3]])
        y = np.array([0] * 101)
        fitted = fit_temperature(z, y)
        for nearby in (0.9 * fitted, 1.1 * fitted, 1.0):
            assert cross_entropy(z, y, fitted).mean() <= cross_entropy(z, y, nearby).mean()

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, int])
    def test_other_types(self, dtype):
        z = np.array([[4, 0]] * 3 + [[0, 4]], dtype)
        assert fit_temperature(z, [0] * 4) == pytest.approx(4 / np.log(3), rel=1e-13)

    def test_input_is_left_alone(self):
        z, y = overconfident(50)
        before = z.copy()
        z.flags.writeable = y.flags.writeable = False
        fit_temperature(z, y)
        same(z, before)

    @pytest.mark.parametrize(
        ("logits", "labels", "error", "message"),
        [
            (np.zeros((0, 3)), [], ValueError, "logits must have one row per example"),
            (np.zeros((2, 0)), [0, 0], ValueError, "logits must have one row per example"),
            ([], [], ValueError, "logits must have one row per example"),
            ([1.0, 2.0], 0, ValueError, "logits must have one row per example"),
            ([[1.0, 2.0]], [2], ValueError, "labels must be classes from 0 to 1, not 2"),
            ([[1.0, 2.0]], [-1], ValueError, "labels must be classes from 0 to 1, not -1"),
            ([[1.0, 2.0]], [0, 1], ValueError, "labels must have one class a row"),
            ([[1.0, 2.0]], [0.0], TypeError, "labels must be class numbers"),
            ([[1.0, nan]], [0], ValueError, "logits must not hold NaN"),
            ([[1.0, inf]], [0], ValueError, "logits must not hold NaN, inf"),
            ([[1.0, -inf]], [1], ValueError, "-inf at a label"),
            (None, [0], TypeError, "logits must be an array of real numbers"),
        ],
    )
    def test_errors(self, logits, labels, error, message):
        with pytest.raises(error, match=message):
            fit_temperature(logits, labels)


class TestReliabilityCurve:
    def test_bins_are_open_below_and_closed_above(self):
        confidence = np.array([0.6, 0.7, 0.8, 0.9, 1.0, 0.61])
        p = np.stack([confidence, 1 - confidence], axis=1)
        mean, accuracy, count = reliability_curve(p, [0, 0, 0, 1, 1, 1], bins=10)
        same(count, np.array([0, 0, 0, 0, 0, 1, 2, 1, 1, 1]))
        np.testing.assert_allclose(mean[5:], [0.6, 0.655, 0.8, 0.9, 1.0], rtol=1e-15)
        same(accuracy, np.array([nan] * 5 + [1.0, 0.5, 1.0, 0.0, 0.0]))
        assert np.isnan(mean[:5]).all()

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_edges_in_the_type_of_the_probabilities(self, dtype):
        p = np.array([[0.6, 0.4], [0.8, 0.2]], dtype)
        same(reliability_curve(p, [0, 0], bins=5)[2], np.array([0, 0, 1, 1, 0]))

    def test_against_a_loop(self):
        z, y = overconfident()
        p = softmax(z)
        mean, accuracy, count = reliability_curve(p, y)
        confidence, right = p.max(1), p.argmax(1) == y
        for b in range(15):
            inside = (confidence > b / 15) & (confidence <= (b + 1) / 15)
            assert count[b] == inside.sum()
            if inside.any():
                assert mean[b] == pytest.approx(confidence[inside].mean(), rel=1e-12)
                assert accuracy[b] == pytest.approx(right[inside].mean(), rel=1e-12)

    def test_against_scikit_learn(self):
        z, y = overconfident(classes=2)
        p = softmax(z)
        mean, accuracy, count = reliability_curve(p, y, bins=10)
        judge_accuracy, judge_mean = calibration_curve(p.argmax(1) == y, p.max(1), n_bins=10)
        np.testing.assert_allclose(accuracy[count > 0], judge_accuracy, rtol=1e-12)
        np.testing.assert_allclose(mean[count > 0], judge_mean, rtol=1e-12)

    def test_ties_predict_the_first_class(self):
        same(reliability_curve([[0.5, 0.5]] * 2, [0, 1], bins=1)[1], np.array([0.5]))

    def test_nan_rows_are_in_no_bin(self):
        _, _, count = reliability_curve([[nan, 0.5], [0.5, 0.5]], [0, 0])
        assert count.sum() == 1

    def test_certainty_beyond_one_by_rounding(self):
        assert reliability_curve([[1 + 1e-9, 0.0]], [0])[2][-1] == 1

    def test_batches(self):
        z, y = overconfident(100)
        flat, folded = (
            reliability_curve(softmax(z), y),
            reliability_curve(softmax(z).reshape(4, 25, 10), y.reshape(4, 25)),
        )
        for a, b in zip(flat, folded, strict=True):
            same(a, b)


class TestExpectedCalibrationError:
    def test_against_a_loop(self):
        z, y = overconfident()
        p = softmax(z)
        confidence, right = p.max(1), p.argmax(1) == y
        for bins in (1, 7, 15, 100):
            expected = 0.0
            for b in range(bins):
                inside = (confidence > b / bins) & (confidence <= (b + 1) / bins)
                if inside.any():
                    expected += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
            assert expected_calibration_error(p, y, bins=bins) == pytest.approx(expected, rel=1e-12)

    def test_extremes(self):
        assert expected_calibration_error([[1.0, 0.0]] * 2, [0, 0]) == 0
        assert expected_calibration_error([[1.0, 0.0]] * 2, [1, 1]) == 1

    def test_fitting_the_temperature_mends_it(self):
        z, y = overconfident()
        before, after = (expected_calibration_error(softmax(z, T), y) for T in (1.0, fit_temperature(z, y)))
        assert after < before / 2

    def test_nan(self):
        assert np.isnan(expected_calibration_error([[nan, 0.5], [0.5, 0.5]], [0, 0]))


class TestOneColumn:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_equals_two_columns(self, dtype):
        rng = np.random.default_rng(0)
        p = rng.random(300).astype(dtype)
        y = (rng.random(300) < p).astype(int)
        both = np.stack([1 - p, p], axis=-1)
        for measure in (brier_score, expected_calibration_error):
            assert measure(p, y) == measure(p[:, None], y) == measure(both, y)
        for a, b in zip(reliability_curve(p, y), reliability_curve(both, y), strict=True):
            same(a, b)
        assert brier_score(p, y) == pytest.approx(2 * brier_score_loss(y, p), rel=1e-6)

    def test_errors(self):
        with pytest.raises(ValueError, match=r"probabilities must be from 0 to 1, as P\(class 1\), not 1.5"):
            brier_score([0.5, 1.5], [0, 1])
        with pytest.raises(ValueError, match="labels must be classes from 0 to 1, not 2"):
            brier_score([0.5, 0.5], [0, 2])


class TestEqualMass:
    def test_each_bin_gets_its_share(self):
        z, y = overconfident(900)
        mean, accuracy, count = reliability_curve(softmax(z), y, equal_mass=True)
        same(count, np.full(15, 60))
        confidence, right = softmax(z).max(1), softmax(z).argmax(1) == y
        order = np.argsort(confidence)
        np.testing.assert_allclose(mean, confidence[order].reshape(15, 60).mean(1), rtol=1e-12)
        np.testing.assert_allclose(accuracy, right[order].reshape(15, 60).mean(1), rtol=1e-12)
        ece = expected_calibration_error(softmax(z), y, equal_mass=True)
        assert ece == pytest.approx(np.mean(abs(mean - accuracy)), rel=1e-12)

    def test_equal_confidences_stay_together(self):
        p = [[0.9, 0.1]] * 4 + [[0.6, 0.4]] * 2
        same(reliability_curve(p, [0] * 6, bins=3, equal_mass=True)[2], np.array([2, 4, 0]))
        assert reliability_curve([[nan, 0.5], [0.5, 0.5]], [0, 0], equal_mass=True)[2].sum() == 1
        assert reliability_curve([[nan, 0.5]], [0], equal_mass=True)[2].sum() == 0


class TestBootstrapInterval:
    def test_covers_the_true_score(self):
        """Nine in ten of many samples from one known distribution."""
        inside = []
        for seed in range(60):
            rng = np.random.default_rng(seed)
            p = softmax(rng.normal(size=(200, 3)))
            truth = np.mean(1 - (p**2).sum(1))
            low, high = bootstrap_interval(brier_score, p, sample(p, rng=rng), level=0.9, resamples=200, rng=rng)
            inside.append(low <= truth <= high)
        assert 0.8 <= np.mean(inside) <= 0.98

    def test_against_scipy(self):
        z, y = overconfident(300)
        p = softmax(z)
        losses = np.sum((p - np.eye(10)[y]) ** 2, axis=1)
        theirs = stats.bootstrap((losses,), np.mean, n_resamples=2000, method="percentile", rng=0).confidence_interval
        ours = bootstrap_interval(brier_score, p, y, resamples=2000, rng=0)
        np.testing.assert_allclose(ours, theirs, atol=0.004)

    def test_seed_level_and_nan(self):
        p, y = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]], [0, 1, 1]
        first = bootstrap_interval(brier_score, p, y, rng=0)
        assert first == bootstrap_interval(brier_score, p, y, rng=0)
        narrow = bootstrap_interval(brier_score, p, y, level=0.5, rng=0)
        assert first[0] <= narrow[0] <= narrow[1] <= first[1]
        assert np.isnan(bootstrap_interval(brier_score, [[nan, 1.0]], [0], rng=0)).all()


class TestBrierScore:
    def test_against_scikit_learn(self):
        z, y = overconfident()
        p = softmax(z)
        judge = brier_score_loss(y, p, labels=range(10), scale_by_half=False)
        assert brier_score(p, y) == pytest.approx(judge, rel=1e-12)

    def test_extremes(self):
        assert brier_score([[1.0, 0.0]], [0]) == 0
        assert brier_score([[1.0, 0.0]], [1]) == 2

    def test_nan(self):
        assert np.isnan(brier_score([[nan, 0.5], [0.5, 0.5]], [0, 0]))


@pytest.mark.parametrize("function", [expected_calibration_error, brier_score, reliability_curve])
class TestErrors:
    @pytest.mark.parametrize(
        ("probabilities", "labels", "error", "message"),
        [
            ([[0.5, 0.6]], [0], ValueError, "probabilities must be 0 or more and sum to 1"),
            ([[0.5, 0.5]], [2], ValueError, "labels must be classes from 0 to 1, not 2"),
            ([[0.5, 0.5]], [0, 1], ValueError, r"labels must have one class a row, shape \(1,\), not shape \(2,\)"),
            ([[0.5, 0.5]], ["a"], TypeError, "labels must be an array of real numbers"),
            (np.zeros((0, 2)), [], ValueError, "probabilities must have at least one row"),
        ],
    )
    def test_rows(self, function, probabilities, labels, error, message):
        with pytest.raises(error, match=message):
            function(probabilities, labels)


@pytest.mark.parametrize("function", [expected_calibration_error, reliability_curve])
def test_bins(function):
    with pytest.raises(ValueError, match="bins must be at least 1, not 0"):
        function([[0.5, 0.5]], [0], bins=0)
    with pytest.raises(TypeError, match=r"bins must be a whole number, not 2\.5"):
        function([[0.5, 0.5]], [0], bins=2.5)
