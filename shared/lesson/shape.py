"""Which scenes a lesson must have, and in which order."""

from __future__ import annotations

from typing import get_args

from shared.lesson.plan import Plan, SceneType

ORDER: tuple[SceneType, ...] = get_args(SceneType)
NEEDED: tuple[SceneType, ...] = ("title", "hook", "concept", "check", "recap", "sources")
MOST_CONCEPTS = 3


def faults(plan: Plan) -> tuple[str, ...]:
    """Name everything that the plan's scenes lack or have out of order.

    Whether `keywords` is needed depends on the book's terms: `checks` asks for it.
    """
    types = [scene.type for scene in plan.scenes]
    found = [f"{needed} is missing" for needed in NEEDED if needed not in types]
    if [scene.n for scene in plan.scenes] != list(range(1, len(plan.scenes) + 1)):
        found.append("must be numbered from 1 without a gap")
    if types != sorted(types, key=ORDER.index):
        found.append(f"must stand in the order {', '.join(ORDER)}")
    found += [f"{one} stands twice" for one in ORDER if one != "concept" and types.count(one) > 1]
    if types.count("concept") > MOST_CONCEPTS:
        found.append(f"more than {MOST_CONCEPTS} concepts")
    if not _has_a_second_look(types):
        found.append("needs analogy_map, worked_example or a second concept")
    return tuple(found)


def _has_a_second_look(types: list[SceneType]) -> bool:
    return "analogy_map" in types or "worked_example" in types or types.count("concept") > 1
