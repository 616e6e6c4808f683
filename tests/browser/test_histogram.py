"""The histogram: draws that follow from a seed, what clears them, what it says about them, and how they pour in."""

import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect
from scipy import stats

from harness import LABELS, LOGITS, PHONE, Dial, Figure, parity
from softmax_lib import pick, softmax
from softmax_lib.live import Histogram, TemperatureDial
from softmax_lib.live.chi_squared import LIMITS, chi_squared
from softmax_lib.live.mulberry32 import mulberry32

BUTTONS = {"Draw one sample": 1, "Draw 10": 10, "Draw 100": 100, "Draw 1,000": 1000, "Draw 100,000": 100_000}
SEED = 3  # the figure's own


class Bars(Figure):
    def __init__(self, page, nth=0):
        super().__init__(page, "Histogram of draws", nth)

    @property
    def counts(self):
        return [
            int(text.rpartition(": ")[2].replace(",", ""))
            for text in self.figure.locator(".lf-count").all_text_contents()
        ]

    @property
    def readouts(self):
        """The largest error and chi-squared, as shown."""
        _, error, statistic = self.figure.locator(".lf-readouts > div > :last-child").all_text_contents()
        return error.split()[0], " ".join(statistic.split())

    def drawn(self, n):
        expect(self.figure.locator(".lf-readouts b").first).to_have_text(f"{n:,}")
        self.settle()
        return self.counts


@pytest.fixture
def bars(show):
    return Bars(show(Histogram()))


def twin(n, *, logits=LOGITS, temperature=1.0, seed=SEED):
    return Histogram(logits=logits, temperature=temperature, seed=seed, draws=n).counts.tolist()


def pooled(counts, p):
    """Chi-squared another way: merge the two rarest bins until each expects five."""
    n = sum(counts)
    bins = sorted([n * q, count] for q, count in zip(p, counts, strict=True))
    while len(bins) > 1 and bins[0][0] < 5:
        (expected, count), *bins = bins
        bins[0] = [bins[0][0] + expected, bins[0][1] + count]
        bins.sort()
    expected, observed = np.array(bins).T
    return stats.chisquare(observed, expected).statistic, len(bins) - 1


# --- the counts are those of the seed
@pytest.mark.parametrize(
    ("logits", "temperature", "seed"),
    [
        (LOGITS, 1.0, SEED),
        (LOGITS, 0.3, 7),
        (LOGITS, 20.0, 0),
        (LOGITS, 0.0, 5),
        (LOGITS, np.inf, 2**32 - 1),
        ([2, 2, 0.5, -0.5, -2], 0.0, 11),
    ],
)
def test_every_button_adds_the_draws_of_the_python_twin(show, logits, temperature, seed):
    bars, n = Bars(show(Histogram(logits=logits, temperature=temperature, seed=seed))), 0
    for name, count in BUTTONS.items():
        bars.press(name)
        n += count
        assert bars.drawn(n) == twin(n, logits=logits, temperature=temperature, seed=seed)


def test_two_classes_and_ten(show):
    for k in (2, 10):
        bars = Bars(show(Histogram(labels=[f"word {i}" for i in range(k)], logits=np.linspace(-1, 1, k))))
        bars.press("Draw 1,000")
        assert sum(bars.drawn(1000)) == 1000
        expect(bars.status).to_contain_text(f"χ² with {k - 1} degree")


def test_eleven_classes_are_refused_in_words():
    with pytest.raises(traitlets.TraitError, match="at most 10 classes, not 11"):
        Histogram(labels=list("abcdefghijk"), logits=[0] * 11)
    with pytest.raises(traitlets.TraitError, match="3 labels and 5 logits"):
        Histogram(labels=["a", "b", "c"])


def test_a_figure_may_begin_with_draws(show):
    bars = Bars(show(Histogram(seed=9, draws=500)))
    assert bars.drawn(500) == twin(500, seed=9)
    bars.press("Draw 10")
    bars.drawn(510)
    bars.press("Reset")
    assert bars.drawn(500) == twin(500, seed=9)


def test_show_as_python_reproduces_the_counts(bars, capsys):
    bars.field("Logit of dog").fill("2")
    bars.press("T → ∞")
    bars.press("Draw 1,000")
    counts = bars.drawn(1000)
    exec(bars.figure.locator("pre").text_content(), {})
    assert np.array2string(np.array(counts)) in capsys.readouterr().out


