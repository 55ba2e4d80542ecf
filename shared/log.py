"""Logs as Cloud Logging reads them: one JSON object per line on standard output.

Keys and counts, never content.  What is bound with `bind` stands in every later line of the run.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from shared.faults import stack

_bound: ContextVar[dict[str, object] | None] = ContextVar("bound", default=None)
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """Format a record as one line of structured JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Encode a record; what cannot be encoded is shown by its type."""
        line: dict[str, Any] = {
            "severity": record.levelname,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "message": record.getMessage(),
            **(_bound.get() or {}),
            **{name: value for name, value in vars(record).items() if name not in _PLAIN},
        }
        if record.exc_info:
            line["stack_trace"] = stack(record.exc_info[1]) if record.exc_info[1] else ""
        return json.dumps(line, default=lambda value: type(value).__name__)


def start(level: int = logging.INFO) -> None:
    """Send the pipeline's log to standard output; a second call changes nothing."""
    root = logging.getLogger("vividly")
    if root.handlers:
        return
    # An own stream: the framework swaps sys.stdout while several requests run.
    handler = logging.StreamHandler(sys.__stdout__)
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    root.setLevel(level)
    root.propagate = False


log = logging.getLogger("vividly")
logging.raiseExceptions = False  # a broken log line must never change the work's outcome


@contextmanager
def bind(**facts: object) -> Iterator[None]:
    """Add facts to every line that is logged inside the block."""
    token = _bound.set({**(_bound.get() or {}), **facts})
    try:
        yield
    finally:
        _bound.reset(token)
