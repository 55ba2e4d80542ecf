"""What each of an operator's commands does; every one gives the process's exit code."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TypeAlias

from rich.console import Console

from shared.ops import account, display
from shared.ops.cancelling import cancel
from shared.ops.decision import Refusal
from shared.ops.desk import Desk
from shared.ops.letters import Action, Chosen, LetterRow
from shared.ops.progress import Progress
from shared.ops.replay import How, plan, replay

DONE, NOT_DONE = 0, 1
Operate: TypeAlias = Callable[[Namespace, Desk, Console], int]


def list_letters(options: Namespace, desk: Desk, console: Console) -> int:
    """List dead letters."""
    rows = desk.letters.list(_chosen(options, settled=options.all))
    if options.json:
        _print([{"id": row.id, **asdict(row)} for row in rows])
    else:
        display.letters(rows, console, settled=options.all)
        if len(rows) == options.limit:
            console.print(f"\nThe newest {options.limit}; --limit shows more.", highlight=False)
    return DONE


def show_letter(options: Namespace, desk: Desk, console: Console) -> int:
    """Show one dead letter with all that is known of it."""
    told = account.account(desk.letters.find(options.id), desk, with_text=options.show_text)
    if options.json:
        _print(account.as_json(told))
    else:
        display.letter(told, console)
    return DONE


def export_letters(options: Namespace, desk: Desk, _: Console) -> int:
    """Write dead letters down with all that is known of them, one JSON object a line."""
    for row in desk.letters.list(_chosen(options, settled=options.all)):
        told = account.account(desk.letters.find(row.id), desk, with_text=options.show_text)
        line = json.dumps(account.as_json(told), default=str, ensure_ascii=False)
        sys.stdout.write(line + "\n")
    return DONE


def replay_letters(options: Namespace, desk: Desk, console: Console) -> int:
    """Send dead letters again, or say what that would do."""
    rows = _meant(options, desk)
    if not options.yes:
        return _dry_run(options, rows, desk, console)
    how = How(options.operator, options.rate, options.canary_wait, options.again)
    steps = []
    with Progress(len(rows), desk.clock.monotonic, console) as progress:
        for step in replay(rows, how, desk, progress.waits):
            steps.append(step)
            progress.step()
            if not options.json:
                display.step(step, console)
    left = len(rows) - len(steps)
    if options.json:
        told = [{"id": one.row.id, "sent": one.sent, "said": one.said} for one in steps]
        _print({"dry_run": False, "letters": told, "left": left})
    else:
        display.replayed(steps, left, console)
    refused = any(not one.sent for one in steps) and bool(options.ids)
    return NOT_DONE if left or refused or any(one.fault for one in steps) else DONE


def discard_letters(options: Namespace, desk: Desk, console: Console) -> int:
    """Settle dead letters for good."""
    rows = [desk.letters.find(named).row for named in options.ids]
    told = []
    for row in rows:
        action = Action(desk.clock.now(), "discard", options.operator, "discarded", options.reason)
        done = desk.letters.discarded(row, action)
        settled = row.resolution or "settled meanwhile"
        told.append({"id": row.id, "discarded": done})
        if not options.json:
            display.discarded(row, "" if done else settled, console)
    if options.json:
        _print(told)
    return DONE if all(one["discarded"] for one in told) else NOT_DONE


def cancel_request(options: Namespace, desk: Desk, console: Console) -> int:
    """Cancel one request."""
    came = cancel(options.request, desk)
    if options.json:
        _print({**asdict(came), "said": came.said})
    else:
        console.print(came.said, highlight=False, markup=False, soft_wrap=True)
    return DONE if came.status == "cancelled" else NOT_DONE


def _dry_run(options: Namespace, rows: Sequence[LetterRow], desk: Desk, console: Console) -> int:
    with Progress(len(rows), desk.clock.monotonic, console) as progress:
        decided = []
        for one in plan(rows, desk, again=options.again):
            decided.append(one)
            progress.step()
    if options.json:
        _print({"dry_run": True, "letters": [display.plan_as_json(one) for one in decided]})
    else:
        display.plan(decided, console)
    refused = any(isinstance(one, Refusal) for one in decided)
    return NOT_DONE if refused and options.ids else DONE


def _meant(options: Namespace, desk: Desk) -> tuple[LetterRow, ...]:
    """Find the letters that are named, or chosen by a filter; raises ValueError without either."""
    filtered = options.stage or options.reason or options.older or options.newer
    if options.ids and filtered:
        raise ValueError("Name dead letters, or choose them by filters: not both.")
    if options.ids:
        return tuple(dict.fromkeys(desk.letters.find(named).row for named in options.ids))
    if not filtered:
        raise ValueError(
            "Name the dead letters to replay, or choose them: --stage, --reason, --older, --newer."
        )
    return desk.letters.list(_chosen(options, settled=options.again))


def _chosen(options: Namespace, *, settled: bool) -> Chosen:
    return Chosen(
        stages=(options.stage,) if options.stage else (),
        reason=options.reason,
        older_s=options.older,
        newer_s=options.newer,
        settled=settled,
        limit=options.limit,
    )


def _print(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, default=str, ensure_ascii=False, indent=2) + "\n")
