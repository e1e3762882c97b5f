"""Quizzes as a package of QTI 1.2, which Canvas and other systems import: one quiz for each chapter.

https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_bindv1p2.html
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from course import Chapter
from packing import write_zip

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
LETTERS = "abcdef"


@dataclass(frozen=True)
class Quiz:
    """Items under one name. name: in identifiers. Each item has a question, choices, the key's letter, and why."""

    name: str
    title: str
    items: Sequence[Mapping[str, Any]]


def chapter_quizzes(chapters: Sequence[Chapter]) -> list[Quiz]:
    """The quiz bank."""
    return [Quiz(str(one.number), f"{one.number}. {one.title}", one.teaching["quiz"]) for one in chapters]


def _material(parent: Element, text: str) -> None:
    """Text that looks as it is written: neither signs of Markdown nor of HTML are read in it."""
    SubElement(SubElement(parent, "material"), "mattext", texttype="text/html").text = html.escape(text, quote=False)


def _fields(parent: Element, fields: Mapping[str, str]) -> None:
    metadata = SubElement(parent, "qtimetadata")
    for label, entry in fields.items():
        field = SubElement(metadata, "qtimetadatafield")
        SubElement(field, "fieldlabel").text, SubElement(field, "fieldentry").text = label, entry


def _presentation(item: Element, told: Mapping[str, Any]) -> None:
    presentation = SubElement(item, "presentation")
    _material(presentation, told["question"])
    response = SubElement(presentation, "response_lid", ident="response1", rcardinality="Single")
    choices = SubElement(response, "render_choice")
    for letter, choice in zip(LETTERS, told["choices"], strict=False):
        _material(SubElement(choices, "response_label", ident=letter), choice)


def _condition(processing: Element, go_on: str) -> tuple[Element, Element]:
    condition = SubElement(processing, "respcondition", {"continue": go_on})
    return condition, SubElement(condition, "conditionvar")


def _processing(item: Element, key: str) -> None:
    """Whatever is chosen, the reason is told; the key scores."""
    processing = SubElement(item, "resprocessing")
    outcomes = SubElement(processing, "outcomes")
    SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    condition, variable = _condition(processing, "Yes")
    SubElement(variable, "other")
    SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid="general_fb")
    condition, variable = _condition(processing, "No")
    SubElement(variable, "varequal", respident="response1").text = key
    SubElement(condition, "setvar", action="Set", varname="SCORE").text = "100"


def _item(section: Element, name: str, told: Mapping[str, Any]) -> None:
    item = SubElement(section, "item", ident=f"item-{name}", title=name)
    fields = {"question_type": "multiple_choice_question", "points_possible": "1.0"}
    _fields(SubElement(item, "itemmetadata"), fields)
    _presentation(item, told)
    _processing(item, told["key"])
    feedback = SubElement(item, "itemfeedback", ident="general_fb")
    _material(SubElement(feedback, "flow_mat"), told["why"])


def assessment(quiz: Quiz) -> bytes:
    """One quiz as XML."""
    root = Element("questestinterop", xmlns=QTI)
    whole = SubElement(root, "assessment", ident=f"quiz-{quiz.name}", title=f"Replay as Sampling: {quiz.title}")
    _fields(whole, {"cc_maxattempts": "1"})
    section = SubElement(whole, "section", ident="root_section")
    for number, told in enumerate(quiz.items, start=1):
        _item(section, f"{quiz.name}-{number}", told)
    return _bytes(root)


def manifest(quizzes: Sequence[Quiz]) -> bytes:
    """The list of what is in the package."""
    root = Element("manifest", identifier="replay-as-sampling", xmlns=PACKAGE)
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text, SubElement(metadata, "schemaversion").text = "IMS Content", "1.1.3"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for quiz in quizzes:
        name = f"quiz-{quiz.name}"
        href = f"{name}/{name}.xml"
        resource = SubElement(resources, "resource", identifier=name, type="imsqti_xmlv1p2", href=href)
        SubElement(resource, "file", href=href)
    return _bytes(root)


def _bytes(root: Element) -> bytes:
    ElementTree.indent(root)
    made: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return made


def write(path: Path, quizzes: Sequence[Quiz]) -> None:
    """Write the package. The same quizzes give the same bytes."""
    parts = {"imsmanifest.xml": manifest(quizzes)}
    parts |= {f"quiz-{quiz.name}/quiz-{quiz.name}.xml": assessment(quiz) for quiz in quizzes}
    write_zip(path, parts)
