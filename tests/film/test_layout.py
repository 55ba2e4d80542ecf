"""Layout: whatever a plan writes, and in whatever shape, pictures are full, apart and inside.

200 scenes of every type, with texts of every length up to the limits of `shared.lesson.pace`, are
drawn and measured.  The seed is printed with what fails.
"""

import random

import numpy as np
import pytest

from shared.film.clock import frame_at
from shared.film.encode import Size
from shared.film.findings import failed
from shared.film.narration import SpokenLine
from shared.film.picture.compose import PAPER, drawn
from shared.film.picture.drawing_checks import check_places
from shared.film.picture.scene import staged
from shared.film.picture.shapes import SHAPES, scale_of, shape_of
from shared.lesson.pace import MOST_VISIBLE_WORDS
from shared.lesson.plan import SLOTS, Element, Scene
from tests.fakes.objects import MemoryObjects
from tests.film.plans import NET_FORCE, RESULT, SUM, plan, say, store_archive, text

SEED, SCENES = 20261128, 200
SIZES = {"wide": Size(480, 270), "tall": Size(270, 480), "square": Size(270, 270)}
OBJECTS = MemoryObjects()
FIGURE = store_archive(OBJECTS)
WORDS = (
    "a", "of", "to", "in", "is", "the", "net", "ball", "mass", "rest", "force", "speed", "motion",
    "object", "energy", "moving", "friction", "constant", "velocity", "momentum", "frequency",
    "resistance", "direction", "temperature", "acceleration", "electromagnetic",
)  # fmt: skip
EARLY, LATE = (0.4, 0.1), (0.5, 0.22)  # of the safe area, of its emptiest half
CELL = 9  # pixels


