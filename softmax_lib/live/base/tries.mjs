// What to try with a figure: one thing after the other, ticked by what the reader does, or shown on request.
// A try has what to do (`ask`), steps on the way, and what was to be seen (`seen`). A step has the change of the state
// that takes it (`show`), and when it is taken (`reached`), given the state in which the try was opened.
import { toJson } from "./state.mjs";

const PAUSE = 1500, // milliseconds between two steps that are shown
  GLIDE = 700;

export const step = (show, reached) => ({ show: (view) => (typeof show === "function" ? show(view) : show), reached });
export const at = (T) => step({ temperature: toJson(T) }, (view) => view.temperature === T);
export const above = (T, show = T) => step({ temperature: show }, (view) => view.temperature >= T);
export const below = (T, show = T) => step({ temperature: show }, (view) => view.temperature <= T);

// Logits that name the animals of the book; a figure of other classes asks for nothing.
const ANIMALS = "cat,dog,owl,fox,bee";
export const withAnimals = (tries) => (view) => (String(view.labels) === ANIMALS ? tries : []);

// `list(view)` holds the tries, `state()` is a copy of the state of now, and `tick` is told of each that is done.
export function guided(view, list, state, tick) {
  let number = 0,
    taken, // steps of the try that is open
    before,
    seen, // in words, once all are taken
    next;
  const steps = () => list(view)[number]?.steps ?? [];
  const take = (most) => {
    while (taken < most && steps()[taken].reached(view, before)) taken += 1;
  };
  const begin = () => {
    [taken, before, seen] = [0, state(), null];
  };
  const guide = {
    get words() {
      const tries = list(view),
        open = tries[number]; // the list may have become shorter
      return open ? { number: number + 1, of: tries.length, ask: open.ask, seen } : null;
    },
    follow() {
      if (seen !== null || !steps().length) return;
      take(steps().length);
      if (taken < steps().length) return;
      seen = list(view)[number].seen(view);
      tick(guide.words);
    },
    open(k) {
      guide.rest();
      number = k % list(view).length;
      begin();
      take(steps().length - 1); // what stands already needs no doing, but the last step is the reader's
    },
    show(k = 0) {
      if (k === 0) begin();
      view.change(steps()[k].show(view), { glide: GLIDE, shown: true });
      if (k + 1 < steps().length) next = setTimeout(guide.show, PAUSE, k + 1);
    },
    rest: () => clearTimeout(next), // the reader's hand goes first
  };
  begin();
  return guide;
}
