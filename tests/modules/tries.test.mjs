import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, module, scoresOf, view as still } from "./given.mjs";

const { guided } = await module("base/tries.mjs");
const LONGEST = 120; // letters: more would not fit above a figure on a phone

// What figures know besides their state.
const { experiment } = await module("reliability/state.mjs"),
  known = scoresOf(["breakfast", "rainbow"]);
const KNOWN = {
  reliability: (list, view) => list(experiment(view)),
  next_token: (list) => list((view) => known[view.get("prompt")]),
};

// A figure without a page: its state, its tries, and which of them were ticked.
async function opened({ name, state: { ...state } }) {
  const { tries } = await module(`${name}/tries.mjs`),
    ticked = [];
  const view = Object.assign(still(state), {
    change(changed) {
      if (name === "histogram" && "temperature" in changed) state.draws = 0; // as its page clears the counts
      Object.assign(state, changed);
      guide.follow();
    },
  });
  const list = KNOWN[name]?.(tries, view) ?? tries,
    guide = guided(
      view,
      list,
      () => ({ ...state }),
      (words) => ticked.push(words.number),
    );
  return { view, guide, ticked, tries: list(view) };
}

test("each try is ticked by its last step, and not before", async () => {
  for (const one of cases("tries")) {
    const { view, guide, ticked, tries } = await opened(one);
    assert.ok(tries.length >= 3, `${one.name} has ${tries.length} tries: three at least`);
    for (const [k, { ask, steps }] of tries.entries()) {
      const said = `${one.name} ${k + 1}: ${ask}`;
      guide.open(k);
      assert.ok(ask.length <= LONGEST && ask.length > 20, said);
      for (const [n, { show }] of steps.entries()) {
        assert.equal(guide.words.seen, null, `${said} ticked before step ${n + 1}`);
        view.change(show(view));
      }
      const { number, of, seen } = guide.words;
      assert.deepEqual([number, of, ticked.at(-1)], [k + 1, tries.length, k + 1], `${said} was not ticked`);
      assert.ok(seen.length <= LONGEST && seen.length > 20 && /[.?]$/.test(seen), `${said} → ${seen}`);
      assert.doesNotMatch(seen, /NaN|undefined|\[object/, said);
    }
    assert.equal(ticked.length, tries.length);
  }
});

test("what was seen stands, whatever the reader does next", async () => {
  const { view, guide } = await opened(cases("tries").find(({ name }) => name === "dial"));
  view.change({ temperature: 20 });
  view.change({ temperature: 0.05 });
  const { seen } = guide.words;
  assert.match(seen, /^Dog gains until T = 1\.\d+, where it has 0\.2\d\d; then it gives way\.$/);
  view.change({ logits: [0, 5, 0, 0, 0] });
  assert.equal(guide.words.seen, seen);
});

test("steps are taken in their order", async () => {
  const { view, guide } = await opened(cases("tries").find(({ name }) => name === "dial"));
  view.change({ temperature: 0.05 });
  view.change({ temperature: 20 });
  assert.equal(guide.words.seen, null);
  view.change({ temperature: 0.05 });
  assert.ok(guide.words.seen);
});

test("what stands already is a step on the way, but no end", async () => {
  const { view, guide } = await opened(cases("tries").find(({ name }) => name === "dial"));
  view.change({ temperature: 0 });
  guide.open(1);
  view.change({ logits: [2, 2, 0.5, -0.5, -2] }); // T = 0 needs no pressing again
  assert.match(guide.words.seen, /each gets 0\.500/);
  guide.open(1);
  view.change({ logits: [2, 1, 0.5, -0.5, -2] });
  assert.equal(guide.words.seen, null);
});

test("a draw counts for the try that was open", async () => {
  const { view, guide } = await opened(cases("tries").find(({ name }) => name === "sampler"));
  const { drawn } = await module("sampler/state.mjs");
  const draw = (count) => {
    for (let k = 0; k < count; k++) view.change(drawn(view));
  };
  view.change({ temperature: 5 });
  draw(2);
  assert.equal(guide.words.seen, null);
  draw(1);
  assert.match(guide.words.seen, /^\w+, \w+, \w+\. Each u/);
  guide.open(1);
  draw(2);
  view.change({ temperature: 1 });
  draw(1); // not hot
  assert.equal(guide.words.seen, null);
  view.change({ temperature: 5 });
  view.change({ picks: [] }); // cleared
  draw(3);
  assert.match(guide.words.seen, /Hot/);
});

test("a list that becomes shorter leaves nothing open", async () => {
  const several = cases("tries").find(({ name }) => name === "settings"),
    { view, guide } = await opened(several);
  guide.open(2);
  assert.equal(guide.words.number, 3);
  view.change({ settings: several.state.settings.slice(0, 1) });
  assert.equal(guide.words, null);
  guide.follow();
});

test("a figure of other classes asks for nothing", async () => {
  const other = { labels: ["hop", "top"], logits: [1, 2], temperature: 1, start: {} };
  for (const name of ["dial", "sampler", "histogram", "normalisers", "probabilities", "double_softmax"]) {
    const { guide, tries } = await opened({ name, state: other });
    assert.deepEqual([tries, guide.words], [[], null]);
    guide.follow();
  }
});
