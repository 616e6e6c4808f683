"""Jupyter's side of the messages, without Jupyter: run cells, show values, carry what widgets say.

worker.mjs loads this into Pyodide. `IPython` is here the small package beside this file.
"""

import ast
import base64
import builtins
import io
import json
import linecache
import sys
import time
import traceback

import comm
from comm.base_comm import BaseComm
from IPython import display as ipython_display
from pyodide.code import CodeRunner
from pyodide.ffi import to_js

from experiments import stored

MIMES = {
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "markdown": "text/markdown",
    "latex": "text/latex",
    "json": "application/json",
}
PAUSE = 0.05  # seconds for which written text may wait for more
NO_INPUT = "input() can't ask in this page: write the answer into the cell, as a text in quotes."
IPYTHON_ONLY = {"%": "commands with %", "!": "commands of the system with !", "?": "help with ?: write help(...)"}

cells = {"__name__": "__main__", "display": ipython_display.display}
parent = None  # the id of the request that is being answered
count = 0
post = load = None  # functions of the worker


def connect(post_, load_, result):
    global post, load
    post, load = post_, load_
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    builtins.input = refuse_input
    comm.create_comm = Comm
    stored.find = lambda name: (content := result(name)) and content.to_bytes()
    ipython_display.publish = publish
    ipython_display.clear = lambda wait: send("clear_output", {"wait": wait})


def send(kind, content, metadata=None, buffers=()):
    message = {"msg_type": kind, "parent": parent, "content": content, "metadata": metadata or {}}
    post(json.dumps(message), to_js([bytes(buffer) for buffer in buffers]) if buffers else None)


# --- what comes in


async def receive(text, buffers):
    global parent
    message = json.loads(text)
    parent, content, kind = message["id"], message["content"], message["msg_type"]
    send("status", {"execution_state": "busy"})
    if kind == "execute_request":
        await execute(content["code"])
    elif kind in ("comm_msg", "comm_open", "comm_close"):
        message["buffers"] = [buffer.to_bytes() for buffer in buffers]
        try:
            getattr(comm.get_comm_manager(), kind)(None, None, message)
        except Exception:
            traceback.print_exc()
        flush()
    send("status", {"execution_state": "idle"})


async def execute(code):
    global count
    count += 1
    name = f"cell {count}"  # in tracebacks
    linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name
    reply = {"status": "ok"}
    try:
        compiled = CodeRunner(code, filename=name, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).compile()
        await load(to_js(sorted(set(imported(code)))))
        value = await compiled.run_async(cells)
        if value is not None:
            builtins._ = value
            show("execute_result", value, execution_count=count)
        show_plots()
    except SyntaxError as error:
        reply = failure(explained(error, code, name), name)
    except BaseException as error:  # sys.exit() too: there is no process to leave
        reply = failure(error, name)
    tell_stored()
    flush()
    if reply["status"] == "error":
        send("error", {key: reply[key] for key in ("ename", "evalue", "traceback")})
    send("execute_reply", {**reply, "execution_count": count})


def tell_stored():
    """Beside a cell's output: which of its numbers were not computed here."""
    if stored.taken:
        names = ", ".join(sorted(set(stored.taken)))
        print(f"Not computed here: what {names} returned, the book's build had stored.", file=sys.stderr)
        stored.taken.clear()


def failure(error, name):
    """The reply of a cell that raised: with the traceback from the cell on, without the frames that called it."""
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename != name:
        frames = frames.tb_next
    lines = "".join(traceback.format_exception(type(error), error, frames)).splitlines()
    return {"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": lines}


def explained(error, code, name):
    """A syntax error that IPython would not know is said in its own words."""
    lines = dict(enumerate(code.splitlines(), start=1)) if error.filename == name else {}
    line = lines.get(error.lineno, "").strip()
    for sign in (line[:1], line[-1:]):
        if sign in IPYTHON_ONLY:
            words = f"this is IPython's, and Python in the page has no {IPYTHON_ONLY[sign]}"
            return SyntaxError(words, (name, error.lineno, error.offset, line))
    return error


def refuse_input(prompt=""):
    raise RuntimeError(NO_INPUT)


def imported(code):
    """The packages and modules that the code imports, by their first names."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


# --- what goes out


class Stream(io.TextIOBase):
    """Text that cells write: it waits a moment for more, but never until after the other stream's."""

    def __init__(self, name):
        self.name, self.waiting, self.sent = name, "", 0.0

    def write(self, text):
        (sys.stderr if self is sys.stdout else sys.stdout).flush()
        self.waiting += text
        if time.monotonic() - self.sent > PAUSE:
            self.flush()
        return len(text)

    def flush(self):
        text, self.waiting, self.sent = self.waiting, "", time.monotonic()
        if text:
            send("stream", {"name": self.name, "text": text})

    def writable(self):
        return True


def flush():
    sys.stdout.flush()
    sys.stderr.flush()


class Comm(BaseComm):
    """What `comm` asks of a kernel. Widgets, and so anywidget, need nothing else."""

    def publish_msg(self, kind, data=None, metadata=None, buffers=None, **keys):
        if kind == "comm_open":
            comm.get_comm_manager().register_comm(self)
        send(kind, {"comm_id": self.comm_id, "data": data or {}, **keys}, metadata, buffers or ())


def show(kind, value, **keys):
    data, metadata = bundle(value)
    flush()
    send(kind, {"data": data, "metadata": metadata, **keys})


def publish(value):
    show("display_data", value)


def bundle(value):
    """The value in every media type that it knows, as IPython asks for them."""
    data, metadata = {}, {}
    if not isinstance(value, type):
        if callable(every := getattr(value, "_repr_mimebundle_", None)):
            made = every()
            data, metadata = made if isinstance(made, tuple) else (made or {}, {})
        for name, mime in MIMES.items():
            if (
                mime not in data
                and callable(method := getattr(value, f"_repr_{name}_", None))
                and (made := method()) is not None
            ):
                data[mime] = base64.b64encode(made).decode() if isinstance(made, bytes) else made
    data.setdefault("text/plain", repr(value))
    return data, metadata


def show_plots():
    """The figures that pyplot holds, as Jupyter's inline backend shows them."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        for number in pyplot.get_fignums():
            drawing = io.StringIO()
            pyplot.figure(number).savefig(drawing, format="svg")
            pyplot.close(number)
            publish(ipython_display.SVG(drawing.getvalue()))
