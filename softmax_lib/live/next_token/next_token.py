"""The next-token explorer: all scores of a language model after a prompt, and each step from them to a token."""

import html
import json
import math
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import traitlets
from numpy.typing import NDArray

import softmax_lib
from softmax_lib import entropy, log_softmax, min_p, softmax, top_k, top_p

from ..base.distribution import Temperature, bar_cell, card, probability_text, still, temperature_text
from ..base.figure import SYNC, LiveFigure
from ..base.uniform import Draws, Uniform
from ..mulberry32 import mulberry32
from ..own_prompt import OwnPrompt

VOCABULARY = 49_152  # tokens of SmolLM2
NAMED = 1000  # of them, the likeliest after a prompt, come with their text
SCALE = 4096  # steps that a logit is kept to, in one
ROWS = 8  # tokens with a row of their own
PROMPT_FOLDER = Path(__file__).parent / "prompts"  # written by tools/prompts.py

PROMPTS = {
    "breakfast": "For breakfast I had toast with",
    "rainbow": "The colours of the rainbow are red, orange,",
    "story": "Once upon a time, there was a",
    "zoo": "At the zoo we saw lions, tigers,",
    "number": "I'm thinking of a number from 1 to 10. The number is ",
    "dialogue": "<|im_start|>user\nCan penguins fly?<|im_end|>\n<|im_start|>assistant\n",
}
OWN = "own"  # the prompt that a reader types
NO_SCRIPT = "With JavaScript, a language model says here what may follow."
STEPS: dict[str, Callable[[Any, Any], Any]] = {  # logits in, logits out
    "temperature": log_softmax,
    "top_k": top_k,
    "top_p": top_p,
    "min_p": lambda logits, p: min_p(logits, p) if p else logits,
}


@cache
def load(prompt: str) -> tuple[list[str], NDArray[np.float64]]:
    """Return the tokens that may follow a prompt, likeliest first, and their logits.

    The prompts are those of `PROMPTS`, the model is SmolLM2-135M-Instruct. Tokens after the 1,000th have no text here:
    they are called by their rank.

    >>> tokens, logits = load("breakfast")
    >>> tokens[:3], logits[:3].round(2), tokens[-1]
    ([' honey', ' butter', ' lemon'], array([16.48, 15.91, 14.1 ]), '#49,152')
    """
    if prompt not in PROMPTS:
        raise ValueError(f"prompt must be one of {', '.join(PROMPTS)}, not {prompt!r}")
    tokens, logits = unpacked((PROMPT_FOLDER / f"{prompt}.bin").read_bytes())
    logits.flags.writeable = False
    return [*tokens, *(f"#{rank:,}" for rank in range(NAMED + 1, VOCABULARY + 1))], logits


def unpacked(packed: bytes) -> tuple[list[str], NDArray[np.float64]]:
    """Return the likeliest tokens and the logits of all, falling, from what `tools/prompts.py` packed."""
    head, _, drops = zlib.decompress(packed, -zlib.MAX_WBITS).partition(b"\n")
    kept = json.loads(head)
    high, low = np.frombuffer(drops, np.uint8).reshape(2, -1).astype(int)
    return kept["tokens"], (kept["highest"] - np.cumsum(256 * high + low)) / SCALE


def marked(token: str) -> str:
    """Return a token with its spaces and line breaks to be seen."""
    return token.replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥")


# Of the lines that reproduce a figure, those that a prompt of one's own has too.
TAKE_STEPS = """\
steps = {
    "temperature": lambda z: log_softmax(z, temperature={temperature}),
    "top_k": lambda z: top_k(z, {top_k}),
    "top_p": lambda z: top_p(z, {top_p}),
    "min_p": lambda z: min_p(z, {min_p}) if {min_p} else z,  # 0 keeps all
}
for name in {order}:
    logits = steps[name](logits)
probabilities = softmax(logits)"""


class Order(traitlets.List[str]):
    """Each of the four steps once."""

    def validate(self, obj: Any, value: Any) -> list[str]:
        order: list[str] = list(super().validate(obj, value) or [])
        if sorted(order) != sorted(STEPS):
            raise traitlets.TraitError(f"order must hold each of {', '.join(STEPS)} once, not {order}")
        return order


