// What only the figures' own modules know of activity sheets. Standard input has { live, uqr, sheets }: two places of
// modules, and of each sheet its figure's folder, its state and the chapter's address; standard output has of each what
// the figure asks to try, and the QR code of the address, if there is one.
import { readFileSync } from "node:fs";

const { live, uqr, sheets } = JSON.parse(readFileSync(0, "utf-8"));
const { renderSVG } = await import(uqr);

async function asked({ folder, state }) {
  const view = { ...state, get: (key) => state[key] },
    { tries } = await import(`${live}/${folder}/tries.mjs`),
    list = tries(view);
  // of a figure that knows more than its state, the list comes later
  return (typeof list === "function" ? list(view) : list).map(({ ask }) => ask);
}

const parts = sheets.map(async (sheet) => ({
  tries: await asked(sheet),
  code: sheet.address && renderSVG(sheet.address, { border: 0 }),
}));
console.log(JSON.stringify(await Promise.all(parts)));
