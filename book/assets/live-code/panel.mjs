// What the reader sees of the kernel: a bar at the foot of the window with its state, its controls and a log.
import { html, render } from "../live/base/parts/lit-html.mjs";

const ACTIONS = {
  running: ["Interrupt", "Restart"],
  ready: ["Run all", "Interrupt", "Restart"],
  failed: ["Try again"],
};

/** Show the bar; returns say(state, text), which every part calls. */
export function showPanel(actions) {
  const bar = Object.assign(document.createElement("section"), { className: "live-code", tabIndex: -1 });
  bar.setAttribute("aria-label", "Live code");
  document.body.append(bar);
  const log = [];
  return (state, text) => {
    if (log.at(-1) !== text) log.push(text);
    bar.dataset.state = state;
    render(
      html`
      <p role="status"><i aria-hidden="true"></i>${text}</p>
      <div class="live-code-actions">
        ${(ACTIONS[state] ?? []).map((name) => html`<button class="btn" @click=${actions[name]}>${name}</button>`)}
        <a class="btn" href=${location.pathname}>Close</a>
      </div>
      <details><summary>Log</summary><pre tabindex="0">${log.join("\n")}</pre></details>`,
      bar,
    );
  };
}
