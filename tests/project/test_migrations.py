"""Each migration can be applied while the release before it runs, and keeps nobody waiting."""

from __future__ import annotations

import pytest

from shared.migrations import OUTSIDE, Migration, read
from tests.project.migration_rules import faults

# What was applied before these rules were written stays as it is; a changed file would be refused.
BEFORE = 11
AFTER = "-- migrate: contract after 0001_records\n"
NEW = [one for one in read() if one.number > BEFORE]
WRONG = {
    "drops a column": "alter table lessons drop column interest;",
    "drops a column: drop": "alter table oer_terms drop definition;",
    "drops: drop table": "drop table costs;",
    "drops: do": "do $$ begin drop table costs; end $$;",
    "renames": "alter table lessons rename column interest to likes;",
    "renames: rename to": "alter table oer_terms rename to terms;",
    "changes a type": "alter table oer_terms alter column ordinal type bigint;",
    "forbids null": "alter table oer_terms alter term set not null;",
    "adds a column that must be given": "alter table oer_terms add column page int not null;",
    "drops a default": "alter table oer_sources alter column faults drop default;",
    "takes a right away": "revoke select on costs from status_ro;",
    "empties a table": "truncate costs;",
    "without concurrently": "create index idx_x on costs (stage);",
    "without if not exists": f"{OUTSIDE}\ncreate index concurrently idx_x on costs (stage);",
    "must be drop index concurrently": "drop index idx_costs_lesson;",
    "validates under a lock": "alter table costs add constraint x check (micros < 9);",
    "validates under a lock: add": "alter table costs add column x int check (x > 0);",
    "indexes, locked": "alter table costs add constraint one unique (stage, kind);",
    "indexes under a lock": "alter table costs add column x int unique;",
    "writes every row anew": "alter table costs add column x uuid default gen_random_uuid();",
    "writes many rows in one transaction": "update costs set stage = 'x';",
    "may be broken off": f"{OUTSIDE}\ncreate table x (y int);",
    "as its first line": "create index concurrently if not exists idx_x on costs (stage);",
    "a new value": "alter type lesson_status add value 'x'; create table x (y lesson_status);",
    "which is no earlier migration": "-- migrate: contract after 0099_later\nselect 1;",
}
RIGHT = {
    "a table with everything": "create table x (y int not null references lessons);"
    " create index idx_x on x (y); alter table x add constraint z check (y > 0);",
    "a column": "alter table lessons add column x text, add column y int not null default 0;",
    "a looser rule": "alter table lessons drop constraint finished_exactly_when_final;",
    "a check for later": "alter table costs add constraint x check (micros < 9) not valid;",
    "its validation": "alter table costs validate constraint x;",
    "an index": f"{OUTSIDE}\ncreate index concurrently if not exists idx_x on costs (stage);",
    "an index that goes": f"{OUTSIDE}\ndrop index concurrently if exists idx_costs_lesson;",
    "a contract step": f"{AFTER}alter table oer_terms drop column ordinal; drop table oer_names;",
    "a right": "grant select on costs to status_ro;",
    "a value": "alter type lesson_status add value 'x';",
    "words in quotes and comments": "insert into breakers (name) values ('drop table'); -- rename",
}


def found(sql: str) -> list[str]:
    """List what is wrong with a text."""
    return list(faults(Migration(99, "tried", sql), frozenset({"0001_records"})))


def test_the_migrations_of_ours() -> None:
    """The release before each can go on, and no growing table is locked for long."""
    wrong = {}
    for one in NEW:
        earlier = frozenset(str(other) for other in read() if other.number < one.number)
        wrong[str(one)] = list(faults(one, earlier))

    assert {} == {name: said for name, said in wrong.items() if said}


@pytest.mark.parametrize("fault", WRONG)
def test_a_fault_is_found(fault: str) -> None:
    """Each rule has been seen to fail."""
    assert any(fault.partition(":")[0] in said for said in found(WRONG[fault]))


@pytest.mark.parametrize("what", RIGHT)
def test_what_is_allowed(what: str) -> None:
    """Nobody learns to ignore the rules."""
    assert [] == found(RIGHT[what])


def test_a_contract_step_may_lock_no_more_than_others() -> None:
    """It waits for a release, which makes no table smaller."""
    assert found(f"{AFTER}alter table costs alter column micros type int;")


def test_what_was_written_before_the_rules() -> None:
    """They find what once made trouble: an old instance could add no book."""
    words = next(one for one in read() if one.number == 8)

    assert any(said.startswith("forbids null") for said in faults(words, frozenset()))
