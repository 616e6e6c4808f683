// What the reader sees of the kernel: a bar at the foot of the window with its state, its controls and a log. On a
// phone it is one line, which unfolds: see live-code.css. In the page it stands where the button stood, so that Tab
// leads from its controls to the cells.
import { html, nothing, render } from "../live/base/parts/lit-html.mjs";

const ELSEWHERE = ["Run elsewhere", "Run in the page"]; // offered where there is such a place
const ACTIONS = {
  running: ["Interrupt", "Restart"],
  ready: ["Run all", "Interrupt", "Restart", ...ELSEWHERE],
  failed: ["Try again", ...ELSEWHERE],
};

/** Make the bar; returns show(), say(state, text), which every part calls, and progress({ share, words }), null at its
 * end. */
export function makePanel(actions) {
  const bar = Object.assign(document.createElement("section"), {
    className: "live-code d-print-none",
    tabIndex: -1,
    hidden: true,
  });
  bar.setAttribute("aria-label", "Live code");
  document.querySelector(".bd-header-article").after(bar);
  const log = [];
  let state,
    text,
    loading = null,
    unfolded = false;
  const say = (newState, newText) => {
    [state, text] = [newState, newText];
    if (log.at(-1) !== text) log.push(text);
    draw();
  };
  const progress = (now) => {
    loading = now;
    draw();
  };
  const unfold = () => {
    unfolded = !unfolded;
    draw();
  };
  function draw() {
    bar.dataset.state = state;
    bar.toggleAttribute("unfolded", unfolded);
    const focused = bar.contains(document.activeElement);
    const offered = (ACTIONS[state] ?? []).filter((name) => actions[name]);
    render(
      html`
      <p role="status"><i aria-hidden="true"></i>${text}</p>
      ${loading ? loadingBar(loading) : nothing}
      <div class="live-code-actions">
        ${offered.map((name) => html`<button class="btn" @click=${actions[name]}>${name}</button>`)}
        <a class="btn" href=${location.pathname}>Close</a>
      </div>
      <button class="btn live-code-more" aria-expanded=${unfolded} @click=${unfold}>More</button>
      <details><summary>Log</summary><pre tabindex="0">${log.join("\n")}</pre></details>`,
      bar,
    );
    if (focused && !bar.contains(document.activeElement)) bar.focus(); // what was pressed has gone
  }
  const show = () => {
    bar.hidden = false;
    bar.focus({ preventScroll: true }); // the button that was pressed has gone
  };
  return { show, say, progress };
}

const loadingBar = ({ share, words }) => html`<p class="live-code-progress">
  <progress aria-label="Loaded" value=${share}></progress> ${words}</p>`;
