"""What others own, and what an earlier run left half done: a sentence, or mended."""

import sys
from pathlib import Path

import pytest

from tests.deploy.rehearsal import alone

PLACE = ("--project", "demo-proj", "--region", "us-central1", "--yes", "--only", "infra")
# A gcloud of an empty project that writes down what it is told to change.
GCLOUD = """#!/bin/sh
echo "$*" >>"$SAID"
case "$*" in
version*) echo 999.0.0 ;;
auth*) echo me ;;
"projects describe"*) echo 123456789012 ;;
"run regions list"*) echo us-central1 ;;
"compute networks vpc-access connectors list"*) echo "$CONNECTORS" ;;
"storage buckets create gs://taken "*)
    echo "HTTPError 409: The requested bucket name is not available." >&2; exit 1 ;;
esac
"""


@pytest.fixture
def infra(tree, tmp_path):
    """Deploy what stands still with that gcloud; gives the end of it and the commands."""
    (tmp_path / "gcloud").write_text(GCLOUD)
    (tmp_path / "gcloud").chmod(0o755)
    said = tmp_path / "said"

    def run(**variables):
        place = f"{tmp_path}:{Path(sys.executable).parent}:/usr/bin:/bin"
        settings = {"PATH": place, "SAID": str(said), "PAUSE_S": "0", "CONNECTORS": "", **variables}
        done = alone(tree, *PLACE, **settings)
        return done, said.read_text("utf-8").splitlines()

    return run


def test_a_bucket_of_somebody_else(infra):
    """The step, and the variable that names another; what came before it is done."""
    done, said = infra(OER_BUCKET="taken")

    assert 1 == done.returncode
    assert 'stopped in the step "buckets"' in done.stderr
    assert "where one is taken, set GENERATED_BUCKET, OER_BUCKET" in done.stderr
    assert "give the same command again" in done.stderr
    assert any(one.startswith("iam service-accounts create vividly-ingest") for one in said)


def test_another_name_for_it(infra):
    """The same command with that variable goes to its end."""
    done, said = infra(OER_BUCKET="ours-alone")

    assert 0 == done.returncode, done.stderr
    assert any(one.startswith("storage buckets create gs://ours-alone ") for one in said)


def test_a_connector_that_could_not_be_made(infra):
    """It stays as an error, and its name with it: it goes before it is made again."""
    done, said = infra(CONNECTORS="vividly,ERROR")
    about = [one.split()[4] for one in said if one.startswith("compute networks vpc-access")]

    assert (0, ["list", "delete", "create"]) == (done.returncode, about), done.stderr
