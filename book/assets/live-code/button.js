// The button "Live code". A policy can't loosen once a page has loaded, so the page loads again as ?live, under the
// policy that lets a kernel in. Nothing of what talks to kernels is requested before the reader asks for it.
(() => {
  const here = document.currentScript.src;
  const button = document.getElementById("live-code");
  const live = location.search === "?live";
  const ASKED = "softmax-and-temperature-live"; // a link to ?live alone starts nothing: the reader must have pressed

  const ask = () => {
    try {
      sessionStorage.setItem(ASKED, location.pathname);
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

  async function start() {
    button.disabled = true;
    try {
      const { start } = await import(new URL("live-code.mjs", here));
      button.hidden = true;
      document.querySelector(".live-code-word")?.remove();
      await start();
    } catch (error) {
      console.error("live code:", error);
      explain("A part of this site did not arrive. Press Live code to try again.");
      button.disabled = false;
    }
  }

  /** A press never does nothing: the bar of live code says why it can't start. */
  function explain(...words) {
    if (document.querySelector(".live-code-word")) return;
    const made = (tag, properties, ...content) => {
      const element = Object.assign(document.createElement(tag), properties);
      element.append(...content);
      return element;
    };
    document.head.append(made("link", { rel: "stylesheet", href: new URL("live-code.css", here) }));
    const bar = made("section", { className: "live-code live-code-word", ariaLabel: "Live code" });
    document.body.append(bar);
    bar.append(made("p", { role: "status" }, ...words));
  }

  function explainDisk() {
    const published = document.querySelector('link[rel="canonical"]')?.href;
    const link = Object.assign(document.createElement("a"), {
      href: published,
      textContent: "this page's published address",
    });
    const known = published && !published.includes("//owner.github.io/"); // of a copy that is published nowhere yet
    explain(
      "Browsers let no Python run in a page that is opened from a disk. Live code works where a server sends it: ",
      ...(known ? ["at ", link, ", or "] : []),
      "on this machine after `python3 -m http.server` in the book's folder, at http://localhost:8000/.",
    );
  }

  button.addEventListener("click", () => {
    if (location.protocol === "file:") return explainDisk();
    if (live) return start();
    ask();
    location.search = "?live";
  });
  if (live && asked()) start();
})();
