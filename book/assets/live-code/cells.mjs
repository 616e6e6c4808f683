// The page's cells: each gets an editor and a place for new results; the published result stays until the cell runs.
const SET_UP = ".tag_thebe-init, .tag_hide-input, .tag_hide-cell";

/** Mark what Thebe turns into editors (one output for each source, in their order), and return the cells. */
export function findCells() {
  return [...document.querySelectorAll("div.cell:has(.cell_input pre)")].map((element, i) =>
    prepare(element, `cell ${i + 1}`),
  );
}

export function prepare(element, name) {
  const source = element.querySelector(".cell_input pre");
  source.dataset.executable = "";
  for (const button of element.querySelectorAll("button.copybtn")) button.remove();
  for (const details of element.querySelectorAll("details.hide, details.cell-fold")) details.open = true;
  return { element, name, source, ...placeResults(element), original: source.textContent.trim(), ran: false };
}

function placeResults(element) {
  const output = element.querySelector(".cell_output") ?? element.appendChild(div("cell_output"));
  const holder = output.querySelector(":scope > figure:only-child") ?? output;
  const place = div("live-code-results");
  place.dataset.output = "";
  const caption = holder.querySelector(":scope > figcaption"); // a figure keeps its caption
  const published = [...holder.childNodes].filter((node) => node !== caption);
  holder.insertBefore(place, caption);
  return { place, published, alt: output.querySelector("img")?.alt };
}

export const div = (name) => Object.assign(document.createElement("div"), { className: name });

/** The cells that run at once: those tagged thebe-init, and hidden ones before the first that is shown. */
export function setUpCells(cells) {
  const shown = cells.findIndex(({ element }) => !element.matches(SET_UP));
  return cells.filter(({ element }, i) => element.matches(".tag_thebe-init") || shown === -1 || i < shown);
}

export const editorOf = ({ element }) => element.querySelector(".CodeMirror").CodeMirror;

/** Thebe's editors made usable by keyboard and by name. */
export function nameControls(cell) {
  const { element, name } = cell,
    editor = editorOf(cell);
  editor.setOption("screenReaderLabel", `Code of ${name}`);
  // Tab leaves the editor, and Esc leads to the bar: Interrupt is near wherever a cell runs.
  const Esc = () => document.querySelector(".live-code").focus();
  editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), Tab: false, "Shift-Tab": false, Esc });
  const button = element.querySelector(".thebe-run-button");
  button.textContent = "Run";
  button.setAttribute("aria-label", `Run ${name}`);
  button.classList.add("btn");
}

/** Run cells one after the other: before a cell, those above it that have not run in this kernel. */
export class Runner {
  #cells;
  #say;
  #stands;
  #turn = Promise.resolve();
  #round = 0;

  /** `stands` says of which cells the published result stands, since here they can't run. */
  constructor(cells, say, stands) {
    this.#cells = cells;
    this.#say = say;
    this.#stands = stands;
    for (const cell of cells) this.#guide(cell);
  }

  #guide(cell) {
    const execute = cell.thebe.execute.bind(cell.thebe);
    cell.execute = () => execute();
    cell.thebe.execute = () => this.runUpTo(cell); // what its button and Shift+Enter call
  }

  /** Take in a cell that comes after another. */
  add(cell, above) {
    this.#cells.splice(this.#cells.indexOf(above) + 1, 0, cell);
    this.#guide(cell);
  }

  runUpTo(cell) {
    const above = this.#cells.slice(0, this.#cells.indexOf(cell));
    return this.run(() => [...above.filter(({ ran }) => !ran), cell]);
  }

  runAll() {
    return this.run(() => this.#cells);
  }

  /** Wait for what is running, then run these; resolves to whether all ran without an error. */
  run(choose) {
    const round = this.#round;
    return (this.#turn = this.#turn.then(() => round === this.#round && this.#runEach(choose(), round)));
  }

  /** What waits will not run; after a restart of the kernel, nothing has run. */
  drop({ restarted = false } = {}) {
    this.#round++;
    this.#turn = Promise.resolve(); // a kernel that went away never ends what it ran
    if (restarted) for (const cell of this.#cells) cell.ran = false;
  }

  async #runEach(chosen, round) {
    for (const cell of chosen) {
      this.#say("running", `Running ${cell.name} …`);
      const raised = this.#stands(cell) ? letStand(cell) : await runOne(cell);
      if (round !== this.#round) return false;
      if (raised) {
        this.#say("ready", `${capital(cell.name)} raised ${raised}.`);
        return false;
      }
      this.#say("ready", `${capital(cell.name)} has run.`);
    }
    return true;
  }
}

function letStand(cell) {
  const textContent = "This cell needs a package that Python in the page does not have: its published result stands.";
  if (!cell.note) cell.place.after((cell.note = Object.assign(div("live-code-note"), { textContent })));
  cell.ran = true;
}

async function runOne(cell) {
  cell.place.style.minHeight = `${cell.place.parentElement.offsetHeight}px`; // the text below stays where it is
  for (const node of cell.published.splice(0)) {
    if (node.querySelector?.("#figure")) cell.place.id = "figure"; // the skip link leads there
    node.remove();
  }
  cell.note?.remove();
  const result = await cell.execute();
  cell.place.style.minHeight = "";
  const alt = cell.thebe.source.trim() === cell.original ? cell.alt : "";
  for (const image of cell.place.querySelectorAll("img")) {
    image.alt ||= alt || "Drawn by the edited cell.";
    image.classList.add("dark-light");
  }
  if (!result) {
    cell.thebe.setOutputText("Stopped: the kernel went away.");
    return "no answer: the kernel went away";
  }
  cell.ran = !result.error;
  return result.error?.[0].ename;
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);
