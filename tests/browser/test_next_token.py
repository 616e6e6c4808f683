"""The next-token explorer: the browser cuts and draws as the library does, and the scores come when a reader does."""

import contextlib
import io
import itertools
import re

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import MODULE, PHONE, Dial, Figure, answers, parity, plain
from softmax_lib import entropy, log_softmax, min_p, pick, softmax, top_k, top_p
from softmax_lib.live import NextToken, TemperatureDial
from softmax_lib.live.next_token.next_token import NAMED, PROMPT_FOLDER, PROMPTS, ROWS, STEPS, VOCABULARY, load, marked

NAMES = {"temperature": "Temperature", "top_k": "Top-k", "top_p": "Top-p", "min_p": "Min-p"}
HOT = "#prompt=story&T=2&k=20000&p=0.99&min=0.0001&order=top_p,temperature,min_p,top_k&u=0.9"


# --- the mathematics
COMPUTE = """async ([module, cases]) => {
    const { tempered, truncated, pickOfFirst } = await import(module);
    return cases.map(([falling, steps, us]) => {
        const read = steps.map(([name, value]) => [name, Number(value)]);
        const done = truncated(read, (T) => tempered(Float64Array.from(falling), T));
        const { left, now } = done.at(-1);
        return [done.map(({ left, mass, nats }) => [left, mass, nats]), us.map((u) => pickOfFirst(left, now, u)),
                Array.from(now.weights.subarray(0, left), (weight) => weight / now.sums[left - 1])];
    });
}"""


def cases():
    """Seeded logits with ties and without, in falling order; steps in any order; uniforms; a shuffle for the judge."""
    rng = np.random.default_rng(6)
    for i in range(320):
        size = int(rng.integers(1, 60))
        logits = np.sort(rng.normal(size=size) * rng.choice([0.5, 3, 40]))[::-1]
        if i % 3 == 0:
            logits = np.round(logits)
        settings = {
            "temperature": [0.0, 0.05, 0.7, 1.0, 3.0, np.inf][i // 2 % 6]
            if i % 2
            else float(10 ** rng.uniform(-1.3, 1.3)),
            "top_k": int(rng.integers(1, size + 2)),
            "top_p": float(rng.choice([rng.uniform(0.01, 1), 1, 1e-9])),
            "min_p": float(rng.choice([10 ** rng.uniform(-4, 0), 0, 1])),
        }
        yield (
            logits,
            [(name, settings[name]) for name in rng.permutation(list(settings))],
            rng.random(3),
            rng.permutation(size),
        )


def walk(logits, steps):
    """What the library leaves after each step: how many, the mass that it cut, the entropy; and at the end, p."""
    functions = {
        "temperature": log_softmax,
        "top_k": top_k,
        "top_p": top_p,
        "min_p": lambda z, p: min_p(z, p) if p else z,
    }
    told = []
    for name, value in steps:
        before, logits = logits, functions[name](logits, value)
        lost = np.isneginf(logits) & ~np.isneginf(before)
        told.append(
            (
                np.isfinite(logits).sum(),
                0 if name == "temperature" else softmax(before)[lost].sum(),
                entropy(softmax(logits)),
            )
        )
    return told, softmax(logits)


def compare(page, module):
    listed = list(cases())
    sent = [
        [z.tolist(), [[name, str(value).replace("inf", "Infinity")] for name, value in steps], u.tolist()]
        for z, steps, u, _ in listed
    ]
    for (z, steps, u, shuffle), (told, ranks, p) in zip(listed, answers(page, COMPUTE, module, sent), strict=True):
        wanted, shuffled = walk(z[shuffle], steps)
        np.testing.assert_allclose(np.array(told, float), np.array(wanted, float), rtol=1e-9, atol=1e-12)
        judge = np.sort(shuffled)[::-1]
        np.testing.assert_allclose(p, judge[: len(p)], rtol=1e-9, atol=1e-15)
        assert judge[len(p) :].sum() == 0
        np.testing.assert_array_equal(ranks, pick(judge, u))


test_the_browser_cuts_as_the_library_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "T forgotten": ("(falling[k] - top) / T)", "(falling[k] - top))"),
        "T multiplied": ("(falling[k] - top) / T)", "(falling[k] - top) * T)"),
        "0/0 at T = 0": ("falling[k] === top ? 0 : (falling[k] - top) / T", "(falling[k] - top) / T"),
        "entropy of the wrong moment": ("moment += weight && weight * z", "moment += weight"),
        "T = 0 cuts nothing": ("T === 0 ? withTies(1, n, spread) : n", "n"),
        "ties cut apart": ("first(n, (k) => k >= m && below(k) < below(m - 1))", "m"),
        "the crossing class is cut": (
            "spread.sums[k] >= p * spread.sums[n - 1]) + 1",
            "spread.sums[k] >= p * spread.sums[n - 1])",
        ),
        "what was cut still counts": (
            "spread.sums[k] >= p * spread.sums[n - 1])",
            "spread.sums[k] >= p * spread.sums.at(-1))",
        ),
        "min-p of logits": ("below(k) < Math.log(p)", "below(k) < p"),
        "mass cut twice": ("(now.ends[n] - now.ends[had])", "now.ends[n]"),
        "mass of what never reached the step": ("/ now.sums[had - 1]", "/ now.sums.at(-1)"),
        "drawing what was cut": ("sums[k] > u * sums[n - 1]", "sums[k] > u * sums.at(-1)"),
    },
)


