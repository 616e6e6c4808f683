// The model's file into memory: from what the browser keeps, or from the site. Only what has the right SHA-256 is used,
// and only that is kept. What has come of a file stays for the next try.
import { forget, keep, kept } from "./store.mjs";

export const UNCHECKED = "This page came without https, so the browser cannot check the file: open the book by https.";
const DAMAGED = "What came is not the model: its SHA-256 differs, so it was thrown away.";
const PART = 206; // status of an answer that goes on where the last one ended

// `tell(bytes)` is told how many have come.
export function download(place, bytes, tell) {
  let at = 0;

  async function stream(response) {
    const reader = response.body.getReader();
    for (let part; !(part = await reader.read()).done; at += part.value.length) {
      if (at + part.value.length > bytes.length) throw refused();
      bytes.set(part.value, at);
      tell(at + part.value.length);
    }
  }

  async function fromBrowser() {
    const response = await kept(place);
    if (!response) return false;
    await stream(response).catch(() => {});
    if (at === bytes.length && (await isRight(bytes, place))) return true;
    at = 0;
    await forget(place);
    return false;
  }

  async function fromSite(signal) {
    const headers = at ? { Range: `bytes=${at}-` } : {};
    const response = await fetch(place.address, { cache: "no-store", signal, headers }); // else it would be kept twice
    if (response.status !== PART) at = 0;
    if (!response.ok) throw new Error(`The site answered ${response.status} ${response.statusText}.`);
    await stream(response);
    if (at < bytes.length) throw new Error("The connection ended before the file did.");
    if (!(await isRight(bytes, place))) throw refused();
  }

  function refused() {
    tell((at = 0));
    return new Error(DAMAGED);
  }

  // Resolves to whether the browser keeps the file.
  return async function bring(signal) {
    if (!at && (await fromBrowser())) return true;
    await fromSite(signal);
    return keep(place, bytes);
  };
}

async function isRight(bytes, { sha256 }) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
