"""A voice that is asked for each sentence of a scene once: what it said is stored, then adopted.

    find clip | find mark | checkpoint | speak: paid for | create clip | read it back

Only a run that dies between the last bar but two and the last but one pays for a sentence again.
"""

from __future__ import annotations

import hashlib
import json

from shared.abandoned import stop_if_abandoned
from shared.errors import Permanent
from shared.film.audio import read_flac, resampled, write_flac
from shared.film.clock import RATE_HZ
from shared.film.narration import fault_of
from shared.hold import adopted, checkpoint, signature
from shared.ports import Objects
from shared.voice import Spoken, Voice


class SpokenOnce:
    """The port Voice for one scene, whose clips lie in `home`; what costs nothing is not kept."""

    def __init__(self, voice: Voice, objects: Objects, lesson_id: str, home: str) -> None:
        self.name = voice.name
        self.paid = voice.paid
        self._voice = voice
        self._objects = objects
        self._lesson_id = lesson_id
        self._home = home

    def speak(self, text: str, rate_wpm: int) -> Spoken:
        """Say one sentence, or what an earlier run heard; raises Superseded under the mark."""
        if not self.paid:
            return self._spoken(text, rate_wpm)
        name = clip_name(self._home, self.name, text, rate_wpm)
        stored = self._objects.find("scenes", name)
        if stored is None:
            heard = self._spoken(text, rate_wpm)
            whole = Spoken(resampled(heard.samples, heard.rate_hz), RATE_HZ, heard.words)
            if fault_of(whole, len(text.split())):
                return whole  # nobody shall adopt what does not sound right
            facts = {**signature(), "micros": str(heard.micros)}
            stored = self._objects.create(
                "scenes", name, packed(whole), content_type="audio/flac", metadata=facts
            )
        adopted(stored)
        return unpacked(self._objects.read("scenes", name, stored.generation))

    def _spoken(self, text: str, rate_wpm: int) -> Spoken:
        stop_if_abandoned(self._objects, self._lesson_id)
        checkpoint()
        return self._voice.speak(text, rate_wpm)


def clip_name(home: str, voice: str, text: str, rate_wpm: int) -> str:
    """Name the clip of one sentence by everything that shapes it."""
    shapes = json.dumps([voice, text, rate_wpm]).encode()
    return f"{home}/said/{hashlib.sha256(shapes).hexdigest()[:32]}.flac"


def packed(spoken: Spoken) -> bytes:
    """Put the sound of 48 kHz and the time of each word into one file."""
    return write_flac(spoken.samples, {"words": json.dumps(spoken.words)})


def unpacked(content: bytes) -> Spoken:
    """Read what `packed` wrote; raises Permanent when it is something else."""
    samples, tags = read_flac(content)
    try:
        words = tuple((float(start), float(end)) for start, end in json.loads(tags["words"]))
    except (KeyError, ValueError, TypeError) as error:
        raise Permanent("a stored sentence has another shape") from error
    return Spoken(samples, RATE_HZ, words)
