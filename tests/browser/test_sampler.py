"""The sampler: where u falls, which class that is, what is kept, when the pick flips; and a million draws."""

import re
from itertools import pairwise

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect
from scipy import stats

from harness import LABELS, LIVE, LOGITS, MODULE, PHONE, Figure, answers, parity, style_sheet
from softmax_lib import log_softmax, pick, softmax
from softmax_lib.live import Sampler, TemperatureDial, gumbel_noise


class Fall(Figure):
    def __init__(self, page, nth=0):
        super().__init__(page, "Sampler", nth)

    @property
    def picked(self):
        """The one class that is picked, as every place says it."""
        self.settle()
        named = self.figure.locator(":is(.lf-slots, .lf-race) .lf-hit > b").all_inner_texts()
        assert named == [self.figure.locator(".lf-verdict > b").inner_text()]
        return named[0]

    @property
    def past(self):
        self.settle()
        return [tuple(text.split("\n")) for text in self.figure.locator(".lf-past li").all_inner_texts()]

    def put(self, name, value):
        self.field(name).fill(str(value))
        self.field(name).press("Enter")
        self.settle()


@pytest.fixture
def sampler(show):
    return Fall(show(Sampler()))


def draw(sampler, times=1):
    for _ in range(times):
        sampler.press("Draw one sample")
        sampler.settle()


def test_roles_and_names(sampler):
    for name in ["u", "Temperature", *(f"Logit of {label}" for label in LABELS)]:
        expect(sampler.slider(name)).to_have_count(1)
        expect(sampler.field(name)).to_have_count(1)
    for name in [
        "Draw one sample",
        "Gumbel-max",
        "Clear",
        "Reset",
        "T → 0",
        "T = 1",
        "T → ∞",
        "Copy link",
        "Present",
        "Copy Python",
    ]:
        expect(sampler.figure.get_by_role("button", name=name, exact=True, include_hidden=True)).to_have_count(1)
    expect(sampler.status).to_have_text(
        "u = 0.700 picks dog, from 0.591 to 0.809. "
        "Held still while T rises, it picks cat, from 0.739 dog, from 1.55 owl, from 5.43 fox."
    )


def test_the_same_seed_draws_what_python_draws(sampler):
    twin = Sampler()
    for temperature in (1, 1, 5, 0.2):
        sampler.put("Temperature", temperature)
        twin.temperature = temperature
        draw(sampler, 4)
        for _ in range(4):
            twin.draw()
    wanted = [(LABELS[one["class"]], f"T = {one['temperature']:g}") for one in reversed(twin.picks)]
    assert sampler.past == wanted
    assert sampler.picked == LABELS[twin.pick]
    assert float(sampler.field("u").input_value()) == pytest.approx(twin.u, abs=1e-6)


@pytest.mark.parametrize("u", [0, 0.001, 0.59, 0.592, 0.8, 0.95, 0.98, 0.989, 0.99, 0.9999, 0.9999999])
@pytest.mark.parametrize("temperature", [0.05, 0.5, 1, 20])
def test_a_typed_u_picks_what_the_library_picks(sampler, u, temperature):
    sampler.put("Temperature", temperature)
    sampler.put("u", f"{u:.7f}".rstrip("0").rstrip("."))
    assert sampler.picked == LABELS[pick(softmax(LOGITS, temperature), u)]
    low, shown, high = re.findall(r"[\d.]+", sampler.figure.locator(".lf-verdict > span").first.inner_text())
    assert float(low) <= float(shown) < float(high)


@pytest.mark.parametrize("stop, temperature", [("T → 0", 0), ("T → ∞", np.inf)])
def test_at_the_stops(sampler, stop, temperature):
    sampler.press(stop)
    for u in (0, 0.35, 0.7, 0.99):
        sampler.put("u", u)
        assert sampler.picked == LABELS[pick(softmax(LOGITS, temperature), u)]


@pytest.mark.parametrize("typed", ["1", "1.5", "-0.1", "", "1e9"])
def test_a_u_that_cannot_be_is_refused_in_words(sampler, typed):
    sampler.put("u", typed)
    expect(sampler.status).to_have_text("u goes from 0 up to 1, 1 itself excluded: it stays at 0.7.")
    assert sampler.picked == "dog"


