"""Soak a real stack: `python -m tests.soak --minutes 10 [--seed N] [--json]`.

Functions, database and cloud of a running stack are killed, frozen and lied to while requests
come in, then left alone while more come in; afterwards everything must be done, once.  Exit code
1 says that something was not.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys

from rich.console import Console
from rich.table import Table

from tests.soak.history import History, Sent, Struck
from tests.soak.load import REQUESTS
from tests.soak.soaking import Fire, Soaked, soak
from tests.soak.summary import summary

FULL_MINUTES = 10


def main() -> int:
    """Run one soak and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=FULL_MINUTES)
    parser.add_argument("--requests", type=int, help="default: 200 in ten minutes")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    requests = options.requests or round(REQUESTS * min(1, options.minutes / FULL_MINUTES))
    console = Console(stderr=options.json)
    console.print(f"seed {options.seed}, load before: {os.getloadavg()[0]:.1f}")
    with console.status("Starting the stack …") as status:

        def progress(phase: str, history: History) -> None:
            status.update(f"{phase} · {_so_far(history)}")

        soaked = soak(Fire(options.seed, options.minutes, requests), progress)
    _tell(soaked, console, as_json=options.json)
    return 1 if soaked.findings else 0


def _so_far(history: History) -> str:
    sent, struck = history.of(Sent), history.of(Struck)
    latest = f", the latest: {struck[-1].fault}" if struck else ""
    return f"{len(sent)} sent · {len(struck)} faults{latest}"


def _tell(soaked: Soaked, console: Console, *, as_json: bool) -> None:
    numbers = summary(soaked.history)
    if as_json:
        told = {"seed": soaked.seed, **numbers, "findings": soaked.findings}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    table = Table("what", "value")
    for name, value in numbers.items():
        table.add_row(name, _shown(value))
    console.print(table)
    for found in soaked.findings:
        console.print(found, style="red", markup=False)
    if soaked.findings:
        console.print(f"{len(soaked.findings)} findings; seed {soaked.seed}; all of it is kept in")
        console.print(str(soaked.folder), soft_wrap=True)
    else:
        console.print("Nothing was lost, nothing was done twice.", style="green")


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{amount} {name}" for name, amount in value.items())
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
