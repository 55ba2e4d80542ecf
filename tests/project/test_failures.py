"""What `docs/failures.md` says is played by tests that are there, and it says all of it."""

import ast
import re
from functools import cache

import pytest

from tests.mutation.guards import GUARDS
from tests.project.import_closure import ROOT

FAILURES = (ROOT / "docs" / "failures.md").read_text("utf-8")
PAGES = sorted((ROOT / "docs").glob("*.md"))
NAMED = re.compile(r"\b(tests/[\w/]+(?:\.py)?)(?:::(\w+(?:::\w+)*))?")  # no brackets of parameters
PICTURE = re.compile(r"^```\n.+?^```\n.+?^Proved by `tests/[^`]+::", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page):
    """A file, a folder, or a test function of a file."""
    named = set(NAMED.findall(page.read_text("utf-8")))

    assert [] == sorted(f"{file}::{name}" for file, name in named if not is_there(file, name))


def test_each_failure_has_its_picture_and_its_test():
    """Under each heading stands a diagram, what happens, and who proves it."""
    failures = re.split(
        r"^### ", FAILURES.partition("\n## What the replaced")[0], flags=re.MULTILINE
    )
    bare = [one.partition("\n")[0] for one in failures[1:] if not PICTURE.search(one)]

    assert ([], True) == (bare, len(failures) > 30)


def test_each_failure_of_the_replaced_worker_is_listed():
    """Each number of a regression test has a row."""
    code = "".join(file.read_text("utf-8") for file in (ROOT / "tests/regressions").glob("*.py"))
    played = set(re.findall(r"^def test_r(\d\d)_", code, re.MULTILINE))

    assert sorted(played) == re.findall(r"^\| R(\d\d) \|", FAILURES, re.MULTILINE)


def test_each_guard_has_its_row():
    """Under its name, with what it protects."""
    table = FAILURES.partition("<!-- guards -->")[2].partition("<!-- /guards -->")[0]
    rows = [
        tuple(row.split(" | ")[:2]) for row in re.findall(r"^\| (\w.*) \|$", table, re.MULTILINE)
    ]

    assert [("guard", "protects"), *((one.name, one.protects) for one in GUARDS)] == rows


def is_there(file, name):
    """Tell whether a file or folder is there, and the test in it that is named, if any is."""
    return name in names_in(file) if name else (ROOT / file).exists()


@cache
def names_in(file):
    """Name the tests of a file: functions, classes and their methods."""
    path = ROOT / file
    body = ast.parse(path.read_text("utf-8")).body if path.is_file() else []
    names = {name for node in body for name in defined_by(node)}
    return {name for name in names if name.startswith(("test_", "Test"))}


def defined_by(node):
    """Name what a statement defines; a state machine is a class that is only assigned."""
    if isinstance(node, ast.Assign):
        given = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return [*given, *(f"{name}::runTest" for name in given)]
    if isinstance(node, ast.ClassDef):
        methods = [one.name for one in node.body if isinstance(one, ast.FunctionDef)]
        return [node.name, *(f"{node.name}::{name}" for name in methods)]
    return [node.name] if isinstance(node, ast.FunctionDef) else []
