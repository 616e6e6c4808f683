"""A try and an exercise done leave a mark in the contents, kept in the browser, and erased on request."""

import pytest
from playwright.sync_api import expect

from accessibility import violations

KEPT = "JSON.parse(localStorage.getItem('softmax-and-temperature-marks'))"


@pytest.fixture
def page(new_page, site):
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{site}/book/temperature.html")
    expect(page.locator("live-figure[live]")).to_have_count(1)
    return page


def mark(page, name="temperature"):
    return page.locator(f"nav.bd-links a[href$='{name}.html'] .reader-mark, nav.bd-links a.current .reader-mark").first


def test_a_try_and_an_exercise_leave_a_mark_that_stays(page, site):
    page.get_by_role("button", name="Show me").click()
    expect(mark(page)).to_have_text("done: 1 try")
    exercises = page.locator(".exercise")
    done = exercises.get_by_role("button", name="Done")
    assert done.count() == exercises.count() >= 4
    for button in done.all()[:2]:
        button.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
    expect(mark(page)).to_have_text("done: 1 try, 2 exercises")
    page.reload()
    expect(done.first).to_have_attribute("aria-pressed", "true")
    expect(mark(page)).to_have_text("done: 1 try, 2 exercises")
    done.first.click()
    expect(mark(page)).to_have_text("done: 1 try, 1 exercise")
    page.goto(f"{site}/book/sampling.html")
    expect(mark(page, "temperature")).to_have_text("done: 1 try, 1 exercise")
    assert violations(page, "nav.bd-links") == []


def test_marks_and_guesses_are_erased_on_request(page):
    block = page.locator("#guess-gain")
    block.get_by_role("button", name="Two: fox and bee").click()
    block.get_by_role("group", name="How sure are you?").get_by_role("button").last.click()
    expect(mark(page)).to_have_text("done: 1 guess")
    page.locator(".exercise-done").first.click()
    erase = page.get_by_role("button", name="Erase my marks").first
    page.once("dialog", lambda dialog: dialog.dismiss())
    erase.click()
    assert page.evaluate(KEPT)
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        erase.click()
    expect(page.locator("nav.bd-links")).not_to_have_count(0)
    expect(page.locator(".reader-mark")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('softmax'))") == []


@pytest.mark.parametrize(
    "kept", ["[]", "null", "{", '{"temperature": {"try": 7, "exercise": {}}}', '{"temperature": null}']
)
def test_a_damaged_store_breaks_nothing(page, kept):
    page.evaluate("(kept) => localStorage.setItem('softmax-and-temperature-marks', kept)", kept)
    page.reload()
    expect(page.locator(".exercise-done").first).to_be_visible()
    expect(page.locator("span.reader-mark")).to_have_count(0)
    page.locator(".exercise-done").first.click()
    expect(mark(page)).to_have_text("done: 1 exercise")
