"""Whether each sentence of a draft may be said: what a repair is told, and what is dropped after.

A fact must cite what it was given and be carried by it.  What cites nothing is held to forms that
state nothing: a question, or in the hook a situation to imagine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from shared.lesson.gemini.draft import Check, Concept, Draft, Option, Sentence
from shared.lesson.gemini.given import Given
from shared.lesson.pace import MOST_SENTENCE_WORDS, MOST_VISIBLE_WORDS
from shared.lesson.spoken import spoken
from shared.lesson.support import LEAST, support
from shared.library.words import stems
from shared.safety.personal import scrubbed

Place = Literal["hook", "concept", "recap", "check"]
MOST_UNCITED_WORDS = 20
MOST_HEADING_WORDS = 6
MOST_CONCEPTS = 3
FEWEST_OPTIONS, MOST_OPTIONS = 3, 4
_SITUATION = re.compile(r"(?:Imagine|Picture|Suppose|Think (?:of|about)|You)\b")
_UNSPEAKABLE = re.compile(r"[*_`#<>|{}\[\]\\@]|https?:|www\.", re.IGNORECASE)
_END = re.compile(r"[.!?]$")
_DIGIT = re.compile(r"\d")
_PERSONAL = "tells who or where somebody is, or names a living person: leave that out"


def findings(draft: Draft, found: Given) -> tuple[str, ...]:
    """Name every fault of a draft, with the place where it stands."""
    return tuple(_all(draft, found))


def pruned(draft: Draft, found: Given) -> Draft:
    """Leave out every sentence that has a fault, and concepts without any fact."""

    def kept(say: tuple[Sentence, ...], place: Place) -> tuple[Sentence, ...]:
        return tuple(one for one in say if not _fault(one, found, place))

    concepts = tuple(replace(one, say=kept(one.say, "concept")) for one in draft.concepts)
    answer = draft.recap.answer
    return replace(
        draft,
        hook=kept(draft.hook, "hook"),
        concepts=tuple(
            one
            for one in concepts[:MOST_CONCEPTS]
            if any(line.kind == "fact" for line in one.say) and not _heading_fault(one, found)
        ),
        recap=replace(
            draft.recap,
            answer=answer if is_answer(answer, found) else replace(answer, text=""),
            points=kept(draft.recap.points, "recap"),
        ),
    )


def is_answer(answer: Sentence, found: Given) -> bool:
    """Whether a sentence may be what the lesson says to the student's question."""
    return answer.kind == "fact" and not _fault(answer, found, "recap")


def check_faults(check: Check, found: Given) -> Iterator[str]:
    """Name what keeps a check from being asked."""
    fault = _fault(Sentence(check.question, "question", (), ""), found, "check")
    if fault:
        yield f"check.question: {fault}"
    if not FEWEST_OPTIONS <= len(check.options) <= MOST_OPTIONS:
        yield "check.options: give 3 or 4"
    if sum(one.right for one in check.options) != 1:
        yield "check.options: exactly one must be right"
    shown = [check.question, *(one.text for one in check.options)]
    shown += [one.text for one in check.options if one.right]
    if len(" ".join(shown).split()) > MOST_VISIBLE_WORDS:
        yield "check: question and options are too long for the screen"
    for n, option in enumerate(check.options):
        fault = _option_fault(option, found)
        if fault:
            yield f"check.options[{n}]: {fault}"


def _all(draft: Draft, found: Given) -> Iterator[str]:
    yield from _said("hook", draft.hook, found, "hook")
    if not draft.hook or draft.hook[-1].kind != "question":
        yield "hook: must end in a question"
    if not 1 <= len(draft.concepts) <= MOST_CONCEPTS:
        yield f"concepts: give 1 to {MOST_CONCEPTS}"
    for n, concept in enumerate(draft.concepts):
        fault = _heading_fault(concept, found)
        if fault:
            yield f"concepts[{n}].heading: {fault}"
        if concept.picture and concept.picture not in found.pictures:
            yield f"concepts[{n}].picture: {concept.picture!r} is none of the pictures"
        yield from _said(f"concepts[{n}].say", concept.say, found, "concept")
    yield from check_faults(draft.check, found)
    yield from _said("recap.answer", (draft.recap.answer,), found, "recap")
    yield from _said("recap.points", draft.recap.points, found, "recap")


def _said(path: str, say: tuple[Sentence, ...], found: Given, place: Place) -> Iterator[str]:
    for n, one in enumerate(say):
        fault = _fault(one, found, place)
        if fault:
            yield f"{path}[{n}]: {fault}"


def _fault(one: Sentence, found: Given, place: Place) -> str:
    """Name the first fault of a sentence; empty when there is none."""
    words = len(one.text.split())
    if not words or words > MOST_SENTENCE_WORDS:
        return f"has {words} words, {MOST_SENTENCE_WORDS} at most"
    if _UNSPEAKABLE.search(one.text) or _DIGIT.search(spoken(one.text)):
        return "holds signs that cannot be said"
    if _is_personal(one.text) or _is_personal(one.screen):
        return _PERSONAL
    if one.kind == "fact":
        return _fact_fault(one.text, one.cites, found)
    return _uncited_fault(one, words, place)


def _uncited_fault(one: Sentence, words: int, place: Place) -> str:
    if words > MOST_UNCITED_WORDS:
        return f"has {words} words; without a source {MOST_UNCITED_WORDS} are the most"
    if one.kind == "question":
        return "" if one.text.endswith("?") else "is no question"
    if place != "hook":
        return "states something: make it a fact and cite its passages"
    return "" if _SITUATION.match(one.text) else "must begin like: Imagine, Suppose, Think of, You"


def _fact_fault(text: str, cites: tuple[str, ...], found: Given) -> str:
    if not cites:
        return "cites no passage"
    unknown = [cite for cite in cites if cite not in found.sentences]
    if unknown:
        return f"cites {unknown[0]!r}, which is no passage"
    if not _END.search(text):
        return "is no whole sentence"
    score = support(text, [found.sentences[cite] for cite in cites])
    if score < LEAST:
        return f"says more than the passages that it cites ({score:.2f}): keep to their words"
    return ""


def _is_personal(text: str) -> bool:
    return scrubbed(text) != text


def _heading_fault(concept: Concept, found: Given) -> str:
    words = concept.heading.split()
    if not 1 <= len(words) <= MOST_HEADING_WORDS or _UNSPEAKABLE.search(concept.heading):
        return f"give 1 to {MOST_HEADING_WORDS} plain words"
    if _is_personal(concept.heading):
        return _PERSONAL
    book = (*found.sentences.values(), *(term for term, _ in found.terms))
    known = stems(" ".join((*book, found.brief.question)))
    return "" if stems(concept.heading) <= known else "use words of the book"


def _option_fault(option: Option, found: Given) -> str:
    if not option.text.strip() or _UNSPEAKABLE.search(option.text):
        return "give a few plain words"
    if _is_personal(option.text):
        return _PERSONAL
    if option.right:
        return ""
    if option.text.lower() not in option.because.lower():
        return "its reason must hold the option's own words"
    return _fault(Sentence(option.because, "fact", option.cites, ""), found, "check")
