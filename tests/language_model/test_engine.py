"""The language model in the page, outside a page: its tokens are those of `tokenizers`, its numbers those of NumPy."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import wasm_kernel
from experiments import language_model
from softmax_lib import softmax
from softmax_lib.live.next_token.next_token import PROMPTS, SCALE, load
from support import ROOT

ENGINE = ROOT / "softmax_lib/live/language_model"
NODE = Path(sys.executable).with_name("node")
STEPS = 40
DOZEN = [
    *PROMPTS.values(),
    "Once upon a time, in a small village by the sea,",
    "Why is the sky blue? Because",
    'def softmax(x, T=1.0):\n    """Return',
    "Größe: 12345 km — 日本語 🙂 naïve café\n\n  \"don't\" I've   tabs\t\tend ",
    "<|im_start|>system\nYou are brief.<|im_end|>\n<|im_start|>user\nName a colour.<|im_end|>\n<|im_start|>assistant\n",
    "a",
]
ODD = [
    *("", " ", "a'", "'s 't I'll don’t", "don'tcan'T", "1 22 333 ½ ² ٣ 一", "_x_ $%^&*()", "\r\n \u00a0x\u3000y"),
    *(
        "  a   b\n\n\n c \n\t x ",
        "ÄÖÜßéñ",
        "日本語テスト。漢字",
        "Привет, мир!",
        "שלום עולם",
        "مرحبا بالعالم",
        "नमस्ते दुनिया",
    ),
    *("สวัสดีชาวโลก", "한국어 문장", "ქართული", "🙂👩‍👩‍👧🏳️‍🌈", "😀" * 20, "ﬁ e\u0301 \u200b z", "x\u2028y\u0085z\ufeffw"),
    *("<|im_start|><|im_end|>x <|endoftext|>", "<|im_start|", "<repo_name><reponame><file_sep>", "\x00\x07\x7f\x80"),
    *("Donaudampfschifffahrtsgesellschaftskapitän " * 3, "a" * 300, "antidisestablishmentarianism" * 5, "9" * 60),
    *("x = [i**2 for i in range(10)]  # squares\n\treturn x", "https://example.org/a?b=c&d=%20#e", "∑∞≠√−", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢"),
]


pytestmark = pytest.mark.slow  # it reads and compiles


@pytest.fixture(scope="session")
def compile_kernel(once):
    """Compile a kernel.c to the kernel.wasm beside it."""
    cache = once("zig", Path.mkdir)
    return lambda folder: wasm_kernel.build(folder / "kernel.c", folder / "kernel.wasm", cache)


def asked(folder: Path, texts=(), prompts=(), steps=0) -> dict:
    """What the engine in this folder says."""
    question = json.dumps({"texts": [*texts], "prompts": [*prompts], "steps": steps})
    command = [NODE, Path(__file__).with_name("engine.mjs"), folder, language_model.find()]
    result = subprocess.run(command, input=question, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def hundred_texts() -> list[str]:
    """Odd ones, and pieces of the book's own sources cut anywhere."""
    book = "".join((ROOT / f"book/{name}").read_text("utf-8") for name in ("text-generation.md", "plots/steps.py"))
    cut = random.Random(1)
    starts = [cut.randrange(len(book) - 400) for _ in range(100)]
    return [*ODD, *(book[start : start + cut.randrange(1, 400)] for start in starts)]


def test_tokens_are_those_of_tokenizers(numpy_model):
    texts = hundred_texts()
    assert len(texts) > 100
    for text, tokens in zip(texts, asked(ENGINE, texts)["encoded"], strict=True):
        assert tokens == numpy_model.encode(text).tolist(), repr(text)


def check(numpy_model, answer, prompt):
    """Every probability within 1e-5 of NumPy's, and the likeliest token the same after each that was written."""
    tokens, written = np.array(answer["tokens"]), np.array(answer["written"])
    assert tokens.tolist() == numpy_model.encode(prompt).tolist()
    wanted = numpy_model.logits(np.concatenate([tokens, written]))
    here = len(tokens) - 1
    np.testing.assert_allclose(softmax(np.array(answer["logits"])), softmax(wanted[here].astype(float)), atol=1e-5)
    assert wanted[here:-1].argmax(axis=1).tolist() == written.tolist()
    np.testing.assert_allclose(softmax(np.array(answer["last"])), softmax(wanted[-1].astype(float)), atol=1e-5)


def test_probabilities_and_greedy_texts_are_numpys(numpy_model):
    for prompt, answer in zip(DOZEN, asked(ENGINE, prompts=DOZEN, steps=STEPS)["answers"], strict=True):
        check(numpy_model, answer, prompt)
        assert len(answer["written"]) == STEPS
        decoded = numpy_model.tokenizer.decode(answer["written"], skip_special_tokens=False)
        assert decoded.startswith("".join(answer["texts"]))


def test_what_was_read_before_is_not_read_again_and_changes_nothing():
    begun, whole = asked(ENGINE, prompts=["At the zoo we saw", "At the zoo we saw lions and tigers"])["answers"]
    (anew,) = asked(ENGINE, prompts=["At the zoo we saw lions and tigers"])["answers"]
    assert whole["logits"] == anew["logits"] != begun["logits"]  # bit for bit


def test_the_committed_prompts_are_reproduced_to_one_step():
    answers = asked(ENGINE, prompts=PROMPTS.values())["answers"]
    for name, answer in zip(PROMPTS, answers, strict=True):
        _, kept = load(name)
        assert np.abs(np.round(np.array(answer["falling"]) * SCALE) - kept * SCALE).max() <= 1


def test_tokens_are_ranked_by_their_logits(numpy_model):
    (answer,) = asked(ENGINE, prompts=["Some numbers are"])["answers"]
    logits = np.array(answer["logits"])
    assert answer["order"] == np.argsort(-logits, kind="stable").tolist()
    assert answer["falling"] == logits[answer["order"]].tolist()


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("kernel.c", "rest[v] += least * block_sums[v][k]", "rest[v] += least"),
        ("kernel.c", "scale = number(block->scale);\n    }", "scale = 0.5f;\n    }"),
        ("kernel.c", "low = wasm_v128_and(both, wasm_u8x16_const_splat(15))", "low = wasm_u8x16_shr(both, 4)"),
        ("model.mjs", "y * sines[angle];\n", "y * cosines[angle];\n"),
        ("model.mjs", "Math.floor((head * keyHeads) / heads)", "(head % keyHeads)"),
        ("model.mjs", "squares / width + tiny", "squares / width + 0.1"),
        ("model.mjs", "text.tokens.length = same;", "text.tokens.length = Math.min(same, 2);"),
        ("ranking.mjs", "bits >>> 31 ? ~bits : bits", "bits >>> 31 ? bits : bits"),
    ],
)
def test_a_broken_engine_is_caught(numpy_model, compile_kernel, tmp_path, name, right, wrong):
    shutil.copytree(ENGINE, tmp_path, dirs_exist_ok=True)
    source = (tmp_path / name).read_text("utf-8")
    assert source.count(right) == 1
    (tmp_path / name).write_text(source.replace(right, wrong), "utf-8")
    if name == "kernel.c":
        compile_kernel(tmp_path)
    prompt = "At the zoo we saw lions, tigers,"
    (answer,) = asked(tmp_path, prompts=[prompt], steps=2)["answers"]
    with pytest.raises(AssertionError):
        check(numpy_model, answer, prompt)
        assert answer["falling"] == sorted(answer["logits"], reverse=True)


def test_the_kernel_is_built_of_its_source_byte_for_byte(compile_kernel, tmp_path):
    shutil.copy(ENGINE / "kernel.c", tmp_path)
    compile_kernel(tmp_path)
    assert (tmp_path / "kernel.wasm").read_bytes() == (ENGINE / "kernel.wasm").read_bytes(), (
        "run `python tools/wasm_kernel.py`"
    )
