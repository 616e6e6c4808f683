// <live-figure module state shared>: gives a figure's module a model on a page without a kernel (AFM, anywidget.dev).
// A classic script, loaded async: it runs from file:// too, and nothing else on the page holds it back.
(() => {
  const base = new URL("..", document.currentScript.src); // where module="dial/dial.mjs" lies; a data: URL is absolute
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  // The newest of what figures need; what else they need is older.
  const TOO_OLD =
    !CSS.supports("color", "light-dark(red, blue)") &&
    "The live figure needs a newer browser: Chrome 123, Firefox 125, Safari 17.5, or what came after them.";

  class Model {
    #state;
    #listeners = {};
    constructor(state) {
      this.#state = state;
    }
    get(key) {
      return this.#state[key];
    }
    set(key, value) {
      if (same(this.#state[key], value)) return;
      this.#state[key] = value;
      for (const listener of [...(this.#listeners[`change:${key}`] ?? [])]) listener();
    }
    save_changes() {} // there is no kernel to save to
    on(event, listener) {
      (this.#listeners[event] ??= new Set()).add(listener);
    }
    off(event, listener) {
      this.#listeners[event]?.delete(listener);
    }
  }

  // --- the book's store: what the reader moved, for the next page; the storage may be blocked or hold anything
  const KEY = "softmax-and-temperature";
  const store = (() => {
    try {
      const found = JSON.parse(sessionStorage.getItem(KEY));
      return found?.constructor === Object ? found : {};
    } catch {
      return {};
    }
  })();
  const save = () => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(store));
    } catch {
      /* this page still works */
    }
  };

  const figures = new Set(); // { model, rules }; per shared key a rule says what the figure can take (state.mjs)
  let quiet = false; // true while the store, not the reader, moves a figure

  function restore(figure) {
    const { model, rules } = figure;
    const words = new Set(),
      came = [];
    quiet = true;
    for (const [key, rule] of Object.entries(rules)) {
      const mine = model.get(key),
        text = linked(rule),
        value = text === null ? store[key] : rule.read(text);
      if (value === undefined) continue;
      if (!rule.accepts(value, mine)) {
        if (text !== null) words.add(`This link is damaged: ${rule.wanted(mine)}.`);
      } else if (!same(value, mine)) {
        model.set(key, value);
        if (text === null) came.push(key === "temperature" ? "T" : key);
        else words.add("Set by the link.");
        remember(figure, key, value);
      }
    }
    quiet = false;
    const brought = came.length ? [`Your ${came.join(" and ")} came with you; Reset restores the text's.`] : [];
    model.set("notice", [...brought, ...words].join(" "));
  }

  function follow(source, key) {
    // the reader moved `key` in one figure: the others take the value if they can
    if (quiet) return;
    const value = source.model.get(key);
    quiet = true;
    for (const { model, rules } of figures) {
      if (rules[key]?.accepts(value, model.get(key))) model.set(key, value);
      model.set("notice", "");
    }
    quiet = false;
    remember(source, key, value);
    if (isLinked(source)) rewrite(addressWith("")); // it no longer says what is shown
  }

  function remember({ model, rules }, key, value) {
    // back at the start there is nothing to bring along
    if (rules[key].stays) return;
    if (same(value, model.get("start")?.[key])) delete store[key];
    else store[key] = value;
    save();
  }

  // --- links: #z=2,1,0.5,-0.5,-2&T=0.7; of a value that no figure would write, only the beginning is read
  const LONGEST = 400;
  const linked = (rule) =>
    new URLSearchParams(location.hash.slice(1)).get(rule.letter)?.slice(0, rule.longest ?? LONGEST) ?? null;
  const addressWith = (hash) => Object.assign(new URL(location), { hash }).href;
  const rewrite = (address) => {
    try {
      history.replaceState(history.state, "", address);
    } catch {
      /* an embedding page may forbid it */
    }
    return address;
  };
  const address = ({ model, rules }) =>
    addressWith(
      Object.entries(rules)
        .filter(([key, rule]) => !rule.spare || !same(model.get(key), model.get("start")?.[key]))
        .map(([key, rule]) => `${rule.letter}=${rule.write(model.get(key))}`)
        .join("&"),
    );
  const isLinked = ({ rules }) => Object.values(rules).some((rule) => linked(rule) !== null);
  addEventListener("hashchange", () => {
    const spoken = [...figures].filter(isLinked);
    for (const figure of spoken) restore(figure);
    spoken[0]?.element.scrollIntoView();
  });

  // A link leads to the first figure that it speaks of, when the reader comes by it: not back, and not inside a frame.
  let led = window !== window.top || performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  function lead(figure) {
    if (led || !isLinked(figure)) return;
    led = true;
    figure.element.scrollIntoView();
  }

  customElements.define(
    "live-figure",
    class extends HTMLElement {
      #life;
      #figure;
      async connectedCallback() {
        const { signal } = (this.#life = new AbortController());
        this.querySelector(":scope > .lf-host")?.remove(); // the dead view in a copy of a live figure
        this.removeAttribute("failed");
        if (TOO_OLD) return this.#fail(TOO_OLD);
        try {
          const { default: widget } = await import(new URL(this.getAttribute("module"), base));
          if (signal.aborted) return;
          const figure = (this.#figure ??= this.#create(widget.shared));
          restore(figure);
          figures.add(figure);
          const el = Object.assign(document.createElement("div"), { className: "lf-host" });
          const page = { address: () => address(figure), link: () => rewrite(address(figure)) };
          const stop = widget.render({ model: figure.model, el, page });
          signal.addEventListener("abort", () => {
            stop();
            figures.delete(figure);
            el.remove();
            this.removeAttribute("live");
          });
          this.append(el);
          this.setAttribute("live", ""); // base.css hides the fallback
          lead(figure);
        } catch (error) {
          console.error("live-figure:", error);
          this.#fail();
        }
      }
      disconnectedCallback() {
        this.#life.abort();
      } // moving the figure connects it again, with its state
      #fail(words) {
        // the fallback stays, and base.css shows the words below it
        this.setAttribute("failed", "");
        const trouble = this.querySelector(":scope > .lf-trouble");
        if (words && trouble) trouble.textContent = words;
        trouble?.querySelector("a")?.addEventListener("click", (event) => {
          event.preventDefault();
          location.reload(); // the page would not ask again for a module that failed; the address keeps its state
        });
      }
      #create(all) {
        const keys = (this.getAttribute("shared") ?? "").split(" ").filter(Boolean);
        const figure = {
          element: this,
          model: new Model(JSON.parse(this.getAttribute("state"))),
          rules: Object.fromEntries(keys.map((key) => [key, all[key]])),
        };
        for (const key of keys) figure.model.on(`change:${key}`, () => follow(figure, key));
        return figure;
      }
    },
  );
})();
