"""Which of the book's runs teach: one for each thing that is asked about, then what is near."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.lesson.extractive.hooks import hook
from shared.lesson.extractive.meanings import alike
from shared.lesson.extractive.mistakes import Mistake, mistake
from shared.lesson.extractive.scoring import Scores
from shared.lesson.extractive.sentences import RUN_WORDS, Run, runs, sayable, stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.extractive.working import Working, working
from shared.lesson.interests import Comparison
from shared.lesson.shape import MOST_CONCEPTS
from shared.library.book import Passage, Section

_FEWEST_WORDS = 22
_FEWEST_CONCEPTS = 2
_FEWEST_LEFT = 12  # words of a run that is taken because nothing better is left
_CLOSE = 0.2  # the share of question and focus that a third concept must hold
_WORTH = 0.5  # the share of the best run's score that it must reach
_SAME = 0.45
_AWAY = 4.0  # what a neighbour's run loses where the section itself teaches the focus
_MOSTLY = 0.5  # the share of a focus's name that its run must say
_LAW = re.compile(r"\b(?:laws?|principle|theorem|rule|postulates?)\b", re.IGNORECASE)
_LAWLIKE = 0.2  # a law comes first when it shares this much with what the focus means


@dataclass(frozen=True, slots=True)
class Lesson:
    """The book's runs that a lesson is made of; `law` names what the first one states."""

    concepts: tuple[Run, ...]
    law: str
    hook: Run | None
    example: Working | None
    misconception: Mistake | None


def choose(subject: Subject) -> Lesson:
    """Choose runs: for each focus in the question's order, then others in the book's order."""
    found, scores = _candidates(subject), Scores(subject)
    law = _law(subject, subject.section)
    is_first = law is not None and _states_the_focus(subject, *law)
    first, name = (
        law if law and is_first else (_best(subject, scores, found, subject.focus, ()), "")
    )
    if first is None:
        return Lesson((), "", None, None, None)
    taken = [first]
    for focus in subject.foci[1:MOST_CONCEPTS]:
        other = _best(subject, scores, found, focus, taken)
        taken += [other] if other and _names(subject, focus, other) else []
    own = [run for run in found if run.module == subject.section.module]
    rest = _others(subject, scores, own, taken)
    example = working(subject)
    if isinstance(subject.comparison, Comparison):
        opening = None
    else:
        opening = hook(subject, own, (*taken, *rest))
    concepts = (*taken, *sorted(rest, key=lambda run: run.order))
    spoken = (*concepts, *((opening,) if opening else ()))
    return Lesson(concepts, name, opening, example, _mistake(subject, spoken))


def _candidates(subject: Subject) -> list[Run]:
    """Give the runs that may teach; short ones where the section has too little else."""
    sections = (subject.section, *subject.material.neighbours)
    found = [run for section in sections for run in runs(section)]
    long = [run for run in found if run.words >= _FEWEST_WORDS]
    own = {run.passage.id for run in long if run.module == subject.section.module}
    enough = len(own) > _FEWEST_CONCEPTS
    return long if enough else [run for run in found if run.words >= _FEWEST_LEFT]


def _best(
    subject: Subject, scores: Scores, found: Sequence[Run], focus: str, taken: Sequence[Run]
) -> Run | None:
    """Choose the run that teaches a focus best; a neighbour's only where the section has none."""
    free = [run for run in found if _is_new(run, taken)]
    free = [run for run in free if not taken or not _only_defines(subject, run)]
    own = [run for run in free if run.module == subject.section.module]
    named = [run for run in free if _names(subject, focus, run)]
    choices = named or (own if focus == subject.focus else [])

    def rate(run: Run) -> tuple[float, int]:
        is_away = run.module != subject.section.module
        return scores.of(run, focus) - is_away * (_AWAY if own_names else 0), -run.order

    own_names = any(run in named for run in own) and subject.is_own(focus)
    return max(choices, key=rate, default=None)


def _names(subject: Subject, focus: str, run: Run) -> bool:
    """Whether a run says the most telling word of a focus, and most of its name."""
    name = stems(focus)
    rarest = max(name, key=subject.weights.weight, default="")
    return rarest in run.stems and subject.weights.overlap(name, run.stems) >= _MOSTLY


def _others(
    subject: Subject, scores: Scores, own: Sequence[Run], taken: Sequence[Run]
) -> list[Run]:
    """Choose what is taught besides, each run the best that says something new."""
    chosen: list[Run] = []
    least = _WORTH * max((scores.of(run) for run in taken), default=0.0)
    ranked = sorted(own, key=lambda run: (-scores.of(run), run.order))
    for run in ranked:
        have = (*taken, *chosen)
        if len(have) >= MOST_CONCEPTS:
            break
        is_needed = len(have) < _FEWEST_CONCEPTS
        is_good = scores.of(run) >= least and len(run.sentences) > 1
        is_good = is_good and _is_close(subject, run)
        if (is_needed or is_good) and _is_new(run, have) and not _only_defines(subject, run):
            chosen.append(run)
    return chosen or (_another(subject, scores, taken) if len(taken) < _FEWEST_CONCEPTS else [])


def _states_the_focus(subject: Subject, run: Run, law: str) -> bool:
    meant = stems(" ".join(one.definition for one in subject.terms_of_focus))
    return law.lower() == subject.focus.lower() or alike(run.stems, meant) >= _LAWLIKE


def _another(subject: Subject, scores: Scores, taken: Sequence[Run]) -> list[Run]:
    """Give the best run, of whatever passage, that says nothing of what is taken already."""
    free = [
        run
        for run in runs(subject.section)
        if run.words >= _FEWEST_LEFT and not any(run.shares(other) for other in taken)
    ]
    return sorted(free, key=lambda run: (-scores.of(run), run.order))[:1]


def _only_defines(subject: Subject, run: Run) -> bool:
    """Whether a run of the summary says what the keywords say."""
    lines = {meaning.line for meaning in subject.meanings}
    return run.passage.kind == "summary" and any(one.text in lines for one in run.sentences)


def _is_close(subject: Subject, run: Run) -> bool:
    near = subject.weights.overlap(subject.about, run.stems)
    return near >= _CLOSE and any(stems(one) & run.stems for one in subject.foci)


def _is_new(run: Run, taken: Sequence[Run]) -> bool:
    return all(
        run.passage.id != other.passage.id
        and not run.shares(other)
        and alike(run.stems, other.stems) < _SAME
        for other in taken
    )


def _law(subject: Subject, section: Section) -> tuple[Run, str] | None:
    """Find a list whose paragraph marks a law among the section's terms."""
    return next(_laws(section), None)


def _laws(section: Section) -> Iterator[tuple[Run, str]]:
    for order, (above, below) in enumerate(pairwise(section.passages)):
        named = [mark for mark in above.marks if _LAW.search(mark)]
        if below.kind == "list" and above.kind == "body" and named:
            run = _items(below, order + 1)
            if run:
                yield run, named[-1]


def _items(passage: Passage, order: int) -> Run | None:
    firsts = [sentence for sentence in passage.sentences if sentence.id.endswith(".1")]
    said = [sayable(sentence) for sentence in firsts]
    kept = tuple(sentence for sentence in said if sentence and stands_alone(sentence.text))
    run = Run(kept, passage, order)
    return run if kept and len(kept) == len(firsts) and run.words <= RUN_WORDS else None


def _mistake(subject: Subject, taught: Sequence[Run]) -> Mistake | None:
    return mistake(subject, {sentence.text for run in taught for sentence in run.sentences})
