"""What the reader did leaves a mark in the contents: see page/marks.js.

Why ours: no extension known to us keeps a reader's progress without a server.
"""


def setup(app):
    app.add_js_file("page/marks.js")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
