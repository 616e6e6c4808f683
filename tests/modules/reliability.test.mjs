import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, view } from "./given.mjs";

const { experiment, PERFECT, sentence } = await module("reliability/state.mjs");

test("errors and losses are softmax_lib's at every temperature", () => {
  for (const one of cases("reliability")) {
    const data = experiment(view(one.state)),
      now = data.at(one.state.temperature);
    for (const name of ["error", "brier", "nll", "accuracy", "confidence"]) close(now[name], one[name], 1e-10);
    close(data.loss(one.state.temperature), one.nll, 1e-10);
    close(data.guess, one.guess);
    assert.equal(
      now.curve.reduce((sum, bin) => sum + bin.count, 0),
      data.n,
    );
    assert.equal(now.perfect.length, PERFECT);
    close(now.floor, now.perfect.reduce((sum, error) => sum + error, 0) / PERFECT);
  }
});

test("the words say on which side of its accuracy the confidence lies", () => {
  const said = cases("reliability").map(({ state }) => sentence(view(state), experiment(view(state))));
  const how = said.map((words) => /the model is ([^:]+):/.exec(words)[1]);
  assert.equal(how[0], "too sure");
  assert.equal(how.at(-1), "not sure enough");
  assert.ok(how.includes("about as sure as it is right"), how.join("; "));
});
