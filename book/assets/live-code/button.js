// The button "Live code". A policy can't loosen once a page has loaded, so the page loads again as ?live, under the
// policy that lets a kernel in. Nothing of what talks to kernels is requested before the reader asks for it.
(() => {
  const module = new URL("live-code.mjs", document.currentScript.src);
  const button = document.getElementById("live-code");
  const trouble = document.querySelector(".live-code-trouble");
  const live = location.search === "?live";
  let tries = 0;
  const ASKED = "softmax-and-temperature-live"; // a link to ?live alone starts nothing: the reader must have pressed
  const RUN = "softmax-and-temperature-run"; // the lines of a figure, for beside.mjs

  const keep = (key, text) => {
    try {
      sessionStorage.setItem(key, text);
    } catch {
      /* then it takes a second press */
    }
  };
  const asked = () => {
    try {
      const path = sessionStorage.getItem(ASKED);
      sessionStorage.removeItem(ASKED);
      return path === location.pathname;
    } catch {
      return false;
    }
  };

  /** A press never does nothing: a word says why it can't start. */
  function explain(...words) {
    trouble.hidden = false;
    trouble.replaceChildren(...words);
  }

  function explainDisk() {
    const published = document.querySelector('link[rel="canonical"]')?.href;
    const link = Object.assign(document.createElement("a"), {
      href: published,
      textContent: "this page's published address",
    });
    const command = Object.assign(document.createElement("code"), { textContent: "python3 -m http.server" });
    explain(
      "Browsers let no Python run in a page that is opened from a disk. Live code works where a server sends it: ",
      ...(published ? ["at ", link, ", or "] : []),
      "on this machine after ",
      command,
      " in the book's folder, at http://localhost:8000/.",
    );
  }

  async function start() {
    button.disabled = true;
    try {
      module.search = tries++ ? `?try=${tries}` : ""; // the page would not ask again for what failed
      const { start } = await import(module);
      trouble.hidden = true;
      button.hidden = true;
      await start();
    } catch (error) {
      console.error("live code:", error);
      button.disabled = false;
      explain("Live code did not load. Press the button to try again.");
    }
  }

  function launch() {
    if (location.protocol === "file:") return explainDisk();
    if (live) return start();
    keep(ASKED, location.pathname);
    location.search = "?live";
  }

  button.addEventListener("click", launch);
  addEventListener("run-python", ({ target, detail }) => {
    if (button.hidden) return; // live-code.mjs hears it
    const figures = [...document.querySelectorAll("live-figure")];
    keep(RUN, JSON.stringify({ figure: figures.indexOf(target.closest("live-figure")), lines: detail }));
    launch();
    if (!trouble.hidden) trouble.scrollIntoView({ block: "center" });
  });
  button.disabled = false; // until now a press would have done nothing
  if (live && asked()) start();
})();
