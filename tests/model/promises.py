"""The promises that every single step keeps."""

from __future__ import annotations

from tests.model.world import FAILED, NOBODY, Record, Run, World


def broken(before: World, actor: Run | None, after: World, every_scene: int) -> str:
    """Name the promise that a step of this run (None: of the world) breaks, or nothing."""
    return (
        _broken_by_claim(before, actor, after)
        or _broken_by_output(before, actor, after)
        or ("early" if _made(before, after) and after.scenes != every_scene else "")
        or ("paid twice" if after.paid_slack < 0 else "")
    )


def remembered(before: World, after: World) -> World:
    """Keep the highest fence that anybody ever held."""
    fence = after.record.fence if after.record else 0
    return after._replace(top_fence=max(before.top_fence, fence))


def _broken_by_claim(before: World, actor: Run | None, after: World) -> str:
    old, new = before.record, after.record
    if old and old.state == "completed" and (new is None or new.state != "completed"):
        return "completed left"
    if actor and _holds(actor) and old and not _leads(actor, old) and new != old:
        return "stale write"
    if new and new.owner != (old.owner if old else NOBODY) and new.fence <= before.top_fence:
        return "fence restarted"
    unpublished = new and new.state == "completed" and not after.published
    return "completed unpublished" if unpublished else ""


def _broken_by_output(before: World, actor: Run | None, after: World) -> str:
    if before.sink not in (NOBODY, FAILED, after.sink):
        leader = before.record.owner if before.record else NOBODY
        return "stale output" if before.sink == leader != after.sink else "two outputs"
    record = after.record
    if record and record.state == "completed" and record.owner != after.sink:
        return "output above its fence" if record.fence <= after.sink_fence else ""
    return "two outputs" if len(after.published - {FAILED}) > 1 else ""


def _made(before: World, after: World) -> bool:
    return after.sink not in (NOBODY, FAILED, before.sink)


def _holds(run: Run) -> bool:
    """Tell whether this run took the claim, however long ago."""
    return run.stored is not None and run.stored.owner == run.owner


def _leads(run: Run, record: Record) -> bool:
    """Tell whether the claim is still this run's."""
    return record.owner == run.owner