def test_a_tail_too_small_to_add_keeps_its_mass(show):
    told = show().evaluate(COMPUTE, [MODULE, [[[0, -50, -60], [["top_k", 1]], []]]])[0][0]
    assert told[0][1] == pytest.approx(np.exp(-50) + np.exp(-60), rel=1e-12, abs=0)


# --- the scores
def test_the_package_holds_all_tokens_of_every_prompt_in_falling_order():
    for prompt in PROMPTS:
        tokens, logits = load(prompt)
        assert len(tokens) == len(logits) == VOCABULARY
        assert len(set(tokens[:NAMED])) > NAMED - 50  # a few are parts of characters
        assert (np.diff(logits) <= 0).all()
        assert softmax(logits).sum() == pytest.approx(1)
        assert (PROMPT_FOLDER / f"{prompt}.bin").stat().st_size < 85_000
    assert {path.stem for path in PROMPT_FOLDER.iterdir()} == set(PROMPTS)
    with pytest.raises(ValueError, match=r"prompt must be one of breakfast, .*, not 'lunch'"):
        load("lunch")


def test_prompts_range_from_certain_to_open():
    nats = {prompt: float(entropy(softmax(load(prompt)[1]))) for prompt in PROMPTS}
    assert nats["rainbow"] < 0.5 < 1.5 < nats["breakfast"] < 2.5 < 5 < nats["story"]
    assert set(load("number")[0][:9]) == set("123456789")


# --- the figure
class Explorer(Figure):
    def __init__(self, page):
        super().__init__(page, "Next-token explorer")
        self.figure.scroll_into_view_if_needed()
        self.wait_for_scores()

    def wait_for_scores(self):
        expect(self.figure.locator(".lf-explorer:not([inert])")).to_be_visible()

    def choose(self, prompt):
        self.press(prompt)
        self.settle()
        self.wait_for_scores()

    def shows(self, twin):
        """Check every number against a figure in Python."""
        self.settle()
        expect(self.figure.locator(".lf-token")).to_have_text(marked(twin.token))
        names = self.figure.locator(".lf-candidate .lf-name").all_text_contents()
        assert names[:ROWS] == [marked(token) for token in twin.tokens[:ROWS]]
        model, p = softmax(load(twin.prompt)[1]), twin.probabilities
        left = twin.steps[-1].left
        for kind, q in ((".lf-was", model), (".lf-p", p)):
            shown = [
                plain(text).rpartition(": ")[2]
                for text in self.figure.locator(f".lf-candidate {kind}").all_text_contents()
            ]
            for k, (text, wanted) in enumerate(zip(shown, [*q[:ROWS], q[ROWS:].sum()], strict=True)):
                if kind == ".lf-p" and k >= left:
                    assert text == "cut"
                else:
                    assert says(text, wanted)
        effects = [
            [number(text) for text in step.locator("b").all_text_contents()]
            for step in self.figure.locator(".lf-effect").all()
        ]
        for name, shown, step in zip(twin.order, effects, twin.steps, strict=True):
            assert shown[0] == step.left
            assert shown[-1] == pytest.approx(step.entropy, abs=0.0051)
            if name != "temperature":
                assert says(shown[1], step.mass)
        after = [number(text) for text in self.figure.locator(".lf-whole .lf-readouts b").all_text_contents()]
        kept = model[:left].sum()
        np.testing.assert_allclose(
            after, [left, kept, twin.steps[-1].entropy, np.exp(twin.steps[-1].entropy)], atol=0.0051, rtol=1e-3
        )
        assert int(
            self.figure.locator(".lf-hit.lf-candidate").evaluate(
                "row => [...row.parentNode.querySelectorAll('.lf-candidate')].indexOf(row)"
            )
        ) == min(twin.rank - 1, ROWS)

    @property
    def past(self):
        self.settle()
        return self.figure.get_by_role("list", name="Past picks, newest first").locator("b").all_text_contents()


