// The lines that a reader asked to run beside a figure: a cell of their own below it, and a name for the figure.
const KEY = "softmax-and-temperature-run"; // kept by button.js

/** Put the lines into the page, once; returns the element of their cell. */
export function placeAsked() {
  const asked = taken();
  const cell = document.querySelectorAll("live-figure")[asked?.figure]?.closest("div.cell");
  if (!cell) return null;
  const source = cell.querySelector(".cell_input pre");
  source.textContent = named(source.textContent.trim());
  const made = Object.assign(document.createElement("div"), { className: "cell" }),
    input = Object.assign(document.createElement("div"), { className: "cell_input" });
  input.append(Object.assign(document.createElement("pre"), { textContent: asked.lines }));
  made.append(input);
  cell.after(made);
  return made;
}

function taken() {
  try {
    const asked = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    return asked;
  } catch {
    return null; // the storage may be blocked or hold anything
  }
}

// A figure's cell ends in the call that makes it.
const named = (code) => `${code.replace(/^(?=[A-Z]\w*\()/m, "figure = ")}\nfigure`;
