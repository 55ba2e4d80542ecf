"""What doctor lists: everything at once, each with the command that mends it."""

import json
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.rehearsal import alone, complete

PLACE = ("--project", "demo-proj", "--region", "us-central1")
HOME = "projects/demo-proj/locations/us-central1"
ACCOUNT = "projects/demo-proj/serviceAccounts/vividly-{}@demo-proj.iam.gserviceaccount.com"
# A gcloud of an empty project that may not list topics, and answers the rest as it stands here.
ANSWERS = """#!/bin/sh
case "$*" in
version*) echo 999.0.0 ;;
auth*) echo me ;;
"billing projects describe"*) echo "$PAYS" ;;
"run regions list"*) echo us-central1 ;;
"beta quotas info describe"*) echo "us-central1,$MAY" ;;
"pubsub topics list"*) echo "PERMISSION_DENIED: you may not see them" >&2; exit 1 ;;
"projects describe"*) echo 123456789012 ;;
esac
"""


@pytest.fixture(scope="module")
def examine(tree, tmp_path_factory):
    """Run doctor on an empty project; gives its code and what it found."""
    folder = tmp_path_factory.mktemp("gcloud")
    (folder / "gcloud").write_text(ANSWERS)
    (folder / "gcloud").chmod(0o755)
    place = f"{folder}:{Path(sys.executable).parent}:/usr/bin:/bin"

    def run(*words, ahead_s=0, **variables):
        with a_clock(ahead_s) as base:
            variables["CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER"] = base
            done = alone(tree, "doctor", "--json", *PLACE, *words, PATH=place, **variables)
        return done.returncode, json.loads(done.stdout)

    return run


@pytest.fixture(scope="module")
def empty(examine):
    """Give what is found in an empty project that somebody pays for."""
    return examine(PAYS="True", MAY="1000000")


@pytest.fixture(scope="module")
def wrong(examine, tree):
    """Give what is found where everything around the pipeline is wrong as well."""
    file = tree / "ops" / "env" / "staging.env"
    file.parent.mkdir(exist_ok=True)
    file.write_text("FILM_SHAPE=round\nAUTHOR=gemini\nGEMINI_MODELS=gemini-9\n")
    yield examine("--env", "staging", ahead_s=90, PAYS="False", MAY="20000")
    file.unlink()


class a_clock:  # noqa: N801 - read as a phrase
    """A server whose clock is behind ours; gives its address."""

    def __init__(self, ahead_s):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_error(404)

            def date_time_string(self, _=None):
                return formatdate(time.time() - ahead_s, usegmt=True)

            def log_message(self, *_):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def test_what_may_not_be_looked_at_hides_nothing(empty):
    """What comes after it is listed all the same, and it is not called healthy."""
    code, found = empty
    (topics,) = (one for one in found if one["step"] == "topics")

    assert 1 == code
    assert topics["said"].endswith("PERMISSION_DENIED: you may not see them")
    assert {"APIs", "buckets", "function status", "tick"} <= {one["step"] for one in found}


def test_everything_that_is_missing_has_its_command(empty):
    """Of an empty project: what makes it, ready to be typed."""
    commands = {one["command"] for one in empty[1] if not one["said"]}

    assert len(commands) > 100
    assert {"gcloud"} == {one.partition(" ")[0] for one in commands}


@pytest.mark.parametrize(
    ("step", "said", "command"),
    [
        ("clock", "s ahead of Google's", "timedatectl"),
        ("settings", "FILM_SHAPE is 'round'", "vi ops/env/staging.env"),
        ("settings", "gemini-9 is not in", "vi ops/env/staging.env"),
        ("billing", "no billing account", "gcloud billing projects link demo-proj"),
        ("quota", "allows 20", "gcloud beta quotas preferences create"),
    ],
)
def test_what_is_wrong_around_the_pipeline(empty, wrong, step, said, command):
    """Told in a sentence with what mends it; not told where it is right."""
    told = [one for one in wrong[1] if one["step"] == step and said in one["said"]]

    assert [] == [one for one in empty[1] if one["step"] == step]
    assert ([True], 1) == ([command in one["command"] for one in told], len(told)), wrong


# What is taken away or changed in a project that runs, with the step and the command that tell it.
DRIFTS = {
    "an API": ("APIs", "gcloud services enable vpcaccess.googleapis.com"),
    "an account": ("service accounts", "gcloud iam service-accounts create vividly-library "),
    "a role of ours": ("roles", "gcloud iam roles create vividlyPredict "),
    "a grant": ("access", "roles/eventarc.eventReceiver"),
    "a topic": ("topics", "gcloud pubsub topics create ingest-dead "),
    "a topic's days": ("topics", "gcloud pubsub topics update script-requested "),
    "a dead letter's days": ("topics", "gcloud pubsub subscriptions update script-dead-pull "),
    "a subscription": ("subscriptions", "subscriptions update eventarc-us-central1-vividly-ingest"),
    "a bucket": ("buckets", "gcloud storage buckets create gs://demo-proj-oer "),
    "a bucket that is public": ("buckets", "gcloud storage buckets update gs://demo-proj-scenes "),
    "a time to live": ("Firestore", "gcloud firestore fields ttls update expires_at "),
    "a database user": ("database", "gcloud sql users create vividly-status@demo-proj.iam "),
    "protection": ("Cloud SQL", "gcloud sql instances patch vividly --deletion-protection"),
    "a migration": ("migrations", "gcloud run jobs execute vividly-migrate "),
    "a function": ("function library", "gcloud functions deploy vividly-library "),
    "a function's size": ("function render", "gcloud functions deploy vividly-render "),
    "a trigger": ("triggers of repair", "gcloud eventarc triggers create vividly-repair-ingest-"),
    "an invoker": ("invokers", "services add-iam-policy-binding vividly-status "),
    "the tick": ("tick", "gcloud scheduler jobs resume vividly-tick "),
    "the traffic": ("traffic", "gcloud run services update-traffic vividly-finalize "),
    "a metric": ("metrics", "gcloud logging metrics create vividly/test "),
    "an alert": ("alert policies", "gcloud alpha monitoring policies update "),
    "the quota": ("quota", "gcloud beta quotas preferences create "),
    "the bill": ("billing", "gcloud billing projects link demo-proj "),
    "the clock": ("clock", "timedatectl"),
}


