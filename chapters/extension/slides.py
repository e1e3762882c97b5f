"""Slides of a chapter, made from its figures, objectives, questions, quiz and summary."""

import base64
import io
import re
from pathlib import Path

import nbformat
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt
from pylatexenc.latex2text import LatexNodes2Text

from course import Chapter

WIDE, HIGH = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.6)
ROOM = Emu(WIDE - 2 * MARGIN)
"""Width between the margins."""
INK, ACCENT = RGBColor(0x22, 0x22, 0x22), RGBColor(0xA8, 0x43, 0x00)
TITLE_ONLY = 5
"""The layout of the template that has a title and nothing else."""


LOWERED = str.maketrans("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


def _formula(latex: str) -> str:
    text = LatexNodes2Text(math_mode="text").latex_to_text(latex)
    return re.sub(r"_(\w)(?!\w)", lambda one: one[1].translate(LOWERED), text)


def said(text: str) -> str:
    """Markdown and LaTeX as slides can show them: plain words and Unicode."""
    text = re.sub(r"\$(.+?)\$", lambda one: _formula(one[1]), text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\{[\w:]+\}`[^`]*`", "", text).replace("`", "")
    return re.sub(r"(\*\*|\*)(?=\S)(.+?)(?<=\S)\1", r"\2", text).strip()


class SlideDeck:
    """A deck of 16:9 slides with large text."""

    def __init__(self) -> None:
        self.deck: Deck = Presentation()
        self.deck.slide_width, self.deck.slide_height = WIDE, HIGH

    def _slide(self, title: str, notes: str = "") -> Slide:
        slide: Slide = self.deck.slides.add_slide(self.deck.slide_layouts[TITLE_ONLY])
        box = slide.shapes.title
        notes_frame = slide.notes_slide.notes_text_frame if notes else None
        assert box is not None  # the layout has a title
        box.left, box.top, box.width, box.height = (MARGIN, Inches(0.3), ROOM, Inches(1.0))
        box.text_frame.word_wrap = True
        box.text_frame.text = said(title)
        box.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        font = box.text_frame.paragraphs[0].font
        font.size, font.bold, font.color.rgb = Pt(34), True, ACCENT
        if notes_frame:
            notes_frame.text = said(notes)
        return slide

    def words(self, title: str, lines: list[str], notes: str = "", numbered: bool = False) -> None:
        """A slide of a title and a few lines."""
        slide = self._slide(title, notes)
        frame = slide.shapes.add_textbox(MARGIN, Inches(1.6), ROOM, Emu(HIGH - Inches(2.1))).text_frame
        frame.word_wrap = True
        length = sum(map(len, lines)) + 60 * len(lines)
        for number, line in enumerate(lines, start=1):
            paragraph = frame.paragraphs[0] if number == 1 else frame.add_paragraph()
            paragraph.text = f"{number}. {said(line)}" if numbered else said(line)
            paragraph.space_after = Pt(12)
            paragraph.font.size = Pt(28 if length < 700 else 22 if length < 1100 else 18)
            paragraph.font.color.rgb = INK

    def picture(self, title: str, png: bytes, text: str) -> None:
        """A slide of a figure with the first sentence of its text alternative, all of which stands in the notes."""
        slide = self._slide(title, text)
        width, height = Image.open(io.BytesIO(png)).size
        top, room_high = Inches(1.35), HIGH - Inches(2.25)
        scale = min(ROOM / width, room_high / height)
        wide, high = Emu(int(width * scale)), Emu(int(height * scale))
        left = Emu(int((WIDE - wide) / 2))
        picture = slide.shapes.add_picture(io.BytesIO(png), left, top, wide, high)
        picture._element.xpath("./p:nvPicPr/p:cNvPr")[0].set("descr", said(text))
        caption = slide.shapes.add_textbox(MARGIN, Emu(HIGH - Inches(0.8)), ROOM, Inches(0.5)).text_frame
        caption.word_wrap = True
        caption.text = said(re.split(r"(?<=[.:]) ", text)[0])
        caption.paragraphs[0].alignment = PP_ALIGN.CENTER
        caption.paragraphs[0].font.size = Pt(18)


def figures(executed: nbformat.NotebookNode) -> list[tuple[str, bytes, str]]:
    """Section, picture and text alternative of every figure of an executed notebook."""
    section, found = "", []
    for cell in executed.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^## (.+)$", cell.source, re.MULTILINE)
            section = headings[-1] if headings else section
            continue
        text = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data and text:
                found.append((section, base64.b64decode(data["image/png"]), text))
    return found


def make(chapter: Chapter, executed: nbformat.NotebookNode, path: Path) -> None:
    """Write the deck of a chapter to ``path``. ``executed`` is its notebook with outputs."""
    deck = SlideDeck()
    deck.words(chapter.title, ["Replay as Sampling", f"Chapter {chapter.number}"])
    deck.words("You will be able to", chapter.objectives, f"Students need: {chapter.need}", numbered=True)
    if prediction := re.search(r"\{admonition\} Predict first\n:class: tip\n(.*?)\n:::", chapter.text, re.DOTALL):
        deck.words("Predict first", [prediction[1].replace("\n", " ")], "Let everybody write an answer down.")
    for title, png, text in figures(executed):
        deck.picture(title, png, text)
    deck.words(
        "Exercises",
        [f"{one.name} {one.title} ({one.kind.lower()}, {one.minutes} min)" for one in chapter.exercises],
        "Each has a check that names the misconception, three hints, and a solution on a page of its own.",
    )
    for question, answer in zip(chapter.questions, chapter.answers, strict=True):
        deck.words("Think about it", [question], f"Expected: {answer}")
    for item in chapter.teaching["quiz"]:
        choices = [f"({letter}) {choice}" for letter, choice in zip("abcdef", item["choices"], strict=False)]
        deck.words("Quiz", [item["question"], *choices], f"Key: {item['key']}. {item['why']}")
    deck.words("Summary", chapter.summary)
    deck.deck.save(str(path))
