"""Plans to film: one lesson with every scene type, and the smallest scenes that can be filmed."""

from __future__ import annotations

import io
import zipfile

from PIL import Image, ImageDraw

from shared.lesson.plan import (
    Attribution,
    Brief,
    Citation,
    Deed,
    Draw,
    Element,
    FigureRef,
    Line,
    Mark,
    Personalisation,
    Plan,
    Scene,
    SceneType,
    SentenceKind,
)
from shared.ports import Objects

LESSON_ID = "0123456789abcdef0123456789abcdef"
ARCHIVE = f"books/sampler/{'a' * 64}.zip"
MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'
NET_FORCE = (
    f"<math {MATHML}><msub><mi>F</mi><mtext>net</mtext></msub><mo>=</mo>"
    "<msub><mi>F</mi><mtext>push</mtext></msub><mo>+</mo><mi>f</mi></math>"
)
SUM = f"<math {MATHML}><mn>0</mn><mo>=</mo><mn>50</mn><mtext> N</mtext><mo>+</mo><mi>f</mi></math>"
RESULT = f"<math {MATHML}><mi>f</mi><mo>=</mo><mo>-</mo><mn>50</mn><mtext> N</mtext></math>"


def text(
    identity: str, slot: str, words: str, draw: Draw = "text", *, correct: bool = False
) -> Element:
    """Make one written element."""
    return Element(identity, slot, draw, words, text=words, correct=correct)


def say(
    words: str,
    *marks: tuple[int, Deed, str],
    pause_s: float = 0.0,
    kind: SentenceKind = "fact",
) -> Line:
    """Make one line whose marks are (word, deed, element)."""
    cites = ("m54138#fs-1/1",) if kind == "fact" else ()
    marked = tuple(Mark(word, deed, what) for word, deed, what in marks)
    return Line(words, words, kind, cites, marked, pause_s)


def store_archive(objects: Objects) -> FigureRef:
    """Put a book with one drawn figure into the fake OER bucket."""
    picture = Image.new("RGBA", (731, 622), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 430, 690, 560), fill=(160, 196, 255), outline=(30, 40, 90), width=5)
    pen.ellipse((300, 250, 440, 390), fill=(255, 107, 53), outline=(30, 40, 90), width=6)
    pen.line((450, 320, 640, 320), fill=(30, 40, 90), width=9)
    pen.polygon(((640, 296), (690, 320), (640, 344)), fill=(30, 40, 90))
    for x in range(70, 690, 50):
        pen.line((x, 430, x, 402), fill=(15, 163, 163), width=6)
    pixels, archive = io.BytesIO(), io.BytesIO()
    picture.save(pixels, "PNG")
    with zipfile.ZipFile(archive, "w") as book:
        book.writestr("media/puck.png", pixels.getvalue())
    stored = objects.create("oer", ARCHIVE, archive.getvalue(), content_type="application/zip")
    return FigureRef(ARCHIVE, stored.generation, "media/puck.png", 731, 622)


def lesson(figure: FigureRef, modalities: tuple[str, ...] = ("video",)) -> Plan:
    """Write a lesson with every scene type."""
    return plan(_scenes(figure), modalities)


def plan(scenes: tuple[Scene, ...], modalities: tuple[str, ...] = ("video",)) -> Plan:
    """Put scenes into a plan."""
    return Plan(
        LESSON_ID,
        Brief("Why does a moving object keep moving?", "basketball", "9-12", modalities),
        "extractive-2",
        Personalisation(mapped=True, schema="coasting"),
        scenes,
        (Citation("m54138#fs-1/1", "Inertia is the tendency of an object to remain at rest."),),
        Attribution(
            "Physics",
            ("Paul Peter Urone", "Roger Hinrichs"),
            "4.2 Newton's First Law of Motion: Inertia",
            "https://openstax.org/books/physics/pages/4-2-newtons-first-law-of-motion-inertia",
            "CC BY 4.0",
            "https://creativecommons.org/licenses/by/4.0/",
            "b" * 64,
        ),
    )


def brief_lesson(modalities: tuple[str, ...]) -> Plan:
    """Write the shortest lesson that a plan may be: seven scenes of a few words."""
    slots: dict[SceneType, str] = {
        "title": "question", "hook": "situation", "concept": "heading", "check": "question",
        "recap": "answer", "sources": "book",
    }  # fmt: skip
    kinds: tuple[SceneType, ...] = (
        "title", "hook", "concept", "concept", "check", "recap", "sources",
    )  # fmt: skip
    return plan(
        tuple(
            Scene(
                n, kind, f"Part {n}",
                (say("It moves on.", (1, "reveal", "a")),),
                (text("a", slots[kind], "It moves on."),),
            )
            for n, kind in enumerate(kinds, start=1)
        ),
        modalities,
    )  # fmt: skip