class Author:
    """Writes one scene with random texts."""

    def __init__(self, seed):
        """Start at a seed."""
        self.chance = random.Random(seed)  # noqa: S311  (a drawing, no secret)
        self.left = MOST_VISIBLE_WORDS

    def words(self, most, least=1):
        """Write so many words, as long as the screen may still hold them."""
        count = self.chance.randint(least, max(least, min(most, self.left)))
        self.left -= count
        return " ".join(self.chance.choice(WORDS) for _ in range(count)).capitalize()

    def maybe(self, *elements):
        """Take all of these or nothing."""
        return elements if self.chance.random() < 0.5 else ()

    def several(self, family, draw, most, least, count):
        """Write a family of elements."""
        return tuple(
            text(f"{family}_{n}", f"{family}_{n}", self.words(most, least), draw)
            for n in range(1, count + 1)
        )

    def scene(self, kind):
        """Write a scene whose elements appear one by one, each with a line."""
        show = getattr(self, kind)()
        lines = tuple(
            say("Look at this, it is said here.", (1, "reveal", one.id),
                pause_s=5.0 if one.draw == "countdown" else 0.0)
            for one in show if kind != "title" and one.slot not in ("credit", "figure")
        )  # fmt: skip
        lines = lines or (say("Look at this."),)
        return Scene(1, kind, "Title", lines, show)

    def title(self):
        """Write a question of at most ten words."""
        return (
            text("t", "topic", self.words(4)), text("q", "question", self.words(10, 2)),
            text("m", "meta", "Grades 9-12"),
        )  # fmt: skip

    def hook(self):
        """Write a situation and its question, with or without a figure."""
        return (
            text("s", "situation", self.words(14, 3)), text("q", "question", self.words(11, 2)),
            *self.maybe(figure()),
        )  # fmt: skip

    def keywords(self):
        """Write two to four terms; one meaning at a time is to be seen."""
        found = []
        for n in range(1, self.chance.randint(2, 4) + 1):
            self.left = MOST_VISIBLE_WORDS
            found.append(text(f"t{n}", f"term_{n}", self.words(4), "term"))
            found.append(text(f"d{n}", f"definition_{n}", self.words(21), "definition"))
        return tuple(found)

    def concept(self):
        """Write points, with or without a figure and an equation."""
        count = self.chance.randint(1, 4)
        picture = self.maybe(figure(), text("c", "credit", "Physics, CC BY 4.0"))
        formula = self.maybe(equation("e", "equation", NET_FORCE))
        heading = text("h", "heading", self.words(6))
        most = max(1, self.left // count)
        return (heading, *picture, *formula, *self.several("point", "text", most, 1, count))

    def analogy_map(self):
        """Write two to four rows, and where they end."""
        heading = text("h", "heading", self.words(5))
        rows = tuple(
            Element(f"r{n}", f"row_{n}", "row", "", cells=(self.words(3), self.words(2), "pushes"))
            for n in range(1, self.chance.randint(2, 3) + 1)
        )
        return (heading, *rows, *self.maybe(text("b", "breaks", self.words(8, 3))))

    def worked_example(self):
        """Write what is given and sought, and two to four lines of mathematics."""
        steps = self.chance.randint(1, 3)
        return (
            text("g", "given", self.words(12, 2)), text("f", "find", self.words(6)),
            equation("e", "equation", NET_FORCE),
            *(equation(f"s{n}", f"step_{n}", (SUM, RESULT)[n % 2]) for n in range(1, steps + 1)),
            text("a", "answer", self.words(7)),
        )  # fmt: skip

    def misconception(self):
        """Write what many think, and what is so."""
        return text("m", "myth", self.words(12, 3)), text("t", "truth", self.words(14, 3))

    def check(self):
        """Write a question, its options, time to think and the answer."""
        question = text("q", "question", self.words(16, 4))
        options = self.several("option", "option", 3, 1, self.chance.randint(3, 4))
        clock = Element("c", "countdown", "countdown", "time to think")
        return (question, *options, clock, text("a", "answer", self.words(4)))

    def recap(self):
        """Write the question, its answer and up to two points."""
        question = text("q", "question", self.words(9, 3))
        answer = text("a", "answer", self.words(20, 4))
        self.left = MOST_VISIBLE_WORDS
        return (question, answer, *self.several("point", "text", 12, 2, self.chance.randint(0, 2)))

    def sources(self):
        """Write where the lesson comes from."""
        slug = self.words(6, 2).lower().replace(" ", "-")
        self.left = MOST_VISIBLE_WORDS
        return (
            text("b", "book", "Physics, by Paul Peter Urone and others"),
            text("s", "section", f"4.2 {self.words(7, 2)}"), text("l", "licence", "CC BY 4.0"),
            text("u", "link", f"openstax.org/books/physics/pages/4-2-{slug}"),
            text("m", "made", "Plan: extractive-2. Synthetic voice."),
        )  # fmt: skip


def said(scene):
    """Say a scene's lines, two words a second, without a sound."""
    lines, at = [], 0.5
    for line in scene.say:
        words = tuple((at + n / 2, at + n / 2 + 0.4) for n in range(len(line.spoken.split())))
        lines.append(SpokenLine(at, words[-1][1], words[-1][1] + line.pause_s, words))
        at = lines[-1].until_s + 0.3
    return lines, frame_at(at + 1)


def figure():
    """Give the book's figure."""
    return Element("f", "figure", "figure", "a puck", figure=FIGURE)


def equation(identity, slot, mathml):
    """Give an equation."""
    return Element(identity, slot, "equation", "an equation", mathml=mathml)


def generated():
    """Give the seed, the shape and the scene of each drawing, all types in all shapes."""
    for n in range(SCENES):
        kind = tuple(SLOTS)[n % len(SLOTS)]
        yield SEED + n, SHAPES[(n // len(SLOTS)) % len(SHAPES)].name, Author(SEED + n).scene(kind)


def picture(layers, frame, size):
    """Draw the whole of one frame."""
    return np.asarray(drawn(layers, frame, (0, 0, size.width, size.height), size), np.int16)


def emptiness(pixels, size):
    """Give the used share of the safe area and of its emptiest half, in cells of the picture."""
    left, top, right, bottom = (round(side * scale_of(size)) for side in shape_of(size).safe)
    ink = (np.abs(pixels - np.array(PAPER)).max(axis=2) > 6)[top:bottom, left:right]
    rows, columns = (side // CELL for side in ink.shape)
    cells = ink[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).any(axis=(1, 3))
    halves = (
        cells[: rows // 2], cells[rows // 2 :], cells[:, : columns // 2], cells[:, columns // 2 :]
    )  # fmt: skip
    return float(cells.mean()), float(min(half.mean() for half in halves))


@pytest.fixture(scope="module")
def drawings():
    """Draw every generated scene once."""
    found = []
    for seed, shape, scene in generated():
        size = SIZES[shape]
        lines, frames = said(scene)
        layers = staged(plan((scene,)), scene, lines, OBJECTS, size)
        found.append((f"seed {seed}: {scene.type}, {shape}", layers, frames, size))
    return found


def test_nothing_is_covered_or_outside(drawings):
    """No layer covers another, and none leaves the safe area."""
    faults = {
        name: [one.value for one in failed(check_places(layers, size))]
        for name, layers, _, size in drawings
    }

    assert {} == {name: told for name, told in faults.items() if told}


@pytest.mark.parametrize(("moment", "least"), [("early", EARLY), ("late", LATE)])
def test_no_half_of_the_picture_is_empty(drawings, moment, least):
    """After two seconds and at its last moment a scene fills the safe area, and each half of it."""
    empty = {}
    for name, layers, frames, size in drawings:
        frame = 60 if moment == "early" else frames - 12
        shares = emptiness(picture(layers, frame, size), size)
        if any(share < limit for share, limit in zip(shares, least, strict=True)):
            empty[name] = shares

    assert {} == empty
