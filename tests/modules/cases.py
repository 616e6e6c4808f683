"""What softmax_lib says of states of the live figures: the judge of the pure modules. Nothing of it is kept."""

import math
from itertools import islice
from typing import Any

import numpy as np

from softmax_lib import (
    brier_score,
    cross_entropy,
    cross_entropy_gradient,
    entropy,
    expected_calibration_error,
    live,
    perplexity,
    pick,
    softmax,
    sparsemax,
)
from softmax_lib.live import (
    Attention,
    Bandit,
    Contrast,
    Histogram,
    NextToken,
    Reliability,
    Sampler,
    Settings,
    Simplex,
    gumbel_noise,
)
from softmax_lib.live.attention.attention import unit
from softmax_lib.live.base.distribution import minus, probability_text
from softmax_lib.live.chi_squared import chi_squared
from softmax_lib.live.mulberry32 import mulberry32
from softmax_lib.live.next_token.next_token import PROMPTS, load

SEED = 20_261
TABS = {"Next token": [2, 1.5, 0], "Arms": [0.5, 0.3, 0.1], "Overconfident": [9, 1, 0]}
LABELS = ["one", "two", "three"]
TEACHER = ["A plain 3", "A 7 like a 2", "A 9 like a 4"]
DIGITS = [f"digit {k}" for k in range(10)]
SETTINGS = [
    {},
    {"temperature": 0.4, "top_p": 0.95},
    {"temperature": 3, "top_k": 50, "top_p": 1},
    {"min_p": 0.02, "top_p": 1},
    {"temperature": 0},
    {"top_k": 3},
]
TEMPERATURES = [0, 0.05, 0.3, 1, 2.5, 20, math.inf]


def is_figure(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, live.LiveFigure) and one is not live.LiveFigure


