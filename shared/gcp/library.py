"""The library in PostgreSQL: sections as a whole, passages as lists of weighted words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.errors import Missing
from shared.gcp.indexing import indexed
from shared.gcp.searching import found
from shared.library.book import Book, Hit, Licence, Section, Source
from shared.library.codec import decode
from shared.question.ports import Place

if TYPE_CHECKING:
    from shared.gcp.postgres import Postgres, Row, Transaction

_LOCK = 0x6F6572  # "oer": books are added one after the other


class SqlLibrary:
    """The textbooks, indexed; one archive of each book is current, the one stored last.

    With a `model`, a book is added once each of its passages has a vector.
    """

    def __init__(self, postgres: Postgres, model: str = "") -> None:
        """Keep the pool; nothing is asked before the first call."""
        self._postgres = postgres
        self._model = model

    def corpus(self) -> str:
        """Hash what is indexed now, and by which model; part of a lesson's identity."""
        rows = self._postgres.alone(
            lambda sql: sql.all(
                "select concat_ws(' ', sha256, model) from oer_sources"
                " left join oer_embedded on source = sha256 and model = %s"
                " where replaced_at is null order by sha256",
                self._model,
            )
        )
        return hashlib.sha256("\n".join(named for (named,) in rows).encode()).hexdigest()

    def add(self, book: Book) -> bool:
        """Index a book in one transaction; False when this very archive was indexed before.

        An archive that was stored earlier than the current one changes nothing but the record.
        Raises Transient when a passage has no vector, NoVectors when there can be none.
        """

        def work(transaction: Transaction) -> bool:
            transaction.run("select pg_advisory_xact_lock(%s)", _LOCK)
            return indexed(transaction, book, self._model)

        return self._postgres.retried(work)

    def search(self, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Rank passages that hold any of these words, best first; see `shared.gcp.searching`."""
        with self._postgres.transaction() as transaction:
            return found(transaction, terms, limit)

    def section(self, module: str) -> tuple[Source, Section]:
        """Fetch one section with everything in it; raises Missing."""
        with self._postgres.transaction() as transaction:
            row = transaction.one(
                "select content, slug, s.title, authors, licence, licence_url, s.url, language,"
                " object_name, generation, sha256"
                " from oer_sections join oer_sources s on source = sha256"
                " where module = %s and replaced_at is null order by slug limit 1",
                module,
            )
        if row is None:
            raise Missing(f"section {module} is not in the library")
        return _source(row[1:]), decode(row[0])

    def sources(self) -> tuple[Source, ...]:
        """List the books that are taught from now."""
        with self._postgres.transaction() as transaction:
            rows = transaction.all(
                "select slug, title, authors, licence, licence_url, url, language, object_name,"
                " generation, sha256 from oer_sources where replaced_at is null order by slug"
            )
        return tuple(_source(row) for row in rows)

    def faults(self, sha256: str) -> tuple[str, ...]:
        """Name the files that were left out of an archive, each with the reason."""
        with self._postgres.transaction() as transaction:
            row = transaction.one("select faults from oer_sources where sha256 = %s", sha256)
        return tuple(row[0]) if row else ()

    def sections(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """List (module, title, key terms) of every section, book by book."""
        with self._postgres.transaction() as transaction:
            rows = transaction.all(
                "select module, s.title, array("
                "  select term from oer_terms t"
                "  where t.source = s.source and t.module = s.module order by t.ordinal)"
                " from oer_sections s join oer_sources on source = sha256"
                " where replaced_at is null order by slug, s.ordinal"
            )
        return tuple((module, title, tuple(terms)) for module, title, terms in rows)

    def outline(self) -> tuple[Place, ...]:
        """List every section that defines a term, book by book."""
        rows = self._postgres.alone(
            lambda sql: sql.all(
                "select o.title, chapter, number, module, s.title"
                " from oer_sections s join oer_sources o on source = sha256"
                " where replaced_at is null and exists (select from oer_terms t"
                "  where t.source = s.source and t.module = s.module) order by slug, s.ordinal"
            )
        )
        return tuple(Place(*row) for row in rows)


def _source(row: Row) -> Source:
    slug, title, authors, licence, licence_url, *rest = row
    return Source(slug, title, tuple(authors), Licence(licence, licence_url), *rest)
