"""What PyTorch answers to the right and the wrong lines of "apply softmax, then cross-entropy".

    python benchmarks/double_softmax.py [--output FILE]

PyTorch is in the `bench` environment alone (requirements/bench.txt), so its answers are stored in
book/data/double-softmax.json: the book and the tests compare theirs with them.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, nll_loss

OUTPUT = Path(__file__).resolve().parent.parent / "book" / "data" / "double-softmax.json"
EXAMPLES: dict[str, tuple[list[float], int]] = {
    "five logits, an owl": ([2.0, 1.0, 0.5, -0.5, -2.0], 2),
    "five logits, a cat": ([2.0, 1.0, 0.5, -0.5, -2.0], 0),
    "ten classes, confidently wrong": ([10.0] + [0.0] * 9, 1),
    "ten classes, confidently right": ([10.0] + [0.0] * 9, 0),
}
LINES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy(z, y)": lambda z, y: cross_entropy(z, y),
    "nll_loss(log_softmax(z), y)": lambda z, y: nll_loss(z.log_softmax(1), y),
    "nll_loss(log(softmax(z)), y)": lambda z, y: nll_loss(z.softmax(1).log(), y),
    "cross_entropy(log_softmax(z), y)": lambda z, y: cross_entropy(z.log_softmax(1), y),
    "cross_entropy(softmax(z), y)": lambda z, y: cross_entropy(z.softmax(1), y),
}


def answer(line: Callable[[Tensor, Tensor], Tensor], logits: list[float], target: int) -> dict[str, object]:
    """The loss of one example in float64, and its gradient by the logits as autograd finds it."""
    z = torch.tensor([logits], dtype=torch.float64, requires_grad=True)
    loss = line(z, torch.tensor([target]))
    loss.backward()
    assert z.grad is not None
    return {"loss": loss.item(), "gradient": z.grad[0].tolist()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    report = {
        "command": "python benchmarks/double_softmax.py",
        "torch": torch.__version__,
        "examples": [
            {
                "name": name,
                "logits": logits,
                "target": target,
                "lines": {text: answer(line, logits, target) for text, line in LINES.items()},
            }
            for name, (logits, target) in EXAMPLES.items()
        ],
    }
    parser.parse_args().output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
