"""Rules about numbers: what a lesson works out is worked out again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.plan import Plan, Scene
from shared.lesson.spoken import spoken
from shared.library.book import Material
from shared.library.mathml import readable
from shared.library.recompute import agreements

_EQUALS = re.compile(r"\s*[=≈]\s*")
_NUMBER = re.compile(r"\d")
_UNIT_ENDS = r"(?! (?:squared|cubed|per|times)\b)"


@rule("wrong-number")
def numbers_agree(plan: Plan, material: Material) -> Iterator[Finding]:
    """Compute every line of an example again: one wrong number and nobody believes the rest."""
    for scene in plan.scenes:
        if scene.type == "worked_example":
            for left, sides in _worked(scene).items():
                chain = " = ".join((left, *sides))
                if not all(agreements(chain)):
                    yield Finding("wrong-number", scene.n, chain)


@rule("answer-not-said")
def answers_are_said(plan: Plan, material: Material) -> Iterator[Finding]:
    """Say the number and the unit that the answer shows: eye and ear get one result."""
    for scene in plan.scenes:
        if scene.type == "worked_example" and scene.say:
            said = _plain(" ".join(line.spoken for line in scene.say))
            shown = _EQUALS.split(_answer(scene))[-1]
            wanted = re.escape(_plain(spoken(shown)))
            if _NUMBER.search(shown) and not re.search(rf"\b{wanted}\b{_UNIT_ENDS}", said):
                yield Finding("answer-not-said", scene.n, shown)


def _worked(scene: Scene) -> dict[str, list[str]]:
    """Give what each symbol of an example is said to be, line by line, the answer last."""
    found: dict[str, list[str]] = defaultdict(list)
    lines = [readable(etree.fromstring(one.mathml)) for one in scene.show if one.mathml]
    for line in (*lines, _answer(scene)):
        left, *sides = _EQUALS.split(line)
        found[left.strip()] += sides
    return found


def _answer(scene: Scene) -> str:
    return next((one.text for one in scene.show if one.slot == "answer"), "")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))
