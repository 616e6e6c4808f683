"""Nothing is asked of another host before the press, and nothing that others write is run."""

import re

import pytest
from playwright.sync_api import expect

from live_page import MYBINDER
from support import ROOT
from test_thebe import WITH_BUTTON

SINK_WORDS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|unsafeHTML|createContextualFragment"
)
HOSTILE = "<img src=x onerror=window.ran=1>HOSTILE"

# Notes every hostile text that reaches a place where text becomes markup or code.
WATCH_SINKS = """
window.reached = [];
const note = (place, text) => { if (String(text).includes("HOSTILE")) window.reached.push(place); return text; };
for (const [owner, name] of [
  [Element.prototype, "innerHTML"],
  [Element.prototype, "outerHTML"],
  [HTMLIFrameElement.prototype, "srcdoc"],
  [HTMLScriptElement.prototype, "text"],
]) {
  const { get, set } = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, get, set(text) { set.call(this, note(name, text)); } });
}
for (const [owner, name] of [
  [Element.prototype, "insertAdjacentHTML"],
  [Document.prototype, "write"],
  [Range.prototype, "createContextualFragment"],
  [DOMParser.prototype, "parseFromString"],
  [window, "eval"],
  [window, "Function"],
  [window, "setTimeout"],
]) {
  const plain = owner[name];
  owner[name] = function (...given) {
    note(name, given.filter((one) => typeof one === "string").join(" "));
    return new.target ? new plain(...given) : plain.apply(this, given);
  };
  owner[name].prototype = plain.prototype;
}
"""


def untouched(page):
    return page.evaluate("[window.ran, window.reached]") == [None, []]


@pytest.mark.parametrize("name", WITH_BUTTON)
def test_nothing_is_asked_before_the_press(new_page, site, name):
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for query in ("", "?live"):  # a link to ?live is no press
        page.goto(f"{site}/book/{name}.html{query}")
        page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((f"{site}/", "data:"))] == []
    assert [url for url in asked if "thebe" in url or ("/live-code/" in url and not url.endswith("/button.js"))] == []
    assert page.problems == []


def test_only_the_exact_address_gets_the_wider_policy(new_page, live_site):
    page = new_page()
    policies = {
        query: page.request.get(f"{live_site}/book/temperature.html{query}").headers["content-security-policy"]
        for query in ("", "?live", "?live=", "?live=1", "?LIVE", "?live&x", "?a=b&live", "?live=" + HOSTILE)
    }
    assert [query for query, policy in policies.items() if "mybinder.org" in policy] == ["?live"]
    readers, wider = (
        dict(rule.strip().split(" ", 1) for rule in policies[query].split(";")) for query in ("", "?live")
    )
    assert wider["script-src"] == readers["script-src"].replace("'wasm-unsafe-eval'", "blob:")
    assert {name: rule for name, rule in wider.items() if readers[name] != rule}.keys() == {
        "script-src",
        "connect-src",
        "media-src",
    }
    assert "unsafe" not in wider["script-src"] and "*" not in wider["script-src"]


@pytest.mark.parametrize(
    "query", [f"?live={HOSTILE}", f"?{HOSTILE}", f"?live#z={HOSTILE}&T={HOSTILE}", f"?live=1#{HOSTILE}"]
)
def test_hostile_address(read, query):
    live = read("temperature", query="?live")
    live.page.add_init_script(WATCH_SINKS)
    address = live.page.url.replace("?live", query)
    live.page.goto("about:blank")  # or a new hash alone would load nothing
    live.page.goto(address)
    expect(live.page.locator("live-figure[live]").first).to_be_attached()
    live.page.wait_for_timeout(300)
    assert live.bar.count() == 0  # nothing starts by itself
    if query.startswith("?live#"):
        live.launch()
    assert untouched(live.page)


@pytest.mark.parametrize(
    "held",
    [
        HOSTILE,
        f'{{"logits": "{HOSTILE}", "temperature": "{HOSTILE}"}}',
        f'{{"baseUrl": "https://evil.example/{HOSTILE}", "token": "{HOSTILE}"}}',
        '{"baseUrl": "https://notmybinder.org/", "token": "t"}',
        '{"baseUrl": "http://hub.mybinder.org/", "token": "t"}',
        "null",
    ],
)
def test_hostile_storage(read, held):
    live = read("temperature")
    page = live.page
    page.add_init_script(WATCH_SINKS)
    page.route("**/kernel.json", lambda route: route.fulfill(json={"binder": MYBINDER}))
    page.route("https://mybinder.org/**", lambda route: route.abort())
    page.evaluate(
        """(held) => {
            for (const key of ["", "-live", "-server"]) sessionStorage.setItem("softmax-and-temperature" + key, held);
            for (const key of ["mode", "thebe-binder-https://mybinder.org"]) localStorage.setItem(key, held);
        }""",
        held,
    )
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    live.button.click()
    live.says("mybinder.org does not answer.")
    assert not any("evil.example" in url or "notmybinder" in url or "hub.mybinder" in url for url in asked)
    assert untouched(page)


def test_what_binder_says_stays_text(read):
    live = read("why-softmax")
    live.page.add_init_script(WATCH_SINKS)
    live.page.route("**/kernel.json", lambda route: route.fulfill(json={"binder": MYBINDER}))
    live.page.route(
        "https://mybinder.org/**",
        lambda route: route.fulfill(
            body=f'data: {{"phase": "failed", "message": "{HOSTILE}"}}\n\n',
            headers={"Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*"},
        ),
    )
    live.button.click()
    live.says(HOSTILE)
    assert untouched(live.page)


def test_the_watch_notices(new_page):
    page = new_page()
    page.add_init_script(WATCH_SINKS)
    page.goto("about:blank")
    page.evaluate(
        """text => {
            document.body.innerHTML = text;
            document.body.insertAdjacentHTML("beforeend", text);
            eval("1 //HOSTILE");
        }""",
        HOSTILE,
    )
    page.wait_for_function("window.ran === 1")
    assert set(page.evaluate("window.reached")) == {"innerHTML", "insertAdjacentHTML", "eval"}


def test_the_launcher_makes_no_markup_and_no_code_from_text():
    sources = [*(ROOT / "book/assets/live-code").glob("*.*js"), *(ROOT / "softmax_lib/live").glob("*/*.*js")]
    assert len(sources) > 10
    assert [source.name for source in sources if SINK_WORDS.search(source.read_text("utf-8"))] == []
