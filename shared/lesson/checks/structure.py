"""Rules about the plan's build: scenes, slots, marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.extractive.meanings import meanings
from shared.lesson.plan import SLOTS, Element, Mark, Plan, Scene
from shared.lesson.shape import faults
from shared.library.book import Material

_FEWEST_TERMS = 2
_CONTENT = {
    "row": "cells",
    "equation": "mathml",
    "figure": "figure",
    "diagram": "diagram",
    "countdown": "",
}


@rule("needed-scenes")
def needed_scenes(plan: Plan, material: Material) -> Iterator[Finding]:
    """Ask for the scenes without which a lesson teaches nothing or hides its source."""
    for fault in faults(plan):
        yield Finding("needed-scenes", 0, fault)


@rule("keywords-missing")
def keywords_where_terms_exist(plan: Plan, material: Material) -> Iterator[Finding]:
    """Ask for the terms before they are used: who knows the words learns more from the rest."""
    has_scene = any(scene.type == "keywords" for scene in plan.scenes)
    if not has_scene and len(meanings(material.section)) >= _FEWEST_TERMS:
        yield Finding("keywords-missing", 0, "the section defines terms, but no scene shows them")


@rule("slots")
def legal_slots(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the film draw only what its layouts know: slot, kind of drawing, number, content."""
    for scene in plan.scenes:
        families: Counter[str] = Counter()
        for element in scene.show:
            family = re.sub(r"_\d+$", "_n", element.slot)
            families[family] += 1
            drawn, most = SLOTS[scene.type].get(family, (None, 0))
            if drawn != element.draw or families[family] > most:
                text = f"{element.id}: {element.draw} may not stand in {element.slot}"
                yield Finding("slots", scene.n, text)
            elif not _has_content(element):
                yield Finding("slots", scene.n, f"{element.id}: holds nothing to draw")
        if len({element.id for element in scene.show}) < len(scene.show):
            yield Finding("slots", scene.n, "two elements have one id")


@rule("marks")
def marks_that_point(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let every mark have its word and its element, in an order that can be played."""
    for scene in plan.scenes:
        marked = {mark.what for line in scene.say for mark in line.marks if mark.do == "reveal"}
        known = {one for element in scene.show for one in (element.id, *element.part_ids)}
        visible = known - marked
        for line in scene.say:
            words = len(line.spoken.split())
            for mark in line.marks:
                fault = _fault(mark, words, known, visible)
                if fault:
                    yield Finding("marks", scene.n, f"{mark.do} {mark.what}: {fault}")
                if mark.do == "reveal":
                    visible.add(mark.what)
                elif mark.do == "hide":
                    visible.discard(mark.what)
            if [mark.word for mark in line.marks] != sorted(mark.word for mark in line.marks):
                yield Finding("marks", scene.n, "marks of a sentence are not in the order of words")


@rule("options")
def one_right_option(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let a check have three or four options, of which one is right."""
    for scene in plan.scenes:
        options = [element for element in scene.show if element.draw == "option"]
        if scene.type == "check" and not _is_fair(options):
            yield Finding("options", scene.n, "needs 3 or 4 different options, one of them right")


def _has_content(element: Element) -> bool:
    wanted = _CONTENT.get(element.draw, "text")
    return not wanted or bool(getattr(element, wanted))


def _fault(mark: Mark, words: int, known: set[str], visible: set[str]) -> str:
    if not 0 <= mark.word < words:
        return f"word {mark.word} of {words}"
    if mark.what not in known:
        return "no such element"
    if mark.what.partition("/")[0] not in visible | {mark.what}:
        return "is part of a diagram that is not visible"
    if mark.do == "reveal":
        return "is visible already" if mark.what in visible else ""
    return "" if mark.what in visible else "is not visible"


def _is_fair(options: list[Element]) -> bool:
    right = sum(option.correct for option in options)
    return right == 1 and len({option.text for option in options}) == len(options) in {3, 4}


def elements_of(scene: Scene) -> dict[str, Element]:
    """Give a scene's elements by id."""
    return {element.id: element for element in scene.show}
