"""Rules about what is seen: few words, one accent, characters that the fonts have."""

from __future__ import annotations

from collections.abc import Iterator

from shared.film.glyphs import missing
from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.checks.structure import elements_of
from shared.lesson.diagrams import written
from shared.lesson.pace import MOST_VISIBLE_WORDS
from shared.lesson.plan import Element, Plan, Scene
from shared.library.book import Material

_MOST_SHARED_RUN = 9  # a short clause; whole paragraphs are the trouble
_READ_AND_HEARD = {"term", "definition", "equation", "option", "figure", "countdown"}
_EXEMPT_SCENES = {"title", "check", "recap", "sources"}


@rule("crowded-screen")
def few_words(plan: Plan, material: Material) -> Iterator[Finding]:
    """Show at most 25 words at once: who reads does not listen."""
    for scene in plan.scenes:
        most = max((sum(map(words_of, seen)) for seen in _moments(scene)), default=0)
        if most > MOST_VISIBLE_WORDS:
            yield Finding("crowded-screen", scene.n, f"{most} words at once")


@rule("read-aloud")
def little_read_aloud(plan: Plan, material: Material) -> Iterator[Finding]:
    """Do not read the screen aloud: the same words by eye and ear get in each other's way.

    Terms, definitions and laws (points that are whole sentences) are meant to be read.
    """
    for scene in plan.scenes:
        if scene.type in _EXEMPT_SCENES:
            continue
        said = [_plain(line.text) for line in scene.say]
        for element in scene.show:
            words = _plain(element.text)
            is_exempt = element.draw in _READ_AND_HEARD or words in said
            if not is_exempt and any(_shared(words, line) > _MOST_SHARED_RUN for line in said):
                yield Finding("read-aloud", scene.n, element.text, "warning")


@rule("two-accents")
def one_accent(plan: Plan, material: Material) -> Iterator[Finding]:
    """Point at one thing at a time."""
    for scene in plan.scenes:
        if any(sum(one.role == "accent" for one in seen) > 1 for seen in _moments(scene)):
            yield Finding("two-accents", scene.n, "more than one element is in the accent role")


@rule("no-glyph")
def drawable(plan: Plan, material: Material) -> Iterator[Finding]:
    """Draw no character that the film's fonts lack: it would be an empty box."""
    for scene in plan.scenes:
        lacking = missing("".join(map(_written, scene.show)))
        if lacking:
            names = ", ".join(f"U+{ord(one):04X}" for one in lacking)
            yield Finding("no-glyph", scene.n, names)


def words_of(element: Element) -> int:
    """Count the words that an element puts on the screen."""
    return len(" ".join((element.text, *element.cells)).split())


def _written(element: Element) -> str:
    labels = written(element.diagram) if element.diagram else ()
    return "".join((element.text, *element.cells, *labels))


def _moments(scene: Scene) -> Iterator[list[Element]]:
    """Give what is visible at the start and after each mark."""
    elements = elements_of(scene)
    marks = [mark for line in scene.say for mark in line.marks]
    revealed = {mark.what for mark in marks if mark.do == "reveal"}
    visible = [one for one in elements if one not in revealed]
    yield [elements[one] for one in visible]
    for mark in marks:
        if mark.do == "hide" and mark.what in visible:
            visible.remove(mark.what)
        elif mark.do == "reveal" and mark.what in elements:
            visible.append(mark.what)
        yield [elements[one] for one in visible]


def _plain(text: str) -> list[str]:
    return [word.strip(".,;:!?\"'()").lower() for word in text.split()]


def _shared(one: list[str], other: list[str]) -> int:
    """Measure the longest run of words that stands in both."""
    longest = 0
    before = [0] * (len(other) + 1)
    for word in one:
        now = [0] * (len(other) + 1)
        for place, heard in enumerate(other, start=1):
            now[place] = before[place - 1] + 1 if word == heard else 0
        longest = max(longest, *now)
        before = now
    return longest
