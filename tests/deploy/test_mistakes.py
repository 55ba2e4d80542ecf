"""What a person gets wrong is answered in one sentence, exit code 2, and changes nothing."""

import sys
from pathlib import Path

import pytest

PLACE = ("--project", "demo-proj", "--region", "us-central1")
WORDS = {
    "no project": ((), "--project"),
    "no region": (("--project", "demo-proj"), "--region"),
    "a value left out": (("--project", "--region", "us-central1"), "--project needs a value"),
    "a project's number": (("--project", "123456", "--region", "us-central1"), "not the id of"),
    "capitals": (("--project", "Demo-Proj", "--region", "us-central1"), "not the id of"),
    "a zone": (("--project", "demo-proj", "--region", "us-central1-a"), "not a region"),
    "an unknown environment": ((*PLACE, "--env", "production"), "dev staging prod"),
    "an unknown part": ((*PLACE, "--only", "function"), "infra migrate functions"),
    "an unknown function": ((*PLACE, "--function", "rendr", "--dry-run"), "ingest script render"),
    "an unknown flag": ((*PLACE, "--dryrun"), "there is no --dryrun"),
    "an unknown command": (("deply", *PLACE), "doctor, status, release, shift, canary"),
    "a function of another part": ((*PLACE, "--only", "infra", "--function", "render"), "--only"),
    "rollback of nothing": (("rollback", *PLACE), "which function"),
    "rollback of an unknown function": (("rollback", "rendr", "--dry-run", *PLACE), "no function"),
    "a shift of nothing": (("shift", *PLACE), "from 0 to 100"),
    "a shift of more than all": (("shift", "101", *PLACE), "from 0 to 100"),
    "lessons without number": (("canary", "--lessons", "some", *PLACE), "from 1 to 99"),
    "a release without canary": (("release", "--canary", "none", *PLACE), "by its canary"),
    "a release of a part": (("release", "--only", "functions", *PLACE), "of everything"),
    "destroy without a word": (("destroy", *PLACE), "--confirm demo-proj"),
    "destroy of another project": (("destroy", "--confirm", "other", *PLACE), "--confirm"),
    "no address": ((*PLACE, "--alert-email", "me"), "is an address"),
    "no number": ((*PLACE, "--budget", "lots"), "whole number"),
}
KNOWN = "version) echo 999.0.0 ;; auth) echo me ;;"
# What stands for gcloud, and what it brings out.
GCLOUDS = {
    "too old": ("echo 400.0.0", "too old"),
    "broken": ("exit 1", "too old"),
    "nobody logged in": ('[ "$1" = version ] && echo 999.0.0', "gcloud auth login"),
    "a project of others": (
        f'case "$1" in {KNOWN} *) echo "ERROR: you may not see it" >&2; exit 1 ;; esac',
        "cannot be reached (ERROR: you may not see it)",
    ),
    "nobody who pays": (
        f'case "$1" in {KNOWN} billing) echo False ;; *) echo 1 ;; esac',
        "gcloud billing projects link demo-proj --billing-account=ACCOUNT",
    ),
    "a region that is not there": (
        f'case "$1 $2" in "run regions") echo us-east1 ;; esac; case "$1" in {KNOWN} esac',
        "gcloud run regions list --project=demo-proj",
    ),
    "nobody to ask": (f'case "$1" in {KNOWN} esac', "--yes"),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_mistake_in_the_words(case, deploy_sh):
    """Told before anybody is asked."""
    words, part = WORDS[case]
    done = deploy_sh(*words)

    assert (2, True, 1) == (done.returncode, part in done.stderr, done.stderr.count("\n"))


@pytest.mark.parametrize("case", GCLOUDS)
def test_a_gcloud_that_cannot_work(case, deploy_sh, tmp_path):
    """Told before anything is changed, with what to do."""
    body, part = GCLOUDS[case]
    gcloud = tmp_path / "gcloud"
    gcloud.write_text(f"#!/bin/sh\n{body}\n")
    gcloud.chmod(0o755)
    done = deploy_sh(*PLACE, PATH=f"{tmp_path}:{Path(sys.executable).parent}:/usr/bin:/bin")

    assert (2, True, 1) == (done.returncode, part in done.stderr, done.stderr.count("\n"))


def test_no_gcloud(deploy_sh, tmp_path):
    """Says where to get it."""
    for program in ("bash", "git", "env", "mktemp", "rm", "cat", "dirname"):
        (tmp_path / program).symlink_to(f"/usr/bin/{program}")
    (tmp_path / "python3").symlink_to(Path(sys.executable).resolve())
    done = deploy_sh(*PLACE, PATH=str(tmp_path))

    assert (2, True) == (done.returncode, "cloud.google.com/sdk" in done.stderr)


def test_help(deploy_sh):
    """Tells every flag that is understood."""
    done = deploy_sh("--help")

    assert (0, "") == (done.returncode, done.stderr)
    for flag in ("--env", "--only", "--function", "--dry-run", "--diff", "--yes", "--confirm"):
        assert flag in done.stdout