def says(text, p):
    """Whether a probability is written with three decimals, or with two digits where it is small."""
    return float(text) == pytest.approx(
        p, abs=5.1e-4 if p > 1e-3 else 5.1e-5 if p > 1e-4 else 0, rel=0 if p > 1e-4 else 0.06
    )


def number(text):
    return float(plain(text).replace(",", ""))


@pytest.fixture
def explorer(show):
    return Explorer(show(NextToken()))


def test_it_opens_with_the_state_of_the_python_object(explorer):
    explorer.shows(NextToken())
    expect(explorer.status).to_have_text(
        "8 of 49,152 tokens are left; “ honey” leads with 0.540; as uncertain as 3.39 equally likely tokens, "
        "before the steps 6.74. u picks “ honey”."
    )


@pytest.mark.parametrize(
    "state",
    [
        {"prompt": "story", "temperature": 2, "top_p": 1, "u": 0.97},
        {"prompt": "dialogue", "temperature": 0, "top_k": 40},
        {
            "prompt": "number",
            "temperature": np.inf,
            "top_k": 3,
            "order": ["top_k", "temperature", "top_p", "min_p"],
            "u": 0.4,
        },
        {
            "prompt": "zoo",
            "temperature": 1.5,
            "min_p": 0.02,
            "top_p": 0.95,
            "order": ["min_p", "top_p", "temperature", "top_k"],
        },
        {"prompt": "rainbow", "temperature": 0.05, "min_p": 1},
    ],
)
def test_any_state_shows_what_the_library_computes(show, state):
    Explorer(show(NextToken(**state))).shows(NextToken(**state))


def test_every_setting_moves_by_slider_and_by_number(explorer):
    twin = NextToken()
    explorer.press("Story")
    twin.prompt = "story"
    explorer.shows(twin)
    for name, key, value in (
        ("Temperature", "temperature", 1.5),
        ("Top-k", "top_k", 300),
        ("Top-p", "top_p", 0.97),
        ("Min-p", "min_p", 0.004),
    ):
        explorer.field(name).fill(str(value))
        setattr(twin, key, value)
        explorer.shows(twin)
    explorer.slider("Top-k").press("End")
    explorer.slider("Top-p").press("Home")
    explorer.slider("Min-p").press("Home")
    twin.top_k, twin.top_p, twin.min_p = VOCABULARY, 0.01, 0
    explorer.shows(twin)
    expect(explorer.slider("Top-k")).to_have_attribute("aria-valuetext", "49,152: keeps all")
    explorer.slider("Top-k").press("Home")
    explorer.slider("Top-p").press("End")
    twin.top_k, twin.top_p = 1, 1
    explorer.shows(twin)
    explorer.press("Reset")
    explorer.shows(NextToken())


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("Top-k", "0", "Top-k is a whole number from 1 to 49,152, which keeps all: it stays 49,152."),
        ("Top-k", "2.5", "Top-k is a whole number from 1"),
        ("Top-p", "0", "Top-p is above 0 and up to 1, which keeps all: it stays 0.9."),
        ("Min-p", "1.5", "Min-p is from 0, which keeps all, to 1: it stays 0."),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_words(explorer, name, wrong, words):
    explorer.field(name).fill(wrong)
    expect(explorer.status).to_contain_text(words)
    explorer.shows(NextToken())


