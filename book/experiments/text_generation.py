"""What the language model writes at several temperatures, how it repeats itself, and how well it knows a text.

Without the model's wheel the same numbers come from a record, which tools/record_model.py made with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import cross_entropy, entropy, expected_calibration_error, softmax, top_p

from .language_model import Floats, LanguageModel, Tokens, is_installed, load, to_bfloat16, to_float16, unrounded
from .stored import kept

DATA = Path(__file__).resolve().parents[1] / "data"
RECORD = DATA / "language-model.npz"
STORY = "Once upon a time, in a small village by the sea,"
RAINBOW = "The colours of the rainbow are red, orange,"
SEED, STEPS = 6, 28  # a seed whose every draw leads by more than any processor rounds
COPIES = {0.0: 1, 0.2: 16, 0.4: 8, 0.7: 8, 1.0: 8, 1.5: 8}  # texts at each temperature
METHODS = ("T = 0", "T = 1", "T = 1, top-p 0.95")
WINDOWS, BEFORE, AFTER = 8, 32, 40  # of the encyclopaedia, in tokens: what a text continues, and by how much
ROUNDED = {"float32": unrounded, "float16": to_float16, "bfloat16": to_bfloat16}
BATCH, GREEDY_STEPS = 8, 200  # copies of a text beside each other, and tokens at T = 0
JUDGED_AT = (0.2, 0.6, 0.8, 1.0, 1.1, 1.4, 2.0)


class Agreement(NamedTuple):
    """Beside what `transformers` makes of the same file (benchmarks/language_model.py)."""

    difference: NDArray[Any]  # the largest of a logit


class NextTokens(NamedTuple):
    """What may follow the story and the rainbow: a row each."""

    logits: NDArray[Any]  # (2, vocabulary)
    likeliest: NDArray[Any]  # (2, 10) strings, likeliest first


class Texts(NamedTuple):
    """Continuations of the story, a row a text."""

    temperatures: NDArray[Any]
    tokens: NDArray[Any]
    words: NDArray[Any]  # each text as a string
    entropies: NDArray[Any]  # of softmax(logits, T) at each token, in nats
    greedy_chance: NDArray[Any]  # at each T of COPIES, the chance of the text of T = 0
    lead: NDArray[Any]  # of all draws the narrowest, in logits


class Repetitions(NamedTuple):
    """The share of repeated pairs in continuations of an encyclopaedia, (windows, methods), and in the text itself."""

    model: NDArray[Any]
    encyclopaedia: NDArray[Any]
    lead: NDArray[Any]  # of all draws the narrowest, in logits


class Knowledge(NamedTuple):
    """How well the model foretells the encyclopaedia's next token, a row a temperature of JUDGED_AT."""

    nll: NDArray[Any]
    ece: NDArray[Any]
    right: NDArray[Any]  # how often the likeliest token is the next
    chance: NDArray[Any]  # (temperatures, tokens): of the next token
    fitted: NDArray[Any]  # the temperature with the least NLL
    confidence: NDArray[Any]  # (tokens,): of the likeliest, at T = 1


class Rounding(NamedTuple):
    """The story's text at T = 0 written alone and in a batch of its copies, a row a kind of numbers of ROUNDED."""

    changed: NDArray[Any]  # of the logits before the two texts part, the share that differ
    difference: NDArray[Any]  # of these the largest
    gap: NDArray[Any]  # between the two best tokens, the smallest of all steps alone
    parted: NDArray[Any]  # at which token, from 1; 0 if they are the same to the end
    words: NDArray[Any]  # (kinds, 2): the texts


Result = TypeVar("Result", bound=tuple[Any, ...])


def measured(kind: type[Result], measure: Callable[[LanguageModel], Result]) -> Result:
    """By the model; from the record if it is not installed."""
    return measure(load()) if is_installed() else recorded(kind)


def recorded(kind: type[Result]) -> Result:
    with np.load(RECORD) as record:
        return kind(*(record[f"{kind.__name__}.{field}"] for field in kind._fields))  # type: ignore[attr-defined]


@kept("a moment")
def source() -> str:
    """Where the numbers come from, for the page."""
    if is_installed():
        return "The language model is installed: this page's numbers come from it."
    return "The language model is not installed: this page's numbers come from a record, book/data/language-model.npz."


