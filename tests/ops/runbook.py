"""The runbook as a program reads it: its sections, its commands, and what each of them is."""

from __future__ import annotations

import re
import shlex

from tests.project.import_closure import ROOT

PAGE = ROOT / "ops/runbook.md"
TEXT = PAGE.read_text("utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What the page calls things, and the name under which a test makes them.
SHOWN = {"3f2a": "request", "ingest/m-17": "letter", "s-17": "student", "o-1": "organization"}
KINDS = {
    "ops": ("python", "-m", "shared.ops"),
    "deploy": ("./deploy.sh",),
    "gcloud": ("gcloud",),
    "setting": ("export",),
    "make": ("make",),
}


def anchors(text: str = TEXT) -> list[str]:
    """Give what a link to each section ends with."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return [re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def section(name: str, text: str = TEXT) -> str:
    """Give one section's text; empty where there is none."""
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return next((part for part in parts if anchors(f"# {part}")[:1] == [name]), "")


def commands(text: str = TEXT) -> list[str]:
    """List the commands of all blocks, in their order, each once."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def kind(command: str) -> str:
    """Say what kind of command it is; empty for one that no test can judge."""
    words = tuple(shlex.split(command, comments=True))
    return next((name for name, begins in KINDS.items() if words[: len(begins)] == begins), "")


def of(wanted: str) -> list[str]:
    """List the commands of a kind."""
    return [command for command in commands() if kind(command) == wanted]


def words_of(command: str, **real: str) -> list[str]:
    """Give a command's words without the program, with real names in the place of the shown."""
    words = shlex.split(command, comments=True)[len(KINDS[kind(command)]) :]
    return [real.get(SHOWN.get(word, ""), word) for word in words]