def _scenes(figure: FigureRef) -> tuple[Scene, ...]:
    scenes = (
        _title(), _hook(), _keywords(), _concept_figure(figure), _concept_points(), _map(),
        _example(), _mixup(), _check(), _recap(), _sources(),
    )  # fmt: skip
    return tuple(
        Scene(n, one.type, one.title, one.say, one.show, one.concept, one.hold_s)
        for n, one in enumerate(scenes, start=1)
    )


def _title() -> Scene:
    return Scene(
        0, "title", "Why does a moving object keep moving?",
        (say("Why does a moving object keep moving?", kind="question"),
         say("Let us look at it with basketball.", kind="instruction")),
        (text("topic", "topic", "Inertia"),
         text("question", "question", "Why does a moving object keep moving?"),
         text("meta", "meta", "Physics, grades 9-12, with basketball")),
    )  # fmt: skip


def _hook() -> Scene:
    return Scene(
        0, "hook", "Picture this",
        (say("Picture a basketball rolling across the gym floor after it leaves your hand.",
             (2, "reveal", "situation"), kind="analogy"),
         say("Nobody is pushing it now.", kind="analogy"),
         say("So why does it keep going, and why does it stop in the end?",
             (1, "reveal", "ask"), kind="question")),
        (text("situation", "situation",
              "A basketball rolls across the gym floor after it leaves your hand."),
         text("ask", "question", "Why does it keep going, and why does it stop in the end?")),
    )  # fmt: skip


def _keywords() -> Scene:
    return Scene(
        0, "keywords", "Words you need",
        (say("Friction is an external force that acts opposite to the direction of motion.",
             (0, "reveal", "t1"), (2, "reveal", "d1")),
         say("Inertia is the tendency of an object at rest to remain at rest.",
             (0, "reveal", "t2"), (2, "reveal", "d2"))),
        (text("t1", "term_1", "friction", "term"),
         text("d1", "definition_1", "an external force that acts opposite to the direction of"
              " motion or tends to prevent motion", "definition"),
         text("t2", "term_2", "inertia", "term"),
         text("d2", "definition_2", "the tendency of an object at rest to remain at rest, or for a"
              " moving object to remain in motion in a straight line", "definition")),
    )  # fmt: skip


def _concept_figure(figure: FigureRef) -> Scene:
    return Scene(
        0, "concept", "The law of inertia",
        (say("This is the rule.", (0, "reveal", "heading"), kind="instruction"),
         say("A body at rest tends to remain at rest.", (1, "reveal", "p1")),
         say("A body in motion tends to remain in motion at a constant velocity.",
             (1, "reveal", "p2"), (4, "reveal", "figure")),
         say("Only a net external force can change that.", (1, "reveal", "p3"),
             (3, "emphasise", "p3"))),
        (text("heading", "heading", "Objects keep doing what they are doing"),
         text("p1", "point_1", "A body at rest tends to remain at rest."),
         text("p2", "point_2", "A body in motion keeps its velocity."),
         text("p3", "point_3", "Only a net external force changes that."),
         Element("figure", "figure", "figure", "an air-hockey puck on a table", figure=figure),
         text("credit", "credit", "Figure: Physics, OpenStax, CC BY 4.0")),
        concept="inertia",
    )  # fmt: skip


def _concept_points() -> Scene:
    return Scene(
        0, "concept", "What friction does",
        (say("Think of an air hockey game.", (0, "reveal", "heading")),
         say("When the air is turned off, the puck slides only a short distance.",
             (1, "reveal", "p1")),
         say("When the air is turned on, it glides along without friction.", (1, "reveal", "p2"))),
        (text("heading", "heading", "Friction is what slows things down"),
         text("p1", "point_1", "Air off: the puck slides only a short distance, then it stops."),
         text("p2", "point_2", "Air on: the puck glides along, almost without friction.")),
        concept="friction",
    )  # fmt: skip


