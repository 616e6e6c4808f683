// What every figure shares: its life, its frame, and number fields that never clamp.
import { html, nothing, render as paint } from "./parts/lit-html.mjs";

function python(value) {
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (value === null) return "None";
  return value === "Infinity" ? 'float("inf")' : JSON.stringify(value);
}

// --- the life of a figure: body and sentence are functions of the view, drawn anew when one of `keys` changes
// `lazy` figures are told by `view.near` when the reader comes near.
export function figure(
  { model, el, page },
  { keys, body, sentence, program = () => "program", lazy = false, ...words },
) {
  let asked = 0,
    speaking,
    landing,
    said;
  const view = {
    page,
    near: !lazy,
    chosen: 0,
    typing: null,
    held: null,
    refused: null,
    message: "",
    link: null,
    gliding: false,
    get labels() {
      return model.get("labels");
    },
    get logits() {
      return model.get("logits");
    },
    get temperature() {
      return model.get("temperature") === undefined ? undefined : Number(model.get("temperature"));
    },
    get: (key) => model.get(key), // what only this figure has
    get notice() {
      return model.get("notice");
    }, // said by host.js alone
    get program() {
      return model.get(program(view)).replace(/\{(\w+)\}/g, (_, key) => python(model.get(key)));
    },
    get said() {
      return view.message || said;
    },
    // Dragging and typing show at once; a discrete step glides, `true` or some milliseconds long (unless the reader
    // prefers no motion: base.css).
    change(state, { glide = false } = {}) {
      view.glide(glide);
      for (const key in state) model.set(key, state[key]);
      model.save_changes();
      settle();
    },
    reset: () => view.change(model.get("start"), { glide: true }),
    refuse(id, words, side) {
      Object.assign(view, { refused: id, message: words, side });
      view.update();
    },
    say(words) {
      view.message = words;
      view.update();
    },
    choose(i) {
      view.chosen = i;
      view.update();
    },
    glide(on) {
      clearTimeout(landing);
      view.gliding = on;
      if (on)
        landing = setTimeout(
          () => {
            view.gliding = false;
            view.update();
          },
          on === true ? 400 : on,
        );
    },
    update() {
      asked ||= requestAnimationFrame(draw);
    }, // at most once a frame
  };
  function draw() {
    asked = 0;
    const now = sentence(view);
    clearTimeout(speaking); // speak when the reader pauses, not at every step of a drag
    if (said === undefined) said = now;
    else if (said !== now)
      speaking = setTimeout(() => {
        said = now;
        view.update();
      }, 400);
    paint(frame(view, words, body(view)), el);
    for (const input of el.querySelectorAll("[data-shown]")) {
      // whatever the reader left in it
      if (input.value !== input.dataset.shown || input.validity.badInput) input.value = input.dataset.shown;
    }
  }
  const settle = () => {
    Object.assign(view, { refused: null, message: "", link: null });
    view.update();
  };
  const events = [...keys, "notice"].map((key) => `change:${key}`);
  for (const event of events) model.on(event, settle);
  draw();
  const watch = new IntersectionObserver(
    (seen) => {
      if (seen.some((one) => one.isIntersecting)) arrive();
    },
    { rootMargin: "200px" },
  );
  const arrive = () => {
    watch.disconnect();
    view.near = true;
    view.update();
  };
  if (lazy) watch.observe(el);
  return () => {
    watch.disconnect();
    for (const event of events) model.off(event, settle);
    cancelAnimationFrame(asked);
    [speaking, landing].forEach(clearTimeout);
  };
}

function frame(view, { name, invitation }, body) {
  const notice = view.notice ? html`<b>${view.notice}</b>` : invitation;
  return html`<div class="lf ${view.gliding ? "lf-glide" : ""}" role="group" aria-label=${name}>
  <div class="lf-top"><p class="lf-notice">${notice}</p>${button("Reset", view.reset)}</div>
  ${body}
  <p class="lf-status" role="status">${view.said}</p>
  <div class="lf-foot">
    <details class="lf-python"><summary data-lm-suppress-shortcuts>Show as Python</summary>
      <pre tabindex="0" aria-label="Python" data-lm-suppress-shortcuts><code>${view.program}</code></pre>${button(
        "Copy Python",
        (event) => copyPython(view, event),
      )}</details>
    ${view.page ? button("Copy link", (event) => copyLink(view, event)) : nothing}
    ${view.link ? linkField(view.link) : nothing}
  </div></div>`;
}

