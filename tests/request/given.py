"""What the tests of the request message begin with."""

from __future__ import annotations

import json

from hypothesis import strategies as st

ID = "8f14e45f-ceea-467f-a8d5-0d2f3a1b2c3d"
GOOD = {
    "request_id": ID,
    "student_id": "student-1",
    "student_query": "Why is the sky blue?",
    "grade_level": 10,
}


def message(**fields: object) -> bytes:
    """Encode a good message with other fields in it; `...` takes a field out."""
    body = {name: value for name, value in {**GOOD, **fields}.items() if value is not ...}
    return json.dumps(body).encode()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
