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
  const seen = new Set();
  const twins = [];
  for (const word of document.querySelectorAll(`${article} :is(pre, dt.sig) :not(:has(*))`)) {
    if (seen.has(look(word))) twins.push(word);
    seen.add(look(word));
  }
  for (const word of twins) word.classList.add("hidden-twin");
}"""
"""Hides words of code and of signatures, of which thousands share a few colours: each that looks as one before it."""

STYLE = ".hidden-twin { visibility: hidden !important }"

RUN = """async ([article, options]) => {
  const all = { preload: false, resultTypes: ["violations"], ...options };
  const { violations } = await axe.run(article, all);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""


COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that depend on the theme."""

SET_ASIDE = """() => {
  window.aside = [...document.querySelectorAll("mjx-container")].map((one) => [one, [...one.childNodes]]);
  for (const [one] of window.aside) one.replaceChildren();
}"""
PUT_BACK = "() => { for (const [one, kept] of window.aside ?? []) one.replaceChildren(...kept); }"


def broken_rules(page: Page, colours_alone: bool = False, mathematics: bool = True) -> list[str]:
    """Each broken rule with the element that breaks it, in the theme and at the width that the page has now.

    All rules see all elements, but for the contrast of words that have a twin: that rule takes most of the time, and of
    words that look the same it sees the first.

    colours_alone: whether only the theme has changed since the page was last looked at.
    mathematics: whether rules on colours see the many elements of formulas, whose colours no width changes.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.add_style_tag(content=STYLE)
    rules = {"runOnly": {"type": "tag", "values": LEVELS}, "rules": {"color-contrast": {"enabled": False}}}
    found: list[str] = [] if colours_alone else page.evaluate(RUN, [ARTICLE, rules])
    page.evaluate(HIDE_TWINS, ARTICLE)
    if not mathematics:
        page.evaluate(SET_ASIDE)
    found += page.evaluate(RUN, [ARTICLE, {"runOnly": COLOURS if colours_alone else COLOURS[:1]}])
    page.evaluate("document.querySelectorAll('.hidden-twin').forEach((one) => one.classList.remove('hidden-twin'))")
    if not mathematics:
        page.evaluate(PUT_BACK)
    return found
