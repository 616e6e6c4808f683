// A language model as figures meet it: looked for, brought on a press, asked, given up. One serves all figures of a
// page; in a kernel each figure has its own.
import * as page from "../language_model/engine.mjs";
import { inKernel } from "../language_model/jupyter.mjs";

const models = new Map(); // by the kernel that answers, or `page`

export function modelOf(kernel) {
  const key = kernel ?? page;
  if (!models.has(key)) models.set(key, model(kernel ? inKernel(kernel) : page));
  return models.get(key);
}

// phase: looking → missing { why } or offered { place } → loading { bytes } → ready { names }, or trouble { trouble }
function model({ find, engine }) {
  const followers = new Set(); // { update, ready }
  const it = {
    phase: "looking",
    bytes: 0,
    follow: (one) => followers.add(one),
    load() {
      it.engine ??= engine(it.place, hear);
      become("loading", { since: performance.now(), from: it.bytes });
      it.engine.load();
    },
    async free() {
      it.engine.close();
      await it.engine.forget();
      become("offered", { engine: undefined, bytes: 0, place: { ...it.place, kept: false } });
    },
  };

  function become(phase, more) {
    Object.assign(it, { phase, ...more });
    for (const one of followers) one.update();
  }

  function hear({ bytes, names, kept, trouble, dead }) {
    if (dead) Object.assign(it, { engine: undefined, bytes: 0 });
    if (trouble) return become("trouble", { trouble });
    if (!names) return become(it.phase, { bytes });
    become("ready", { names, isKept: kept });
    for (const one of followers) one.ready();
  }

  find().then(
    (place) => (place.why ? become("missing", place) : become("offered", { place })),
    ({ message }) => become("missing", { why: message }),
  );
  return it;
}
