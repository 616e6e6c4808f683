"""The state that follows the reader: links, the store, figures that follow each other; bad values from anywhere."""

import json
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import expect

from harness import LOGITS, Dial
from softmax_lib.live import TemperatureDial

INVITATION = "Try 1 of 4 Drag T from 20 down to 0.05, and watch dog alone. Where does it turn?"
CAME = "Your logits and T came with you; Reset restores the text's."
LINKED = "Set by the link."
BAD_T = "This link is damaged: T takes 0, inf or 0.05 to 20."
BAD_Z = "This link is damaged: z takes 5 numbers from −5 to 5."
HOSTILE = "<img src=x onerror=alert(1)>\"'--></script><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("hash", "logits", "temperature", "notice"),
    [
        ("#z=1,-2,3,-4,5&T=0.7", [1, -2, 3, -4, 5], 0.7, LINKED),
        ("#z=1%2C-2%2C3%2C-4%2C5", [1, -2, 3, -4, 5], 1, LINKED),
        ("#T=inf", LOGITS, np.inf, LINKED),
        ("#T=0", LOGITS, 0, LINKED),
        ("#T=5e-2", LOGITS, 0.05, LINKED),
        ("#z=.5,5.,%2B1,−1,0", [0.5, 5, 1, -1, 0], 1, LINKED),
        ("#z=2,1,0.5,-0.5,-2&T=1", LOGITS, 1, INVITATION),
        ("#z=9,1,0,0,0&T=0.7", LOGITS, 0.7, f"{BAD_Z} {LINKED}"),
        ("#after", LOGITS, 1, INVITATION),
        ("#", LOGITS, 1, INVITATION),
    ],
)
def test_a_link_sets_the_state(show, hash, logits, temperature, notice):
    dial = Dial(show(hash=hash))
    dial.shows(logits, temperature)
    expect(dial.notice).to_have_text(notice)


@pytest.mark.parametrize(
    "text", ["", "-", "1e999", "-1", "0.04", "20.01", "NaN", "0x10", "1 2", "Infinity0", "null", "[]", HOSTILE]
)
def test_a_bad_temperature_in_a_link_is_ignored_with_a_word(show, text):
    dial = Dial(show(hash=f"#T={quote(text)}"))
    expect(dial.notice).to_have_text(BAD_T)
    dial.shows(LOGITS, 1)
    assert dial.page.locator("img, main script").count() == 0


@pytest.mark.parametrize(
    "text",
    ["", "-", ",,,,", "1,2,3,4", "1,2,3,4,5,0", "1e999,0,0,0,0", "0,0,0,0,5.1", "a,b,c,d,e", "1;2;3;4;5", HOSTILE],
)
def test_bad_logits_in_a_link_are_ignored_with_a_word(show, text):
    dial = Dial(show(hash=f"#z={quote(text)}"))
    expect(dial.notice).to_have_text(BAD_Z)
    dial.shows(LOGITS, 1)
    assert dial.page.locator("img, main script").count() == 0


def test_following_a_link_on_the_page_sets_the_state(show):
    dial = Dial(show())
    dial.page.evaluate("location.hash = '#T=3'")
    dial.shows(LOGITS, 3)
    dial.page.evaluate("location.hash = '#T=300'")
    expect(dial.notice).to_have_text(BAD_T)
    dial.shows(LOGITS, 3)
    dial.page.evaluate("location.hash = '#after'")
    dial.shows(LOGITS, 3)


def test_copied_link_restores_the_state_elsewhere(show):
    dial = Dial(show(permissions=["clipboard-read", "clipboard-write"]))
    dial.slider("Logit of fox").press("End")
    dial.press("T → ∞")
    _, link = dial.copied()
    assert link == dial.page.url
    assert link.endswith("#z=2,1,0.5,5,-2&T=inf")
    other = Dial(show(hash=link[link.index("#") :]))
    other.shows([2, 1, 0.5, 5, -2], np.inf)


