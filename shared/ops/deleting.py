"""Delete a student: from the first step nothing new is stored, at the last one nothing is left.

    begin    the digest is written down    late messages find it and are refused
    cancel   what is open waits no more    a lesson that nobody else waits for stops
    empty    lessons that are theirs alone lose words and files, and take no further request
    erase    claims and objects of those lessons, claims of the requests
    finish   the rows, letters and runs go; what remains is the digest and three counts

A crash between two of them leaves the rows, by which the same command finds again what is left to
do; each step may be repeated.  Lessons that another student asked for as well stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from shared.abandoned import abandoned, mark_abandoned
from shared.ops.cancelling import cancel
from shared.ops.desk import Desk
from shared.ops.students import Deletion, HeldLesson, Holdings
from shared.ports import Bucket, Claims

WHERE: tuple[Bucket, ...] = ("generated", "scenes")


@dataclass(frozen=True, slots=True)
class Deleted:
    """What came of it; `busy` lessons were being worked on, so that nothing was finished yet."""

    busy: int
    objects: int
    deletion: Deletion | None


def nothing(_: str) -> None:
    """Show nothing."""


def delete(
    student: str, operator: str, desk: Desk, says: Callable[[str], None] = nothing
) -> Deleted:
    """Delete one student; the same call goes on after a crash.  Raises Transient.

    While a run still works on one of the student's lessons, all but the last step is done.
    """
    desk.students.begin(student, operator)
    for request_id in desk.students.holdings(student).open:
        says("cancelling open requests")
        cancel(request_id, desk)
    held = desk.students.holdings(student)  # an answer may have given a request its lesson
    busy, objects = 0, 0
    for lesson in held.alone:
        says("taking lessons away")
        if not desk.students.empty(lesson.lesson_id, student):
            continue  # somebody else asked for it a moment ago
        mark_abandoned(desk.cloud.objects, lesson.lesson_id)
        if _is_worked_on(lesson, desk.cloud.claims):
            busy += 1
            continue
        objects += _erased(lesson, desk)
    if busy:
        return Deleted(busy, objects, None)
    for request in held.requests:
        desk.erasing.claim(f"ingest/{request.request_id}")
    return Deleted(0, objects, desk.students.finish(student))


def objects_of(held: Holdings, desk: Desk) -> int:
    """Count the objects that would go."""
    return sum(1 for lesson in held.alone for _ in _objects(lesson.lesson_id, desk))


def _erased(lesson: HeldLesson, desk: Desk) -> int:
    """Take a lesson's claims away, so that a run that wakes up late may store nothing; then all."""
    for key in _keys(lesson):
        desk.erasing.claim(key)
    names = list(_objects(lesson.lesson_id, desk))
    for bucket, name in names:
        desk.erasing.object(bucket, name)
    return len(names)


def _objects(lesson_id: str, desk: Desk) -> Iterator[tuple[Bucket, str]]:
    """Name a lesson's objects but for the mark, which has to outlive whatever comes late."""
    mark = abandoned(lesson_id)
    for bucket in WHERE:
        for folder in ("lessons", "nudges"):
            for stored in desk.cloud.objects.list(bucket, f"{folder}/{lesson_id}/"):
                if stored.name != mark:
                    yield bucket, stored.name


def _keys(lesson: HeldLesson) -> tuple[str, ...]:
    scenes = (f"render/{lesson.lesson_id}/{n:02d}" for n in lesson.scenes)
    return (f"script/{lesson.lesson_id}", *scenes, f"finalize/{lesson.lesson_id}")


def _is_worked_on(lesson: HeldLesson, claims: Claims) -> bool:
    """Tell whether a run holds a live lease on any part of a lesson."""
    found = (claims.read(key) for key in _keys(lesson))
    return any(
        one.claim.state == "in_progress"
        and one.read_time - one.update_time <= timedelta(seconds=one.claim.lease_s)
        for one in found
        if one is not None
    )
