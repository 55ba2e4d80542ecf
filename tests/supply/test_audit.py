"""What `make audit` says, by the real pip-audit and an advisory database of our own."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.local_cloud.sink import free_port
from tests.project.import_closure import ROOT

UV = Path(sys.executable).with_name("uv")
TOOLS = ("--no-project", "--quiet", "--with-requirements", "ops/supply/requirements.txt")
WEAKNESS = {
    "id": "OSV-1",
    "affected": [
        {
            "package": {"name": "pillow", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}


@pytest.fixture(scope="module", autouse=True)
def pip_audit():
    """Skip where pip-audit is not there and cannot be fetched."""
    words = [UV, "run", *TOOLS, "pip-audit", "--version"]
    if subprocess.run(words, cwd=ROOT, check=False, capture_output=True).returncode:
        pytest.skip("pip-audit cannot be installed from here: make audit does it once")


@pytest.fixture
def database():
    """Give an advisory database: (address, the weaknesses by package, what it was asked)."""
    known, asked = {}, []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            package = json.loads(self.rfile.read(int(self.headers["content-length"])))["package"]
            asked.append(package["name"])
            answer = json.dumps({"vulns": known.get(package["name"], [])}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", known, asked
        server.shutdown()


def audit(address):
    """Audit two locks, as all would take long; gives the finished program."""
    locks = ("functions/render/requirements.txt", "ops/supply/requirements.txt")
    words = [sys.executable, "ops/supply/audit.py", "--database", address, *locks]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_known_weakness(database):
    """Every package of every lock is asked for, what they need in turn as well."""
    address, _, asked = database
    done = audit(address)

    assert (0, "") == (done.returncode, done.stderr)
    assert {"pillow", "grpcio", "pip-audit", "cyclonedx-python-lib"} <= set(asked)


def test_a_known_weakness(database):
    """It is told with the version that mends it."""
    address, known, _ = database
    known["pillow"] = [WEAKNESS]
    done = audit(address)

    assert (1, True) == (done.returncode, "OSV-1, mended in 99.1" in done.stderr), done.stderr


def test_a_database_that_does_not_answer():
    """Nothing is called sound that nobody was asked about."""
    done = audit(f"http://127.0.0.1:{free_port()}/")

    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith(
        "functions/render/requirements.txt was not audited; the advisory database is"
    )
