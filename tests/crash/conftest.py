"""Which cases of the matrix a run plays; `--every-crash` and `--crash-seed` choose."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest

from tests.crash.points import EVERY, Case

SAMPLE = 48  # of the cases that are not always played
# Who dies after one of these leaves what it left after the call before.
READS = re.compile(
    r"/(objects\.(find|read|list)|library\.|records\.(lesson|attached)|claims\.read)\b"
)


def pytest_configure(config):
    """Know the marker of this folder."""
    config.addinivalue_line("markers", "about(which): take only the cases of which this is true")


def leaves_untold(case: Case) -> bool:
    """Tell whether something is done of which the caller does not learn."""
    return case.action in ("kill-after", "answer-lost") and not READS.search(case.point)


def chosen(seed: int, *, every: bool = False) -> Sequence[Case]:
    """List the cases of a run: some always, of the others a sample."""
    if every:
        return EVERY
    always = [case for case in EVERY if leaves_untold(case)]
    others = [case for case in EVERY if not leaves_untold(case)]
    return always + random.Random(seed).sample(others, SAMPLE)  # noqa: S311  # no secret


def pytest_generate_tests(metafunc):
    """Give every test that plays a case the cases that it is about."""
    if "case" in metafunc.fixturenames:
        about = metafunc.definition.get_closest_marker("about")
        option = metafunc.config.option
        cases = chosen(option.crash_seed, every=option.every_crash)
        wanted = [case for case in cases if about is None or about.args[0](case)]
        metafunc.parametrize("case", [pytest.param(case, id=str(case)) for case in wanted])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Let every failure tell how to draw the same sample again."""
    report = yield
    if report.failed:
        again = f"the same sample: --crash-seed {item.config.option.crash_seed}"
        report.sections.append(("crashes", again))
    return report
