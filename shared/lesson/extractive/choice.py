"""Which of the section's runs teach: the law or the best run first, then runs of other passages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.lesson.extractive.meanings import alike
from shared.lesson.extractive.mistakes import Mistake, mistake
from shared.lesson.extractive.sentences import RUN_WORDS, Run, runs, sayable, stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.extractive.working import Working, working
from shared.lesson.interests import Comparison
from shared.lesson.shape import MOST_CONCEPTS
from shared.library.book import Passage, Section

_FEWEST_WORDS = 22
_HOOK_WORDS = (12, 40)
_FEWEST_CONCEPTS = 2
_FEWEST_LEFT = 12  # words of a run that is taken because nothing better is left
_CLOSE = 0.25  # the share of question and focus that a third concept must hold
_SAME = 0.5
_LAW = re.compile(r"\b(?:laws?|principle|theorem|rule|postulates?)\b", re.IGNORECASE)
_LAWLIKE = 0.2  # a law comes first when it shares this much with what the focus means
_CONCRETE = re.compile(
    r"\b(?:ball|bat|bell|bicycle|bike|boat|book|bottle|box|bridge|bus|candle|car|cart|cat|chair|child|"
    r"children|clock|coin|cup|dog|door|drum|earth|eye|finger|fire|fish|flashlight|flute|glass|"
    r"guitar|hammer|hand|hands|hockey|hose|house|ice|kitchen|lamp|lake|leaf|light bulb|magnet|"
    r"microwave|mirror|moon|mountain|ocean|oven|pan|paper|pencil|phone|piano|plane|airplane|plant|pool|"
    r"pot|puck|radio|rain|rainbow|ramp|refrigerator|ripples|road|rock|rocket|roller coaster|room|"
    r"rope|rubber|satellite|shoe|skater|skin|sky|soap|spoon|spring|stone|stove|street|string|sun|"
    r"swimmer|swing|tea|telescope|television|train|tree|truck|tv|wagon|water|window|wire|yo-yo)s?\b",
    re.IGNORECASE,
)
_TO_YOU = re.compile(r"\b(?:you|your|imagine|suppose|consider|think of|example)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lesson:
    """The book's runs that a lesson is made of; `law` names what the first one states."""

    concepts: tuple[Run, ...]
    law: str
    hook: Run | None
    example: Working | None
    misconception: Mistake | None


def choose(subject: Subject) -> Lesson:
    """Choose runs by score; the concepts after the first stand in the book's order."""
    found = _ranked(subject)
    law = _law(subject, subject.section)
    is_first = law is not None and _states_the_focus(subject, *law)
    first, name = law if law and is_first else (found[0], "") if found else (None, "")
    if first is None:
        return Lesson((), "", None, None, None)
    is_mapped = isinstance(subject.comparison, Comparison)
    hook = None if is_mapped else _hook(subject, first)
    spoken = (first, hook) if hook else (first,)
    rest = _others(subject, found, spoken)
    concepts = (first, *sorted(rest, key=lambda run: run.order))
    mix_up = _mistake(subject, (*spoken, *rest))
    return Lesson(concepts, name, hook, working(subject), mix_up)


def _ranked(subject: Subject) -> list[Run]:
    """Rank the best run of each paragraph, and of the summary where paragraphs give too little."""
    best = sorted(_best_of_passages(subject), key=lambda run: (-subject.score(run), run.order))
    body = [run for run in best if run.passage.kind == "body"]
    return body if sum(subject.score(run) > 0 for run in body) > _FEWEST_CONCEPTS else best


def _others(subject: Subject, found: Sequence[Run], spoken: tuple[Run, ...]) -> list[Run]:
    """Choose what is taught besides the first run; `spoken` are that one and the hook's."""
    taken: list[Run] = []
    for run in found:
        is_needed = not taken or (_is_close(subject, run) and len(run.sentences) > 1)
        is_new = _is_new(run, (*spoken, *taken)) and not _only_defines(subject, run)
        if len(taken) < MOST_CONCEPTS - 1 and is_needed and is_new:
            taken.append(run)
    return taken or _another(subject, spoken)