@pytest.fixture(scope="module")
def healthy(whole):
    """Give what doctor says of a project that was just deployed."""
    return whole.run("doctor")


@pytest.fixture(scope="module")
def sick(whole, healthy):
    """Give what doctor says of it after all of this happened to it at once."""
    project = whole.project
    there = project.resources
    project.enabled.discard("vpcaccess.googleapis.com")
    for lost in (
        f"iam:{ACCOUNT.format('library')}",
        "iam:projects/demo-proj/roles/vividlyPredict",
        "pubsub:projects/demo-proj/topics/ingest-dead",
        "storage:b/demo-proj-oer",
        f"cloudfunctions:{HOME}/functions/vividly-library",
        f"eventarc:{HOME}/triggers/vividly-library-222",  # which goes with its function
        "pubsub:projects/demo-proj/subscriptions/eventarc-us-central1-vividly-library-222-sub-111",
        f"eventarc:{HOME}/triggers/vividly-repair-ingest-dead",
        (
            "pubsub:projects/demo-proj/subscriptions/"
            "eventarc-us-central1-vividly-repair-ingest-dead-sub-111"
        ),  # which goes with its trigger
        "logging:projects/demo-proj/metrics/vividly%2Ftest",
    ):
        del there[lost]
    named(there, "pubsub:", "topics/script-requested")["messageRetentionDuration"] = "60s"
    named(there, "pubsub:", "subscriptions/script-dead-pull")["messageRetentionDuration"] = "60s"
    named(there, "pubsub:", "vividly-ingest-222-sub-111")["ackDeadlineSeconds"] = 10
    named(there, "storage:b/", "-scenes")["iamConfiguration"]["publicAccessPrevention"] = (
        "inherited"
    )
    del there[next(one for one in there if one.endswith("/fields/expires_at"))]
    del there[next(one for one in there if "users/vividly-status" in one)]
    named(there, "sql:", "instances/vividly")["settings"]["deletionProtectionEnabled"] = False
    job = named(there, "run:namespaces", "jobs/vividly-migrate")
    job["status"]["latestCreatedExecution"]["completionStatus"] = "EXECUTION_FAILED"
    render = named(there, "cloudfunctions:", "functions/vividly-render")
    render["serviceConfig"]["availableMemory"] = "512Mi"
    named(there, "cloudscheduler:", "vividly-tick")["state"] = "PAUSED"
    service = named(there, "run:namespaces", "services/vividly-finalize")
    service["status"]["traffic"] = [{"revisionName": "vividly-finalize-00001-abc", "percent": 100}]
    next(one for one in there.values() if one.get("displayName") == "Test")["userLabels"] = {
        "app": "vividly", "source": "older",
    }  # fmt: skip
    without(project, "eventarc.eventReceiver", "services/vividly-status")
    project.processors, project.pays, project.behind_s = 20, False, 300
    code, said = whole.run("doctor", "--json")
    return code, json.loads(said)


def named(there, begins, ends):
    """Give the resource whose name begins and ends so."""
    (found,) = (one for key, one in there.items() if key.startswith(begins) and key.endswith(ends))
    return found


def without(project, role, service):
    """Take a role from the project, and everybody from a service."""
    for key, policy in project.policies.items():
        kept = [one for one in policy.get("bindings", ()) if not one["role"].endswith(role)]
        policy["bindings"] = [] if key.endswith(service) else kept


@complete
def test_nothing_is_missing_after_a_deployment(healthy):
    """Doctor and deployment agree on what is right."""
    assert (0, True) == (healthy[0], "Nothing is missing" in healthy[1]), healthy[1]


@complete
@pytest.mark.parametrize("drift", DRIFTS)
def test_whatever_is_missing_or_has_drifted_is_listed(sick, drift):
    """All of it at once, each with its step and the command that mends it."""
    code, found = sick
    step, command = DRIFTS[drift]

    assert 1 == code
    assert [one for one in found if one["step"] == step and command in one["command"]], found


@complete
def test_a_deployment_mends_what_doctor_lists(whole, sick):
    """Once somebody pays again, the clock is right and the quota is raised."""
    project = whole.project
    project.processors, project.pays, project.behind_s = 1000, True, 0
    again = whole.run("--yes")
    forward = whole.run("shift", "100", "--yes")
    told = whole.run("doctor")

    assert (0, 0, 0) == (again[0], forward[0], told[0]), again[1] + forward[1] + told[1]