const linkField = (link) => html`<input class="lf-link" readonly aria-label="Link to these values"
  data-lm-suppress-shortcuts .value=${link}>`;

export const button = (text, click, pressed = nothing) =>
  html`<button type="button" aria-pressed=${pressed} data-lm-suppress-shortcuts @click=${click}>${text}</button>`;

export const choice = (name, options, chosen, set) => html`<select aria-label=${name} data-lm-suppress-shortcuts
  @change=${({ target }) => set(target.selectedIndex)}>${options.map(
    (option, i) => html`<option .selected=${i === chosen}>${option}</option>`,
  )}</select>`;

// --- copying: the clipboard may be refused, then what is to be copied is shown selected
const copied = (text) =>
  Promise.resolve()
    .then(() => navigator.clipboard.writeText(text))
    .then(
      () => true,
      () => false,
    );

async function copyLink(view, { target }) {
  const url = view.page.link(),
    foot = target.parentNode;
  if (await copied(url)) return view.say("Link copied.");
  view.link = url;
  view.say("The clipboard is closed to this page: copy the link from the field.");
  requestAnimationFrame(() => foot.querySelector(".lf-link")?.select());
}

async function copyPython(view, { target }) {
  if (await copied(view.program)) return view.say("Python copied.");
  getSelection().selectAllChildren(target.parentNode.querySelector("code"));
  view.say("The clipboard is closed to this page: copy the selected lines.");
}

// --- a native slider; a vertical swipe that starts on it has moved it before it becomes a scroll: then it goes back
export function slider(view, { kind, name, words, min, max, step, value, at, from, set }) {
  return html`<input type="range" class=${kind} aria-label=${name} aria-valuetext=${words}
    min=${min} max=${max} step=${step}
    data-lm-suppress-shortcuts data-shown=${at} @input=${({ target }) => set(from(target.valueAsNumber))}
    @pointerdown=${() => {
      view.held = value;
    }} @pointercancel=${() => set(view.held)}>`;
}

// Words below a field begin at its left edge or end at its right one, so that they stay within the card.
function sideWithRoom(field) {
  const [place, card] = [field, field.closest(".lf")].map((element) => element.getBoundingClientRect());
  return card.right - place.left > place.right - card.left ? "lf-rightwards" : "lf-leftwards";
}

// --- a number field: what is being typed stays, what can't be used is refused in words, nothing is clamped
export function numberField(
  view,
  { id, name, text, min, max, step, accepts, set, refusal, placeholder = "", keydown = nothing },
) {
  const refuse = (field) => view.refuse(id, refusal(), sideWithRoom(field));
  const input = ({ target }) => {
    view.typing = id;
    if (target.value === "") return; // nothing yet, or on the way to a number: "-", "1e"
    if (accepts(target.valueAsNumber)) set(target.valueAsNumber);
    else refuse(target);
  };
  const finish = () => {
    view.typing = null;
    view.update();
  };
  const change = ({ target }) => {
    // Enter, or leaving the field
    if (!accepts(target.valueAsNumber)) refuse(target);
    finish();
  };
  const sign = () => {
    // for keyboards on glass that have no minus
    finish();
    set(-text());
  };
  const refused = view.refused === id;
  return html`<span class="lf-field"><input type="number" aria-label=${name}
    min=${min} max=${max} step=${step} placeholder=${placeholder}
    autocomplete="off" aria-invalid=${refused}
    data-lm-suppress-shortcuts data-shown=${view.typing === id ? nothing : text()}
    @input=${input} @change=${change} @blur=${finish} @keydown=${keydown}>${
      min < 0
        ? html`<button type="button" class="lf-sign" aria-label="Change the sign: ${name}"
    data-lm-suppress-shortcuts @mousedown=${(event) => event.preventDefault()} @click=${sign}>±</button>`
        : nothing
    }${refused ? html`<span class="lf-refused ${view.side}" aria-hidden="true">${refusal()}</span>` : nothing}</span>`;
}
