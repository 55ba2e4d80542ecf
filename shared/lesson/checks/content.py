"""Rules about what each kind of scene must say and show, so that it does what it is there for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.interests import profile_of
from shared.lesson.plan import Element, Line, Plan, SceneType
from shared.library.book import Material

# The slots that a scene cannot do without; what a check's options need is asked for elsewhere.
_NEEDED: dict[SceneType, tuple[str, ...]] = {
    "title": ("question", "meta"),
    "hook": ("question",),
    "keywords": ("term_1", "definition_1", "term_2", "definition_2"),
    "analogy_map": ("row_1", "row_2", "breaks"),
    "worked_example": ("given", "find", "answer"),
    "misconception": ("myth", "truth"),
    "check": ("question", "answer"),
    "recap": ("question", "answer"),
    "sources": ("book", "section", "licence", "link", "made"),
}
_FACTS: dict[SceneType, int] = {
    "keywords": 2,
    "concept": 1,
    "worked_example": 1,
    "misconception": 2,
}
_WORD = re.compile(r"\w+")


@rule("slot-missing")
def needed_slots(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let no scene be without what its kind is there to show."""
    for scene in plan.scenes:
        slots = {element.slot for element in scene.show}
        for slot in _NEEDED.get(scene.type, ()):
            if slot not in slots:
                yield Finding("slot-missing", scene.n, f"{scene.type} shows no {slot}")


@rule("silent-scene")
def every_scene_speaks(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let no scene be silent: a film of pictures alone explains nothing."""
    for scene in plan.scenes:
        if not scene.say:
            yield Finding("silent-scene", scene.n, f"{scene.type} says nothing")


@rule("too-few-facts")
def scenes_that_teach_state_facts(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let what teaches rest on the book: a term's meaning, a concept, a mix-up, an example."""
    for scene in plan.scenes:
        wanted, found = _FACTS.get(scene.type, 0), sum(map(_is_fact, scene.say))
        if found < wanted:
            yield Finding("too-few-facts", scene.n, f"{found} of {wanted} cited sentences")


@rule("hook-without-question")
def hook_ends_in_a_question(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the hook leave something open: a question makes people listen for its answer."""
    for scene in plan.scenes:
        if scene.type == "hook" and scene.say and not _asks(scene.say[-1]):
            yield Finding("hook-without-question", scene.n, "does not end in a question")


@rule("check-without-question", "option-without-reason")
def check_asks(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let a check ask before it answers, and say of each wrong option what is so."""
    for scene in plan.scenes:
        if scene.type != "check":
            continue
        if scene.say and not any(map(_asks, scene.say)):
            yield Finding("check-without-question", scene.n, "no line asks")
        reasons = " ".join(line.text.lower() for line in scene.say if _is_fact(line))
        for option in scene.show:
            is_wrong = option.draw == "option" and not option.correct
            if is_wrong and scene.say and option.text.lower() not in reasons:
                yield Finding("option-without-reason", scene.n, option.text)


@rule("another-question", "recap-without-answer")
def recap_answers(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the recap show the title's question again, and answer it with a sentence of the book."""
    asked = _shown(plan, "title", "question")
    for scene in plan.scenes:
        if scene.type != "recap":
            continue
        if asked and _shown(plan, "recap", "question") not in {asked, ""}:
            yield Finding("another-question", scene.n, "is not the question of the title")
        facts = [line.text for line in scene.say if _is_fact(line)]
        answer = _shown(plan, "recap", "answer")
        if scene.say and answer and answer not in facts:
            yield Finding("recap-without-answer", scene.n, "the answer is no cited sentence")


@rule("title-incomplete")
def title_names_the_student(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the title say for which grade and interest the lesson is: it must be seen to fit."""
    title = next((scene for scene in plan.scenes if scene.type == "title"), None)
    if title is None or not title.say:
        return
    meta = _shown(plan, "title", "meta")
    if meta and plan.brief.grade_band not in meta:
        yield Finding("title-incomplete", title.n, "does not show the grade")
    profile = profile_of(plan.brief.interest)
    wanted = _words(plan.brief.interest) | (_words(profile.name) if profile else set())
    said = " ".join((meta, *(line.text for line in title.say)))
    if wanted and not wanted & _words(said):
        yield Finding("title-incomplete", title.n, "does not name the interest")


@rule("sources-incomplete")
def sources_are_complete(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the last scene give the section's address and say that the text is adapted: CC BY."""
    for scene in plan.scenes:
        if scene.type != "sources":
            continue
        address = material.section.url.removeprefix("https://")
        if address not in (_shown(plan, "sources", "link") or address):
            yield Finding("sources-incomplete", scene.n, "the link is not the section's")
        if "adapted" not in (_shown(plan, "sources", "licence") or "adapted"):
            yield Finding("sources-incomplete", scene.n, "does not say that it is adapted")


def _is_fact(line: Line) -> bool:
    return line.kind == "fact" and bool(line.cites)


def _asks(line: Line) -> bool:
    return line.kind == "question" and line.text.endswith("?")


def _shown(plan: Plan, kind: SceneType, slot: str) -> str:
    return next((one.text for one in _elements(plan, kind) if one.slot == slot), "")


def _elements(plan: Plan, kind: SceneType) -> Iterator[Element]:
    for scene in plan.scenes:
        if scene.type == kind:
            yield from scene.show


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