# --- what clears them
def test_clear_takes_fresh_numbers_and_reset_the_first_ones(bars):
    bars.press("Draw 1,000")
    first = bars.drawn(1000)
    bars.press("Clear")
    assert bars.drawn(0) == [0] * 5
    expect(bars.status).to_have_text(
        "No draws yet. The outlines are the probabilities: draw, and see the bars fill them."
    )
    bars.press("Draw 1,000")
    assert bars.drawn(1000) == twin(1000, seed=SEED + 1) != first
    bars.press("Reset")
    bars.drawn(0)
    bars.press("Draw 1,000")
    assert bars.drawn(1000) == first


@pytest.mark.parametrize(
    ("change", "logits", "temperature"),
    [
        (lambda bars: bars.slider("Temperature").press("Home"), LOGITS, 0.05),
        (lambda bars: bars.press("T → ∞"), LOGITS, np.inf),
        (lambda bars: bars.slider("Logit of bee").press("End"), [2, 1, 0.5, -0.5, 5], 1),
        (lambda bars: bars.enter("Logit of cat", "1"), [1, 1, 0.5, -0.5, -2], 1),
        (lambda bars: bars.press("uniform"), [0] * 5, 1),
    ],
    ids=["T", "stop", "logit", "typed", "preset"],
)
def test_whatever_changes_p_clears_the_counts_and_says_so(bars, change, logits, temperature):
    bars.press("Draw 1,000")
    bars.drawn(1000)
    change(bars)
    assert bars.drawn(0) == [0] * 5
    expect(bars.status).to_have_text(
        "The probabilities changed, so the counts were cleared: they belonged to the old ones. Draw again."
    )
    bars.press("Draw 100")
    assert bars.drawn(100) == twin(100, logits=logits, temperature=temperature, seed=SEED + 1)


def test_choosing_a_row_clears_nothing(bars):
    bars.press("Draw 100")
    bars.drawn(100)
    bars.field("Logit of owl").focus()
    bars.figure.get_by_text("fox", exact=True).hover()
    assert bars.drawn(100) == twin(100)


def test_a_dial_on_the_same_page_clears_them_too(show):
    page = show(Histogram(), TemperatureDial())
    bars, dial = Bars(page), Dial(page)
    bars.press("Draw 100")
    bars.drawn(100)
    dial.press("T → 0")
    bars.drawn(0)
    bars.press("Draw 100")
    assert bars.drawn(100) == [100, 0, 0, 0, 0]


def test_logits_and_temperature_follow_from_another_page(show):
    page = show()
    Dial(page).slider("Temperature").press("End")
    Dial(page).settle()
    bars = Bars(show(Histogram(), page=page))
    bars.press("Draw 100")
    assert bars.drawn(100) == twin(100, temperature=20)
    bars.press("Copy link")
    bars.settle()
    assert page.url.endswith("#z=2,1,0.5,-0.5,-2&T=20")


def test_the_scale_ends_at_a_million_in_words(show):
    bars = Bars(show(Histogram(temperature=0, draws=999_990)))
    bars.press("Draw 100,000")
    expect(bars.status).to_have_text("The scale ends at 1,000,000 draws: press Clear to begin again.")
    bars.press("Draw 10")
    assert bars.drawn(1_000_000) == [1_000_000, 0, 0, 0, 0]


# --- what it says about them
def test_the_table_of_limits_is_scipys():
    np.testing.assert_array_equal(LIMITS, stats.chi2.ppf(0.99, np.arange(1, 10)).round(4))


def test_pooling_in_python():
    for p, n, degrees in [
        ([0.6, 0.2, 0.1, 0.05, 0.05], 1000, 4),
        ([0.6, 0.2, 0.1, 0.05, 0.05], 50, 3),
        ([0.9, 0.1], 20, 0),
        ([1, 0, 0], 1000, 0),
        ([0.3, 0.3, 0.4], 10, 0),
    ]:
        counts = np.random.default_rng(SEED).multinomial(n, p, size=50)
        statistics, found = chi_squared(counts, p)
        assert found == degrees == pooled(counts[0], p)[1]
        np.testing.assert_allclose(statistics, [pooled(row, p)[0] for row in counts], atol=1e-12)
    with pytest.raises(ValueError, match=r"the same number of draws, not \[3, 4\]"):
        chi_squared([[1, 2], [2, 2]], [0.5, 0.5])


