"""The ports of embeddings: who makes vectors, and who keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from shared.errors import Permanent

if TYPE_CHECKING:
    from shared.embedding.embedder import Embedder

Vector: TypeAlias = tuple[float, ...]
Use = Literal["RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY"]

NO_VECTORS = (
    "EMBEDDINGS is on, but the database has no pgvector of release 0.7 or newer: install the"
    " extension vector there and run `python -m shared.ops embed`, or set EMBEDDINGS=off"
)


class NoVectors(Permanent):
    """The database cannot keep vectors; the text tells an operator what to do."""

    def __init__(self) -> None:
        super().__init__(NO_VECTORS)


@dataclass(frozen=True, slots=True)
class Embedded:
    """What one call gave: a vector for each text, in their order, and the tokens to be paid."""

    vectors: tuple[Vector, ...]
    tokens: int


class EmbeddingModel(Protocol):
    """Who makes vectors; each call is paid for, and none is repeated by itself."""

    def embed(
        self, name: str, location: str, texts: Sequence[str], use: Use, timeout_s: float
    ) -> Embedded:
        """Embed some texts in one call; raises NotNow, Gone or SetUp."""


class Vectors(Protocol):
    """Who keeps vectors, by their model and the digest of their text."""

    def is_there(self) -> bool:
        """Whether vectors can be kept at all."""

    def missing(self, model: str, digests: Sequence[str]) -> frozenset[str]:
        """Tell which of these have no vector yet; raises NoVectors."""

    def keep(self, model: str, vectors: Mapping[str, Vector]) -> None:
        """Store vectors; those that are there stay.  Raises NoVectors."""

    def near(self, model: str, vector: Vector, limit: int) -> tuple[str, ...]:
        """Name the modules of the nearest passages, nearest first, each once; raises NoVectors.

        Only archives that are embedded as a whole are looked through.
        """


class MayEmbed(Protocol):
    """Services that may look for meaning."""

    @property
    def embedder(self) -> Embedder | None:
        """Who finds passages by their meaning; None where EMBEDDINGS is off."""
