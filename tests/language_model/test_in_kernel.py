"""The reader's own prompt in a kernel: the tab is told what NumPy's model says, and every trouble has its words."""

import numpy as np
import pytest

from experiments import language_model
from softmax_lib.live import NextToken
from softmax_lib.live.next_token.next_token import VOCABULARY
from softmax_lib.live.own_prompt.own_prompt import words

PROMPT = "At the zoo we saw lions, tigers,"


@pytest.fixture
def ask(monkeypatch):
    """Ask a figure as the tab does: its answer and its buffers."""

    def asked(figure, **question):
        answers = []
        monkeypatch.setattr(figure, "send", lambda content, buffers=None: answers.append((content, buffers)))
        figure._hear(figure, {"id": "a question", **question}, [])
        ((content, buffers),) = answers
        assert content.pop("id") == "a question"
        return content, buffers

    return asked


def test_the_answer_is_numpys(ask, numpy_model):
    figure = NextToken(model=language_model.load)
    assert ask(figure, of="place") == ({}, [])
    names = ask(figure, of="names")[0]["names"]
    assert len(names) == VOCABULARY
    written = numpy_model.encode(" and a naïve 🙂").tolist()
    content, (order, falling) = ask(figure, of="next", prompt=PROMPT, written=written, column=0)
    logits = numpy_model.logits([*numpy_model.encode(PROMPT), *written], last=1)[-1].astype(float)
    order, falling = np.frombuffer(order, np.uint16), np.frombuffer(falling)
    assert order.tolist() == np.argsort(-logits, kind="stable").tolist()
    np.testing.assert_allclose(falling, np.sort(logits)[::-1], atol=1e-3)
    assert "".join(content["prompt"]) == PROMPT and "".join(content["written"]) == " and a naïve 🙂"
    assert not content["over"]
    end = [*written, int(numpy_model.signs[2])]
    assert ask(figure, of="next", prompt=PROMPT, written=end, column=1)[0]["over"]


def test_each_column_is_read_on_by_itself(ask, numpy_model):
    figure, read = NextToken(model=language_model.load), []
    for prompt, column in ((PROMPT, 0), ("Once upon", 1), (f"{PROMPT} bears", 0), ("Once", 1)):
        _, (order, _) = ask(figure, of="next", prompt=prompt, written=[], column=column)
        read.append(np.frombuffer(order, np.uint16)[0])
        assert read[-1] == numpy_model.logits(numpy_model.encode(prompt), last=1)[-1].argmax()


@pytest.mark.parametrize(
    ("model", "question", "told"),
    [
        (None, {"of": "place"}, {"why": "In a kernel, this figure was given no language model"}),
        (None, {"of": "names"}, {"refused": "The kernel says: this figure was given no language model"}),
        (
            language_model.load,
            {"of": "next", "prompt": "", "written": [], "column": 0},
            {"refused": "is the prompt empty"},
        ),
        (
            language_model.load,
            {"of": "next", "prompt": "1 " * 400, "written": [], "column": 0},
            {"refused": "the text has 800 tokens, and at most 512 are read here"},
        ),
    ],
)
def test_trouble_is_told(ask, model, question, told):
    content, buffers = ask(NextToken(model=model), **question)
    assert buffers in ([], None)
    ((name, said),) = told.items()
    assert said in content[name]


def test_a_kernel_without_the_wheel_tells_the_remedy(ask, monkeypatch):
    def load():
        raise language_model.ModelMissing("install it with `pip install …`")

    assert "pip install" in ask(NextToken(model=load), of="names")[0]["refused"]


def test_a_letter_of_several_tokens_is_the_last_ones(numpy_model):
    tokens = numpy_model.encode("é🙂👩‍👩‍👧x").tolist()
    said = words(numpy_model, tokens)
    assert len(said) == len(tokens) and "" in said and "".join(said) == "é🙂👩‍👩‍👧x"
    alone = numpy_model.encode("🙂").tolist()[:1] * 5  # no letter ever comes of it
    assert any(words(numpy_model, alone))


def test_the_figure_in_python_says_the_same(numpy_model):
    figure = NextToken(model=language_model.load, prompt="own", text=PROMPT, temperature=0)
    assert figure.token == " and"
    figure.dialogue = True
    given = f"<|im_start|>user\n{PROMPT}<|im_end|>\n<|im_start|>assistant\n"
    likeliest = numpy_model.logits(numpy_model.encode(given), last=1)[-1].argmax()
    assert figure.token == numpy_model.tokenizer.decode([likeliest])
    assert "model.encode(prompt)" in figure.as_python()


def test_an_own_prompt_is_shown_where_no_script_runs():
    figure = NextToken(prompt="own", text="<b>Tea & salt")
    assert "&lt;b&gt;Tea &amp; salt" in figure.html()
    with pytest.raises(ValueError, match="this figure was given no language model"):
        _ = figure.token