@pytest.mark.parametrize("temperature", [0.2, 1, 5, np.inf])
def test_the_read_out_is_scipys_on_pooled_bins(show, temperature):
    bars, n = Bars(show(Histogram(temperature=temperature))), 0
    p = softmax(LOGITS, temperature)
    for name in ["Draw 10", "Draw 100", "Draw 1,000"]:
        bars.press(name)
        n += BUTTONS[name]
        counts = bars.drawn(n)
        statistic, degrees = pooled(counts, p)
        error, shown = bars.readouts
        assert float(error) == pytest.approx(abs(np.array(counts) / n - p).max(), abs=6e-4)
        if degrees == 0:
            assert shown == "–"
            continue
        limit = stats.chi2.ppf(0.99, degrees)
        words = re.fullmatch(r"([\d.]+) (below|above) ([\d.]+)", shown)
        assert float(words[1]) == pytest.approx(statistic, abs=0.0051)
        assert words[2] == ("below" if statistic <= limit else "above")
        assert float(words[3]) == pytest.approx(limit, abs=0.0051)
        expect(bars.status).to_contain_text(f"χ² with {degrees} degree")


def test_an_unlikely_experiment_is_said_to_be_one(show):
    p = softmax(LOGITS)
    unlikely = next(seed for seed in range(400) if chi_squared(twin(100, seed=seed), p)[0] > LIMITS[2])
    bars = Bars(show(Histogram(seed=unlikely, draws=100)))
    statistic = float(chi_squared(twin(100, seed=unlikely), p)[0])
    expect(bars.status).to_contain_text(
        f"χ² with 3 degrees of freedom is {statistic:.2f}, above its 99% limit of 11.34: "
        "a sampler that is right gets there once in 100 experiments."
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"draws": 1}, "Drew dog. Too few draws for χ²: it needs two bins that expect 5 draws each."),
        (
            {"draws": 100, "temperature": 0},
            "100 draws, the last cat. The largest error is 0 (cat); 1/√n is 0.100. "
            "One class is certain: there is nothing to test.",
        ),
    ],
)
def test_where_there_is_nothing_to_test(show, state, words):
    bars = Bars(show(Histogram(**state)))
    expect(bars.status).to_have_text(words)
    assert bars.readouts[1] == "–"


COMPUTE = """async ([module, cases]) => {
    const { chiSquared, largestError, twoErrors, LIMITS } = await import(module);
    return [LIMITS, cases.map(([counts, n, p]) => {
        const { statistic, degrees } = chiSquared(counts, n, p);
        return [statistic, degrees, largestError(counts, n, p), ...p.map((q) => twoErrors(q, n))];
    })];
}"""


def compare(page, module):
    rng, cases = np.random.default_rng(SEED), []
    for _ in range(300):
        p = softmax(rng.normal(size=rng.integers(2, 11)) * 2, rng.choice([0, 0.3, 1, 5, np.inf]))
        n = int(10 ** rng.uniform(0.5, rng.choice([1.5, 6])))
        cases.append((rng.multinomial(n, rng.dirichlet(5 * p + 0.1)).tolist(), n, p.tolist()))
    limits, results = page.evaluate(COMPUTE, [module, cases])
    assert limits == list(LIMITS)
    for (counts, n, p), (statistic, degrees, error, *reach) in zip(cases, results, strict=True):
        wanted, freedom = chi_squared(counts, p)
        assert degrees == freedom
        if degrees:
            assert statistic == pytest.approx(wanted, rel=1e-9)
        assert error == pytest.approx(np.abs(np.array(counts) / n - p).max(), rel=1e-12, abs=1e-16)
        np.testing.assert_allclose(reach, 2 * np.sqrt(np.array(p) * (1 - np.array(p)) / n), rtol=1e-12)


test_the_browser_tests_like_python, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "no pooling": ("const ENOUGH = 5", "const ENOUGH = 0"),
        "pooling below four": ("const ENOUGH = 5", "const ENOUGH = 4"),
        "pooling from the top": ("p[a] - p[b]", "p[b] - p[a]"),
        "the rest forgotten": ("count: last.count + bin.count", "count: last.count"),
        "divided by the count": ("** 2 / expected", "** 2 / count"),
        "a degree too many": ("bins.length - 1", "bins.length"),
        "Poisson's error": ("2 * Math.sqrt((p * (1 - p)) / n)", "2 * Math.sqrt(p / n)"),
        "error without its sign taken off": ("Math.abs(count / n - p[k])", "count / n - p[k]"),
        "a misprint in the table": ("13.2767", "13.2267"),
    },
)


