"""Glossary entries as sentences."""

# ruff: noqa: RUF001  (books hold exactly these characters)

from __future__ import annotations

import pytest

from shared.lesson.edits import allowed
from shared.lesson.entries import meaning_of, sentence_of_entry

SAID = [
    ("kinetic energy", "energy of motion", "", "Kinetic energy is the energy of motion."),
    ("speed", "rate at which an object moves", "", "Speed is the rate at which an object moves."),
    ("work", "force multiplied by distance", "", "Work is force multiplied by distance."),
    ("heat engine", "machine that uses heat", "a ", "A heat engine is a machine that uses heat."),
    ("isotope", "atom of another mass", "a ", "An isotope is an atom of another mass."),
    ("antinode", "location of the largest swing", "a ",
     "An antinode is the location of the largest swing."),
    ("point masses", "particles that cannot spin", "",
     "Point masses are particles that cannot spin."),
    ("velocity", "how fast something moves", "", "Velocity is how fast something moves."),
    ("law of rest", "states that rest remains", "the ",
     "The law of rest states that rest remains."),
    ("law of rest", "when no force acts, a ball remains at rest", "the ",
     "The law of rest says that when no force acts, a ball remains at rest."),
    ("Ohm’s law", "electric current is proportional to voltage", "",
     "Ohm’s law says that electric current is proportional to voltage."),
    ("heat", "transfer of thermal energy", "", "Heat is the transfer of thermal energy."),
    ("pressure", "force per unit area", "", "Pressure is force per unit area."),
    ("unit", "a unit of measure", "a ", "A unit is a unit of measure."),
]  # fmt: skip

UNSAID = [
    ("ferromagnetic", "material such as iron", "an adjective"),
    ("oscillate", "moving back and forth", "a verb"),
    ("resonate", "to drive a system", "a verb"),
    ("period", "time it takes to swing", "no known form"),
    ("baryon", "hadrons that decay", "one is not many"),
    ("in series", "when elements are connected", "a state"),
    ("ether", "scientists once believed there was a medium", "a tale"),
]


def entry(term: str, meaning: str) -> str:
    """Write an entry as the library keeps it."""
    return f"{term[:1].upper()}{term[1:]}: {meaning}."


@pytest.mark.parametrize(("term", "meaning", "article", "line"), SAID)
def test_an_entry_as_a_sentence(term, meaning, article, line):
    """The article, the number and the verb are those of good grammar."""
    assert line == sentence_of_entry(entry(term, meaning), term, article)


@pytest.mark.parametrize(
    ("term", "meaning", "reason"), UNSAID, ids=[reason for *_, reason in UNSAID]
)
def test_entries_that_make_no_sentence(term, meaning, reason):
    """Where no form is sure to be good grammar, there is none."""
    assert "" == sentence_of_entry(entry(term, meaning), term), reason


@pytest.mark.parametrize(("term", "meaning", "article", "line"), SAID)
def test_every_sentence_is_allowed(term, meaning, article, line):
    """What an author makes of an entry is among the forms that the check allows."""
    assert line in allowed(entry(term, meaning))


def test_what_a_card_shows():
    """The card shows what is said of the term, without the verb."""
    assert "force per unit area" == meaning_of("Pressure is force per unit area.", "pressure")
    assert "rest remains" == meaning_of("The law of rest says that rest remains.", "law of rest")
