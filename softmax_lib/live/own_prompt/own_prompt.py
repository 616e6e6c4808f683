"""The reader's own prompt in a kernel: the model that the figure was given answers what the tab asks."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from ..base.figure import SYNC

ROOM = 512  # tokens that a text may have, as in the page
LETTER = 4  # bytes of the longest, and so tokens that it may take
NO_MODEL = (
    "this figure was given no language model: in the book's folder, take "
    "`from experiments import language_model` and `NextToken(model=language_model.load)`"
)


class OwnPrompt(anywidget.AnyWidget):
    """A figure with a prompt that its reader types; `model` gives what `experiments.language_model.load` does."""

    model = traitlets.Callable(None, allow_none=True, help="loads the language model that a kernel asks")
    text = traitlets.Unicode("", help="the reader's own prompt").tag(**SYNC)
    dialogue = traitlets.Bool(False, help="whether it is a question, which the model answers").tag(**SYNC)
    written = traitlets.List(traitlets.Int(), help="the tokens after it, up to the place shown").tag(**SYNC)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._readers: dict[int, Callable[[list[int]], NDArray[Any]]] = {}  # by column
        self.on_msg(self._hear)

    @cached_property
    def _loaded(self) -> Any:
        if self.model is None:
            raise ValueError(NO_MODEL)
        return self.model()

    @cached_property
    def _names(self) -> list[str]:
        """The text of every token; a part of a letter is �."""
        model = self._loaded
        every = [[token] for token in range(len(model.embedding))]
        names: list[str] = model.tokenizer.decode_batch(every, skip_special_tokens=False)
        return names

    def own_scores(self) -> tuple[list[str], NDArray[np.float64]]:
        """Return what may come after the reader's prompt and the tokens written, likeliest first, and its logits."""
        given = self.text
        if self.dialogue:
            given = f"<|im_start|>user\n{given}<|im_end|>\n<|im_start|>assistant\n"
        _, order, falling = self._next(given, self.written)
        return [self._names[token] for token in order], falling

    # --- messages: a question and its answer have the same `id`
    def _hear(self, _: object, question: dict[str, Any], __: object) -> None:
        name = question.pop("id")
        try:
            content, *numbers = self._answer(**question)
        except Exception as error:  # whatever it is, the reader is told
            self.send({"id": name, "refused": f"The kernel says: {error}."})
        else:
            self.send({"id": name, **content}, [array.tobytes() for array in numbers])

    def _answer(self, of: str, **question: Any) -> tuple[Any, ...]:
        if of == "place":
            return ({"why": f"In a kernel, {NO_MODEL}."} if self.model is None else {},)
        if of == "names":
            return ({"names": self._names},)
        return self._next(**question)

    def _next(
        self, prompt: str, written: list[int], column: int = 0
    ) -> tuple[dict[str, Any], NDArray[np.uint16], NDArray[np.float64]]:
        """The words so far, and all tokens that may follow, likeliest first, with their logits."""
        model = self._loaded
        begun = model.encode(prompt).tolist()
        if column not in self._readers:
            self._readers[column] = model.reader(ROOM)
        logits = self._readers[column]([*begun, *written]).astype(float)
        order = np.argsort(-logits, kind="stable")
        content = {
            "prompt": words(model, begun),
            "written": words(model, written),
            "over": bool(written) and written[-1] in model.signs,
        }
        return content, order.astype(np.uint16), logits[order]


def words(model: Any, tokens: list[int]) -> list[str]:
    """Return the text of each token; a letter of several tokens is the last one's."""
    result, parts = [], []
    for token in tokens:
        parts.append(token)
        text = model.tokenizer.decode(parts, skip_special_tokens=False)
        whole = not text.endswith("�") or len(parts) == LETTER
        result.append(text if whole else "")
        if whole:
            parts = []
    return result
