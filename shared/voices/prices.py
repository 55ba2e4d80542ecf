"""What a sentence costs: known to the character with one service, estimated with the other.

Cloud Text-to-Speech bills characters, tags but marks included; Gemini TTS bills tokens of text
and of sound.
"""

from __future__ import annotations

import math

from shared.lesson.pace import said_s
from shared.lesson.plan import Speaker

SPARE_CALLS = 2  # that a scene may pay for beyond one a sentence, all of its runs together
TOKENS_A_SECOND = 25  # of sound
MOST_SLOWER = 1.8  # than estimated: longer sound is not accepted
_CHARACTERS_A_TOKEN = 3  # fewer than English has, so that the estimate is high
_TAGS = len("<speak></speak>")


def characters(speaker: Speaker, text: str) -> int:
    """Count the characters of a sentence that are billed."""
    return len(text) + (_TAGS if speaker.marks else 0)


def worst(speaker: Speaker, text: str, rate_wpm: float) -> int:
    """Give the most that a sentence can cost, in micro-dollars."""
    if speaker.service == "google":
        return math.ceil(characters(speaker, text) * speaker.usd_text)
    sound_s = said_s(text, rate_wpm) * MOST_SLOWER + 1.0
    read = math.ceil(len(text) / _CHARACTERS_A_TOKEN) + 16
    return tokens(speaker, read, math.ceil(sound_s * TOKENS_A_SECOND))


def tokens(speaker: Speaker, read: int, sounded: int) -> int:
    """Give what so many tokens cost, in micro-dollars."""
    return math.ceil(read * speaker.usd_text + sounded * speaker.usd_sound)
