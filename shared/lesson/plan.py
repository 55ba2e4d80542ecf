"""The plan: one immutable script that drives voice, pictures and captions.

A plan holds no coordinates, colours, fonts, paths or code: `slot`, `draw` and `role` are closed
lists, and each scene type has a fixed set of slots (`SLOTS`).  `Mark.word` counts the words of
its sentence's `spoken` from 0: there the element appears, or is emphasised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.lesson.diagrams import Diagram

SCHEMA = 2
SPEAKER_SCHEMA = 3  # of a plan that names a speaker: an older release leaves it to a newer one

SceneType = Literal[
    "title", "hook", "keywords", "concept", "analogy_map", "worked_example",
    "misconception", "check", "recap", "sources",
]  # fmt: skip
SentenceKind = Literal["fact", "example", "analogy", "instruction", "question"]
Draw = Literal[
    "text", "term", "definition", "figure", "diagram", "equation", "row", "option", "countdown"
]
Role = Literal["plain", "accent", "muted"]
Deed = Literal["reveal", "emphasise", "hide"]
Shape = Literal["wide", "tall", "square"]  # 16:9, 9:16, 1:1
Service = Literal["google", "gemini"]  # Cloud Text-to-Speech, Gemini TTS on Vertex AI
Fallback = Literal["lesson", "scene", "none"]

# What may stand where.  A slot ending in `_n` is a family: `term_1`, `term_2`, …
SLOTS: dict[SceneType, dict[str, tuple[Draw, int]]] = {
    "title": {"topic": ("text", 1), "question": ("text", 1), "meta": ("text", 1)},
    "hook": {
        "situation": ("text", 1), "question": ("text", 1), "figure": ("figure", 1),
        "credit": ("text", 1),
    },
    "keywords": {"term_n": ("term", 4), "definition_n": ("definition", 4)},
    "concept": {
        "heading": ("text", 1), "point_n": ("text", 4), "figure": ("figure", 1),
        "diagram": ("diagram", 1), "equation": ("equation", 1), "credit": ("text", 1),
    },
    "analogy_map": {"heading": ("text", 1), "row_n": ("row", 4), "breaks": ("text", 1)},
    "worked_example": {
        "given": ("text", 1), "find": ("text", 1), "equation": ("equation", 1),
        "step_n": ("equation", 4), "answer": ("text", 1),
    },
    "misconception": {"myth": ("text", 1), "truth": ("text", 1)},
    "check": {
        "question": ("text", 1), "option_n": ("option", 4), "countdown": ("countdown", 1),
        "answer": ("text", 1),
    },
    "recap": {"question": ("text", 1), "answer": ("text", 1), "point_n": ("text", 2)},
    "sources": {
        "book": ("text", 1), "section": ("text", 1), "licence": ("text", 1),
        "link": ("text", 1), "made": ("text", 1),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """At this word of the sentence, something happens to an element."""

    word: int
    do: Deed
    what: str  # an element's id, or `id/k` for part k of a diagram, from 1


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to say; `text` is captioned, `spoken` is the same with symbols written out."""

    text: str
    spoken: str
    kind: SentenceKind
    cites: tuple[str, ...] = ()  # sentence ids of the book
    marks: tuple[Mark, ...] = ()
    pause_s: float = 0.0  # silence after it, beyond the usual gap between sentences


@dataclass(frozen=True, slots=True)
class FigureRef:
    """Where a book figure's bytes lie: a member of the book's archive in the OER bucket."""

    object_name: str
    generation: int
    member: str
    width: int  # pixels
    height: int  # pixels


@dataclass(frozen=True, slots=True)
class Element:
    """One thing on the screen.

    `text` for text, term, definition, option; `cells` for a row (interest element, concept
    element, relation); `mathml` for an equation; `figure` for a figure; `diagram` for a diagram,
    whose parts appear one after the other; `correct` only for an option.  A countdown lasts its
    line's `pause_s`.
    """

    id: str
    slot: str
    draw: Draw
    alt: str
    text: str = ""
    role: Role = "plain"
    cells: tuple[str, ...] = ()
    mathml: str = ""
    figure: FigureRef | None = None
    diagram: Diagram | None = None
    correct: bool = False

    @property
    def part_ids(self) -> tuple[str, ...]:
        """Name the parts of a diagram as marks do, `id/1` being the first."""
        count = len(self.diagram.parts()) if self.diagram else 0
        return tuple(f"{self.id}/{k}" for k in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene; `n` counts from 1 and names its objects."""

    n: int
    type: SceneType
    title: str  # the chapter's name
    say: tuple[Line, ...]
    show: tuple[Element, ...]
    concept: str = ""
    hold_s: float = 0.0  # stillness at the end


@dataclass(frozen=True, slots=True)
class Citation:
    """A book sentence that the plan relies on, as it stood when the plan was written."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """The book behind the lesson, complete enough to satisfy CC BY 4.0."""

    title: str
    authors: tuple[str, ...]
    section: str  # "4.2 Newton's First Law of Motion: Inertia"
    url: str
    licence: str
    licence_url: str
    sha256: str  # of the archive that was read


@dataclass(frozen=True, slots=True)
class Personalisation:
    """Whether the interest maps to the concept, and if not, what is missing."""

    mapped: bool
    schema: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What a lesson is asked to be; the part of a request that shapes the result."""

    question: str
    interest: str
    grade_band: str  # "1-2", "3-5", "6-8" or "9-12"
    modalities: tuple[str, ...]  # sorted; of text, audio, video
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is paid to speak a lesson: all that `render` needs to ask, so that it needs no setting.

    Prices are US dollars for a million characters (`model` is empty), or for a million tokens of
    text and of sound.  `marks` asks for word times.  `fallback` says what the offline voice takes
    over when nobody answers: the lesson, if no scene of it is spoken yet; or one scene as well.
    """

    service: Service
    name: str  # "en-US-Neural2-F", "Kore"
    model: str  # "gemini-3.8-flash-lite-tts"
    location: str
    marks: bool
    fallback: Fallback
    price_version: str
    usd_text: float
    usd_sound: float

    @property
    def voice(self) -> str:
        """Name the voice, as a lesson's identity and its sources have it."""
        words = (self.service, self.model, self.name, "marks" if self.marks else "")
        return "/".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole lesson, checked, immutable, named by `lesson_id`."""

    lesson_id: str
    brief: Brief
    author: str  # "extractive-2"
    personalisation: Personalisation
    scenes: tuple[Scene, ...]
    citations: tuple[Citation, ...]
    attribution: Attribution
    notes: tuple[str, ...] = ()  # what the lesson says honestly of itself
    shape: Shape = "wide"  # of its pictures; everything else is the same in every shape
    schema: int = SCHEMA
    speaker: Speaker | None = None  # without one the offline voice speaks

    def scene(self, n: int) -> Scene:
        """Find a scene by its number; raises KeyError."""
        for scene in self.scenes:
            if scene.n == n:
                return scene
        raise KeyError(n)
