"""The bandit: every pull, estimate and regret as Python computes them, and the game as readers meet it."""

import math
from itertools import islice

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from harness import PHONE, Dial, Figure, answers, parity
from softmax_lib import pick, softmax
from softmax_lib.live import Bandit, TemperatureDial
from softmax_lib.live.machine import OPPONENTS, Machine, hundredths, normal, play, rival
from softmax_lib.live.mulberry32 import mulberry32

LABELS = ["A", "B", "C", "D", "E"]
SEED = 58  # the figure's own
COMPUTE = """async ([module, cases]) => {
    const { play, rival } = await import(module);
    const told = ({ means, pulls, values, regrets, reward }) => [means, pulls, values, regrets, reward];
    return cases.map(([seed, labels, played, opponent, count]) =>
        [play(seed, labels, played), rival(opponent, seed, labels.length, count)].map(told));
}"""


class Game(Figure):
    def __init__(self, page, nth=0):
        super().__init__(page, "Bandit", nth)

    def column(self, kind):
        texts = self.figure.locator(f".lf-arm {kind}").all_text_contents()
        return [float(text.rpartition(": ")[2].replace("−", "-").replace("×", "")) for text in texts]

    def shows(self, played, *, temperature=1.0, seed=SEED, opponent="UCB"):
        """Check every number against Python's."""
        self.settle()
        game = play(seed, LABELS, played)
        other = rival(opponent, seed, len(LABELS), len(game.rewards))
        assert self.column(".lf-times-pulled") == game.pulls
        np.testing.assert_allclose(self.column(".lf-value"), game.values, atol=0.0051)
        np.testing.assert_allclose(self.column(".lf-p"), softmax(game.values, temperature), atol=0.00051, rtol=0.06)
        pulls, mine, theirs = [
            float(text.replace(",", "")) for text in self.figure.locator(".lf-readouts b").all_inner_texts()
        ]
        assert pulls == len(game.rewards)
        np.testing.assert_allclose([mine, theirs], [game.regret, other.regret], atol=0.0501)
        return game, other


@pytest.fixture
def game(show):
    return Game(show(Bandit()))


# --- pulling
def test_nothing_is_pulled_and_every_arm_equally_likely(game):
    game.shows([])
    assert game.column(".lf-p") == [0.2] * 5
    expect(game.status).to_have_text(
        "No pulls yet: every value begins at 0, so every arm is equally likely at any temperature."
    )


def test_the_buttons_pull_what_the_softmax_draws(game):
    for name, count in [("Pull once", 1), ("Pull 10", 11), ("Pull 100", 111)]:
        game.press(name)
        game.shows([(1, count)])
    game.field("Temperature").fill("0.25")
    game.press("Pull 100")
    game.shows([(1, 111), (0.25, 100)], temperature=0.25)
    game.press("T → 0")
    game.press("Pull 10")
    game.press("T → ∞")
    game.press("Pull 10")
    game.shows([(1, 111), (0.25, 100), (0, 10), (math.inf, 10)], temperature=math.inf)


def test_the_reader_may_choose_an_arm(game):
    for _ in range(2):
        game.press("Pull C")
    game.press("Pull once")
    game.press("Pull E")
    played, _ = game.shows([("C", 2), (1, 1), ("E", 1)])
    paid = f"{played.rewards[-1]:.2f}".replace("-", "−")
    expect(game.status).to_contain_text(f"Last pull: E, by hand, paid {paid}. After 4 pulls")
    hit = game.figure.locator(".lf-arm.lf-hit")
    expect(hit).to_have_count(1)
    expect(hit.get_by_role("button")).to_have_text("Pull E")


def test_the_first_pull_of_an_arm_always_pays_the_same(game):
    game.press("Pull B")
    value = game.column(".lf-value")[1]
    game.press("Clear")
    game.shows([])
    for name in ("Pull A", "Pull E", "Pull 10", "Clear", "Pull D", "Pull B"):
        game.press(name)
    game.settle()
    assert game.column(".lf-value")[1] == value


def test_moving_the_temperature_pulls_nothing_and_forgets_nothing(game):
    game.press("Pull 100")
    game.slider("Temperature").press("Home")
    game.shows([(1, 100)], temperature=0.05)
    game.slider("Temperature").press("End")
    game.shows([(1, 100)], temperature=20)


