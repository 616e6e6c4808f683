// The button "Live code". A policy can't loosen once a page has loaded, so the page loads again as ?live, under the
// policy that lets a kernel in. Nothing of what talks to kernels is requested before the reader asks for it.
(() => {
  const module = new URL("live-code.mjs", document.currentScript.src);
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
      const { start } = await import(module);
      button.hidden = true;
      await start();
    } catch (error) {
      console.error("live code:", error);
      button.disabled = false;
    }
  }

  button.addEventListener("click", () => {
    if (live) return start();
    ask();
    location.search = "?live";
  });
  if (live && asked()) start();
})();
