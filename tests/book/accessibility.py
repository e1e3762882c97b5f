"""The rules of WCAG 2.1, levels A and AA, by axe on the article of a page as it stands in the browser."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ARTICLE = "article.bd-article"
"""The theme's own frame is not ours to mend; the article is."""

HIDE_TWINS = """(article) => {
  // The colours, size and weight of an element and of all that it stands in.
  const looks = new Map();
  const look = (element) => {
    if (!element) return "";
    if (!looks.has(element)) {
      const style = getComputedStyle(element);
      looks.set(element, [look(element.parentElement), style.color, style.backgroundColor, style.backgroundImage,
        style.opacity, style.fontSize, style.fontWeight, style.textShadow, style.filter, style.position, style.display,
        style.visibility].join("|"));
    }
    return looks.get(element);
  };
  const firstOfLook = () => {
    const seen = new Set();
    return (element) => seen.size < seen.add(look(element)).size;
  };
  const firstWord = firstOfLook();
  const words = document.querySelectorAll(`${article} :not(:has(*)):not(mjx-container *, img, canvas, input, button)`);
  const twins = [...words].filter((one) => !firstWord(one));
  for (const word of twins) word.classList.add("hidden-twin");
  const firstFormula = firstOfLook();
  const formulas = [...document.querySelectorAll("mjx-container")].filter((one) => !firstFormula(one));
  window.aside = formulas.map((one) => [one, [...one.childNodes]]);
  for (const one of formulas) one.replaceChildren();
}"""
"""Hides words, of which thousands share a few looks, and takes out formulas: each that looks as one before it."""

SHOW_WORDS = """() => {
  for (const one of document.querySelectorAll(".hidden-twin")) one.classList.remove("hidden-twin");
}"""
PUT_BACK = "() => { for (const [one, kept] of window.aside) one.replaceChildren(...kept); }"

STYLE = ".hidden-twin { visibility: hidden !important }"

RUN = """async ([article, options]) => {
  const all = { preload: false, resultTypes: ["violations"], ...options };
  const { violations } = await axe.run(article, all);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""


LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
"""The rules that depend on the theme or on the width."""


def broken_rules(page: Page, looks_alone: bool = False) -> list[str]:
    """Each broken rule with the element that breaks it, in the theme and at the width that the page has now.

    All rules see all elements, but for the contrast of words and all rules on formulas, which take most of the time:
    of those that look the same they see the first.

    looks_alone: whether only theme and width have changed since the page was last looked at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.add_style_tag(content=STYLE)
    rules = {"runOnly": {"type": "tag", "values": LEVELS}, "rules": {"color-contrast": {"enabled": False}}}
    page.evaluate(HIDE_TWINS, ARTICLE)
    found: list[str] = page.evaluate(RUN, [ARTICLE, {"runOnly": LOOKS[:1]}])
    page.evaluate(SHOW_WORDS)
    found += page.evaluate(RUN, [ARTICLE, {"runOnly": LOOKS[1:]} if looks_alone else rules])
    page.evaluate(PUT_BACK)
    return found