# --- the picture
def test_bars_outlines_and_whiskers_on_a_fixed_axis(show):
    for n in (0, 10, 1000):
        page = show(Histogram(draws=n))
        p, counts = softmax(LOGITS), np.array(twin(n))
        reach = 2 * np.sqrt(p * (1 - p) / max(n, 1))
        drawn = page.locator(".lf-row .lf-bar").evaluate_all("""bars => bars.map((bar) => {
            const whole = bar.getBoundingClientRect(), fill = bar.querySelector("i").getBoundingClientRect();
            const whisker = bar.querySelector("b")?.getBoundingClientRect();
            const ends = whisker ? [whisker.left - whole.left, whisker.right - whole.left] : [];
            const outline = parseFloat(getComputedStyle(bar, "::after").width);
            return [fill.width, outline, ...ends].map((length) => length / whole.width);
        })""")
        wide = np.maximum(p, 0.02)  # a line has a width
        np.testing.assert_allclose([row[0] for row in drawn], counts / max(n, 1), atol=0.003)
        np.testing.assert_allclose([row[1] for row in drawn], wide, atol=0.012)
        assert {len(row) for row in drawn} == {4 if n else 2}
        if n:
            np.testing.assert_allclose([row[2] for row in drawn], np.maximum(0, p - reach), atol=0.003)
            np.testing.assert_allclose([row[3] for row in drawn], np.minimum(1, p + reach), atol=0.02)


def test_a_share_beyond_its_whisker_is_marked_and_said(bars):
    bars.press("Draw 1,000")
    bars.drawn(1000)
    bars.press("Clear")
    bars.press("Draw 1,000")
    p, shares = softmax(LOGITS), np.array(bars.drawn(1000)) / 1000
    missed = abs(shares - p) > 2 * np.sqrt(p * (1 - p) / 1000)
    assert [label for label, beyond in zip(LABELS, missed, strict=True) if beyond] == ["cat", "dog"]  # as Step 4 says
    rows = bars.figure.locator(".lf-row")
    colours = rows.locator(".lf-bar b").evaluate_all("all => all.map((one) => getComputedStyle(one).borderLeftColor)")
    assert [colour != colours[2] for colour in colours] == list(missed)
    said = [" ".join(text.split()) for text in bars.figure.locator(".lf-share").all_text_contents()]
    assert ["beyond its whisker" in words for words in said] == list(missed)


def test_the_trace_is_the_error_on_logarithmic_scales(show):
    page = show(Histogram(draws=1000))
    points = np.array(
        [
            [float(x) for x in point.split()]
            for point in page.locator(".lf-trace .lf-over").get_attribute("d")[1:].split("L")
        ]
    )
    picks = pick(softmax(LOGITS), np.fromiter(mulberry32(SEED), float, 1000))
    for across, down in points:
        n = round(10 ** (6 * across))
        error = abs(np.bincount(picks[:n], minlength=5) / n - softmax(LOGITS)).max()
        assert down == pytest.approx(-np.log10(error) / 4, abs=1e-3)
    assert points[-1][0] == pytest.approx(0.5) and len(points) > 35


def test_the_latest_class_is_marked_and_said(bars):
    picks = pick(softmax(LOGITS), np.fromiter(mulberry32(SEED), float, 6))
    for n, k in enumerate(picks, 1):
        bars.press("Draw one sample")
        bars.drawn(n)
        assert [
            i
            for i, cell in enumerate(bars.figure.locator(".lf-count").all())
            if "lf-latest" in cell.get_attribute("class")
        ] == [k]
        expect(bars.status).to_contain_text(f"Drew {LABELS[k]}." if n == 1 else f"{n} draws, the last {LABELS[k]}.")


# --- in time
def poured(page):
    """Note n at every frame from now on."""
    page.evaluate("""() => {
        window.seen = [];
        const n = document.querySelector(".lf-host .lf-readouts b");
        const note = () => { seen.push(Number(n.textContent.replace(",", ""))); requestAnimationFrame(note); };
        note();
    }""")


def test_a_thousand_draws_pour_in(show):
    bars = Bars(show(Histogram(), reduced_motion="no-preference"))
    poured(bars.page)
    bars.press("Draw 1,000")
    assert bars.drawn(1000) == twin(1000)
    seen = list(dict.fromkeys(bars.page.evaluate("seen")))
    assert len(seen) > 10 and seen == sorted(seen)
    bars.press("Draw 100,000")
    assert bars.drawn(101_000) == twin(101_000)


