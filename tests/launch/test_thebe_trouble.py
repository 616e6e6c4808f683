"""What a reader is told when live code can't start, and what still works when a cell or a kernel goes wrong."""

import json
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from live_page import MYBINDER, LiveCode
from support import REPOSITORY, serving

BINDER = f"https://mybinder.org/build/gh/{REPOSITORY}/"


def binder_says(*messages):
    """The event stream of a Binder, as the answer to its build address."""
    body = "".join(f"data: {json.dumps(message)}\n\n" for message in messages)
    return {"body": body, "headers": {"Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*"}}


@pytest.fixture
def with_binder(read):
    """Open a page that has Binder in its kernel.json, and a Binder that answers like this."""

    def open_page(answer=None, kernel=None):
        live = read("why-softmax")
        live.page.context.route("**/kernel.json", lambda route: route.fulfill(json=kernel or {"binder": MYBINDER}))
        live.asked = []

        def stream(route):
            live.asked.append(route.request.url)
            route.fulfill(**answer) if answer else route.abort()

        live.page.context.route("**/build/gh/**", stream)
        return live

    return open_page


def ready(jupyter):
    return {
        "phase": "ready",
        "message": "server running",
        "url": jupyter.partition("?")[0],
        "token": parse_qs(urlsplit(jupyter).query)["token"][0],
    }


@pytest.mark.parametrize("width", [1280, 360])
def test_launcher_that_does_not_load_is_told_of_below_the_header(site, new_page, width):
    page = new_page(viewport={"width": width, "height": 640})
    page.route("**/live-code.js*", lambda route: route.abort())
    page.goto(f"{site}/book/temperature.html")
    header = page.locator(".bd-header-article")
    height = header.bounding_box()["height"]
    for _ in range(2):
        page.get_by_role("button", name="Live code").click()
        alert = page.get_by_role("alert")
        expect(alert).to_have_text("Live code did not load. Press the button to try again.")
        words, bar = alert.bounding_box(), header.bounding_box()
        assert bar["height"] == height and words["y"] >= bar["y"] + height - 1
        assert words["width"] > 300 and words["x"] + words["width"] <= width
    page.unroute("**/live-code.js*")
    page.get_by_role("button", name="Live code").click()
    expect(alert).to_be_hidden()


def test_binder_launches_and_says_what_it_does(with_binder, jupyter):
    live = with_binder(
        binder_says(
            {"phase": "building", "message": "Step 3/9 : RUN pip install <b>numpy</b>"},
            {"phase": "launching", "message": "Launching server…"},
            ready(jupyter),
        )
    )
    live.launch()
    assert live.asked[0].startswith(BINDER)
    log = live.bar.locator("pre").text_content()
    assert (
        "Asking mybinder.org" in log
        and "Binder is building: Step 3/9 : RUN pip install <b>numpy</b>" in log
        and "Binder is launching" in log
    )
    assert [problem for problem in live.page.problems if "mybinder.org" not in problem] == []


def test_binders_server_serves_the_whole_visit(with_binder, jupyter):
    own = f"{jupyter.partition('?')[0]}build/gh/{REPOSITORY}/HEAD"
    live = with_binder(binder_says(ready(jupyter)), kernel={"binder": own})
    live.launch()
    live.page.goto(live.page.url.replace("why-softmax", "speed-and-scale").replace("?live", ""))
    live.launch()
    assert live.asked == [own]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "mybinder.org does not answer."),
        (
            binder_says({"phase": "failed", "message": "no such repository"}),
            "mybinder.org could not start a server: no such repository",
        ),
        (
            {
                "body": "data: <html>\n\n",
                "headers": {"Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*"},
            },
            "mybinder.org answers what this page cannot read.",
        ),
    ],
    ids=["unreachable", "failed", "unreadable"],
)
def test_binder_fails_with_a_reason(with_binder, answer, reason):
    live = with_binder(answer)
    live.button.click()
    live.says(reason)
    with live.page.expect_request("**/build/gh/**"):
        live.press("Try again")
    live.says(reason)


def test_server_that_is_down_and_comes_back(read):
    live = read("why-softmax")
    live.page.route("**/api/kernelspecs", lambda route: route.abort())
    live.button.click()
    live.says("does not answer")
    live.page.unroute("**/api/kernelspecs")
    live.press("Try again")
    live.says("Ready.")


def test_wrong_token(read, jupyter):
    live = read("why-softmax")
    live.page.route("**/kernel.json", lambda route: route.fulfill(json={"server": jupyter + "-not"}))
    live.button.click()
    live.says("refuses this page: its token")


def test_host_that_knows_paths_only(read):
    """It sends the readers' policy for `?live` too."""
    live = read("why-softmax")

    def with_readers_policy(route):
        policy = route.fetch(url=route.request.url.replace("?live", "")).headers["content-security-policy"]
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    live.page.route("**/why-softmax.html?live", with_readers_policy)
    live.button.click()
    live.says("policy does not let the page reach a kernel")


def test_kernel_killed_mid_cell(read):
    live = read("why-softmax").launch()
    first, second = live.cells[:2]
    first.execute("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    live.says("The kernel died and another took its place")
    first.execute("print('alive again')")
    first.prints("alive again")
    second.run()
    live.says("Cell 2 has run.")


def test_endless_loop_is_interrupted(read):
    live = read("why-softmax").launch()
    first, second = live.cells[:2]
    first.execute("print('on and on', flush=True)\nwhile True:\n    pass")
    second.run()  # waits
    first.prints("on and on")
    live.press("Interrupt")
    first.prints("KeyboardInterrupt")
    live.says("Interrupted.")
    first.execute("print('at rest')")
    first.prints("at rest")


def test_restart_forgets(read):
    live = read("why-softmax").launch()
    first = live.cells[0]
    first.execute("import time\nkept = 1\nprint('asleep', flush=True)\ntime.sleep(600)")
    first.prints("asleep")
    live.press("Restart")
    live.says("Restarted")
    first.execute("print('kept' in globals())")
    first.prints("False")


def test_cell_that_raises(read):
    live = read("why-softmax").launch()
    _, second, third = live.cells[:3]
    second.write("1 / 0")
    third.run()
    live.says("Cell 2 raised ZeroDivisionError.")
    second.prints("ZeroDivisionError: division by zero")
    assert third.element.locator(".live-code-results").inner_text() == ""  # it needs the second
    second.execute("print('mended')")
    second.prints("mended")


def test_server_that_goes_away(start_jupyter, built_book, new_page):
    with ExitStack() as stack:
        server = stack.enter_context(start_jupyter())
        address = stack.enter_context(
            serving(built_book, places={"server": f"{server['url']}?token={server['token']}"})
        )
        page = new_page()
        page.goto(f"{address}/book/why-softmax.html")
        live = LiveCode(page).launch()
        server["process"].terminate()
        live.says("The connection to the kernel is lost")
