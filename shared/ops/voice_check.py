"""Whether the voice that is paid for would speak: it is asked for two words.

A call costs a fraction of a cent and stands in no ledger, as it belongs to no lesson.
"""

from __future__ import annotations

from shared.errors import PipelineError
from shared.lesson.plan import Speaker
from shared.voice import PaidVoice

WORDS = "All is well with this voice today."
RATE_WPM = 145


def examined_voice(speaker: Speaker, voice: PaidVoice) -> tuple[str, str, bool]:
    """Ask once; gives what was looked at, what to know of it, and whether it is well."""
    from shared.film.narration import fault_of  # noqa: PLC0415 - loads what hears and reads sound

    about = f"{speaker.voice} at {speaker.location}"
    try:
        heard = voice.speak(WORDS, RATE_WPM)
    except PipelineError as fault:
        return about, str(fault), False
    fault_heard = fault_of(heard, len(WORDS.split()))
    if fault_heard:
        return about, f"answers, but does not sound right: {fault_heard}", False
    unit = "tokens of text" if speaker.model else "characters"
    return about, f"speaks; {speaker.usd_text} USD a million {unit}", True