def test_every_opponent_plays_the_same_bandit(game):
    choice = game.figure.get_by_role("combobox", name="Opponent", exact=True)
    game.press("Pull 100")
    for name, words in zip(
        OPPONENTS, ["UCB: value + bonus", "annealed, 1 to 0.05", "greedy, T = 0", "random, T = ∞"], strict=True
    ):
        choice.select_option(words)
        played, other = game.shows([(1, 100)], opponent=name)
        assert other.means == played.means
        gap = played.regret - other.regret
        expect(game.status).to_contain_text(f"{abs(gap):.1f} {'less' if gap < 0 else 'more'} than the opponent’s.")


def test_the_means_are_shown_on_request_only(game):
    means = game.figure.locator(".lf-mean")
    assert means.all_inner_texts() == ["mean ?"] * 5
    expect(game.figure.locator(".lf-sided u")).to_have_count(0)
    game.press("Show the true means")
    game.settle()
    truth = Machine(SEED).means
    shown = [float(text.replace("−", "-")) for text in game.figure.locator(".lf-mean b").all_inner_texts()]
    assert shown == truth
    stars = ["★" in text for text in means.all_inner_texts()]
    assert stars == [mean == max(truth) for mean in truth]
    boxes = game.figure.locator(".lf-sided").evaluate_all("""bars => bars.map((bar) => {
        const [axis, mark] = [bar, bar.querySelector("u")].map((element) => element.getBoundingClientRect());
        return 6 * ((mark.left + mark.right) / 2 - axis.left) / axis.width - 3;
    })""")
    np.testing.assert_allclose(boxes, truth, atol=0.03)
    game.press("Show the true means")
    expect(game.figure.locator(".lf-sided u")).to_have_count(0)


def test_a_new_bandit_is_the_next_seed_and_a_seed_can_be_typed(game):
    game.press("Pull 10")
    game.press("Show the true means")
    game.press("New bandit")
    game.shows([], seed=SEED + 1)
    assert game.field("Seed of the bandit").input_value() == str(SEED + 1)
    expect(game.figure.locator(".lf-sided u")).to_have_count(0)
    game.field("Seed of the bandit").fill("12")
    game.press("Pull 100")
    game.shows([(1, 100)], seed=12)
    game.press("Reset")
    game.shows([])


@pytest.mark.parametrize("typed", ["-1", "2.5", "4294967296", "", "1e"])
def test_a_seed_that_cannot_be_is_refused_in_words(game, typed):
    field = game.field("Seed of the bandit")
    field.fill("")
    field.press_sequentially(typed)
    field.press("Enter")
    expect(game.status).to_contain_text("A bandit has a whole number from 0 to 4,294,967,295: it stays ")
    game.settle()
    assert 0 <= int(field.input_value()) < 2**32


def test_a_temperature_that_cannot_be_is_refused_in_words(game):
    field = game.field("Temperature")
    field.fill("-1")
    field.press("Enter")
    expect(game.status).to_have_text("T is 0, from 0.05 to 20, or ∞ by its button: it stays at 1.")


def test_a_game_ends_at_a_thousand_pulls_in_words(show):
    game = Game(show(Bandit(played=[[1, 950]])))
    game.press("Pull 100")
    expect(game.status).to_have_text("A game ends at 1,000 pulls: press Clear, or New bandit.")
    for _ in range(5):
        game.press("Pull 10")
    game.shows([(1, 1000)])
    game.press("Pull A")
    expect(game.status).to_have_text("A game ends at 1,000 pulls: press Clear, or New bandit.")


def test_show_as_python_reproduces_the_game(game, capsys):
    for name in ("Pull 10", "Pull D", "T → ∞", "Pull 10", "T → 0", "Pull once"):
        game.press(name)
    played, other = game.shows([(1, 10), ("D", 1), (math.inf, 10), (0, 1)], temperature=0)
    names = {}
    exec(game.figure.locator("pre").text_content(), names)  # what the reader copies
    assert (names["game"].pulls, names["game"].regret) == (played.pulls, played.regret)
    printed = capsys.readouterr().out
    assert str(softmax(played.values, 0)) in printed and str(other.regret) in printed


# --- with other figures, and links
def test_the_temperature_is_that_of_the_readers_other_figures(show):
    page = show(TemperatureDial(), Bandit())
    Dial(page).press("T → 0")
    game = Game(page)
    game.press("Pull 10")
    game.shows([(0, 10)], temperature=0)
    other = Game(show(Bandit(), page=page))
    expect(other.notice).to_have_text("Your T came with you; Reset restores the text's.")
    other.shows([], temperature=0)


