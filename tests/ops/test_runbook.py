"""The runbook: each alert has its section, each command is one that exists and is run here."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from local import ask
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.ops.__main__ import main
from tests.deploy.rehearsal import sdk_folder, sdk_python
from tests.fakes.vertex_server import FakeVertex
from tests.ops.given import body, dead
from tests.ops.runbook import BLOCK, TEXT, anchors, commands, kind, of, section, words_of
from tests.project.import_closure import ROOT
from tests.stack.conftest import made_home
from tests.stack.home import until

ALERTS = [
    *("dead-letters", "queue-age", "backlog", "oldest-open-request", "nothing-completed"),
    *("stage-failures", "parked-work", "repair-silent", "instances-at-limit"),
    *("database-connections", "database-disk", "model-throttled", "canary-failed"),
    *("slo-fast-burn", "slo-slow-burn", "spend-a-day", "deploy-drift"),
]
CHORES = [
    "on-call",
    "rollback",
    "rotation-of-secrets",
    "export-a-students-data",
    "delete-a-students-data",
]
JUDGE = ROOT / "tests/deploy/judge.py"


@pytest.fixture(scope="module")
def stack():
    """Give the variables of a local cloud that runs."""
    with made_home() as home, FakeVertex() as vertex:
        home.up()
        environment = home.run("env", "--json").decoded
        yield environment | {"VERTEX_EMULATOR_HOST": vertex.url}


@pytest.fixture(scope="module")
def real(stack):
    """Make what the page talks of: a request of a student, and dead letters of another one."""
    asked, student = str(uuid.uuid4()), "runbook-student"
    with closing(Postgres(stack["DATABASE_URL"])) as postgres:
        records = SqlRecords(postgres)
        for message, reason in (("m-17", "attempts-used-up"), ("m-18", "time-used-up")):
            request_id = str(uuid.uuid4())
            named = {"reason": reason, "body": body(request_id), "request_id": request_id}
            records.dead_letter(dead(message, **named))
        ask.send(stack, [body(asked, student_id=student)])
        look = "select 1 from content_requests where id = %s and status <> 'accepted'"
        until(lambda: postgres.alone(lambda sql: sql.one(look, asked)), "the request has its end")
    return {"request": asked[:13], "letter": "ingest/m-17", "student": student}


@pytest.mark.parametrize("anchor", [*ALERTS, *CHORES])
def test_each_alert_has_its_section(anchor):
    """An alert's link ends where somebody wrote what to do."""
    assert 1 == anchors().count(anchor)


@pytest.mark.parametrize("anchor", ALERTS)
def test_a_section_says_what_it_means_and_how_to_see_and_mend_it(anchor):
    """With at least one command to copy."""
    text = section(anchor).lower()

    assert [] == [part for part in ("**means**", "**see it**", "**mend it**") if part not in text]
    assert "```sh" in text


def test_every_link_of_the_page_leads_somewhere():
    """Within the page, and to the docs."""
    links = re.findall(r"\]\(([^)]+)\)", TEXT)

    assert [] == [link for link in links if not _leads(link)]


def test_every_block_is_one_of_commands():
    """A block of another language would be judged by nobody."""
    assert TEXT.count("```") == 2 * len(BLOCK.findall(TEXT))


@pytest.mark.parametrize("command", commands())
def test_each_command_is_of_a_kind_that_a_test_judges(command):
    """What belongs to none would be a promise that nobody keeps."""
    assert kind(command)


def test_a_command_of_no_kind_is_found():
    """The test above can fail."""
    assert "" == kind("kubectl get pods")


def test_the_operators_commands_run_on_the_local_cloud(stack, real, monkeypatch, capsys, tmp_path):
    """Each of them, in the order of the page; none is a mistake."""
    for name, text in stack.items():
        monkeypatch.setenv(name, text)
    monkeypatch.chdir(tmp_path)
    ended = {}
    for command in of("ops"):
        words, _, file = " ".join(words_of(command, **real)).partition(" > ")
        try:
            ended[command] = main(shlex.split(words) if file else words_of(command, **real))
        except SystemExit as refused:  # the parser's own way to refuse
            ended[command] = refused.code
        printed = capsys.readouterr().out
        if file:
            (tmp_path / file).write_text(printed, "utf-8")
    with capsys.disabled():
        sys.stdout.writelines(f"\nended {code}: {command}" for command, code in ended.items())

    assert [] == [command for command, code in ended.items() if code not in (0, 1)]
    assert len(ended) >= 20


def test_the_deployments_commands_are_understood(tmp_path):
    """Up to the moment at which the cloud is asked, or with --dry-run to their end."""
    (tmp_path / "python3").symlink_to(Path(sys.executable).resolve())
    for name in ("bash", "git", "dirname", "mktemp", "rm"):
        (tmp_path / name).symlink_to(shutil.which(name))
    said = {command: _deployed(command, tmp_path) for command in of("deploy")}

    assert [] == [command for command, words in said.items() if words]
    assert len(said) >= 8


def test_gcloud_understands_its_commands(tmp_path):
    """By the installed SDK's own parser, a mistake among them."""
    found = sdk_folder()
    if found is None:
        pytest.skip("no Google Cloud SDK here: put gcloud on the path, and this runs")
    words = [words_of(command) for command in of("gcloud")]
    answer = subprocess.run(
        [sdk_python(found), JUDGE, found],
        cwd=tmp_path,
        input=json.dumps([*words, ["sql", "instances", "clone", "--tomorrow"]]),
        capture_output=True,
        text=True,
        check=True,
    )
    *faults, mistake = json.loads(answer.stdout)

    assert ([], True) == ([one for one in zip(words, faults, strict=True) if one[1]], bool(mistake))


def test_the_settings_exist():
    """What is exported is read by somebody."""
    names = [words_of(command)[0].partition("=")[0] for command in of("setting")]
    readers = ("shared/config.py", "deploy.sh")
    source = "".join((ROOT / reader).read_text("utf-8") for reader in readers)

    assert [] == [name for name in names if name not in source]


def test_make_knows_its_targets():
    """As `make -n` reads them."""
    for command in of("make"):
        subprocess.run(["make", "-n", *words_of(command)], cwd=ROOT, check=True, stdout=-3)


def _leads(link: str) -> bool:
    path, _, anchor = link.partition("#")
    page = (ROOT / "ops" / path) if path else ROOT / "ops/runbook.md"
    return page.exists() and (not anchor or anchor in anchors(page.read_text("utf-8")))


def _deployed(command: str, programs: Path) -> str:
    """Run deploy.sh where there is no gcloud; gives what it has against the command."""
    words = shlex.split(command)
    looks = any(word in words for word in ("doctor", "status", "--diff"))
    ran = subprocess.run(
        [*words, *([] if looks else ["--dry-run"])],
        cwd=ROOT,
        env={**os.environ, "PATH": str(programs)} if looks else None,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    came_to_the_cloud = "gcloud is missing" in ran.stderr
    return "" if came_to_the_cloud or (ran.returncode == 0 and not looks) else ran.stderr or "?"
