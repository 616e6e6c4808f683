// A QR code that opens a presented figure, as it stands, on the telephones of a class.
import { html, nothing, svg } from "./parts/lit-html.mjs";

const { encode } = await import(new URL("parts/uqr.mjs", import.meta.url)); // a page has it, a kernel needs none
const QUIET = 4; // modules of light around the code, as its standard asks
const SETTLED = 300; // milliseconds without a change

let shown = {}, // the view, and the code that leads to it
  asked,
  waiting;

export function scan(view) {
  const address = view.page.address();
  if (view !== shown.view) shown = { view, code: codeOf(address) };
  else if (address !== asked) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      shown = { view, code: codeOf(address) };
      view.update();
    }, SETTLED);
  }
  asked = address;
  return shown.code;
}

function codeOf(address) {
  try {
    const { data, size } = encode(address, { border: QUIET });
    const dark = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")));
    return html`<div class="lf-scan"><svg viewBox="0 0 ${size} ${size}" role="img"
      aria-label="QR code: opens this figure, as it stands, on a telephone">${svg`<path
        d=${dark.join("")} />`}</svg><span aria-hidden="true">Your turn</span></div>`;
  } catch {
    return nothing; // a text of one's own is too long for a code
  }
}
