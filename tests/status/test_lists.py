"""Lists page by page, and whose they are."""

from __future__ import annotations

import base64
import json

import pytest

from tests.status.given import CLASSMATE, SCHOOL, completed, failed, seen
from tests.status.world import World

MANY = tuple(seen(n, student_id=CLASSMATE if n % 2 else "s-17") for n in range(1, 8))


def pages(world, path, token, limit=2):
    """Read every page; gives the ids."""
    found, cursor = [], ""
    while True:
        more = f"&cursor={cursor}" if cursor else ""
        page = world.ask(f"{path}limit={limit}{more}", token).told
        found += [int(one["request_id"][-4:], 16) for one in page["requests"]]
        cursor = page["next_cursor"]
        if not cursor:
            return found


@pytest.mark.parametrize(
    ("token", "expected"),
    [("student", [6, 4, 2]), ("school", [7, 6, 5, 4, 3, 2, 1]), ("stranger", []),
     ("other-school", []), ("operator", [7, 6, 5, 4, 3, 2, 1])],
)  # fmt: skip
def test_every_page_of_ones_own(token, expected):
    """Newest first, each request once, nobody else's."""
    assert expected == pages(World(*MANY), "/requests?", token)


def test_new_requests_shift_nothing():
    """A page goes on where the one before it ended."""
    world = World(*MANY)
    first = world.ask("/requests?limit=2", "school").told
    world.requests.entries = [*MANY, seen(8), seen(9)]
    second = world.ask(f"/requests?limit=2&cursor={first['next_cursor']}", "school").told

    assert [5, 4] == [int(one["request_id"][-4:], 16) for one in second["requests"]]


def test_requests_of_one_status():
    """And no others."""
    world = World(seen(1), completed(2), failed(3))

    assert [2] == pages(world, "/requests?status=completed&", "school")


def test_requests_of_a_sender():
    """Only the caller's own."""
    world = World(seen(1, correlation_id="x"), seen(2, correlation_id="x", student_id="s-99"))

    assert [1] == pages(world, "/correlated?correlation_id=x&", "student")


def test_failures_of_a_stage_are_for_operators():
    """Page by page."""
    world = World(failed(1), failed(2), failed(3, "script"))

    assert [2, 1] == pages(world, "/failures?stage=render&", "operator", limit=1)
    assert 403 == world.ask("/failures?stage=render", "school").status


def test_the_summary_of_an_organisation():
    """Its own, without naming it; an operator names one; a student has none."""
    world = World(seen(1), completed(2), seen(3, organization_id="o-2"))
    own = world.ask("/summary", "school").told

    assert (SCHOOL, {"accepted": 1, "completed": 1}) == (own["organization_id"], own["requests"])
    assert 200 == world.ask(f"/summary?organization_id={SCHOOL}", "operator").status
    assert (400, 403, 403) == (
        world.ask("/summary", "operator").status,
        world.ask("/summary", "student").status,
        world.ask(f"/summary?organization_id={SCHOOL}", "other-school").status,
    )


def cursor_of(world, path="/requests?limit=1", who="school"):
    """Give the cursor of a first page."""
    return world.ask(path, who).told["next_cursor"]


def forged(cursor, change):
    """Change what a cursor says, and leave its sum."""
    text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    told = change(json.loads(text[8:]))
    return base64.urlsafe_b64encode((text[:8] + json.dumps(told)).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "change",
    [
        lambda _: "",
        lambda cursor: cursor[:-2],
        lambda cursor: f"{cursor}A",
        lambda cursor: "x",
        lambda cursor: "é",
        lambda cursor: "A" * 5000,
        lambda cursor: cursor.swapcase(),
        lambda cursor: forged(cursor, lambda told: [told[0] + 1, told[1]]),
        lambda cursor: forged(cursor, lambda told: [10**40, told[1]]),
        lambda cursor: forged(cursor, lambda told: [None, told[1]]),
        lambda cursor: forged(cursor, lambda told: {}),
        lambda cursor: forged(cursor, lambda told: [told[0], 7]),
    ],
)
def test_a_cursor_that_is_not_ours(change):
    """Is refused by its name, whatever is wrong with it."""
    world = World(*MANY)
    got = world.ask(f"/requests?limit=1&cursor={change(cursor_of(world))}", "school")

    assert (400, "cursor") == (got.status, got.told["field"])


def test_a_cursor_of_another_list():
    """Has no place in this one."""
    world = World(*MANY, failed(9))
    got = world.ask(f"/requests?status=accepted&cursor={cursor_of(world)}", "school")

    assert (400, "cursor") == (got.status, got.told["field"])


def test_a_cursor_of_somebody_else():
    """Shows what is one's own, from that place on: it is no right."""
    world = World(*MANY)
    cursor = cursor_of(world, who="operator")
    got = world.ask(f"/requests?cursor={cursor}", "student")

    assert {f"c-{n}" for n in (6, 4, 2)} == {one["correlation_id"] for one in got.told["requests"]}


def test_no_url_ever_names_a_student():
    """The platform logs every URL."""
    world = World(*MANY)
    cursor = cursor_of(world, who="student")
    text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()

    assert "s-17" not in text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1e1", "limit"),
        ("limit=٣", "limit"),
        (f"limit={'9' * 4000}", "limit"),
        ("status=done", "status"),
        ("limit=1&limit=2", "limit"),
        ("student_id=s-18", "query"),
    ],
)
def test_a_value_that_breaks_its_rule(query, field):
    """Is named, with the rule, and not repeated."""
    got = World().ask(f"/requests?{query}", "school")

    assert (400, field) == (got.status, got.told["field"])
    assert "must" in got.told["title"] or "may" in got.told["title"]


@pytest.mark.parametrize("query", ["", "correlation_id=", f"correlation_id={'x' * 129}"])
def test_a_sender_names_its_requests(query):
    """In 1 to 128 characters."""
    got = World().ask(f"/correlated?{query}", "school")

    assert (400, "correlation_id") == (got.status, got.told["field"])


@pytest.mark.parametrize("query", ["", "stage=status", "stage=%00"])
def test_failures_need_a_stage(query):
    """One that events wake."""
    assert 400 == World().ask(f"/failures?{query}", "operator").status
