"""The canary: a lesson that no student asked for, through the real topics, every ten minutes.

Each has an interest of its own, so that it is a lesson of its own and no earlier one answers it.
No model is paid for it, and its organisation is nobody's: what counts customers leaves it out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import ClassVar

from shared import trace
from shared.events import event_id
from shared.lesson.plan import Brief
from shared.messages import Message

ORGANISATION = STUDENT = "canary"
INTEREST = re.compile(r"canary [0-9a-f]{8}")
QUESTION = "Why does a moving object keep moving?"  # refused where no book answers: an end as well
GRADE = 9


def is_canary(brief: Brief) -> bool:
    """Tell whether a lesson was asked for by nobody."""
    return INTEREST.fullmatch(brief.interest) is not None


@dataclass(frozen=True, slots=True)
class CanaryRequested:
    """Please answer the canary of this tick; a tick that comes twice asks once."""

    topic: ClassVar[str] = "content-requests"

    tick: str

    def message(self) -> Message:
        """Encode as a client does."""
        unique = event_id(f"canary/{self.tick}", self.topic)
        body = {
            "request_id": unique,
            "student_id": STUDENT,
            "organization_id": ORGANISATION,
            "student_query": QUESTION,
            "grade_level": GRADE,
            "interest": f"canary {unique[:8]}",
            "requested_modalities": ["text"],
        }
        return Message(self.topic, unique, json.dumps(body), trace.carried())
