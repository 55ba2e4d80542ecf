"""Who may do what: least privilege, and enough of it."""

import ast
import json
import re
from pathlib import Path

import pytest

from local.topology import PIPELINE
from shared.limits import FUNCTIONS
from tests.project.import_closure import ROOT, pins

TABLE = ROOT / "ops" / "deploy" / "access.tsv"
GRANTS = [
    tuple(line.split("\t"))
    for line in TABLE.read_text("utf-8").splitlines()
    if not line.startswith("#")
]
# What reaches a whole project without a condition, each with its reason.
PROJECT_WIDE = {
    ("script", "projects/PROJECT/roles/vividlyPredict"),  # models are in no project of ours
    ("library", "projects/PROJECT/roles/vividlyPredict"),
    ("render", "projects/PROJECT/roles/vividlyPredict"),  # nor are voices
    ("render", "roles/serviceusage.serviceUsageConsumer"),  # speech is billed to the project
    ("trigger", "roles/eventarc.eventReceiver"),  # Eventarc knows no smaller place
    ("build", "roles/logging.logWriter"),  # a log is the project's
    ("agent:storage", "roles/pubsub.publisher"),  # storage events need it, the vendor says
}
PUBLISHED = {  # by each function, besides its own dead topic
    "ingest": {"script-requested", "content-completed"},
    "script": {"scene-requested", "content-completed"},
    "render": set(),
    "finalize": {"content-completed"},
    "library": set(),
    "repair": {"content-requests", "script-requested", "scene-requested", "content-completed"},
    "status": set(),
}


def test_each_grant_has_five_fields():
    """Account, kind, resource, role and condition, none of them twice."""
    assert {5} == {len(grant) for grant in GRANTS}
    assert len(GRANTS) == len(set(GRANTS))


def test_nothing_reaches_a_project_without_a_reason():
    """Every other grant is on one resource, or has a condition."""
    wide = {
        (who, role) for who, kind, _, role, limit in GRANTS if (kind, limit) == ("project", "-")
    }

    assert PROJECT_WIDE == wide


def test_nobody_owns_anything():
    """No basic role, no administrator."""
    far = ("owner", "editor", "roles/viewer", "Admin", "admin")

    assert not [role for *_, role, _ in GRANTS if role.endswith(far)]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_publish_what_it_publishes(function):
    """Its events, and its own dead letters; nothing else."""
    dead = {one.dead_topic for one in PIPELINE.of(function)} - {None}
    granted = {topic for who, kind, topic, *_ in GRANTS if (who, kind) == (function, "topic")}

    assert PUBLISHED[function] | dead == granted


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_who_has_connections_may_connect(function):
    """A function without a pool has neither role nor user."""
    own = [
        role for who, kind, _, role, _ in GRANTS if who == function and kind in ("project", "sql")
    ]
    connects = [role for role in own if "sql" in role or role.endswith(("_rw", "_ro"))]

    assert (3 if FUNCTIONS[function].pool else 0) == len(connects)


def test_who_creates_also_views():
    """A conflict is read back, so create-only needs both."""
    held = {(who, bucket, role.rpartition(".")[2]) for who, kind, bucket, role, _ in GRANTS
            if kind == "bucket"}  # fmt: skip
    creating = {(who, bucket) for who, bucket, role in held if role == "objectCreator"}

    assert creating
    assert not [one for one in creating if (*one, "objectViewer") not in held]


def test_no_function_may_change_or_delete_an_object():
    """Objects are created once; their age takes them away."""
    roles = {role for _, kind, _, role, _ in GRANTS if kind == "bucket"}

    assert {"roles/storage.objectCreator", "roles/storage.objectViewer"} == roles


def test_the_migrations_run_on_the_functions_own_driver():
    """The same versions as everywhere else."""
    own = pins(ROOT / "ops" / "deploy" / "migrate" / "requirements.in")

    assert own.items() <= pins(ROOT / "ops/supply/all.in").items()


@pytest.mark.parametrize("file", sorted((ROOT / "ops/deploy/lifecycle").glob("*.json")),
                         ids=lambda file: file.stem)  # fmt: skip
def test_a_lifecycle_is_one_that_storage_takes(file):
    """Known actions and conditions only; the service alone would tell otherwise."""
    rules = json.loads(file.read_text("utf-8"))["rule"]

    assert rules
    for rule in rules:
        assert {"action", "condition"} == rule.keys()
        assert rule["action"]["type"] in ("Delete", "AbortIncompleteMultipartUpload")
        assert {"age"} == rule["condition"].keys()


def test_no_setting_of_an_environment_is_a_secret():
    """They stand in the repository, and in every function's settings."""
    files = sorted((ROOT / "ops" / "env").glob("*.env"))
    names = [line.partition("=")[0] for file in files for line in file.read_text().splitlines()]

    assert [] == [name for name in names if re.search("SECRET|PASSWORD|TOKEN|_KEY", name)]


def test_scenes_outlive_every_claim_and_letter():
    """A letter that is sent again late still finds the objects that its claim speaks of."""
    rules = json.loads((ROOT / "ops/deploy/lifecycle/scenes.json").read_text("utf-8"))["rule"]
    (days,) = (one["condition"]["age"] for one in rules if one["action"]["type"] == "Delete")
    numbers = limits()

    assert days == numbers["CLAIM_KEPT_DAYS"]
    assert numbers["SUBSCRIPTION_KEPT_DAYS"] < numbers["DEAD_KEPT_DAYS"] < days


def test_the_table_needs_nothing_but_python():
    """deploy.sh reads it before anything is installed."""
    tree = ast.parse(Path(ROOT / "shared/limits.py").read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {"__future__", "dataclasses"} == imported


def limits():
    """Read the numbers by name."""
    import shared.limits as found  # noqa: PLC0415 - as a table

    return vars(found)
