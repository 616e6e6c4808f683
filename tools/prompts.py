"""Ask the language model what may follow each prompt of the next-token explorer, and keep its scores for the figure.

python tools/prompts.py    writes softmax_lib/live/next_token/prompts/*.bin, which are committed
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "book")]

from experiments import language_model  # noqa: E402
from softmax_lib.live.next_token.next_token import NAMED, PROMPT_FOLDER, PROMPTS, SCALE  # noqa: E402


def main() -> None:
    for name, text in PROMPTS.items():
        packed = pack(*scores(text))
        (PROMPT_FOLDER / f"{name}.bin").write_bytes(packed)
        print(f"{name}.bin: {len(packed)} bytes")


def scores(text: str) -> tuple[list[str], np.ndarray]:
    """Return the tokens that may follow a text, likeliest first, and the logits of all; 1,000 tokens suffice."""
    model = language_model.load()
    logits = model.logits(model.encode(text))[-1].astype(float)
    order = np.argsort(-logits, kind="stable")
    return [model.tokenizer.decode([token], skip_special_tokens=False) for token in order[:NAMED]], logits[order]


def pack(tokens: list[str], logits: np.ndarray) -> bytes:
    """Return what the figure reads: logits in whole steps below each other, small numbers that pack well."""
    steps = np.round(logits * SCALE).astype(int)
    kept = {"tokens": tokens, "highest": int(steps[0])}
    high, low = divmod(-np.diff(steps, prepend=steps[0]), 256)
    head = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return _deflated(head + bytes(high.tolist())) + _deflated(bytes(low.tolist()), zlib.Z_HUFFMAN_ONLY, zlib.Z_FINISH)


def _deflated(part: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY, flush: int = zlib.Z_FULL_FLUSH) -> bytes:
    """Low bytes are noise, in which nothing repeats: coded by how frequent each is alone, they take a quarter less."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, strategy)
    return packer.compress(part) + packer.flush(flush)


if __name__ == "__main__":
    main()
