// The reader guesses before the page answers. The browser keeps what was guessed:
// { "temperature#guess-double": { choice, right, sure, told } }; `told` once its answer was read: then it stands.
(() => {
  const { reader } = window;
  const { element } = reader;
  const KEY = "softmax-and-temperature-guesses";
  const whole = ([, guessed]) => Number.isInteger(guessed?.choice);
  const guesses = Object.fromEntries(Object.entries(reader.kept(KEY)).filter(whole));
  // for own-calibration.js and marks.js
  reader.guesses = {
    all: () => Object.values(guesses),
    toldOn: (page) => Object.keys(guesses).filter((id) => guesses[id].told && id.startsWith(`${page}#`)),
    forget() {
      localStorage.removeItem(KEY);
      location.reload();
    },
  };

  // from mere chance on
  const levels = (choices) => [Math.round(100 / choices), choices > 2 ? 50 : 60, 70, 90, 99];

  function ask(block) {
    const id = `${reader.pageOf(location)}#${block.id}`,
      right = block.dataset.right - 1,
      buttons = [...block.querySelectorAll(".guess-choices button")],
      said = block.querySelector(".guess-said"),
      invitation = said.textContent,
      answer = document.getElementById(`${block.id}-answer`),
      cell = block.contains(answer) ? null : answer.previousElementSibling; // that of the figure which shows it
    let used = false;
    if (!buttons[guesses[id]?.choice]) delete guesses[id]; // the choices were others then

    const sure = element("div", { className: "guess-sure" }, element("span", {}, "Sure?"));
    sure.setAttribute("role", "group");
    sure.setAttribute("aria-label", "How sure are you?");
    for (const level of levels(buttons.length))
      sure.append(
        element("button", { type: "button", onclick: () => change({ sure: level / 100 }) }, `${level}\u00A0%`),
      );
    said.after(sure);

    function change(news) {
      guesses[id] = { ...guesses[id], ...news };
      reader.keep(KEY, { [id]: guesses[id] });
      show();
    }

    function show() {
      const guessed = guesses[id];
      if (guessed && !guessed.told && (cell ? used : guessed.sure)) answer.open = true;
      for (const [choice, button] of buttons.entries()) {
        button.disabled = Boolean(guessed?.told);
        button.setAttribute("aria-pressed", String(choice === guessed?.choice));
      }
      sure.hidden = !guessed || Boolean(guessed.sure || guessed.told);
      const [verdict, place] = [guessed?.right ? "Right" : "Wrong", cell ? " the figure" : ""];
      if (guessed?.told) said.textContent = `${verdict}: see why below${place}.`;
      else if (guessed) said.textContent = cell && guessed.sure ? "Noted. Now turn the figure." : "";
      else said.textContent = invitation;
    }

    answer.addEventListener("toggle", () => {
      const guessed = guesses[id];
      if (!answer.open || !guessed) return;
      const chosen = buttons[guessed.choice].cloneNode(true).childNodes;
      const verdict = guessed.right ? "”: right." : "”: not so.";
      answer.querySelector("summary").replaceChildren(element("span", {}, "You said “", ...chosen, verdict));
      change({ told: true });
      dispatchEvent(new Event("told")); // marks.js
    });
    for (const [choice, button] of buttons.entries())
      button.addEventListener("click", () => change({ choice, right: choice === right }));
    for (const act of ["input", "click"])
      cell?.addEventListener(act, (event) => {
        used ||= Boolean(event.target.closest("live-figure"));
        show();
      });
    show();
  }

  for (const block of document.querySelectorAll(".guess")) ask(block);
})();
