"""How far a request is, from accepted to its end."""

from shared.status.progress import percentage, stage
from tests.status.given import completed, failed, seen

WAY = (
    seen(plan_object="", lesson_status="requested", scenes=0, rendered=0),
    seen(rendered=0),
    seen(rendered=1),
    seen(rendered=3),
    seen(rendered=4),
    completed(status="accepted"),
    completed(),
)


def test_the_percentage_never_falls():
    """And reaches 100 exactly when the request is completed."""
    found = [percentage(one) for one in WAY]

    assert [10, 20, 37, 72, 90, 95, 100] == found


def test_the_stages_follow_each_other():
    """Each is the one that works."""
    found = [stage(one) for one in WAY]

    assert ["script", *["render"] * 3, "finalize", "finalize", "completed"] == found


def test_a_failed_request_stays_where_it_failed():
    """Stage and percentage are those of its end."""
    one = failed(stage="finalize", rendered=4)

    assert ("finalize", 90) == (stage(one), percentage(one))


def test_a_cancelled_request():
    """Is in no stage."""
    assert "cancelled" == stage(seen(status="cancelled"))
