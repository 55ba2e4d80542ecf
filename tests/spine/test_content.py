"""What a request's claim takes for the same content."""

from dataclasses import dataclass, fields, replace

import pytest

from shared.events import digest
from shared.lesson.plan import Brief
from shared.request import ContentRequested
from shared.rows import Request

BRIEF = Brief("How does sound travel?", "football", "9-12", ("text",))
REQUEST = Request("0" * 32, "trace", "student", "school", "test", 9, BRIEF)


def hashed(request):
    """Give a request's payload hash."""
    return digest(ContentRequested(request).business())


@dataclass(frozen=True, slots=True)
class Later(Request):
    """A request as a later release knows it."""

    urgency: str = "normal"


def test_a_field_of_a_later_release_makes_no_other_request():
    """What was accepted before the release is delivered after it as well."""
    later = Later(**{one.name: getattr(REQUEST, one.name) for one in fields(REQUEST)})

    assert hashed(REQUEST) == hashed(later)


@pytest.mark.parametrize(
    "change",
    [
        {"request_id": "1" * 32},
        {"student_id": "x"},
        {"organization_id": "x"},
        {"environment": "x"},
        {"grade_level": 10},
        *(
            {"brief": replace(BRIEF, **one)}
            for one in (
                {"question": "x"},
                {"interest": "x"},
                {"modalities": ("video",)},
                {"language": "x"},
            )
        ),
    ],
    ids=str,
)
def test_every_field_that_a_student_gave_counts(change):
    """Another answer would be wrong."""
    assert hashed(REQUEST) != hashed(replace(REQUEST, **change))


@pytest.mark.parametrize("change", [{"correlation_id": "x"}], ids=str)
def test_what_only_follows_a_request_does_not_count(change):
    """A client that sends it again may follow it under another id."""
    assert hashed(REQUEST) == hashed(replace(REQUEST, **change))
