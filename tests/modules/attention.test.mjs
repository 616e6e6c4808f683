import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, close, module, view } from "./given.mjs";

const { readings, sentence, weights } = await module("attention/state.mjs");

test("weights and what is read of them are Python's", () => {
  for (const one of cases("attention")) {
    const seen = view(one.state),
      { nats, alike, first } = readings(seen);
    close(weights(seen), one.p);
    close(nats, one.entropy);
    close(alike, one.perplexity);
    close(first, one.p[0]);
  }
});

test("the sentence names the one who looks, the temperature, the winner and the spread", () => {
  for (const one of cases("attention")) {
    const { labels, query } = one.state;
    const said = sentence(view(one.state));
    assert.ok(said.startsWith(`“${labels[query]}” looks back at T = ${one.unit}: ${one.won} with `), said);
    assert.ok(said.endsWith(`as spread as ${one.perplexity.toFixed(2)} equal weights.`), said);
  }
});