def test_steps_are_reordered_by_keyboard_and_the_focus_goes_along(explorer):
    explorer.field("Temperature").fill("1.5")
    explorer.figure.get_by_role("button", name="Move Temperature later").focus()
    for order in (
        ["top_k", "temperature", "top_p", "min_p"],
        ["top_k", "top_p", "temperature", "min_p"],
        ["top_k", "top_p", "min_p", "temperature"],
    ):
        explorer.page.keyboard.press("Enter")
        explorer.shows(NextToken(temperature=1.5, order=order))
        expect(explorer.figure.get_by_role("button", name="Move Temperature later")).to_be_focused()
    expect(explorer.status).to_have_text("The steps now: top-k, top-p, min-p, temperature.")
    explorer.page.keyboard.press("Enter")  # it is the last already
    explorer.shows(NextToken(temperature=1.5, order=order))
    explorer.press("Move Temperature earlier")
    explorer.shows(NextToken(temperature=1.5, order=["top_k", "top_p", "temperature", "min_p"]))


def test_the_order_decides_who_is_left(show):
    before, after = (
        NextToken(temperature=2, top_p=0.9, order=list(order))
        for order in itertools.islice(itertools.permutations(STEPS), 0, 24, 23)
    )
    assert before.order[0] == "temperature" and after.order[-1] == "temperature"
    assert before.steps[-1].left > 100 * after.steps[-1].left


def test_draws_are_those_of_python(explorer):
    twin = NextToken(temperature=1.5, top_p=1, prompt="story")
    explorer.choose("Story")
    explorer.field("Temperature").fill("1.5")
    explorer.field("Top-p").fill("1")
    explorer.press("Draw one sample")
    twin.draw()
    explorer.shows(twin)
    explorer.press("Draw 10")
    twin.draw(10)
    explorer.shows(twin)
    names = [marked(twin.tokens[one["rank"] - 1]) for one in reversed(twin.picks)]
    assert explorer.past == names
    assert any(name.startswith("#") for name in names)  # from the tail
    explorer.choose("Zoo")
    assert explorer.past == []  # the picks of another prompt
    explorer.choose("Story")
    assert explorer.past == names
    explorer.press("Clear")
    assert explorer.past == []


def test_a_draw_in_the_same_moment_as_a_tab_is_the_new_prompts(explorer):
    explorer.choose("Story")
    explorer.choose("Breakfast")
    explorer.figure.evaluate("""card => {
        const buttons = [...card.querySelectorAll("button")];
        for (const name of ["Story", "Draw 10"]) buttons.find((button) => button.textContent === name).click();
    }""")
    twin = NextToken(prompt="story")
    twin.draw(10)
    explorer.shows(twin)
    assert explorer.past == [marked(twin.tokens[one["rank"] - 1]) for one in reversed(twin.picks)]


def test_the_line_falls_where_u_is_and_its_neighbours_are_told(explorer):
    explorer.field("u").fill("0.6")
    p = NextToken().probabilities
    expect(explorer.figure.locator(".lf-verdict")).to_contain_text(f"{p[0]:.3f} ≤ u = 0.600 < {p[0] + p[1]:.3f}")
    slots = explorer.figure.get_by_role("list", name="Tokens, in the order of the bar").get_by_role("listitem")
    assert [slot.split()[0] for slot in slots.all_inner_texts()] == ["␣honey", "␣butter", "␣lemon", "␣a", "rest"]
    expect(slots.nth(1)).to_contain_text("picked")
    explorer.field("u").fill("0.999")
    expect(slots.nth(4)).to_contain_text("picked")


# --- the scores come when they are wanted
def test_scores_are_fetched_when_the_reader_comes_near_and_once(show, new_page):
    page, asked = new_page(viewport={"width": 1000, "height": 400}, reduced_motion="reduce"), []
    page.on(
        "request", lambda request: request.url.endswith(".bin") and asked.append(request.url.rpartition("/live/")[2])
    )
    show(TemperatureDial(), NextToken(), NextToken(), page=page)
    page.wait_for_timeout(300)
    assert asked == []
    page.get_by_role("group", name="Next-token explorer").first.scroll_into_view_if_needed()
    explorer = Explorer(page)
    assert asked == ["next_token/prompts/breakfast.bin"]
    explorer.press("Zoo")
    explorer.press("Breakfast")
    explorer.press("Zoo")
    expect(explorer.figure.locator(".lf-candidate .lf-name").first).to_have_text("␣and")
    assert asked == ["next_token/prompts/breakfast.bin", "next_token/prompts/zoo.bin"]
    assert page.problems == []