def test_pressing_again_or_changing_p_while_they_pour(show):
    bars = Bars(show(Histogram(), reduced_motion="no-preference"))
    bars.press("Draw 1,000")
    bars.press("Draw 1,000")
    bars.press("Draw one sample")
    assert bars.drawn(2001) == twin(2001)
    bars.press("Draw 1,000")
    bars.page.wait_for_timeout(200)
    bars.press("T → ∞")
    bars.drawn(0)
    bars.page.wait_for_timeout(200)
    assert bars.counts == [0] * 5
    bars.press("Draw 1,000")
    bars.page.wait_for_timeout(200)
    bars.press("Clear")
    assert bars.drawn(0) == [0] * 5


def test_off_screen_they_wait(show):
    bars = Bars(show(Histogram(), reduced_motion="no-preference"))
    bars.page.evaluate("document.body.style.paddingBottom = '4000px'")
    bars.press("Draw 1,000")
    bars.page.wait_for_timeout(150)
    bars.page.evaluate("scrollTo(0, 3000)")
    bars.page.wait_for_timeout(300)
    halfway = sum(bars.counts)
    bars.page.wait_for_timeout(1500)
    assert sum(bars.counts) == halfway < 1000
    bars.page.evaluate("scrollTo(0, 0)")
    assert bars.drawn(1000) == twin(1000)


def test_without_motion_they_are_there_at_once(bars):
    poured(bars.page)
    bars.press("Draw 1,000")
    bars.drawn(1000)
    assert set(bars.page.evaluate("seen")) == {0, 1000}
    assert bars.page.evaluate("document.getAnimations().length") == 0


# --- for everybody
def test_roles_and_names_and_keys(bars):
    for name in [*BUTTONS, "Clear", "Reset", "T → 0", "T = 1", "T → ∞", "Copy link"]:
        expect(bars.figure.get_by_role("button", name=name, exact=True)).to_have_count(1)
    for name in ["Temperature", *(f"Logit of {label}" for label in LABELS)]:
        expect(bars.slider(name)).to_have_count(1)
        expect(bars.field(name)).to_have_count(1)
    bars.figure.get_by_role("button", name="Draw 1,000", exact=True).press("Enter")
    assert bars.drawn(1000) == twin(1000)
    bars.figure.get_by_role("button", name="Clear", exact=True).press("Space")
    bars.drawn(0)
    bars.figure.get_by_text("Show as Python").click()
    focusable = bars.figure.locator("input, button, summary, [tabindex]")
    assert focusable.count() == bars.figure.locator("[data-lm-suppress-shortcuts]").count() > 25


def test_on_a_phone_the_temperature_the_buttons_and_every_bar_are_visible_together(show):
    bars = Bars(show(Histogram(), **PHONE))
    bars.page.evaluate(
        "scrollTo(0, document.querySelector('.lf-host .lf-rows').getBoundingClientRect().top + scrollY - 4)"
    )
    bars.figure.get_by_role("button", name="Draw 1,000", exact=True).tap()
    bars.drawn(1000)
    parts = [
        *bars.figure.locator(".lf-bar").all(),
        *(bars.figure.get_by_role("button", name=name, exact=True) for name in [*BUTTONS, "Clear"]),
    ]
    for part in [
        *parts,
        bars.slider("Temperature"),
        bars.field("Temperature"),
        *bars.figure.locator(".lf-readouts b").all(),
    ]:
        box = part.bounding_box()
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 640


def test_without_javascript_a_thousand_draws_are_shown(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(Histogram())}")
    rows = [row.split() for row in page.get_by_role("row").all_inner_texts()]
    assert rows[0] == ["class", "p", "in", "1,000", "draws"]
    assert [(row[0], int(row[-1])) for row in rows[1:]] == list(zip(LABELS, twin(1000), strict=True))
    error = abs(np.array(twin(1000)) / 1000 - softmax(LOGITS)).max()
    expect(page.get_by_text(f"The largest error of a share is {error:.3f}; 1/√n is 0.032.")).to_be_visible()


def test_high_contrast_keeps_fill_outline_and_whisker(show):
    page = show(Histogram(draws=100), forced_colors="active")
    seen = page.evaluate("""() => {
        const style = (query, part) => getComputedStyle(document.querySelector(query), part);
        return { ground: style(".lf-host .lf").backgroundColor, fill: style(".lf-row .lf-bar i").backgroundColor,
                 outline: style(".lf-row .lf-bar", "::after").borderTopColor,
                 whisker: style(".lf-row .lf-bar b").borderLeftColor,
                 trace: style(".lf-trace .lf-over").stroke };
    }""")
    ground = seen.pop("ground")
    assert not {ground, "rgba(0, 0, 0, 0)"} & set(seen.values()), seen
