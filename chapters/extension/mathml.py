"""Formulas as MathML, which needs no script, and which screen readers read."""

import re

from latex2mathml.converter import convert
from lxml import etree

DELIMITERS = {
    r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉", r"\langle": "⟨", r"\rangle": "⟩",
    r"\lVert": "‖", r"\rVert": "‖", r"\lvert": "|", r"\rvert": "|", r"\{": "{", r"\}": "}",
}  # fmt: skip
"""What latex2mathml leaves as it is behind a command for its size."""

SPLIT = re.compile(r"\\begin\{split\}\s*(\\begin\{(\w+)\}.*\\end\{\2\})\s*\\end\{split\}", re.DOTALL)
"""What Sphinx puts around lines that are aligned already."""


def formula(latex: str, display: bool) -> etree._Element:
    """A formula, with its source as the text that stands for it. Raises ValueError where a command is not known."""
    known = SPLIT.sub(r"\1", latex).replace("{aligned}", "{align*}").replace(r"\arg", r"\operatorname{arg}")
    try:
        made = etree.fromstring(convert(known, display="block" if display else "inline"))
    except etree.XMLSyntaxError as error:
        raise ValueError(f"a formula was expected, but {latex!r} came ({error}).") from None
    for one in made.iter():
        one.text = DELIMITERS.get(one.text or "", one.text)
    unknown = [one.text for one in made.iter() if one.text and one.text.startswith("\\")]
    if unknown:
        raise ValueError(f"a formula of known commands was expected, but {unknown[0]} came, in {latex!r}.")
    made.set("alttext", " ".join(latex.split()))
    return made


def markup(latex: str, display: bool) -> str:
    """The same as text."""
    return str(etree.tostring(formula(latex, display), encoding="unicode"))