def _best_of_passages(subject: Subject) -> Iterator[Run]:
    by_passage: dict[str, list[Run]] = {}
    for run in runs(subject.section):
        if run.passage.kind in {"body", "summary"}:
            by_passage.setdefault(run.passage.id, []).append(run)
    for windows in by_passage.values():
        long = [run for run in windows if run.words >= _FEWEST_WORDS]
        linked = [run for run in long if len(run.sentences) > 1]
        yield max(linked or long or windows, key=subject.score)


def _states_the_focus(subject: Subject, run: Run, law: str) -> bool:
    meant = stems(" ".join(one.definition for one in subject.terms_of_focus))
    return law.lower() == subject.focus.lower() or alike(run.stems, meant) >= _LAWLIKE


def _another(subject: Subject, taken: Sequence[Run]) -> list[Run]:
    """Give the best run, of whatever passage, that says nothing of what is taken already."""
    free = [
        run
        for run in runs(subject.section)
        if run.words >= _FEWEST_LEFT and not any(run.shares(other) for other in taken)
    ]
    return sorted(free, key=lambda run: (-subject.score(run), run.order))[:1]


def _only_defines(subject: Subject, run: Run) -> bool:
    """Whether a run of the summary says what the keywords say."""
    lines = {meaning.line for meaning in subject.meanings}
    return run.passage.kind == "summary" and any(one.text in lines for one in run.sentences)


def _is_close(subject: Subject, run: Run) -> bool:
    return subject.weights.overlap(subject.about, run.stems) >= _CLOSE


def _is_new(run: Run, taken: Sequence[Run]) -> bool:
    return all(
        run.passage.id != other.passage.id
        and not run.shares(other)
        and alike(run.stems, other.stems) < _SAME
        for other in taken
    )


def _law(subject: Subject, section: Section) -> tuple[Run, str] | None:
    """Find a list whose paragraph marks a law among the section's terms."""
    for order, (above, below) in enumerate(pairwise(section.passages)):
        named = [mark for mark in above.marks if _LAW.search(mark)]
        if below.kind == "list" and above.kind == "body" and named:
            run = _items(below, order + 1)
            if run:
                return run, named[-1]
    return None


def _items(passage: Passage, order: int) -> Run | None:
    firsts = [sentence for sentence in passage.sentences if sentence.id.endswith(".1")]
    said = [sayable(sentence) for sentence in firsts]
    kept = tuple(sentence for sentence in said if sentence and stands_alone(sentence.text))
    run = Run(kept, passage, order)
    return run if kept and len(kept) == len(firsts) and run.words <= RUN_WORDS else None


def _hook(subject: Subject, first: Run) -> Run | None:
    """Find the run that names the most concrete things and is not taught anyway."""

    def rate(run: Run) -> float:
        things = {thing.lower() for thing in _CONCRETE.findall(run.text)}
        to_you = len(_TO_YOU.findall(run.text))
        early = 1 - run.order / len(subject.section.passages)
        asked = subject.weights.overlap(subject.asked, run.stems)
        return min(len(things), 3) + 2 * min(to_you, 1) + early + 2 * asked + subject.score(run) / 2

    fitting = [
        run
        for run in runs(subject.section)
        if run.passage.kind == "body"
        and _HOOK_WORDS[0] <= run.words <= _HOOK_WORDS[1]
        and _CONCRETE.search(run.text)
        and run.passage.id != first.passage.id
        and not re.search(r"\d", run.text)
    ]
    return max(fitting, key=lambda run: (rate(run), -run.order), default=None)


def _mistake(subject: Subject, taught: Sequence[Run]) -> Mistake | None:
    return mistake(subject, {sentence.text for run in taught for sentence in run.sentences})
