"""The scenes of a draft: our code adds ids, slots, marks and spoken text to its sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shared.lesson.diagrams import parts
from shared.lesson.edits import joined
from shared.lesson.extractive.staging import Staging
from shared.lesson.extractive.wordlists import (
    BAD_END,
    BAD_START,
    BREAK_BEFORE,
    PREPOSITIONS,
    TURNS,
)
from shared.lesson.gemini.draft import Check, Concept, Recap, Sentence
from shared.lesson.gemini.given import Given
from shared.lesson.pace import MOST_VISIBLE_WORDS, THINK_S
from shared.lesson.plan import SLOTS, Element, Scene
from shared.lesson.plan import SentenceKind as LineKind

MOST_POINT_WORDS = 8
_MOST_POINTS = SLOTS["concept"]["point_n"][1]
_KINDS: Mapping[str, LineKind] = {"fact": "fact", "situation": "example", "question": "question"}
_ENDS = " .,;:!?"
_PAUSES = BREAK_BEFORE | PREPOSITIONS | {"and", "or", "that", "which"}
_WORD = re.compile(r"[\w'\u2019]+")


def hook_scene(say: tuple[Sentence, ...], found: Given) -> Scene | None:
    """Stage a situation that ends in a question; None where the model gave none."""
    if not say or say[-1].kind != "question":
        return None
    stage = Staging("hook", "Think about it")
    *before, asked = say
    for number, one in enumerate(before):
        short = _shown(one) if number == 0 else ""
        seen = Element("situation", "situation", "text", "an everyday situation", short)
        reveal = [(seen, short)] if short else []
        stage.say(one.text, _KINDS[one.kind], cites=_cites(one, found), reveal=reveal)
    question = Element("question", "question", "text", "the question", asked.text)
    stage.say(asked.text, "question", reveal=[(question, "")])
    return stage.scene(hold_s=1.0)


def concept_scene(concept: Concept, found: Given, about: str) -> Scene:
    """Say a concept beside its picture; a few words of each sentence appear as they are said."""
    stage = Staging("concept", concept.heading, about)
    stage.put(Element("heading", "heading", "text", "the topic of this part", concept.heading))
    picture = found.pictures.get(concept.picture, ())
    stage.put(*picture)
    labels = [label for one in picture if one.diagram for label in parts(one.diagram)]
    number = 0
    for one in concept.say:
        short = _shown(one) if one.kind == "fact" and number < _MOST_POINTS else ""
        short = short or (_whole(concept, one, stage.room) if number == 0 else "")
        number += bool(short)
        name = f"point_{number}"
        point = Element(name, name, "text", f"key words: {short}", short)
        stage.say(
            one.text,
            _KINDS[one.kind],
            cites=_cites(one, found),
            reveal=[(point, short)] if short else [],
            marks=_named_parts(one.text, labels),
        )
    return stage.scene(hold_s=1.0)


def check_scene(check: Check, found: Given, about: str) -> Scene:
    """Ask, wait, answer, and say of each wrong option what is so."""
    stage = Staging("check", "Check yourself", about)
    question = Element("question", "question", "text", check.question, check.question)
    stage.say("Now check yourself.", "instruction")
    stage.say(check.question, "question", reveal=[(question, "")], stays=True)
    options = [
        Element(f"option_{n}", f"option_{n}", "option", f"option {n}: {one.text}",
                _opened(one.text), correct=one.right)
        for n, one in enumerate(check.options, start=1)
    ]  # fmt: skip
    *others, last = (one.text for one in check.options)
    choices = f"Choose one: {', '.join(others)}, or {last}."
    stage.say(choices, "instruction", reveal=[(one, one.text) for one in options], stays=True)
    countdown = Element("countdown", "countdown", "countdown", "five seconds to think")
    wait = [(countdown, "think")]
    stage.say("Take a moment to think.", "instruction", reveal=wait, pause_s=THINK_S)
    right = next(one for one in check.options if one.right)
    answer = Element("answer", "answer", "text", "the answer", _opened(right.text), "accent")
    told = f"The answer is: {right.text}."
    stage.say(told, "instruction", reveal=[(answer, right.text)], hide=[countdown])
    for one in check.options:
        if not one.right:
            stage.say(one.because, "fact", cites=[found.ids[cite] for cite in one.cites])
    return stage.scene(hold_s=1.0)


def recap_scene(recap: Recap, found: Given, first: Scene) -> Scene:
    """Ask the student's question again, as the extractive author would, and answer it."""
    stage = Staging("recap", first.title, first.concept)
    asked, question = first.say[0], next(one for one in first.show if one.slot == "question")
    stage.say(asked.text, asked.kind, reveal=[(question, "")])
    text = recap.answer.text
    answer = Element("answer", "answer", "text", "the answer", text, "accent")
    stage.say(text, "fact", cites=_cites(recap.answer, found), reveal=[(answer, "")])
    for number, one in enumerate(recap.points[: SLOTS["recap"]["point_n"][1]], start=1):
        short = _shown(one)
        name = f"point_{number}"
        point = Element(name, name, "text", f"key words: {short}", short)
        reveal = [(point, short)] if short else []
        stage.say(one.text, "fact", cites=_cites(one, found), reveal=reveal)
    return stage.scene(hold_s=1.5)


def _shown(one: Sentence) -> str:
    """Give what a sentence leaves on the screen: its own words in their order, or nothing."""
    short, text = joined(one.screen).strip(_ENDS), joined(one.text)
    found = re.search(rf"(?<!\w){re.escape(short)}(?!\w)", text, re.IGNORECASE)
    if not short or found is None or len(short.split()) > MOST_POINT_WORDS:
        return ""
    before, after = text[: found.start()], text[found.end() :]
    is_cut_well = one.kind != "fact" or _stands_alone(before, short, after)
    return _opened(short) if is_cut_well else ""


def _stands_alone(before: str, short: str, after: str) -> bool:
    """Whether words end where their sentence pauses, and nothing that turns it is left out."""
    kept, left = short.lower().split(), _WORD.findall(f"{before} {after}".lower())
    follows = _WORD.findall(after.lower())[:1]
    pauses = not follows or after[:1] in _ENDS.strip() or follows[0] in _PAUSES
    is_whole = kept[0] not in BAD_START | {"than"} and kept[-1] not in BAD_END
    return is_whole and pauses and TURNS.isdisjoint(left)


def _whole(concept: Concept, one: Sentence, room: int) -> str:
    """Show a whole sentence where the model left nothing on the screen at all."""
    words = len(one.text.split())
    is_bare = one.kind == "fact" and not any(map(_shown, concept.say))
    return one.text.strip(_ENDS) if is_bare and words <= min(room, MOST_VISIBLE_WORDS) else ""


def _cites(one: Sentence, found: Given) -> list[str]:
    return [found.ids[cite] for cite in one.cites] if one.kind == "fact" else []


def _named_parts(text: str, labels: list[str]) -> list[tuple[str, str]]:
    """Find the parts of the diagram that a sentence names first, and strike them off."""
    named = []
    for number, label in enumerate(labels, start=1):
        if label and re.search(rf"\b{re.escape(label)}s?\b", text, re.IGNORECASE):
            named.append((f"diagram/{number}", label))
            labels[number - 1] = ""
    return named


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
