"""Keep what this release says to its database: `python -m tests.upgrade.record`, at each release.

Every later schema has to bear it, until a contract step names this release; then the tape goes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from local.postgres import EmbeddedPostgres
from shared.gcp.dial import connect
from shared.migrate import migrate
from shared.migrations import read
from tests.upgrade.instance import Instance
from tests.upgrade.tape import Recorded, Tape


def recorded(url: str) -> Tape:
    """Have an instance work on an empty database, and write down what it says."""
    with closing(connect(url, 60)) as connection:
        migrate(connection)
    with closing(Recorded(url)) as postgres:
        instance = Instance(postgres)
        instance.before()
        tape = Tape(read()[-1].number, before=list(postgres.said))
        instance.during()
        tape.during = postgres.said[len(tape.before) :]
    return tape


def main() -> None:
    """Write the tape."""
    folder = Path(tempfile.mkdtemp(prefix="vividly-tape-"))
    server = EmbeddedPostgres(folder / "postgres")
    try:
        sys.stdout.write(f"{recorded(server.start()).write()}\n")
    finally:
        server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
