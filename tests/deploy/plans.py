"""The golden plans: what deploy.sh prints with --dry-run.

python -m tests.deploy.plans        writes them anew, after a change that is meant
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.project.import_closure import ROOT

GOLDEN = Path(__file__).parent / "golden"
PLACE = ("--project", "demo-proj", "--region", "us-central1", "--dry-run")
PLANS = {
    "infra": ("--only", "infra"),
    "migrate": ("--only", "migrate"),
    "functions": ("--only", "functions"),
    "canary": ("--only", "canary"),
    "one-function": ("--function", "finalize", "--env", "staging"),
    "shift": ("shift", "10"),
    "rollback": ("rollback", "render"),
    "destroy": ("destroy", "--confirm", "demo-proj", "--with-data"),
}


def plan(name: str, tree: Path = ROOT) -> str:
    """Print one plan; the commit, which differs each time, is left out."""
    words = ["./deploy.sh", *PLACE, *PLANS[name]]
    printed = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=True).stdout
    return re.sub(r"(git|COMMIT)=[0-9a-f]{40}(-changed)?", r"\1=commit", printed)


def gcloud_lines(text: str) -> list[str]:
    """Give the gcloud commands of a plan."""
    return [line for line in text.splitlines() if line.startswith("gcloud ")]


if __name__ == "__main__":
    for one in PLANS:
        (GOLDEN / f"{one}.txt").write_text(plan(one), "utf-8")
