// Where the kernel comes from: Python in the page, and elsewhere a Jupyter server or the Binder that starts one, as
// kernel.json says. Never the page's address.
const KEPT = "softmax-and-temperature-server";
const PATIENCE = 20_000; // milliseconds that a server may take to answer

/** The places where Python can run: { page, server, binder }. */
export const readPlaces = async () => (await fetch(new URL("kernel.json", import.meta.url))).json();

export async function findServer({ page, server, binder }, say, progress) {
  if (page) {
    say("connecting", "Loading Python …");
    return (await import("../page-python/page-server.mjs")).pageServer(progress);
  }
  if (server) return checked(settings(server, new URL(server).searchParams.get("token")), say);
  const kept = recall(binder);
  if (kept) {
    try {
      return await checked(kept, say);
    } catch {
      /* Binder stops servers that rest: ask for another */
    }
  }
  const launched = await checked(await launch(binder, say), say);
  keep(launched);
  return launched;
}

function settings(address, token) {
  const { origin, pathname } = new URL(address);
  const baseUrl = origin + pathname.replace(/\/*$/, "/");
  return { baseUrl, wsUrl: baseUrl.replace(/^http/, "ws"), token, appendToken: true }; // a WebSocket has no headers
}

async function checked(server, say) {
  const { host } = new URL(server.baseUrl);
  say("connecting", `Connecting to ${host} …`);
  const address = `${server.baseUrl}api/kernelspecs`,
    signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(address, { headers: authorization(server), signal }).catch(async () => {
    // a page may not read the refusal of a server that does not know it, but it can tell that something answers
    await fetch(address, { mode: "no-cors", signal }).catch(() => {
      throw new Error(`${host} does not answer.`);
    });
    return { status: 403 };
  });
  if (answer.status === 401 || answer.status === 403)
    throw new Error(`${host} refuses this page: its token or its allow_origin is another.`);
  if (!answer.ok) throw new Error(`${host} answers with error ${answer.status}.`);
  return server;
}

const authorization = ({ token }) => ({ Authorization: `token ${token}` });

/** Ask a running server to stop a session as the page goes away. */
export const stopSession = (server, id) =>
  fetch(`${server.baseUrl}api/sessions/${id}`, { method: "DELETE", headers: authorization(server), keepalive: true });

// --- Binder: a stream of what it does, and at its end a server

function launch(binder, say) {
  const { host } = new URL(binder);
  say("launching", `Asking ${host} for a server. The first time of the day it may take some minutes.`);
  return new Promise((resolve, reject) => {
    const events = new EventSource(binder);
    const fail = (reason) => {
      events.close();
      reject(new Error(reason));
    };
    events.onerror = () => fail(`${host} does not answer.`);
    events.onmessage = ({ data }) => {
      try {
        const { phase, message, url, token } = JSON.parse(data);
        if (phase === "failed") return fail(`${host} could not start a server: ${message}`);
        if (phase !== "ready") return say("launching", `Binder is ${phase}: ${message}`);
        events.close();
        resolve(settings(url, token));
      } catch {
        fail(`${host} answers what this page cannot read.`);
      }
    };
  });
}

// One server serves the whole visit. What the storage holds may be anything: only a server of this Binder is taken.
function recall(binder) {
  try {
    const { baseUrl, token } = JSON.parse(sessionStorage.getItem(KEPT));
    const [theirs, ours] = [new URL(baseUrl), new URL(binder)];
    const sameBinder = `.${theirs.hostname}`.endsWith(`.${ours.hostname}`) && theirs.protocol === ours.protocol;
    return sameBinder && typeof token === "string" ? settings(baseUrl, token) : null;
  } catch {
    return null;
  }
}

function keep(server) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(server));
  } catch {
    /* the next chapter asks Binder again */
  }
}
