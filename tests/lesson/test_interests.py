"""Every interest that maps, in every comparison that it can fill."""

from __future__ import annotations

import pytest

from shared.lesson.interests import Comparison, NoComparison, compare, profile_of
from shared.lesson.interests.files import Profile, Schema, profiles, schemas
from shared.lesson.readability import words

PAIRS = [
    pytest.param(schema, profile, id=f"{schema.name}-{profile.name}")
    for schema in schemas()
    for profile in profiles()
    if set(schema.needs) <= set(profile.roles)
]


def filled(schema: Schema, profile: Profile) -> list[Comparison]:
    """Fill a schema once for each term that one of its rows may stand for."""
    terms = [row.terms[0] for row in schema.rows]
    found = [compare(profile.name, term, [term, *terms]) for term in terms if term in schema.terms]
    return [one for one in found if isinstance(one, Comparison) and one.schema == schema.name]


@pytest.mark.parametrize(("schema", "profile"), PAIRS)
def test_every_pair_reads_well(schema, profile):
    """Each sentence is filled, capitalised, ended, and short enough to be said."""
    for one in filled(schema, profile):
        said = [*one.hook, *(row.say for row in one.rows), one.breaks_say]
        for sentence in said:
            assert not set("{}[]") & set(sentence), sentence
            assert sentence[0].isupper(), sentence
            assert sentence[-1] in ".?", sentence
            assert len(sentence.split()) <= 25, sentence
            assert "  " not in sentence, sentence
            assert not [w for w in (" a a", " a e", " a i", " an b", " the the ") if w in sentence]


@pytest.mark.parametrize(("schema", "profile"), PAIRS)
def test_every_pair_fits_the_screen(schema, profile):
    """The hook ends in a question, and the cells leave room for each other."""
    for one in filled(schema, profile):
        rows = [f"{row.element} {row.term} {row.relation}" for row in one.rows]

        assert one.hook[-1].endswith("?")
        assert one.question.endswith("?")
        assert max(len(words(row)) for row in rows) <= 14
        assert len(words(f"{one.situation} {one.question}")) <= 14


def test_every_schema_has_pairs():
    """No schema is there that hardly any interest can fill."""
    counts = {schema.name: 0 for schema in schemas()}
    for schema, _ in (pair.values for pair in PAIRS):
        counts[schema.name] += 1

    assert [] == [name for name, count in counts.items() if count < 4]


def test_names_are_unique():
    """No two profiles answer to one name."""
    names = [name for profile in profiles() for name in (profile.name, *profile.aliases)]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("playing basketball", "basketball"),
        ("Basketball!", "basketball"),
        ("I love NBA", "basketball"),
        ("  SOCCER ", "soccer"),
        ("my dog", "dogs"),
        ("video games", "video games"),
        ("Hip-Hop", "dance"),
    ],
)
def test_aliases(typed, name):
    """An interest is understood however it was typed."""
    profile = profile_of(typed)

    assert profile is not None
    assert name == profile.name


def test_unknown_interest():
    """An interest that nobody reviewed fills nothing, and the answer says what is missing."""
    found = compare("poetry", "inertia", ["inertia", "friction"])

    assert NoComparison("coasting", ("mover", "release", "moving", "surface")) == found


def test_no_schema():
    """A term without a schema maps to no interest at all."""
    assert NoComparison("", ("schema",)) == compare("basketball", "allele", ["allele", "gene"])


def test_one_row_is_too_few():
    """A comparison with a single row is none."""
    assert isinstance(compare("basketball", "inertia", ["inertia"]), NoComparison)


def test_rows_are_the_sections_terms():
    """Each row compares with a term that the section has."""
    found = compare("basketball", "inertia", ["inertia", "friction", "mass"])

    assert isinstance(found, Comparison)
    assert ["Inertia", "Friction"] == [row.term for row in found.rows]
