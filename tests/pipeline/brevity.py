"""A real plan made as short as the rules allow, so that a hundred lessons fit into a test run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from shared.lesson.checks import check
from shared.lesson.extractive.author import ExtractiveAuthor
from shared.lesson.plan import Brief, Plan, Scene
from shared.library.book import Material

NOBODY = "0" * 32


class BriefAuthor(ExtractiveAuthor):
    """The extractive author, cut short; its calls are counted as if each were paid for."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def write(self, lesson_id: str, brief: Brief, material: Material) -> Plan:
        """Write the shortest plan."""
        self.calls += 1
        return replace(_shortest(brief, material), lesson_id=lesson_id)


@cache
def _shortest(brief: Brief, material: Material) -> Plan:
    plan = ExtractiveAuthor().write(NOBODY, brief, material)
    while True:
        for shorter in _one_less(plan):
            if not any(finding.severity == "error" for finding in check(shorter, material)):
                plan = shorter
                break
        else:
            return plan


def _one_less(plan: Plan) -> Iterator[Plan]:
    """Give each plan that has one scene, or one line, less."""
    scenes = plan.scenes
    for at in range(len(scenes)):
        yield _numbered(plan, (*scenes[:at], *scenes[at + 1 :]))
    for at, scene in enumerate(scenes):
        if scene.type == "check" or len(scene.say) == 1:
            continue
        for line in range(len(scene.say)):
            shorter = _without(scene, line)
            yield _numbered(plan, (*scenes[:at], shorter, *scenes[at + 1 :]))


def _without(scene: Scene, line: int) -> Scene:
    gone = {mark.what for mark in scene.say[line].marks}
    kept = tuple(element for element in scene.show if element.id not in gone)
    return replace(scene, say=scene.say[:line] + scene.say[line + 1 :], show=kept)


def _numbered(plan: Plan, scenes: tuple[Scene, ...]) -> Plan:
    return replace(plan, scenes=tuple(replace(s, n=n) for n, s in enumerate(scenes, 1)))
