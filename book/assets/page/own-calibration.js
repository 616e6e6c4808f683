// The reader's own calibration, at the end of Step 5.5: of the guesses that guess.js kept, those with a confidence.
(() => {
  const { element, guesses } = window.reader;

  /** [{ sure, count, right }] by confidence, of the guesses that were told. */
  function levelsOf(all) {
    const found = new Map();
    for (const { sure, right, told } of all) {
      if (!told || !Number.isFinite(sure) || sure <= 0 || sure >= 1) continue;
      const level = found.get(sure) ?? { sure, count: 0, right: 0 };
      level.count += 1;
      level.right += right;
      found.set(sure, level);
    }
    return [...found.values()].sort((a, b) => a.sure - b.sure);
  }

  /** The mean of |right / count - sure| if each guess came true with probability `sure`: an exact binomial sum. */
  function luck({ sure, count }) {
    let probability = (1 - sure) ** count,
      mean = 0;
    for (let right = 0; right <= count; right++) {
      mean += probability * Math.abs(right / count - sure);
      probability *= (((count - right) / (right + 1)) * sure) / (1 - sure);
    }
    return mean;
  }

  function fill(block) {
    const found = levelsOf(guesses.all()),
      total = found.reduce((sum, { count }) => sum + count, 0);
    if (!total) return;
    const mean = (value) => found.reduce((sum, level) => sum + level.count * value(level), 0) / total;
    const error = mean(({ sure, count, right }) => Math.abs(right / count - sure)),
      floor = mean(luck),
      right = found.reduce((sum, level) => sum + level.right, 0);
    const percent = (share) => `${Math.round(100 * share)}%`;
    block.replaceChildren(
      element(
        "p",
        {},
        `Of ${total} guesses with a confidence you were right in ${right}: ${percent(right / total)}. `,
        `You were ${percent(mean(({ sure }) => sure))} sure on average. `,
        `Your calibration error is ${error.toFixed(2)}; `,
        `somebody perfectly calibrated shows ${floor.toFixed(2)} on average with as few guesses. `,
        error > 1.5 * floor ? "Yours is more than luck explains easily." : "So luck alone could make yours.",
      ),
      drawn(found),
      tabled(found),
      element("button", { type: "button", className: "btn", onclick: guesses.forget }, "Forget my guesses"),
    );
  }

  function tabled(found) {
    const row = (kind, cells) => element("tr", {}, ...cells.map((cell) => element(kind, {}, cell)));
    return element(
      "table",
      { className: "table" },
      element("thead", {}, row("th", ["sure", "guesses", "right"])),
      element(
        "tbody",
        {},
        ...found.map(({ sure, count, right }) => row("td", [`${Math.round(100 * sure)}%`, `${count}`, `${right}`])),
      ),
    );
  }

  /** Confidence to the right, share of right ones upwards; whiskers of two standard errors round the diagonal. */
  function drawn(found) {
    const svg = (name, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      return made;
    };
    const x = (share) => 20 + 200 * share,
      y = (share) => 220 - 200 * share;
    const picture = svg("svg", { viewBox: "0 0 240 240", "aria-hidden": "true" });
    picture.append(
      svg("rect", { x: 20, y: 20, width: 200, height: 200 }),
      svg("line", { x1: x(0), y1: y(0), x2: x(1), y2: y(1), "stroke-dasharray": "4 4" }),
    );
    const label = (words, place) => {
      const made = svg("text", { ...place, "text-anchor": "middle" });
      made.append(words);
      return made;
    };
    picture.append(
      label("how sure: 0 to 100%", { x: 120, y: 236 }),
      label("how often right: 0 to 100%", { x: 0, y: 0, transform: "translate(14 120) rotate(-90)" }),
    );
    for (const { sure, count, right } of found) {
      const reach = 2 * Math.sqrt((sure * (1 - sure)) / count);
      picture.append(
        svg("line", { x1: x(sure), x2: x(sure), y1: y(Math.max(0, sure - reach)), y2: y(Math.min(1, sure + reach)) }),
        svg("circle", { cx: x(sure), cy: y(right / count), r: 3 + Math.min(9, count) }),
      );
    }
    return picture;
  }

  fill(document.querySelector(".own-calibration"));
})();