def _map() -> Scene:
    return Scene(
        0, "analogy_map", "Your ball and the law",
        (say("Your rolling basketball has inertia, and that keeps it going.", (0, "reveal", "r1"),
             kind="analogy"),
         say("The gym floor brings friction, and that slows the ball down.", (1, "reveal", "r2"),
             kind="analogy"),
         say("The match ends at one point: a gym floor is never free of friction.",
             (1, "reveal", "breaks"), kind="analogy")),
        (text("heading", "heading", "Your basketball and the law"),
         Element("r1", "row_1", "row", "the ball has inertia",
                 cells=("a rolling basketball", "inertia", "keeps it going")),
         Element("r2", "row_2", "row", "the floor brings friction",
                 cells=("the gym floor", "friction", "slows it down")),
         text("breaks", "breaks", "A gym floor is never free of friction, so the ball always"
              " stops.")),
    )  # fmt: skip


def _example() -> Scene:
    return Scene(
        0, "worked_example", "Let us work it out",
        (say("You push a box with fifty newtons, and it moves at a constant velocity.",
             (1, "reveal", "given"), kind="example"),
         say("How large is the friction?", (2, "reveal", "find"), kind="question"),
         say("The net force is the push plus the friction.", (1, "reveal", "eq"), kind="example"),
         say("At a constant velocity the net force is zero.", (5, "reveal", "s1"), kind="example"),
         say("So friction is minus fifty newtons.", (1, "reveal", "s2"), (2, "reveal", "answer"),
             kind="example")),
        (text("given", "given", "A push of 50 N; the box moves at a constant velocity."),
         text("find", "find", "The force of friction on the box."),
         Element("eq", "equation", "equation", "net force is push plus friction", mathml=NET_FORCE),
         Element("s1", "step_1", "equation", "zero is 50 newtons plus f", mathml=SUM),
         Element("s2", "step_2", "equation", "f is minus 50 newtons", mathml=RESULT),
         text("answer", "answer", "Friction is 50 N, against the motion.")),
    )  # fmt: skip


def _mixup() -> Scene:
    return Scene(
        0, "misconception", "A common mix-up",
        (say("You might think that a moving thing needs a force to keep going.",
             (3, "reveal", "myth")),
         say("A force is needed only to change its motion.", (1, "reveal", "truth"))),
        (text("myth", "myth", "A moving thing needs a force to keep going."),
         text("truth", "truth", "A force is needed only to change how it moves.")),
    )  # fmt: skip


def _check() -> Scene:
    return Scene(
        0, "check", "Your turn",
        (say("Which word means the tendency of an object to keep its motion?", kind="question"),
         say("Friction, inertia, mass, or rolling resistance?", (0, "reveal", "o1"),
             (1, "reveal", "o2"), (2, "reveal", "o3"), (4, "reveal", "o4"), kind="question"),
         say("Take a moment to think.", (0, "reveal", "clock"), pause_s=5.0, kind="instruction"),
         say("It is inertia.", (2, "reveal", "answer"), (2, "emphasise", "o2")),
         say("Friction is a force that slows things down.", (0, "emphasise", "o1"))),
        (text("ask", "question", "Which word means the tendency of an object to keep its motion?"),
         text("o1", "option_1", "friction", "option"),
         text("o2", "option_2", "inertia", "option", correct=True),
         text("o3", "option_3", "mass", "option"),
         text("o4", "option_4", "rolling resistance", "option"),
         Element("clock", "countdown", "countdown", "five seconds to think"),
         text("answer", "answer", "Inertia: the tendency to keep its motion.")),
    )  # fmt: skip


def _recap() -> Scene:
    return Scene(
        0, "recap", "In short",
        (say("So why does a moving object keep moving?", kind="question"),
         say("A body in motion tends to remain in motion unless a net force acts on it.",
             (0, "reveal", "answer")),
         say("Inertia keeps your ball rolling.", (0, "reveal", "p1")),
         say("Friction stops it in the end.", (0, "reveal", "p2"))),
        (text("ask", "question", "Why does a moving object keep moving?"),
         text("answer", "answer",
              "A body in motion tends to remain in motion unless a net force acts on it."),
         text("p1", "point_1", "Inertia keeps your ball rolling."),
         text("p2", "point_2", "Friction stops it in the end.")),
    )  # fmt: skip


def _sources() -> Scene:
    return Scene(
        0, "sources", "Sources",
        (say("This lesson is adapted from Physics by OpenStax.", kind="instruction"),
         say("The voice is synthetic.", kind="instruction")),
        (text("book", "book", "Physics, by Paul Peter Urone and Roger Hinrichs"),
         text("section", "section", "4.2 Newton's First Law of Motion: Inertia"),
         text("licence", "licence", "CC BY 4.0, adapted"),
         text("link", "link", "https://openstax.org/books/physics/pages/4-2-newtons-first-law-of-"
              "motion-inertia"),
         text("made", "made", "Sentences chosen from the book by a program; synthetic voice.")),
    )  # fmt: skip