def test_a_link_carries_the_temperature_and_the_seed_and_the_next_page_only_the_temperature(show):
    page = show(Bandit())
    game = Game(page)
    game.field("Seed of the bandit").fill("12")
    game.field("Temperature").fill("0.3")
    game.settle()
    game.press("Copy link")
    game.settle()
    assert page.url.endswith("#T=0.3&seed=12")
    again = Game(show(Bandit(), hash="#T=0.3&seed=12"))
    again.shows([], temperature=0.3, seed=12)
    wrong = Game(show(Bandit(), hash="#seed=1.5"))
    expect(wrong.notice).to_have_text("This link is damaged: seed takes a whole number from 0 to 4,294,967,295.")
    Game(show(Bandit(), page=page)).shows([], temperature=0.3)


# --- the mathematics in the browser
def cases():
    rng = np.random.default_rng(11)
    for number in range(60):
        labels = [f"arm {k}" for k in range(rng.integers(1, 8))]
        hows = [
            float(rng.choice([0, 0.1, 0.5, 1, 5])),
            "Infinity",
            str(rng.choice(labels)),
            float(10 ** rng.uniform(-1.3, 1.3)),
        ]
        played = [[how, int(rng.integers(1, 40))] for how in rng.permutation(np.array(hows, object))]
        yield int(rng.integers(2**32)), labels, played, list(OPPONENTS)[number % 4], 350


