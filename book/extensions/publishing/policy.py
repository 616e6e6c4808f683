"""Write the readers' Content-Security-Policy, and the wider one of `?live`: into `_headers`, and into each page.

The first has the hash of every inline script of the pages, the second also the hosts that kernels come from. Some
hosts read `_headers`; elsewhere a page's first script puts its policy in, since only a script can tell `?live`. It
also keeps the page out of frames of other sites, which no policy in a page can; the figures of `/figures/` are made
for such frames. A host that knows paths only gives `?live` the readers' policy: then the page says that the policy
keeps it from a kernel.

Why ours: no Sphinx extension hashes inline scripts into a policy.
"""

import base64
import hashlib
import re
from pathlib import Path

from launching.live_code import kernel_hosts, places
from publishing import page_model

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:text/x-|application/))[^>]*>(.*?)</script>", re.S)
POLICY = re.compile(r"^ +Content-Security-Policy: (default-src .+)", re.M)
FOR_WORKERS = " 'wasm-unsafe-eval'"  # a worker has the policy of its own response, not the page's
CHARSET = re.compile(r'<meta charset="utf-8"[^>]*>')
GUARD = re.compile(r'\s*<script id="guard">.*?</script>', re.S)
PUT_IN_POLICY = """
    if (location.protocol !== "file:") {
      const policy = document.createElement("meta");
      policy.httpEquiv = "Content-Security-Policy";
      policy.content = location.search === "?live" ? "%s" : "%s";
      document.head.append(policy);
    }
"""
REFUSE_FRAMES = """
    const framed = () => {
      try { return top.location.origin !== location.origin; } catch { return true; }
    };
    if (top !== self && framed()) {
      stop();
      const link = document.createElement("a");
      Object.assign(link, { href: location.href, target: "_blank", rel: "noopener" });
      link.textContent = "Open this page by itself";
      document.documentElement.append(Object.assign(document.createElement("body"), { title: document.title }));
      document.body.append(link);
    }
"""


def write_policies(app, exception):
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    pages = {path: unguarded(path.read_text("utf-8")) for path in site.rglob("*.html")}
    scripts = {script for text in pages.values() for script in INLINE_SCRIPT.findall(text)}
    template = Path(app.confdir, "book/assets/_headers").read_text("utf-8")
    template = template.replace("{kernel-hosts}", kernel_hosts(places(app)))
    template = template.replace("{model-host}", page_model.host(app.config))
    readers, live = (
        policy.replace("{inline-scripts}", hashes(scripts)).replace(FOR_WORKERS, "")
        for policy in POLICY.findall(template)
    )
    for_figures = PUT_IN_POLICY % (live, readers)
    for_others = REFUSE_FRAMES + for_figures
    for path, text in pages.items():
        guard = for_figures if path.parent == site / "figures" else for_others
        path.write_text(guarded(text, guard), "utf-8")
    everything = {*scripts, for_figures, for_others}
    (site / "_headers").write_text(template.replace("{inline-scripts}", hashes(everything)), "utf-8")


def hashes(scripts) -> str:
    return " ".join(sorted(f"'sha256-{digest(script)}'" for script in scripts))


def digest(script):
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def guarded(page: str, guard: str) -> str:
    """The page with this script before all others."""
    return CHARSET.sub(lambda found: f'{found[0]}\n    <script id="guard">{guard}</script>', page, count=1)


def unguarded(page: str) -> str:
    return GUARD.sub("", page)


def setup(app):
    app.connect("build-finished", write_policies, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
