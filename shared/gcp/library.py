"""The library in PostgreSQL: sections as a whole, passages as weighted words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shared.errors import Missing
from shared.library.book import Book, Hit, Licence, Section, Source
from shared.library.codec import decode, encode

if TYPE_CHECKING:
    from shared.gcp.postgres import Postgres, Transaction

RARE_WORDS = 2
_LOCK = 0x6F6572  # "oer": books are added one after the other


class SqlLibrary:
    """The textbooks, indexed; one archive of each book is current, the one stored last."""

    def __init__(self, postgres: Postgres) -> None:
        """Keep the pool; nothing is asked before the first call."""
        self._postgres = postgres

    def corpus(self) -> str:
        """Hash what is indexed now; part of a lesson's identity."""
        with self._postgres.transaction() as transaction:
            rows = transaction.all(
                "select sha256 from oer_sources where replaced_at is null order by sha256"
            )
        return hashlib.sha256("\n".join(digest for (digest,) in rows).encode()).hexdigest()

    def add(self, book: Book) -> bool:
        """Index a book in one transaction; False when this very archive was indexed before.

        An archive that was stored earlier than the current one changes nothing but the record.
        """

        def work(transaction: Transaction) -> bool:
            transaction.run("select pg_advisory_xact_lock(%s)", _LOCK)
            return _added(transaction, book)

        return self._postgres.retried(work)

    def search(self, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Rank passages that hold any of these words, best first; a word given twice counts twice.

        The rank is the share, 0 to about 1, of the asked words' weight that a passage carries;
        of a long question, no more is asked than the weight of two words that occur nowhere else.
        Method: rare words weigh more and repeated ones ever less, as in BM25 (Robertson and
        Zaragoza, 2009), with PostgreSQL's own rank as the frequency; parameters from
        tests/benchmarks/retrieval.py.
        """
        with self._postgres.transaction() as transaction:
            rows = transaction.all(_SEARCH, " ".join(terms), RARE_WORDS, limit)
        return tuple(Hit(passage, module, float(rank)) for passage, module, rank in rows)

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
        content, slug, title, authors, licence, licence_url, *rest = row
        book = Source(slug, title, tuple(authors), Licence(licence, licence_url), *rest)
        return book, decode(content)

    def sources(self) -> tuple[Source, ...]:
        """List the books that are taught from now."""
        with self._postgres.transaction() as transaction:
            rows = transaction.all(
                "select slug, title, authors, licence, licence_url, url, language,"
                " object_name, generation, sha256"
                " from oer_sources where replaced_at is null order by slug"
            )
        return tuple(
            Source(slug, title, tuple(authors), Licence(licence, licence_url), *rest)
            for slug, title, authors, licence, licence_url, *rest in rows
        )

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


# One lexeme of the question a row in `asked`; `weighed` says how rare it is in the library.
# The four weights of ts_rank are for D, C, B and A; long passages are damped a little.
_SEARCH = """
with asked as (
  select cardinality(positions) as times,
    ('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery as query
  from unnest(to_tsvector('english', %s))
), corpus as (
  select count(*) as passages, avg(length) as mean from oer_passages
), weighed as (
  select query, times * ln(1 + (passages - found + 0.5) / (found + 0.5)) as weight
  from asked cross join corpus cross join lateral (
    select count(*) as found from oer_passages where words @@ query
  ) as counted
), whole as (
  select least(sum(weight), %s * ln(2 + 2 * max(passages))) as weight from weighed, corpus
)
select id, module, sum(
  weighed.weight / whole.weight
  * ts_rank('{0.7, 0.4, 0.3, 1.0}', words, query) / (0.8 + 0.2 * length / mean)
) as rank
from weighed join oer_passages on words @@ query cross join corpus cross join whole
group by source, id, module
order by rank desc, id
limit %s
"""


def _added(transaction: Transaction, book: Book) -> bool:
    source = book.source
    if transaction.one("select 1 from oer_sources where sha256 = %s", source.sha256):
        return False
    newer = transaction.one(
        "select 1 from oer_sources where slug = %s and generation > %s",
        source.slug,
        source.generation,
    )
    if newer is None:
        _replace(transaction, source.slug)
    transaction.run(
        "insert into oer_sources (sha256, slug, title, authors, licence, licence_url, url,"
        " language, object_name, generation, faults, replaced_at) values"
        " (%s, %s, %s, cast(%s as text[]), %s, %s, %s, %s, %s, %s, cast(%s as text[]),"
        " case when %s then now() end)",
        source.sha256, source.slug, source.title, list(source.authors), source.licence.name,
        source.licence.url, source.url, source.language, source.object_name, source.generation,
        list(book.faults), newer is not None,
    )  # fmt: skip
    if newer is None:
        for ordinal, section in enumerate(book.sections):
            _add_section(transaction, source.sha256, ordinal, section)
    return True


def _replace(transaction: Transaction, slug: str) -> None:
    """Move a book's archive current -> replaced: its sections go, its row stays."""
    transaction.run(
        "delete from oer_sections using oer_sources"
        " where source = sha256 and slug = %s and replaced_at is null",
        slug,
    )
    transaction.run(
        "update oer_sources set replaced_at = now() where slug = %s and replaced_at is null", slug
    )


def _add_section(transaction: Transaction, source: str, ordinal: int, section: Section) -> None:
    # Each kind of row goes in as one statement: a book has thousands of passages.
    content = encode(section)
    transaction.run(
        "insert into oer_sections (source, module, ordinal, number, title, chapter, url, content)"
        " values (%s, %s, %s, %s, %s, %s, %s, cast(%s as jsonb))",
        source, section.module, ordinal, section.number, section.title, section.chapter,
        section.url, content,
    )  # fmt: skip
    transaction.run(
        "insert into oer_passages (source, id, module, kind, words, length)"
        " select %s, id, %s, kind, setweight(to_tsvector('english', marks), 'A')"
        "  || setweight(to_tsvector('english', headings), 'B') || to_tsvector('english', words),"
        "  cardinality(regexp_split_to_array(words, ' '))"
        " from jsonb_to_recordset(cast(%s as jsonb))"
        "  as one(id text, kind text, marks text, headings text, words text)",
        source, section.module, json.dumps(list(_passages(section))),
    )  # fmt: skip
    transaction.run(
        "insert into oer_terms (source, sentence, module, ordinal, term, definition)"
        " select %s, one ->> 'sentence', %s, place, one ->> 'term', one ->> 'definition'"
        " from jsonb_array_elements(cast(%s as jsonb) -> 'terms') with ordinality as t(one, place)",
        source, section.module, content,
    )  # fmt: skip
    transaction.run(
        "insert into oer_figures"
        " (source, id, module, member, alt, caption, credit, usable, width, height)"
        " select %s, id, %s, member, alt, caption, credit, usable, width, height"
        " from jsonb_to_recordset(cast(%s as jsonb) -> 'figures')"
        "  as one(id text, member text, alt text, caption text, credit text, usable boolean,"
        "   width int, height int)",
        source, section.module, content,
    )  # fmt: skip


def _passages(section: Section) -> Iterator[dict[str, str]]:
    for passage in section.passages:
        yield {
            "id": passage.id,
            "kind": passage.kind,
            "marks": " ".join(passage.marks),
            "headings": " ".join(passage.headings),
            "words": passage.text,
        }
