"""The versions that shape a lesson; part of its identity, so that a change makes new lessons.

Named here rather than asked of the adapters, because `ingest` carries neither author nor voice;
a test compares these names with theirs.
"""

from __future__ import annotations

from shared.lesson.plan import SCHEMA

AUTHOR = "extractive-1"
VOICE = "espeak-ng-1.52"
TEMPLATE = "2"  # layout, encoder settings and everything else that decides a film's bytes
RETRIEVAL = "3"  # which section a question finds, and which questions find none

VERSIONS = {
    "plan": str(SCHEMA),
    "retrieval": RETRIEVAL,
    "author": AUTHOR,
    "voice": VOICE,
    "template": TEMPLATE,
}
