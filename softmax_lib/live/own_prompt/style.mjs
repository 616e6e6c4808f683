// Its style comes with the tab: a page whose reader does not open it loads none.
import { html } from "../base/parts/lit-html.mjs";

export const STYLE = html`<style>
  .lf-own { display: grid; gap: 12px; padding-block: 8px 16px; }
  .lf-own textarea { display: block; width: 100%; min-height: 72px; padding: 8px 10px; border: 1px solid var(--line);
    border-radius: 8px; background: var(--paper); color: var(--ink); font: inherit; font-weight: 400;
    resize: vertical; }
  .lf-own textarea:hover { border-color: var(--soft); }
  .lf-own :is(textarea, [role="listbox"]):focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
  .lf-own label { display: block; font-weight: 600; }
  .lf-own-row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
  .lf-own-row > .lf-field { width: 84px; }
  .lf-own-end { margin-left: auto; }
  .lf-own-box { padding: 12px 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--wash); }
  .lf-own-box p + * { margin-top: 8px; }
  .lf-own progress { width: 100%; height: 10px; accent-color: var(--now); }
  .lf-own small { color: var(--soft); font-size: 0.875em; }
  .lf-own-texts { display: grid; grid-auto-columns: minmax(0, 1fr); grid-auto-flow: column; gap: 12px; }
  .lf-own-text { display: grid; grid-template-rows: auto 1fr; gap: 6px; }
  .lf-own [role="listbox"] { height: 190px; display: flex; flex-direction: column-reverse; overflow: auto;
    padding: 8px 10px; border: 1px solid var(--line); border-radius: 8px; line-height: 1.75; white-space: pre-wrap;
    overflow-wrap: anywhere; position: relative; }
  .lf-own [role="listbox"] > div { margin-bottom: auto; } /* turned round, it stays at its end while it grows */
  .lf-own-given { color: var(--soft); }
  .lf-own-given span:nth-child(even) { background: var(--wash); }
  .lf-own [role="option"] { padding-block: 2px; border-radius: 4px; cursor: pointer;
    background: color-mix(in srgb, var(--now) calc(var(--heat, 0) * 40%), transparent); }
  .lf-own [role="option"]:hover { text-decoration: underline; }
  .lf-own [role="option"][aria-selected="true"] { outline: 2px solid var(--now); }
  .lf-own [role="option"].lf-own-later { background: none; color: var(--soft); }
  .lf-own-scale { display: inline-block; width: 96px; height: 12px; border-radius: 4px; vertical-align: -1px;
    border: 1px solid var(--line);
    background: linear-gradient(90deg, transparent, color-mix(in srgb, var(--now) 40%, transparent)); }
  .lf-own .lf-scale { padding-top: 0; }
  @container figure (width < 640px) {
    .lf-own-texts { grid-auto-flow: row; }
    .lf-own [role="listbox"] { height: 168px; }
    .lf-own-texts:has(> :nth-child(2)) [role="listbox"] { height: 132px; }
    .lf-own .lf-line { flex-wrap: wrap; }
  }
</style>`;
