// What the reader did leaves a mark in the contents: guesses, tries and exercises of each page. The browser
// keeps { temperature: { try: ["1"], exercise: ["temperature-exercise-dog"] } }; guess.js keeps the guesses.
(() => {
  const { element, pageOf } = window.reader;
  const KEY = "softmax-and-temperature-marks";
  const WORDS = { guess: ["guess", "guesses"], try: ["try", "tries"], exercise: ["exercise", "exercises"] };
  const here = pageOf(location);

  const ids = (page, kind) => {
    const found = window.reader.kept(KEY)[page]?.[kind];
    return Array.isArray(found) ? found : [];
  };

  /** Add a mark of this page, or take it away. */
  function mark(kind, id, done) {
    const others = ids(here, kind).filter((other) => other !== id);
    const page = { ...window.reader.kept(KEY)[here], [kind]: done ? [...others, id] : others };
    window.reader.keep(KEY, { [here]: page });
    draw();
  }

  function words(page) {
    const counts = {
      guess: window.reader.guesses.toldOn(page),
      try: ids(page, "try"),
      exercise: ids(page, "exercise"),
    };
    return Object.entries(counts)
      .filter(([, { length }]) => length)
      .map(([kind, { length }]) => `${length} ${WORDS[kind][Number(length > 1)]}`)
      .join(", ");
  }

  function draw() {
    let some = false;
    for (const contents of document.querySelectorAll("nav.bd-links")) {
      for (const old of contents.querySelectorAll(".reader-mark")) old.remove();
      for (const link of contents.querySelectorAll("a")) {
        const done = words(pageOf(link));
        some ||= Boolean(done);
        if (done)
          link.append(
            element(
              "span",
              { className: "reader-mark", title: `Done: ${done}` },
              element("span", { className: "visually-hidden" }, `done: ${done}`),
            ),
          );
      }
      if (some)
        contents.append(
          element("button", { type: "button", className: "btn reader-mark", onclick: erase }, "Erase my marks"),
        );
    }
  }

  function erase() {
    if (!confirm("Erase your marks, and the guesses that this browser keeps?")) return;
    localStorage.removeItem(KEY);
    window.reader.guesses.forget();
  }

  addEventListener("told", draw);
  addEventListener("tried", ({ detail }) => mark("try", String(detail.number), true));

  for (const exercise of document.querySelectorAll(".exercise[id]")) {
    const isDone = () => ids(here, "exercise").includes(exercise.id);
    const button = element("button", { type: "button", className: "btn exercise-done" }, "Done");
    const show = () => button.setAttribute("aria-pressed", String(isDone()));
    button.addEventListener("click", () => {
      mark("exercise", exercise.id, !isDone());
      show();
    });
    show();
    exercise.append(button);
  }
  draw();
})();
