"""Dead letters in dictionaries, beside the requests and lessons that they are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from shared.errors import Missing
from shared.ops.letters import (
    Action,
    Chosen,
    Letter,
    LetterRow,
    is_called,
    no_single_letter,
)
from shared.rows import DeadLetter
from tests.fakes.records import MemoryRecords, wall_clock

FAR = timedelta(days=36_500)


class MemoryLetters(MemoryRecords):
    """The ports Letters, Records and Reports, as one database holds them."""

    def __init__(self, now: Callable[[], datetime] = wall_clock) -> None:
        super().__init__(now)
        self._letters: dict[tuple[str, str], Letter] = {}

    def dead_letter(self, letter: DeadLetter) -> None:
        """Record a dead letter, and keep all of it."""
        super().dead_letter(letter)
        named, now = (letter.stage, letter.message_id), self._now()
        with self._lock:
            known = self._letters.get(named) or self._new(letter, now)
            row = replace(known.row, count=known.row.count + 1, last_seen=now)
            self._letters[named] = replace(known, row=row)

    def list(self, chosen: Chosen) -> tuple[LetterRow, ...]:
        """List letters, the one that was seen last first."""
        with self._lock:
            now = self._now()
            newest, oldest = now - _span(chosen.older_s, 0), now - _span(chosen.newer_s)
            rows = [
                self._linked(letter).row
                for letter in self._letters.values()
                if letter.row.stage in (chosen.stages or (letter.row.stage,))
                and chosen.reason in ("", letter.row.reason)
                and oldest <= letter.row.last_seen <= newest
                and (chosen.settled or not letter.row.resolution)
            ]
            rows.sort(key=lambda row: (row.stage, row.message_id))
            rows.sort(key=lambda row: row.last_seen, reverse=True)
            return tuple(rows[: chosen.limit])

    def find(self, named: str) -> Letter:
        """Read one letter, named by stage/message-id or the beginning of it."""
        with self._lock:
            fitting = [names for names in self._letters if named and _begins(named, *names)]
            fitting = [names for names in fitting if is_called(named, *names)] or fitting
            if len(fitting) != 1:
                raise Missing(no_single_letter(named, several=bool(fitting)))
            return self._linked(self._letters[fitting[0]])

    def noted(self, row: LetterRow, action: Action) -> None:
        """Journal what is about to be done, which settles nothing."""
        with self._lock:
            known = self._letters[row.stage, row.message_id]
            if not _same(known, action):
                noted = replace(known, actions=(*known.actions, action))
                self._letters[row.stage, row.message_id] = noted

    def replayed(self, row: LetterRow, action: Action) -> None:
        """Settle a letter as sent again, and journal it."""
        self._settle(row, action, "replayed", "")

    def discarded(self, row: LetterRow, action: Action) -> bool:
        """Settle an open letter for good; False when it was settled before."""
        with self._lock:
            known = self._letters[row.stage, row.message_id]
            if known.row.resolution:
                return _same(known, action)
            self._settle(row, action, "discarded", action.note)
            return True

    def _settle(self, row, action, resolution, note):
        with self._lock:
            known = self._letters[row.stage, row.message_id]
            self._letters[row.stage, row.message_id] = replace(
                known,
                row=replace(known.row, resolution=resolution),
                resolved_at=self._now(),
                note=note or known.note,
                actions=known.actions if _same(known, action) else (*known.actions, action),
            )

    def _new(self, letter: DeadLetter, now: datetime) -> Letter:
        row = LetterRow(
            *(letter.stage, letter.message_id, letter.reason, 0, now, now, now),
            *(letter.request_id, letter.lesson_id, letter.resolution),
        )
        return Letter(
            *(row, letter.detail, letter.field, letter.body, dict(letter.attributes)),
            *(letter.claim_key, letter.claim, "", now if letter.resolution else None, "", ""),
        )

    def _linked(self, letter: Letter) -> Letter:
        stage, _, named = letter.claim_key.partition("/")
        request_id = letter.row.request_id or (named if stage == "ingest" else "")
        found = self._requests.get(request_id)
        lesson_id = letter.row.lesson_id or (found.run.lesson_id if found else "")
        lesson = self._lessons.get(lesson_id)
        row = replace(letter.row, request_id=request_id, lesson_id=lesson_id, read_at=self._now())
        return replace(
            letter,
            row=row,
            request_status=found.run.status if found else "",
            lesson_status=lesson.lesson.status if lesson else "",
        )


def _begins(named: str, stage: str, message_id: str) -> bool:
    with_stage = len(named) > len(stage) + 1 and f"{stage}/{message_id}".startswith(named)
    return with_stage or message_id.startswith(named)


def _same(known: Letter, action: Action) -> bool:
    return any((one.operator, one.at) == (action.operator, action.at) for one in known.actions)


def _span(age_s: float | None, otherwise: float | None = None) -> timedelta:
    if age_s is None:
        return FAR if otherwise is None else timedelta(seconds=otherwise)
    return timedelta(seconds=age_s)