def test_the_slider_of_u_by_keys(sampler):
    slider = sampler.slider("u")
    for key, u in [("Home", 0), ("ArrowRight", 0.001), ("End", 0.999), ("ArrowLeft", 0.998)]:
        slider.press(key)
        sampler.settle()
        assert float(sampler.field("u").input_value()) == u
        expect(slider).to_have_attribute("aria-valuetext", f"u = {u:g}")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("u", [0, 0.3, 0.7, 0.95, 0.99, 0.9995])
def test_the_line_falls_from_the_thumb_onto_the_picked_segment(show, u, width):
    page = show(Sampler(u=u), viewport={"width": width, "height": 800})
    place = page.evaluate("""() => {
        const box = (query) => document.querySelector(query).getBoundingClientRect();
        const line = box(".lf-host .lf-drop"), hit = box(".lf-stack .lf-hit");
        const stack = box(".lf-stack"), track = box(".lf-uniform");
        const value = Number(document.querySelector(".lf-uniform").value);
        return { x: line.left + line.width / 2, left: hit.left, right: hit.right, start: stack.left, end: stack.right,
                 thumb: track.left + 14 + (track.width - 28) * value / 0.999,
                 bottom: line.bottom - stack.bottom, top: line.top - track.top };
    }""")
    assert place["left"] - 1 <= place["x"] <= place["right"] + 1
    assert place["x"] == pytest.approx(place["start"] + u * (place["end"] - place["start"]), abs=1)
    assert place["x"] == pytest.approx(place["thumb"], abs=1.5)
    assert place["bottom"] >= 0 and place["top"] <= 30


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("temperature", [0.2, 1, 20])
def test_even_the_thinnest_segment_has_a_whole_name(show, temperature, width):
    page = show(Sampler(temperature=temperature), viewport={"width": width, "height": 800})
    names = page.locator(".lf-slots li")
    for slot in names.all():
        assert slot.locator("b").evaluate("name => name.scrollWidth <= name.clientWidth + 1")
    boxes = [slot.bounding_box() for slot in names.all()]
    assert all(left["x"] + left["width"] <= right["x"] + 1 for left, right in pairwise(boxes))
    expect(page.locator(".lf-funnels path")).to_have_count(5)


def test_a_draw_counts_for_the_try_that_is_open(sampler):
    for number, temperature in enumerate([1, 5, 0.2], 1):
        sampler.put("Temperature", temperature)
        draw(sampler, 2)
        expect(sampler.notice).to_contain_text(f"Try {number} of 4")
        draw(sampler)
        expect(sampler.notice).to_contain_text(
            f"✓ {number} of 4 {', '.join(label for label, _ in sampler.past[2::-1])}."
        )
        sampler.press("Next")
    expect(sampler.notice).to_contain_text("Try 4 of 4")


def test_holding_u_the_pick_flips_where_the_strip_says(sampler):
    words = sampler.status.inner_text()
    flips = [float(T) for T in re.findall(r"from ([\d.]+) [a-z]{3}\b", words.split("T rises")[1])]
    assert flips == [0.739, 1.55, 5.43]
    for T, before, after in zip(flips, ["cat", "dog", "owl"], ["dog", "owl", "fox"], strict=True):
        sampler.put("Temperature", round(T * 0.99, 4))
        assert (sampler.picked, sampler.figure.locator(".lf-lane .lf-hit").count()) == (before, 1)
        sampler.put("Temperature", round(T * 1.01, 4))
        assert sampler.picked == after
    assert float(sampler.field("u").input_value()) == 0.7
    assert sampler.figure.locator(".lf-lane b").all_inner_texts() == ["cat", "dog", "owl", "fox"]


def test_a_logit_flips_the_pick_too(sampler):
    sampler.put("Logit of cat", 3)
    assert sampler.picked == LABELS[pick(softmax([3, *LOGITS[1:]]), 0.7)] == "cat"


