"""What the database itself refuses, whoever asks; and the indexes that queries rely on."""

from __future__ import annotations

import itertools
import uuid
from typing import get_args

import pytest

from shared.errors import Permanent
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.rows import LessonStatus, RequestStatus
from tests.records.given import LESSON, VIDEO, asked, completed, files, scripted

LESSON_MOVES = {
    ("requested", "scripted"),
    ("requested", "refused"),
    ("requested", "failed"),
    ("scripted", "completed"),
    ("scripted", "refused"),
    ("scripted", "failed"),
    ("requested", "abandoned"),
    ("scripted", "abandoned"),
    ("completed", "abandoned"),
    ("refused", "abandoned"),
    ("failed", "abandoned"),
}
REQUEST_MOVES = {
    *(("accepted", end) for end in get_args(RequestStatus) if end != "accepted"),
    ("needs_input", "accepted"),
    ("needs_input", "refused"),
    ("needs_input", "failed"),
    ("needs_input", "cancelled"),
}
INDEXES = {
    "idx_content_requests_correlation_status": "(correlation_id, status)",
    "idx_content_requests_student_status_created": "(student_id, status, created_at DESC)",
    "idx_content_requests_status_created": "(status, created_at DESC)",
    "idx_content_requests_org_status_created": (
        "(organization_id, status, created_at DESC) WHERE (organization_id IS NOT NULL)"
    ),
    "idx_content_requests_failed_debugging": (
        "(status, error_stage, failed_at DESC) WHERE (status = 'failed'::content_request_status)"
    ),
}
# A full row for each status, so that nothing but the move itself can be at fault.
SET_LESSON = (
    "update lessons set status = %s, scripted_at = coalesce(scripted_at, now()),"
    " plan_object = coalesce(plan_object, 'plan'), plan_generation = coalesce(plan_generation, 1),"
    " files = %s::jsonb, reason = 'a reason', error_stage = 'script',"
    " finished_at = case when %s in ('requested', 'scripted') then null else now() end"
    " where id = %s"
)
SET_REQUEST = (
    "update content_requests set status = %s, error_reason = 'a reason', error_stage = 'script',"
    " failed_at = case when %s = 'failed' then now() end,"
    " finished_at = case when %s in ('accepted', 'needs_input') then null else now() end"
    " where id = %s"
)
ALL_FILES = '{"' + '": "x", "'.join(VIDEO) + '": "x"}'


def set_lesson(postgres: Postgres, status: str) -> None:
    """Move the lesson with a statement that forgets to ask where it is."""
    with postgres.transaction() as sql:
        sql.run(SET_LESSON, status, ALL_FILES, status, LESSON)


def set_request(postgres: Postgres, request_id: str, status: str) -> None:
    """Move a request with a statement that forgets to ask where it is."""
    with postgres.transaction() as sql:
        sql.run(SET_REQUEST, status, status, status, request_id)


@pytest.mark.parametrize(
    ("before", "after"),
    sorted(set(itertools.product(get_args(LessonStatus), repeat=2)) - LESSON_MOVES),
)
def test_illegal_move_of_a_lesson(postgres: Postgres, before: str, after: str) -> None:
    """Every move that is not on the list is refused by name."""
    SqlRecords(postgres).accept(asked(), LESSON)
    path = {"requested": [], "completed": ["scripted", "completed"]}.get(before, [before])
    for status in path:
        set_lesson(postgres, status)

    with pytest.raises(Permanent, match="constraint lessons_move_forward"):
        set_lesson(postgres, after)


@pytest.mark.parametrize(("before", "after"), sorted(LESSON_MOVES))
def test_legal_move_of_a_lesson(postgres: Postgres, before: str, after: str) -> None:
    """Every move on the list goes through."""
    SqlRecords(postgres).accept(asked(), LESSON)
    path = {"requested": [], "completed": ["scripted", "completed"]}.get(before, [before])
    for status in path:
        set_lesson(postgres, status)

    set_lesson(postgres, after)

    lesson = SqlRecords(postgres).lesson(LESSON)
    assert after == (lesson and lesson.status)


@pytest.mark.parametrize(
    ("before", "after"),
    sorted(set(itertools.product(get_args(RequestStatus), repeat=2)) - REQUEST_MOVES),
)
def test_illegal_move_of_a_request(postgres: Postgres, before: str, after: str) -> None:
    """Every move that is not on the list is refused by name."""
    request_id = completed(SqlRecords(postgres)).request_id
    if before != "accepted":
        set_request(postgres, request_id, before)

    with pytest.raises(Permanent, match=r"requests_move_forward"):
        set_request(postgres, request_id, after)


@pytest.mark.parametrize(("before", "after"), sorted(REQUEST_MOVES))
def test_legal_move_of_a_request(postgres: Postgres, before: str, after: str) -> None:
    """Every move on the list goes through."""
    request_id = completed(SqlRecords(postgres)).request_id
    if before != "accepted":
        set_request(postgres, request_id, before)

    set_request(postgres, request_id, after)


