"""Rules about when things appear: one at a time, each with its word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.checks.structure import elements_of
from shared.lesson.plan import Element, Plan, SceneType
from shared.library.book import Material

# What names or credits something else may stand there without a word of its own.
_LABELS = frozenset({"heading", "credit", "topic", "meta"})
# Pictures, and what a scene shows as a whole, are there before they are spoken of.
_PICTURES = frozenset({"figure", "diagram", "equation"})
_AT_ONCE: frozenset[SceneType] = frozenset({"title", "sources"})


@rule("two-at-once")
def one_at_a_time(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let one new thing appear at a word: of two, a viewer misses one."""
    for scene in plan.scenes:
        elements = elements_of(scene)
        for number, line in enumerate(scene.say, start=1):
            new = Counter(
                mark.word
                for mark in line.marks
                if mark.do == "reveal" and not _is_label(elements.get(mark.what))
            )
            for word, count in new.items():
                if count > 1:
                    text = f"sentence {number}, word {word + 1}: {count} new things"
                    yield Finding("two-at-once", scene.n, text)


@rule("unannounced")
def each_with_its_word(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let what is written appear with its word: who reads ahead does not listen."""
    for scene in plan.scenes:
        if scene.type in _AT_ONCE:
            continue
        named = {mark.what for line in scene.say for mark in line.marks if mark.do == "reveal"}
        for element in scene.show:
            free = _is_label(element) or element.draw in _PICTURES
            if not free and element.id not in named:
                yield Finding("unannounced", scene.n, f"{element.id}: no word reveals it")


def _is_label(element: Element | None) -> bool:
    return element is None or element.slot in _LABELS
