"""The templates for CI: what GitHub and Cloud Build read, naming only what is there."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.deploy.rehearsal import alone, sdk_python
from tests.project.import_closure import ROOT

CI = ROOT / "ops" / "ci"
FILES = {"github-workflows": "github-actions.yml", "cloudbuild": "cloudbuild.yaml"}
TEXTS = {name: (CI / name).read_text("utf-8") for name in FILES.values()}
CHECKER = Path(sys.executable).with_name("check-jsonschema")
JUDGE = Path(__file__).with_name("judge.py")
VALUES = {
    "PROJECT": "demo-proj", "PROJECT_ID": "demo-proj", "REGION": "us-central1",
    "_REGION": "us-central1", "ENVIRONMENT": "staging", "_ENVIRONMENT": "staging",
    "ALERT_EMAIL": "us@example.org", "_ALERT_EMAIL": "us@example.org",
}  # fmt: skip
MISTAKES = {
    "github-workflows": ("runs-on: ubuntu-24.04", "run-on: ubuntu-24.04"),
    "cloudbuild": ("entrypoint: bash", "entry: bash"),
}


def commands(text):
    """Give the lines that a template runs, with its variables filled in."""
    lines = [
        part
        for one in texts_of(yaml.safe_load(text))
        for line in one.splitlines()
        for part in line.split(" && ")
        if part.startswith(("make ", "./deploy.sh "))
    ]
    variable = re.compile(r"\$\{\{ vars\.(\w+) \}\}|\$(_?[A-Z]\w*)")
    return [variable.sub(lambda found: VALUES[found[1] or found[2]], line) for line in lines]


def texts_of(content):
    """Give every text in a document."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for one in content.values() if isinstance(content, dict) else content:
            yield from texts_of(one)


def checked(schema, file):
    """Hold a file against the schema that the checker carries with it."""
    words = [CHECKER, "--builtin-schema", f"vendor.{schema}", file]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("schema", FILES)
def test_a_template_fits_its_schema(schema):
    """As the service publishes it."""
    done = checked(schema, CI / FILES[schema])

    assert 0 == done.returncode, done.stdout


@pytest.mark.parametrize("schema", FILES)
def test_a_mistake_in_a_template_is_found(schema, tmp_path):
    """The test above can fail."""
    right, wrong = MISTAKES[schema]
    file = tmp_path / FILES[schema]
    file.write_text(TEXTS[FILES[schema]].replace(right, wrong))

    assert 1 == checked(schema, file).returncode


@pytest.mark.parametrize("name", TEXTS)
def test_it_tests_as_a_clone_does(name):
    """Every target is there, and those of .ci/run are among them."""
    targets = [
        word
        for line in commands(TEXTS[name])
        if line.startswith("make ")
        for word in shlex.split(line)[1:]
        if "=" not in word
    ]
    known = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    ours = re.findall(r"^make (\w+)", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)

    assert [] == sorted(set(targets) - set(known))
    assert [] == sorted(set(ours) - set(targets))


@pytest.mark.parametrize("name", TEXTS)
def test_its_release_is_understood(name, tree):
    """Each word of it, by deploy.sh itself; the lessons, the tenth and the rest are in its plan."""
    lines = [line for line in commands(TEXTS[name]) if line.startswith("./deploy.sh ")]

    assert lines
    for line in set(lines):
        done = alone(tree, *shlex.split(line)[1:], "--dry-run")
        assert (0, "") == (done.returncode, done.stderr)
        for part in ("NEWEST=10,SERVING=90", "# 20 lessons", "--to-latest"):
            assert part in done.stdout


@pytest.mark.parametrize("name", TEXTS)
def test_there_is_no_key(name):
    """Who deploys proves who it is; nothing is kept that could be lost."""
    found = re.findall(
        r"credentials_json|APPLICATION_CREDENTIALS|secrets\.|--key-file", TEXTS[name]
    )

    assert [] == found


def test_every_action_is_pinned():
    """By a version at least, never by a branch."""
    used = re.findall(r"uses: (\S+)", TEXTS["github-actions.yml"])

    assert used
    assert [] == [one for one in used if not re.search(r"@(v\d+(\.\d+)*|[0-9a-f]{40})$", one)]


def test_it_tests_on_every_python_that_we_promise():
    """Those that pyproject.toml and make setup admit."""
    wanted = re.search(
        r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (ROOT / "pyproject.toml").read_text()
    )
    told = yaml.safe_load(TEXTS["github-actions.yml"])["jobs"]["test"]["strategy"]["matrix"]

    assert [f"3.{one}" for one in range(int(wanted[1]), int(wanted[2]))] == told["python"]


def test_gcloud_understands_how_it_is_set_up(sdk):
    """The lines that docs and templates tell to type, judged by the SDK's own parser."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    section = page.partition("## Deliver from CI")[2].partition("\n## ")[0]
    told = section + re.sub(r"^# ?", "", TEXTS["cloudbuild.yaml"], flags=re.MULTILINE)
    joined = re.sub(r"\s*\\\n\s*", " ", told)
    lines = [shlex.split(line)[1:] for line in joined.splitlines() if line.startswith("gcloud ")]
    words = [sdk_python(sdk), JUDGE, sdk]
    answer = subprocess.run(
        words, cwd=ROOT, input=json.dumps(lines), capture_output=True, text=True, check=True
    )

    assert len(lines) > 4
    assert [""] * len(lines) == json.loads(answer.stdout), lines
