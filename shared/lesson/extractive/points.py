"""What a sentence leaves on the screen: itself, or a clause that is safe alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from shared.lesson.extractive.clauses import SHORTENED
from shared.lesson.extractive.phrases import MOST, MOST_POINTS, clause, opened
from shared.lesson.extractive.sentences import stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.extractive.wordlists import BAD_START

_LEANS = re.compile(r"(?:Suppose that|.+ says? this\.$)")
_FEWEST, _SOON = 2, 2
_MOST_OF_CLAUSE = 9  # words
_MOST_WHOLE = 14  # words of a sentence that is shown whole beside a point


def points(subject: Subject, texts: Sequence[str], heading: str, room: int) -> list[str]:
    """Give what each sentence leaves on the screen, "" for none, in `room` words altogether.

    Where hardly a sentence has a clause that is safe alone, one of them is shown whole.
    """
    most = [_MOST_OF_CLAUSE for _ in texts]
    found = _clauses(subject, texts, heading, most)
    while _size(found) > max(0, room):
        longest = max(range(len(texts)), key=lambda place: (len(found[place].split()), place))
        most[longest] = min(most[longest] - 1, len(found[longest].split()) - 2)
        found = _clauses(subject, texts, heading, most)
    if sum(map(bool, found)) < _FEWEST:
        found = _with_one_whole(subject, texts, found, room)
    return [_alone(one) for one in _from_the_start(subject, texts, found, room)]


def _from_the_start(
    subject: Subject, texts: Sequence[str], found: list[str], room: int
) -> list[str]:
    """Show one of the first sentences, if for that the last point must go: no screen waits long."""
    if any(found[:_SOON]):
        return found
    last = max((place for place, one in enumerate(found) if one), default=0)
    for kept in (found, [*found[:last], "", *found[last + 1 :]]):
        first = _with_one_whole(subject, texts[:_SOON], kept[:_SOON], room - _size(kept))
        if any(first):
            return [*first, *kept[_SOON:]]
    return found


def _alone(text: str) -> str:
    """Let what was the second half of a sentence begin on its own."""
    return opened(text.removeprefix("Then "))


def _with_one_whole(
    subject: Subject, texts: Sequence[str], found: list[str], room: int
) -> list[str]:
    """Show a whole sentence where few can be shortened: a blank screen teaches nothing."""
    free = room - _size(found)
    most = free if not any(found) else min(free, _MOST_WHOLE)
    fitting = [
        place
        for place, text in enumerate(texts)
        if not found[place] and len(text.split()) <= most and _may_be_shown(text, found)
    ]
    if not fitting:
        return found

    def rate(place: int) -> tuple[bool, float, int]:
        is_short = len(texts[place].split()) <= _MOST_WHOLE
        return is_short, subject.weights.overlap(subject.about, stems(texts[place])), -place

    best = max(fitting, key=rate)
    return [text.rstrip(".") if place == best else found[place] for place, text in enumerate(texts)]


def _may_be_shown(text: str, found: Sequence[str]) -> bool:
    return not any(found) or stands_alone(text)


def _clauses(
    subject: Subject, texts: Sequence[str], heading: str, most: Sequence[int]
) -> list[str]:
    found: list[str] = []
    for text, words in zip(texts, most, strict=True):
        is_of_heading = opened(text).lower().startswith(heading.lower())
        longest = _MOST_WHOLE if words == _MOST_OF_CLAUSE else words
        if is_of_heading and len(text.split()) <= longest:
            found.append(text.rstrip("."))
            continue
        found.append(point(subject, text, [heading, *found], words, SHORTENED))
    while sum(map(bool, found)) > MOST_POINTS:
        found[_least(subject, found)] = ""
    return found


def _least(subject: Subject, found: Sequence[str]) -> int:
    """Choose the point that says least of what was asked; of equals the last."""

    def rate(place: int) -> tuple[float, int]:
        return subject.weights.overlap(subject.about, stems(found[place])), -place

    return min((place for place, one in enumerate(found) if one), key=rate)


def _size(found: Sequence[str]) -> int:
    return sum(len(one.split()) for one in found)


def point(
    subject: Subject,
    text: str,
    shown: Collection[str] = (),
    most: int = MOST,
    least: int = 0,
) -> str:
    """Give at most so many words of a sentence, not shown yet; empty when none are safe alone.

    `least` is how much of a clause they must be.
    """
    if _LEANS.match(text):
        return ""
    taken = " / ".join(shown).lower()
    is_short = len(text.split()) <= most + 1 and text.split(maxsplit=1)[0].lower() not in BAD_START
    whole = text.rstrip(".") if is_short and stands_alone(text) and "—" not in text else ""
    if whole and whole.lower() not in taken:
        return whole
    return clause(text, subject.weights, subject.about, most, taken, least)
