"""What the answers of Google's generative services have in common."""

from __future__ import annotations

UNBILLED = frozenset({429, 500, 502, 503})
PASSING = UNBILLED | {408, 499, 504}
CATEGORIES = ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")
