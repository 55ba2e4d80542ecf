"""What a client throws becomes one of our errors, as the table says, whichever call threw it."""

import pytest
from google.api_core.exceptions import NotFound
from hypothesis import given
from hypothesis import strategies as st
from pg8000 import dbapi

from shared.errors import Conflict, PipelineError, Transient
from shared.gcp.sqlstate import reaction
from tests.classification.stubs import CALLS, Raises, objects, outcome
from tests.classification.table import SQLSTATES, meaning, sqlstate
from tests.classification.thrown import OF_CLIENTS, OF_PYTHON, made

# The two that end an iteration cannot pass through a `with` block as they are: Python's own rule.
THROWN = [*OF_CLIENTS, *{*OF_PYTHON} - {StopIteration, StopAsyncIteration}]
CODES = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)


@pytest.mark.parametrize("name", CALLS)
def test_every_error_of_a_call_means_what_the_table_says(name):
    """One row fits each class that the clients and Python can throw."""
    call, rows = CALLS[name]
    found = {kind: outcome(call, made(kind)) for kind in THROWN}

    assert {} == {kind: means for kind, means in found.items() if means != meaning(rows, kind)}


@pytest.mark.parametrize("name", CALLS)
def test_no_call_swallows_an_error_that_nobody_named(name):
    """What no row fits comes out as it is, for the spine to count."""
    call, _ = CALLS[name]
    unheard_of = type("UnheardOf", (Exception,), {})

    assert unheard_of is outcome(call, unheard_of())


def test_an_object_that_is_not_there_is_found_to_be_none():
    """Asking for what is not there is no fault."""
    assert objects(Raises(NotFound("no"))).find("scenes", "name") is None


@given(st.sampled_from(sorted({code[:2] for code in SQLSTATES})), CODES, st.booleans())
def test_every_sqlstate_means_what_the_table_says(family, rest, committing):
    """Each class of PostgreSQL's errors has a row, whatever its codes are."""
    told = dbapi.DatabaseError({"C": family + rest, "M": "a message", "n": "a_constraint"})
    statement, commit = sqlstate(family + rest)

    expected = commit if committing else statement
    assert expected is type(reaction(told, committing=committing))


@pytest.mark.parametrize("code", [code for code in SQLSTATES if len(code) == 5])
def test_a_code_with_a_row_of_its_own_counts_before_its_class(code):
    """Contention and a unique key that is taken are told apart from their families."""
    assert SQLSTATES[code][0] is type(reaction(dbapi.DatabaseError({"C": code}), committing=False))


@given(st.text(max_size=5), st.booleans())
def test_a_sqlstate_that_postgresql_never_heard_of_is_one_of_our_errors(code, committing):
    """The translation is total: no code comes out as the driver's own error."""
    told = reaction(dbapi.DatabaseError({"C": code}), committing=committing)

    assert isinstance(told, PipelineError)


@given(st.sampled_from(sorted(SQLSTATES)))
def test_no_database_error_quotes_the_row(code):
    """Detail and message hold the student's words; no error keeps them."""
    error = dbapi.DatabaseError({"C": code, "M": "Ada asked", "D": "(Ada)", "n": "a_constraint"})
    told = reaction(error, committing=False)

    assert "Ada" not in f"{told} {error}"


def test_a_unique_key_that_is_taken_is_named():
    """Whoever reads back knows which rule said no."""
    told = reaction(dbapi.DatabaseError({"C": "23505", "n": "one_per_request"}), committing=False)

    assert (Conflict, "one_per_request") == (type(told), str(told))


def test_a_lost_wire_without_any_sqlstate_is_transient():
    """pg8000 says only "network error"."""
    told = reaction(dbapi.InterfaceError("network error"), committing=False)

    assert Transient is type(told)
