"""What to ask a student back, with options made from the library's own sections.

An option is offered only if it keeps its word: what is taught when it is chosen leads to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared.library.retrieval import FLOOR, Ranked, ranked
from shared.ports import Library
from shared.question.inquiry import ROUNDS, Inquiry, Option
from shared.question.ports import Place

MOST = 5  # sections to choose from, where a word leads to many
MOST_LISTED = 30  # chapters or sections, where nothing leads anywhere
RIVAL, NEAR = 0.9, 0.8  # shares of the best section's score: doubtful, and worth offering

WHICH = "Which of these do you mean? Choose one, or write your question in a whole sentence."
ABOUT = "What is your question about? Choose one, or write your question in a whole sentence."
AGAIN = (
    "There is no earlier question of yours to come back to. What shall we explain? Choose one, or"
    " write your question in a whole sentence."
)


def between_sections(found: Ranked, round_: int, library: Library) -> Inquiry | None:
    """Ask which section is meant; None where one leads clearly, or nothing does."""
    if found.sure < FLOOR or len(_from(found, RIVAL)) < FEWEST:
        return None
    options = list(_offered(_from(found, NEAR)[:MOST], found, library))
    return _inquiry(round_, WHICH, options)


def for_a_topic(round_: int, text: str, library: Library) -> Inquiry | None:
    """Ask for a chapter, or a book where there are too many; None where only one is left."""
    places = library.outline()
    options = _chapters(places)
    if len(options) > MOST_LISTED:
        options = [Option(_name("book", book), book) for book in _each(p.book for p in places)]
    return _inquiry(round_, text, options)


def of_a_part(option: str, round_: int, library: Library) -> Inquiry | str:
    """Ask for a part of the chosen chapter or book; gives what to teach where one is left.

    After the last round a part's first section is the best guess.
    """
    places = library.outline()
    in_book = [place for place in places if _name("book", place.book) == option]
    inside = in_book or [place for place in places if _chapter_id(place) == option]
    if not inside:  # the library has changed since
        return option.partition(":")[2]
    options = _chapters(in_book) if in_book else _sections(inside)
    inquiry = _inquiry(round_, ABOUT, options) if round_ <= ROUNDS else None
    return inquiry or inside[0].title


def of_a_reference(chapter: str, number: str, round_: int, library: Library) -> Inquiry | str:
    """Find "chapter 4" or "4.2" in the books; gives what to teach where that names one section.

    Empty where the books have no such place.
    """
    places = library.outline()
    if number:
        named = [place for place in places if place.number == number]
    else:
        named = [place for place in places if place.number.partition(".")[0] == chapter]
    inquiry = _inquiry(round_, ABOUT, _sections(named))
    return inquiry or (named[0].title if named else "")


FEWEST = 2  # options, that are a choice


def _inquiry(round_: int, text: str, options: Sequence[Option]) -> Inquiry | None:
    if len(options) < FEWEST:
        return None
    return Inquiry(f"topic-{round_}", text, tuple(options[:MOST_LISTED]))


def _from(found: Ranked, share: float) -> list[str]:
    best = found.sections[0][1]
    return [module for module, score in found.sections if score >= share * best]


def _offered(modules: Iterable[str], found: Ranked, library: Library) -> Iterable[Option]:
    for module in modules:
        title = found.titles[module]
        led = ranked(title, library)
        if led.sure >= FLOOR and led.sections[0][0] == module:
            yield Option(module, title, title)


def _chapters(places: Sequence[Place]) -> list[Option]:
    named = {_chapter_id(place): place.chapter for place in places}
    return [Option(name, chapter) for name, chapter in named.items()]


def _sections(places: Sequence[Place]) -> list[Option]:
    return [Option(place.module, place.title, place.title) for place in places]


def _chapter_id(place: Place) -> str:
    return _name("chapter", place.chapter)


def _name(kind: str, title: str) -> str:
    return f"{kind}:{title}"


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
