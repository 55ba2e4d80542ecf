"""The operator's view of embeddings: what keeps them from working, and the books that lack them."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Console

from shared import config
from shared.embedding.embedder import QUESTION_S, Embedder
from shared.embedding.ports import EmbeddingModel, NoVectors
from shared.embedding.settings import EmbeddingSettings
from shared.errors import PipelineError, Transient

if TYPE_CHECKING:
    from shared.gcp.vectors import SqlVectors
    from shared.ops.desk import Desk

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
DONE = 0
OFF = "EMBEDDINGS is off: set it to a model, such as text-embedding-005@us-central1."


def add_words(words: Words) -> None:
    """Add the command that embeds what is there already."""
    own = words.add_parser(
        "embed",
        help="embed the books that were added while EMBEDDINGS was off",
        description="Embed the books that were added while EMBEDDINGS was off, or named another "
        "model. What has its vector already costs nothing; interrupted, it goes on where it was.",
    )
    own.add_argument("--json", action="store_true", help="print JSON for programs")
    own.set_defaults(operate=embed, needs_cloud=False)


def embed(options: Namespace, desk: Desk, console: Console) -> int:
    """Embed every current book that has no vectors yet; raises ValueError, NoVectors, Transient."""
    from shared.gcp.embeddings import VertexEmbeddings  # noqa: PLC0415 - for this command alone
    from shared.gcp.ledger import SqlLedger  # noqa: PLC0415
    from shared.gcp.vectors import SqlVectors  # noqa: PLC0415

    setting = config.embedding()
    if setting is None or desk.postgres is None:
        raise ValueError(OFF)
    vectors = SqlVectors(desk.postgres)
    model = VertexEmbeddings(setting.project, setting.emulator)
    embedder = Embedder(model, vectors, SqlLedger(desk.postgres), setting)
    told = []
    for title, texts in embedded(embedder, vectors):
        told.append({"book": title, "texts": texts})
        if not options.json:
            line = f"{title}: {texts} texts embedded with {embedder.model}."
            console.print(line, markup=False, highlight=False)
    if options.json:
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    elif not told:
        console.print("Every book has its vectors already; nothing was paid.")
    return DONE


def embedded(embedder: Embedder, vectors: SqlVectors) -> Iterator[tuple[str, int]]:
    """Embed book after book; gives each book's name and how many texts were paid for."""
    if not vectors.add():
        raise NoVectors
    for slug, sha256 in vectors.unmarked(embedder.model):
        sections = vectors.sections(sha256)
        try:
            texts = embedder.embed(sections)
        except Transient as fault:
            raise Transient(f"{slug}: {fault}; the same command goes on from here") from fault
        vectors.mark(sha256, embedder.model, sections)
        yield slug, texts


def examined(settings: config.Settings, model: EmbeddingModel) -> Iterator[tuple[str, str, bool]]:
    """Look at what embeddings need; as `shared.ops.doctor.examined` tells of writing models."""
    setting = settings.embedding
    if setting is None:
        return
    yield _model(setting, model)
    if not settings.database_url:
        yield "pgvector", "DATABASE_URL is not set, so nobody looked for it", False
        return
    from shared.gcp.postgres import Postgres  # noqa: PLC0415 - for this command alone
    from shared.gcp.vectors import SqlVectors  # noqa: PLC0415

    with closing(Postgres(settings.database_url)) as postgres:
        try:
            yield _database(SqlVectors(postgres), setting.model)
        except PipelineError as fault:
            yield "pgvector", str(fault), False


def _model(setting: EmbeddingSettings, model: EmbeddingModel) -> tuple[str, str, bool]:
    one = setting.candidate
    about = f"{one.model.name} at {one.location}"
    try:
        model.embed(one.model.name, one.location, ["Are you well?"], "RETRIEVAL_QUERY", QUESTION_S)
    except PipelineError as fault:
        return about, str(fault), False
    return about, "makes vectors", True


def _database(vectors: SqlVectors, model: str) -> tuple[str, str, bool]:
    if not vectors.is_there():
        return "pgvector", str(NoVectors()), False
    bare = [slug for slug, _ in vectors.unmarked(model)]
    if bare:
        named = ", ".join(bare)
        said = f"{named} without vectors of {model}: run `python -m shared.ops embed`"
        return "pgvector", said, False
    return "pgvector", "every book has its vectors", True
