"""What is installed is what the lists ask for, to the byte; `make lock` makes it so."""

import re
from pathlib import Path

import pytest

from tests.project.import_closure import ROOT, pins, with_dependencies

WHOLE = ROOT / "ops/supply/all.in"
DEPLOYED = [
    *sorted((ROOT / "functions").glob("*/requirements.in")),
    ROOT / "ops/deploy/migrate/requirements.in",
]
LISTS = [WHOLE, *DEPLOYED, ROOT / "ops/supply/requirements.in"]
LOCKED = re.compile(r"^([\w.-]+)==([^\s;]+)((?:.*\\\n)*.*)", re.MULTILINE)


def lock_of(file: Path) -> Path:
    """Name the lock of a list: that of the whole is what a clone installs."""
    return ROOT / "requirements.txt" if file == WHOLE else file.with_suffix(".txt")


def locked(file: Path) -> dict[str, tuple[str, set[str]]]:
    """Read the lock of a list as {package: (version, hashes)}."""
    text = lock_of(file).read_text("utf-8")
    return {
        name: (version, set(re.findall("--hash=sha256:([0-9a-f]{64})", rest)))
        for name, version, rest in LOCKED.findall(text)
    }


def named(file):
    """Name a list by its path."""
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", LISTS, ids=named)
def test_a_lock_has_what_its_list_asks_for(file):
    """A list that was changed without `make lock` is not what is installed."""
    versions = {name: version for name, (version, _) in locked(file).items()}

    assert pins(file).items() <= versions.items(), "make lock"


@pytest.mark.parametrize("file", LISTS, ids=named)
def test_every_package_of_a_lock_has_hashes(file):
    """One without would make pip refuse all, or take whatever it is given."""
    lock = locked(file)

    assert lock
    assert [] == [name for name, (_, hashes) in lock.items() if not hashes]


@pytest.mark.parametrize("file", DEPLOYED, ids=named)
def test_what_is_deployed_is_what_was_tested(file):
    """The same versions from the same files as the tests run with."""
    own, whole = locked(file), locked(WHOLE)

    assert [] == [name for name in own if own[name] != whole.get(name)]


@pytest.mark.parametrize("file", DEPLOYED, ids=named)
def test_a_lock_brings_all_that_its_list_needs(file):
    """A package that is needed and not locked would stop the build."""
    assert set() == with_dependencies(set(pins(file))) - locked(file).keys()


@pytest.mark.parametrize("file", LISTS, ids=named)
def test_a_lock_names_no_index(file):
    """Whoever installs chooses where from."""
    text = lock_of(file).read_text("utf-8")

    assert [] == re.findall(r"\w+://\S+|^--?\w.*", text, re.MULTILINE)


def test_no_lock_is_without_its_list():
    """Every list that is installed was made from one that people write."""
    folders = ("functions", "ops")
    made = {one for folder in folders for one in (ROOT / folder).rglob("requirements.txt")}

    assert set(map(lock_of, LISTS)) == made | {ROOT / "requirements.txt"}
