"""What a sentence leaves on the screen: itself, or a clause that is safe alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.lesson.extractive.phrases import MOST, MOST_POINTS, clause
from shared.lesson.extractive.sentences import stands_alone
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.extractive.wordlists import BAD_START


def points(subject: Subject, texts: Sequence[str], heading: str, room: int) -> list[str]:
    """Give what each sentence leaves on the screen, "" for none, in `room` words altogether.

    Where no sentence has a clause that is safe alone, one of them is shown whole.
    """
    most = [MOST for _ in texts]
    found = _clauses(subject, texts, heading, most)
    while _size(found) > max(0, room):
        longest = max(range(len(texts)), key=lambda place: (len(found[place].split()), place))
        most[longest] = len(found[longest].split()) - 2
        found = _clauses(subject, texts, heading, most)
    return found if any(found) else _one_whole(subject, texts, room)


def _one_whole(subject: Subject, texts: Sequence[str], room: int) -> list[str]:
    """Show a whole sentence where none can be shortened: a blank screen teaches nothing."""
    fitting = [place for place, text in enumerate(texts) if len(text.split()) <= room]
    if not fitting:
        return ["" for _ in texts]

    def rate(place: int) -> tuple[float, int]:
        return subject.weights.overlap(subject.about, stems(texts[place])), -place

    best = max(fitting, key=rate)
    return [text.rstrip(".") if place == best else "" for place, text in enumerate(texts)]


def _clauses(
    subject: Subject, texts: Sequence[str], heading: str, most: Sequence[int]
) -> list[str]:
    found: list[str] = []
    for text, words in zip(texts, most, strict=True):
        found.append(point(subject, text, [heading, *found], words))
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


def point(subject: Subject, text: str, shown: Collection[str] = (), most: int = MOST) -> str:
    """Give at most so many words of a sentence, not shown yet; empty when none are safe alone."""
    taken = " / ".join(shown).lower()
    is_short = len(text.split()) <= most + 1 and text.split(maxsplit=1)[0].lower() not in BAD_START
    whole = text.rstrip(".") if is_short and stands_alone(text) and "—" not in text else ""
    if whole and whole.lower() not in taken:
        return whole
    return clause(text, subject.weights, subject.about, most, taken)
