"""What must hold at rest, when nothing fails any more and nothing waits.

Each is a sentence, and gives a line for everything that contradicts it.  The step invariants,
which hold all the time, are in `tests/simulation/steps.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from shared.film.scene_files import decode, ended_scenes
from shared.limits import CLAIM_ATTEMPTS, FUNCTIONS, REDRIVES
from shared.ports import Bucket
from shared.question.expiry import EXPIRED
from shared.report import LessonReport, Run
from tests.simulation.content import FATAL, NOT_COVERED
from tests.simulation.faults import COUNT_AS_ATTEMPTS
from tests.simulation.functions import unpacked
from tests.simulation.witness import Broken
from tests.simulation.workload import Workload
from tests.simulation.world import World

ENDS = ("completed", "refused", "failed", "cancelled")


def check(world: World, workload: Workload) -> None:
    """Hold every invariant against a world at rest; raises Broken with all that is wrong."""
    found = [
        *every_request_has_its_end(world, workload),
        *every_end_is_told_once(world),
        *every_completed_lesson_is_whole(world),
        *nothing_fails_without_a_reason(world, workload),
        *what_nobody_can_read_is_a_dead_letter(world, workload),
        *every_claim_has_its_end(world),
        *every_attempt_has_its_row(world),
    ]
    if found:
        raise Broken("; ".join(found))


def every_request_has_its_end(world: World, workload: Workload) -> Iterator[str]:
    """I1: a request that was sent is completed, refused, failed or cancelled.

    Except for one whose first stage was parked, or that was never accepted and given up as often
    as `repair` sends it again: both are dead letters for the operator.
    """
    rows = {row.request_id: row.status for row in world.inside.records.runs(1000)}
    given_up = [letter for letter in world.inside.records.letters if letter.stage == "ingest"]
    for request_id in workload.asked:
        status = rows.get(request_id, "lost")
        if status == "lost" and len(given_up) > REDRIVES:
            continue
        if status not in ENDS and not _parked(world, f"ingest/{request_id}"):
            yield f"I1 request {request_id} is {status}"


def every_end_is_told_once(world: World) -> Iterator[str]:
    """I1: an accepted request has one completion, and it tells what its row says.

    The completion of a request that was cancelled may be under way already.
    """
    for row in world.inside.records.runs(1000):
        told = sorted(status for _, status in world.witness.completions.get(row.request_id, ()))
        if row.status == "cancelled":
            right = len(told) <= 1
        else:
            # Who has no lesson was unreadable, or was asked back and has its end all the same.
            tells = row.lesson_id or row.status == "refused"
            right = row.status not in ENDS or told == ([row.status] if tells else [])
        if not right:
            yield f"I1 request {row.request_id} is {row.status}, was told {told}"


def every_completed_lesson_is_whole(world: World) -> Iterator[str]:
    """I2, I6: a completed lesson's files are there, made from exactly what is stored."""
    for lesson in _lessons(world):
        if lesson.lesson.status == "completed":
            yield from _misses(world, lesson)


def nothing_fails_without_a_reason(world: World, workload: Workload) -> Iterator[str]:
    """Transient faults below the budget end completed; who has no answer is refused."""
    for row in world.inside.records.runs(1000):
        if row.request_id not in workload.asked or row.request_id in workload.conflicts:
            continue
        question = str(workload.asked[row.request_id]["student_query"])
        ends = {NOT_COVERED: "refused", **dict.fromkeys(FATAL, "failed")}
        expected = ends.get(question, "completed")
        if row.status in (expected, "cancelled") or row.reason == EXPIRED:
            continue
        if not any(_parked(world, key) for key in _keys(world, row)):
            yield f"request {row.request_id} is {row.status}, not {expected}: {row.reason}"


def what_nobody_can_read_is_a_dead_letter(world: World, workload: Workload) -> Iterator[str]:
    """Broken messages, and those with other content, are recorded; a readable id is answered."""
    of = world.post.forwarded
    letters = {
        (letter.stage, of.get(letter.message_id, letter.message_id)): letter
        for letter in world.inside.records.letters
    }
    rows = {row.request_id: row.status for row in world.inside.records.runs(1000)}
    for message_id, request_id in workload.broken.items():
        if ("ingest", message_id) not in letters:
            yield f"broken message {message_id} is no dead letter"
        if request_id and rows.get(request_id) != "failed":
            yield f"broken request {request_id} is {rows.get(request_id, 'lost')}"
    reasons = {letter.reason for letter in letters.values()}
    known = {"other-content", "request-id-reused", "too-many-deliveries"}
    if workload.conflicts and not reasons & known:
        yield f"other content was taken for the same: letters say {sorted(reasons)}"


