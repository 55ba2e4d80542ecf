"""Measure speed and memory: `python -m tests.benchmarks [NAME ...] [--json FILE]`.

A missed target is shown, never an error: a number depends on the machine and on who else uses it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import (
    cold_start,
    dedupe,
    film,
    film_rivals,
    gemini,
    indexes,
    ingest,
    large_library,
    lesson,
    overhead,
    poison,
    recovery,
    retrieval,
    round_trips,
    setup,
    status,
)
from tests.benchmarks.measurement import Measurement, NotHere

RESULTS = Path(".bench/results.json")
BENCHMARKS: dict[str, Callable[[], Iterable[Measurement]]] = {
    "overhead": overhead.measure,
    "round_trips": round_trips.measure,
    "dedupe": dedupe.measure,
    "ingest": ingest.measure,
    "poison": poison.measure,
    "recovery": recovery.measure,
    "cold_start": cold_start.measure,
    "film": film.measure,
    "film_rivals": film_rivals.measure,
    "gemini": gemini.measure,
    "lesson": lesson.measure,
    "retrieval": retrieval.measure,
    "large_library": large_library.measure,
    "indexes": indexes.measure,
    "status": status.measure,
    "setup": setup.measure,
}
ON_REQUEST = {"film_rivals"}  # takes minutes, and packages of its own
MET = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}


def main() -> None:
    """Run the named benchmarks, or all that need nothing of their own."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    usual = [name for name in BENCHMARKS if name not in ON_REQUEST]
    console = Console()
    machine = _machine()
    measured = list(_measured(options.names or usual, console))
    console.print(_table(measured))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"benchmark": name, **one.row()} for name, one in measured]
    options.json.write_text(json.dumps({**machine, "rows": rows}, indent=2) + "\n")
    console.print(f"load before: {machine['load_before']} on {machine['cores']} cores")
    console.print(f"as JSON: {options.json}")


def _measured(names: list[str], console: Console) -> Iterator[tuple[str, Measurement]]:
    for name in names:
        try:
            with console.status(f"Measuring {name} …"):
                for one in BENCHMARKS[name]():
                    yield name, one
        except NotHere as reason:
            console.print(f"{name} is left out: {reason}", markup=False)
        except Exception:
            # What the other benchmarks took minutes to measure is worth keeping.
            console.print_exception()
            console.print(f"{name} is broken, see above", style="red")


def _table(measured: list[tuple[str, Measurement]]) -> Table:
    table = Table("benchmark", "what", "value", "unit", "target", "met")
    table.columns[2].justify = "right"
    earlier = ""
    for name, one in measured:
        if earlier not in ("", name):
            table.add_section()
        shown = "" if name == earlier else name
        earlier = name
        table.add_row(shown, one.name, f"{one.value:,.2f}", one.unit, one.target, MET[one.met])
    return table


def _machine() -> dict[str, str | int | float | None]:
    """Describe what the numbers were measured on; the load is that before we add to it."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
    }


if __name__ == "__main__":
    main()
