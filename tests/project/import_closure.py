"""What a function imports, directly and through `shared`, read from the source without running it.

Imports inside functions count, those for type checkers alone do not.  The composition root is
followed only as far as the function's own code uses its ports.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shared.limits import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2]
WIRING = ROOT / "shared" / "wiring.py"
# Imported for functions that this one never calls: finalize reads plans with render's reader.
UNREACHED = {"finalize": {"shared.film.filming", "shared.film.voice"}}


def third_party(function: str) -> set[str]:
    """Name every module that a function may import and that is neither ours nor Python's."""
    files = _files(function)
    ports = {port for file in files for port in _ports(file, function)}
    names = {name for file in files for name in _imports(_tree(file))}
    wired = _wired(ports) - UNREACHED.get(function, set())
    reached = [file for name in wired for file in _with_all_below(name, function)]
    names |= wired | {name for file in reached for name in _imports(_tree(file))}
    return {name for name in names if not _is_ours(name) and not _is_pythons(name)}


def pins(file: Path) -> dict[str, str]:
    """Read a list of requirements as {package: pinned version}."""
    lines = (line.partition("#")[0].strip() for line in file.read_text().splitlines())
    return {
        canonicalize_name(package): version
        for package, _, version in (line.partition("==") for line in lines if line)
    }


def with_dependencies(packages: set[str]) -> set[str]:
    """Add what these packages require, and what that requires."""
    known: set[tuple[str, str]] = set()
    waiting = [(package, "") for package in packages]
    while waiting:
        one = waiting.pop()
        if one not in known:
            known.add(one)
            waiting += _required(*one)
    return {package for package, _ in known}


@cache
def modules_of(package: str) -> frozenset[str]:
    """Name every module that an installed package brings."""
    return frozenset(
        str(file).split(".")[0].removesuffix("/__init__").replace("/", ".")
        for file in distribution(package).files or ()
        if file.suffix in (".py", ".so", ".pyd")
    )


def _required(package: str, extra: str) -> Iterator[tuple[str, str]]:
    for text in distribution(package).requires or ():
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
            name = canonicalize_name(wanted.name)
            yield from ((name, more) for more in ("", *wanted.extras))


def _files(function: str) -> set[Path]:
    main = ROOT / "functions" / function / "main.py"
    return {main}.union(*(_with_all_below(name, function) for name in _imports(_tree(main))))


def _with_all_below(name: str, function: str) -> set[Path]:
    """Give the files of a module of ours and of all that it imports."""
    found: set[Path] = set()
    waiting = [name]
    while waiting:
        file = _file(waiting.pop())
        if file is not None and file not in found:
            found.add(file)
            waiting += _imports(_tree(file)) - UNREACHED.get(function, set())
    return found


def _imports(tree: ast.AST) -> set[str]:
    """Name what a piece of code imports; the composition root's own functions are left out."""
    return {name for node in _walk(tree) for name in _imported(node)}


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    yield tree
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ClassDef) and node.name == "CloudServices":
            continue
        yield from _walk(node)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module not in (None, "__future__"):
        inside = [f"{node.module}.{alias.name}" for alias in node.names]
        return [str(node.module), *(name for name in inside if _file(name))]
    return []


def _ports(file: Path, function: str) -> set[str]:
    """Name the ports that a file uses, as `services.PORT` or `self.services.PORT`."""
    used = {
        node.attr
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("services")
    }
    return used if FUNCTIONS[function].keeps_records else used - {"records", "library"}


def _wired(ports: set[str]) -> set[str]:
    """Name what the composition root imports for these ports."""
    root = next(
        node
        for node in ast.walk(_tree(WIRING))
        if isinstance(node, ast.ClassDef) and node.name == "CloudServices"
    )
    methods = {node.name: node for node in root.body if isinstance(node, ast.FunctionDef)}
    called = {
        node.attr
        for port in ports & methods.keys()
        for node in ast.walk(methods[port])
        if isinstance(node, ast.Attribute) and node.attr in methods
    }
    return {name for port in (ports & methods.keys()) | called for name in _imports(methods[port])}


def _file(name: str) -> Path | None:
    if not _is_ours(name):
        return None
    place = ROOT / name.replace(".", "/")
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in candidates if file.exists()), None)


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == "shared"


def _is_pythons(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names
