"""Every service is asked, none is waited for too long, and asking often costs nothing."""

from __future__ import annotations

import threading

from shared import deadline
from shared.errors import Transient
from shared.status import health
from shared.status.health import KNOWN_S, OK, Health


def test_a_service_that_hangs_is_given_up(monkeypatch):
    """The others are told; and it is not asked again before it lets go."""
    monkeypatch.setattr(health, "PATIENCE_S", 0.05)
    asked, free = [], threading.Event()

    def hangs():
        asked.append(1)
        free.wait(30)

    now = [0.0]
    checked = Health({"slow": hangs, "quick": lambda: None}, lambda: now[0])
    first = checked.report()
    now[0] += KNOWN_S
    second = checked.report()
    free.set()

    assert ("no answer", OK, "no answer", 1) == (
        first["slow"][:9],
        first["quick"],
        second["slow"][:9],
        len(asked),
    )


def test_each_check_has_a_deadline_of_its_own():
    """Calls inside know how long they may take."""
    left = []
    Health({"one": lambda: left.append(deadline.left_s(100))}, lambda: 0.0).report()

    assert 0 < left[0] <= health.PATIENCE_S


def test_asking_often_costs_nothing():
    """Nobody needs a token to ask."""
    asked = []
    now = [0.0]
    checked = Health({"one": lambda: asked.append(1)}, lambda: now[0])
    for _ in range(5):
        checked.report()
    now[0] += KNOWN_S
    checked.report()

    assert 2 == len(asked)


def test_a_fault_of_a_client_is_told_by_its_class():
    """Its words may hold an address or a password."""

    def broken():
        raise RuntimeError("postgresql://admin:secret@10.0.0.1/")

    def away():
        raise Transient("storage failed on generated/ready/")

    report = Health({"one": broken, "two": away}, lambda: 0.0).report()

    assert {"one": "RuntimeError", "two": "storage failed on generated/ready/"} == report
