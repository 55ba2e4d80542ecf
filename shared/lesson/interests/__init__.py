"""The student's interest as a comparison: schemas bound to key terms, profiles that fill them.

Two reviewed files.  A schema needs certain roles; a profile (one interest) offers some.  Only
where every role is there and two terms of the section fit does the interest enter a lesson.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.lesson.interests.files import Profile, RowTemplate, Schema, profiles, schemas

FEWEST_ROWS, MOST_ROWS = 2, 3
_FILLERS = frozenset(
    {
        "i",
        "like",
        "love",
        "enjoy",
        "really",
        "playing",
        "play",
        "plays",
        "watching",
        "watch",
        "doing",
    }
    | {"going", "my", "the", "and", "to", "a", "am", "with", "friends", "team", "game", "sport"}
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: interest element, term of the section, relation, sentence."""

    element: str
    term: str
    relation: str
    say: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A schema filled by a profile for one section."""

    schema: str
    interest: str  # the profile's own name
    hook: tuple[str, ...]
    situation: str  # the hook in a few words, for the screen
    question: str
    rows: tuple[Row, ...]
    breaks_say: str
    breaks_shown: str


@dataclass(frozen=True, slots=True)
class NoComparison:
    """Why an interest does not map: the closest schema, and what it lacks."""

    schema: str
    missing: tuple[str, ...]


def compare(interest: str, focus: str, terms: Sequence[str]) -> Comparison | NoComparison:
    """Fill the first schema of the focus that this interest can fill for a section's terms."""
    fitting = [(one, _rows(one, focus, terms)) for one in schemas() if _is_about(one, focus)]
    fitting = [(schema, rows) for schema, rows in fitting if rows]
    profile = profile_of(interest)
    for schema, rows in fitting:
        if profile and not _missing(schema, profile):
            return _filled(schema, profile, rows)
    if not fitting:
        return NoComparison("", ("schema",))
    closest = fitting[0][0]
    return NoComparison(closest.name, _missing(closest, profile))


def profile_of(interest: str) -> Profile | None:
    """Find the profile that an interest names, in whatever form it was typed."""
    asked = _plain(interest)
    bare = " ".join(word for word in asked.split() if word not in _FILLERS)
    for wanted in (asked, bare):
        for profile in profiles():
            if wanted in {_plain(name) for name in (profile.name, *profile.aliases)}:
                return profile
    return None


def fill(template: str, roles: Mapping[str, str], term: str = "") -> str:
    """Fill a sentence of a schema; it begins with a capital letter."""
    article = "an" if term[:1].lower() in "aeiou" else "a"
    filled = template.format_map(
        {**roles, "term": term, "Term": _opened(term), "a_term": f"{article} {term}"}
    )
    return _opened(filled)


def _is_about(schema: Schema, focus: str) -> bool:
    return _plain(focus) in {_plain(term) for term in schema.terms}


def _missing(schema: Schema, profile: Profile | None) -> tuple[str, ...]:
    offered = profile.roles if profile else {}
    return tuple(role for role in schema.needs if role not in offered)


def _rows(schema: Schema, focus: str, terms: Sequence[str]) -> tuple[tuple[RowTemplate, str], ...]:
    """Bind the schema's rows to the section's terms; nothing unless the focus has a row."""
    known = {_plain(term): term for term in (*terms, focus)}
    asked = _plain(focus)
    bound: list[tuple[RowTemplate, str]] = []
    for row in schema.rows:
        named = [_plain(term) for term in row.terms if _plain(term) in known]
        if named:
            bound.append((row, known[asked if asked in named else named[0]]))
    own = [one for one in bound if _plain(one[1]) == asked]
    if not own or len(bound) < FEWEST_ROWS:
        return ()
    kept = [*own, *(one for one in bound if one not in own)][:MOST_ROWS]
    return tuple(one for one in bound if one in kept)


def _filled(
    schema: Schema, profile: Profile, rows: tuple[tuple[RowTemplate, str], ...]
) -> Comparison:
    roles = profile.roles
    return Comparison(
        schema=schema.name,
        interest=profile.name,
        hook=tuple(fill(line, roles) for line in schema.hook),
        situation=fill(schema.situation, roles),
        question=schema.question,
        rows=tuple(
            Row(
                fill(row.cells[0], roles, term),
                _opened(term),
                row.cells[1].format_map(roles),
                fill(row.say, roles, term),
            )
            for row, term in rows
        ),
        breaks_say=fill(schema.breaks_say, roles),
        breaks_shown=fill(schema.breaks_shown, roles),
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['\u2019]", "", text.lower())).split())


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
