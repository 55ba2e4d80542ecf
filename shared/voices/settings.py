"""What a project decides about a voice that is paid for; read by `shared.config`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from shared.lesson.plan import Fallback, Service, Speaker
from shared.spending.amounts import micros
from shared.spending.ledger import Caps
from shared.voices.catalogue import find

VOICES = ("espeak-ng", *get_args(Service))
LOCATIONS = ("global", "us", "eu")
API_KEYS = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
_ANY = 2**31  # lessons are not limited in a minute: a lesson is one reservation
_NAMES = {"google": "en-US-Neural2-F", "gemini": "Kore"}
_DEFAULTS = {
    "VOICE_MODEL": "gemini-3.8-flash-lite-tts",
    "VOICE_LOCATION": "global",
    "VOICE_FALLBACK": "lesson",
    "VOICE_OVER_CAP": "offline",
    "VOICE_PREVIEWS": "refuse",
    "VOICE_USD_A_LESSON": "0.25",
    "VOICE_USD_A_DAY": "20",
    "VOICE_USD_A_DAY_AND_ORGANISATION": "5",
}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "VOICE_LOCATION": LOCATIONS,
    "VOICE_FALLBACK": get_args(Fallback),
    "VOICE_OVER_CAP": ("wait", "offline"),
    "VOICE_PREVIEWS": ("refuse", "allow"),
}


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Who speaks new lessons, how much may be spent, and what to do when it is."""

    speaker: Speaker
    caps: Caps
    over_cap: Literal["wait", "offline"]

    @property
    def version(self) -> str:
        """Name the voice, as a lesson's identity has it."""
        return self.speaker.voice


def read_speech(
    found: Mapping[str, str], problems: list[str], today: date
) -> SpeechSettings | None:
    """Read the settings of a voice that is paid for; what is wrong is added to `problems`."""
    service = cast("Service", found["VOICE"])
    told = {name: found.get(name, default) for name, default in _DEFAULTS.items()}
    wrong = [*_problems(told, found)]
    speaker = _speaker(service, found.get("VOICE_NAME", _NAMES[service]), told, today, wrong)
    caps = Caps(
        lesson=micros("VOICE_USD_A_LESSON", told, wrong),
        organisation=micros("VOICE_USD_A_DAY_AND_ORGANISATION", told, wrong),
        day=micros("VOICE_USD_A_DAY", told, wrong),
        calls=_ANY,
    )
    problems += wrong
    if wrong or speaker is None:
        return None
    over_cap = cast("Literal['wait', 'offline']", told["VOICE_OVER_CAP"])
    return SpeechSettings(speaker, caps, over_cap)


def _problems(told: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for name, allowed in _WORDS.items():
        if told[name] not in allowed:
            yield f"{name} is {told[name]!r}; it must be one of {', '.join(allowed)}"
    for name in API_KEYS:
        if found.get(name):
            yield f"{name} is set: the API of those keys excludes minors, and VOICE is paid for"


def _speaker(
    service: Service, name: str, told: Mapping[str, str], today: date, wrong: list[str]
) -> Speaker | None:
    """Describe the voice that is named; None, and what is wrong, where there is none such."""
    model = told["VOICE_MODEL"] if service == "gemini" else ""
    kind = find(service, model or name)
    if kind is None:
        setting = "VOICE_MODEL" if model else "VOICE_NAME"
        wrong.append(f"{setting}: {model or name} is not in shared/voices/voices.json")
        return None
    if model and not name.isalpha():
        wrong.append(f"VOICE_NAME is {name!r}; a voice of Gemini is one word, such as Kore")
        return None
    price = kind.price(today)
    return Speaker(
        service=service,
        name=name,
        model=model,
        location=told["VOICE_LOCATION"],
        # Only the beta surface tells when a mark is reached, and betas are not for minors.
        marks=kind.marks and told["VOICE_PREVIEWS"] == "allow",
        fallback=cast("Fallback", told["VOICE_FALLBACK"]),
        price_version=price.begins.isoformat(),
        usd_text=price.usd_text,
        usd_sound=price.usd_sound,
    )
