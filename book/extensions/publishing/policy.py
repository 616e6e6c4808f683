"""Write `_headers`: the readers' Content-Security-Policy, and the wider one of `?live`.

The first has the hash of every inline script of the pages, the second also the hosts that kernels come from.

Hosts that read such a file apply it, and so does `make serve`; elsewhere it does nothing. A host that knows paths only
gives `?live` the readers' policy: then the page says that the policy keeps it from a kernel.

Why ours: no Sphinx extension hashes inline scripts into a policy.
"""

import base64
import hashlib
import re
from pathlib import Path

from launching.live_code import kernel_hosts, places

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:text/x-|application/))[^>]*>(.*?)</script>", re.S)


def write_headers(app, exception):
    if exception or app.builder.format != "html":
        return
    scripts = {
        script for page in Path(app.outdir).rglob("*.html") for script in INLINE_SCRIPT.findall(page.read_text("utf-8"))
    }
    hashes = " ".join(sorted(f"'sha256-{digest(script)}'" for script in scripts))
    template = Path(app.confdir, "book/assets/_headers").read_text("utf-8")
    policies = template.replace("{inline-scripts}", hashes).replace("{kernel-hosts}", kernel_hosts(places(app)))
    Path(app.outdir, "_headers").write_text(policies, "utf-8")


def digest(script):
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def setup(app):
    app.connect("build-finished", write_headers, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