@pytest.mark.parametrize("status", ["scripted", "completed", "refused", "failed"])
def test_lesson_that_begins_in_the_middle(postgres: Postgres, status: str) -> None:
    """A lesson begins requested."""
    with (
        pytest.raises(Permanent, match="constraint lessons_move_forward"),
        postgres.transaction() as sql,
    ):
        sql.run(
            "insert into lessons (id, requested_by, question, interest, grade_band, modalities,"
            " language, status, plan_object, plan_generation, files, reason, error_stage,"
            " scripted_at, finished_at)"
            " values (%s, %s, 'why', '', '1-2', '{text}', 'en', %s, 'p', 1, %s::jsonb, 'r', 's',"
            " now(), now())",
            *(LESSON, str(uuid.uuid4()), status, ALL_FILES),
        )


@pytest.mark.parametrize("status", ["completed", "refused", "cancelled"])
def test_request_that_begins_in_the_middle(postgres: Postgres, status: str) -> None:
    """A request begins accepted, asked back, or failed when nobody could read it."""
    completed(SqlRecords(postgres))

    with (
        pytest.raises(Permanent, match="constraint requests_move_forward"),
        postgres.transaction() as sql,
    ):
        sql.run(
            "insert into content_requests (id, correlation_id, lesson_id, status, error_stage,"
            " error_reason, finished_at) values (%s, 'c', %s, %s, 's', 'r', now())",
            *(str(uuid.uuid4()), LESSON, status),
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("update content_requests set finished_at = now()", "finished_exactly_when_final"),
        ("update content_requests set failed_at = now()", "failed_at_exactly_when_failed"),
        ("update content_requests set lesson_id = null", "accepted_and_completed_have_a_lesson"),
        (
            "update content_requests set status = 'failed', failed_at = now(), finished_at = now()",
            "refused_and_failed_have_a_reason",
        ),
    ],
)
def test_half_written_request(postgres: Postgres, change: str, constraint: str) -> None:
    """A status without what belongs to it is refused, by the sentence that it breaks."""
    SqlRecords(postgres).accept(asked(), LESSON)

    with (
        pytest.raises(Permanent, match=f"constraint {constraint}"),
        postgres.transaction() as sql,
    ):
        sql.run(change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (
            "update lessons set plan_object = null, plan_generation = null",
            "scripted_and_completed_have_a_plan",
        ),
        ("update lessons set plan_generation = null", "scripted_exactly_when_the_plan_is_there"),
        ("update lessons set status = 'completed', finished_at = now()", "completed_has_its_files"),
        ("update lessons set finished_at = now()", "finished_exactly_when_final"),
        (
            "update lessons set status = 'failed', finished_at = now()",
            "refused_and_failed_have_a_reason",
        ),
        ("update lessons set modalities = '{smell}'", "a_lesson_has_known_modalities"),
        ("update lessons set modalities = '{}'", "a_lesson_has_known_modalities"),
    ],
)
def test_half_written_lesson(postgres: Postgres, change: str, constraint: str) -> None:
    """A status without what belongs to it is refused, by the sentence that it breaks."""
    scripted(SqlRecords(postgres))

    with (
        pytest.raises(Permanent, match=f"constraint {constraint}"),
        postgres.transaction() as sql,
    ):
        sql.run(change)


def test_lesson_id_that_is_no_digest(postgres: Postgres) -> None:
    """An id that could not be an object's name never becomes one."""
    with pytest.raises(Permanent, match="a_lesson_id_is_32_hexadecimal_digits"):
        SqlRecords(postgres).accept(asked(), "../../etc")


@pytest.mark.parametrize(
    ("name", "known"), [("content_request_status", RequestStatus), ("lesson_status", LessonStatus)]
)
def test_statuses_are_the_same_in_sql_and_python(
    postgres: Postgres, name: str, known: object
) -> None:
    """The database knows exactly the statuses that the code writes."""
    with postgres.transaction() as sql:
        rows = sql.all(
            "select enumlabel from pg_enum join pg_type on pg_type.oid = enumtypid"
            " where typname = %s",
            name,
        )

    assert set(get_args(known)) == {label for (label,) in rows}


@pytest.mark.parametrize("name", sorted(INDEXES))
def test_compound_index(postgres: Postgres, name: str) -> None:
    """Each index is there under its name, valid, with the columns that its query needs."""
    with postgres.transaction() as sql:
        row = sql.one(
            "select pg_get_indexdef(indexrelid), indisvalid from pg_index"
            " where indexrelid = %s::regclass and indrelid = 'content_requests'::regclass",
            name,
        )

    assert row is not None
    assert (f"using btree {INDEXES[name]}".lower(), True) == (
        row[0][row[0].index("USING") :].lower(),
        row[1],
    )


def test_a_lessons_files_are_counted_by_name_only(postgres: Postgres) -> None:
    """More files than needed do no harm."""
    records = SqlRecords(postgres)
    scripted(records)

    assert records.completed(LESSON, files((*VIDEO, "poster")))
