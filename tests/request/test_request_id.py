"""The request id of a message that is otherwise bad."""

from __future__ import annotations

import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Unreadable
from shared.limits import MESSAGE_BYTES
from shared.request import decode, readable_request_id
from tests.request.given import ID, anything, message


@pytest.mark.parametrize(
    "body",
    [
        message(grade_level=None),
        message(request_id=ID.upper(), student_query=""),
        message(padding="x" * MESSAGE_BYTES),
        message()[:-1],
        message() + b"\xff",
        b"[" + message() + b"]",
    ],
)
def test_id_of_a_bad_message(body: bytes) -> None:
    """The request can be named although its message is bad, cut off or too large."""
    with pytest.raises(Unreadable):
        decode(body)

    assert ID == readable_request_id(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        message(request_id="42"),
        message(request_id=None),
        message(request_id=[ID]),
        message(request_id=..., student_query=f'"request_id": "{ID}"'),
        message(request_id=..., student_query=f'"request_id": "{ID}"')[:-1],
        message(request_id=..., meta={"request_id": ID}),
    ],
)
def test_no_id_to_read(body: bytes) -> None:
    """Neither a bad id nor one that a student typed names a request."""
    assert "" == readable_request_id(body)


@given(st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()))
def test_id_of_any_bytes(body: bytes) -> None:
    """Looking for an id never fails."""
    found = readable_request_id(body)

    assert not found or str(uuid.UUID(found)) == found
