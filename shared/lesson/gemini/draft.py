"""What a model is asked to write: sentences with their sources, and which part of a lesson each is.

A draft holds no ids, marks, slots, spoken text or numbers of scenes: our code makes those.  A
source is a label of `given.Given`, a picture one of its pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from shared.errors import Unreadable
from shared.lesson.gemini.faults import BadDraft
from shared.lesson.typed import Json, describe, read
from shared.messages import read_object

SentenceKind = Literal["fact", "situation", "question"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence to say; `screen` is a few of its own words, in their order, to be shown."""

    text: str
    kind: SentenceKind
    cites: tuple[str, ...]
    screen: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea; `picture` is the label of one that fits, or empty."""

    heading: str
    picture: str
    say: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; `because` says, from the book, what is so about a wrong one."""

    text: str
    right: bool
    because: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A question that the lesson has answered."""

    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Recap:
    """The answer to the student's question in one sentence, and what else to keep."""

    answer: Sentence
    points: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A lesson's own words; what stands around them comes from the extractive author."""

    hook: tuple[Sentence, ...]
    concepts: tuple[Concept, ...]
    check: Check
    recap: Recap


def schema() -> Json:
    """Describe a draft in the part of JSON Schema that Vertex AI knows."""
    definitions: dict[str, Json] = {}
    describe(Draft, definitions)
    parts = {name: _typed(one) for name, one in definitions.items()}
    # The root stands here itself: beside a reference the service ignores everything.
    return {**parts.pop(Draft.__name__), "$defs": parts}


def read_draft(text: str) -> Draft:
    """Read a draft; raises BadDraft with the path of the first field at fault."""
    try:
        return cast("Draft", read(Draft, read_object(text.encode(errors="replace"))))
    except Unreadable as fault:
        raise BadDraft(str(fault)) from fault


def _typed(node: Json) -> Json:
    """Give each list of words its type, without which Vertex AI guesses one."""
    found: Json = {}
    for name, value in node.items():
        found[name] = _typed(cast("Json", value)) if isinstance(value, dict) else value
    return {"type": "string", **found} if "enum" in found else found