def plain(value: Any) -> Any:
    """As JSON has it: lists, and infinities as words."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def every_case() -> dict[str, Any]:
    makers = {
        "softmax": mathematics,
        "numbers": numbers,
        "bandit": bandit,
        "histogram": histogram,
        "sampler": sampler,
        "reliability": reliability,
        "next_token": next_token,
        "simplex": simplex,
        "attention": attention,
        "contrast": contrast,
        "own_prompt": own_prompt,
        "luck": luck,
        "tries": tries,
    }
    return plain({name: list(make()) for name, make in makers.items()})


def mathematics():
    rng = np.random.default_rng(SEED)
    for n in range(120):
        logits, temperature = rng.uniform(-5, 5, rng.integers(2, 9)).round(1), TEMPERATURES[n % 7]
        p, us, target = softmax(logits, temperature), rng.random(5), int(rng.integers(len(logits)))
        counts = rng.multinomial(1000, softmax(logits))
        statistic, degrees = chi_squared(counts, softmax(logits))
        yield {
            "logits": logits,
            "temperature": temperature,
            "us": us,
            "target": target,
            "counts": counts,
            "p": p,
            "entropy": entropy(p),
            "perplexity": perplexity(p),
            "picks": pick(p, us),
            "loss": cross_entropy(logits, target),
            "gradient": cross_entropy_gradient(logits, target),
            "statistic": statistic if degrees else 0,
            "degrees": degrees,
            "uniforms": list(islice(mulberry32(n), 5)),
            "noise": gumbel_noise(us[0], len(logits)),
        }


def numbers():
    for x in [0, 1, 0.5, 0.0123, 0.00099, 0.00095, 0.0001, 9.9e-5, 2.1e-7, 7e-88, 0.9996]:
        yield {"x": x, "text": probability_text(x)}


def bandit():
    labels = ["A", "B", "C", "D"]
    games = [[], [[1, 1]], [["B", 1], [0.5, 40]], [[0, 30], [math.inf, 30], ["D", 2]], [[0.2, 999]]]
    for seed, played in enumerate(games):
        for opponent in ("UCB", "annealed", "greedy", "random"):
            figure = Bandit(labels=labels, seed=seed, played=played, opponent=opponent)
            mine, theirs = figure.machine, figure.rival
            after = Bandit(labels=labels, seed=seed, played=played)
            after.pull_arm("D")
            yield {
                "state": figure._state(),
                "means": mine.means,
                "values": mine.values,
                "pulls": mine.pulls,
                "regrets": mine.regrets,
                "theirs": theirs.regrets,
                "after": after._state()["played"],
                "words": said(mine),
            }


def said(machine):
    if not machine.rewards:
        return ["No pulls yet"]
    return [f"paid {minus(f'{machine.rewards[-1]:.2f}')}.", f"your regret is {machine.regret:.1f}"]


def histogram():
    for temperature, draws in [(1, 0), (1, 1), (0.5, 7), (2, 1000), (20, 4321), (0, 50), (math.inf, 600)]:
        figure = Histogram(temperature=temperature, draws=draws, seed=11)
        counts, p = figure.counts, figure.probabilities
        words = "No draws yet"
        if draws > 1:
            statistic, degrees = chi_squared(counts, p) if p.max() < 1 else (0, 0)
            words = f"is {statistic:.2f}, " if degrees else "nothing to test" if p.max() == 1 else "Too few draws"
        elif draws:
            words = f"Drew {figure.labels[int(counts.argmax())]}."
        yield {
            "state": figure._state(),
            "p": p,
            "counts": counts,
            "words": words,
            "error": abs(counts / draws - p).max() if draws else None,
        }


def sampler():
    for temperature in TEMPERATURES:
        for u in (0, 0.2, 0.61, 0.97):
            for gumbel in (False, True):
                figure = Sampler(temperature=temperature, u=u, gumbel=gumbel, drawn=3)
                steps = [
                    (T, Sampler(temperature=T, u=u, gumbel=gumbel).pick) for T in (0.05, 0.11, 0.4, 0.9, 3, 11, 20)
                ]
                before, now = figure._state(), figure.pick
                p = figure.probabilities
                figure.draw()
                after = figure._state()
                yield {
                    "state": before,
                    "p": p,
                    "pick": now,
                    "steps": steps,
                    "after": {key: after[key] for key in ("u", "drawn", "picks")},
                }


def reliability():
    for temperature in (0.05, 0.5, 1, 1.97, 6, 20):
        figure = Reliability(temperature=temperature)
        logits, labels = np.array(figure.logits), np.array(figure.labels)
        p = softmax(logits, temperature)
        yield {
            "state": figure._state(),
            "error": expected_calibration_error(p, labels),
            "brier": brier_score(p, labels),
            "nll": cross_entropy(logits, labels, temperature).mean(),
            "accuracy": figure.accuracy,
            "confidence": figure.mean_confidence,
            "guess": math.log(logits.shape[1]),
        }


def next_token():
    orders = [["temperature", "top_k", "top_p", "min_p"], ["min_p", "top_p", "temperature", "top_k"]]
    for prompt, order in [("breakfast", orders[0]), ("story", orders[1])]:
        for settings in SETTINGS:
            figure = NextToken(prompt=prompt, order=order, u=0.83, **settings)
            p = figure.probabilities
            case = {
                "state": figure._state(),
                "steps": [step._asdict() for step in figure.steps],
                "rank": figure.rank,
                "token": figure.token,
                "p": p[:10],
                "rest": p[8:].sum(),
            }
            figure.draw(4)
            after = figure._state()
            yield {**case, "after": {key: after[key] for key in ("u", "drawn", "picks")}}


def tries():
    tabs = [{"name": name, "labels": LABELS, "logits": logits, "words": name} for name, logits in TABS.items()]
    digits = [{"name": name, "labels": DIGITS, "logits": list(range(10)), "words": name} for name in TEACHER]
    figures = [getattr(live, name)() for name in live.__all__ if is_figure(getattr(live, name))]
    for figure in [*figures, Settings(settings=tabs), Settings(settings=digits)]:
        state = figure._state()
        name = figure.module.split("/")[0]
        if name != "large_dial" and (name != "settings" or len(figure.settings) > 1):
            yield {"name": name, "state": state}


def simplex():
    rng, corners = np.random.default_rng(SEED), np.array([[0, 1], [1, 1], [0.5, 0]])
    for n, temperature in enumerate([*TEMPERATURES, 2, 0.7]):
        for alpha, name in ((1, "softmax"), (1.5, "1.5-entmax"), (2, "sparsemax")):
            figure = Simplex(
                logits=rng.uniform(-5, 5, 3).round(1),
                temperature=temperature,
                alpha=alpha,
                seed=int(rng.integers(2**32)),
            )
            mixed = rng.normal(size=3)
            anywhere = mixed - mixed.mean() + 1 / 3  # in the plane of the triangle, mostly outside
            yield {
                "state": figure._state(),
                "name": name,
                "p": figure.probabilities,
                "draws": figure.draws,
                "mean": figure.draws.mean(axis=0),
                "largest": figure.largest,
                "zeros": figure.zeros,
                "onto": {"from": anywhere @ corners, "to": sparsemax(anywhere)},
                "inside": rng.dirichlet([4, 4, 4]),
                "corner": np.eye(3)[n % 3],
            }


def attention():
    for n, temperature in enumerate([*TEMPERATURES, 2, 0.7]):
        for head, query in (("a name", 12), ("the first token", n), ("many at once", 12 - n)):
            figure = Attention(head=head, query=query, temperature=temperature)
            p = figure.weights
            winners = [label for label, q in zip(figure.labels, p, strict=False) if q == p.max()]
            yield {
                "state": figure._state(),
                "p": p,
                "entropy": entropy(p),
                "perplexity": perplexity(p),
                "unit": unit(temperature),
                "won": f"“{winners[0]}” wins" if len(winners) == 1 else f"{len(winners)} tokens share",
            }


def own_prompt():
    model = softmax(load("breakfast")[1])
    for settings in SETTINGS:
        for u in (0.0, 0.3, 0.83, 0.999):
            figure = NextToken(u=u, **settings)
            yield {"state": figure._state(), "rank": figure.rank, "bits": -math.log2(model[figure.rank - 1])}


def luck():
    for seed in (0, 7, 9999):
        yield {"seed": seed, "numbers": list(islice(mulberry32(seed), 12)), "question": PROMPTS["dialogue"]}


def contrast():
    rng = np.random.default_rng(SEED)
    for n, temperature in enumerate([*TEMPERATURES, 0.3, 2]):
        for count in (2, 3, 5, 8):
            figure = Contrast(
                labels=[f"caption {k}" for k in range(count)],
                angles=rng.integers(0, 361, count).tolist(),
                angle=round(rng.uniform(0, 359), n % 2),
                temperature=temperature,
            )
            at = np.radians(figure.angle)
            yield {
                "state": figure._state(),
                "cosines": figure.cosines,
                "push": figure.push,
                "pushers": perplexity(figure.push),
                "left": figure.left,
                "turn": figure.turn,
                "place": [0.5 + np.cos(at) / 2, 0.5 - np.sin(at) / 2],
                "stepped": (figure.angle + 20 * figure.turn) % 360,
            }
