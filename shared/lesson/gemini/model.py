"""The port to a model: one prompt, one paid answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.lesson.typed import Json


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told.

    `system` is ours alone; `contents` is one JSON document whose values are data, whoever wrote
    them; the answer follows `schema`.
    """

    system: str
    contents: str
    schema: Json
    most_tokens: int  # of the answer, thinking included


class Model(Protocol):
    """Who answers; each call may be paid for, and none is repeated by itself."""

    def ask(self, name: str, location: str, prompt: Prompt, timeout_s: float) -> bytes:
        """Give the service's whole reply as JSON, blocked and broken answers included.

        Raises NotNow, Gone or SetUp.
        """
