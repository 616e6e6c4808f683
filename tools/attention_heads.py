"""Ask the language model what some of its heads attend to in one sentence, and keep it for the figure.

python tools/attention_heads.py    writes softmax_lib/live/attention/heads.json, which is committed
"""

import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "book")]

from experiments import language_model  # noqa: E402
from softmax_lib.live.attention.attention import KEPT  # noqa: E402

SENTENCE = "When Anna met Tom in the park, Tom gave a book to"
HEADS = {  # what each looks at: its layer and its place there, both counted from 1
    "the token before": (17, 1),
    "itself": (12, 7),
    "the first token": (19, 9),
    "many at once": (1, 2),
    "the same word, earlier": (10, 3),
    "what came next, last time": (18, 5),
    "the comma": (2, 2),
    "the word “the”": (5, 8),
    "a name": (24, 1),
}


def main() -> None:
    kept = json.dumps(heads(), ensure_ascii=False, separators=(",", ":"))
    KEPT.write_text(kept + "\n", "utf-8")
    print(f"{KEPT.name}: {KEPT.stat().st_size} bytes")


def heads() -> dict[str, object]:
    """Return the sentence's tokens and, of each head, the dot products of a token with itself and those before."""
    model = language_model.load()
    ids = model.encode(SENTENCE)
    layers = model.dot_products(ids)
    return {
        "command": "python tools/attention_heads.py",
        "model": language_model.FILE,
        "sha256": language_model.SHA256,
        "licence": "Apache-2.0, as the model (HuggingFaceTB/SmolLM2-135M-Instruct)",
        "size": model.size,
        "tokens": [model.decode([token]).strip() for token in ids],
        "heads": {
            name: {"layer": layer, "head": head, "products": seen(layers[layer - 1][head - 1])}
            for name, (layer, head) in HEADS.items()
        },
    }


def seen(products: np.ndarray) -> list[list[float]]:
    """Return what each token sees, in hundredths: no weight at √d changes by more than 1 part in 1,000."""
    return [row[: t + 1].astype(float).round(2).tolist() for t, row in enumerate(products)]


if __name__ == "__main__":
    main()
