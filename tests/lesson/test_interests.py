"""Every interest that maps, in every comparison that it can fill."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from shared.lesson.interests import Comparison, NoComparison, compare, fill, profile_of
from shared.lesson.interests.files import Profile, Schema, profiles, schemas
from shared.lesson.pace import MOST_SENTENCE_WORDS
from shared.lesson.readability import words

PAIRS = [
    (schema, profile)
    for schema in schemas()
    for profile in profiles()
    if set(schema.needs) <= set(profile.roles)
]
OF_SCHEMA = {schema.name: [pair for pair in PAIRS if pair[0] is schema] for schema in schemas()}
WRONG_ARTICLE = re.compile(
    r"\b(?:a [aeio]\w|an [^aeiouh\W]|the the\b|(?:a|an|the) (?:a|an) )", re.IGNORECASE
)
LEFT_OUT = re.compile(r"[{}\[\]]|  |\b(\w+) \1\b(?<!that that)|[.?!,] ?[.?!,]")
FITS = {"an hour", "a one", "a used", "a unit", "a European", "a u"}
each_schema = pytest.mark.parametrize("pairs", OF_SCHEMA.values(), ids=OF_SCHEMA.keys())


def sentences(schema: Schema, profile: Profile) -> list[str]:
    """Say everything that a pair can ever say, each row once for each of its terms."""
    rows = [fill(row.say, profile.roles, term) for row in schema.rows for term in row.terms]
    hook = [fill(line, profile.roles) for line in schema.hook]
    return [*hook, *rows, fill(schema.breaks_say, profile.roles)]


def cells(schema: Schema, profile: Profile) -> list[str]:
    """Write every row as it stands on the screen."""
    return [
        f"{fill(row.cells[0], profile.roles)} {term} {fill(row.cells[1], profile.roles)}"
        for row in schema.rows
        for term in row.terms
    ]


@each_schema
def test_every_pair_reads_well(pairs):
    """Each sentence is filled, capitalised, ended, and short enough to be said."""
    said = {sentence for pair in pairs for sentence in sentences(*pair)}

    assert [] == [one for one in said if LEFT_OUT.search(one)]
    assert [] == [one for one in said if not one[0].isupper() or one[-1] not in ".?"]
    assert [] == [one for one in said if len(one.split()) > MOST_SENTENCE_WORDS]


@each_schema
def test_articles(pairs):
    """Every noun has the article that its first sound asks for."""
    said = {sentence for pair in pairs for sentence in sentences(*pair)}
    wrong = [found[0] for one in said for found in WRONG_ARTICLE.finditer(one)]

    assert [] == [one for one in wrong if one.lower() not in FITS]


@each_schema
def test_every_pair_fits_the_screen(pairs):
    """The hook ends in a question, and the cells leave room for each other."""
    for schema, profile in pairs:
        situation, question = fill(schema.situation, profile.roles), schema.question

        assert fill(schema.hook[-1], profile.roles).endswith("?")
        assert question.endswith("?")
        assert len(words(f"{situation} {question}")) <= 14
        assert [] == [row for row in cells(schema, profile) if len(words(row)) > 14]


@each_schema
def test_every_schema_has_pairs(pairs):
    """No schema is there that hardly any interest can fill."""
    assert len(pairs) >= 4


def test_every_role_is_used():
    """No profile has a role that no schema asks for."""
    asked = {role for schema in schemas() for role in schema.needs}

    assert [] == [(one.name, role) for one in profiles() for role in one.roles if role not in asked]


def test_every_interest_maps_often():
    """An interest that has a profile fills at least a dozen schemas."""
    counts = Counter(profile.name for _, profile in PAIRS)

    assert [] == [one.name for one in profiles() if counts[one.name] < 12]


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
    assert NoComparison("", ("schema",)) == compare("basketball", "parsec", ["parsec", "gene"])


def test_one_row_is_too_few():
    """A comparison with a single row is none."""
    assert isinstance(compare("basketball", "inertia", ["inertia"]), NoComparison)


def test_rows_are_the_sections_terms():
    """Each row compares with a term that the section has."""
    found = compare("basketball", "inertia", ["inertia", "friction", "mass", "gluons"])

    assert isinstance(found, Comparison)
    assert ["Inertia", "Friction", "Mass"] == [row.term for row in found.rows]


def test_a_focus_that_is_no_term():
    """A topic in other words stands for the terms that it names."""
    found = compare("cooking", "how heat travels", ["temperature", "heat", "conduction"])

    assert isinstance(found, Comparison)
    assert ("warmth", "cooking") == (found.schema, found.interest)


@pytest.mark.parametrize(
    ("terms", "schema"),
    [
        (["induction", "proton", "insulator"], "static"),
        (["induction", "emf", "magnetic flux"], "charging"),
        (["induction", "electron", "conductor", "emf", "magnetic flux"], "charging"),
        (["nucleus", "cell", "cell membrane"], "crew"),
    ],
)
def test_a_word_with_two_meanings(terms, schema):
    """A term that two topics share is told apart by the terms beside it."""
    found = compare("cars", terms[0], terms)

    assert isinstance(found, Comparison)
    assert schema == found.schema


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bass fishing", "fishing"),
        ("my old dog", "dogs"),
        ("watching horse racing", "horses"),
        ("I play the drums and soccer", "drums"),
        ("astronomy, chess", "space"),
        ("K-Pop", "music"),
        ("Minecraft!!", "video games"),
        ("american football", "football"),
        ("futsal", "soccer"),
        ("board games", "board games"),
        ("TikTok", "social media"),
        ("doing my makeup", "makeup"),
    ],
)
def test_the_head_of_a_phrase(typed, name):
    """What somebody likes stands at the end of a phrase, and the first of several counts."""
    profile = profile_of(typed)

    assert profile is not None
    assert name == profile.name


@pytest.mark.parametrize(
    "typed", ["I hate soccer", "not cooking", "dog-eared maps", "car insurance", "", "the", "xyzzy"]
)
def test_no_interest_is_guessed(typed):
    """A refusal, a name inside another word or in front of one, and nonsense name no profile."""
    assert profile_of(typed) is None
