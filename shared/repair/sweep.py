"""The sweep of a tick: find what stands still, and emit what was lost.

overdue     open for longer than a lesson may take   -> failed, its requests answered
unanswered  requests whose lesson has ended          -> answered
expired     asked back, and no answer came in time   -> refused, and told
abandoned   lessons without the mark for `render`    -> marked
books       stored, but neither indexed nor settled  -> library nudged
stalled     open and quiet; without a plan           -> its script asked for again
            with scenes missing                      -> those asked for again
            with its set complete                    -> finalize nudged
old         kept for longer than it may be           -> taken away, some at a time
the rest    how much is open                         -> a line of the log

Every step may be taken twice, and by two sweeps at once: the same event ids, guarded moves,
create-only objects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial

from shared import deadline
from shared.abandoned import mark_abandoned
from shared.events import (
    BOOK_OBJECT,
    SCENE_OBJECT,
    BookStored,
    SceneRequested,
    SceneStored,
    ScriptRequested,
)
from shared.limits import FUNCTIONS, HOUR_S, LESSON_BUDGET_S
from shared.log import log
from shared.ports import Claims, Objects, Services, StoredObject
from shared.question.expiry import end_expired
from shared.repair.answering import STAGE, answer_these, fail_and_answer
from shared.repair.nudges import nudge
from shared.repair.standstill import Stalled
from shared.repair.steps import take_all
from shared.rows import Attached

TOO_LATE = f"the lesson was not finished within {LESSON_BUDGET_S // HOUR_S} hours"


def sweep(services: Services) -> None:
    """Heal each part, whatever becomes of the others; raises the last of their faults.

    What still has to come keeps its share of the time, so that a service which only hangs cannot
    take the others' turns either.
    """
    parts = (
        end_overdue, answer_late, end_expired,
        mark_all_abandoned, nudge_books, move_stalled, retire_old, tell_standing,
    )  # fmt: skip
    take_all(partial(_in_its_share, part, len(parts) - n, services) for n, part in enumerate(parts))


def _in_its_share(part: Callable[[Services], None], parts_left: int, services: Services) -> None:
    left_s = deadline.left_s(FUNCTIONS[STAGE].work_deadline_s)
    with deadline.within(left_s / parts_left):
        part(services)


def end_overdue(services: Services) -> None:
    """Fail lessons that took too long, and answer their requests."""
    overdue = services.upkeep.overdue()
    take_all(partial(fail_and_answer, one, TOO_LATE, STAGE, services) for one in overdue)


def answer_late(services: Services) -> None:
    """Answer the requests of lessons that have ended without them."""
    waiting: dict[str, list[Attached]] = defaultdict(list)
    for one in services.upkeep.unanswered():
        waiting[one.lesson_id].append(Attached(one.request_id, one.correlation_id))
    take_all(partial(answer_these, *one, services) for one in waiting.items())


def mark_all_abandoned(services: Services) -> None:
    """Leave the mark that stops `render`; the row is told once the mark is there."""
    take_all(partial(_mark, one, services) for one in services.upkeep.abandoned())


def nudge_books(services: Services) -> None:
    """Have `library` look at books that it neither knows nor works on."""
    stored = [one for one in services.objects.list("oer", "books/") if _is_book(one)]
    known = services.upkeep.archives()
    unknown = [one for one in stored if one.name.rpartition("/")[2][:-4] not in known]
    if unknown:
        period = services.upkeep.period()
        take_all(partial(_nudge_book, one, period, services) for one in unknown)


def move_stalled(services: Services) -> None:
    """Emit what each stalled lesson waits for."""
    # Marked as nudged before anything is emitted: a crash here costs one more round of patience,
    # while emitting first would let two sweeps take up the same lessons.
    take_all(partial(_move, one, services) for one in services.upkeep.stalled())


def retire_old(services: Services) -> None:
    """Take away what `KEPT_DAYS` keeps no longer; open work is never that old."""
    retired = {kind: rows for kind, rows in services.upkeep.retire().items() if rows}
    if retired:
        log.info("Retired rows", extra={"rows": sum(retired.values()), "kinds": sorted(retired)})


def tell_standing(services: Services) -> None:
    """Say how much is open now; that it was said at all is how one knows that `repair` runs."""
    log.info("Looked around", extra=asdict(services.upkeep.standing()))


def _move(one: Stalled, services: Services) -> None:
    log.info("Nudged a lesson", extra={"lesson_id": one.lesson_id, "plan": one.plan_generation})
    if not one.plan_generation:
        asked = ScriptRequested(one.lesson_id, one.correlation_id)
        services.events.publish([asked.message()])
        return
    there = _ended_scenes(services.objects, one.lesson_id)
    missing = [n for n in one.scenes if n not in there]
    services.events.publish(
        [
            SceneRequested(one.lesson_id, n, one.plan_generation, one.correlation_id).message()
            for n in missing
        ]
    )
    if not missing:
        name = f"{one.nudged_at:%Y%m%dT%H%M%S}"
        nudge(services.objects, SceneStored(one.lesson_id, one.correlation_id), name)


def _ended_scenes(objects: Objects, lesson_id: str) -> set[int]:
    listed = objects.list("scenes", f"lessons/{lesson_id}/scenes/")
    named = (SCENE_OBJECT.fullmatch(stored.name) for stored in listed)
    return {int(found[2]) for found in named if found}


def _mark(lesson_id: str, services: Services) -> None:
    mark_abandoned(services.objects, lesson_id)
    services.upkeep.marked(lesson_id)


def _nudge_book(stored: StoredObject, period: str, services: Services) -> None:
    book = BookStored(stored.name, stored.generation)
    if _is_open(services.claims, book.key):
        nudge(services.objects, book, period)
        log.info("Nudged a book", extra={"book": stored.name})


def _is_book(stored: StoredObject) -> bool:
    return BOOK_OBJECT.fullmatch(stored.name) is not None


def _is_open(claims: Claims, key: str) -> bool:
    """Tell whether a piece of work is unsettled and nobody works on it."""
    stored = claims.read(key)
    if stored is None:
        return True
    held_for = stored.read_time - stored.update_time
    leased = stored.claim.state == "in_progress"
    works = leased and held_for <= timedelta(seconds=stored.claim.lease_s)
    return not stored.claim.settled and not works
