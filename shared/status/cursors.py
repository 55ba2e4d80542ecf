"""Where the next page of a list begins, as text that only we read.

A place, not a right: whoever alters one sees another page of what is theirs anyway.  It counts
from an entry and not from the top, so new entries shift nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta

from shared.status.http import Problem, bad
from shared.status.rows import Place

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
RULE = "must be the next_cursor of an earlier page of this list"


def written(place: Place, listed: str) -> str:
    """Write a place in the list of this name."""
    micros = (place.at - EPOCH) // MICROSECOND
    told = json.dumps([micros, uuid.UUID(place.request_id).hex], separators=(",", ":"))
    return base64.urlsafe_b64encode(f"{_sum(told, listed)}{told}".encode()).decode().rstrip("=")


def read(cursor: str, listed: str) -> Place:
    """Read a place in the list of this name; raises Problem for anything that we did not write."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        found, told = text[:8], text[8:]
        micros, digits = json.loads(told)
        place = Place(EPOCH + micros * MICROSECOND, str(uuid.UUID(hex=digits)))
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
        raise _not_ours() from error
    if found != _sum(told, listed):
        raise _not_ours()
    return place


def _sum(told: str, listed: str) -> str:
    return hashlib.sha256(f"{listed}\n{told}".encode()).hexdigest()[:8]


def _not_ours() -> Problem:
    return bad("cursor", RULE)