def test_clear_and_reset(sampler):
    draw(sampler, 3)
    first = sampler.past
    sampler.press("Clear")
    expect(sampler.status).to_have_text("Past picks cleared.")
    assert sampler.past == []
    draw(sampler)
    assert len(sampler.past) == 1
    sampler.press("Reset")
    sampler.settle()
    assert (sampler.past, sampler.picked) == ([], "dog")
    draw(sampler, 3)
    assert sampler.past == first


def test_many_past_picks_keep_the_height(sampler):
    draw(sampler)
    height = sampler.figure.locator(".lf-strip").bounding_box()["height"]
    draw(sampler, 40)
    assert sampler.figure.locator(".lf-strip").bounding_box()["height"] == height
    expect(sampler.figure.get_by_text("Past picks, newest first: 41")).to_be_visible()


def test_gumbel_max_picks_the_largest_total(sampler):
    sampler.press("Gumbel-max")
    expect(sampler.figure.get_by_role("button", name="Gumbel-max")).to_have_attribute("aria-pressed", "true")
    twin = Sampler(gumbel=True)
    for _ in range(6):
        draw(sampler)
        twin.draw()
        totals = log_softmax(LOGITS) + gumbel_noise(twin.u, 5)
        assert sampler.picked == LABELS[totals.argmax()] == LABELS[twin.pick]
        shown = [float(text.replace("−", "-")) for text in sampler.figure.locator(".lf-sum > b").all_inner_texts()]
        np.testing.assert_allclose(shown, totals, atol=0.0051)
    assert sampler.past == [(LABELS[one["class"]], "T = 1") for one in reversed(twin.picks)]


def test_gumbel_max_at_the_stops(sampler):
    sampler.press("Gumbel-max")
    sampler.press("T → 0")
    draw(sampler, 5)
    assert {label for label, _ in sampler.past} == {"cat"}
    sampler.press("T → ∞")
    sampler.put("u", 0.7)
    assert sampler.picked == LABELS[gumbel_noise(0.7, 5).argmax()]


@pytest.mark.parametrize("gumbel", [False, True])
def test_show_as_python_runs_and_says_the_same(sampler, capsys, gumbel):
    if gumbel:
        sampler.press("Gumbel-max")
    draw(sampler, 3)
    sampler.press("T → ∞")
    sampler.settle()
    exec(sampler.figure.locator("pre").text_content(), {})
    assert LABELS[int(capsys.readouterr().out.split()[-1])] == sampler.picked


def test_logits_and_temperature_come_along_and_u_stays_here(show):
    page = show(TemperatureDial(), Sampler(), hash="#z=0,0,0,0,3&T=0.5")
    sampler = Fall(page)
    assert sampler.picked == "bee"
    draw(sampler, 2)
    sampler.put("Temperature", 20)
    page.reload()
    expect(page.locator("live-figure[live]")).to_have_count(2)
    sampler.settle()
    assert (sampler.field("Temperature").input_value(), sampler.field("u").input_value(), sampler.past) == (
        "20",
        "0.7",
        [],
    )


def test_a_link_carries_u(show):
    page = show(Sampler())
    sampler = Fall(page)
    sampler.put("u", 0.97)
    sampler.press("Copy link")
    assert page.url.endswith("#z=2,1,0.5,-0.5,-2&T=1&u=0.97")
    page.reload()
    expect(page.locator("live-figure[live]")).to_have_count(1)
    sampler.settle()
    assert (sampler.field("u").input_value(), sampler.picked) == ("0.97", "fox")
    expect(sampler.notice).to_have_text("Set by the link.")


@pytest.mark.parametrize("garbage", ["", "1", "-0.1", "1e999", "nan", "<img src=x onerror=alert(1)>"])
def test_a_link_with_a_bad_u_is_refused_in_words(show, garbage):
    sampler = Fall(show(Sampler(), hash=f"#u={garbage}"))
    expect(sampler.notice).to_have_text("This link is damaged: u takes a number from 0 up to 1.")
    assert (sampler.field("u").input_value(), sampler.picked) == ("0.7", "dog")