@cache
@kept("a moment, from the record")
def agreement() -> Agreement:
    return measured(Agreement, compare)


@cache
@kept("a moment, from the record")
def next_tokens() -> NextTokens:
    return measured(NextTokens, find_next_tokens)


@cache
@kept("a moment, from the record")
def texts() -> Texts:
    return measured(Texts, write_texts)


@cache
@kept("a moment, from the record")
def rounding() -> Rounding:
    """Always from the record: by what it says, another processor finds other numbers."""
    return recorded(Rounding)


@cache
@kept("a moment, from the record")
def repetitions() -> Repetitions:
    return measured(Repetitions, count_repetitions)


@cache
@kept("a moment, from the record")
def knowledge() -> Knowledge:
    return measured(Knowledge, judge)


def compare(model: LanguageModel) -> Agreement:
    stored = json.loads((DATA / "transformers.json").read_text("utf-8"))
    gaps = [
        model.logits(answer["tokens"], last=1)[0, :: stored["every"]] - answer["last_logits"]
        for answer in stored["answers"]
    ]
    return Agreement(np.array(np.max(np.abs(gaps))))


def find_next_tokens(model: LanguageModel) -> NextTokens:
    logits = np.stack([model.logits(model.encode(prompt), last=1)[0] for prompt in (STORY, RAINBOW)])
    names = [[model.decode([token]) for token in np.argsort(-row, kind="stable")[:10]] for row in logits]
    return NextTokens(logits, np.array(names))


def write_texts(model: LanguageModel, steps: int = STEPS) -> Texts:
    """All temperatures in one batch."""
    temperatures = np.repeat(list(COPIES), list(COPIES.values()))
    rng, entropies, leads = np.random.default_rng(SEED), [], []

    def choose(logits: Floats) -> NDArray[Any]:
        entropies.append(entropy(softmax(logits, temperatures)))
        picks, lead = draw(logits, temperatures, rng)
        leads.append(lead)
        return picks

    prompt = model.encode(STORY)
    tokens = model.generate(prompt, steps, choose, copies=len(temperatures))
    path = model.logits(np.concatenate([prompt, tokens[0, :-1]]), last=steps)
    chances = [np.exp(-cross_entropy(path, tokens[0], T).sum()) for T in COPIES]
    words = np.array([model.decode(row) for row in tokens])
    return Texts(temperatures, tokens, words, np.transpose(entropies), np.array(chances), np.array(np.min(leads)))


def draw(logits: Floats, temperatures: NDArray[Any], rng: np.random.Generator) -> tuple[Tokens, Floats]:
    """One token a row by Gumbel noise, as `sample_gumbel`, and by how much its score leads the next.

    Processors round a logit differently. A u near the end of a class is tipped by that, and of 49,152 classes there are
    many ends; a lead far above the rounding is not: with a seed whose draws all lead, every machine writes the same
    texts.
    """
    scores = logits + temperatures[:, None] * rng.gumbel(size=logits.shape)  # at T = 0 the logits alone
    second, first = np.partition(scores, -2)[:, -2:].T
    return scores.argmax(axis=1), first - second


def write_beside(model: LanguageModel, steps: int = GREEDY_STEPS) -> Rounding:
    kinds = [part(replace(model, rounded=rounded), steps) for rounded in ROUNDED.values()]
    return Rounding(*map(np.array, zip(*kinds, strict=True)))


def part(model: LanguageModel, steps: int) -> tuple[float, float, float, int, list[str]]:
    """A row of `Rounding`."""
    (alone, logits), (beside, others) = (greedy(model, steps, copies) for copies in (1, BATCH))
    unequal = np.flatnonzero(alone != beside)
    parted = int(unequal[0]) + 1 if unequal.size else 0
    same = slice(parted or steps)  # after that they answer different questions
    apart = abs(logits[same] - others[same])
    second, first = np.partition(logits, -2)[:, -2:].T
    return (
        float((apart > 0).mean()),
        float(apart.max()),
        float((first - second).min()),
        parted,
        [model.decode(tokens) for tokens in (alone, beside)],
    )


