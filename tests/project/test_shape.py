"""What the project promises of its own shape."""

import ast
import re
import shlex
import subprocess

import pytest

from local.options import parser
from tests.project.import_closure import ROOT

MAINS = sorted(ROOT.glob("functions/*/main.py"))
CODE = [
    path
    for folder in ("functions", "shared", "local")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = [
    command
    for page in PAGES
    for command in re.findall(
        r"^python -m local (.*?)\s*(?:#.*)?$", page.read_text("utf-8"), re.MULTILINE
    )
]


@pytest.mark.parametrize("path", MAINS, ids=lambda path: path.parent.name)
def test_a_main_says_what_comes_in_and_what_goes_out(path):
    """The first line is the arrow, and the file fits on one screen."""
    text = path.read_text("utf-8")

    assert "->" in text.splitlines()[0] or "whose own event" in text.splitlines()[0]
    assert len(text.splitlines()) <= 40


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_too_long_to_read(path):
    """Modules of at most 300 lines, functions of at most 40."""
    text = path.read_text("utf-8")
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    long = [node.name for node in functions if body_lines(node) > 40]

    assert ([], True) == (long, len(text.splitlines()) <= 300)


def body_lines(function):
    """Count the lines of a function's body, without its docstring."""
    first = function.body[1 if ast.get_docstring(function) and len(function.body) > 1 else 0]
    return function.end_lineno - first.lineno + 1


def test_the_readme_is_short():
    """Nobody reads the second half of a long one."""
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    """Files that a page points to are there."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8"))

    assert [] == [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_a_page_is_understood(command):
    """What the README and the docs type, the command line reads."""
    assert parser().parse_args(shlex.split(command)).run


def test_the_pages_show_commands():
    """The test above has something to read."""
    assert len(COMMANDS) >= 12


def test_make_help_lists_what_the_readme_uses():
    """Each make target of the README explains itself."""
    listed = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    targets = set(re.findall(r"\bmake ([a-z]+)", README)) - {"help"}

    assert set() == {target for target in targets if f"make {target}" not in listed}
