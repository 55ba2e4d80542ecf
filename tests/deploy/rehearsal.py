"""A rehearsal: deploy.sh and real gcloud against the small control plane, all on this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.deploy.control_plane import ControlPlane, Project

HERE = Path(__file__).parent
SDK_PYTHON = "platform/bundledpythonunix/bin/python3"
ALL = ("--yes", "--alert-email", "someone@example.org")
complete = pytest.mark.skipif(
    "DEPLOY_REHEARSAL" not in os.environ, reason="takes minutes: make rehearse"
)
PLACE = ("--project", "demo-proj", "--region", "us-central1")


def sdk_folder() -> Path | None:
    """Find the SDK behind the gcloud on the path; distributions put it in /usr/lib."""
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        return None
    beside = Path(gcloud).resolve().parents[1]
    usual = Path("/usr/lib/google-cloud-sdk")
    return beside if (beside / "lib/gcloud.py").exists() else usual


def sdk_python(sdk: Path) -> str:
    """Give the Python that gcloud itself runs under."""
    bundled = sdk / SDK_PYTHON
    return str(bundled) if bundled.exists() else sys.executable


@contextmanager
def served(sdk: Path, folder: Path):
    """Keep gcloud loaded while a block runs; gives the variables by which it is found."""
    programs = folder / "bin"
    programs.mkdir()
    gcloud = programs / "gcloud"
    client = f'exec {sys.executable} -S -E {HERE / "gcloud_client.py"} "$@"'
    gcloud.write_text(f"#!/bin/sh\n{client}\n")
    gcloud.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "CLOUDSDK_CONFIG": str(folder / "config"),
        "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
        "GCLOUD_SERVER": str(folder / "server"),
        "GCLOUD_COMMANDS": str(folder / "commands"),
        "PAUSE_S": "0.05",
        "CANARY_TRIES": "3",
    }
    with subprocess.Popen(
        [sdk_python(sdk), HERE / "gcloud_server.py", sdk, environment["GCLOUD_SERVER"]],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert "ready\n" == server.stdout.readline()
        yield environment
        server.kill()


def alone(tree: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run deploy.sh where no cloud is; gives what it said and its code."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CLOUDSDK")
    }
    return subprocess.run(
        ["./deploy.sh", *words],
        cwd=tree,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


class Rehearsal:
    """One project, its control plane, and a shell in which gcloud means both; use as a context."""

    def __init__(self, environment: dict[str, str], tree: Path) -> None:
        self.project = Project()
        self.tree = tree
        self._plane = ControlPlane(self.project)
        self.environment = {**environment, **self._plane.variables}

    def __enter__(self):
        self._plane.__enter__()
        return self

    def __exit__(self, *_):
        self._plane.__exit__()

    @property
    def commands(self):
        """Give the words of every gcloud command so far."""
        lines = Path(self.environment["GCLOUD_COMMANDS"]).read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def run(self, *words, interrupt_at=None, **variables):
        """Run deploy.sh in a process group of its own; gives its code and what it said.

        `interrupt_at(step, change)` is asked before each change whether Ctrl-C comes now, once.
        """
        said = [""]
        with subprocess.Popen(
            ["./deploy.sh", *words, *PLACE],
            cwd=self.tree,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            pending = [interrupt_at] if interrupt_at is not None else []

            def before_change(change):
                step = next((line for line in reversed(said) if line.startswith("# ")), "")
                if pending and pending[0](step[2:].strip(), change):
                    pending.clear()
                    os.killpg(process.pid, signal.SIGINT)

            self.project.before_change = before_change
            for line in process.stdout:
                said.append(line)  # noqa: PERF402 - looked at while it grows
            process.wait()
            self.project.before_change = lambda _: None
        return process.returncode, "".join(said)
