"""What a student means by a question, or by an answer to ours: what to teach, or what to ask.

It needs no model.  What is clear costs nothing but a look at its words; only what is not is looked
up.  What must not be taught is left to the screen of `script`, and never asked about.
"""

from __future__ import annotations

from collections.abc import Callable

from shared.errors import Refused
from shared.library.retrieval import FLOOR, ranked
from shared.ports import Library
from shared.question import asking
from shared.question.form import kind_of, reference, tidied, topic
from shared.question.inquiry import ROUNDS, Inquiry
from shared.question.language import TAUGHT, language_of
from shared.safety.screen import screened

STILL_UNCLEAR = (
    "We could not find out what your question is about. Please ask it in a whole sentence that"
    ' names the topic, such as "Why does a moving ball slow down?"'
)
Previous = Callable[[], str]


def understood(
    question: str, library: Library, previous: Previous, round_: int = 1, first: str = ""
) -> str | Inquiry:
    """Tell what to teach, or what to ask back in this round.

    `previous` gives what the student was taught before, empty when there is nothing; `first` is
    what an answer is the answer to.  Raises Refused("unclear") when the rounds are used up and
    nothing is left to guess from.
    """
    text = tidied(question)
    kind = kind_of(text)
    if kind == "clear" or screened(question) or language_of(question) != TAUGHT:
        return text
    if kind == "bare":
        return _named(text, library, round_)
    place = asking.of_a_reference(*reference(text), round_, library)
    if place and isinstance(place, str):
        return place
    if round_ > ROUNDS:
        return _guessed(first, library)
    before = previous() if kind == "backwards" else ""
    about = asking.AGAIN if kind == "backwards" else asking.ABOUT
    # A library without two chapters gives nothing to choose from: `script` has the last word.
    return before or place or asking.for_a_topic(round_, about, library) or text


def answered(
    inquiry: Inquiry, answer: str, first: str, library: Library, round_: int
) -> str | Inquiry:
    """Tell what to teach after an answer to an inquiry, or what to ask in the next round.

    `first` is the question that it was about.  Raises Refused("unclear") after the last round.
    """
    option = inquiry.chosen(answer)
    if option is not None:
        return option.question or asking.of_a_part(option.id, round_, library)
    return understood(answer, library, lambda: "", round_, first)


def _named(text: str, library: Library, round_: int) -> str | Inquiry:
    """Ask which section is meant, where a word or two lead to several."""
    if round_ > ROUNDS:
        return text  # the best section is the best guess
    found = ranked(" ".join(topic(text)), library)
    return asking.between_sections(found, round_, library) or text


def _guessed(first: str, library: Library) -> str:
    """Take what the first words lead to, if they lead anywhere at all."""
    words = " ".join(topic(first))
    if words and ranked(words, library).sure >= FLOOR:
        return tidied(first)
    raise Refused("unclear", STILL_UNCLEAR)
