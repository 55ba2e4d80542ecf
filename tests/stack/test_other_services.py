"""A stack on what is not its own: a given database, a broken function, Google's emulators."""

from __future__ import annotations

import os

import pytest

from local.addresses import Addresses
from local.emulators import Absent, find
from local.stack import Stack, Wish

WORDS = ("lesson", "Why do we have seasons?", "--modalities", "text", "--json")


def test_given_database_is_used(home, empty_database_url):
    """With DATABASE_URL no server of our own is started; the schema is brought up to date."""
    said = home.run(*WORDS, starts=True, DATABASE_URL=empty_database_url)

    assert (0, "completed") == (said.code, said.decoded["run"]["status"])
    assert not (home.folder / "postgres").exists()
    assert "set it again" in home.run("runs").out


def test_function_that_does_not_start_is_named(home, tmp_path):
    """No command waits for ever: it says which function it is, why, and where its log is."""
    (tmp_path / "main.py").write_text("import nothing_of_this_name\n")
    wish = Wish(home.folder, Addresses(home.port), stand_ins={"library": tmp_path})
    with Stack(wish):
        said = home.run(*WORDS)

    assert (2, "") == (said.code, said.out)
    assert "The function library does not start: ModuleNotFoundError" in said.err
    assert str(home.folder / "logs" / "library.log") in said.err


def test_production_is_refused(home):
    """A local cloud never runs as production."""
    said = home.run("up", starts=True, ENVIRONMENT="prod")

    assert (2, True) == (said.code, "ENVIRONMENT is prod" in said.out)


def test_lesson_on_googles_emulators(home):
    """The same adapters make a text lesson on Google's own Firestore and Pub/Sub."""
    installed = find()
    if isinstance(installed, Absent):
        pytest.skip(installed.reason)
    said = home.run(*WORDS, "--google-emulators", starts=True)
    if said.code == 2 and not os.environ.get("CI"):
        pytest.skip(said.err)

    assert (0, "completed") == (said.code, said.decoded["run"]["status"])
