// The reader's own cell below a figure: the lines that the figure shows as Python, where it follows them.
import { div, editorOf, prepare } from "./cells.mjs";

const KEY = "softmax-and-temperature-run"; // kept by button.js, across the load that lets a kernel in
const MAKES_IT = /^(?=[A-Z]\w*\()/m; // a figure's cell ends in the call that makes it

/** What the reader asked for before the page loaded: { element, lines }, the element of a figure's cell; else null. */
export function takeAsked() {
  try {
    const { figure, lines } = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    return { element: document.querySelectorAll("live-figure")[figure].closest("div.cell"), lines };
  } catch {
    return null; // the storage may be blocked or hold anything
  }
}

/** Give the figure that a cell makes the name by which lines call it. It is made anew when they run, close above. */
export function nameFigure(cell) {
  const code = cell.thebe.source.trim();
  cell.element.querySelector("details:has(.CodeMirror)")?.removeAttribute("open");
  if (/^figure = /m.test(code)) return;
  editorOf(cell).setValue(`${code.replace(MAKES_IT, "figure = ")}\nfigure`);
  cell.ran = false;
}

/** An empty cell below another: what Thebe makes an editor of. */
export function cellBelow({ element, name }) {
  const below = div("cell live-code-own"),
    input = div("cell_input");
  input.append(document.createElement("pre"));
  below.append(input);
  element.after(below);
  return prepare(below, `your cell below ${name}`);
}
