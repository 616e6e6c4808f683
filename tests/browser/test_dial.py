"""The temperature dial under mouse and keyboard: names, every control, numbers refused, proportions."""

import numpy as np
import pytest
from playwright.sync_api import expect

from harness import LABELS, LOGITS, Dial
from softmax_lib import softmax
from softmax_lib.live import TemperatureDial


@pytest.fixture
def dial(show):
    return Dial(show())


def test_roles_and_names(dial):
    for name in ["Temperature", *(f"Logit of {label}" for label in LABELS)]:
        expect(dial.slider(name)).to_have_count(1)
        expect(dial.field(name)).to_have_count(1)
    for name in ["Reset", "T → 0", "T = 1", "T → ∞", "Copy link", "Copy Python"]:
        expect(dial.figure.get_by_role("button", name=name, exact=True, include_hidden=True)).to_have_count(1)
    expect(dial.status).to_have_text("At T = 1, cat leads with 0.591; as uncertain as 3.02 equally likely classes.")
    dial.shows(LOGITS, 1)


def test_everything_that_takes_focus_keeps_its_keys_from_jupyterlab(dial):
    dial.figure.get_by_text("Show as Python").click()
    focusable = dial.figure.locator("input, button, summary, [tabindex]")
    kept = dial.figure.locator("[data-lm-suppress-shortcuts]")
    assert focusable.count() == kept.count() > 20


def test_the_temperature_slider_is_logarithmic_with_exact_ends(dial):
    slider = dial.slider("Temperature")
    assert [slider.get_attribute(name) for name in ("min", "max", "step")] == ["-1.3", "1.3", "0.01"]
    for key, temperature in [
        ("Home", 0.05),
        ("ArrowRight", 0.0513),
        ("End", 20),
        ("ArrowLeft", 19.5),
        ("PageDown", 10.7),
    ]:
        slider.press(key)
        dial.shows(LOGITS, temperature)
        expect(slider).to_have_attribute("aria-valuetext", f"T = {temperature:g}")


@pytest.mark.parametrize("label", LABELS)
def test_a_logit_slider_by_every_key(dial, label):
    slider, i = dial.slider(f"Logit of {label}"), LABELS.index(label)
    for key, value in [
        ("Home", -5),
        ("ArrowRight", -4.9),
        ("ArrowUp", -4.8),
        ("PageUp", -3.8),
        ("End", 5),
        ("ArrowLeft", 4.9),
        ("ArrowDown", 4.8),
        ("PageDown", 3.8),
    ]:
        slider.press(key)
        dial.shows([*LOGITS[:i], value, *LOGITS[i + 1 :]], 1)


def test_fields_by_arrow_keys(dial):
    logit, temperature = dial.field("Logit of owl"), dial.field("Temperature")
    logit.press("ArrowUp")
    temperature.press("ArrowDown")
    dial.shows([2, 1, 0.6, -0.5, -2], 0.95)
    dial.press("T → ∞")
    temperature.press("ArrowUp")
    dial.shows([2, 1, 0.6, -0.5, -2], np.inf)
    temperature.press("ArrowDown")
    dial.shows([2, 1, 0.6, -0.5, -2], 20)


def test_an_arrow_key_in_the_same_moment_as_the_stop_starts_from_infinity(dial):
    dial.field("Temperature").evaluate("""(field) => {
        [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === "T → ∞").click();
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }));
    }""")
    dial.shows(LOGITS, 20)


def test_the_tab_key_reaches_every_control_in_reading_order(dial):
    logits = [f"Logit of {label}" for label in LABELS for _ in range(2)]
    assert dial.reached_by_tab() == [
        "Show me",
        "Reset",
        *logits,
        "Temperature",
        "T → 0",
        "T = 1",
        "T → ∞",
        "Temperature",
        "peaked",
        "tie",
        "uniform",
        "one negative",
        "long tail",
        "Show as Python",
        "Copy link",
        "Save picture",
        "Present",
    ]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_buttons_by_keyboard(dial, key):
    def push(name):
        dial.figure.get_by_role("button", name=name, exact=True).press(key)

    push("T → ∞")
    push("uniform")
    dial.shows([0] * 5, np.inf)
    push("Reset")
    dial.shows(LOGITS, 1)
    dial.figure.locator(".lf-python summary").press(key)
    expect(dial.figure.locator("pre")).to_be_visible()
    push("Copy link")
    assert dial.page.url.endswith("#z=2,1,0.5,-0.5,-2&T=1")


def test_dragging_by_mouse_updates_at_once(dial):
    box = dial.slider("Temperature").bounding_box()
    middle = box["y"] + box["height"] / 2
    dial.page.mouse.move(box["x"] + box["width"] / 2, middle)
    dial.page.mouse.down()
    dial.page.mouse.move(box["x"] + box["width"] - 1, middle, steps=4)
    dial.shows(LOGITS, 20)
    dial.page.mouse.up()


