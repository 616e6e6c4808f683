// What the state of the reliability diagram means: the made-up model at a temperature, judged; and that in words.
import { decimals, temperatureText } from "../base/numbers.mjs";
import { calibrationError, judge, meanLoss, mulberry32, perfectErrors, reliabilityCurve } from "../base/softmax.mjs";

export const BINS = 15,
  PERFECT = 40,
  SEED = 7; // the Python twin is reliability.py
const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

// The examples, once; what they look like at a temperature, once a temperature.
export function experiment(model) {
  const rows = model.get("logits").map((row) => row.map((z) => z / 100)),
    labels = model.get("labels"); // sent in hundredths
  const uniforms = Float64Array.from({ length: PERFECT * rows.length }, mulberry32(SEED));
  let seen;
  const at = (T) => {
    if (seen?.T === T) return seen;
    const { confidence, right, nll, brier } = judge(rows, labels, T),
      curve = reliabilityCurve(confidence, right, BINS);
    const [all] = reliabilityCurve(confidence, right, 1),
      perfect = perfectErrors(confidence, uniforms, BINS);
    return (seen = { T, nll, brier, curve, error: calibrationError(curve), perfect, floor: mean(perfect), ...all });
  };
  return { n: rows.length, at, guess: Math.log(rows[0].length), loss: (T) => meanLoss(rows, labels, T) };
}

export function sentence(view, data) {
  const { accuracy, confidence, reach, error, perfect, floor } = data.at(view.temperature),
    gap = confidence - accuracy;
  const worse = perfect.filter((other) => other >= error).length;
  const verdict = worse
    ? `${worse} of ${PERFECT} perfect models score${worse === 1 ? "s" : ""} as badly, by luck`
    : `none of ${PERFECT} perfect models scores as badly`;
  const how = Math.abs(gap) <= reach ? "about as sure as it is right" : gap > 0 ? "too sure" : "not sure enough";
  return [
    `At T = ${temperatureText(view.temperature)} the model is ${how}: ${decimals(confidence)} sure on average,`,
    `right in ${decimals(accuracy)} of ${data.n} cases, as at every T.`,
    `ECE ${decimals(error)}, perfect models about ${decimals(floor)}: ${verdict}.`,
  ].join(" ");
}
