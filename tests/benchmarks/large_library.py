"""How long a search takes in a library of 100,000 passages, through the real adapter.

The passages are made of the words of OpenStax Physics, or of the sampler where that is absent,
drawn as often as the book uses them, and of a vocabulary of its own for each section; questions
are drawn from one section each.
"""

from __future__ import annotations

import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from local.bookshelf import SAMPLER
from shared.library.book import Book, Licence, Passage, Section, Sentence, Source, Term
from shared.library.pack import pack
from shared.library.read import read_book
from shared.library.words import words
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.retrieval import PHYSICS, library_in, physics_in

SEED = 4
BOOKS, SECTIONS, PASSAGES = 25, 100, 40  # 100,000 passages
SENTENCE, SENTENCES = 14, 3
OWN_WORDS, OWN_SHARE = 40, 0.25  # of a section, and how often it uses them
SEARCHES, HITS = 300, 200
P95_MS = 20.0


def measure() -> Iterator[Measurement]:
    """Fill a library and search it."""
    draw = random.Random(SEED)  # noqa: S311 - the same library on every machine
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        spoken = _spoken(Path(folder))
        with library_in(Path(folder) / "postgres") as library:
            started = time.perf_counter()
            questions: list[list[str]] = []
            for number in range(BOOKS):
                library.add(_book(number, spoken, draw, questions))
            yield Measurement("indexing 100,000 passages", time.perf_counter() - started, "s")
            asked = draw.sample(questions, SEARCHES)
            for question in asked[:20]:
                library.search(question, HITS)
            times = []
            for question in asked:
                started = time.perf_counter()
                library.search(question, HITS)
                times.append((time.perf_counter() - started) * 1000)
    yield Measurement("a search in 100,000 passages: p50", statistics.median(times), "ms")
    p95 = statistics.quantiles(times, n=20)[-1]
    yield Measurement("a search in 100,000 passages: p95", p95, "ms", most=P95_MS)


def _spoken(folder: Path) -> list[str]:
    """Give every word of the book's passages, as often as it comes."""
    book = physics_in(folder) if PHYSICS.is_dir() else _sampler(folder)
    texts = (passage.text for section in book.sections for passage in section.passages)
    return [word for text in texts for word in re.findall(r"[a-z]+", text.lower())]


def _sampler(folder: Path) -> Book:
    packed = pack(SAMPLER, folder / "sampler")
    with packed.file.open("rb") as file:
        return read_book(file, packed.name, 1)


def _book(number: int, spoken: list[str], draw: random.Random, questions: list[list[str]]) -> Book:
    sections = []
    for n in range(SECTIONS):
        module = f"b{number}s{n}"
        # Sounds like words, so that a hundred sections do not share one small vocabulary.
        own = [draw.choice(spoken)[:5] + draw.choice(spoken)[-5:] for _ in range(OWN_WORDS)]
        sections.append(_section(module, own, spoken, draw))
        length = draw.randint(4, 14)
        text = " ".join(draw.choices(spoken, k=length) + draw.choices(own, k=2))
        questions.append(list(words(text)))
    return Book(_source(number), tuple(sections))


def _section(module: str, own: list[str], spoken: list[str], draw: random.Random) -> Section:
    passages = tuple(
        Passage(
            id=f"{module}#p{n}",
            kind="body",
            headings=(" ".join(own[:3]),),
            sentences=tuple(
                Sentence(f"{module}#p{n}/{m}", _sentence(own, spoken, draw))
                for m in range(SENTENCES)
            ),
        )
        for n in range(PASSAGES)
    )
    terms = (Term(own[0], "a thing", f"{module}#d/1"),)
    return Section(module, "1.1", " ".join(own[:3]), "All", "https://example.org",
                   passages=passages, terms=terms)  # fmt: skip


def _sentence(own: list[str], spoken: list[str], draw: random.Random) -> str:
    pool = (own if draw.random() < OWN_SHARE else spoken for _ in range(SENTENCE))
    return " ".join(draw.choice(one) for one in pool) + "."


def _source(number: int) -> Source:
    digest = f"{number:064x}"
    return Source(
        f"book-{number}", "Book", ("A",), Licence("CC BY 4.0", "https://example.org"),
        "https://example.org", "en", f"books/book-{number}/{digest}.zip", 1, digest,
    )  # fmt: skip
