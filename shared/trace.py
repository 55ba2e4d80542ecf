"""Trace context, as the W3C writes it: one trace from a request to its last answer.

    00-<the trace, 32 hex>-<the step that sent it, 16 hex>-<flags, 2 hex>

Messages carry it as an attribute and objects as metadata, both called `traceparent`.  What does
not follow the standard is ignored, and a trace of our own begun.  Its ids are made of the
delivery's: every redelivery belongs to the same trace, and replayed events stay equal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from shared.messages import Arrived

NAME = "traceparent"
CORRELATION = "correlation_id"
# A later version may append fields, so only version 00 has to end here; ff is none.
HEADER = re.compile(r"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[!-~]*)?")
NO_TRACE, NO_SPAN = "0" * 32, "0" * 16
SAMPLED = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """One step of a trace; `correlation_id` is the request's own, empty while unknown."""

    trace_id: str
    span_id: str
    sampled: bool = True
    correlation_id: str = ""

    @property
    def header(self) -> str:
        """Write it as the next step reads it."""
        return f"00-{self.trace_id}-{self.span_id}-{SAMPLED if self.sampled else 0:02x}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def read(header: str) -> Trace | None:
    """Read a header; None when it does not follow the standard."""
    found = HEADER.fullmatch(header)
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if trace_id == NO_TRACE or span_id == NO_SPAN or (version == "00" and more):
        return None
    return Trace(trace_id, span_id, bool(int(flags, 16) & SAMPLED))


def current() -> Trace | None:
    """Tell the step that this run is; None outside of any."""
    return _current.get()


def carried() -> dict[str, str]:
    """Give what a message takes along, as its attributes."""
    here = _current.get()
    return {NAME: here.header} if here else {}


def stored(correlation_id: str = "") -> dict[str, str]:
    """Give what an object takes along, as its metadata: its event has no body of ours."""
    here = _current.get()
    whose = correlation_id or (here.correlation_id if here else "")
    return {**carried(), **({CORRELATION: whose} if whose else {})}


@contextmanager
def continued(delivery: Arrived, stage: str) -> Iterator[None]:
    """Be a step of the delivery's trace, or the first of a new one."""
    sender = read(_header(delivery))
    trace_id = sender.trace_id if sender else _hash(f"{delivery.source} {delivery.id}", NO_TRACE)
    span_id = _hash(f"{trace_id} {stage} {delivery.id}", NO_SPAN)
    token = _current.set(Trace(trace_id, span_id, sender.sampled if sender else True))
    try:
        yield
    finally:
        _current.reset(token)


def correlated(correlation_id: str) -> None:
    """Note whose request this step works for."""
    here = _current.get()
    if here is not None:
        _current.set(replace(here, correlation_id=correlation_id))


def _header(delivery: Arrived) -> str:
    if NAME in delivery.attributes or NAME.encode() not in delivery.body:
        return delivery.attributes.get(NAME, "")
    return of_object(delivery.body).get(NAME, "")


def of_object(body: bytes) -> dict[str, str]:
    """Read what `stored` wrote from an object's resource; empty for any other body."""
    try:
        metadata = json.loads(body)["metadata"]
        return {str(name): str(text) for name, text in metadata.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _hash(text: str, like: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[: len(like)]
