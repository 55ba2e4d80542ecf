"""The versions that shape a lesson; part of its identity, so that a change makes new lessons.

Named here rather than asked of the adapters, because `ingest` carries neither author nor voice;
a test compares these names with theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.lesson.plan import SCHEMA, Shape

AUTHOR = "extractive-2"
VOICE = "espeak-ng-1.52-gene"
TEMPLATE = "3"  # layout, encoder settings and everything else that decides a film's bytes
SAFETY = "2"  # what is refused as unfit, and in which words
RETRIEVAL = "3"  # which section a question finds, and which questions find none

VERSIONS = {
    "plan": str(SCHEMA),
    "safety": SAFETY,
    "retrieval": RETRIEVAL,
    "author": AUTHOR,
    "voice": VOICE,
    "template": TEMPLATE,
}


def versions(shape: Shape, author: str = AUTHOR, voice: str = VOICE) -> Mapping[str, str]:
    """Give what shapes a lesson in this project, its settings included."""
    named = {**VERSIONS, "author": author, "voice": voice}
    return named if shape == "wide" else {**named, "shape": shape}
