"""The guards that exactly-once rests on, and the change that takes each of them away."""

from __future__ import annotations

from dataclasses import dataclass

SPINE = "tests/spine"
MACHINE = "tests/machine"
PIPELINE = "tests/pipeline/test_lessons.py"
ENDED = "tests/pipeline/test_ended.py"
SIMULATION = "tests/simulation/test_simulation.py"


@dataclass(frozen=True, slots=True)
class Guard:
    """`text` stands exactly once in `file`; with `without` in its place, one of `tests` fails."""

    name: str
    protects: str
    file: str
    text: str
    without: str
    tests: tuple[str, ...]


GUARDS = (
    Guard(
        "owner",
        "a stale run does not end another run's claim",
        "shared/gcp/firestore.py",
        "option = self._client.write_option(last_update_time=seen.update_time)",
        "option = self._client.write_option(exists=True)",
        ("tests/contract/test_claims.py",),
    ),
    Guard(
        "read-back",
        "a write whose answer got lost is known as ours",
        "shared/read_back.py",
        "if now and _is(now.claim, change):",
        "if False:",
        (SPINE,),
    ),
    Guard(
        "read-back of the state",
        "a beat that lands late is not taken for the completion",
        "shared/read_back.py",
        "return (stored.owner, stored.beat, stored.state) == (change.owner, change.beat, change.state)",
        "return (stored.owner, stored.beat) == (change.owner, change.beat)",
        (MACHINE,),
    ),
    Guard(
        "fence",
        "each takeover has a higher fence",
        "shared/claim.py",
        "            began=now,\n            fence=self.fence + 1,",
        "            began=now,\n            fence=self.fence,",
        (SPINE,),
    ),
    Guard(
        "beat",
        "every write moves the server's time and is told apart",
        "shared/read_back.py",
        "change = replace(change, beat=seen.claim.beat + 1)",
        "change = replace(change, beat=seen.claim.beat)",
        (SPINE, MACHINE),
    ),
    Guard(
        "create-only objects",
        "no second run overwrites what a first one stored",
        "shared/gcp/storage.py",
        '"if_generation_match": 0, ',
        "",
        ("tests/contract/test_objects.py",),
    ),
    Guard(
        "calls of bounded size",
        "a lesson with more requests than one call carries answers all of them",
        "shared/gcp/pubsub.py",
        "for call in calls(messages):",
        "for call in [list(messages)] if messages else []:",
        ("tests/contract/test_events.py",),
    ),
    Guard(
        "emit before complete",
        "a crash between the two loses no event",
        "shared/stage.py",
        "            emitted = self._emitted(self.work(self.event, self.services))\n        except Superseded",
        '            outgoing = self.work(self.event, self.services)\n            held.complete(())\n            self._emitted(outgoing)\n            return "completed", None\n        except Superseded',
        (SIMULATION,),
    ),
    Guard(
        "replay",
        "a duplicate of finished work repeats its events",
        "shared/stage.py",
        "            self.services.events.publish(taken.claim.emitted)\n",
        "",
        (SPINE,),
    ),
    Guard(
        "set, not count",
        "finalize begins only when the plan's own scenes are there",
        "shared/film/finalizing.py",
        "return ended.keys() >= {scene.n for scene in plan.scenes}",
        "return len(ended) >= len(plan.scenes) - 1",
        ("tests/film/test_finalizing.py", SIMULATION),
    ),
    Guard(
        "join gate",
        "a scene that comes early claims nothing",
        "shared/stage.py",
        "if ready is None or _is_ready(ready, event, services):",
        "if True:",
        (SPINE,),
    ),
    Guard(
        "lease bound",
        "no run renews its lease beyond its function's time",
        "shared/held.py",
        "return max(0.0, min(LEASE_S, limits.last_lease_end_s - elapsed_s))",
        "return LEASE_S",
        (SPINE,),
    ),
    Guard(
        "attempts counted at the claim",
        "work that kills every run ends parked",
        "shared/claim.py",
        "attempts=self.attempts + 1,",
        "attempts=self.attempts,",
        (SPINE,),
    ),
    Guard(
        "budget of time",
        "transient faults do not go on for ever",
        "shared/hold.py",
        'return "time-used-up" if late else ""',
        'return ""',
        (SPINE,),
    ),
    Guard(
        "payload hash",
        "other content under the same key is never merged",
        "shared/hold.py",
        "if stored.claim.payload_hash != work.payload_hash:",
        "if False:",
        (SPINE,),
    ),
    Guard(
        "Busy raises",
        "a duplicate beside a live run is not acknowledged",
        "shared/stage.py",
        "        except Unreadable as fault:\n            self._bury(fault)\n            return\n        if isinstance(taken",
        "        except Busy:\n            return\n        except Unreadable as fault:\n            self._bury(fault)\n            return\n        if isinstance(taken",
        (SPINE,),
    ),
    Guard(
        "adopt",
        "an earlier run's narration is not paid for again",
        "shared/film/rendering.py",
        '    stored = services.objects.find("scenes", name)\n    if stored is None:\n        _stop',
        "    stored = None\n    if stored is None:\n        _stop",
        ("tests/film/test_rendering.py", PIPELINE),
    ),
    Guard(
        "adopt a sentence",
        "a sentence that was paid for is not paid for again",
        "shared/film/spoken_once.py",
        '        stored = self._objects.find("scenes", name)\n',
        "        stored = None\n",
        ("tests/film/test_rendering.py",),
    ),
    Guard(
        "own plan only",
        "a scene of another plan takes no claim",
        "functions/render/main.py",
        ", ready=is_of_this_plan",
        "",
        ("tests/pipeline/test_other_plans.py",),
    ),
    Guard(
        "commit, then read",
        "a request that attaches as its lesson ends is answered",
        "functions/ingest/main.py",
        "    if lesson.status in ENDS:",
        "    if False:",
        (PIPELINE,),
    ),
    Guard(
        "end, then list",
        "who attached before the end is answered",
        "shared/lesson/writing.py",
        "        return answer_all(services.records, lesson.lesson_id, STAGE)\n    lesson = _wanted",
        "        return []\n    lesson = _wanted",
        (PIPELINE,),
    ),
    Guard(
        "forward-only rows",
        "a late run does not end a lesson twice",
        "shared/gcp/records.py",
        " where id = %s and status = 'scripted' returning id",
        " where id = %s returning id",
        ("tests/records/test_lessons.py",),
    ),
    Guard(
        "lock against cancel",
        "no request attaches to a lesson that is just abandoned",
        "shared/gcp/intake.py",
        ' where id = %s for update", moved[0])',
        ' where id = %s", moved[0])',
        ("tests/records/test_takes.py",),
    ),
    Guard(
        "status after the insert",
        "no request attaches to a lesson that came and went meanwhile",
        "shared/gcp/intake.py",
        "if now is not None and _is_begun_afresh(*now):",
        "if False:",
        ("tests/records/test_takes.py",),
    ),
    Guard(
        "abandoned mark",
        "nothing is paid for a lesson that nobody waits for",
        "shared/abandoned.py",
        "    if objects.find(",
        "    if False and objects.find(",
        ("tests/ops/test_cancel.py",),
    ),
    Guard(
        "mark before each sentence",
        "a scene stops before its next sentence",
        "shared/film/spoken_once.py",
        "        stop_if_abandoned(self._objects, self._lesson_id)\n",
        "",
        ("tests/film/test_rendering.py",),
    ),
    Guard(
        "ended lessons stay ended",
        "no plan is written for a lesson that has ended",
        "shared/lesson/writing.py",
        "    if lesson.status in ENDS:\n        return _answered(lesson, services)\n    stored",
        "    stored",
        (ENDED,),
    ),
    Guard(
        "mark of a failed lesson",
        "no sentence is spoken for a lesson that failed",
        "shared/film/finalizing.py",
        "    mark_abandoned(services.objects, lesson_id)\n",
        "",
        (ENDED,),
    ),
    Guard(
        "one build per instance",
        "no instance opens more connections than its pool has",
        "shared/wiring.py",
        "        with services.building:",
        "        if True:",
        ("tests/regressions/test_cold_start.py",),
    ),
    Guard(
        "work deadline",
        "a run without time stops while it can still say so",
        "shared/held.py",
        "if self._elapsed_s() > self._limits.work_deadline_s:",
        "if False:",
        (SPINE,),
    ),
    Guard(
        "call within the time left",
        "no call outlives the function",
        "shared/deadline.py",
        "return min(most_s, left)",
        "return most_s",
        (SPINE,),
    ),
    Guard(
        "begin inside the try",
        "a database that is down costs no attempt",
        "shared/stage.py",
        "        with bind(attempt=taken.claim.attempts), taken:\n            self._worked(taken)",
        "        with bind(attempt=taken.claim.attempts), taken:\n            attempts.note_start(taken, self.services)\n            self._worked(taken)",
        (SPINE,),
    ),
    Guard(
        "fence above a lost record",
        "no two runs bear one name",
        "shared/attempts.py",
        "held.raise_fence(records.last_fence(held.claim.key))",
        "pass",
        (SPINE,),
    ),
    Guard(
        "own source only",
        "a trigger on the wrong topic does no work",
        "shared/stage.py",
        "if found is not None and found.groups() != (kind, name):",
        "if False:",
        (SPINE,),
    ),
    Guard(
        "repair reads the claim first",
        "a dead letter of finished work is not sent again",
        "shared/repair/settling.py",
        "    stored = services.claims.read(event.key)",
        "    stored = None",
        ("tests/repair/test_dead_letters.py",),
    ),
    Guard(
        "sweep",
        "a lost event is sent again",
        "shared/repair/sweep.py",
        "parts = (end_overdue, answer_late, mark_all_abandoned, nudge_books, move_stalled)",
        "parts = (end_overdue, answer_late, mark_all_abandoned, nudge_books)",
        ("tests/repair/test_lost_events.py",),
    ),
    Guard(
        "sweeps skip each other's rows",
        "two sweeps at once emit each event once",
        "shared/gcp/upkeep.py",
        " for update skip locked)",
        ")",
        ("tests/repair",),
    ),
)
