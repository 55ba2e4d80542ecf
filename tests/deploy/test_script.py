"""deploy.sh and its parts are clean shell."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.import_closure import ROOT

SCRIPTS = [ROOT / "deploy.sh", *sorted((ROOT / "ops/deploy").glob("*.sh"))]
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_bash_can_read_it(script):
    """No part has a mistake that would only show when it runs."""
    read = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)

    assert "" == read.stderr


def test_shellcheck_has_nothing_to_say():
    """From the top, through every part that it sources."""
    words = [TOOLS / "shellcheck", "-x", "-a", "deploy.sh"]
    checked = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "" == checked.stdout + checked.stderr


def test_it_is_formatted():
    """As shfmt formats it."""
    words = [TOOLS / "shfmt", "-d", *SCRIPTS]
    checked = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "" == checked.stdout + checked.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_part_is_too_long_to_read(script):
    """As for modules."""
    assert len(script.read_text("utf-8").splitlines()) <= 300


def test_nothing_is_changed_but_through_the_choke_point():
    """Outside of `run`, gcloud is only asked."""
    lines = [line.strip() for script in SCRIPTS for line in script.read_text().splitlines()]
    direct = [line for line in lines if "gcloud " in line and "$(gcloud" in line]

    assert [] == [
        line
        for line in direct
        if not any(word in line for word in (" describe ", " list ", " version ", '"$@"'))
    ]
