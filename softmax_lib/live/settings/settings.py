"""One dial, several settings: the same bar chart for scores of different kinds."""

import html
from typing import Any

import numpy as np
import traitlets

from softmax_lib import entropy, softmax

from ..base.distribution import LogitFigure, Temperature, bar_cell, minus, probability_text, still, temperature_text
from ..base.figure import SYNC, LiveFigure


class Settings(LiveFigure):
    """Scores that the reader does not move, a tab for each setting, and the temperature.

    A setting is a dictionary: its `name` on the tab, its `labels`, their scores (`logits`), and what they are
    (`words`).

    >>> pets = {"name": "Pets", "labels": ["cat", "dog"], "logits": [2, 0], "words": "Scores of a pet."}
    >>> cars = {"name": "Cars", "labels": ["van", "bus"], "logits": [1, 9], "words": "Scores of a car."}
    >>> figure = Settings(settings=[pets, cars])
    >>> figure.setting = 1
    >>> figure.probabilities.round(4)
    array([3.000e-04, 9.997e-01])
    """

    module = "settings/settings.mjs"
    title = "One dial, several settings"
    moves = "choose a setting, drag the temperature"
    shared = ("temperature",)
    own = ("setting", "labels", "logits")

    settings = traitlets.List(traitlets.Dict(), minlen=1, help="each with name, labels, logits and words").tag(**SYNC)
    setting = traitlets.Int(0, help="which of the settings is shown").tag(**SYNC)
    labels = traitlets.List(traitlets.Unicode(), help="of the setting that is shown").tag(**SYNC)
    logits = traitlets.List(traitlets.Float(), help="of the setting that is shown").tag(**SYNC)
    temperature = Temperature(1.0).tag(**SYNC)
    program = traitlets.Unicode(
        "from softmax_lib import softmax\nscores = {logits}\nprint(softmax(scores, {temperature}))"
    ).tag(**SYNC)

    @traitlets.default("settings")
    def _settings(self) -> list[dict[str, Any]]:
        words = "The five scores of the other chapters."
        return [
            {
                "name": "Animals",
                "labels": LogitFigure.labels.default(),
                "logits": LogitFigure.logits.default(),
                "words": words,
            }
        ]

    @traitlets.default("labels")
    def _labels(self) -> list[str]:
        return list(self.settings[self.setting]["labels"])

    @traitlets.default("logits")
    def _logits(self) -> list[float]:
        return [float(z) for z in self.settings[self.setting]["logits"]]

    @traitlets.validate("settings")
    def _one_label_a_logit(self, proposal: Any) -> Any:
        for setting in proposal.value:
            missing = {"name", "labels", "logits", "words"} - set(setting)
            if missing:
                raise traitlets.TraitError(
                    f"settings must have name, labels, logits and words; {', '.join(sorted(missing))} is missing"
                )
            labels, logits = len(setting["labels"]), len(setting["logits"])
            if labels != logits or not labels:
                raise traitlets.TraitError(
                    "settings must have one label a logit, and at least one; "
                    f"{setting['name']} has {labels} and {logits}"
                )
        return proposal.value

    @traitlets.validate("setting")
    def _one_of_them(self, proposal: Any) -> Any:
        if not 0 <= proposal.value < len(self.settings):
            raise traitlets.TraitError(f"setting must be from 0 to {len(self.settings) - 1}, not {proposal.value}")
        return proposal.value

    @traitlets.observe("settings", "setting")
    def _show_setting(self, _: Any) -> None:
        if self.setting >= len(self.settings):
            self.setting = 0
        self.labels, self.logits = self._labels(), self._logits()

    @property
    def probabilities(self) -> np.ndarray:
        """The probability of each class of the setting that is shown."""
        return softmax(self.logits, self.temperature)

    def fallback(self) -> str:
        p, temperature = self.probabilities, temperature_text(self.temperature)
        rows = (
            f"<td>{minus(f'{z:g}')}</td>{bar_cell(q)}<td>{probability_text(q)}</td>"
            for z, q in zip(self.logits, p, strict=True)
        )
        shown = self.settings[self.setting]
        return still(
            self,
            f'<th scope="col">score</th><th scope="col" colspan="2">probability at T = {temperature}</th>',
            rows,
            f"{html.escape(shown['name'])}: {html.escape(shown['words'])} The entropy is {entropy(p):.2f} nats.",
        )

    def _style(self) -> str:
        tabs = len(self.settings) if len(self.settings) > 1 else 0
        most = max(len(setting["labels"]) for setting in self.settings)
        return f"--rows:{most};--tabs:{tabs}"