def greedy(model: LanguageModel, steps: int, copies: int) -> tuple[Tokens, Floats]:
    """The first copy's tokens at T = 0, and their logits."""
    seen: list[Floats] = []

    def choose(logits: Floats) -> Tokens:
        seen.append(logits[0])
        return logits.argmax(axis=1)

    return model.generate(model.encode(STORY), steps, choose, copies)[0], np.array(seen)


def windows(model: LanguageModel) -> Tokens:
    """Pieces of the encyclopaedia, evenly spread."""
    ids = model.encode(encyclopaedia())
    starts = np.linspace(0, len(ids) - BEFORE - AFTER, WINDOWS).astype(int)
    return np.stack([ids[start : start + BEFORE + AFTER] for start in starts])


def count_repetitions(model: LanguageModel) -> Repetitions:
    pieces, rng, leads = windows(model), np.random.default_rng(SEED), []
    temperatures = np.tile([0.0, 1.0, 1.0], WINDOWS)

    def choose(logits: Floats) -> NDArray[Any]:
        logits[2::3] = top_p(logits[2::3], 0.95)
        picks, lead = draw(logits, temperatures, rng)
        leads.append(lead)
        return picks

    written = model.generate(pieces[:, :BEFORE], AFTER, choose, copies=len(METHODS)).reshape(
        WINDOWS, len(METHODS), AFTER
    )
    return Repetitions(
        np.array([[repeated_pairs(text) for text in row] for row in written]),
        np.array([repeated_pairs(text) for text in pieces[:, BEFORE:]]),
        np.array(np.min(leads)),
    )


def judge(model: LanguageModel) -> Knowledge:
    """Four windows of 256 tokens; the last 192 of each are foretold."""
    ids = model.encode(encyclopaedia())[:1024].reshape(4, 256)
    tokens = ids[:, 64:].ravel()
    with ThreadPoolExecutor(2) as pool:  # a product uses one core: two readings use both
        halves = pool.map(lambda rows: model.logits(rows, last=192), np.split(ids[:, :-1], 2))
        logits = np.concatenate(list(halves)).reshape(len(tokens), -1)
    p = np.empty_like(logits)  # one array for all temperatures
    below = logits.max(axis=1) - logits[np.arange(len(tokens)), tokens]

    def losses(T: float) -> NDArray[Any]:
        """One a token, from softmax(logits, T) in `p`: -ln p_next = below / T - ln p_likeliest."""
        softmax(logits, T, out=p)
        return np.asarray(below / T - np.log(p.max(axis=1)))

    nll, ece, chance, confidence = [], [], [], np.empty(0)
    for T in JUDGED_AT:
        each = losses(T)
        nll.append(each.mean())
        ece.append(expected_calibration_error(p, tokens))
        chance.append(np.exp(-each))
        if T == 1:
            confidence = p.max(axis=1)
    near = np.arange(1.0, 1.081, 0.02)
    fitted = near[np.argmin([losses(T).mean() for T in near])]
    right = np.full(len(JUDGED_AT), np.mean(logits.argmax(axis=1) == tokens))
    return Knowledge(np.array(nll), np.array(ece), right, np.array(chance), np.array(fitted), confidence)


def encyclopaedia() -> str:
    return (DATA / "britannica.txt").read_text("utf-8")


def distinct_pairs(texts: ArrayLike) -> float:
    """Distinct-2 (Li et al. 2016): of all neighbouring pairs of tokens in these texts, the share that differ."""
    rows = np.atleast_2d(texts)
    if rows.shape[-1] < 2:
        raise ValueError(f"texts must have at least two tokens, not {rows.shape[-1]}: one has no neighbour")
    pairs = np.stack([rows[:, :-1], rows[:, 1:]], axis=-1).reshape(-1, 2)
    return len(np.unique(pairs, axis=0)) / len(pairs)


def repeated_pairs(text: ArrayLike) -> float:
    """Of the pairs of neighbouring tokens, the share that stood in the text before."""
    return 1 - distinct_pairs(text)


MEASUREMENTS: tuple[Callable[[], Any], ...] = (agreement, next_tokens, texts, repetitions, knowledge)
