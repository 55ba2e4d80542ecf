"""What a textbook becomes: sections with passages, terms, figures, equations and examples.

Ids: an element is `module#element`, a sentence `module#element/n` with n from 1 (lists:
`module#list/item.n`).  All text is plain Unicode with joined white space; mathematics inside a
sentence is flattened to readable text and the sentence marked `mathematics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PassageKind = Literal["body", "list", "summary", "tip", "caption", "glossary", "example"]


@dataclass(frozen=True, slots=True)
class Licence:
    """What the book's own metadata says may be done with it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the book; `id` is what a plan cites."""

    id: str
    text: str
    mathematics: bool = False
    refers: bool = False  # it points to a figure, a table or another place in the book


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring sentences of one element, under the headings above it."""

    id: str
    kind: PassageKind
    headings: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    marks: tuple[str, ...] = ()  # key terms that this passage marks
    figures: tuple[str, ...] = ()  # ids of the figures that it refers to

    @property
    def text(self) -> str:
        """The passage as one line."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Term:
    """A key term and its meaning, as the glossary has it."""

    term: str
    definition: str
    sentence: str  # the id to cite
    mathematics: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of the book; `member` is its path inside the book's archive."""

    id: str
    member: str
    alt: str
    caption: str
    caption_sentence: str  # the id to cite
    credit: str
    usable: bool  # its own licence gate: no foreign credit, or an allowed licence
    width: int  # pixels
    height: int  # pixels


@dataclass(frozen=True, slots=True)
class Equation:
    """An equation as presentation MathML, with the name that stands beside it."""

    id: str
    name: str
    mathml: str


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example; `verified` when its numbers were recomputed from its own formulas."""

    id: str
    title: str
    problem: tuple[Sentence, ...]
    strategy: tuple[Sentence, ...]
    solution: tuple[Sentence, ...]
    steps: tuple[Equation, ...]
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question of the book; kept for evaluation, never taught nor indexed."""

    id: str
    problem: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One module of the book."""

    module: str
    number: str  # "4.2"; "4" for a chapter's introduction
    title: str
    chapter: str
    url: str
    objectives: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    terms: tuple[Term, ...] = ()
    figures: tuple[Figure, ...] = ()
    equations: tuple[Equation, ...] = ()
    examples: tuple[Example, ...] = ()
    exercises: tuple[Exercise, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Which book, in which edition, where its archive lies."""

    slug: str
    title: str
    authors: tuple[str, ...]
    licence: Licence
    url: str
    language: str
    object_name: str  # in the OER bucket
    generation: int
    sha256: str  # of the archive


@dataclass(frozen=True, slots=True)
class Book:
    """A whole textbook, read; `faults` names each broken file and why it was left out."""

    source: Source
    sections: tuple[Section, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that answers a search, best first."""

    passage: str  # its id
    module: str
    rank: float
    covered: float = 1.0  # share of the asked words' weight that its section holds


@dataclass(frozen=True, slots=True)
class Material:
    """What an author may teach from: the anchor section and the next best ones of its book."""

    source: Source
    section: Section
    neighbours: tuple[Section, ...] = ()
    hits: tuple[Hit, ...] = ()
