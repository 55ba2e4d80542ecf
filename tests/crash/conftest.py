"""The switch for the complete matrix, and which of its cases a run plays."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from tests.crash.points import EVERY, Case

SAMPLE = 24  # of the cases that are not always played


def pytest_addoption(parser):
    """Know the options of this folder."""
    group = parser.getgroup("crashes")
    group.addoption("--every-crash", action="store_true", help="play the complete matrix")
    group.addoption("--crash-seed", type=int, help="choose the sample; by default the day does")


def pytest_configure(config):
    """Know the marker of this folder."""
    config.addinivalue_line("markers", "about(which): take only the cases of which this is true")


def chosen(config) -> list[Case]:
    """List the cases of this run: some always, of the others a sample that changes by the day."""
    if config.getoption("--every-crash", default=False):
        return list(EVERY)
    always = [case for case in EVERY if case.action in ("kill-after", "answer-lost")]
    others = [case for case in EVERY if case not in always]
    return always + random.Random(seed(config)).sample(others, SAMPLE)  # noqa: S311  # no secret


def seed(config) -> int:
    """Give the number that the sample is drawn by."""
    given = config.getoption("--crash-seed", default=None)
    return datetime.now(UTC).toordinal() if given is None else given


def pytest_report_header(config):
    """Say how to draw the same sample again."""
    return f"crashes: --crash-seed {seed(config)}"


def pytest_generate_tests(metafunc):
    """Give every test that plays a case the cases that it is about."""
    if "case" in metafunc.fixturenames:
        about = metafunc.definition.get_closest_marker("about")
        cases = [case for case in chosen(metafunc.config) if about is None or about.args[0](case)]
        metafunc.parametrize("case", [pytest.param(case, id=str(case)) for case in cases])
