"""The reader's own prompt: the model in the page shows NumPy's numbers, writes its texts, and tells every trouble."""

import json
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from experiments import language_model
from harness import PHONE, Figure, Harness
from serve import headers
from softmax_lib import pick, softmax, top_p
from softmax_lib.live import NextToken
from softmax_lib.live.mulberry32 import mulberry32
from softmax_lib.live.next_token.next_token import ROWS, marked

PROMPT = "Once upon a time, in a small village by the sea,"
SLOW = 240_000  # milliseconds that a machine with other things to do may take
MODEL = "language-model/model.gguf"


class Sender(SimpleHTTPRequestHandler):
    """A static host with the site's policy, whose model may come altered in the ways that its query names."""

    def __init__(self, *args, rules, sent, **options):
        self.rules, self.sent = rules, sent
        super().__init__(*args, **options)

    def end_headers(self):
        for name, value in self.rules["/*"]:
            self.send_header(name, value)
        super().end_headers()

    def do_GET(self):
        place = urlsplit(self.path)
        if place.path == f"/{MODEL}":
            how = {name: values[0] for name, values in parse_qs(place.query).items()}
            self.sent.append(self.headers.get("Range"))
            self.send_model(how)
        else:
            super().do_GET()

    def send_model(self, how):
        content = language_model.find().read_bytes()
        asked = re.match(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(asked[1]) if asked and "anew" not in how else 0
        if "status" in how:
            self.send_error(int(how["status"]))
            return
        if "short" in how:
            content = content[: int(how["short"])]
        if "long" in how:
            content += b"more"
        if "altered" in how:
            at = int(how["altered"]) % len(content)
            content = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = int(how["cut"]) if "cut" in how and not asked else len(content)
        self.wfile.write(content[start:end])
        if end < len(content):
            self.close_connection = True
            self.connection.close()

    def log_message(self, *_):
        pass


Sender.extensions_map = {**Sender.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm"}


@pytest.fixture(scope="session")
def host(tmp_path_factory):
    """A folder of figures with the model beside them, its address, and what was asked of the model's file."""
    harness = Harness(tmp_path_factory.mktemp("own"))
    sent = []
    handler = partial(Sender, directory=harness.folder, rules=headers(harness.folder), sent=sent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # a reader who leaves
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        harness.address = f"http://127.0.0.1:{server.server_port}"
        harness.sent = sent
        yield harness
        server.shutdown()


def place(**changes):
    """What the build tells the tab."""
    file = language_model.find()
    told = {"address": f"../../../{MODEL}", "bytes": file.stat().st_size, "sha256": language_model.SHA256}
    return json.dumps({**told, **changes})


class Writer(Figure):
    """The explorer with its seventh tab."""

    def __init__(self, page):
        super().__init__(page, "Next-token explorer")
        self.prompt = self.figure.get_by_role("textbox", name="Your prompt")
        self.texts = self.figure.get_by_role("listbox")

    def button(self, name):
        return self.figure.get_by_role("button", name=name, exact=True)

    def load(self, prompt=PROMPT):
        self.prompt.fill(prompt)
        self.figure.get_by_role("button", name=re.compile("Load the model|Start the model")).click()
        self.wait()

    def wait(self):
        """Until the model has read what is there."""
        expect(self.figure.locator(".lf-explorer:not([inert])")).to_be_visible(timeout=SLOW)

    def written(self, column=0):
        words = self.texts.nth(column).get_by_role("option").all_text_contents()[:-1]
        return "".join(words)

    def count(self, column=0):
        return self.texts.nth(column).get_by_role("option").count() - 1

    def write(self, tokens):
        self.press("Write")
        expect(self.texts.first.get_by_role("option").nth(tokens)).to_be_attached(timeout=SLOW)
        self.press("Stop")
        self.wait_for_answer()

    def draw_one(self):
        options = self.texts.first.get_by_role("option")
        before = options.count()
        self.press("Draw one")
        expect(options).to_have_count(before + 1)
        self.wait_for_answer()

    def wait_for_answer(self):
        """Until the last token has been read: u is the next place's."""
        self.settle()  # the press has drawn its token
        expect(self.figure.locator(".lf-own-words")).to_contain_text(f"{self.count()} written", timeout=SLOW)
        self.page.wait_for_timeout(400)
        self.settle()


@pytest.fixture
def writer(host, new_page):
    """Open the tab on a page of its own; `told` is what the build says of the model."""
    opened = []

    def open_tab(told=None, hash="", page=None, problems=True, **options):
        page = page or new_page(**{"reduced_motion": "reduce", **options})
        page.route("**/place.json", lambda route: route.fulfill(body=told or place(), content_type="application/json"))
        page.goto(f"{host.address}/{host.write(NextToken())}{hash}")
        figure = Writer(page)
        if not hash:
            figure.press("Your own")
        expect(figure.prompt).to_be_visible()
        if problems:
            opened.append(page)
        return figure

    yield open_tab
    assert [page.problems for page in opened] == [[] for _ in opened]


# --- nothing before it is asked for
def test_each_part_comes_when_it_is_asked_for_and_not_before(host, new_page, writer):
    page, asked = new_page(reduced_motion="reduce"), []
    page.context.on("request", lambda request: asked.append(request.url.rpartition(f"{host.address}/")[2]))
    host.sent.clear()
    page.goto(f"{host.address}/{host.write(NextToken())}")
    Writer(page).press("Zoo")
    expect(page.locator(".lf-explorer:not([inert])")).to_be_visible()
    assert not [url for url in asked if "own_prompt" in url or "language_model" in url]
    figure = writer(page=page)
    expect(figure.button("Load the model, 98 MB")).to_be_visible()
    assert {url.rpartition("/")[2] for url in asked if "language_model" in url} == {
        *("engine.mjs", "jupyter.mjs", "store.mjs", "place.json"),
    }
    assert host.sent == []
    figure.load()
    assert host.sent == [None]


# --- what it shows
def shown(figure):
    names = figure.figure.locator(".lf-candidate .lf-name").all_text_contents()[:ROWS]
    values = figure.figure.locator(".lf-candidate .lf-was").all_text_contents()[:ROWS]
    return names, [float(value.rpartition(": ")[2].replace("−", "-")) for value in values]


def test_the_distribution_is_numpys(writer, numpy_model):
    figure = writer()
    figure.load()
    for prompt, dialogue in ((PROMPT, False), ("Can penguins fly?", True), ("Größe 🙂 — 12", False)):
        figure.prompt.fill(prompt)
        if dialogue:
            figure.press("As a question, to be answered")
        figure.page.wait_for_timeout(1500)
        figure.wait()
        given = f"<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n" if dialogue else prompt
        p = softmax(numpy_model.logits(numpy_model.encode(given), last=1)[-1].astype(float))
        likeliest = np.argsort(-p, kind="stable")[:ROWS]
        names, values = shown(figure)
        assert names == [
            marked(numpy_model.tokenizer.decode([token], skip_special_tokens=False)) for token in likeliest
        ]
        np.testing.assert_allclose(values, p[likeliest], atol=5.2e-4)
        tokens = figure.figure.locator(".lf-own-given > span").count()
        assert tokens == len(numpy_model.encode(given))
        if dialogue:
            figure.press("As a question, to be answered")


def chosen(numpy_model, prompt, count, temperature, p_kept=0.9, seed=7):
    """The text that the figure's steps write, in NumPy."""
    luck = iter(islice(mulberry32(seed), count))

    def choose(logits):
        order = np.argsort(-logits[0].astype(float), kind="stable")
        scores = logits[0][order].astype(float)
        scaled = scores / temperature if temperature else np.where(scores == scores[0], 0.0, -np.inf)
        return [order[pick(softmax(top_p(scaled, p_kept)), next(luck))]]

    written = numpy_model.generate(numpy_model.encode(prompt), count, choose)[0]
    return numpy_model.tokenizer.decode(written.tolist(), skip_special_tokens=False)


@pytest.mark.parametrize("temperature", [0, 0.7, 1.3])
def test_the_text_is_numpys_at_any_temperature(writer, numpy_model, temperature):
    figure = writer()
    figure.load()
    figure.enter("Temperature", str(temperature))
    figure.write(20)
    text = figure.written()
    assert text == chosen(numpy_model, PROMPT, figure.count(), temperature)
    figure.press("Back to the prompt")
    expect(figure.texts.get_by_role("option")).to_have_count(1)
    figure.wait_for_answer()
    figure.write(20)  # the same seed, the same text
    assert figure.written()[: len(text)] == text[: len(figure.written())]
    figure.press("Next seed")
    figure.wait_for_answer()
    figure.write(12)
    assert figure.written() == chosen(numpy_model, PROMPT, figure.count(), temperature, seed=8)


def test_one_draw_appends_what_u_picks(writer):
    figure = writer()
    figure.load()
    picked = figure.figure.locator(".lf-verdict b").inner_text()
    figure.draw_one()
    assert marked(figure.written()) == picked
    figure.field("u").fill("0")
    figure.settle()
    names, _ = shown(figure)
    figure.draw_one()
    assert figure.texts.get_by_role("option").all_text_contents()[1] == names[0].replace("␣", " ")
    figure.button("Draw one").evaluate("(button) => { button.click(); button.click(); button.click(); }")
    expect(figure.figure.locator(".lf-own-words")).to_contain_text("5 written", timeout=SLOW)


def test_temperature_and_cuts_move_while_it_writes_and_the_page_stays_quick(writer):
    figure = writer()
    figure.load()
    figure.page.evaluate("""() => { window.gaps = []; let last = 0; (function frame(now) {
        if (last) gaps.push(now - last); last = now; requestAnimationFrame(frame); })(0); }""")
    figure.press("Write")
    expect(figure.texts.get_by_role("option").nth(5)).to_be_attached(timeout=SLOW)
    figure.field("Temperature").fill("0.2")
    figure.field("Top-k").fill("3")
    before = figure.count()
    expect(figure.texts.get_by_role("option").nth(before + 10)).to_be_attached(timeout=SLOW)
    figure.press("Stop")
    figure.wait_for_answer()
    gaps = sorted(figure.page.evaluate("gaps"))
    assert gaps[len(gaps) // 2] < 50  # the model is at work elsewhere; `make bench` tells how quick it is
    surprise = figure.texts.get_by_role("option").evaluate_all("all => all.slice(-9, -1).map((one) => one.title)")
    assert all(float(title.split()[2].rstrip(",")) > 0.05 for title in surprise)


def test_a_click_goes_back_to_a_tokens_distribution_and_draws_from_there(writer):
    figure = writer()
    figure.load()
    figure.write(8)
    words = figure.texts.get_by_role("option").all_text_contents()
    figure.texts.get_by_role("option").nth(3).click()
    expect(figure.figure.locator(".lf-own-words")).to_contain_text(f"“{marked(words[3])}” had")
    expect(figure.figure.locator(".lf-verdict b")).to_have_text(marked(words[3]))
    figure.press("Draw one")  # at the same settings, the same
    expect(figure.figure.locator(".lf-own-words")).to_contain_text("4 written", timeout=SLOW)
    assert figure.texts.get_by_role("option").all_text_contents()[:4] == words[:4]
    figure.write(len(words) - 1)
    assert figure.texts.get_by_role("option").all_text_contents()[: len(words) - 1] == words[:-1]


def test_it_is_used_by_keyboard_alone(writer):
    figure = writer()
    page = figure.page
    expect(figure.button("Load the model, 98 MB")).to_be_visible()  # the tab has found where the model is
    figure.prompt.focus()
    page.keyboard.type("We had")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(figure.button("Load the model, 98 MB")).to_be_focused()
    page.keyboard.press("Enter")
    figure.wait()
    figure.button("Draw one").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
        figure.page.wait_for_timeout(300)
    figure.wait_for_answer()
    assert figure.count() == 3
    figure.texts.focus()
    for key, at in (("Home", 0), ("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowLeft", 0), ("End", 3)):
        page.keyboard.press(key)
        option = figure.texts.get_by_role("option").nth(at)
        expect(option).to_have_attribute("aria-selected", "true")
        assert figure.texts.get_attribute("aria-activedescendant") == option.get_attribute("id")


def test_two_texts_at_two_temperatures_share_their_luck(writer, numpy_model):
    figure = writer()
    figure.load()
    figure.press("Two temperatures")
    expect(figure.texts).to_have_count(2)
    figure.wait_for_answer()
    figure.write(6)
    for column, T in ((0, 1), (1, 0.3)):
        assert figure.written(column) == chosen(numpy_model, PROMPT, figure.count(column), T)
    figure.press("T = 0.3")
    expect(figure.field("Temperature")).to_have_value("0.3")
    figure.enter("Temperature", "0")
    expect(figure.button("T = 0")).to_have_attribute("aria-pressed", "true")
    expect(figure.button("T = 1").first).to_have_attribute("aria-pressed", "false")
    figure.press("Two temperatures")
    expect(figure.texts).to_have_count(1)


def test_typing_while_it_writes_begins_anew(writer):
    figure = writer()
    figure.load()
    figure.press("Write")
    expect(figure.texts.get_by_role("option").nth(3)).to_be_attached(timeout=SLOW)
    figure.prompt.press_sequentially(" not")
    expect(figure.figure.locator(".lf-own-words")).to_contain_text("14 tokens in the prompt, 0 written", timeout=SLOW)
    expect(figure.button("Write")).to_be_visible()
    assert figure.prompt.input_value() == f"{PROMPT} not"


def test_a_look_at_another_prompt_ends_the_writing_and_changes_nothing(writer):
    figure = writer()
    figure.load()
    figure.press("Write")
    expect(figure.texts.get_by_role("option").nth(3)).to_be_attached(timeout=SLOW)
    figure.press("Zoo")
    figure.wait()
    figure.press("Draw 10")
    figure.page.wait_for_timeout(1000)  # an answer that was under way has come
    drawn = figure.field("u").input_value()
    figure.press("Your own")
    figure.wait_for_answer()
    count = figure.count()
    expect(figure.button("Write")).to_be_visible()
    assert figure.field("u").input_value() == place_u(count) != drawn


def place_u(place, seed=7):
    return f"{next(islice(mulberry32(seed), place, None)):.6f}".rstrip("0")


def test_it_stops_where_the_model_ends_its_answer(writer):
    figure = writer()
    figure.press("As a question, to be answered")
    figure.load("Say only the word yes.")
    figure.enter("Temperature", "0")
    figure.press("Write")
    expect(figure.button("Write")).to_be_visible(timeout=SLOW)
    expect(figure.figure.locator(".lf-own-words")).to_contain_text("The model ended its answer here.")
    assert figure.written().endswith("<|im_end|>")


# --- links, Reset, Python
def test_a_link_carries_prompt_and_settings(writer):
    figure = writer()
    figure.prompt.fill("Tea & salt, 100 % + 1?")
    figure.press("As a question, to be answered")
    figure.press("Copy link")
    link = figure.page.url
    assert "prompt=own" in link and "dialogue=yes" in link and "seed=" not in link
    again = writer(hash=f"#{link.partition('#')[2]}&seed=12")
    expect(again.prompt).to_have_value("Tea & salt, 100 % + 1?")
    expect(again.button("As a question, to be answered")).to_have_attribute("aria-pressed", "true")
    again.load("Tea")
    expect(again.field("Seed of the text")).to_have_value("12")


def test_a_link_of_the_six_says_nothing_of_ones_own(show):
    figure = Writer(show(NextToken(), hash="#prompt=zoo"))
    figure.press("Copy link")
    assert not {"text", "dialogue", "seed"} & parse_qs(urlsplit(figure.page.url).fragment).keys()


@pytest.mark.parametrize(
    ("hash", "words"),
    [
        ("#prompt=own&text=" + "a" * 2001, "text takes up to 2,000 letters"),
        ("#prompt=own&dialogue=maybe", "dialogue takes yes or no"),
        ("#prompt=own&seed=-1", "seed takes a whole number from 0 to 9999"),
    ],
)
def test_what_a_link_gets_wrong_is_told(writer, hash, words):
    figure = writer(hash=hash)
    expect(figure.notice).to_contain_text(f"This link is damaged: {words}")
    expect(figure.prompt).to_have_value("")


def test_reset_brings_the_first_prompt_back(writer):
    figure = writer()
    figure.load()
    figure.draw_one()
    figure.press("Reset")
    expect(figure.figure.locator(".lf-own")).to_have_count(0)
    figure.wait()
    assert shown(figure)[0][0] == "␣honey"
    figure.press("Your own")
    expect(figure.prompt).to_have_value("")
    expect(figure.figure.get_by_role("alert")).to_have_text("The prompt is empty: type at least one letter.")


def test_show_as_python_gives_the_same(writer, capsys):
    figure = writer()
    figure.load()
    figure.draw_one()
    code = figure.figure.locator("pre").text_content()
    exec(code, {})
    printed = capsys.readouterr().out
    assert marked(printed.rstrip("\n")).endswith(figure.figure.locator(".lf-verdict b").inner_text())
    assert float(printed.strip("[").split()[0]) == pytest.approx(
        float(figure.figure.locator(".lf-candidate .lf-p").first.text_content().rpartition(": ")[2]), abs=5.2e-4
    )


# --- the file: it comes whole and right, or not at all
def test_the_browser_keeps_the_file_and_gives_it_up(writer, host):
    figure = writer()
    figure.load()
    expect(figure.figure.get_by_text("This browser keeps the model for the next visit: 98 MB.")).to_be_visible()
    host.sent.clear()
    again = writer(page=figure.page)
    expect(again.figure.get_by_text("This browser kept its file: nothing is loaded.")).to_be_visible()
    again.load()
    assert host.sent == []
    again.press("Remove the model")
    expect(again.button("Load the model, 98 MB")).to_be_visible()
    assert again.page.evaluate("caches.open('softmax-language-model').then((store) => store.keys())") == []
    again.load()
    assert host.sent == [None]


def test_what_a_browser_kept_is_checked_too(writer, host):
    figure = writer()
    figure.load()
    figure.page.evaluate("""async () => {
        const store = await caches.open("softmax-language-model"), [key] = await store.keys();
        const bytes = new Uint8Array(await (await store.match(key)).arrayBuffer());
        bytes[5_000_000] ^= 1;
        await store.put(key, new Response(bytes));
    }""")
    host.sent.clear()
    again = writer(page=figure.page)
    again.load()
    assert host.sent == [None]


def trouble(figure):
    return figure.figure.get_by_role("alert")


CUT, DAMAGED = (
    "The connection to the site failed.",
    "What came is not the model: its SHA-256 differs, so it was thrown away.",
)


@pytest.mark.parametrize(
    ("query", "words", "remedy"),
    [
        ("cut=100", re.compile(f"{CUT}|The connection ended"), re.compile("Try again|Go on")),
        ("cut=60000000", re.compile(f"{CUT}|The connection ended"), re.compile(r"Go on from \d+ MB")),
        ("short=60000000", "The connection ended before the file did.", "Go on from 60 MB"),
        ("long=1", DAMAGED, "Try again"),
        ("altered=3", DAMAGED, "Try again"),
        ("altered=50000000", DAMAGED, "Try again"),
        ("altered=98362431", DAMAGED, "Try again"),
        ("status=503", "The site answered 503 Service Unavailable.", "Try again"),
        ("status=404", "The site answered 404 Not Found.", "Try again"),
    ],
)
def test_a_file_that_does_not_come_whole_is_refused_with_a_word(writer, query, words, remedy):
    figure = writer(place(address=f"../../../{MODEL}?{query}"), problems=False)
    figure.prompt.fill(PROMPT)
    figure.press("Load the model, 98 MB")
    expect(trouble(figure)).to_have_text(words, timeout=SLOW)
    expect(figure.figure.locator(".lf-own-box").get_by_role("button", name=remedy)).to_be_visible()
    assert figure.page.evaluate("caches.open('softmax-language-model').then((store) => store.keys())") == []
    figure.is_accessible(query)


@pytest.mark.parametrize("query", ["cut=60000000", "cut=60000000&anew=1"])
def test_the_next_try_goes_on_where_the_last_one_ended(writer, host, query):
    figure = writer(place(address=f"../../../{MODEL}?{query}"), problems=False)
    figure.prompt.fill(PROMPT)
    figure.press("Load the model, 98 MB")
    expect(trouble(figure)).to_be_visible(timeout=SLOW)
    host.sent.clear()
    figure.figure.get_by_role("button", name=re.compile("Go on from")).click()
    figure.wait()
    assert re.fullmatch(r"bytes=[1-9]\d*-", host.sent[0])


def test_loading_is_stopped_and_taken_up_again(writer):
    figure = writer(problems=False)
    tools = figure.page.context.new_cdp_session(figure.page)
    figure.prompt.fill(PROMPT)
    figure.page.evaluate("""() => { new MutationObserver(() => {
        const bar = document.querySelector("progress");
        if (bar && bar.value > 5e6) [...document.querySelectorAll("button")]
            .find((button) => button.textContent === "Stop loading")?.click();
    }).observe(document.querySelector("live-figure"), { subtree: true, attributes: true, childList: true }); }""")
    figure.press("Load the model, 98 MB")
    expect(trouble(figure)).to_have_text("Loading was stopped.", timeout=SLOW)
    tools.detach()
    figure.page.evaluate("document.querySelector('live-figure').style.setProperty('--again', 1)")
    expect(figure.figure.get_by_role("button", name=re.compile("Go on from"))).to_be_visible()


def test_a_full_store_is_told_and_the_model_works(writer):
    figure = writer()
    tools = figure.page.context.new_cdp_session(figure.page)
    origin = figure.page.evaluate("location.origin")
    tools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1_000_000})
    figure.load()
    expect(figure.figure.get_by_text("This browser had no room to keep the model")).to_be_visible()


# --- troubles of the model
def test_a_browser_without_simd_is_told(writer, host):
    program = host.folder / "_static/live/language_model/kernel.wasm"
    right = program.read_bytes()
    program.write_bytes(right[:20] + b"\xff" + right[21:])
    try:
        figure = writer()
        figure.prompt.fill(PROMPT)
        figure.press("Load the model, 98 MB")
        expect(trouble(figure)).to_contain_text("it lacks WebAssembly with SIMD")
    finally:
        program.write_bytes(right)


def test_too_little_memory_is_told(writer):
    figure = writer(place(bytes=5_000_000_000))
    figure.prompt.fill(PROMPT)
    figure.press("Load the model, 5000 MB")
    expect(trouble(figure)).to_contain_text("There is not enough free memory")


def test_a_site_without_the_model_says_why(writer):
    figure = writer(json.dumps({"why": "This copy of the book was built without the model."}))
    expect(figure.figure.get_by_text("This copy of the book was built without the model.")).to_be_visible()
    assert figure.figure.locator(".lf-own-box button").count() == 0


def test_from_disk_it_says_where_the_model_is(host, new_page):
    page = new_page(reduced_motion="reduce")
    page.goto((host.folder / host.write(NextToken(), inlined=True)).as_uri())
    figure = Writer(page)
    figure.press("Your own")
    expect(figure.figure.get_by_text("This page was opened from a folder")).to_be_visible()
    figure.press("Zoo")
    figure.wait()
    assert page.problems == []


def test_an_empty_prompt_and_one_too_long_are_told(writer):
    figure = writer()
    figure.load()
    figure.prompt.fill("")
    expect(trouble(figure)).to_have_text("The prompt is empty: type at least one letter.")
    figure.prompt.fill("1 " * 500)
    expect(trouble(figure)).to_have_text("The text has 1000 tokens, and at most 512 are read here: shorten it.")
    figure.prompt.fill("1 " * 255)
    figure.wait()
    figure.write(1)
    figure.press("Write")
    expect(trouble(figure)).to_contain_text("The text has 513 tokens", timeout=SLOW)
    expect(figure.button("Write")).to_be_visible()


def test_a_worker_that_dies_while_it_writes_is_told(writer):
    figure = writer()
    figure.page.add_init_script("""
        const Native = Worker;
        window.Worker = class extends Native { constructor(...given) { super(...given); window.worker = this; } };
    """)
    figure = writer(page=figure.page)
    figure.load()
    figure.press("Write")
    expect(figure.texts.get_by_role("option").nth(3)).to_be_attached(timeout=SLOW)
    figure.page.evaluate("worker.terminate()")
    expect(trouble(figure)).to_contain_text("The model stopped", timeout=SLOW)
    figure.press("Try again")
    figure.wait()
    assert figure.count() >= 3  # what was written is still there
    expect(figure.button("Write")).to_be_visible()


# --- for everyone
@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_every_state_is_accessible_and_large_enough_to_touch(writer, width, theme):
    options = PHONE if width == 360 else {"viewport": {"width": width, "height": 800}}
    figure = writer(color_scheme=theme, **options)
    figure.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)

    def check(when):
        figure.is_accessible(when)
        assert figure.page.evaluate("document.documentElement.scrollWidth") <= width, when
        if width == 360:
            assert figure.too_small_to_touch() == [], when

    check("before loading")
    figure.load()
    check("ready")
    figure.write(6)
    check("written")
    figure.press("Two temperatures")
    figure.wait_for_answer()
    check("two texts")


def test_a_reader_who_listens_is_not_told_every_token(writer):
    figure = writer()
    figure.load()
    figure.page.evaluate("""() => { window.told = []; const status = document.querySelector(".lf [role=status]");
        new MutationObserver(() => told.push(status.textContent)).observe(
        status, { childList: true, characterData: true, subtree: true }); }""")
    figure.page.evaluate("""() => setInterval(() => document.querySelector("[type=range][aria-label=Top-k]")
        .dispatchEvent(new Event("input")), 50)""")  # drawn anew as often as on a fast machine
    figure.write(15)
    figure.page.wait_for_timeout(600)
    told = figure.page.evaluate("[...new Set(told)]")
    assert "Writing." in told and len(told) <= 3