@pytest.mark.parametrize(
    "spoil",
    [
        "navigator.clipboard.writeText = () => Promise.reject(new Error('no'));",
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });",
    ],
)
def test_without_a_clipboard_the_link_is_shown_selected(show, spoil):
    page = show()
    page.evaluate(f"() => {{ {spoil} }}")
    dial = Dial(page)
    dial.press("T → 0")
    dial.press("Copy link")
    field = dial.figure.get_by_role("textbox", name="Link to these values", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value(page.url)
    assert page.url.endswith("#z=2,1,0.5,-0.5,-2&T=0")
    assert field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == page.url
    expect(dial.status).to_have_text("The clipboard is closed to this page: copy the link from the field.")
    dial.press("T = 1")
    expect(field).to_have_count(0)


def test_a_link_that_no_longer_says_what_is_shown_leaves_the_address(show):
    dial = Dial(show(hash="#z=0,0,0,0,0&T=2"))
    dial.slider("Temperature").press("End")
    assert "#" not in dial.page.url
    dial.page.reload()
    dial.shows([0] * 5, 20)
    expect(dial.notice).to_have_text(CAME)


def test_the_state_follows_to_the_next_page_until_it_is_reset(show):
    page = show()
    dial = Dial(page)
    expect(dial.notice).to_have_text(INVITATION)
    dial.field("Logit of owl").fill("-3.25")
    dial.press("T → ∞")
    show(page=page)
    dial.shows([2, 1, -3.25, -0.5, -2], np.inf)
    expect(dial.notice).to_have_text(CAME)
    dial.press("Reset")
    dial.shows(LOGITS, 1)
    expect(dial.notice).to_have_text(INVITATION)
    show(page=page)
    dial.shows(LOGITS, 1)
    expect(dial.notice).to_have_text(INVITATION)
    assert page.evaluate("sessionStorage.getItem('softmax-and-temperature')") == "{}"


def test_reset_goes_back_to_the_figures_own_start(show):
    figure = TemperatureDial(logits=[1, 1, 1, 1, 2], temperature=3)
    page = show(figure)
    dial = Dial(page)
    dial.press("T → 0")
    dial.press("peaked")
    show(figure, page=page)
    expect(dial.notice).to_have_text(CAME)
    dial.press("Reset")
    dial.shows([1, 1, 1, 1, 2], 3)


def test_the_link_wins_over_the_store(show):
    page = show()
    dial = Dial(page)
    dial.press("T → 0")
    dial.slider("Logit of cat").press("Home")
    show(page=page, hash="#T=4")
    dial.shows([-5, 1, 0.5, -0.5, -2], 4)
    expect(dial.notice).to_have_text(f"{CAME.replace(' and T', '')} {LINKED}")


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "{",
        "null",
        "7",
        "[]",
        '"text"',
        '{"temperature": null}',
        '{"temperature": "0.5"}',
        '{"temperature": -1}',
        '{"temperature": 1e999}',
        '{"logits": {"length": 5}}',
        '{"logits": [1, 2]}',
        '{"logits": [null, 1, 1, 1, 1]}',
        '{"logits": ["1", 1, 1, 1, 1]}',
        json.dumps({"temperature": HOSTILE, "logits": HOSTILE}),
    ],
)
def test_a_corrupt_store_is_survived(show, stored):
    page = show()
    page.evaluate("stored => sessionStorage.setItem('softmax-and-temperature', stored)", stored)
    show(page=page)
    dial = Dial(page)
    dial.shows(LOGITS, 1)
    dial.press("T → 0")
    show(page=page)
    dial.shows(LOGITS, 0)


def test_a_blocked_store_is_survived(show, new_page):
    page = new_page()
    page.add_init_script(
        "const blocked = { get() { throw new DOMException('blocked', 'SecurityError'); } };"
        "Object.defineProperty(window, 'sessionStorage', blocked);"
    )
    show(page=page)
    dial = Dial(page)
    dial.press("T → 0")
    dial.shows(LOGITS, 0)
    assert page.problems == []


def test_figures_of_a_page_follow_each_other(show):
    page = show(TemperatureDial(), TemperatureDial(temperature=5))
    first, second = Dial(page), Dial(page, 1)
    second.shows(LOGITS, 5)
    first.slider("Logit of bee").press("End")
    second.shows([2, 1, 0.5, -0.5, 5], 5)
    second.press("T → ∞")
    first.shows([2, 1, 0.5, -0.5, 5], np.inf)
    first.press("Reset")
    second.shows(LOGITS, 1)


def test_a_figure_with_other_classes_takes_the_temperature_alone(show):
    three = TemperatureDial(labels=["red", "green", "blue"], logits=[3, 2, 1])
    page = show(TemperatureDial(), three)
    Dial(page).press("peaked")
    Dial(page).press("T → 0")
    Dial(page).settle()
    other = Dial(page, 1)
    assert other.field("Logit of green").input_value() == "2"
    assert other.field("Temperature").input_value() == "0"
    show(three, page=page)
    assert Dial(page).field("Logit of green").input_value() == "2"
    expect(Dial(page).notice).to_have_text(CAME.replace("logits and ", ""))


def test_a_moved_figure_keeps_its_state_and_lets_go_of_its_old_view(show):
    page = show(TemperatureDial(), TemperatureDial())
    dial = Dial(page)
    dial.press("T → 0")
    page.evaluate("""() => {
        const figure = document.querySelector("live-figure");
        for (let i = 0; i < 3; i++) document.querySelector("main").append(figure);
    }""")
    expect(page.locator("live-figure[live] > .lf-host")).to_have_count(2)
    moved = Dial(page, 1)
    moved.shows(LOGITS, 0)
    moved.slider("Temperature").press("End")
    Dial(page).shows(LOGITS, 20)
    expect(page.locator(".lf-host")).to_have_count(2)


def test_a_removed_figure_follows_no_more(show):
    page = show(TemperatureDial(), TemperatureDial())
    page.evaluate("() => { window.gone = document.querySelector('live-figure'); gone.remove(); }")
    Dial(page).press("T → 0")
    Dial(page).shows(LOGITS, 0)
    page.evaluate("document.querySelector('main').append(gone)")
    Dial(page, 1).shows(LOGITS, 0)


def test_a_copy_of_a_live_figure_lives_too(show):
    page = show()
    page.evaluate(
        "() => { const figure = document.querySelector('live-figure'); figure.after(figure.cloneNode(true)); }"
    )
    expect(page.locator(".lf-host")).to_have_count(2)
    Dial(page, 1).press("T → 0")
    Dial(page).shows(LOGITS, 0)


def test_labels_are_text_whatever_they_hold(show):
    figure = TemperatureDial(labels=[HOSTILE, "<b>dog</b>", "o", "p", "q"])
    page = show(figure)
    expect(page.locator(".lf-host .lf-name").nth(1)).to_have_text("<b>dog</b>")
    assert page.locator("img, main script, b b").count() == 0


def test_a_figure_whose_module_is_missing_shows_its_fallback_and_says_why(show, harness, new_page):
    figure = TemperatureDial()
    figure.module = "missing.mjs"
    page = new_page()
    page.goto(f"{harness.address}/{harness.write(figure)}")
    expect(page.get_by_role("rowheader", name="cat")).to_be_visible()
    page.wait_for_timeout(300)
    assert any("live-figure" in problem for problem in page.problems)
