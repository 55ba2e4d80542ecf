"""One scene in the making: lines, and the elements that appear as their words are said."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from shared.lesson.pace import MOST_VISIBLE_WORDS
from shared.lesson.plan import Element, Line, Mark, Scene, SceneType, SentenceKind
from shared.lesson.spoken import spoken

_PLAIN = re.compile(r"[^\w']+")


class Staging:
    """Collects a scene; hides the oldest passing element before the screen gets too full."""

    def __init__(self, kind: SceneType, title: str, concept: str = "") -> None:
        self._kind: SceneType = kind
        self._title = title
        self._concept = concept
        self._say: list[Line] = []
        self._show: list[Element] = []
        self._staying: list[Element] = []
        self._passing: list[Element] = []

    @property
    def room(self) -> int:
        """How many more words the screen can hold beside what stays on it."""
        return MOST_VISIBLE_WORDS - self._least()

    def put(self, *elements: Element) -> None:
        """Show elements from the first frame to the last."""
        self._show += elements
        self._staying += elements

    def say(  # noqa: PLR0913  (what a line of a plan holds, each by name)
        self,
        text: str,
        kind: SentenceKind,
        *,
        cites: Sequence[str] = (),
        reveal: Sequence[tuple[Element, str]] = (),
        hide: Sequence[Element] = (),
        marks: Sequence[tuple[str, str]] = (),
        pause_s: float = 0.0,
        stays: bool = False,
    ) -> None:
        """Say a sentence; each element of `reveal` appears at the first word of its phrase.

        `marks` are parts of a diagram, by id, that appear in the same way where nothing else does.
        """
        said = spoken(text)
        deeds = [mark for element in hide for mark in self._leave(element, 0)]
        begun: set[int] = set()
        for element, phrase in reveal:
            word = place(said, phrase, begun)
            begun.add(word)
            deeds += self._enter(element, word, stays=stays)
        for name, phrase in marks:
            word = place(said, phrase)
            if all(deed.word != word for deed in deeds):
                deeds.append(Mark(word, "reveal", name))
        deeds.sort(key=lambda mark: mark.word)
        self._say.append(Line(text, said, kind, tuple(cites), tuple(deeds), pause_s))

    def scene(self, hold_s: float = 0.0) -> Scene:
        """Give the scene, not yet numbered."""
        return Scene(
            0, self._kind, self._title, tuple(self._say), tuple(self._show), self._concept, hold_s
        )

    def _enter(self, element: Element, word: int, *, stays: bool) -> list[Mark]:
        marks: list[Mark] = []
        if self._least() + shown_words(element) > MOST_VISIBLE_WORDS:
            return []  # no room, even alone with what must stay
        while self._passing and self._words() + shown_words(element) > MOST_VISIBLE_WORDS:
            oldest = min(self._passing, key=lambda one: one.slot == "heading")  # a heading last
            marks += self._leave(oldest, word)
        self._show.append(element)
        (self._staying if stays else self._passing).append(element)
        return [*marks, Mark(word, "reveal", element.id)]

    def _leave(self, element: Element, word: int) -> list[Mark]:
        shown = next((one for one in (self._passing, self._staying) if element in one), None)
        if shown is None:
            return []
        shown.remove(element)
        return [Mark(word, "hide", element.id)]

    def _least(self) -> int:
        return sum(map(shown_words, self._staying))

    def _words(self) -> int:
        return self._least() + sum(map(shown_words, self._passing))


def shown_words(element: Element) -> int:
    """Count the words that an element puts on the screen."""
    return len(" ".join((element.text, *element.cells)).split())


def place(said: str, phrase: str, taken: Collection[int] = ()) -> int:
    """Find the word of a spoken sentence at which a phrase begins; 0 when it is not there.

    Where another phrase begins already (`taken`), the one behind it counts.
    """
    sentence = [_PLAIN.sub("", word).lower() for word in said.split()]
    wanted = [_PLAIN.sub("", word).lower() for word in spoken(phrase).split()]
    for start in range(len(sentence) - len(wanted) + 1):
        if wanted and start not in taken and sentence[start : start + len(wanted)] == wanted:
            return start
    return 0
