"""What the deployment's tests share: the SDK, a copy of the tree, a rehearsal with real gcloud."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.rehearsal import ALL, Rehearsal, alone, sdk_folder, served
from tests.project.import_closure import ROOT

PARTS = ("deploy.sh", "ops", "shared", "functions", "migrations", "local")


@pytest.fixture(scope="session")
def sdk() -> Path:
    """Give the folder of the Google Cloud SDK; one that is there but broken fails."""
    found = sdk_folder()
    if found is None:
        pytest.skip("no Google Cloud SDK here: put gcloud on the path, and this runs")
    return found


@pytest.fixture(scope="session")
def tree(tmp_path_factory) -> Path:
    """Give a committed copy of what a deployment needs, which nobody edits meanwhile."""
    folder = tmp_path_factory.mktemp("tree")
    for part in PARTS:
        if (ROOT / part).is_file():
            shutil.copy(ROOT / part, folder / part)
        else:
            unneeded = shutil.ignore_patterns("__pycache__", "*.env")
            shutil.copytree(ROOT / part, folder / part, ignore=unneeded)
    (folder / ".gitignore").write_text("build/\n__pycache__/\n")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Commit whatever is there."""
    identity = ("-c", "user.name=Test", "-c", "user.email=test@localhost")
    for words in (("add", "-A"), (*identity, "commit", "-q", "-m", "All")):
        subprocess.run(["git", *words], cwd=folder, check=True)


@pytest.fixture(scope="session")
def observed(tree):
    """Give a tree with one metric, one alert and one dashboard."""
    for folder, content in {
        "metrics": {"name": "vividly/test", "filter": "x", "description": "y"},
        "policies": {"displayName": "Test", "combiner": "OR", "userLabels": {"app": "vividly"}},
        "dashboards": {"displayName": "Test", "gridLayout": {}},
    }.items():
        (tree / "ops" / folder).mkdir(exist_ok=True)
        for file in (tree / "ops" / folder).glob("*.json"):
            file.unlink()
        (tree / "ops" / folder / "test.json").write_text(json.dumps(content))
    commit(tree)
    return tree


@pytest.fixture(scope="session")
def gcloud(sdk, tmp_path_factory):
    """Give the variables under which `gcloud` is real, and quick to start."""
    with served(sdk, tmp_path_factory.mktemp("gcloud")) as environment:
        yield environment


@pytest.fixture
def rehearsal(gcloud, tree):
    """Give deploy.sh, real gcloud and a small control plane, all on this machine."""
    with Rehearsal(gcloud, tree) as ready:
        yield ready


@pytest.fixture(scope="module")
def whole(gcloud, observed):
    """Give everything, deployed once into an empty project."""
    with Rehearsal(gcloud, observed) as rehearsal:
        code, said = rehearsal.run(*ALL)
        assert (0, []) == (code, rehearsal.project.unknown), said
        yield rehearsal


@pytest.fixture
def deploy_sh(tree):
    """Run deploy.sh where no gcloud may be asked; gives what it said and its code."""

    def run(*words, **variables):
        return alone(tree, *words, **variables)

    return run
