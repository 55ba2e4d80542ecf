"""The pool: what becomes of transactions when something goes wrong on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from shared.errors import Conflict, Permanent, Transient, Unsure
from shared.gcp import postgres, session
from shared.gcp.dial import connect
from shared.gcp.postgres import Postgres
from shared.gcp.sqlstate import Contended
from tests.records.cutter import Cutter

TABLE = "create table animals (name text primary key, legs smallint not null check (legs > 0))"
OWL = "insert into animals values ('owl', 2)"
PATIENCE_S = 300.0  # in vain only where something hangs


@pytest.fixture
def pool(empty_database_url: str) -> Iterator[Postgres]:
    """Give a pool of two connections on a database with one empty table."""
    made = Postgres(empty_database_url, pool=2, pause=lambda _: None, patience_s=0.1)
    with made.transaction() as sql:
        sql.run(TABLE)
    yield made
    made.close()


def animals(pool: Postgres) -> list[str]:
    """List what is committed."""
    with pool.transaction() as sql:
        return [name for (name,) in sql.all("select name from animals order by name")]


def backend(pool: Postgres) -> int:
    """Tell which server process answers."""
    with pool.transaction() as sql:
        row = sql.one("select pg_backend_pid()")
    assert row is not None
    return int(row[0])


def test_block_that_ends_commits(pool: Postgres) -> None:
    """What was written is there for everybody."""
    with pool.transaction() as sql:
        touched = sql.run("insert into animals values ('owl', 2), ('hen', 2)")

    assert (2, ["hen", "owl"]) == (touched, animals(pool))


def test_block_that_raises_rolls_back(pool: Postgres) -> None:
    """Nothing of it stays."""

    def work() -> None:
        with pool.transaction() as sql:
            sql.run(OWL)
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert [] == animals(pool)


def test_swallowed_error_does_not_commit_silently(pool: Postgres) -> None:
    """After a failed statement the server would answer COMMIT with a rollback and no error."""

    def work() -> None:
        with pool.transaction() as sql:
            sql.run(OWL)
            with suppress(Permanent):
                sql.run("insert into animals values ('snake', 0)")

    with pytest.raises(Permanent):
        work()
    assert [] == animals(pool)


def test_connection_is_kept(pool: Postgres) -> None:
    """The next transaction uses it again, after a commit and after a rollback."""
    first = backend(pool)
    with pytest.raises(KeyError), pool.transaction():
        raise KeyError

    assert first == backend(pool)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("insert into animals values ('snake', 0)", Permanent),
        ("insert into animals values (null, 1)", Transient),
        ("insert into animals values ('centipede', 99999)", Permanent),
        ("select 'a student''s words'::int", Permanent),
        ("select * from planets", Transient),
        ("select pg_terminate_backend(pg_backend_pid())", Transient),
        ("set local statement_timeout = 1; select pg_sleep(1)", Transient),
        ("do $$ begin raise exception using errcode = '40001'; end $$", Contended),
        ("do $$ begin raise exception using errcode = '40P01'; end $$", Contended),
        ("do $$ begin raise exception using errcode = '55P03'; end $$", Contended),
        ("do $$ begin raise exception using errcode = '53300'; end $$", Transient),
        ("do $$ begin raise exception using errcode = '08006'; end $$", Transient),
    ],
)
def test_error_is_translated(pool: Postgres, statement: str, expected: type[Exception]) -> None:
    """Each error of the server becomes the one reaction that it deserves."""
    with pytest.raises(expected) as raised, pool.transaction() as sql:
        sql.run(statement)

    assert expected is type(raised.value)
    assert [] == animals(pool)


def test_second_row_with_the_same_key(pool: Postgres) -> None:
    """It is a question for the caller, and names the constraint."""
    with pool.transaction() as sql:
        sql.run(OWL)

    with pytest.raises(Conflict, match=r"^animals_pkey$"), pool.transaction() as sql:
        sql.run(OWL)


CHANGED = "alter table remembered add column further text"


@pytest.mark.parametrize(
    "spoils", [CHANGED, "deallocate all"], ids=["table changed", "statement gone"]
)
def test_a_prepared_statement_that_no_longer_fits(pool: Postgres, spoils: str) -> None:
    """It would fail on its connection for ever: that one is hung up, another prepares it anew."""
    with pool.transaction() as sql:
        sql.run("create table remembered (id int)")
        sql.run("insert into remembered values (1)")
    read = "select * from remembered where id = %s"
    pool.alone(lambda sql: sql.one(read, 1))
    pool.alone(lambda sql: sql.run(spoils))

    row = pool.alone(lambda sql: sql.one(read, 1))
    assert 1 == (row and row[0])


def test_error_quotes_no_row(pool: Postgres) -> None:
    """The server's detail repeats the values; neither message nor cause carries them on."""
    with pytest.raises(Permanent) as raised, pool.transaction() as sql:
        sql.run("insert into animals values (%s, 0)", "my name is Kim")

    assert "Kim" not in f"{raised.value} {raised.value.__cause__}"


