"""Every guard can be taken away, and what misses it would not have failed anyway."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.__main__ import ROOT, require_green
from tests.mutation.guards import GUARDS, Guard

BY_NAME = {guard.name: guard for guard in GUARDS}


@pytest.mark.parametrize("guard", GUARDS, ids=BY_NAME)
def test_a_guard_stands_where_it_is_said_to_stand(guard: Guard) -> None:
    """Its text is in its file once, so that taking it away takes it away."""
    assert 1 == (ROOT / guard.file).read_text("utf-8").count(guard.text)


@pytest.mark.parametrize("guard", GUARDS, ids=BY_NAME)
def test_the_tests_of_a_guard_are_there(guard: Guard) -> None:
    """What is to miss it can be run."""
    assert [] == [test for test in guard.tests if not (ROOT / test).exists()]


def test_no_two_guards_have_one_name() -> None:
    """A verdict belongs to one guard."""
    assert len(BY_NAME) == len(GUARDS)


def test_a_test_that_is_red_anyway_is_refused(tmp_path: Path) -> None:
    """A test that fails with every guard in place is no witness."""
    (tmp_path / "test_red.py").write_text("def test_red():\n    assert False\n")

    with pytest.raises(SystemExit, match="test_red"):
        require_green(["test_red.py"], tmp_path)


def test_a_test_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Nothing that was run is nothing that could have failed."""
    with pytest.raises(SystemExit, match="with every guard"):
        require_green(["test_nowhere.py"], tmp_path)


def test_green_tests_are_good_witnesses(tmp_path: Path) -> None:
    """What passes with every guard may be asked without one."""
    (tmp_path / "test_green.py").write_text("def test_green():\n    assert True\n")

    require_green(["test_green.py"], tmp_path)
