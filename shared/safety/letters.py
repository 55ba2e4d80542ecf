"""Take personal data out of a message that is kept because nobody could use it."""

from __future__ import annotations

import json
import re

from shared.errors import Unreadable
from shared.messages import read_object
from shared.safety.personal import scrubbed, scrubbed_interest

# What a student wrote, under today's name and an older one.
_WRITTEN = {"student_query": scrubbed, "topic": scrubbed, "interest": scrubbed_interest}
_TORN = re.compile(rb'("(?:student_query|topic(?:-\d)?|interest)"\s*:\s*")((?:[^"\\]|\\.)*)')


def scrubbed_body(body: bytes) -> bytes:
    """Scrub what a student wrote in a message; what holds none of it stays byte for byte."""
    try:
        told = read_object(body)
    except Unreadable:
        return _TORN.sub(_without, body)
    changed: dict[str, object] = {
        name: scrub(told[name])
        for name, scrub in _WRITTEN.items()
        if isinstance(told.get(name), str) and scrub(told[name]) != told[name]
    }
    answers = told.get("answers")
    if isinstance(answers, dict):
        safe = {of: scrubbed(said) if isinstance(said, str) else "" for of, said in answers.items()}
        changed |= {"answers": safe} if safe != answers else {}
    return json.dumps({**told, **changed}, ensure_ascii=False).encode() if changed else body


def _without(found: re.Match[bytes]) -> bytes:
    text = found[2].decode("utf-8", "replace")
    return found[1] + (found[2] if scrubbed(text) == text else scrubbed(text).encode())
