"""The student's interest as a comparison: schemas bound to key terms, profiles that fill them.

Reviewed files: a schema needs certain roles; a profile (one interest) offers some.  Only where
every role is there and two terms of the section fit does the interest enter a lesson.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.lesson.edits import without_brackets
from shared.lesson.interests.files import Profile, RowTemplate, Schema, schemas
from shared.lesson.interests.filling import fill, opened
from shared.lesson.interests.naming import plain, profile_of

__all__ = ["Comparison", "NoComparison", "Row", "compare", "fill", "profile_of"]

FEWEST_ROWS, MOST_ROWS = 2, 3


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
    """Fill the first schema of the focus that this interest can fill for a section's terms.

    A focus that is no key term ("how heat travels") stands for the terms that it names, then for
    the others in their order.
    """
    profile = profile_of(interest)
    closest = NoComparison("", ("schema",))
    for leading in _leading(focus, terms):
        found = _compared(profile, leading, terms)
        if isinstance(found, Comparison):
            return found
        closest = closest if closest.schema else found
    return closest


def _leading(focus: str, terms: Sequence[str]) -> list[str]:
    of_schemas = {plain(term) for schema in schemas() for term in schema.terms}
    if _known(focus) in of_schemas | {_known(term) for term in terms}:
        return [focus]
    named = [term for term in terms if set(_known(term).split()) <= set(_known(focus).split())]
    return [*named, *(term for term in terms if term not in named)]


def _compared(
    profile: Profile | None, focus: str, terms: Sequence[str]
) -> Comparison | NoComparison:
    fitting = [(one, _rows(one, focus, terms)) for one in schemas() if _is_about(one, focus)]
    fitting = [(schema, rows) for schema, rows in fitting if rows]
    for schema, rows in fitting:
        if profile and not _missing(schema, profile):
            return _filled(schema, profile, rows)
    if not fitting:
        return NoComparison("", ("schema",))
    closest = fitting[0][0]
    return NoComparison(closest.name, _missing(closest, profile))


def _is_about(schema: Schema, focus: str) -> bool:
    return _known(focus) in {plain(term) for term in schema.terms}


def _missing(schema: Schema, profile: Profile | None) -> tuple[str, ...]:
    offered = profile.roles if profile else {}
    return tuple(role for role in schema.needs if role not in offered)


def _rows(schema: Schema, focus: str, terms: Sequence[str]) -> tuple[tuple[RowTemplate, str], ...]:
    """Bind the schema's rows to the section's terms; nothing unless the focus has a row."""
    known = {_known(term): without_brackets(term) for term in (*terms, focus)}
    asked = _known(focus)
    bound: list[tuple[RowTemplate, str]] = []
    for row in schema.rows:
        named = [plain(term) for term in row.terms if plain(term) in known]
        beside = not row.beside or any(plain(term) in known for term in row.beside)
        if named and beside:
            bound.append((row, known[asked if asked in named else named[0]]))
    own = [one for one in bound if plain(one[1]) == asked]
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
        question=fill(schema.question, roles),
        rows=tuple(_row(row, profile, term) for row, term in rows),
        breaks_say=fill(schema.breaks_say, roles),
        breaks_shown=fill(schema.breaks_shown, roles),
    )


def _row(row: RowTemplate, profile: Profile, term: str) -> Row:
    element, relation = (fill(cell, profile.roles) for cell in row.cells)
    relation = relation[:1].lower() + relation[1:]
    return Row(element, opened(term), relation, fill(row.say, profile.roles, term))


def _known(term: str) -> str:
    return plain(without_brackets(term))
