"""What a project decides about the author that asks a model; read by `shared.config`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from shared.lesson import prompts
from shared.lesson.plan import Brief
from shared.spending.amounts import MICROS, micros
from shared.spending.ledger import Caps
from shared.spending.models import Candidate, candidates

AUTHOR = "gemini-1"
Otherwise = Literal["wait", "extractive"]
API_KEYS = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
_DEFAULTS = {
    "GEMINI_MODELS": "gemini-3.8-flash@global gemini-3.5-flash@global",
    "GEMINI_PROMPTS": "1",
    "GEMINI_PREVIEWS": "refuse",
    "GEMINI_WHEN_BUSY": "wait",
    "GEMINI_OVER_CAP": "extractive",
    "GEMINI_USD_A_LESSON": "0.30",
    "GEMINI_USD_A_DAY": "20",
    "GEMINI_USD_A_DAY_AND_ORGANISATION": "5",
    "GEMINI_CALLS_A_MINUTE": "60",
}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "GEMINI_PREVIEWS": ("refuse", "allow"),
    "GEMINI_WHEN_BUSY": ("wait", "extractive"),
    "GEMINI_OVER_CAP": ("wait", "extractive"),
}


@dataclass(frozen=True, slots=True)
class GeminiSettings:
    """Candidates in their order, prompt versions by share, limits, and what to do at them.

    `emulator` is the base URL of a fake Vertex AI; empty for Google's.
    """

    candidates: tuple[Candidate, ...]
    prompts: Mapping[str, int]
    caps: Caps
    when_busy: Otherwise
    over_cap: Otherwise
    emulator: str = ""

    def version(self, brief: Brief) -> str:
        """Name author and prompt, as a lesson's identity has them."""
        return f"{AUTHOR}/prompt-{prompts.chosen(brief, self.prompts)}"


def read_gemini(
    found: Mapping[str, str], problems: list[str], today: date
) -> GeminiSettings | None:
    """Read the settings of this author; what is wrong is added to `problems`."""
    told = {name: found.get(name, default) for name, default in _DEFAULTS.items()}
    emulator = found.get("VERTEX_EMULATOR_HOST", "")
    wrong = [*_problems(told, found, emulator)]
    wanted, shares = _named(told, today, wrong)
    caps = read_caps(found, wrong)
    problems += wrong
    if wrong:
        return None
    return GeminiSettings(
        candidates=wanted,
        prompts=shares,
        caps=caps,
        when_busy=cast("Otherwise", told["GEMINI_WHEN_BUSY"]),
        over_cap=cast("Otherwise", told["GEMINI_OVER_CAP"]),
        emulator=emulator,
    )


def read_caps(found: Mapping[str, str], wrong: list[str]) -> Caps:
    """Read the limits that all paid calls share, whoever makes them."""
    told = {name: found.get(name, default) for name, default in _DEFAULTS.items()}
    return Caps(
        lesson=micros("GEMINI_USD_A_LESSON", told, wrong),
        organisation=micros("GEMINI_USD_A_DAY_AND_ORGANISATION", told, wrong),
        day=micros("GEMINI_USD_A_DAY", told, wrong),
        calls=micros("GEMINI_CALLS_A_MINUTE", told, wrong) // MICROS,
    )


def _problems(told: Mapping[str, str], found: Mapping[str, str], emulator: str) -> Iterator[str]:
    for name, allowed in _WORDS.items():
        if told[name] not in allowed:
            yield f"{name} is {told[name]!r}; it must be one of {', '.join(allowed)}"
    for name in API_KEYS:
        if found.get(name):
            yield f"{name} is set: the API of those keys excludes minors, and AUTHOR is gemini"
    if emulator and not emulator.startswith("http"):
        yield "VERTEX_EMULATOR_HOST needs a scheme, such as http://127.0.0.1:8790"


def _named(
    told: Mapping[str, str], today: date, wrong: list[str]
) -> tuple[tuple[Candidate, ...], Mapping[str, int]]:
    """Find the models and prompts that are named."""
    wanted: tuple[Candidate, ...] = ()
    shares: Mapping[str, int] = {}
    try:
        previews = told["GEMINI_PREVIEWS"] == "allow"
        wanted = candidates(told["GEMINI_MODELS"], today, previews=previews)
    except ValueError as fault:
        wrong.append(f"GEMINI_MODELS: {fault}")
    try:
        shares = prompts.shares(told["GEMINI_PROMPTS"])
    except ValueError as fault:
        wrong.append(f"GEMINI_PROMPTS: {fault}")
    return wanted, shares