def test_typing_shows_at_once_and_tolerates_what_is_half_typed(dial):
    field = dial.field("Logit of dog")
    field.select_text()
    for key, value in [("-", 1), ("0", 0), (".", 0), ("5", -0.5), ("e", -0.5), ("-", -0.5), ("1", -0.05)]:
        dial.page.keyboard.press(key)
        dial.settle()
        assert f"{value:g}".replace("-", "−") == dial.slider("Logit of dog").get_attribute("aria-valuetext"), key
    expect(dial.figure.locator(".lf-refused")).to_have_count(0)
    field.press("Enter")
    expect(field).to_have_value("-0.05")


@pytest.mark.parametrize(
    ("typed", "last_good"),
    [("12", "1"), ("-5.01", "1"), ("-", "1"), ("", "1"), ("1e", "1"), ("1e999", "1"), ("--1", "1"), (".", "1")],
)
def test_a_logit_that_cannot_be_is_refused_in_words(dial, typed, last_good):
    field = dial.field("Logit of dog")
    field.select_text()
    dial.page.keyboard.press("Delete")
    dial.page.keyboard.type(typed)
    field.press("Enter")
    words = f"A logit goes from −5 to 5: dog stays at {last_good}.".replace("-", "−")
    expect(dial.status).to_have_text(words)
    expect(dial.figure.locator(".lf-refused")).to_have_text(words)
    field.press("Tab")
    dial.settle()
    assert field.input_value() == last_good
    expect(dial.status).to_have_text(words)
    dial.slider("Logit of dog").press("End")
    expect(dial.figure.locator(".lf-refused")).to_have_count(0)


@pytest.mark.parametrize("typed", ["-1", "0.04", "20.1", "1e999", ""])
def test_a_temperature_that_cannot_be_is_refused_in_words(dial, typed):
    field = dial.field("Temperature")
    field.fill("0.7")
    dial.shows(LOGITS, 0.7)
    dial.page.evaluate("document.activeElement.select()")
    dial.page.keyboard.insert_text(typed) if typed else dial.page.keyboard.press("Delete")
    field.press("Enter")
    expect(dial.status).to_have_text("T is 0, from 0.05 to 20, or ∞ by its button: it stays at 0.7.")
    dial.shows(LOGITS, 0.7)


def test_at_infinity_the_field_is_empty_and_stays_so(dial):
    dial.press("T → ∞")
    dial.shows(LOGITS, np.inf)
    field = dial.field("Temperature")
    expect(field).to_have_attribute("placeholder", "∞")
    field.focus()
    dial.page.keyboard.press("-")
    field.blur()
    dial.shows(LOGITS, np.inf)
    assert field.evaluate("field => field.validity.badInput") is False


def test_the_stops(dial):
    for name, temperature in [("T → 0", 0), ("T → ∞", np.inf), ("T = 1", 1)]:
        dial.press(name)
        dial.shows(LOGITS, temperature)
        for other in ["T → 0", "T = 1", "T → ∞"]:
            button = dial.figure.get_by_role("button", name=other, exact=True)
            expect(button).to_have_attribute("aria-pressed", str(other == name).lower())


def test_the_limits_are_said_exactly(dial):
    dial.press("tie")
    dial.press("T → 0")
    dial.settle()
    assert dial.probabilities == ["0.500", "0.500", "0", "0", "0"]
    expect(dial.figure.locator(".lf-p").first).to_have_text("Probability of cat: 0.500")
    expect(dial.status).to_have_text(
        "At T = 0, cat, dog share the lead, each with 0.500; as uncertain as 2.00 equally likely classes."
    )
    assert dial.formula == "limT→0p(cat)=12=0.500"
    dial.figure.get_by_text("bee", exact=True).hover()
    assert dial.formula == "limT→0p(bee)=0"
    dial.press("T → ∞")
    assert dial.formula == "limT→∞p(bee)=15=0.200"


def test_small_probabilities_are_said_as_they_are(show):
    dial = Dial(show(TemperatureDial(logits=[5, 4.6, 0, -3, -5], temperature=0.5)))
    p = softmax([5, 4.6, 0, -3, -5], 0.5)
    assert dial.probabilities == ["0.690", "0.310", "3.1e-5", "7.8e-8", "1.4e-9"]
    np.testing.assert_allclose([float(text) for text in dial.probabilities], p, rtol=0.04)


def test_the_formula_is_about_the_row_that_is_hovered_or_focused(dial):
    assert dial.formula == "p(cat)=e2/1∑jezj/1=7.3912.5=0.591"
    dial.figure.get_by_text("fox", exact=True).hover()
    assert dial.formula.startswith("p(fox)=")
    dial.field("Logit of owl").focus()
    assert dial.formula.startswith("p(owl)=")
    dial.slider("Temperature").press("Home")
    assert dial.formula == "p(owl)=e0.5/0.05∑jezj/0.05=220262.35e17=9.4e−14"


