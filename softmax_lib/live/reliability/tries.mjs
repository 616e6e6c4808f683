// What to try with the reliability diagram; `data` are its examples, judged.
import { decimals } from "../base/numbers.mjs";
import { temperatures } from "../base/state.mjs";
import { at, step } from "../base/tries.mjs";

const CLOSE = 0.01; // of accuracy and mean confidence

export function tries(data) {
  const gap = (T) => Math.abs(data.at(T).confidence - data.at(T).accuracy),
    closest = () => temperatures.reduce((best, T) => (gap(T) < gap(best) ? T : best));
  return (view) => {
    const fitted = Number(view.get("fitted")),
      score = (T) => `ECE ${decimals(data.at(T).error)}`;
    return [
      {
        ask: "Drag T until the orange line of the mean confidence meets the dashed one of the accuracy.",
        steps: [
          step(
            () => ({ temperature: closest() }),
            (view) => gap(view.temperature) < CLOSE,
          ),
        ],
        seen: (view) =>
          `At T = ${view.temperature} it is as sure as it is right: ${score(view.temperature)}, at T = 1 ${score(1)}.`,
      },
      {
        ask: "Press Fitted. Did you end near it? Do the gaps that are left stay inside their whiskers?",
        steps: [at(fitted)],
        seen: () =>
          `${score(fitted)}; a perfect model has about ${decimals(data.at(fitted).floor)}. T was fitted on others.`,
      },
      {
        ask: "Press T → 0, then T → ∞. What happens to the error, to the NLL, and to the accuracy?",
        steps: [at(0), at(Infinity)],
        seen: () =>
          `At 0 too sure, the NLL ∞; at ∞ it only guesses. The accuracy stays: ${decimals(data.at(1).accuracy)}.`,
      },
    ];
  };
}
