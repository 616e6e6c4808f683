// A Jupyter server in the page, as far as Thebe asks for one: a single kernel, in a worker, nothing over the network.
// JupyterLab's settings may bring their own fetch, WebSocket and serializer: these answer in place of a server.
const BASE = "https://page.invalid/"; // never asked: fetch and WebSocket below stand in its way
const KERNEL = {
  id: "page",
  name: "python3",
  execution_state: "idle",
  last_activity: "1970-01-01T00:00:00Z",
  connections: 1,
};
const SESSION = { id: "page", name: "page", path: "page.ipynb", type: "notebook", kernel: KERNEL };
const SPECS = {
  default: "python3",
  kernelspecs: {
    python3: {
      name: "python3",
      resources: {},
      spec: { language: "python", display_name: "Python 3", argv: [], env: {}, metadata: {} },
    },
  },
};
const INFO = {
  status: "ok",
  protocol_version: "5.3",
  implementation: "pyodide",
  implementation_version: "0",
  banner: "",
  help_links: [],
  language_info: { name: "python", version: "3.12", mimetype: "text/x-python", file_extension: ".py" },
};
const MEGABYTE = 1e6;
const asked = new Map(); // the header of each request that is not answered yet
let worker,
  socket,
  stop,
  ready,
  showProgress,
  messages = 0;

/** The settings that Thebe takes for those of a server; `ready` resolves when Python is there. */
export function pageServer(progress) {
  showProgress = progress;
  begin();
  return {
    baseUrl: BASE,
    wsUrl: BASE.replace("http", "ws"),
    token: "",
    fetch: answer,
    WebSocket: Socket,
    serializer: { serialize: same, deserialize: same },
    close: () => worker.terminate(),
    get ready() {
      return ready;
    },
    get forgets() {
      return !stop;
    },
  };
}

const same = (message) => message;

function begin() {
  worker?.terminate();
  asked.clear();
  worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
  if (globalThis.crossOriginIsolated)
    worker.postMessage({ interrupt: (stop = new Uint8Array(new SharedArrayBuffer(1))) });
  ready = new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message || "A part of Python did not arrive."));
    worker.onmessage = ({ data: { msg_type, parent, content, metadata, buffers } }) => {
      if (msg_type === "progress") return tellProgress(content);
      if (msg_type === "loaded") return showProgress(null);
      if (msg_type === "ready") return resolve();
      if (msg_type === "failed") return reject(new Error(content.text));
      if (msg_type === "died") return died(content.text);
      socket?.tell(msg_type, content, asked.get(parent), metadata, buffers);
      if (msg_type === "status" && content.execution_state === "idle") asked.delete(parent);
    };
  });
  ready.catch(() => {}); // who waits for it is told
}

function tellProgress({ what, come, wanted }) {
  const [there, all] = [come, wanted].map((bytes) => (bytes / MEGABYTE).toFixed(1));
  showProgress({ share: come / wanted, words: `${what}: ${there} of ${all} MB` });
}

/** Pyodide can't go on after some errors, most of them for want of memory. */
function died(reason) {
  console.warn("live code:", reason);
  socket?.tell("status", { execution_state: "autorestarting" });
  begin();
}

async function answer({ method, url }) {
  const path = new URL(url).pathname;
  if (method === "DELETE") return reply(null, 204);
  if (path.endsWith("/interrupt")) {
    stop[0] = 2; // SIGINT
    return reply(null, 204);
  }
  if (path.endsWith("/restart")) {
    begin();
    await ready;
    return reply(KERNEL);
  }
  if (path.endsWith("/kernelspecs")) return reply(SPECS);
  if (path.endsWith("/sessions")) return method === "POST" ? reply(SESSION, 201) : reply([SESSION]);
  if (path.endsWith("/kernels")) return reply([KERNEL]);
  return reply(path.includes("/kernels/") ? KERNEL : path.includes("/sessions/") ? SESSION : {});
}

const reply = (body, status = 200) => new Response(body && JSON.stringify(body), { status });

class Socket {
  protocol = "";

  constructor() {
    socket = this;
    queueMicrotask(() => this.onopen({}));
  }

  send({ header, content, buffers = [] }) {
    const { msg_id, msg_type } = header;
    if (msg_type === "kernel_info_request") return this.#reply(header, "kernel_info_reply", INFO);
    if (msg_type === "comm_info_request") return this.#reply(header, "comm_info_reply", { status: "ok", comms: {} });
    asked.set(msg_id, header);
    worker.postMessage({
      msg_type,
      id: msg_id,
      content,
      buffers: buffers.map((buffer) => new Uint8Array(buffer.buffer ?? buffer)),
    });
  }

  #reply(header, msg_type, content) {
    this.tell("status", { execution_state: "busy" }, header);
    this.tell(msg_type, content, header);
    this.tell("status", { execution_state: "idle" }, header);
  }

  tell(msg_type, content, parent_header = {}, metadata = {}, buffers = []) {
    const header = {
      msg_id: `page-${messages++}`,
      msg_type,
      session: "page",
      username: "",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const channel = msg_type.endsWith("_reply") ? "shell" : "iopub";
    const views = buffers.map(({ buffer, byteOffset, byteLength }) => new DataView(buffer, byteOffset, byteLength));
    this.onmessage({ data: { header, parent_header, content, metadata, channel, buffers: views } });
  }

  close() {
    if (socket === this) socket = undefined;
  }
}
