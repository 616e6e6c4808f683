// Where a browser keeps the model's file for the next visit, under its SHA-256, so that editions of the book share it.
const NAME = "softmax-language-model";
const key = ({ sha256 }) => new URL(`/${NAME}/${sha256}`, globalThis.location.origin).href;

const opened = () => globalThis.caches?.open(NAME); // a page without https has none

// The response that is kept, if there is one; storage may be forbidden.
export async function kept(place) {
  try {
    return await (await opened())?.match(key(place));
  } catch {
    return undefined;
  }
}

// Whether there was room.
export async function keep(place, bytes) {
  try {
    const store = await opened();
    await store?.put(key(place), new Response(bytes));
    return Boolean(store);
  } catch {
    return false;
  }
}

export async function forget(place) {
  try {
    await (await opened())?.delete(key(place));
  } catch {
    /* then nothing was kept */
  }
}
