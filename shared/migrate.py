"""Bring a database's schema up to date.  Numbered SQL files -> tables, each file applied once.

Forward only.  A ledger remembers each file with its SHA-256: a file that changed after it was
applied stops the run.  Any number of runners may start at once, all succeed; one that is killed
leaves a state from which the next goes on.

    python -m shared.migrate [--status | --dry-run] [--to N] [--json]

0: nothing is left to do.  1: something is left, or was refused.  2: a mistake in the command or
settings, or no answer.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shared import config
from shared.errors import Permanent, PipelineError
from shared.gcp.dial import connect, hang_up
from shared.migrations import FOLDER, Migration, read
from shared.schema import ledger, rights
from shared.schema.alone import alone
from shared.schema.applying import apply, rebuild
from shared.schema.ledger import pending
from shared.schema.manner import QUIET, Manner
from shared.schema.telling import INTERRUPTED, LEFT, MISTAKE, Told, applied, dry_run, status
from shared.schema.watching import Watch

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

__all__ = ["migrate", "pending"]

LAST = 9999
STATEMENT_S = 3600  # as long as the job in the cloud may take
INTERRUPTION = "interrupted: what was under way is not applied; the same command goes on with it"


def migrate(
    connection: Connection,
    folder: Path = FOLDER,
    target: int = LAST,
    manner: Manner = QUIET,
) -> tuple[Migration, ...]:
    """Apply what is pending, up to `target`; gives what this run applied.

    The connection is in autocommit, as `shared.gcp.dial.connect` opens it.  Raises Permanent,
    saying what to do, and Transient.
    """
    migrations = read(folder)
    with alone(connection, manner):
        todo = [one for one in pending(connection, migrations) if one.number <= target]
        rebuild(connection, [one for one in migrations if one not in todo], manner)
        if todo:
            rights.check(connection)
            connection.cursor().execute(ledger.TABLE)
        for migration in todo:
            apply(connection, migration, manner)
            manner.say(f"applied {migration}")
    return tuple(todo)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    chosen = _options().parse_args(arguments)
    out = sys.stderr if chosen.json else sys.stdout
    try:
        told = _told(chosen, lambda line: print(line, file=out, flush=True))
    except Permanent as error:
        told = Told(LEFT, said=str(error))
    except (PipelineError, config.BadSettings, ValueError) as error:
        told = Told(MISTAKE, said=str(error))
    except KeyboardInterrupt:
        told = Told(INTERRUPTED, said=INTERRUPTION)
    if chosen.json:
        sys.stdout.write(json.dumps(told.document(), indent=2) + "\n")
    sys.stdout.write("".join(f"{line}\n" for line in told.lines if not chosen.json))
    sys.stderr.write(f"{told.said}\n" if told.said else "")
    return told.code


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shared.migrate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--status", action="store_true", help="say what is applied and stop")
    parser.add_argument("--dry-run", action="store_true", help="say what would run and stop")
    parser.add_argument("--to", type=int, default=LAST, metavar="N", help="the last to apply")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


def _told(chosen: argparse.Namespace, say: Callable[[str], None]) -> Told:
    """Do what the command line asks for."""
    from pg8000 import dbapi  # noqa: PLC0415 - help needs no driver

    if chosen.to != LAST and chosen.to not in {one.number for one in read()}:
        raise ValueError(f"--to {chosen.to}: there is no such migration")
    url = config.read().database_url
    connection = connect(url, STATEMENT_S)
    try:
        if chosen.status:
            return status(connection, read())
        if chosen.dry_run:
            return dry_run(connection, read(), chosen.to)
        manner = Manner(say=say, watch=Watch(url, say))
        return applied(migrate(connection, target=chosen.to, manner=manner))
    except dbapi.DatabaseError as error:
        raise Permanent(f"{error.args[0]['M']} ({error.args[0]['C']})") from error
    finally:
        hang_up(connection)


if __name__ == "__main__":
    sys.exit(main())
