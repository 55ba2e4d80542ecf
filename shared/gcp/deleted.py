"""What keeps a deleted student's late messages from bringing rows back.

Who stores something of a student holds the student's lock, shared, until that is committed; who
deletes takes it alone, writes down whose data is to go, and commits before looking for it.  So
whatever was stored before is found, and whatever comes after sees that it must not be stored.
"""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Unreadable
from shared.gcp.postgres import Transaction
from shared.limits import STUDENT_REFUSED_DAYS
from shared.rows import DeadLetter
from shared.students import digest_of, named_in

# The lock is waited for inside a statement, whose snapshot is older: look in a later one.
HOLD = "select pg_advisory_xact_lock_shared(hashtextextended(%s, 0))"
ALONE = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"
ASK = (
    "select 1 from student_deletions where student_sha256 = %s"
    " and begun_at > now() - make_interval(days => %s) limit 1"
)
REASON = "student-deleted"
WHY = "student_id: this student's data was deleted"


def hold_student(sql: Transaction, student: str) -> None:
    """Have whoever deletes this student, named by the digest, wait for this transaction."""
    sql.run(HOLD, student)


def refuse_deleted(sql: Transaction, student: str) -> None:
    """Undo what was stored of a student who was deleted meanwhile; raises Unreadable."""
    if sql.one(ASK, student, STUDENT_REFUSED_DAYS) is not None:
        raise Unreadable(REASON, WHY, "student_id")


def without_a_deleted_student(sql: Transaction, letter: DeadLetter) -> DeadLetter:
    """Give a letter as it may be kept: nothing but its name, if its student was deleted."""
    student = named_in(letter.body)
    if not student:
        return letter
    digest = digest_of(student)
    hold_student(sql, digest)
    if sql.one(ASK, digest, STUDENT_REFUSED_DAYS) is None:
        return letter
    return replace(
        letter,
        reason=REASON,
        detail=WHY,
        field="student_id",
        body=b"",
        attributes={},
        request_id="",
        correlation_id="",
        claim_key="",
        claim="",
        resolution="harmless",
    )
