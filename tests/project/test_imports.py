"""What importing does and needs: nothing from the world, nothing heavy, nothing unlisted."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from local.addresses import SERVERS
from tests.project.import_closure import (
    ROOT,
    modules_of,
    pins,
    third_party,
    with_dependencies,
)

SHARED = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for file in (ROOT / "shared").rglob("*.py")
)
CLOUD_CLIENTS = {"google.cloud.firestore", "google.cloud.storage", "google.pubsub_v1", "pg8000"}
VERTEX = {"google.cloud.aiplatform", "vertexai", "agentplatform", "google.genai"}

LOADED = """
import json, runpy, sys
runpy.run_path(sys.argv[1])
print(json.dumps(sorted(sys.modules)))
"""

# Who asked for a variable is the first frame outside of Python's own library.
SPIED = """
import importlib, json, os, sys
asked, sockets = [], []

class Spied(type(os.environ)):
    def __getitem__(self, name):
        frame = sys._getframe(1)
        while frame.f_code.co_filename in LIBRARY:
            frame = frame.f_back
        if frame.f_code.co_filename.startswith(HOME):
            asked.append([frame.f_code.co_filename, name])
        return super().__getitem__(name)

HOME, *names = json.loads(sys.argv[1])
LIBRARY = {os.__file__, "<frozen os>", "<frozen _collections_abc>"}
os.environ.__class__ = Spied
sys.addaudithook(lambda event, _: sockets.append(event) if event.startswith("socket.") else None)
for name in names:
    importlib.import_module(name)
print(json.dumps([asked, sockets]))
"""


@pytest.fixture(scope="module")
def spied():
    """Import every shared module in one fresh interpreter; gives variables read and sockets."""
    asked, sockets = json.loads(_python(SPIED, json.dumps([str(ROOT / "shared"), *SHARED])))
    return asked, sockets


def test_importing_any_shared_module_reads_no_environment(spied):
    """A module can be imported before anybody has configured anything."""
    asked, _ = spied

    assert [] == asked


def test_importing_any_shared_module_opens_no_socket(spied):
    """A module can be imported without a network."""
    _, sockets = spied

    assert [] == sockets


@pytest.mark.parametrize("function", SERVERS)
def test_a_cold_start_loads_no_cloud_client(function):
    """Clients are loaded by the first event that needs them, and Vertex's by no function."""
    main = ROOT / "functions" / function / "main.py"
    loaded = set(json.loads(_python(LOADED, str(main))))

    assert set() == loaded & (CLOUD_CLIENTS | VERTEX)


@pytest.mark.parametrize("function", SERVERS)
def test_a_functions_pins_are_the_projects(function):
    """A function runs with exactly the versions that the tests ran with."""
    own = _listed(function)

    assert own.items() <= pins(ROOT / "ops/supply/all.in").items()


@pytest.mark.parametrize("function", SERVERS)
def test_a_function_lists_every_package_that_it_imports(function):
    """What a function may import comes with the packages of its list."""
    there = {
        module
        for package in with_dependencies(set(_listed(function)))
        for module in modules_of(package)
    }

    assert set() == third_party(function) - there


@pytest.mark.parametrize("function", SERVERS)
def test_a_function_lists_no_package_that_it_does_not_import(function):
    """A package that nobody imports only makes the function larger."""
    imported = third_party(function)

    assert [] == [
        package for package in _listed(function) if modules_of(package).isdisjoint(imported)
    ]


def _listed(function: str) -> dict[str, str]:
    return pins(ROOT / "functions" / function / "requirements.in")


def _python(code: str, argument: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code, argument],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
