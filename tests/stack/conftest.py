"""Homes for the tests of the running stack; each is empty at first and gone afterwards."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.addresses import Addresses, taken_ports
from tests.stack.home import Home, interrupt

# Below the ports that connections go out from; each test process, of any run, has its own.
APART, HOMES, PROCESSES = 20, 10, 60
FIRST = 20_000 + os.getpid() % PROCESSES * HOMES * APART
STARTS = itertools.cycle(range(FIRST, FIRST + HOMES * APART, APART))


@contextmanager
def made_home() -> Iterator[Home]:
    """Give a home and leave nothing of it."""
    # Not below pytest's own folder: as root the server runs as another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="vividly-stack-"))
    home = Home(folder, next(port for port in STARTS if not taken_ports(Addresses(port))))
    try:
        yield home
    finally:
        home.close()
        shutil.rmtree(folder)


@pytest.fixture
def home() -> Iterator[Home]:
    """Give a home of this test's own."""
    with made_home() as made:
        yield made


@pytest.fixture(scope="module")
def running_home() -> Iterator[Home]:
    """Give a home on which a stack runs, shared by the tests of a module."""
    with made_home() as made:
        stack = made.up()
        yield made
        interrupt(stack)