def test_a_failure_is_told_and_tried_again(harness, new_page):
    page = new_page(reduced_motion="reduce")
    page.route("**/breakfast.bin", lambda route: route.fulfill(status=503))
    page.goto(f"{harness.address}/{harness.write(NextToken())}")
    figure = Figure(page, "Next-token explorer")
    expect(figure.figure.get_by_text("The scores did not come.").first).to_be_visible()
    expect(figure.status).to_have_text("The scores did not come.")
    assert figure.figure.locator(".lf-explorer").get_attribute("inert") is not None
    figure.is_accessible()
    figure.press("Zoo")  # another prompt may still come
    Explorer(page).shows(NextToken(prompt="zoo"))
    figure.press("Breakfast")
    page.unroute("**/breakfast.bin")
    figure.press("Try again")
    Explorer(page).shows(NextToken())


def test_while_they_load_the_figure_says_so_and_print_shows_the_table(harness, new_page):
    page, held = new_page(reduced_motion="reduce"), []
    page.route("**/breakfast.bin", lambda route: held.append(route))
    page.goto(f"{harness.address}/{harness.write(NextToken())}")
    expect(page.get_by_text("Loading the scores of 49,152 tokens …")).to_be_visible()
    height = page.locator("live-figure").bounding_box()["height"]
    page.emulate_media(media="print")
    expect(page.get_by_role("row", name="␣honey")).to_be_visible()
    expect(page.get_by_text("Loading the scores of")).to_be_hidden()
    page.emulate_media(media="screen")
    held[0].continue_()
    Explorer(page).shows(NextToken())
    assert page.locator("live-figure").bounding_box()["height"] == height
    page.emulate_media(media="print")
    expect(page.get_by_role("row", name="␣honey")).to_be_hidden()
    expect(page.locator(".lf-explorer")).to_be_visible()


def test_from_disk_the_scores_are_in_the_page(harness, new_page):
    page = new_page(reduced_motion="reduce")
    page.goto((harness.folder / harness.write(NextToken(prompt="zoo"), inlined=True)).as_uri())
    expect(page.locator("live-figure[live]")).to_have_count(1)
    explorer = Explorer(page)
    explorer.shows(NextToken(prompt="zoo"))
    explorer.press("Number")
    explorer.shows(NextToken(prompt="number"))
    assert page.problems == []


# --- state
def test_a_link_holds_it_all(show):
    page = show(NextToken(), hash=HOT)
    explorer = Explorer(page)
    twin = NextToken(
        prompt="story",
        temperature=2,
        top_k=20000,
        top_p=0.99,
        min_p=0.0001,
        order=["top_p", "temperature", "min_p", "top_k"],
        u=0.9,
    )
    explorer.shows(twin)
    explorer.press("Copy link")
    assert page.url.endswith("#T=2&prompt=story&k=20000&p=0.99&min=0.0001&order=top_p,temperature,min_p,top_k&u=0.9")
    page.reload()
    Explorer(page).shows(twin)


@pytest.mark.parametrize(
    ("hash", "words"),
    [
        ("#prompt=lunch", "prompt takes one of breakfast, rainbow, story, zoo, number, dialogue"),
        ("#prompt=constructor", "prompt takes one of breakfast"),
        ("#k=0", "k takes a whole number from 1 to 49,152, which keeps all"),
        ("#k=1e9", "k takes a whole number"),
        ("#p=0", "p takes above 0 and up to 1, which keeps all"),
        ("#min=-1", "min takes from 0, which keeps all, to 1"),
        ("#order=top_k,top_k,top_p,min_p", "order takes temperature, top_k, top_p, min_p in any order"),
        ("#u=1", "u takes a number from 0 up to 1"),
    ],
)
def test_what_a_link_gets_wrong_is_ignored_with_a_word(show, hash, words):
    explorer = Explorer(show(NextToken(), hash=hash))
    expect(explorer.notice).to_contain_text(f"This link is damaged: {words}")
    explorer.shows(NextToken())


def test_the_temperature_is_shared_and_nothing_else_travels(show):
    page = show(TemperatureDial(), NextToken())
    dial, explorer = Dial(page), Explorer(page)
    dial.field("Temperature").fill("0.5")
    explorer.field("Top-k").fill("7")
    explorer.press("Zoo")
    explorer.shows(NextToken(temperature=0.5, top_k=7, prompt="zoo"))
    assert page.evaluate("JSON.parse(sessionStorage['softmax-and-temperature'])") == {"temperature": 0.5}


