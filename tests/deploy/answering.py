"""What all answers of the small control plane share."""

from __future__ import annotations

P = "projects/[^/]+"
L = f"{P}/locations/[^/]+"
DONE = {"name": "operations/done", "done": True, "status": "DONE"}
READY = [
    {"type": kind, "status": "True"}
    for kind in ("Ready", "Completed", "RoutesReady", "ConfigurationsReady")
]


class Refused(Exception):
    """An answer that is an error: (code, text)."""


def merge(content, sent):
    for name, value in sent.items():
        if isinstance(value, dict) and isinstance(content.get(name), dict):
            merge(content[name], value)
        else:
            content[name] = value
