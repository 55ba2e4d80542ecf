"""A paid voice that a scene asks only as often as it may, whoever dies when.

    list said/ | create ask-n | speak: paid for | (create free-n: it was not)

The note that a sentence is asked for is stored before it is asked.  So a run that dies leaves the
call behind as paid, and a scene never spends more than its lesson has reserved, but for one call
of a run that was replaced while it asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.errors import Transient
from shared.film.spoken_once import clip_name
from shared.hold import signature
from shared.lesson.plan import Speaker
from shared.log import log
from shared.ports import Objects, StoredObject
from shared.voice import PaidVoice, Spoken
from shared.voices.faults import NotNow, SetUp, UsedUp
from shared.voices.prices import SPARE_CALLS, characters

_NOTE = re.compile(r"/said/([0-9a-f]+)\.(ask|free)-(\d+)$")


@dataclass(frozen=True, slots=True)
class Account:
    """What a scene has paid for: calls, characters that were billed, micro-dollars."""

    calls: int = 0
    characters: int = 0
    micros: int = 0


class Counted:
    """The port PaidVoice for one scene of so many sentences, whose notes lie in `home`."""

    paid = True

    def __init__(self, voice: PaidVoice, speaker: Speaker, objects: Objects, home: str) -> None:
        self.name = voice.name
        self.sentences = 0
        self._voice = voice
        self._speaker = speaker
        self._objects = objects
        self._home = home

    def worst(self, text: str, rate_wpm: int) -> int:
        """Give the most that a sentence may cost, in micro-dollars."""
        return self._voice.worst(text, rate_wpm)

    def speak(self, text: str, rate_wpm: int) -> Spoken:
        """Say one sentence; raises UsedUp when no call is left, and what the service raises."""
        stem = clip_name(self._home, self.name, text, rate_wpm).removesuffix(".flac")
        notes = self._objects.list("scenes", f"{self._home}/said/")
        paid = _paid(notes)
        of_this = sum(one.name.startswith(f"{stem}.") for one in paid)
        if len(paid) >= self.sentences + SPARE_CALLS or of_this > SPARE_CALLS:
            raise UsedUp("the speaking service was paid for this scene as often as it may be")
        number = 1 + sum(f"{stem}.ask-" in one.name for one in notes)
        worst = self._voice.worst(text, rate_wpm)
        self._note(f"{stem}.ask-{number}", characters(self._speaker, text), worst)
        try:
            heard = self._voice.speak(text, rate_wpm)
        except SetUp:
            self._note(f"{stem}.free-{number}")
            raise
        except NotNow as fault:
            if not fault.billed:
                self._note(f"{stem}.free-{number}")
            raise
        log.info("Spoke a sentence", extra={"voice": self.name, "cost_micros": heard.micros})
        return replace(heard, micros=heard.micros or worst)

    def _note(self, name: str, letters: int = 0, micros: int = 0) -> None:
        facts = {"characters": str(letters), "micros": str(micros)}
        own = {**signature(), **facts}
        stored = self._objects.create(
            "scenes", name, b"", content_type="application/octet-stream", metadata=own
        )
        if stored.metadata.get("owner", "") != own.get("owner", ""):
            raise Transient("another run asks for this sentence")


def account(objects: Objects, home: str) -> Account:
    """Add up what a scene has paid for, from what it left."""
    stored = objects.list("scenes", f"{home}/said/")
    paid = _paid(stored)
    worst = {_sentence(one): _number(one, "micros") for one in paid}
    kept = {
        sentence: _number(one, "micros")
        for one in stored
        if one.name.endswith(".flac") and (sentence := _sentence(one)) in worst
    }
    # Of a sentence that is kept, one call cost what its answer says and the others their worst.
    micros = sum(_number(one, "micros") for one in paid)
    micros += sum(kept[one] - worst[one] for one in kept)
    return Account(len(paid), sum(_number(one, "characters") for one in paid), micros)


def _paid(stored: Sequence[StoredObject]) -> list[StoredObject]:
    """List the notes of calls that were paid for, or may have been."""
    found = {one.name: _NOTE.search(one.name) for one in stored}
    free = {(note[1], note[3]) for note in found.values() if note and note[2] == "free"}
    return [
        one
        for one in stored
        if (note := found[one.name]) and note[2] == "ask" and (note[1], note[3]) not in free
    ]


def _sentence(stored: StoredObject) -> str:
    return stored.name.rpartition("/")[2].partition(".")[0]


def _number(stored: StoredObject, name: str) -> int:
    told = stored.metadata.get(name, "")
    return int(told) if told.isdecimal() else 0
