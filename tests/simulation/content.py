"""What a simulated lesson is made of: a library, an author and a voice that cost next to nothing.

Author and voice never give the same thing twice in a row, as paid ones do not: a stage that mixes
two of their answers is found out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from shared.errors import Permanent
from shared.lesson.plan import Brief, Plan, Scene
from shared.library.book import Book, Hit, Material
from shared.voice import Spoken
from tests.fakes.library import MemoryLibrary
from tests.film.plans import brief_lesson, say, text
from tests.pipeline.world import sampler
from tests.simulation.run import Killed

RATE_HZ = 48_000
HUM = 0.3  # of full scale, throughout
QUESTIONS = ("Why does a moving object keep moving?", "What is a chemical reaction?")
UNCLEAR = "help with homework"  # whose student is asked back
NOT_COVERED = "Who won the football World Cup in 1998?"
HOPELESS = "What is photosynthesis?"  # one of its scenes can never be spoken
POISONOUS = "Why do we have seasons?"  # nobody named the error that its author meets
DEADLY = "How does sound travel?"  # one of its scenes kills whoever speaks it
FATAL = (HOPELESS, POISONOUS, DEADLY)
UNSPEAKABLE = {HOPELESS: "Hush now please.", DEADLY: "Die now please."}

_hits: dict[tuple[str, tuple[str, ...], int], tuple[Hit, ...]] = {}


class RememberingLibrary(MemoryLibrary):
    """The port Library on the sampler; a search costs once per process, not once per lesson."""

    def __init__(self) -> None:
        super().__init__()
        self._hash = ""
        self.add(sampler())

    def add(self, book: Book) -> bool:
        """Index a book."""
        is_new = super().add(book)
        self._hash = super().corpus()
        return is_new

    def corpus(self) -> str:
        """Hash what is indexed now."""
        return self._hash

    def search(self, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Rank passages."""
        asked = (self._hash, tuple(terms), limit)
        if asked not in _hits:
            _hits[asked] = super().search(terms, limit)
        return _hits[asked]


class FickleAuthor:
    """The port Author: every other plan has one scene more."""

    name = "fickle-1"
    paid = True

    def __init__(self) -> None:
        self.calls = 0

    def write(self, lesson_id: str, brief: Brief, material: Material) -> Plan:
        """Write the shortest plan that there may be, or the next to it."""
        if brief.question == POISONOUS:
            raise RuntimeError("nobody named it")
        self.calls += 1
        return _plan(lesson_id, brief, self.calls % 2)


class FickleVoice:
    """The port Voice: it never speaks at quite the same pace."""

    name = "fickle-1"
    paid = True

    def __init__(self) -> None:
        self.calls = 0

    def speak(self, text: str, rate_wpm: int) -> Spoken:
        """Say a sentence; raises Permanent for one that no voice can say."""
        if text == UNSPEAKABLE[DEADLY]:
            raise Killed
        if text == UNSPEAKABLE[HOPELESS]:
            raise Permanent("no voice can say this")
        self.calls += 1
        return _spoken(len(text.split()), self.calls % 7)


@cache
def _plan(lesson_id: str, brief: Brief, more: int) -> Plan:
    plan = brief_lesson(brief.modalities)
    concepts = [plan.scenes[2]] * (2 + more)
    if brief.question in UNSPEAKABLE:
        concepts[1] = replace(plan.scenes[2], say=(say(UNSPEAKABLE[brief.question]),))
    scenes = (*plan.scenes[:2], *concepts, _check(plan.scenes[4]), *plan.scenes[5:])
    numbered = tuple(replace(scene, n=n) for n, scene in enumerate(scenes, 1))
    return replace(plan, lesson_id=lesson_id, brief=brief, scenes=numbered)


def _check(scene: Scene) -> Scene:
    """Ask what the article of a lesson prints."""
    option = text("o1", "option_1", "inertia", "option", correct=True)
    return replace(scene, say=(say("Does it move?", kind="question"),), show=(*scene.show, option))


@cache
def _spoken(words: int, pace: int) -> Spoken:
    word_s = 0.2 + 0.01 * pace
    samples = np.full(round(word_s * words * RATE_HZ), HUM, np.float32)
    times = tuple((n * word_s, (n + 1) * word_s) for n in range(words))
    return Spoken(samples, RATE_HZ, times)
