// What to try with several settings: those of the hub of Step 5, and a teacher's opinions of three digits.
import { decimals } from "../base/numbers.mjs";
import { perplexity, softmax } from "../base/softmax.mjs";
import { temperatures } from "../base/state.mjs";
import { above, at, step } from "../base/tries.mjs";

const among = (view) => softmax(view.logits, view.temperature);
const tab = (k) =>
  step(
    (view) => {
      const { labels, logits } = view.get("settings").at(k);
      return { setting: k < 0 ? view.get("settings").length + k : k, labels, logits };
    },
    (view) => view.get("setting") === (k < 0 ? view.get("settings").length + k : k),
  );
const byRank = (view) => view.labels.map((_, k) => k).sort((a, b) => view.logits[b] - view.logits[a]);

// How many classes each setting hesitates between, the least and the most.
function hesitation(view) {
  const [least, ...others] = view
    .get("settings")
    .map(({ name, logits }) => ({ name, alike: perplexity(softmax(logits, view.temperature)) }))
    .sort((a, b) => a.alike - b.alike);
  const said = ({ name, alike }) => `${name} (perplexity ${alike.toFixed(2)})`;
  return `Least: ${said(least)}. Most: ${said(others.at(-1))}.`;
}

const TWO = 0.1; // how near to 2 the perplexity must come
const isTwo = (logits, T) => Math.abs(perplexity(softmax(logits, T)) - 2) < TWO;

function gainer(view) {
  const [before, now] = [1, view.temperature].map((T) => softmax(view.logits, T)),
    gains = now.map((q, k) => q - before[k]),
    k = gains.indexOf(Math.max(...gains));
  return `${view.labels[k]} gains most, from ${decimals(before[k])} to ${decimals(now[k])}.`;
}

const SEVERAL = [
  {
    ask: "Stay at T = 1, and go through the tabs to the last. Which one hesitates least, which most?",
    steps: [at(1), tab(-1)],
    seen: hesitation,
  },
  {
    ask: "Press T → 0, then T → ∞. What can you still tell apart?",
    steps: [at(0), at(Infinity)],
    seen: () => "At 0 only who is best, at ∞ nothing. In between lies all that the scores say.",
  },
  {
    ask: "In the first tab, find the T at which the perplexity is 2. Change the tab: is it still 2?",
    steps: [
      tab(0),
      step(
        ({ logits }) => ({ temperature: temperatures.find((T) => isTwo(logits, T)) }),
        (view) => view.get("setting") === 0 && isTwo(view.logits, view.temperature),
      ),
      tab(1),
    ],
    seen: (view) =>
      `No, here it is ${perplexity(among(view)).toFixed(2)}. The same T means another sharpness elsewhere.`,
  },
  {
    ask: "In the last tab, raise T from 1 to 2.5. Which class gains most?",
    steps: [tab(-1), above(2.5)],
    seen: gainer,
  },
];

const TEACHER = [
  {
    ask: "The teacher is all but certain of the plain 3. Raise T from 1 to 4: who comes up behind it?",
    steps: [tab(0), at(1), above(4)],
    seen(view) {
      const [, ...behind] = byRank(view).map((k) => view.labels[k]);
      return `${behind.slice(0, 3).join(", ")}: the dark knowledge. They share strokes with a 3.`;
    },
  },
  {
    ask: "Raise T to 20. How far apart are the ten now?",
    steps: [above(20)],
    seen(view) {
      const p = among(view),
        times = (Math.max(...p) / Math.min(...p)).toFixed(1);
      return `The largest is ${times} times the smallest: the differences are small, and all there.`;
    },
  },
  {
    ask: "Change the tab to the 7. Does any T make the teacher right?",
    steps: [tab(1), step({ temperature: 5 }, (view, before) => view.temperature !== Number(before.temperature))],
    seen: (view) => `No. It takes it for ${view.labels[byRank(view)[0]]}, and T never changes who leads.`,
  },
];

export function tries(view) {
  const names = view.get("settings").map(({ name }) => name);
  return names[0] === "A plain 3" ? TEACHER : names.length > 2 ? SEVERAL : [];
}