class Share(traitlets.CFloat[float, Any]):
    """A number up to 1: above 0, or from 0 if `zero`."""

    def __init__(self, default: float, *, zero: bool = False, **kwargs: Any) -> None:
        super().__init__(default, **kwargs)
        self.zero = zero

    def validate(self, obj: Any, value: Any) -> float:
        share = float(super().validate(obj, value))
        if 0 < share <= 1 or (share == 0 and self.zero):
            return share
        wanted = "from 0, which keeps all, to 1" if self.zero else "above 0 and up to 1, which keeps all"
        raise traitlets.TraitError(f"{self.name} must be {wanted}, not {share}")


class Step(NamedTuple):
    """What a step leaves: how many tokens, the mass that it cut of what reached it, and the entropy then."""

    name: str
    left: int
    mass: float
    entropy: float


class NextToken(Draws, OwnPrompt, LiveFigure):
    """All 49,152 tokens that may follow a prompt, the steps that choose among them, and a draw.

    The steps are temperature, top-k, top-p and min-p, in the order of `order`; `top_k=49152`, `top_p=1` and `min_p=0`
    keep all. In a kernel `model`, a function that loads what `book/experiments/language_model.py` does, answers to a
    prompt of the reader's own.

    >>> figure = NextToken(temperature=0.5, top_p=0.9)
    >>> [(step.name, step.left, round(step.mass, 3)) for step in figure.steps]
    [('temperature', 49152, 0.0), ('top_k', 49152, 0.0), ('top_p', 2, 0.015), ('min_p', 2, 0.0)]
    >>> figure.token
    ' honey'
    """

    module = "next_token/next_token.mjs"
    title = "Next-token explorer"
    moves = "choose a prompt, drag the temperature, cut, reorder the steps, draw the next token"
    shared = ("temperature", "prompt", "text", "dialogue", "seed", "top_k", "top_p", "min_p", "order", "u")
    own = ("drawn", "picks")

    prompts = traitlets.Dict(PROMPTS, help="what the model was given, by name").tag(**SYNC)
    prompt = traitlets.Enum([*PROMPTS, OWN], "breakfast", help="the name of the one shown, or own").tag(**SYNC)
    temperature = Temperature(1.0).tag(**SYNC)
    top_k = traitlets.Int(VOCABULARY, min=1, max=VOCABULARY, help="tokens to keep").tag(**SYNC)
    top_p = Share(0.9, help="probability to keep").tag(**SYNC)
    min_p = Share(0.0, zero=True, help="least share of the largest probability").tag(**SYNC)
    order = Order(traitlets.Unicode(), list(STEPS), help="of the steps").tag(**SYNC)
    u = Uniform(0.5, help="the number that decides").tag(**SYNC)
    program = traitlets.Unicode(
        "from softmax_lib import entropy, log_softmax, min_p, pick, softmax, top_k, top_p\n"
        "from softmax_lib.live.next_token import load\n"
        "tokens, logits = load({prompt})  # likeliest first\n" + TAKE_STEPS + "\n"
        "print(probabilities[:5], entropy(probabilities), tokens[pick(probabilities, {u})])"
    ).tag(**SYNC)
    own_program = traitlets.Unicode(
        "import numpy as np\n"
        "from experiments import language_model  # in the book's folder\n"
        "from softmax_lib import entropy, log_softmax, min_p, pick, softmax, top_k, top_p\n"
        "model = language_model.load()\n"
        "prompt = {text}\n"
        "if {dialogue}:\n"
        '    prompt = "<|im_start|>user\\n" + prompt + "<|im_end|>\\n<|im_start|>assistant\\n"\n'
        "logits = model.logits([*model.encode(prompt), *{written}], last=1)[-1].astype(float)\n"
        "order = np.argsort(-logits, kind='stable')\n"
        "logits = logits[order]  # likeliest first\n" + TAKE_STEPS + "\n"
        "token = order[pick(probabilities, {u})]\n"
        "print(probabilities[:5], entropy(probabilities), model.tokenizer.decode([token], skip_special_tokens=False))"
    ).tag(**SYNC)

    @property
    def tokens(self) -> list[str]:
        """The tokens that may follow, likeliest first."""
        return self._scores()[0]

    @property
    def steps(self) -> list[Step]:
        """What each step leaves and cuts."""
        return [step for step, _ in self._walk()]

    @property
    def probabilities(self) -> NDArray[np.floating[Any]]:
        """The probability of each token after all steps, likeliest first."""
        *_, (_, logits) = self._walk()
        return softmax(logits)

    @property
    def rank(self) -> int:
        """The rank of the token that u picks, counted from 1."""
        return int(softmax_lib.pick(self.probabilities, self.u)) + 1

    @property
    def token(self) -> str:
        """The token that u picks."""
        return self.tokens[self.rank - 1]

    def draw(self, times: int = 1) -> None:
        """Draw the next tokens and keep them: what the buttons do."""
        p = self.probabilities
        uniforms = np.fromiter(mulberry32(self.seed), float, self.drawn + times)[self.drawn :]
        ranks = softmax_lib.pick(p, uniforms) + 1
        with self.hold_trait_notifications():
            self.picks = [
                *self.picks,
                *(self._pick(int(rank), float(u)) for rank, u in zip(ranks, uniforms, strict=True)),
            ]
            self.u, self.drawn = float(uniforms[-1]), self.drawn + times

    def _pick(self, rank: int, u: float) -> dict[str, Any]:
        return {"prompt": self.prompt, "rank": rank, "u": u, "temperature": self.temperature}

    def as_python(self) -> str:
        return self._filled(self.own_program if self.prompt == OWN else self.program)

    def _scores(self) -> tuple[list[str], NDArray[np.float64]]:
        return self.own_scores() if self.prompt == OWN else load(self.prompt)

    def _walk(self) -> list[tuple[Step, NDArray[np.floating[Any]]]]:
        _, logits = self._scores()
        walked = []
        for name in self.order:
            step = STEPS[name]
            before = logits
            logits = step(before, getattr(self, name))
            cut = (logits == -np.inf) & (before != -np.inf)
            mass = 0.0 if name == "temperature" else float(softmax(before)[cut].sum())
            walked.append((Step(name, int((logits != -np.inf).sum()), mass, float(entropy(softmax(logits)))), logits))
        return walked

    @property
    def labels(self) -> list[str]:
        """The names of the rows."""
        return [*map(marked, self.tokens[:ROWS]), f"{VOCABULARY - ROWS:,} more tokens"]

    def fallback(self) -> str:
        if self.prompt == OWN:
            return card(
                self, '<th scope="col">the prompt</th>', f"<tr><td>{html.escape(self.text)}</td></tr>", NO_SCRIPT
            )
        (*_, last), p, model = self.steps, self.probabilities, softmax(load(self.prompt)[1])
        rows = (
            f"<td>{probability_text(before)}</td>{bar_cell(after)}<td>{probability_text(after)}</td>"
            for before, after in zip(*(_with_rest(q) for q in (model, p)), strict=True)
        )
        kept = float(model[p > 0].sum()) if last.left < VOCABULARY else 1.0
        nats = float(entropy(model))
        return still(
            self,
            '<th scope="col">model</th><th scope="col" colspan="2">after the steps</th>',
            rows,
            f"What comes after “{html.escape(PROMPTS[self.prompt])}”? "
            f"The steps ({self._settings()}) leave {last.left:,} of {VOCABULARY:,} tokens, "
            f"to which the model gives {probability_text(kept)}. "
            f"The entropy goes from {nats:.2f} to {last.entropy:.2f} nats, "
            f"the perplexity from {math.exp(nats):.2f} to {math.exp(last.entropy):.2f}. "
            f"The number u = {self.u:g} picks “{html.escape(marked(self.token))}”.",
            first="token",
        )

    def _settings(self) -> str:
        said = {
            "temperature": f"T = {temperature_text(self.temperature)}",
            "top_k": f"top-k {self.top_k:,}" if self.top_k < VOCABULARY else "",
            "top_p": f"top-p {self.top_p:g}" if self.top_p < 1 else "",
            "min_p": f"min-p {self.min_p:g}" if self.min_p else "",
        }
        return ", ".join(said[name] for name in self.order if said[name])


def _with_rest(p: NDArray[np.floating[Any]]) -> list[float]:
    return [*map(float, p[:ROWS]), float(p[ROWS:].sum())]
