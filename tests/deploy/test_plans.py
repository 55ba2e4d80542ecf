"""What deploy.sh would do: as written down, as gcloud reads it, as the platform takes it."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.plans import GOLDEN, PLANS, gcloud_lines, plan
from tests.deploy.rehearsal import sdk_python
from tests.deploy.rules import RULES, faults

JUDGE = Path(__file__).parent / "judge.py"
WRITTEN = {file.stem: file.read_text("utf-8") for file in sorted(GOLDEN.glob("*.txt"))}
COMMANDS = [shlex.split(line)[1:] for text in WRITTEN.values() for line in gcloud_lines(text)]
DEPLOY = "functions deploy vividly-x --cpu=1 --memory=512Mi"
# What gcloud does not understand, with a word of its answer.
MISTAKES = {
    "pubsub topics creat x": "unknown word",
    "pubsub topics": "not a command",
    "pubsub topics create x --mesage-retention-duration=7d": "unrecognized",
    "pubsub subscriptions create x": "--topic",
    "pubsub subscriptions update x --max-delivery-attempts=200": "100",
    "pubsub subscriptions update x --max-retry-delay=900s": "600",
    "functions deploy x --gen2 --trigger-http --trigger-topic=y": "trigger",
    "monitoring policies list": "unknown word",
}
# What gcloud would take, each breaking one of our rules.
REFUSED = {
    f"{DEPLOY} --timeout=900s": "540 s",
    "pubsub subscriptions update x --ack-deadline=900": "600 s",
    "functions deploy vividly-x --cpu=1 --memory=512Mb": "decimal",
    "functions deploy vividly-x --memory=512Mi": "cpu",
    "functions deploy vividly-x --cpu=0.5 --memory=512Mi --concurrency=8": "whole cpu",
    f"{DEPLOY} --trigger-http --retry": "only events",
    f"{DEPLOY} --trigger-topic=a --trigger-topic=b --retry": "one trigger",
    f"{DEPLOY} --trigger-topic=a": "tried once",
    "pubsub subscriptions update x --max-delivery-attempts=20": "at once",
    f"{DEPLOY} --runtime=python39": "runtime",
    "iam service-accounts create vividly-a-name-that-is-far-too-long": "30",
    "sql users create x --password=secret": "secret",
    "logging metrics create x --config-from-file=/dev/fd/63": "file",
    f"{DEPLOY} --update-labels=git=a.b": "label",
    "projects add-iam-policy-binding p --member=m --role=r": "--condition",
}


@pytest.fixture(scope="module")
def watched(observed):
    """Give the commands for metrics, alerts, dashboards and a budget, whatever files there are."""
    words = ("--only", "observability", "--env", "prod", "--alert-email", "us@example.org")
    place = ("--project", "demo-proj", "--region", "us-central1", "--dry-run", "--budget", "200")
    said = subprocess.run(
        ["./deploy.sh", *place, *words], cwd=observed, capture_output=True, text=True, check=True
    )
    return [shlex.split(line)[1:] for line in gcloud_lines(said.stdout)]


@pytest.fixture(scope="module")
def judged(sdk, observed, watched):
    """Give each command of ours, then each mistake, with the fault that the parser finds."""
    commands = [*COMMANDS, *watched, *(text.split() for text in MISTAKES)]
    answer = subprocess.run(
        [sdk_python(sdk), JUDGE, sdk],
        cwd=observed,
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=True,
    )
    return list(zip(commands, json.loads(answer.stdout), strict=True))


@pytest.mark.parametrize("name", PLANS)
def test_a_dry_run_is_what_is_written_down(name, tree):
    """A change of the plan is seen in review; `make plans` writes it down."""
    assert WRITTEN[name] == plan(name, tree)


def test_a_dry_run_asks_nobody(deploy_sh, tmp_path):
    """Not even gcloud has to be there."""
    for program in ("bash", "git", "env", "mktemp", "rm", "cat", "dirname", "grep"):
        (tmp_path / program).symlink_to(shutil.which(program))
    (tmp_path / "python3").symlink_to(Path(sys.executable).resolve())

    done = deploy_sh("--project", "demo-proj", "--region", "europe-west4", "--dry-run",
                     PATH=str(tmp_path))  # fmt: skip

    assert (0, "") == (done.returncode, done.stderr)


def test_gcloud_understands_every_command(judged, watched):
    """Each word, flag, range and exclusion, judged by the parser of the installed SDK."""
    own = judged[: -len(MISTAKES)]

    assert {} == {" ".join(words): fault for words, fault in own if fault}
    assert (True, 5) == (len(own) > 150, len(watched))


def test_gcloud_refuses_what_is_wrong(judged):
    """The test above can fail: each mistake is found, and named."""
    wrong = judged[-len(MISTAKES) :]

    assert [] == [
        (words, fault)
        for (words, fault), part in zip(wrong, MISTAKES.values(), strict=True)
        if not fault or part not in fault
    ]


@pytest.mark.parametrize("name", WRITTEN)
def test_no_command_breaks_a_rule(name):
    """What gcloud lets through and the platform does not."""
    lines = [shlex.split(line)[1:] for line in gcloud_lines(WRITTEN[name])]

    assert {} == {" ".join(words): found for words in lines if (found := faults(words))}


@pytest.mark.parametrize("text", REFUSED)
def test_each_rule_is_broken_by_its_bad_line(text):
    """Exactly one rule, the one that is meant."""
    found = faults(text.split())

    assert (1, True) == (len(found), REFUSED[text] in found[0])


def test_each_rule_has_a_bad_line():
    """None is there that was never seen to fail."""
    fired = {
        rule.__name__
        for text in REFUSED
        for rule in RULES
        if faults(text.split()) == [rule(text.split(), flags_of(text))]
    }

    assert {rule.__name__ for rule in RULES} == fired


def test_prod_has_a_database_that_outlives_a_zone(deploy_sh):
    """The one size that differs between environments."""
    words = ("--project", "demo-proj", "--region", "us-central1", "--dry-run", "--only", "infra")
    said = {env: deploy_sh(*words, "--env", env).stdout for env in ("dev", "prod")}

    assert (False, True) == tuple("--availability-type=regional" in said[one] for one in said)


def flags_of(text):
    """Read a command's flags as `faults` does."""
    flags = {}
    for word in text.split():
        if word.startswith("--"):
            name, _, value = word.partition("=")
            flags.setdefault(name, []).append(value)
    return flags
