"""From a question to the section that answers it."""

from __future__ import annotations

import pytest

from shared.errors import Refused
from shared.library.retrieval import aliases, everyday, find, foreign, ranked
from shared.library.words import stem, stems, words
from tests.fakes.library import MemoryLibrary
from tests.library.books import book, passage, section, term

INERTIA = section(
    "m1",
    passage("m1#p1", "Inertia is the tendency to stay as it is.", marks=("inertia",)),
    passage("m1#p2", "A puck has inertia and glides over ice."),
    passage("m1#p3", "A rolling ball has inertia, and a heavy ball has more inertia."),
    *(passage(f"m1#p{n}", f"Ball number {n} has inertia.") for n in range(4, 9)),
    terms=(term("Inertia", "the tendency to stay as it is"),),
)
SKY = section(
    "m2",
    passage("m2#p1", "The sky is blue because air scatters blue light."),
    passage("m2#p2", "Blue light comes from all of the sky."),
    passage("m2#p3", "A blue sky is a sign of air."),
    terms=(term("scattering", "sending light everywhere", "m2#d1/1"),),
)
REST = section(  # a word is only rare in a book that has others
    "m3",
    *(passage(f"m3#p{n}", f"Cells of kind{n} divide.") for n in range(60)),
    terms=(term("cell", "the smallest unit of life", "m3#d1/1"),),
)
INTRODUCTION = section("m0", passage("m0#p1", "The sky, the blue sky, and zebras."))


@pytest.fixture
def library() -> MemoryLibrary:
    """Give a library of one book with an introduction and three sections."""
    found = MemoryLibrary()
    found.add(book(INTRODUCTION, INERTIA, SKY, REST))
    return found


def test_anchor(library):
    """The section whose passages fit best is the anchor; the others stand behind it."""
    material = find("Why is the sky blue?", library)

    assert ("m2", "m2#p1") == (material.section.module, material.hits[0].passage)


def test_everyday_words(library):
    """A question without the textbook's word finds it by what people say."""
    assert find("Why does a ball keep moving?", library).section.module == "m1"


def test_neighbours(library):
    """Other sections of the same book that fit come along, and those beside it in its chapter."""
    material = find("Is the sky blue because of inertia?", library)
    first, *others = (s.module for s in (material.section, *material.neighbours))

    assert {"m1", "m2"} == {first, others[0]}
    assert ("m2", ["m1", "m3"]) == (first, others)


def test_not_covered(library):
    """A question beyond the library is refused with the nearest titles."""
    with pytest.raises(Refused, match="The nearest topics are: m2") as raised:
        find("Who painted the ceiling of that chapel, and how long was the sky scaffold?", library)

    assert ("not-covered", ("m2",)) == (raised.value.reason, raised.value.nearest)


def test_nothing_near(library):
    """Where nothing comes near, nothing is named."""
    with pytest.raises(Refused) as raised:
        find("Who was Napoleon?", library)

    assert () == raised.value.nearest


def test_introductions_are_no_anchor(library):
    """A chapter's introduction defines nothing, so no lesson is built on it."""
    with pytest.raises(Refused):
        find("Do zebras run?", library)


def test_words_of_other_subjects(library):
    """A word of another subject makes an answer less likely, unless the library teaches it."""
    asked = ("Is the blue sky a bird?", "Is the blue sky a wombat?", "Is the blue sky a cell?")
    foreign, unknown, taught = (ranked(question, library).sure for question in asked)

    assert foreign < unknown < taught


def test_misspelt_key_term(library):
    """A key term with one wrong letter still names what is asked for."""
    assert find("What is inertai?", library).section.module == "m1"


def test_empty_library():
    """An empty library answers nothing."""
    with pytest.raises(Refused):
        find("Why is the sky blue?", MemoryLibrary())


def test_aliases_only_for_known_terms():
    """Everyday words lead only to terms that a book defines."""
    assert (("inertia",), ()) == (
        everyday("Why does it keep moving?", frozenset({"inertia"})),
        everyday("Why does it keep moving?", frozenset({"friction"})),
    )


def test_every_alias_has_phrases():
    """Each key term of the table has one to eight phrases that say something."""
    assert all(1 <= len(phrases) <= 8 and all(phrases) for phrases in aliases().values())


def test_ordinary_words_belong_to_no_subject():
    """Words that questions of physics use all the time are not listed as another subject's."""
    assert not foreign() & stems("force energy wave light water speed heat time car ball moon sun")


def test_words():
    """Small words and what frames a question are left out."""
    assert words("How does Newton\u2019s electric motor work?") == ("newton's", "electric", "motor")


@pytest.mark.parametrize("forms", ["move moves moving moved", "run runs running", "hot hotly"])
def test_stem(forms):
    """The forms of a word share a stem."""
    assert 1 == len(set(map(stem, forms.split())))
