"""The port Vectors on PostgreSQL with pgvector, and what indexing does with vectors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shared.embedding.ports import NoVectors, Vector
from shared.embedding.texts import digest
from shared.errors import Transient
from shared.library.codec import decode

if TYPE_CHECKING:
    from shared.gcp.postgres import Postgres, Transaction
    from shared.library.book import Section


class SqlVectors:
    """Vectors beside the passages; each statement asks first whether their table is there."""

    def __init__(self, postgres: Postgres) -> None:
        """Keep the pool; nothing is asked before the first call."""
        self._postgres = postgres

    def is_there(self) -> bool:
        """Whether vectors can be kept at all."""
        return self._postgres.alone(_is_there)

    def missing(self, model: str, digests: Sequence[str]) -> frozenset[str]:
        """Tell which of these have no vector yet."""

        def work(sql: Transaction) -> frozenset[str]:
            _demand(sql)
            rows = sql.all(
                "select digest from unnest(cast(%s as text[])) as asked (digest)"
                " where not exists (select from oer_vectors v"
                "  where model = %s and v.digest = asked.digest)",
                *(list(digests), model),
            )
            return frozenset(one for (one,) in rows)

        return self._postgres.retried(work)

    def keep(self, model: str, vectors: Mapping[str, Vector]) -> None:
        """Store vectors; those that are there stay."""

        def work(sql: Transaction) -> None:
            _demand(sql)
            sql.run(
                "insert into oer_vectors (model, digest, vector)"
                " select %s, digest, cast(numbers as halfvec)"
                " from unnest(cast(%s as text[]), cast(%s as text[])) as one (digest, numbers)"
                " on conflict do nothing",
                *(model, list(vectors), [json.dumps(one) for one in vectors.values()]),
            )

        self._postgres.retried(work)

    def near(self, model: str, vector: Vector, limit: int) -> tuple[str, ...]:
        """Name the modules of the nearest passages, nearest first, each once."""

        def work(sql: Transaction) -> tuple[str, ...]:
            _demand(sql)
            rows = sql.all(_NEAR, json.dumps(vector), model, limit, model)
            return tuple(module for (module,) in rows)

        return self._postgres.retried(work)

    def add(self) -> bool:
        """Make the table where the extension is there by now; False where it is not.

        Needs the rights of whoever runs the migrations.
        """

        def work(sql: Transaction) -> bool:
            row = sql.one("select add_embeddings()")
            return bool(row and row[0])

        return self._postgres.retried(work)

    def unmarked(self, model: str) -> tuple[tuple[str, str], ...]:
        """List the current archives that may lack vectors, as (slug, sha256)."""
        rows = self._postgres.alone(
            lambda sql: sql.all(
                "select slug, sha256 from oer_sources where replaced_at is null and not exists"
                " (select from oer_embedded where source = sha256 and model = %s) order by slug",
                model,
            )
        )
        return tuple((slug, sha256) for slug, sha256 in rows)

    def sections(self, sha256: str) -> tuple[Section, ...]:
        """Fetch the sections of an archive, in the book's order."""
        rows = self._postgres.alone(
            lambda sql: sql.all(
                "select content from oer_sections where source = %s order by ordinal", sha256
            )
        )
        return tuple(decode(content) for (content,) in rows)

    def mark(self, sha256: str, model: str, sections: Sequence[Section]) -> None:
        """Note that all passages of an archive have a vector; raises Transient otherwise."""
        known = {one.id: digest(one) for section in sections for one in section.passages}

        def work(sql: Transaction) -> None:
            sql.run(
                "update oer_passages p set digest = told.digest"
                " from unnest(cast(%s as text[]), cast(%s as text[])) as told (id, digest)"
                " where source = %s and p.id = told.id and p.digest is null",
                *(list(known), list(known.values()), sha256),
            )
            mark(sql, sha256, model)

        self._postgres.retried(work)


def digests(sql: Transaction, slug: str) -> list[str]:
    """List what is embedded of a book's current archive."""
    rows = sql.all(
        "select distinct digest from oer_passages join oer_sources on source = sha256"
        " where slug = %s and replaced_at is null and digest is not null",
        slug,
    )
    return [one for (one,) in rows]


def forget(sql: Transaction, replaced: Sequence[str]) -> None:
    """Take the vectors away of texts that no passage has any more."""
    _demand(sql)
    sql.run(
        "delete from oer_vectors v where digest = any (cast(%s as text[]))"
        " and not exists (select from oer_passages p where p.digest = v.digest)",
        list(replaced),
    )


def mark(sql: Transaction, sha256: str, model: str) -> None:
    """Note that all passages of an archive have a vector.

    Raises Transient when one has none: a book that shared a passage may have taken it along.
    """
    _demand(sql)
    bare = sql.one(
        "select from oer_passages p where source = %s and not exists"
        " (select from oer_vectors v where v.model = %s and v.digest = p.digest) limit 1",
        *(sha256, model),
    )
    if bare is not None:
        raise Transient("a passage has no vector yet")
    sql.run(
        "insert into oer_embedded (source, model) values (%s, %s) on conflict do nothing",
        *(sha256, model),
    )


def _is_there(sql: Transaction) -> bool:
    row = sql.one("select to_regclass('oer_vectors') is not null")
    return bool(row and row[0])


def _demand(sql: Transaction) -> None:
    if not _is_there(sql):
        raise NoVectors


# Exact: every vector of the model is compared; what no current archive says falls out after.
_NEAR = """
select module from (
  select digest, vector <=> cast(%s as halfvec) as distance
  from oer_vectors where model = %s order by distance limit %s
) as near
join oer_passages using (digest)
join oer_embedded using (source)
join oer_sources on source = sha256
where model = %s and replaced_at is null
group by module order by min(distance), module
"""
