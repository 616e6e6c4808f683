"""What axe says of a page."""

from axe_playwright_python.sync_playwright import Axe

# Contrast takes most of axe's time, so text that looks alike, on grounds that look alike, is judged once; in the live
# figures all is.
JUDGE = """async (within) => {
  const seen = new Set();
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
  for (const element of document.body.querySelectorAll("*")) {
    element.removeAttribute("data-judged");
    if (!element.checkVisibility({ visibilityProperty: true }) || ![...element.childNodes].some(isText)) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const look = [color, fontSize, fontWeight];
    for (let ground = element; ground; ground = ground.parentElement) {
      look.push(getComputedStyle(ground).backgroundColor, ground.getAttribute("class"));
    }
    const key = element.closest(".lf") ? element : look.join();
    element.toggleAttribute("data-judged", !seen.has(key));
    seen.add(key);
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-judged]" }] });
  const { violations } = await axe.run(within, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(" "))]);
}"""


def violations(page, within: str = "html") -> list:
    """The rules that a part of the page breaks, each with the elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return page.evaluate(JUDGE, within)