def test_a_draw_falls_and_a_drag_does_not(show):
    sampler = Fall(show(Sampler(), reduced_motion="no-preference"))
    running = "document.getAnimations().map((one) => one.animationName)"
    for turn in (1, 0, 1):
        draw(sampler)
        parts = sampler.page.evaluate(running)  # on a busy machine the line has landed by now
        assert {f"lf-drop-{turn}", f"lf-land-{turn}"} & set(parts)
    sampler.slider("u").press("Home")
    sampler.settle()
    assert sampler.page.evaluate(running) == []


def test_nothing_falls_for_readers_who_prefer_no_motion(sampler):
    draw(sampler)
    assert sampler.page.evaluate("document.getAnimations().length") == 0


def test_on_a_phone_the_button_the_bar_and_the_pick_are_seen_together(show):
    sampler = Fall(show(Sampler(), **PHONE))
    top = sampler.figure.get_by_role("button", name="Draw one sample").bounding_box()["y"]
    for part in (
        sampler.figure.locator(".lf-verdict"),
        sampler.slider("Temperature"),
        sampler.figure.locator(".lf-lane"),
    ):
        box = part.bounding_box()
        assert box["y"] + box["height"] - top <= 600


def test_without_javascript_the_fallback_says_the_pick(new_page, harness):
    page = new_page(java_script_enabled=False)
    page.goto(f"{harness.address}/{harness.write(Sampler())}")
    expect(page.get_by_text("The number u = 0.7 picks dog: the first class whose sum exceeds u.")).to_be_visible()
    assert [row.split() for row in page.get_by_role("row").all_inner_texts()][2] == ["dog", "0.809", "0.217"]


@pytest.mark.parametrize("u", [1, -0.1, np.nan, "some"])
def test_python_refuses_what_cannot_be(u):
    with pytest.raises(traitlets.TraitError):
        Sampler(u=u)


def test_the_past_crosses_with_its_infinity():
    sampler = Sampler(temperature=np.inf)
    sampler.draw()
    state = sampler.get_state()["picks"]
    assert state[0]["temperature"] == "Infinity"
    other = Sampler()
    other.set_state({"picks": state})
    assert other.picks == sampler.picks


def test_every_class_of_the_style_sheet_is_spelled_whole_somewhere():
    """The build drops the rules of names that it finds nowhere; a name put together at run time would be one."""
    style = re.sub(r"/\*.*?\*/", "", style_sheet(), flags=re.S)
    sources = " ".join(path.read_text("utf-8") for suffix in ("mjs", "js", "py") for path in LIVE.rglob(f"*.{suffix}"))
    figures = {
        f"lf-{path.stem}" for path in LIVE.glob("*/*.mjs") if path.stem == path.parent.name
    }  # figure.py writes these into each page
    selected = set(re.findall(r"\.(lf-[\w-]+)", style)) - figures
    assert selected - set(re.findall(r"lf-[\w-]+", sources)) == set()


# --- a million draws in the browser

COUNT = """async ([module, logits, T, draws, gumbel]) => {
    const { argmax, gumbelNoise, gumbelTotals, mulberry32, pick, softmax } = await import(module);
    const p = softmax(logits, T), next = mulberry32(20_261), counts = p.map(() => 0);
    const draw = gumbel ? () => argmax(gumbelTotals(p, gumbelNoise(next(), p.length))) : () => pick(p, next());
    for (let i = 0; i < draws; i++) counts[draw()]++;
    return counts;
}"""


def follows(counts, p):
    """Is the chi-squared of these counts one that a right sampler exceeds less than once in a thousand?"""
    counts, possible = np.array(counts), p > 0
    assert counts[~possible].sum() == 0
    if possible.sum() == 1:
        return True
    expected = counts.sum() * p[possible]
    return ((counts[possible] - expected) ** 2 / expected).sum() < stats.chi2.ppf(0.999, possible.sum() - 1)


@pytest.mark.parametrize("gumbel", [False, True])
@pytest.mark.parametrize(
    ("logits", "temperature"), [(LOGITS, 1), (LOGITS, 5), (LOGITS, 0), (LOGITS, np.inf), ([2, 1, 2, 0, 2], 0)]
)
def test_a_million_draws_follow_p_and_never_hit_the_impossible(show, logits, temperature, gumbel):
    counts = show().evaluate(COUNT, [MODULE, logits, temperature, 1_000_000, gumbel])
    assert sum(counts) == 1_000_000
    assert follows(counts, softmax(logits, temperature))


