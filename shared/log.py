"""Logs as Cloud Logging reads them: one JSON object per line on standard output.

Keys and counts, never content.  What is bound with `bind` stands in every later line of the run,
and the message, which is fixed, names the fact that metrics count: "Stage ended" is the event
`stage_ended`.  No line that cannot be written changes what becomes of the work.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from shared import trace
from shared.faults import stack

GOOGLE = "logging.googleapis.com"
LONGEST = 16_000  # characters of one text: a line of more than 256 KB is cut into none
_bound: ContextVar[dict[str, object] | None] = ContextVar("bound", default=None)
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """Format a record as one line of structured JSON; `project` is whose traces they are."""

    def __init__(self, project: str = "") -> None:
        super().__init__()
        self._traces = f"projects/{project}/traces/" if project else ""

    def format(self, record: logging.LogRecord) -> str:
        """Encode a record; what cannot be encoded is shown by its type."""
        line: dict[str, Any] = {
            "severity": record.levelname,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "message": record.getMessage(),
            "event": word(str(record.msg)),
            **self._trace(),
            **(_bound.get() or {}),
            **{name: value for name, value in vars(record).items() if name not in _PLAIN},
        }
        if record.exc_info:
            line["stack_trace"] = stack(record.exc_info[1]) if record.exc_info[1] else ""
        cut = {name: _cut(value) for name, value in line.items()}
        return json.dumps(cut, default=lambda value: type(value).__name__)

    def _trace(self) -> dict[str, object]:
        here = trace.current()
        if here is None:
            return {}
        return {
            f"{GOOGLE}/trace": f"{self._traces}{here.trace_id}",
            f"{GOOGLE}/spanId": here.span_id,
            f"{GOOGLE}/trace_sampled": here.sampled,
        }


class Harmless(logging.Logger):
    """A logger that never raises into the work, whatever it is told to write."""

    def _log(self, *words: Any, **named: Any) -> None:  # noqa: ANN401 - handed on as they are
        with suppress(Exception):
            super()._log(*words, **named)


def word(message: str) -> str:
    """Name the fact that a message tells, in one word."""
    return re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")


def start(project: str = "", level: int = logging.INFO) -> None:
    """Send the pipeline's log to standard output; a second call changes nothing."""
    root = logging.getLogger("vividly")
    if root.handlers:
        return
    # An own stream: the framework swaps sys.stdout while several requests run.
    handler = logging.StreamHandler(sys.__stdout__)
    handler.setFormatter(JsonLines(project))
    root.addHandler(handler)
    root.setLevel(level)
    root.propagate = False


def _logger() -> logging.Logger:
    usual = logging.getLoggerClass()
    logging.setLoggerClass(Harmless)
    try:
        return logging.getLogger("vividly")
    finally:
        logging.setLoggerClass(usual)


log = _logger()
logging.raiseExceptions = False  # a broken log line must never change the work's outcome


@contextmanager
def bind(**facts: object) -> Iterator[None]:
    """Add facts to every line that is logged inside the block."""
    token = _bound.set({**(_bound.get() or {}), **facts})
    try:
        yield
    finally:
        _bound.reset(token)


def _cut(value: object) -> object:
    return value[-LONGEST:] if isinstance(value, str) else value
