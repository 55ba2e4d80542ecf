"""What a migration may not do while the release before it still runs.  A file -> what is wrong.

Not a parser: statements end in semicolons, clauses in commas outside of parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.migrations import OUTSIDE, Migration

# Tables with a row for each request, lesson, scene or run: too long to be locked while it is read.
GROWING = {
    "content_requests", "request_events", "lessons", "scenes", "attempts", "costs",
    "dead_letters", "dead_letter_actions",
}  # fmt: skip
CONTRACT = re.compile(r"^-- migrate: contract after (\S+)$", re.MULTILINE)
CREATED = re.compile(r"create (?:unlogged )?table (?:if not exists )?(\w+)")
ALTERED = re.compile(r"alter table (?:if exists )?(?:only )?(\w+) (.*)")
INDEX = re.compile(r"create (?:unique )?index (concurrently )?(if not exists )?(?:\w+ )?on (\w+)")
WRITTEN = re.compile(r"(?:update|delete from) (\w+)")
STATEMENTS = {
    r"drop (table|type|function|view|materialized view|schema|sequence|domain)\b": "drops",
    r"truncate\b": "empties a table",
    r"alter type \w+ rename\b": "renames",
    r"revoke\b": "takes a right away",
}
CLAUSES = {
    r"drop (?!constraint\b)": "drops a column",
    r"rename\b": "renames",
    r"alter (column )?\w+ (set data )?type\b": "changes a type",
    r"alter (column )?\w+ set not null": "forbids null, which the release before writes",
    r"alter (column )?\w+ drop default": "drops a default that the release before may rely on",
    r"add (?!constraint\b|check\b|foreign\b|unique\b|primary\b|exclude\b)(?!.*\bdefault\b)"
    r"(?!.*\bgenerated\b).*\bnot null\b": "adds a column that must be given",
}
LONG = {
    r"add (constraint \w+ )?(check|foreign key)\b(?!.*\bnot valid$)": "validates under a lock",
    r"add (?!constraint\b|check\b|foreign\b).*\b(check ?\(|references\b)": "validates under a lock",
    r"add (constraint \w+ )?(unique|primary key|exclude)\b(?!.* using index )": "indexes, locked",
    r"add (?!constraint\b|unique\b).*\b(unique|primary key)\b": "indexes under a lock",
    r"add (?!constraint\b).*\b(generated|default \w+ ?\()": "writes every row anew",
    r"alter (column )?\w+ (set data )?type\b": "writes every row anew",
    r"alter (column )?\w+ set not null": "reads every row under a lock",
}


def faults(migration: Migration, earlier: frozenset[str]) -> Iterator[str]:
    """Say what is wrong with a file; `earlier` names the migrations before it."""
    waits_for = CONTRACT.search(migration.sql)
    if waits_for and waits_for[1] not in earlier:
        yield f"waits for {waits_for[1]}, which is no earlier migration"
    said = [_plain(statement) for statement in re.sub(r"--.*", "", migration.sql).split(";")]
    statements = [one for one in said if one]
    new = {name for one in statements for name in CREATED.findall(one)}
    for statement in statements:
        if not waits_for:
            yield from _contracts(statement, new)
        yield from _locks(statement, GROWING - new)
    yield from _outside(migration, statements)


def _plain(statement: str) -> str:
    """Give it in lower case, in one line, without what stands in quotes."""
    return " ".join(re.sub(r"'[^']*'", "''", statement.replace("$$", " ")).lower().split())


def _contracts(statement: str, new: set[str]) -> Iterator[str]:
    """Find what the release before cannot live with."""
    for pattern, fault in STATEMENTS.items():
        if re.search(rf"(^|\bthen |\bbegin ){pattern}", statement):
            yield f"{fault}: {statement[:60]}"
    for table, clause in _clauses(statement):
        if table not in new:
            yield from _found(CLAUSES, clause)


def _locks(statement: str, growing: set[str]) -> Iterator[str]:
    """Find what keeps a growing table locked for as long as it is large."""
    index = INDEX.match(statement)
    if index and index[3] in growing and not index[1]:
        yield f"builds an index without concurrently: {statement[:60]}"
    if index and index[1] and not index[2]:
        yield f"cannot be repeated without if not exists: {statement[:60]}"
    if re.match(r"drop index (?!concurrently if exists )", statement):
        yield f"must be drop index concurrently if exists: {statement[:60]}"
    written = WRITTEN.match(statement)
    if written and written[1] in growing:
        yield f"writes many rows in one transaction: {statement[:60]}"
    for table, clause in _clauses(statement):
        if table in growing:
            yield from _found(LONG, clause)


def _outside(migration: Migration, statements: list[str]) -> Iterator[str]:
    """Find what is not safe to be broken off, or does not go together in one transaction."""
    concurrent = [one for one in statements if " concurrently " in one]
    harmless = [one for one in statements if " validate constraint " in one]
    if migration.outside and len(concurrent) + len(harmless) != len(statements):
        yield "may be broken off between two statements: outside only what can be repeated"
    if concurrent and not migration.outside:
        yield f"needs {OUTSIDE!r} as its first line"
    values = [one for one in statements if re.match(r"alter type \w+ add value\b", one)]
    if values and len(statements) > len(values):
        yield "a new value of a type can be used only after the transaction that adds it"


def _clauses(statement: str) -> Iterator[tuple[str, str]]:
    altered = ALTERED.match(statement)
    if altered is None:
        return
    depth, clause = 0, ""
    for sign in altered[2] + ",":
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield altered[1], clause.strip()
            clause = ""
        else:
            clause += sign


def _found(rules: dict[str, str], clause: str) -> Iterator[str]:
    for pattern, fault in rules.items():
        if re.match(pattern, clause):
            yield f"{fault}: {clause[:60]}"
