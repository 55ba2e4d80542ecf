"""A small control plane that gcloud takes for Google's: it keeps what was made, and counts it.

Every API gets a port of its own, since their paths overlap.  Resources are JSON under
"api:path"; policies stand beside them.  `created` names each resource that a request made, and
`changes` each request that was more than a question, in order.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.deploy.answering import Refused
from tests.deploy.answers import ANSWERS

APIS = (
    "artifactregistry", "cloudbilling", "cloudbuild", "cloudfunctions", "cloudquotas",
    "cloudresourcemanager", "cloudscheduler", "compute", "eventarc", "firestore", "iam", "logging",
    "monitoring", "pubsub", "run", "secretmanager", "servicenetworking", "serviceusage", "sql",
    "storage", "vpcaccess",
)  # fmt: skip
VERSION = re.compile(
    r"^/(apis/(?:run\.googleapis\.com|serving\.knative\.dev)/|compute/|sql/|storage/)?v\d\w*/"
)
QUESTIONS = re.compile(
    r":(getIamPolicy|queryTestablePermissions|list|pull|acknowledge|generateUploadUrl|batchGet|wait)$"
    r"|^upload|/wait$"
)


@dataclass
class Project:
    """What is there, and how it came about."""

    id: str = "demo-proj"
    number: str = "123456789012"
    resources: dict[str, dict] = field(default_factory=dict)
    policies: dict[str, dict] = field(default_factory=dict)
    responses: dict[str, dict] = field(default_factory=dict)  # of operations, by what was made
    created: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    enabled: set[str] = field(default_factory=set)
    zips: dict[str, list[str]] = field(default_factory=dict)  # an upload's name: its files
    masks: list[str] = field(default_factory=list)  # of each function's update
    published: list[dict] = field(default_factory=list)
    answer_canary: bool = True
    pays: bool = True
    processors: int = 1000  # that all instances of a region may have
    behind_s: int = 0  # by how much its clock is behind ours
    waiting: list[int] = field(default_factory=list)  # what each look at the backlog finds
    refuse: dict[str, tuple[int, str]] = field(default_factory=dict)  # a pattern: its answer
    before_change: Callable[[str], None] = lambda _: None
    before_publish: Callable[[], None] = lambda: None
    lock: threading.RLock = field(default_factory=threading.RLock)
    ports: dict[str, int] = field(default_factory=dict)

    def make(self, key, content):
        """Keep a new resource; one that is there already is refused, as Google does."""
        if key in self.resources:
            raise Refused(409, f"Resource already exists: {key}")
        self.resources[key] = content
        self.created.append(key)
        return content

    def get(self, key):
        """Give a resource, or refuse as Google does."""
        if key not in self.resources:
            raise Refused(404, f"Resource not found: {key}")
        return self.resources[key]

    def below(self, collection):
        """List the resources of a collection."""
        return [
            content
            for key, content in sorted(self.resources.items())
            if key.startswith(f"{collection}/") and "/" not in key[len(collection) + 1 :]
        ]


@dataclass
class Request:
    """One request, in parts."""

    api: str
    method: str
    path: str  # without the version
    query: dict[str, str]
    body: bytes
    base: str

    @property
    def key(self):
        """Name what it is about."""
        return f"{self.api}:{self.path}"

    @property
    def json(self):
        """Read its body."""
        return json.loads(self.body or b"{}")


class ControlPlane:
    """All APIs of one project, each on a port of its own; use as a context."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._servers = [self._serve(api) for api in APIS]

    def __enter__(self):
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def variables(self):
        """Point gcloud here."""
        return {
            f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": f"http://127.0.0.1:{port}/"
            for api, port in self.project.ports.items()
        }

    def _serve(self, api):
        project = self.project

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                split = urlsplit(self.path)
                length = int(self.headers.get("content-length") or 0)
                path = VERSION.sub("", unquote(split.path)).lstrip("/")
                path = path.replace("projects/-/", f"projects/{project.id}/")
                request = Request(
                    api, self.command, path, dict(parse_qsl(split.query)), self.rfile.read(length),
                    f"http://127.0.0.1:{self.server.server_port}",
                )  # fmt: skip
                code, content = answered(project, request)
                encoded = json.dumps(content).encode()
                self.date_time_string = lambda: formatdate(
                    time.time() - project.behind_s, usegmt=True
                )
                with suppress(ConnectionError):  # whoever was interrupted listens no more
                    self.send_response(code)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(encoded)))
                    self.end_headers()
                    self.wfile.write(encoded)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the library's names

            def log_message(self, *_):
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        project.ports[api] = server.server_port
        return server


def answered(project, request):
    """Give (code, JSON)."""
    with project.lock:
        try:
            if request.method != "GET" and not QUESTIONS.search(request.path):
                told = f"{request.method} {request.key}"
                project.before_change(told)
                project.changes.append(told)
            return 200, answer_to(project, request, f"{request.method} {request.key}")
        except Refused as refused:
            code, text = refused.args
            status = {404: "NOT_FOUND", 409: "ALREADY_EXISTS", 403: "PERMISSION_DENIED"}
            return code, {"error": {"code": code, "message": text, "status": status.get(code, "")}}


def answer_to(project, request, told):
    """Find who answers, unless a test wants it refused."""
    for pattern, refusal in project.refuse.items():
        if re.search(pattern, told):
            raise Refused(*refusal)
    for method, pattern, answer in ANSWERS:
        found = re.fullmatch(pattern, request.key)
        if found and request.method in method.split("|"):
            return answer(project, request, *found.groups())
    project.unknown.append(told)
    raise Refused(404, f"not found: {told}")