@pytest.mark.parametrize("temperature", [0, 0.05, 0.7, 1, 20, np.inf])
def test_bars_are_as_long_as_the_probabilities(show, temperature):
    page = show(TemperatureDial(temperature=temperature))
    bars = page.locator(".lf-row .lf-bar").evaluate_all(
        """bars => bars.map((bar) => [bar.firstElementChild, bar].map((part) => part.getBoundingClientRect().width))
            .map(([filled, whole]) => filled / whole)"""
    )
    np.testing.assert_allclose(bars, softmax(LOGITS, temperature), atol=0.003)


@pytest.mark.parametrize("temperature", [0, 0.05, 0.3, 1, 20, np.inf])
def test_the_marker_lies_on_the_curve_above_the_thumb(show, temperature):
    page = show(TemperatureDial(temperature=temperature))
    place = page.evaluate("""() => {
        const box = (query) => document.querySelector(query).getBoundingClientRect();
        const plot = box(".lf-curve svg"), now = box(".lf-now"), track = box(".lf-temperature");
        const slider = document.querySelector(".lf-temperature");
        const path = document.querySelector(".lf-over"), wanted = (now.left + now.width / 2 - plot.left) / plot.width;
        const points = path.getAttribute("d").slice(1).split("L").map((point) => point.split(" ").map(Number));
        const near = points.reduce((a, b) => (Math.abs(b[0] - wanted) < Math.abs(a[0] - wanted) ? b : a));
        const thumb = track.left + 14 + (track.width - 28) * (Number(slider.value) + 1.3) / 2.6;
        const height = (plot.bottom - now.top - now.height / 2) / plot.height;
        return { x: now.left + now.width / 2 - thumb, y: height - (1 - near[1]) };
    }""")
    assert abs(place["x"]) < 2
    assert abs(place["y"]) < 0.03


@pytest.mark.parametrize("name", ["peaked", "tie", "uniform", "one negative", "long tail"])
def test_presets_change_the_logits_alone_and_reset_goes_back(dial, name):
    dial.slider("Temperature").press("Home")
    dial.press(name)
    dial.settle()
    logits = [float(dial.field(f"Logit of {label}").input_value()) for label in LABELS]
    dial.shows(logits, 0.05)
    p = softmax(logits)
    assert {
        "peaked": p[0] > 0.95,
        "tie": p[0] == p[1] > p[2],
        "uniform": logits == [0] * 5,
        "one negative": sum(z < 0 for z in logits) == 1,
        "long tail": (np.diff(p) < 0).all(),
    }[name]
    dial.press("Reset")
    dial.shows(LOGITS, 1)


def test_show_as_python_runs_and_reproduces_the_figure(dial, capsys):
    dial.slider("Logit of bee").press("End")
    for stop, temperature in [("T → ∞", np.inf), ("T → 0", 0)]:
        dial.press(stop)
        dial.settle()
        program = dial.figure.locator("pre").text_content()
        assert program.count("\n") == 2
        names = {}
        exec(program, names)  # what the reader copies
        np.testing.assert_array_equal(names["probabilities"], softmax([2, 1, 0.5, -0.5, 5], temperature))
    capsys.readouterr()


def test_copy_python(show):
    dial = Dial(show(permissions=["clipboard-read", "clipboard-write"]))
    dial.figure.get_by_text("Show as Python").click()
    dial.press("Copy Python")
    expect(dial.status).to_have_text("Python copied.")
    assert dial.page.evaluate("navigator.clipboard.readText()") == dial.figure.locator("pre").text_content()


def test_copy_python_without_a_clipboard_selects_the_lines(show):
    page = show()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    dial = Dial(page)
    dial.figure.get_by_text("Show as Python").click()
    dial.press("Copy Python")
    expect(dial.status).to_have_text("The clipboard is closed to this page: copy the selected lines.")
    assert page.evaluate("String(getSelection())").strip() == dial.figure.locator("pre").text_content()


def test_the_sentence_waits_until_the_reader_pauses(dial):
    dial.page.evaluate("""() => {
        window.spoken = [];
        const status = document.querySelector(".lf-host [role=status]");
        const watch = new MutationObserver(() => spoken.push(status.textContent));
        watch.observe(status, { subtree: true, childList: true, characterData: true });
    }""")
    dial.slider("Temperature").evaluate("""async (slider) => {
        for (let i = 0; i < 12; i++) {
            slider.stepUp();
            slider.dispatchEvent(new Event("input"));
            await new Promise(requestAnimationFrame);
        }
    }""")
    expect(dial.status).to_contain_text("At T = 1.32,")
    assert dial.page.evaluate("spoken.length") == 1
