"""What a rule found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule; `scene` is 0 when the whole plan is at fault."""

    id: str
    scene: int
    text: str
    severity: Severity = "error"
