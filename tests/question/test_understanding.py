"""What is taught after a question, and what is asked back."""

from __future__ import annotations

import pytest

from shared.errors import Refused
from shared.question.asking import AGAIN
from shared.question.inquiry import ROUNDS, Inquiry
from shared.question.understanding import answered, understood
from tests.fakes.library import MemoryLibrary
from tests.question.library import large, library

TITLES = {"The magnetic force", "The electric force", "The nuclear force", "The elastic force"}
LAST = ROUNDS + 1


class Untouchable:
    """A library that nobody may look into."""

    def __getattr__(self, name):
        raise AssertionError(name)


def nothing() -> str:
    """Remember no earlier question."""
    return ""


def asked_back(question: str) -> Inquiry:
    """Ask, and be asked back."""
    found = understood(question, library(), nothing)
    assert isinstance(found, Inquiry)
    return found


@pytest.mark.parametrize("question", ["Why is the sky blue?", "What is inertia?"])
def test_a_clear_question_costs_nothing(question: str) -> None:
    """It is taught as it is, and nothing is looked up."""
    assert question == understood(question, Untouchable(), nothing)


def test_a_word_that_leads_to_many_sections() -> None:
    """Is asked back, with those sections to choose from."""
    inquiry = asked_back("force?")

    assert TITLES == {option.text for option in inquiry.options}


def test_an_option_leads_where_it_says() -> None:
    """What is taught when it is chosen is the section's own title."""
    inquiry = asked_back("force?")

    assert "The nuclear force" == answered(inquiry, "m3", "force?", library(), 2)
    assert "The nuclear force" == answered(inquiry, "the nuclear force", "force?", library(), 2)


def test_a_word_that_leads_to_one_section() -> None:
    """Needs no question."""
    assert "cells" == understood("cells", library(), nothing)


def test_a_word_that_leads_nowhere() -> None:
    """Is left to the relevance floor, which refuses it."""
    assert "photosynthesis" == understood("photosynthesis", library(), nothing)


def test_no_topic_at_all() -> None:
    """The chapters are offered; a chapter of one section is that section."""
    inquiry = asked_back("help with homework")

    assert ["Forces", "Life"] == [option.text for option in inquiry.options]
    assert "Cells" == answered(inquiry, "Life", "help with homework", library(), 2)


def test_a_chapter_of_many_sections() -> None:
    """Is asked about once more, and after the last round its first section is the best guess."""
    inquiry = asked_back("help with homework")
    then = answered(inquiry, "chapter:Forces", "help with homework", library(), 2)

    assert isinstance(then, Inquiry)
    assert (TITLES, "topic-2") == ({option.text for option in then.options}, then.id)
    assert "The magnetic force" == answered(inquiry, "Forces", "help", library(), LAST)


def test_a_chapter_by_its_number() -> None:
    """Offers its sections; a section's number is that section."""
    assert TITLES == {option.text for option in asked_back("explain chapter 1").options}
    assert "The nuclear force" == understood("please explain section 1.3", library(), nothing)


def test_a_chapter_that_is_not_there() -> None:
    """Is like no chapter at all."""
    assert ["Forces", "Life"] == [one.text for one in asked_back("explain chapter 77").options]


def test_again() -> None:
    """Means what the student was taught before."""
    assert "Why is the sky blue?" == understood(
        "Explain that again", library(), lambda: "Why is the sky blue?"
    )


def test_again_without_anything_before() -> None:
    """Is asked back, and the question says why."""
    assert AGAIN == asked_back("Explain that again").text


@pytest.mark.parametrize("question", ["I can't go on", "I want to end it all", "¿fuerza?", "сила"])
def test_what_is_not_taught_is_not_asked_about(question: str) -> None:
    """What `script` refuses is left to it, with its help line or its kind sentence."""
    assert question == understood(question, library(), nothing)


def test_a_library_without_a_choice() -> None:
    """Nothing can be asked: `script` has the last word."""
    assert "help with homework" == understood("help with homework", MemoryLibrary(), nothing)


def test_an_answer_in_own_words() -> None:
    """Is a question like any other: clear, or asked back once more."""
    inquiry = asked_back("help with homework")

    clear = "Why do magnets stick to the fridge?"
    assert clear == answered(inquiry, clear, "help", library(), 2)
    assert isinstance(answered(inquiry, "force", "help", library(), 2), Inquiry)
    assert "force" == answered(inquiry, "force", "help", library(), LAST)


def test_an_answer_that_says_nothing() -> None:
    """After the last round the first words decide, if they lead anywhere; else it is refused."""
    inquiry = asked_back("force?")

    assert "Force?" == answered(inquiry, "help", "hi, force?", library(), LAST)
    with pytest.raises(Refused, match="ask it in a whole sentence"):
        answered(inquiry, "help", "help with homework", library(), LAST)


def test_more_chapters_than_anybody_reads() -> None:
    """A large library is asked about book by book, then chapter by chapter."""
    both = library()
    both.add(large())
    inquiry = understood("help", both, nothing)
    assert isinstance(inquiry, Inquiry)

    assert ["A Large Book", "A Little Book"] == [option.text for option in inquiry.options]
    then = answered(inquiry, "A Little Book", "help", both, 2)
    assert isinstance(then, Inquiry)
    assert ["Forces", "Life"] == [option.text for option in then.options]
