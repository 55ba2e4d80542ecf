"""The rule about the student's interest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.interests import profile_of
from shared.lesson.plan import Plan, Scene, SceneType
from shared.library.book import Material

_WORD = re.compile(r"[a-z]{3,}")
_COMMON = frozenset({"the", "and", "for", "with", "play", "playing", "game", "games", "video"})
_MAPPED: frozenset[SceneType] = frozenset({"title", "hook", "analogy_map"})
_UNMAPPED: frozenset[SceneType] = frozenset({"title"})


@rule("interest-out-of-place")
def only_where_mapped(plan: Plan, material: Material) -> Iterator[Finding]:
    """Keep the interest to where it stands for something: colourful asides lower learning.

    The book's own sentences and the student's own question may use the same words.
    """
    words = _words(plan.brief.interest) - _words(plan.brief.question) - _COMMON
    profile = profile_of(plan.brief.interest)
    words |= _words(profile.name) - _words(plan.brief.question) - _COMMON if profile else set()
    places = _MAPPED if plan.personalisation.mapped else _UNMAPPED
    for scene in plan.scenes:
        found = words & _own_words(scene)
        if found and scene.type not in places:
            yield Finding("interest-out-of-place", scene.n, ", ".join(sorted(found)))


def _own_words(scene: Scene) -> set[str]:
    """Give the words that are not the book's: neither facts nor what quotes them."""
    own = [line.text for line in scene.say if line.kind != "fact" and not line.cites]
    facts = " ".join(line.text for line in scene.say if line.cites).lower()
    shown = [one.text for one in scene.show if one.draw == "text" and one.text.lower() not in facts]
    return _words(" ".join((*own, *shown))) - _words(facts)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
