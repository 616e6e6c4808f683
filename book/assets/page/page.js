// What the page around the figures does: its drawers close, its wide formulas scroll by key, and its
// animations wait under a button of their own.
(() => {
  for (const side of ["primary", "secondary"]) {
    const drawer = document.getElementById(`pst-${side}-sidebar-modal`);
    const toggle = document.querySelector(`.${side}-toggle`);
    if (!drawer || !toggle) continue;
    drawer.setAttribute("aria-label", side === "primary" ? "Book" : "Contents");
    let chosen = null;
    drawer.addEventListener("click", (event) => {
      chosen = event.target.closest("a[href]");
      if (chosen) drawer.close();
    });
    // The theme takes the focus from the button that opens a drawer, so nothing else brings it back.
    drawer.addEventListener("close", () => {
      if (!chosen) toggle.focus();
      chosen = null;
    });
  }

  // On a phone code waits behind a line that says what it is for.
  if (matchMedia("(max-width: 480px)").matches)
    for (const code of document.querySelectorAll(".cell > .cell_input")) {
      const fold = document.createElement("details");
      fold.className = "cell-fold";
      fold.append(Object.assign(document.createElement("summary"), { textContent: "✓ Checked by a cell" }));
      code.before(fold);
      fold.append(code);
    }

  // The buttons that copy code come with the first code that the reader sees.
  const copying = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    copying.disconnect();
    for (const { src } of document.querySelectorAll("script[type='text/plain'][src]"))
      document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
  });
  for (const code of document.querySelectorAll("div.highlight")) copying.observe(code);

  // What scrolls, a key must reach.
  const wide = new ResizeObserver((formulas) => {
    for (const { target } of formulas)
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
  });
  for (const formula of document.querySelectorAll("div.math > .katex-display")) wide.observe(formula);

  // The browser's own controls lie over the picture: they come with the film and go with it.
  for (const film of document.querySelectorAll(".cell_output video[controls]")) {
    const play = document.createElement("button");
    play.className = "film-play btn btn-sm";
    play.type = "button";
    play.textContent = "▶\uFE0E Play the animation";
    const rest = (resting) => {
      film.controls = !resting;
      play.hidden = !resting;
    };
    play.addEventListener("click", () => {
      rest(false);
      film.focus();
      film.play();
    });
    film.addEventListener("ended", () => rest(true));
    rest(true);
    film.after(play);
  }
})();
