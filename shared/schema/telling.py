"""What `python -m shared.migrate` answers, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from shared.migrations import Migration
from shared.schema import ledger, rights
from shared.schema.applying import invalid

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

DONE, LEFT, MISTAKE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Told:
    """An exit code, why it is not 0 if there is a reason, and what was found or done."""

    code: int
    said: str = ""
    lines: tuple[str, ...] = ()
    steps: tuple[ledger.Step, ...] = ()
    pending: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """Give it as JSON has it."""
        return {
            "code": self.code,
            "said": self.said,
            "migrations": [asdict(step) for step in self.steps],
            "pending": list(self.pending),
            "applied": list(self.applied),
            "invalid_indexes": list(self.invalid),
        }


def applied(migrations: Sequence[Migration]) -> Told:
    """Tell what a run applied."""
    done = tuple(map(str, migrations))
    return Told(DONE, lines=() if done else ("nothing to apply",), applied=done)


def status(connection: Connection, migrations: Sequence[Migration]) -> Told:
    """Tell what is applied, what is not, and which indexes the server does not use."""
    steps, broken = ledger.steps(connection, migrations), invalid(connection)
    lines = [f"{step.state:8}{step}  {step.applied_at}".rstrip() for step in steps]
    ours = {name for one in migrations for name in one.builds}
    lines += [
        f"invalid {name}: {'migrate again' if name in ours else f'drop index concurrently {name}'}"
        for name in broken
    ]
    is_done = not broken and all(step.state == "applied" for step in steps)
    todo = tuple(str(step) for step in steps if step.state in ("pending", "late"))
    code, refused = DONE if is_done else LEFT, ledger.refused(steps)
    return Told(code, refused, tuple(lines), steps, pending=todo, invalid=broken)


def dry_run(connection: Connection, migrations: Sequence[Migration], target: int) -> Told:
    """Tell what a run would do; raises Permanent as the run would."""
    pending = ledger.pending(connection, migrations)
    todo = tuple(str(one) for one in pending if one.number <= target)
    if todo:
        rights.check(connection)
    ours = {name for one in migrations for name in one.builds}
    broken = tuple(name for name in invalid(connection) if name in ours)
    lines = [f"would build {name} anew" for name in broken]
    lines += [f"would apply {one}" for one in todo]
    said = tuple(lines) or ("nothing to apply",)
    return Told(LEFT if lines else DONE, "", said, pending=todo, invalid=broken)
