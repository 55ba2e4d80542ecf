"""The scenes that teach: concepts, the comparison, what people get wrong."""

from __future__ import annotations

import re

from shared.lesson.diagrams import described, parts
from shared.lesson.extractive.equations import Formula
from shared.lesson.extractive.mistakes import Mistake
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.pictures import Concept
from shared.lesson.extractive.points import points
from shared.lesson.extractive.staging import Staging
from shared.lesson.extractive.subject import Subject
from shared.lesson.interests import Comparison
from shared.lesson.plan import Element, FigureRef, Scene
from shared.library.book import Figure

_LAW = re.compile(r"\b(?:law|theorem|principle|rule)\b", re.IGNORECASE)
_SAYS_THIS = re.compile(r"says? this\.$")
_TO_READ_S = 1.5
_MOST_ITEMS = 4  # of a law: as many as there are slots
_MOST_ALT = 300  # characters of a figure's description


def concept_scene(subject: Subject, concept: Concept) -> Scene:
    """Say a run beside its picture; a few words of each sentence appear as they are said."""
    stage = Staging("concept", concept.heading, subject.name)
    if concept.law:
        _say_law(stage, concept)
    else:
        stage.put(Element("heading", "heading", "text", "the topic of this part", concept.heading))
        _put_picture(stage, subject, concept)
        _say_run(stage, subject, concept)
    if concept.formula:
        _say_formula(stage, concept.formula)
    return stage.scene(hold_s=1.5 if concept.law or concept.formula else 1.0)


def _put_picture(stage: Staging, subject: Subject, concept: Concept) -> None:
    if concept.diagram:
        stage.put(
            Element(
                "diagram",
                "diagram",
                "diagram",
                described(concept.diagram),
                diagram=concept.diagram,
            )
        )
    elif concept.figure:
        stage.put(*_figure(subject, concept.figure))


def _say_run(stage: Staging, subject: Subject, concept: Concept) -> None:
    texts = [sentence.text for sentence in concept.run.sentences]
    if _SAYS_THIS.search(texts[0]):
        _say_statement(stage, concept)
        return
    shorts = points(subject, texts, concept.heading, stage.room)
    labels = list(parts(concept.diagram)) if concept.diagram else []
    number = 0
    for sentence, short in zip(concept.run.sentences, shorts, strict=True):
        number += bool(short)
        name = f"point_{number}"
        element = Element(name, name, "text", f"key words: {short}", short)
        reveal = [(element, short)] if short else []
        marks = _named_parts(sentence.text, labels)
        stage.say(sentence.text, "fact", cites=[sentence.id], reveal=reveal, marks=marks)


def _say_statement(stage: Staging, concept: Concept) -> None:
    """Show what a law says word for word: it is to be read as well as heard."""
    first, *others = concept.run.sentences
    stage.say(first.text, "fact", cites=[first.id])
    for number, sentence in enumerate(others[:_MOST_ITEMS], start=1):
        text = sentence.text.rstrip(".")
        item = Element(f"point_{number}", f"point_{number}", "text", f"the law: {text}", text)
        stage.say(sentence.text, "fact", cites=[sentence.id], reveal=[(item, "")], pause_s=0.5)


def _named_parts(text: str, labels: list[str]) -> list[tuple[str, str]]:
    """Find the parts of the diagram that a sentence names first, and strike them off."""
    found = []
    for number, label in enumerate(labels, start=1):
        if label and re.search(rf"\b{re.escape(label)}s?\b", text, re.IGNORECASE):
            found.append((f"diagram/{number}", label))
            labels[number - 1] = ""
    return found


def _say_formula(stage: Staging, formula: Formula) -> None:
    """Show an equation and name it; what it says was said in words before."""
    shown = Element("equation", "equation", "equation", "the equation", mathml=formula.mathml)
    line = f"Here is the equation for {formula.name}." if formula.name else "Here is the equation."
    if _LAW.search(formula.name):
        line = f"Here is {_the(formula.name)} as an equation."
    stage.say(line, "instruction", reveal=[(shown, "equation")], pause_s=_TO_READ_S)


def _say_law(stage: Staging, concept: Concept) -> None:
    """Show a law word for word: it is a definition, to be read as well as heard."""
    name = Element("heading", "heading", "text", "the name of the law", opened(concept.law))
    if concept.diagram:
        alt = described(concept.diagram)
        stage.put(Element("diagram", "diagram", "diagram", alt, diagram=concept.diagram))
    stage.say(f"This is {_the(concept.law)}.", "instruction", reveal=[(name, concept.law)])
    for number, sentence in enumerate(concept.run.sentences[:_MOST_ITEMS], start=1):
        text = sentence.text.rstrip(".")
        item = Element(f"point_{number}", f"point_{number}", "text", f"the law: {text}", text)
        stage.say(sentence.text, "fact", cites=[sentence.id], reveal=[(item, "")], pause_s=0.5)


def comparison_scene(subject: Subject, comparison: Comparison) -> Scene:
    """Set the interest beside the concept, row by row, and say where the comparison ends."""
    stage = Staging("analogy_map", f"{opened(comparison.interest)} and {subject.name}")
    heading = f"{opened(comparison.interest)} and {subject.name}"
    stage.put(Element("heading", "heading", "text", "what is compared", heading))
    stage.say(f"Now back to {comparison.interest}.", "analogy")
    for number, row in enumerate(comparison.rows, start=1):
        cells = (row.element, row.term, row.relation)
        name = f"row_{number}"
        element = Element(name, name, "row", " – ".join(cells), cells=cells)  # noqa: RUF001
        stage.say(row.say, "analogy", reveal=[(element, "")], pause_s=0.5)
    end = Element(
        "breaks", "breaks", "text", "where the comparison ends", comparison.breaks_shown, "muted"
    )
    stage.say(comparison.breaks_say, "analogy", reveal=[(end, "")])
    return stage.scene(hold_s=1.0)


def misconception_scene(subject: Subject, mistake: Mistake) -> Scene:
    """Say what people tend to think, then what is so."""
    stage = Staging("misconception", "Easy to get wrong", subject.name)
    stage.say("Many people get this wrong, so be careful.", "instruction")
    cards = zip(
        ("myth", "truth"), mistake.run.sentences, (mistake.myth, mistake.truth), strict=True
    )
    for name, sentence, short in cards:
        element = Element(name, name, "text", f"key words: {short}", short)
        stage.say(sentence.text, "fact", cites=[sentence.id], reveal=[(element, short)])
    return stage.scene(hold_s=1.0)


def _the(law: str) -> str:
    return law if law[:1].isupper() else f"the {law}"


def _figure(subject: Subject, figure: Figure) -> list[Element]:
    source = subject.source
    alt = figure.alt if len(figure.alt) > len("...") else figure.caption
    where = FigureRef(
        source.object_name, source.generation, figure.member, figure.width, figure.height
    )
    credit = f"{source.title}, {source.licence.name}"
    if figure.credit:
        credit = f"{figure.credit}, {credit}"
    return [
        Element("figure", "figure", "figure", _shortened(alt), figure=where),
        Element("credit", "credit", "text", "where the figure is from", credit, "muted"),
    ]


def _shortened(alt: str) -> str:
    if len(alt) <= _MOST_ALT:
        return alt
    head = alt[:_MOST_ALT]
    end = head.rfind(". ")
    return head[: end + 1] if end > 0 else head.rsplit(" ", 1)[0]
