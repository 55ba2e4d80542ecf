"""Lessons on whole books: the sampler always, physics where it lies beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.errors import Refused
from shared.lesson.checks import check
from shared.lesson.codec import decode, encode
from shared.lesson.extractive.author import ExtractiveAuthor
from shared.lesson.plan import Brief, Plan
from shared.library.pack import pack
from shared.library.read import read_book
from shared.library.retrieval import find
from tests.fakes.library import MemoryLibrary

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
PHYSICS = SHARED / "oer" / "openstax-physics"
QUESTIONS = SHARED / "questions" / "openstax-physics.dev.jsonl"
LESSON_ID = "0123456789abcdef0123456789abcdef"

SAMPLER = [
    ("Why does a moving object keep moving?", "basketball", True),
    ("Why is the sky blue?", "soccer", False),
    ("What does the nucleus of a cell do?", "dance", True),
    ("How do plants make food?", "running", True),
    ("Where does rain come from?", "poetry", False),
    ("What happens when something burns?", "baking", True),
    ("What causes earthquakes?", "", False),
    ("How does a circuit work?", "guitar", True),
    ("How does heat travel?", "cooking", True),
    ("How does sound travel?", "music", True),
    ("Why does the moon not fall down?", "baseball", True),
    ("What is Newton's second law?", "hockey", True),
]


def library_of(folder: Path, into: Path) -> MemoryLibrary:
    """Index one book."""
    packed = pack(folder, into)
    library = MemoryLibrary()
    with packed.file.open("rb") as file:
        library.add(read_book(file, packed.name, 1))
    return library


@pytest.fixture(scope="module")
def sampler(tmp_path_factory) -> MemoryLibrary:
    """Index the project's own book."""
    return library_of(ROOT / "local" / "sampler", tmp_path_factory.mktemp("sampler"))


@pytest.fixture(scope="module")
def physics(tmp_path_factory) -> MemoryLibrary:
    """Index the physics book."""
    if not PHYSICS.is_dir() or not QUESTIONS.is_file():
        pytest.skip("../shared/oer/openstax-physics is not beside this checkout")
    return library_of(PHYSICS, tmp_path_factory.mktemp("physics"))


def lesson(library: MemoryLibrary, question: str, interest: str, band: str = "9-12") -> Plan:
    """Write a lesson as the script function does, and expect no error in it."""
    material = find(question, library)
    brief = Brief(question, interest, band, ("video",))
    plan = ExtractiveAuthor().write(LESSON_ID, brief, material)

    assert [] == [one for one in check(plan, material) if one.severity == "error"]
    assert plan == decode(encode(plan))
    return plan


@pytest.mark.parametrize(("question", "interest", "is_mapped"), SAMPLER)
def test_sampler(sampler, question, interest, is_mapped):
    """Each question on the sampler gives a lesson without a fault, its interest used or not."""
    plan = lesson(sampler, question, interest)

    assert is_mapped == plan.personalisation.mapped


SAME_SECTION = [
    ("What is inertia?", "What is friction?"),
    ("What is kinetic energy?", "What is potential energy?"),
    ("What is conduction?", "What is radiation?"),
]
SAME_PHYSICS = [
    ("What is conduction?", "What is convection?"),
    ("What is a convex lens?", "What is chromatic aberration?"),
]


def choices(plan: Plan) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Give the section of a lesson, its key terms and the facts of its concepts."""
    terms = tuple(one.text for part in plan.scenes for one in part.show if one.draw == "term")
    facts = tuple(line.text for part in plan.scenes if part.type == "concept" for line in part.say)
    return plan.attribution.section, terms, facts


@pytest.mark.parametrize(("one", "other"), SAME_SECTION)
def test_two_questions_on_a_section(sampler, one, other):
    """The question decides which terms and which of the book's sentences a lesson is made of."""
    first, second = (choices(lesson(sampler, asked, "")) for asked in (one, other))

    assert first[0] == second[0]
    assert first[1] != second[1]
    assert first[2] != second[2]


@pytest.mark.parametrize(("one", "other"), SAME_PHYSICS)
def test_two_questions_on_a_section_of_physics(physics, one, other):
    """The same holds for the real book."""
    first, second = (choices(lesson(physics, asked, "")) for asked in (one, other))

    assert first[0] == second[0]
    assert first[1] != second[1]
    assert first[2] != second[2]


@pytest.mark.parametrize("band", ["1-2", "3-5", "6-8", "9-12"])
def test_grades(sampler, band):
    """Every grade gets a lesson of its length."""
    assert lesson(sampler, "Why is the sky blue?", "soccer", band).brief.grade_band == band


def test_the_demonstration(physics):
    """The lesson of the notes: inertia, basketball, the first law, the check and the answer."""
    plan = lesson(physics, "Why does a moving object keep moving?", "basketball")
    text = " ".join(line.text for scene in plan.scenes for line in scene.say)

    assert ("coasting", "4.2 Newton's First Law of Motion: Inertia") == (
        plan.personalisation.schema,
        plan.attribution.section,
    )
    assert "A body at rest tends to remain at rest." in text
    assert "The answer is: inertia." in text


def test_many_questions(physics):
    """Of some questions from the book at most one finds too little; no lesson has a fault."""
    asked = [json.loads(row)["question"] for row in QUESTIONS.read_text("utf-8").splitlines()]
    refused = 0
    for question in asked[3::66]:
        try:
            lesson(physics, question, "soccer")
        except Refused:
            refused += 1

    assert refused <= 1