def every_claim_has_its_end(world: World) -> Iterator[str]:
    """Work that was begun is completed, failed or parked, unless its event was given up."""
    if world.repairs:
        return
    for key, stored in world.witness.claims.items():
        if not stored.claim.settled:
            yield f"{key} is {stored.claim.state} for ever"


def every_attempt_has_its_row(world: World) -> Iterator[str]:
    """Each run of settled work that its claim remembers has a row, with the same end.

    Except for one of `render` that ended after its lesson did, or whose lesson nobody finalized:
    no run with a database looks at its claim after that.  And for the last one, if it died after
    it ended the claim, and its delivery was given up.  A claim forgets all but its latest runs, and
    an older one has no row if the database was away during all of them.
    """
    finished = {one.lesson.lesson_id: one.finished_at for one in _finalized(world)}
    for (key, fence), (past, at) in world.witness.ends.items():
        claim = world.witness.claims[key].claim
        if FUNCTIONS[claim.stage].keeps_records:
            author, last = world.witness.authors[claim.owner], world.witness.runs_of[key][-1]
            died = author is last and last.answer is not None and fence == claim.fence
            seen = claim.settled and not died
        else:
            seen = claim.lesson_id in finished and at <= finished[claim.lesson_id]
        seen = seen and past in claim.history
        rows = {row.fence: row for row in world.inside.records.attempts(key)}
        if seen and (fence not in rows or rows[fence].outcome != past.outcome):
            told = rows[fence].outcome or "without end" if fence in rows else "without row"
            yield f"run {fence} of {key} was {past.outcome}, is {told}"


def _finalized(world: World) -> Iterator[LessonReport]:
    """List the lessons that `finalize` brought to their end, or found there."""
    for lesson in _lessons(world):
        key = f"finalize/{lesson.lesson.lesson_id}"
        stored = world.witness.claims.get(key)
        if lesson.finished_at and stored is not None and stored.claim.settled:
            yield lesson


def _misses(world: World, report: LessonReport) -> Iterator[str]:
    lesson, objects = report.lesson, world.inside.objects
    for what, name in lesson.files.items():
        if objects.find("generated", name) is None:
            yield f"I6 lesson {lesson.lesson_id} has no {what}"
    plan = objects.find("generated", lesson.plan_object)
    if plan is None or plan.generation != lesson.plan_generation:
        yield f"I2 lesson {lesson.lesson_id} was made from another plan"
    elif "audio" in lesson.files:
        yield from _mixed(world, report)


def _mixed(world: World, report: LessonReport) -> Iterator[str]:
    """Compare what the film was made from with what is stored."""
    lesson_id = report.lesson.lesson_id
    film = json.loads(_content(world, "generated", report.lesson.files["audio"]))
    if film["plan"] != _digest(world, "generated", report.lesson.plan_object):
        yield f"I2 the film of {lesson_id} was made from another plan"
    ended = ended_scenes(world.inside.objects, lesson_id)
    sounds = []
    for n in range(1, len(report.scenes) + 1):
        scene = decode(_content(world, "scenes", ended[n].stored.name))
        sounds.append(_digest(world, "scenes", scene.narration.name))
        spoken = unpacked(_content(world, "scenes", scene.narration.name))
        if (scene.frames, scene.lines) != (spoken.frames, spoken.lines):
            yield f"I2 scene {n} of {lesson_id} was made from another narration"
    if film["sounds"] != sounds:
        yield f"I2 the film of {lesson_id} was made from other scenes"
    if any(row.rendered_at is None for row in report.scenes):
        yield f"I6 lesson {lesson_id} is completed with a scene that was never noted"


def _parked(world: World, key: str) -> bool:
    """Whether so many runs of a piece of work ended without a word that giving up is right."""
    stored = world.witness.claims.get(key)
    if stored is None or stored.claim.state != "parked":
        return False
    hit = [
        run
        for run in world.witness.runs_of[key]
        if any(kind in COUNT_AS_ATTEMPTS or port == "claims" for kind, port in run.faults)
    ]
    return len(hit) >= CLAIM_ATTEMPTS


def _keys(world: World, row: Run) -> Iterator[str]:
    yield f"ingest/{row.request_id}"
    yield from (key for key in world.witness.claims if row.lesson_id and row.lesson_id in key)


def _lessons(world: World) -> Iterator[LessonReport]:
    seen = set()
    for row in world.inside.records.runs(1000):
        lesson = world.inside.records.show(row.request_id).lesson
        if lesson is not None and lesson.lesson.lesson_id not in seen:
            seen.add(lesson.lesson.lesson_id)
            yield lesson


def _content(world: World, bucket: Bucket, name: str) -> bytes:
    return world.inside.objects.read(bucket, name)


def _digest(world: World, bucket: Bucket, name: str) -> str:
    return hashlib.sha256(_content(world, bucket, name)).hexdigest()
