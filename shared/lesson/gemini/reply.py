"""What a stored reply says: its text, why it ended, and what it cost in tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import Refused
from shared.lesson.gemini.faults import BadDraft
from shared.log import log

UNSAFE = frozenset(
    {"SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "JAILBREAK", "MODEL_ARMOR"}
)
KIND_NO = "This is a question that we cannot make a lesson about. Please ask about something else."


@dataclass(frozen=True, slots=True)
class Used:
    """Tokens of one call; `cached` is part of `read`, thinking is paid for as writing is."""

    read: int = 0
    cached: int = 0
    written: int = 0
    thought: int = 0

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.read + self.written + self.thought


def used(reply: bytes) -> Used:
    """Read what a reply cost; a count that is missing is 0."""
    counts = _object(_read(reply), "usage_metadata")

    def count(*names: str) -> int:
        found = (counts.get(name) for name in names)
        return sum(one for one in found if isinstance(one, int) and one > 0)

    return Used(
        read=count("prompt_token_count", "tool_use_prompt_token_count"),
        cached=count("cached_content_token_count"),
        written=count("candidates_token_count"),
        thought=count("thoughts_token_count"),
    )


def text_of(reply: bytes) -> str:
    """Give the answer of a reply that ended as it should.

    Raises Refused when prompt or answer were blocked as unsafe, BadDraft when it ended otherwise.
    A prompt that is blocked with OTHER may only be in a language that the model does not know.
    """
    told = _read(reply)
    candidates = told.get("candidates")
    first = candidates[0] if isinstance(candidates, list) and candidates else {}
    first = first if isinstance(first, dict) else {}
    blocked = _object(told, "prompt_feedback").get("block_reason")
    end = str(blocked or first.get("finish_reason") or "EMPTY")
    if end in UNSAFE:
        # Counted by reason: questions of biology and history that are blocked by mistake show here.
        log.warning("The model blocked", extra={"reason": end})
        raise Refused("unsafe", KIND_NO)
    if end != "STOP":
        raise BadDraft(f"the answer ended with {end}", (_ADVICE.get(end, _ADVICE["EMPTY"]),))
    parts = _object(first, "content").get("parts")
    texts = [
        one["text"]
        for one in (parts if isinstance(parts, list) else ())
        if isinstance(one, dict) and isinstance(one.get("text"), str) and not one.get("thought")
    ]
    return "".join(texts)


_ADVICE = {
    "MAX_TOKENS": "the answer was cut off: write less",
    "RECITATION": "the answer quoted too much: use words of your own",
    "EMPTY": "there was no answer",
}


def _read(reply: bytes) -> Mapping[str, Any]:
    told = json.loads(reply)
    return told if isinstance(told, dict) else {}


def _object(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}
