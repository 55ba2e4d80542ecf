"""How often a question finds its section, and what that takes.

Three sets against OpenStax Physics: the book's own questions and the book itself lie beside the
checkout; everyday questions and questions that the book cannot answer lie beside this file.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.postgres import EmbeddedPostgres
from shared.gcp.dial import connect, hang_up
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.library.pack import pack
from shared.library.read import read_book
from shared.library.retrieval import FLOOR, ranked
from shared.migrate import migrate
from shared.ports import Library
from tests.benchmarks.measurement import Measurement, NotHere

HERE = Path(__file__).parent
BESIDE = HERE.parents[2] / "shared"
PHYSICS = BESIDE / "oer" / "openstax-physics"
QUESTIONS = BESIDE / "questions" / "openstax-physics.dev.jsonl"

NOWHERE = 1_000_000
Asked = tuple[str, frozenset[str]]  # a question and the modules that answer it


@dataclass(frozen=True, slots=True)
class Measured:
    """One set of questions; first to refused are shares of it, the times milliseconds."""

    questions: int
    first: float
    top3: float
    top5: float
    refused: float
    p50_ms: float
    p95_ms: float


def measure() -> Iterator[Measurement]:
    """Index the book in a database of our own and ask it everything; raises NotHere without it."""
    if not (PHYSICS.is_dir() and QUESTIONS.is_file()):
        raise NotHere("../shared has no openstax-physics beside this checkout")
    with _library() as (library, numbers):
        yield from _rows("the book's own", _measured(library, list(_own())))
        yield from _rows("everyday words", _measured(library, list(_everyday(numbers))))
        foreign: list[Asked] = [(line, frozenset()) for line in _off_book()]
        yield from _rows("beyond the book", _measured(library, foreign))


def _rows(questions: str, found: Measured) -> Iterator[Measurement]:
    shares = {"first": found.first, "top 3": found.top3, "top 5": found.top5}
    if any(shares.values()):  # questions beyond the book have no right section
        for place, share in shares.items():
            yield Measurement(f"{questions}: {place} of {found.questions}", 100 * share, "%")
    yield Measurement(f"{questions}: refused", 100 * found.refused, "%")
    yield Measurement(f"{questions}: p50", found.p50_ms, "ms")
    yield Measurement(f"{questions}: p95", found.p95_ms, "ms")


def _measured(library: Library, asked: list[Asked]) -> Measured:
    places, refused, times = [], 0, []
    for question, right in asked:
        started = time.perf_counter()
        found = ranked(question, library)
        times.append((time.perf_counter() - started) * 1000)
        order = [module for module, _ in found.sections]
        places.append(next((n for n, module in enumerate(order) if module in right), NOWHERE))
        refused += not found.sections or found.sections[0][1] < FLOOR
    return Measured(
        questions=len(asked),
        first=_share(places, 1),
        top3=_share(places, 3),
        top5=_share(places, 5),
        refused=refused / len(asked),
        p50_ms=statistics.median(times),
        p95_ms=statistics.quantiles(times, n=20)[-1],
    )


def _share(places: list[int], best: int) -> float:
    return sum(place < best for place in places) / len(places)


def _own() -> Iterator[Asked]:
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        yield one["question"], frozenset({one["module"]})


def _everyday(numbers: dict[str, str]) -> Iterator[Asked]:
    for line in (HERE / "everyday.txt").read_text(encoding="utf-8").splitlines():
        places, _, question = line.partition(" ")
        yield question, frozenset(numbers[place] for place in places.split(","))


def _off_book() -> list[str]:
    return (HERE / "off_book.txt").read_text(encoding="utf-8").splitlines()


@contextmanager
def _library() -> Iterator[tuple[Library, dict[str, str]]]:
    """Give a library that holds the book, and the modules of its section numbers."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        packed = pack(PHYSICS, Path(folder) / "book")
        with packed.file.open("rb") as file:
            book = read_book(file, packed.name, 1)
        server = EmbeddedPostgres(Path(folder) / "postgres")
        url = server.start()
        connection = connect(url, timeout_s=60)
        migrate(connection)
        hang_up(connection)
        pool = Postgres(url)
        library = SqlLibrary(pool)
        library.add(book)
        yield library, {section.number: section.module for section in book.sections}
        pool.close()
        server.stop()
