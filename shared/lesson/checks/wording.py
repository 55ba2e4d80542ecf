"""Rules about words: a term before its use, nothing that only eyes can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.pace import MEAN_SENTENCE_WORDS
from shared.lesson.plan import Line, Plan, SceneType
from shared.library.book import Material

_USING: frozenset[SceneType] = frozenset({"concept", "worked_example", "misconception"})
_MEANS = (
    r"(?:\s+(?:is|are|was|means?|says|states|refers to|describes|measures)\b|:|\s*,?\s+or\b|\s*\()"
)
# Our own sentences only: what a book's sentence points to, the author has left out already.
_POINTING = re.compile(
    r"\b(?:as (?:you can see|shown|pictured)|over (?:here|there)|"
    r"(?:see|shown|look) (?:above|below)|"
    r"(?:look at|see) (?:this|that|these|those|here)\b(?! \w+ing))|\bthis one\b",
    re.IGNORECASE,
)


@rule("term-before-meaning")
def terms_before_use(plan: Plan, material: Material) -> Iterator[Finding]:
    """Say what a term means before a concept uses it: nobody follows a word they do not know."""
    if all(scene.type != "keywords" for scene in plan.scenes):
        return  # another rule asks for them
    terms = sorted({one.term.lower() for one in material.section.terms}, key=len, reverse=True)
    known: set[str] = set()
    for scene in plan.scenes:
        known |= {one.text.lower() for one in scene.show if one.draw == "term"}
        for line in scene.say:
            for term in _named(line.text.lower(), terms):
                if scene.type in _USING and term not in known and not _defines(line, term):
                    yield Finding("term-before-meaning", scene.n, term, "warning")
                if scene.type in _USING or _defines(line, term):
                    known.add(term)  # to say it once is enough


@rule("seen-not-said")
def nothing_for_eyes_alone(plan: Plan, material: Material) -> Iterator[Finding]:
    """Point to nothing without naming it: some students only listen."""
    for scene in plan.scenes:
        for line in scene.say:
            if line.kind != "fact" and _POINTING.search(line.text):
                yield Finding("seen-not-said", scene.n, line.text)


@rule("long-on-average")
def short_on_average(plan: Plan, material: Material) -> Iterator[Finding]:
    """Keep the mean sentence short for the grade; a book's own sentences cannot be eased."""
    counts = [len(line.text.split()) for scene in plan.scenes for line in scene.say]
    most = MEAN_SENTENCE_WORDS[plan.brief.grade_band]
    mean = sum(counts) / max(1, len(counts))
    if mean > most:
        text = f"{mean:.1f} words a sentence, {most} at most"
        yield Finding("long-on-average", 0, text, "warning")


def _named(text: str, terms: Sequence[str]) -> Iterator[str]:
    """Give the terms that a text names; of "law of inertia" the whole, not its last word."""
    for term in terms:
        pattern = rf"\b{re.escape(term)}(?:s|es)?\b"
        if re.search(pattern, text):
            yield term
            text = re.sub(pattern, " ", text)


def _defines(line: Line, term: str) -> bool:
    name = re.escape(term)
    pattern = rf"\b{name}s?{_MEANS}|^(?:this is|here is|it is called) (?:the )?{name}\b"
    return re.search(pattern, line.text.lower()) is not None
