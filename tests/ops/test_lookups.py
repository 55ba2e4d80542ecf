"""What an operator can look up: requests, counts, and what each index is good for."""

from __future__ import annotations

import pytest

from shared.gcp.indexes import SqlIndexes
from shared.ops.indexes import Index, judged
from tests.status.given import SCHOOL, completed, failed, seen

FIVE = {
    "idx_content_requests_correlation_status": "correlation_id, status",
    "idx_content_requests_student_status_created": "student_id, status, created_at desc",
    "idx_content_requests_status_created": "status, created_at desc",
    "idx_content_requests_org_status_created": "organization_id, status, created_at desc",
    "idx_content_requests_failed_debugging": "status, error_stage, failed_at desc",
}


def index(name, *keys, **changes):
    """Make an index of a table."""
    given = {
        "table": "t", "columns": ", ".join(keys), "keys": keys, "method": "btree",
        "predicate": "", "constraint": False, "valid": True, "size_bytes": 8192, "scans": 1,
        "rows_read": 1,
    }  # fmt: skip
    return Index(name, **(given | changes))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["4", "3", "2", "1"]),
        (("--status", "completed"), ["2"]),
        (("--student", "s-17"), ["4", "3", "2", "1"]),
        (("--student", "s-18"), []),
        (("--organization", SCHOOL, "--limit", "1"), ["4"]),
        (("--correlation", "c-3"), ["3"]),
        (("--failed-in", "script"), ["4"]),
    ],
)
def test_requests_are_listed(office, capsys, words, expected):
    """Of everybody, or of one."""
    office.requests.entries = [seen(1), completed(2), failed(3), failed(4, "script")]
    said = office.operate(capsys, "requests", *words, "--json")

    assert expected == [one["correlation_id"][2:] for one in said.decoded]


def test_requests_for_a_person(office, capsys):
    """With stage and times, and without a student's reference."""
    office.requests.entries = [failed(3)]
    out = office.operate(capsys, "requests", width=200).out

    assert "render" in out
    assert "2030-01-01 12:00:03" in out
    assert "s-17" not in out
    office.requests.entries = []
    assert "No requests.\n" == office.operate(capsys, "requests").out


@pytest.mark.parametrize("other", [("--correlation", "x"), ("--failed-in", "render")])
def test_a_status_where_there_is_none(office, capsys, other):
    """Is a mistake that is told."""
    with pytest.raises(ValueError, match="--status"):
        office.operate(capsys, "requests", "--status", "failed", *other)


def test_counts(office, capsys):
    """By status."""
    office.requests.entries = [seen(1), seen(2), completed(3)]
    words = ("counts", "--organization", SCHOOL)

    assert {"accepted": 2, "completed": 1} == office.operate(capsys, *words, "--json").decoded
    assert "accepted" in office.operate(capsys, *words).out


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([index("b", "x", "y")], "redundant: b begins with the same"),
        ([index("b", "x", "y", predicate="z > 1")], "used"),
        ([index("b", "x", "y", method="hash")], "used"),
        ([index("b", "x", "y", table="u")], "used"),
        ([index("b", "x", "y", valid=False)], "used"),
        ([index("b", "y", "x")], "used"),
        ([index("b", "x desc", "y")], "used"),
        ([index("b", "x", constraint=True)], "redundant: b begins with the same"),
        ([index("b", "x")], "used"),
        ([index("0", "x")], "redundant: 0 begins with the same"),
    ],
)
def test_which_index_could_go(others, said):
    """One whose entries another has too, in the same order."""
    verdict = judged([index("a", "x"), *others])[0]

    assert said == verdict.said


def test_an_index_that_enforces_a_rule_stays():
    """Although another one finds all that it finds."""
    verdict = judged([index("a", "x", constraint=True), index("b", "x", "y")])[0]

    assert ("enforces a rule", "") == (verdict.said, verdict.covered_by)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"constraint": True}, "enforces a rule"),
        ({"scans": 0}, "never used since the statistics began"),
        ({"valid": False}, "invalid: an interrupted build left it; migrate again"),
    ],
)
def test_what_is_said_of_one_index(changes, said):
    """In words that say what to do."""
    assert said == judged([index("a", "x", **changes)])[0].said


def test_the_five_indexes_are_there(postgres):
    """With the columns and the order that their queries need; nothing makes them superfluous."""
    verdicts = {one.index.name: one for one in judged(SqlIndexes(postgres).all())}

    assert FIVE == {name: verdicts[name].index.columns for name in FIVE}
    assert [] == [name for name, one in verdicts.items() if one.covered_by]
    assert [] == [name for name, one in verdicts.items() if not one.index.valid]


def test_the_report(office, capsys, postgres):
    """The largest first; for programs with every number."""
    office.indexes.listed = SqlIndexes(postgres).all()
    told = office.operate(capsys, "indexes", "--json").decoded
    out = office.operate(capsys, "indexes", width=250).out

    assert len(told) > len(FIVE)
    assert sorted((one["size_bytes"] for one in told), reverse=True) == [
        one["size_bytes"] for one in told
    ]
    assert "where (organization_id IS NOT NULL)" in out
