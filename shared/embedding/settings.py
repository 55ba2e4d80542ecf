"""What a project decides about embeddings; read by `shared.config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.lesson.gemini.settings import API_KEYS, read_caps
from shared.spending.ledger import Caps
from shared.spending.models import Candidate, candidates, embedding_models

DIMENSIONS = 768  # as the column has them; models that make more are asked for so many


@dataclass(frozen=True, slots=True)
class EmbeddingSettings:
    """One model at one location; vectors of two models do not compare."""

    project: str
    candidate: Candidate
    texts: int  # that one call may bring
    caps: Caps
    emulator: str = ""

    @property
    def model(self) -> str:
        """Name what made a vector, as the database and a lesson's identity have it."""
        return f"{self.candidate.model.name}/{DIMENSIONS}"


def read_embedding(
    found: Mapping[str, str], problems: list[str], today: date
) -> EmbeddingSettings | None:
    """Read EMBEDDINGS, `off` or `model@location`; what is wrong is added to `problems`."""
    wanted = found.get("EMBEDDINGS", "off")
    if wanted == "off":
        return None
    wrong = [
        f"{name} is set: the API of those keys excludes minors, and EMBEDDINGS is on"
        for name in API_KEYS
        if found.get(name)
    ]
    caps = read_caps(found, wrong)
    known = embedding_models()
    try:
        chosen = candidates(
            wanted, today, previews=False, known={name: model for name, (model, _) in known.items()}
        )
        if len(chosen) > 1:
            wrong.append("EMBEDDINGS names several models: vectors of two do not compare, name one")
    except ValueError as fault:
        wrong.append(f"EMBEDDINGS must be off, or model@location: {fault}")
    problems += wrong
    if wrong:
        return None
    [candidate] = chosen
    texts = known[candidate.model.name][1]
    return EmbeddingSettings(
        project=found.get("GOOGLE_CLOUD_PROJECT", ""),
        candidate=candidate,
        texts=texts,
        caps=caps,
        emulator=found.get("VERTEX_EMULATOR_HOST", ""),
    )
