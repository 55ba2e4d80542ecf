"""What an operator's commands print for a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from shared.limits import CLAIM_ATTEMPTS, DAY_S, HOUR_S, MINUTE_S
from shared.ops.account import Account
from shared.ops.decision import Refusal, Resend
from shared.ops.letters import LetterRow
from shared.ops.replay import Step

SHORT = 8  # digits of an id
NAME_WIDTH = 11
WIDE = 1000  # columns; what fits in there shows how many it needs


def letters(rows: Sequence[LetterRow], console: Console, *, settled: bool) -> None:
    """List letters; one that is settled says how."""
    if not rows:
        console.print("No dead letters." if settled else "No open dead letters.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("letter", "reason", "first", "last", "times", "request", "lesson"):
        right = heading in ("first", "last", "times")
        table.add_column(heading, justify="right" if right else "left", no_wrap=True)
    if settled:
        table.add_column("settled", no_wrap=True)
    for row in rows:
        ages = (_age(row.first_seen, row.read_at), _age(row.last_seen, row.read_at))
        facts = (*ages, str(row.count), row.request_id[:SHORT], row.lesson_id[:SHORT])
        cells = (row.id, row.reason, *facts, *((row.resolution or "open",) if settled else ()))
        table.add_row(*map(Text, cells))
    if Measurement.get(console, console.options.update(width=WIDE), table).maximum <= console.width:
        console.print(table)
        return
    for row in rows:  # an id is there to be copied, so it is never broken
        _two_lines(row, console)


def letter(told: Account, console: Console) -> None:
    """Show everything that is known of a letter."""
    console.print(Text(told.id, "bold"), soft_wrap=True)
    field = f" (field {told.field})" if told.field else ""
    _fact("reason", f"{told.reason}{field}", console)
    _fact("detail", told.detail, console)
    first, last = (_age(at, told.read_at) for at in (told.first_seen, told.last_seen))
    times = "once" if told.count == 1 else f"{told.count} times"
    _fact(
        "seen", f"{times}: first {first} ago at {_when(told.first_seen)}, last {last} ago", console
    )
    _fact("settled", _settled(told), console)
    _fact("request", _linked(told.request_id, told.request_status), console)
    _fact("lesson", _linked(told.lesson_id, told.lesson_status), console)
    _fact("claim", told.claim_key or "none: nobody can tell what it asks", console)
    if told.claim_key:
        _fact("  now", _claim_now(told), console)
    if told.claim_then:
        _block("  then", json.dumps(told.claim_then, ensure_ascii=False, indent=1), console)
    if told.attributes:
        _block("attributes", "\n".join(f"{k}: {v}" for k, v in told.attributes.items()), console)
    _block("body", told.body, console)
    for action in told.actions:
        said = f"{_when(action.at)}  {action.action} by {action.operator}: {action.outcome}"
        _fact("journal", said + (f" ({action.note})" if action.note else ""), console)


def plan(decided: Sequence[Resend | Refusal], console: Console) -> None:
    """Say what a replay would do."""
    for one in decided:
        line = _would(one)
        _line(one.letter.row, line, "yellow" if isinstance(one, Refusal) else "", console)
    sends = sum(isinstance(one, Resend) for one in decided)
    refused = len(decided) - sends
    console.print(
        f"\n{_count(sends, 'letter')} would be sent again, {refused} refused."
        f" Nothing was done{': add --yes to send' if sends else ''}.",
        highlight=False,
    )


def plan_as_json(decided: Resend | Refusal) -> dict[str, object]:
    """Give what a replay would do for programs."""
    row = decided.letter.row
    if isinstance(decided, Refusal):
        return {"id": row.id, "sends": False, "said": decided.why}
    state = decided.claim.state if decided.claim else "none"
    facts = {"claim_key": decided.key, "claim_state": state, "reopens": decided.reopens}
    return {"id": row.id, "sends": True, "said": _would(decided), **facts}


def step(taken: Step, console: Console) -> None:
    """Say what became of one letter."""
    colour = "red" if taken.fault else "" if taken.sent else "yellow"
    _line(taken.row, taken.said, colour, console)


def replayed(steps: Sequence[Step], left: int, console: Console) -> None:
    """Sum a replay up."""
    sent = sum(one.sent for one in steps)
    refused = sum(not one.sent and not one.fault for one in steps)
    said = f"\n{_count(sent, 'letter')} sent again, {refused} refused."
    if any(one.fault for one in steps):
        rest = f"The other {left} are as they were." if left else "None was left."
        said += f" Stopped after the fault. {rest}"
    console.print(said, highlight=False)


def discarded(row: LetterRow, settled: str, console: Console) -> None:
    """Say that a letter is settled, or was before."""
    said = f"not discarded: it is settled as {settled}" if settled else "discarded"
    _line(row, said, "yellow" if settled else "", console)


def mistake(text: str, console: Console) -> None:
    """Say what went wrong, in the words that were written for it."""
    console.print(text, style="red", markup=False, highlight=False, soft_wrap=True)


def _would(decided: Resend | Refusal) -> str:
    if isinstance(decided, Refusal):
        return f"refused: {decided.why}"
    claim = decided.claim
    state = f"{claim.state}, attempt {claim.attempts}" if claim else "none"
    steps = f"reopen {decided.key} ({state}), then send to" if decided.reopens else "send to"
    return f"{steps} {decided.where}" + ("" if decided.reopens else f" (claim {state})")


def _two_lines(row: LetterRow, console: Console) -> None:
    first, last = _age(row.first_seen, row.read_at), _age(row.last_seen, row.read_at)
    times = "once" if row.count == 1 else f"{row.count} times"
    facts = [row.reason, f"{times}, first {first}, last {last} ago", row.resolution or "open"]
    links = (("request", row.request_id), ("lesson", row.lesson_id))
    facts += [f"{what} {id_[:SHORT]}" for what, id_ in links if id_]
    console.print(Text(row.id, "bold"), soft_wrap=True)
    console.print(Text(f"  {' · '.join(facts)}"))


def _line(row: LetterRow, said: str, colour: str, console: Console) -> None:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(overflow="fold", max_width=max(20, console.width // 2))
    grid.add_column(overflow="fold")
    grid.add_row(Text(row.id), Text(said, colour))
    console.print(grid)


def _settled(told: Account) -> str:
    if told.resolved_at is None:
        return "no, it is open"
    note = f": {told.note}" if told.note else ""
    return f"{told.resolution} {_age(told.resolved_at, told.read_at)} ago{note}"


def _linked(id_: str, status: str) -> str:
    return f"{id_}  {status or 'no row'}" if id_ else "none"


def _claim_now(told: Account) -> str:
    claim = told.claim_now
    if not claim.fence:
        return claim.state
    age = f", {_age(claim.updated, told.read_at)} ago" if claim.updated else ""
    counted = f"{claim.attempts - claim.transients} of {CLAIM_ATTEMPTS} counted"
    counts = f"fence {claim.fence}, {_count(claim.attempts, 'attempt')}, {counted}"
    error = f"; last error {claim.error}" if claim.error else ""
    return f"{claim.state}{age}; {counts}{error}"


def _fact(name: str, value: str, console: Console) -> None:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(min_width=NAME_WIDTH, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"  {name}"), Text(value))
    console.print(grid)


def _block(name: str, text: str, console: Console) -> None:
    console.print(Text(f"  {name}"))
    for line in text.splitlines():
        console.print(Text(f"    {line}"), soft_wrap=True)


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _age(then: datetime, now: datetime) -> str:
    seconds = max(0.0, (now - then).total_seconds())
    for unit, length in (("d", DAY_S), ("h", HOUR_S), ("m", MINUTE_S)):
        if seconds >= length:
            return f"{seconds / length:.0f}{unit}"
    return f"{seconds:.0f}s"


def _when(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