@pytest.mark.parametrize(
    ("right", "wrong", "gumbel"),
    [
        pytest.param("sum > u", "sum > u * u", False, id="u not uniform"),
        pytest.param(
            "sums.findIndex((sum) => sum > u)", "sums.findLastIndex((sum) => sum <= u)", False, id="one class too early"
        ),
        pytest.param(
            "-Math.log(-Math.log(next() || 2 ** -33))",
            "-2 * Math.log(-Math.log(next() || 2 ** -33))",
            True,
            id="noise too strong",
        ),
        pytest.param(
            "-Math.log(-Math.log(next() || 2 ** -33))", "-Math.log(next() || 2 ** -33)", True, id="exponential noise"
        ),
        pytest.param("Math.log(q) + noise[k]", "q + noise[k]", True, id="p for ln p"),
    ],
)
def test_a_wrong_sampler_is_caught(show, harness, right, wrong, gumbel):
    counts = show().evaluate(COUNT, [harness.broken(right, wrong), LOGITS, 1, 100_000, gumbel])
    assert not follows(counts, softmax(LOGITS))


# --- the rest of the mathematics against the library

NOISE = """async ([module, us]) => {
    const { argmax, gumbelNoise, gumbelTotals, softmax } = await import(module);
    return us.map(([u, logits, T]) => {
        const noise = gumbelNoise(u, logits.length);
        return [noise, argmax(gumbelTotals(softmax(logits, T), noise))];
    });
}"""
FLIPS = """async ([module, cases]) => {
    const { flips, pick, softmax } = await import(module);
    const { temperatures } = await import("./_static/live/base/state.mjs");
    return cases.map(([logits, u]) => flips((T) => pick(softmax(logits, T), u), temperatures));
}"""


def test_the_noise_is_the_same_in_python(show):
    rng = np.random.default_rng(7)
    cases = [
        (float(rng.random()), rng.uniform(-5, 5, rng.integers(1, 9)).tolist(), float(10 ** rng.uniform(-1.3, 1.3)))
        for _ in range(300)
    ]
    computed = show().evaluate(NOISE, [MODULE, cases])
    for (u, logits, T), (noise, winner) in zip(cases, computed, strict=True):
        wanted = gumbel_noise(u, len(logits))
        np.testing.assert_allclose(noise, wanted, rtol=1e-13, atol=1e-15)
        assert winner == (log_softmax(logits, T) + wanted).argmax()


def compare_flips(page, module):
    rng = np.random.default_rng(11)
    cases = [(np.round(rng.uniform(-5, 5, rng.integers(2, 8)), 1).tolist(), float(rng.random())) for _ in range(200)]
    computed = answers(page, FLIPS, module, cases)
    grid, checked = np.geomspace(0.05, 20, 2000), 0
    for (logits, u), found in zip(cases, computed, strict=True):
        starts, classes = map(np.array, zip(*found, strict=True))
        assert starts[0] == 0.05 and (np.diff(starts) > 0).all()
        at = np.searchsorted(starts, grid, side="right") - 1
        np.testing.assert_array_equal(classes[at], pick(softmax(logits, grid), u))
        for i in range(1, len(starts)):
            T, before, after = starts[i], classes[i - 1], classes[i]
            if any(abs(starts[j] / T - 1) < 1e-6 for j in (i - 1, i + 1) if j < len(starts)):
                continue  # a class of next to no probability passes by within the rounding
            checked += 1
            assert list(pick(softmax(logits, T * np.array([1 - 1e-9, 1 + 1e-9])), u)) == [before, after]
    assert checked > 200


test_flips_are_where_the_library_changes_its_pick, test_wrong_flips_are_caught = parity(
    compare_flips,
    {
        "stops too early": ("step < 48", "step < 4"),
        "skips a class": ("[low, last] = [high, choose(high)];", "[low, last] = [high, next];"),
        "never halves": ("Math.sqrt(low * high)", "low"),
    },
)
