"""How often a question finds its section, and what that takes; plain BM25 beside it.

Three sets against OpenStax Physics: the book's own questions and the book itself lie beside the
checkout; everyday questions and questions that the book cannot answer lie beside this file.
Numbers were tuned on one half of each set; the other half, chosen by a hash, tells the truth.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.postgres import EmbeddedPostgres
from shared.gcp.dial import connect, hang_up
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.library.book import Book
from shared.library.pack import pack
from shared.library.read import read_book
from shared.library.retrieval import FLOOR, ranked
from shared.migrate import migrate
from tests.benchmarks.measurement import Measurement, NotHere
from tests.benchmarks.plain_bm25 import PlainBm25

HERE = Path(__file__).parent
BESIDE = HERE.parents[2] / "shared"
PHYSICS = BESIDE / "oer" / "openstax-physics"
QUESTIONS = BESIDE / "questions" / "openstax-physics.dev.jsonl"
HALVES = {"tuned on": 0, "held out": 1}

NOWHERE = 1_000_000
PLACES = {"first": 1, "top 3": 3, "top 5": 5}
TARGETS = {"first": 72.0, "top 3": 90.0, "top 5": 94.0}
REFUSED, ANSWERED = 3.0, 5.0  # percent, at most
Sections = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the modules that answer it, and what became of it."""

    question: str
    place: int
    refused: bool
    ms: float

    @property
    def half(self) -> int:
        """Which half of its set the question belongs to."""
        return int(hashlib.sha256(self.question.encode()).hexdigest(), 16) % 2


def measure() -> Iterator[Measurement]:
    """Index the book in a database of our own and ask it everything; raises NotHere without it."""
    if not (PHYSICS.is_dir() and QUESTIONS.is_file()):
        raise NotHere("../shared has no openstax-physics beside this checkout")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        book = physics_in(Path(folder))
        numbers = {section.number: section.module for section in book.sections}
        plain = PlainBm25(book)
        with library_in(Path(folder) / "postgres") as library:
            library.add(book)

            def ours(question: str) -> tuple[Sections, bool]:
                found = ranked(question, library)
                return found.sections, found.sure < FLOOR

            yield from _rows("the book's own", _asked(_own(), ours))
            yield from _rows("everyday words", _asked(_everyday(numbers), ours), {}, None)
            yield from _beyond([one for one, _ in _asked(_off_book(), ours)])
        bm25 = _never_refused(plain)
        yield from _rows("BM25, the book's own", _asked(_own(), bm25), {}, None)
        yield from _rows("BM25, everyday words", _asked(_everyday(numbers), bm25), {}, None)


def _never_refused(plain: PlainBm25) -> Callable[[str], tuple[Sections, bool]]:
    return lambda question: (plain.sections(question), False)


def _asked(
    questions: Iterator[tuple[str, frozenset[str]]],
    answer: Callable[[str], tuple[Sections, bool]],
) -> list[tuple[Asked, bool]]:
    """Ask every question once; whether it has a right section comes along."""
    asked = []
    for question, right in questions:
        started = time.perf_counter()
        sections, refused = answer(question)
        took = (time.perf_counter() - started) * 1000
        order = [module for module, _ in sections]
        place = next((n for n, module in enumerate(order) if module in right), NOWHERE)
        asked.append((Asked(question, place, refused, took), bool(right)))
    return asked


def _rows(
    name: str,
    asked: list[tuple[Asked, bool]],
    targets: dict[str, float] = TARGETS,
    refused: float | None = REFUSED,
) -> Iterator[Measurement]:
    ours = [one for one, _ in asked]
    for part, chosen in _parts(ours):
        for place, best in PLACES.items():
            share = 100 * sum(one.place < best for one in chosen) / len(chosen)
            yield _row(f"{name}{part}: {place} of {len(chosen)}", share, least=targets.get(place))
        share = 100 * sum(one.refused for one in chosen) / len(chosen)
        if "BM25" not in name:  # it has no floor
            yield _row(f"{name}{part}: refused", share, most=refused)
    times = [one.ms for one in ours]
    yield Measurement(f"{name}: p50", statistics.median(times), "ms")
    yield Measurement(f"{name}: p95", statistics.quantiles(times, n=20)[-1], "ms")


def _beyond(asked: list[Asked]) -> Iterator[Measurement]:
    for part, chosen in _parts(asked):
        share = 100 * sum(not one.refused for one in chosen) / len(chosen)
        yield _row(f"beyond the book{part}: answered of {len(chosen)}", share, most=ANSWERED)


def _parts(asked: list[Asked]) -> Iterator[tuple[str, list[Asked]]]:
    yield "", asked
    for name, half in HALVES.items():
        yield f", {name}", [one for one in asked if one.half == half]


def _row(
    name: str, share: float, least: float | None = None, most: float | None = None
) -> Measurement:
    return Measurement(name, share, "%", most=most, least=least)


def _own() -> Iterator[tuple[str, frozenset[str]]]:
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        yield one["question"], frozenset({one["module"]})


def _everyday(numbers: dict[str, str]) -> Iterator[tuple[str, frozenset[str]]]:
    for line in (HERE / "everyday.txt").read_text(encoding="utf-8").splitlines():
        places, _, question = line.partition(" ")
        yield question, frozenset(numbers[place] for place in places.split(","))


def _off_book() -> Iterator[tuple[str, frozenset[str]]]:
    for line in (HERE / "off_book.txt").read_text(encoding="utf-8").splitlines():
        yield line, frozenset()


def physics_in(folder: Path) -> Book:
    """Read the book that lies beside the checkout; `folder` takes its archive."""
    packed = pack(PHYSICS, folder / "book")
    with packed.file.open("rb") as file:
        return read_book(file, packed.name, 1)


@contextmanager
def library_in(folder: Path) -> Iterator[SqlLibrary]:
    """Give an empty library in a database of its own, through the adapter that production has."""
    server = EmbeddedPostgres(folder)
    url = server.start()
    connection = connect(url, timeout_s=60)
    migrate(connection)
    hang_up(connection)
    pool = Postgres(url)
    try:
        yield SqlLibrary(pool)
    finally:
        pool.close()
        server.stop()