def test_connection_that_died_while_idle(pool: Postgres, empty_database_url: str) -> None:
    """A restarted server costs nobody a transaction."""
    before = backend(pool)
    other = connect(empty_database_url, timeout_s=10)
    other.cursor().execute("select pg_terminate_backend(%s)", (before,))
    other.close()

    assert before != backend(pool)


def test_connection_that_dies_in_a_transaction(pool: Postgres) -> None:
    """The transaction is over, the connection thrown away, the next one works."""

    def work() -> None:
        with pool.transaction() as sql:
            sql.run(OWL)
            sql.run("select pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Transient):
        work()
    assert [] == animals(pool)


def test_contention_is_tried_three_times(pool: Postgres) -> None:
    """The third try is the last; pauses lie between them, not after."""
    tries = []

    def work(_: object) -> None:
        tries.append(1)
        raise Contended

    with pytest.raises(Contended):
        pool.retried(work)

    assert 3 == len(tries)


def test_contention_that_ends(pool: Postgres) -> None:
    """A second try may go through."""
    tries = iter([Contended(), None])

    def work(_: object) -> str:
        fault = next(tries)
        if fault:
            raise fault
        return "done"

    assert "done" == pool.retried(work)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a deadlock be found soon, and nothing else end a statement: not a busy machine."""
    monkeypatch.setattr(postgres, "PARAMETERS", {"deadlock_timeout": "20ms"})
    for module in (postgres, session):
        monkeypatch.setattr(module, "CALL_TIMEOUT_S", PATIENCE_S)


def test_two_transactions_that_block_each_other(unhurried: None, pool: Postgres) -> None:
    """A deadlock ends for both: one goes through at once, the other after another try."""
    with pool.transaction() as sql:
        sql.run("insert into animals values ('owl', 2), ('hen', 2)")
    both_hold_one = threading.Barrier(2)

    def swap(first: str, second: str) -> None:
        meet = iter([both_hold_one.wait])

        def work(sql: object) -> None:
            sql.run("update animals set legs = legs + 1 where name = %s", first)
            next(meet, lambda _: None)(PATIENCE_S)
            sql.run("update animals set legs = legs + 1 where name = %s", second)

        pool.retried(work)

    other = threading.Thread(target=swap, args=("hen", "owl"))
    other.start()
    swap("owl", "hen")
    other.join()

    with pool.transaction() as sql:
        assert [(4,), (4,)] == sql.all("select legs from animals")


def test_column_that_only_a_newer_release_knows(pool: Postgres) -> None:
    """An old instance on a new schema is no reason to give the work up: it comes again."""
    with pool.transaction() as sql:
        sql.run("alter table animals add column wings int not null")

    with pytest.raises(Transient, match="does not fit this code"), pool.transaction() as sql:
        sql.run(OWL)


def test_pool_that_is_used_up(pool: Postgres) -> None:
    """Whoever gets no connection in time is told to come again."""
    with (
        pool.transaction(),
        pool.transaction(),
        pytest.raises(Transient, match="became free"),
        pool.transaction(),
    ):
        pass

    assert [] == animals(pool)


def test_server_that_is_not_there() -> None:
    """A refused connection is transient, and frees its place in the pool."""
    pool = Postgres("postgresql://postgres@127.0.0.1:1/postgres", patience_s=0.1)

    for _ in range(2):
        with pytest.raises(Transient, match="connection failed"), pool.transaction():
            pass


def test_answer_to_commit_gets_lost(pool: Postgres, empty_database_url: str) -> None:
    """Nobody knows whether it was committed, and here it was."""
    with Cutter(empty_database_url, cut_after=b"commit") as cutter:
        cut = Postgres(cutter.url)
        with pytest.raises(Unsure), cut.transaction() as sql:
            sql.run(OWL)

    assert ["owl"] == animals(pool)


def test_work_whose_commit_got_lost_is_asked_again(pool: Postgres, empty_database_url: str) -> None:
    """A new connection reads back what the first one wrote; there is one row."""
    with Cutter(empty_database_url, cut_after=b"commit") as cutter:
        cut = Postgres(cutter.url, pause=lambda _: None)
        written = cut.retried(lambda sql: sql.run(f"{OWL} on conflict do nothing"))
        cut.close()

    assert (0, ["owl"]) == (written, animals(pool))


def test_answer_to_a_statement_gets_lost(pool: Postgres, empty_database_url: str) -> None:
    """Nothing was committed, so there is nothing to be unsure about."""
    with Cutter(empty_database_url, cut_after=b"insert into animals") as cutter:
        cut = Postgres(cutter.url)
        with pytest.raises(Transient) as raised, cut.transaction() as sql:
            sql.run(OWL)

    assert (Transient, []) == (type(raised.value), animals(pool))
