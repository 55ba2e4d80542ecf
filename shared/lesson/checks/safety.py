"""The rule about what may be said and shown to minors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.plan import Plan
from shared.library.book import Material
from shared.safety.own_words import own_words
from shared.safety.screen import screened

_screened = lru_cache(maxsize=1024)(screened)  # a plan that was repaired says most of it again


@rule("unsafe-words")
def fit_for_minors(plan: Plan, material: Material) -> Iterator[Finding]:
    """Say and show nothing in the lesson's own words that no student should be told."""
    for n, text in own_words(plan):
        category = _screened(text)
        if category:
            yield Finding("unsafe-words", n, category)
