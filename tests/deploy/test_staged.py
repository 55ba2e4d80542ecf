"""Each staged folder stands alone: installed from its own list into an empty environment, it runs.

Takes minutes and the package index, so only `make staged` runs it; FUNCTION names one of them.
"""

import os
import subprocess
import sys
import urllib.request
from contextlib import ExitStack

import pytest

from local.addresses import PROJECT, Addresses
from local.cloud.courier import Courier
from local.cloud.server import LocalCloud
from local.topology import PIPELINE
from shared.limits import FUNCTIONS
from tests.conftest import copy_of
from tests.functions.alone import event
from tests.local_cloud.sink import free_port

CHOSEN = os.environ.get("STAGED", "").split()
FOLDERS = [*FUNCTIONS, "migrate"] if CHOSEN == ["all"] else CHOSEN
# What each acknowledges although nothing else is there: words it cannot read, a name not its own.
UNREADABLE = {
    "ingest": ("content-requests", {"data": b"{"}),
    "script": ("script-requested", {"data": b"{"}),
    "render": ("scene-requested", {"data": b"{"}),
    "finalize": ("scenes", {"name": "not/ours.txt"}),
    "library": ("oer", {"name": "not/ours.txt"}),
    "repair": ("content-requests", {"data": b'{"kind":"tick"}'}),
}

pytestmark = pytest.mark.skipif(not CHOSEN, reason="installs packages for minutes: make staged")


@pytest.fixture(scope="module", params=FOLDERS or ["none"])
def installed(request, tree, tmp_path_factory):
    """Stage one folder and install its list; gives (function, folder, its Python)."""
    function = request.param
    lines = f'HERE=$PWD; source ops/deploy/functions.sh; stage "{function}"'
    subprocess.run(["bash", "-euc", lines], cwd=tree, check=True)
    folder = tree / "build" / function
    environment = tmp_path_factory.mktemp(function)
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    quietly = ("-q", "--disable-pip-version-check", "--no-compile")
    words = [python, "-m", "pip", "install", *quietly, "-r", folder / "requirements.txt"]
    subprocess.run(words, check=True)
    return function, folder, python


def test_its_packages_agree(installed):
    """As the build asks before it makes an image."""
    _, _, python = installed
    checked = subprocess.run(
        [python, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )

    assert (0, True) == (checked.returncode, "No broken requirements" in checked.stdout)


def test_it_imports(installed):
    """From its own folder, with nothing of ours beside it."""
    function, folder, python = installed
    module = "shared.migrate" if function == "migrate" else "main"
    words = [python, "-c", f"import {module}"]
    imported = subprocess.run(
        words,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (imported.returncode, imported.stderr)


def test_it_answers(installed, postgres_server, template_database, tmp_path):
    """An event that it cannot read is acknowledged; status says that it lives."""
    function, folder, python = installed
    if function == "migrate":
        words = [python, "-m", "shared.migrate", "--help"]
        assert 0 == subprocess.run(words, cwd=folder, check=False, capture_output=True).returncode
        return
    addresses, port = Addresses(free_port()), free_port()
    kind = "cloudevent" if PIPELINE.of(function) else "http"
    framework = python.with_name("functions-framework")
    words = [framework, "--source", "main.py", "--target", function, "--signature-type", kind]
    with ExitStack() as running:
        url = running.enter_context(copy_of(postgres_server, template_database))
        cloud = LocalCloud(
            tmp_path, {}, project=PROJECT, grpc_port=addresses.grpc, storage_port=addresses.storage
        )
        cloud.start()
        running.callback(cloud.stop)
        settings = {"PATH": "/usr/bin:/bin", **addresses.environment(url)}
        server = subprocess.Popen(
            [*words, "--host", "127.0.0.1", "--port", str(port)], cwd=folder, env=settings
        )
        running.callback(server.wait)
        running.callback(server.terminate)
        Courier(f"http://127.0.0.1:{port}/").wait_for_door()

        assert 200 == answer(function, f"http://127.0.0.1:{port}")


def answer(function, base):
    """Give the status of the function's answer."""
    if function not in UNREADABLE:
        request = urllib.request.Request(f"{base}/live")  # noqa: S310 - our own server
    else:
        recorded, changes = UNREADABLE[function]
        headers, body = event(recorded, **changes)
        if function == "repair":
            headers["ce-source"] = headers["ce-source"].replace(recorded, "repair-tick")
        request = urllib.request.Request(f"{base}/", body, headers, method="POST")  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=60) as told:  # noqa: S310 - our own server
        return told.status