def test_show_as_python_gives_the_same(explorer, show):
    Explorer(show(NextToken(), hash=HOT, page=explorer.page))
    code = explorer.figure.locator("pre").text_content()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    twin = NextToken(
        prompt="story",
        temperature=2,
        top_k=20000,
        top_p=0.99,
        min_p=0.0001,
        order=["top_p", "temperature", "min_p", "top_k"],
        u=0.9,
    )
    numbers, token = printed.getvalue().rsplit(" ", 1)
    assert token.strip() == twin.token.strip()
    assert float(numbers.split()[-1]) == pytest.approx(twin.steps[-1].entropy)
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(twin.as_python(), names)
    np.testing.assert_array_equal(names["probabilities"], twin.probabilities)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"prompt": "lunch"}, "prompt"),
        ({"top_k": 0}, "top_k"),
        ({"top_p": 0}, "top_p must be above 0 and up to 1, which keeps all, not 0.0"),
        ({"min_p": -0.1}, "min_p must be from 0, which keeps all, to 1, not -0.1"),
        ({"min_p": np.nan}, "min_p must be"),
        (
            {"order": ["top_k", "top_p"]},
            r"order must hold each of temperature, top_k, top_p, min_p once, not \['top_k', 'top_p'\]",
        ),
        ({"u": 1}, "u must be in"),
        ({"temperature": -1}, "temperature must be"),
    ],
)
def test_wrong_state_is_refused_in_python(wrong, words):
    with pytest.raises(traitlets.TraitError, match=words):
        NextToken(**wrong)


# --- looks
def test_on_a_phone_the_dial_is_beside_the_bars(show):
    explorer = Explorer(show(NextToken(), **PHONE))
    top = explorer.figure.locator(".lf-candidates").bounding_box()["y"]
    slider = explorer.slider("Temperature").bounding_box()
    assert slider["y"] + slider["height"] - top <= 600


def test_on_a_phone_a_token_is_drawn_in_sight_of_its_sentence_and_its_bars(show):
    explorer = Explorer(show(NextToken(), **PHONE))
    sentence = explorer.figure.locator(".lf-prompt")
    sentence.evaluate("(sentence) => sentence.scrollIntoView()")
    bars = explorer.figure.locator(".lf-candidate").last
    for part in (sentence, bars, explorer.figure.get_by_role("button", name="Draw one sample")):
        expect(part).to_be_in_viewport(ratio=1)
    before = sentence.bounding_box()["y"]
    explorer.press("Draw one sample")
    expect(explorer.figure.locator(".lf-past li")).to_have_count(1)
    assert sentence.bounding_box()["y"] == before  # pressing it scrolled nothing


def test_no_state_makes_it_higher_than_its_place_or_wider_than_the_page(show):
    states = [
        "",
        HOT,
        "#prompt=dialogue&T=inf&p=1&u=0.7",
        "#prompt=rainbow&T=0&k=1",
        "#prompt=dialogue&T=1.37&p=1&u=0.7345623&k=20000&min=0.00001",
        "#prompt=zoo&T=20&u=0.999999&order=min_p,top_k,top_p,temperature",
    ]
    page = show(NextToken())
    for state in states:
        page.evaluate("hash => { location.hash = hash; }", state)
        Explorer(page)
        for width in (320, 360, 600, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            card, place = (page.locator(query).bounding_box()["height"] for query in (".lf-host .lf", "live-figure"))
            assert card <= place + 1, (state, width)


def test_without_javascript_the_table_says_the_same(new_page, harness):
    page = new_page(java_script_enabled=False)
    figure = NextToken(prompt="dialogue", temperature=0.5, top_k=3, u=0.99)
    page.goto(f"{harness.address}/{harness.write(figure)}")
    rows = [row.split("\t") for row in page.get_by_role("row").all_inner_texts()]
    assert rows[0] == ["token", "model", "after the steps"]
    assert [row[0] for row in rows[1:]] == ["P", "No", "The", "Yes", "Absol", "While", "In", "F", "49,144 more tokens"]
    p = [float(row[-1]) for row in rows[1:]]
    np.testing.assert_allclose(p[:3], figure.probabilities[:3], atol=0.00051)
    assert p[3:] == [0] * 6
    expect(
        page.get_by_text(
            re.compile(
                r"\(T = 0\.5, top-k 3, top-p 0\.9\) leave 3 of 49,152 tokens, "
                r"to which the model gives 0\.626\. .* picks “The”"
            )
        )
    ).to_be_visible()
    assert "<|im_start|>" not in page.locator(".lf-still p").first.inner_html()