def compare(page, module):
    expected = list(cases())
    steps = 0
    for (seed, labels, played, opponent, count), both in zip(
        expected, answers(page, COMPUTE, module, expected), strict=True
    ):
        mine = play(seed, labels, [(math.inf if how == "Infinity" else how, pulls) for how, pulls in played])
        for twin, (means, pulls, values, regrets, reward) in zip(
            (mine, rival(opponent, seed, len(labels), count)), both, strict=True
        ):
            assert (means, pulls, reward) == (twin.means, twin.pulls, twin.rewards[-1])
            np.testing.assert_allclose(values, twin.values, rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(regrets, twin.regrets, rtol=1e-12, atol=1e-12)
            steps += len(regrets)
    assert steps > 10_000


test_the_browser_plays_as_python_does, test_a_broken_copy_is_caught = parity(
    compare,
    {
        "a constant step": ("(one.reward - one.values[arm]) / one.pulls[arm]", "(one.reward - one.values[arm]) * 0.1"),
        "the estimate is not taken off": (
            "(one.reward - one.values[arm]) / one.pulls[arm]",
            "one.reward / one.pulls[arm]",
        ),
        "regret of the reward": ("one.regret += best - means[arm]", "one.regret += best - one.reward"),
        "regret against the first arm": ("Math.max(...means);\n", "means[0];\n"),
        "T doubled": ("pick(softmax(scores, T), luck())", "pick(softmax(scores, 2 * T), luck())"),
        "another luck": ("pick(softmax(scores, T), luck())", "pick(softmax(scores, T), next())"),
        "one noise for all arms": ("normal(noise[arm])", "normal(noise[0])"),
        "sine for cosine": ("Math.cos(2 * Math.PI * next())", "Math.sin(2 * Math.PI * next())"),
        "the other end": ("1 - next()", "next()"),
        "rounded down": ("100 * x + 0.5", "100 * x"),
        "UCB a step behind": ("regrets.length + 1) / pulls[k]", "regrets.length) / pulls[k]"),
        "UCB does not try everything": (": Infinity)),\n", ": value)),\n"),
        "annealing goes on": ("/ 300, 1)", "/ 300, 2)"),
    },
    Bandit,
)


# --- the twin against closed forms
def test_normal_numbers_are_normal():
    uniforms = mulberry32(5)
    numbers = np.array([normal(uniforms) for _ in range(20_000)])
    assert abs(numbers.mean()) < 0.03 and numbers.std() == pytest.approx(1, abs=0.02)
    assert (abs(numbers) < 1.96).mean() == pytest.approx(0.95, abs=0.006)


def test_rewards_average_to_the_mean_and_values_are_their_average():
    machine = Machine(7, arms=2)
    rewards = [machine.pull(1) for _ in range(4000)]
    assert np.mean(rewards) == pytest.approx(machine.means[1], abs=4 / math.sqrt(4000)) and np.std(
        rewards
    ) == pytest.approx(1, abs=0.05)
    assert machine.values[1] == pytest.approx(np.mean(rewards)) and machine.values[0] == 0
    assert machine.regret == pytest.approx(4000 * (max(machine.means) - machine.means[1]))
    assert [hundredths(x) for x in (0.005, -0.006, 1.234, -1.236)] == [0.01, -0.01, 1.23, -1.24]


def test_ucb_tries_every_arm_first_and_then_the_highest_bound():
    for count in range(6):
        assert sorted(rival("UCB", 3, 5, count).pulls) == [0] * (5 - count) + [1] * count
    machine = rival("UCB", 3, 5, 40)
    bounds = [q + math.sqrt(math.log(41) / n) for q, n in zip(machine.values, machine.pulls, strict=True)]
    scores, temperature = OPPONENTS["UCB"](machine)
    assert scores == bounds and machine.chosen(scores, temperature) == int(np.argmax(bounds))


def test_annealed_and_fixed_temperatures():
    game = rival("annealed", 3, 5, 30)
    same = Machine(3, 5)
    for n in range(30):
        same.pull(same.chosen(same.values, 0.05 ** (n / 300)))
    assert game.pulls == same.pulls
    assert OPPONENTS["annealed"](rival("random", 3, 5, 400))[1] == 0.05
    assert rival("greedy", 3, 5, 60).pulls == play(3, LABELS, [(0.0, 60)]).pulls
    assert rival("random", 3, 5, 60).pulls == play(3, LABELS, [(math.inf, 60)]).pulls


def test_a_pull_is_a_pick_from_the_softmax():
    *_, tenth = islice(mulberry32(9), 10)  # after two a mean and one for each arm's noise
    us = list(islice(mulberry32(math.floor(tenth * 2**32)), 200))
    machine = Machine(9, arms=3)
    assert [machine.chosen([1, 0, -1], 0.7) for _ in range(200)] == pick(softmax([1, 0, -1], 0.7), us).tolist()


# --- the page
@pytest.mark.parametrize("arms", [1, 2, 8])
@pytest.mark.parametrize("width", [320, 360, 704, 1280])
def test_the_height_is_reserved_for_other_numbers_of_arms(show, width, arms):
    page = show(
        Bandit(labels=LABELS[:arms] if arms < 5 else list("ABCDEFGH")), viewport={"width": width, "height": 800}
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figure, place = (page.locator(query).bounding_box()["height"] for query in (".lf-host .lf", "live-figure"))
    assert figure <= place <= figure + 30


def test_everything_by_keyboard(game):
    game.figure.get_by_role("button", name="Pull C", exact=True).press("Enter")
    game.figure.get_by_role("button", name="Pull 10", exact=True).press("Space")
    game.slider("Temperature").press("Home")
    game.figure.get_by_role("combobox", name="Opponent", exact=True).press("ArrowDown")
    game.shows([("C", 1), (1, 10)], temperature=0.05, opponent="annealed")


def test_on_a_phone_a_tap_pulls(show):
    game = Game(show(Bandit(), **PHONE))
    game.figure.get_by_role("button", name="Pull B", exact=True).tap()
    game.figure.get_by_role("button", name="Pull 100", exact=True).tap()
    game.shows([("B", 1), (1, 100)])


def test_on_a_phone_the_slider_and_every_bar_are_visible_together(show):
    game = Game(show(Bandit(), **PHONE))
    top, slider = game.figure.locator(".lf-arms").bounding_box()["y"], game.slider("Temperature").bounding_box()
    assert slider["y"] + slider["height"] - top <= 590


def test_bars_stand_on_fixed_axes(show):
    played = [[1, 60]]
    page = show(Bandit(played=played))
    twin = play(SEED, LABELS, played)
    widths = page.locator(".lf-arm .lf-bar").evaluate_all(
        """bars => bars.map((bar) => [bar.querySelector("i"), bar].map((part) => part.getBoundingClientRect().width))
            .map(([filled, whole]) => filled / whole)"""
    )
    np.testing.assert_allclose(widths, softmax(twin.values), atol=0.003)
    ends = page.locator(".lf-sided").evaluate_all("""bars => bars.map((bar) => {
        const [axis, part] = [bar, bar.querySelector("i")].map((element) => element.getBoundingClientRect());
        return [part.left, part.right].map((x) => 6 * (x - axis.left) / axis.width - 3);
    })""")
    for (left, right), value in zip(ends, twin.values, strict=True):
        assert [left, right] == pytest.approx(sorted([0, value]), abs=0.06)


@pytest.mark.parametrize("count", [3, 60, 950])
def test_the_lines_are_both_regrets(show, count):
    page = show(Bandit(played=[[1, count]]))
    across, up = [
        float(page.locator(f".lf-contest {query}").all_inner_texts()[place])
        for query, place in ((".lf-across", -1), (".lf-down", 0))
    ]
    for query, twin in ((".lf-over", play(SEED, LABELS, [(1, count)])), (".lf-rival", rival("UCB", SEED, 5, count))):
        path = page.locator(f".lf-contest {query}").get_attribute("d")
        points = np.array([point.split() for point in path[1:].split("L")], float)
        for x, y in points[1:]:
            assert (1 - y) * up == pytest.approx(twin.regrets[round(x * across) - 1], abs=2e-4 * up)
        assert points[-1][0] * across == pytest.approx(count, abs=0.1) and len(points) <= 202
        assert twin.regret <= up


def test_without_javascript_the_table_says_the_same(new_page, harness):
    page = new_page(java_script_enabled=False)
    figure = Bandit(temperature=0.5)
    figure.pull(100)
    page.goto(f"{harness.address}/{harness.write(figure)}")
    rows = [row.split() for row in page.get_by_role("row").all_inner_texts()]
    twin = play(SEED, LABELS, [(0.5, 100)])
    assert [(row[0], int(row[1])) for row in rows[1:]] == list(zip(LABELS, twin.pulls, strict=True))
    words = (
        f"Bandit 58: after 100 pulls the regret is {twin.regret:.1f}; "
        f"that of the opponent (UCB) is {figure.rival.regret:.1f}."
    )
    expect(page.get_by_text(words)).to_be_visible()


def test_high_contrast_keeps_bars_marks_and_lines(show):
    page = show(Bandit(played=[[1, 50]], revealed=True), forced_colors="active")
    ground, *seen = page.evaluate("""() => [
        [".lf-host .lf", "backgroundColor"],
        [".lf-arm .lf-sided i", "backgroundColor"],
        [".lf-arm .lf-bar i", "backgroundColor"],
        [".lf-arm u", "backgroundColor"],
        [".lf-contest .lf-over", "stroke"],
        [".lf-contest .lf-rival", "stroke"],
    ].map(([query, what]) => getComputedStyle(document.querySelector(query))[what])""")
    assert not {ground, "rgba(0, 0, 0, 0)", "none"} & set(seen)


# --- the Python side
def test_the_python_side():
    figure = Bandit(temperature=0.5, seed=4)
    figure.pull(10)
    figure.pull()
    figure.temperature = math.inf
    figure.pull(2)
    figure.pull_arm("C")
    assert figure.played == [[0.5, 11], [math.inf, 2], ["C", 1]]
    assert (
        figure.machine.pulls == play(4, LABELS, figure.played).pulls
        and figure.rival.pulls == rival("UCB", 4, 5, 14).pulls
    )
    np.testing.assert_array_equal(figure.probabilities, [0.2] * 5)
    assert figure.get_state()["played"] == [[0.5, 11], ["Infinity", 2], ["C", 1]]
    figure.set_state({"played": [["Infinity", 3]]})
    assert figure.played == [[math.inf, 3]]
    names = {}
    exec(figure.as_python(), names)
    assert names["game"].pulls == figure.machine.pulls


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"played": [[1, 1001]]}, "played may hold 1,000 pulls, not 1,001"),
        ({"played": [[1, 0]]}, "the pulls of a move must be a whole number from 1, not 0"),
        ({"played": [["Z", 1]]}, "an arm must be one of A, B, C, D, E, not 'Z'"),
        ({"played": [3]}, r"a move is \[a temperature or an arm, a number of pulls\], not 3"),
        ({"played": [[-1, 3]]}, "temperature must be 0, from 0.05 to 20, or math.inf, not -1"),
        ({"labels": []}, r"labels must be 1 to 8 different names, not \[\]"),
        ({"labels": ["A", "A"]}, "labels must be 1 to 8 different names"),
        ({"opponent": "me"}, "opponent"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong, words):
    with pytest.raises(traitlets.TraitError, match=words):
        Bandit(**wrong)


def test_a_machine_without_arms_is_refused():
    with pytest.raises(ValueError, match="arms must be 1 or more, not 0"):
        Machine(3, arms=0)
