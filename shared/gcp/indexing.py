"""Put a textbook into PostgreSQL: its row, its sections as a whole, its passages as words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared.embedding.texts import digest
from shared.gcp.lists import add_lists, remove_lists
from shared.gcp.vectors import digests, forget, mark
from shared.library.book import Book, Section
from shared.library.codec import encode

if TYPE_CHECKING:
    from shared.gcp.postgres import Transaction


def indexed(transaction: Transaction, book: Book, model: str = "") -> bool:
    """Add a book with all that can be searched in it; False when this archive is on record."""
    source = book.source
    if transaction.one("select 1 from oer_sources where sha256 = %s", source.sha256):
        return False
    newer = transaction.one(
        "select 1 from oer_sources where slug = %s and generation > %s",
        source.slug,
        source.generation,
    )
    if newer is None:
        replaced = digests(transaction, source.slug) if model else []
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
        add_lists(transaction, source.sha256)
        if model:
            forget(transaction, replaced)
            mark(transaction, source.sha256, model)
    return True


def _replace(transaction: Transaction, slug: str) -> None:
    """Move a book's archive current -> replaced: its sections go, its row stays."""
    remove_lists(transaction, slug)
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
        "insert into oer_passages (source, id, module, kind, digest, words, length, code)"
        " select %s, id, %s, kind, digest, setweight(to_tsvector('english', marks), 'A')"
        "  || setweight(to_tsvector('english', headings), 'B') || to_tsvector('english', words),"
        "  cardinality(regexp_split_to_array(words, ' ')),"
        "  (select code from oer_sections where source = %s and module = %s) * 4096"
        "  + row_number() over ()"
        " from jsonb_to_recordset(cast(%s as jsonb))"
        "  as one(id text, kind text, digest text, marks text, headings text, words text)",
        source, section.module, source, section.module, json.dumps(list(_passages(section))),
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
            "digest": digest(passage),
            "marks": " ".join(passage.marks),
            "headings": " ".join(passage.headings),
            "words": passage.text,
        }
