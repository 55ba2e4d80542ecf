"""The port EmbeddingModel on Vertex AI, over plain REST.

Google's SDK would cost `library` half a second and 50 MB, and sends several texts to models that
answer with one merged vector.  One call per `embed`: what is slow may be billed.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from shared.embedding.ports import Embedded, Use, Vector
from shared.embedding.settings import DIMENSIONS
from shared.gcp.vertex_faults import meaning
from shared.lesson.gemini.faults import NotNow, SetUp

if TYPE_CHECKING:
    from requests import Session

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
CHUNK_BYTES = 64 * 1024
MOST_BYTES = 32 * 1024 * 1024
_OK = 200


class VertexEmbeddings:
    """Embedding models of one project; `emulator` is the base URL of a fake, empty for Google."""

    def __init__(self, project: str, emulator: str = "") -> None:
        self._project = project
        self._emulator = emulator
        self._lock = Lock()
        self._opened: Session | None = None

    def embed(
        self, name: str, location: str, texts: Sequence[str], use: Use, timeout_s: float
    ) -> Embedded:
        """Embed some texts in one call; raises NotNow, Gone or SetUp."""
        url = (
            f"{self._emulator or _host(location)}/v1/projects/{self._project}/locations/{location}"
            f"/publishers/google/models/{name}:predict"
        )
        asked: dict[str, Any] = {
            "instances": [{"content": text, "task_type": use} for text in texts],
            "parameters": {"outputDimensionality": DIMENSIONS, "autoTruncate": True},
        }
        with _translated():
            code, content = self._answer(url, asked, timeout_s)
        if code != _OK:
            details = _json_or_nothing(content)
            raise meaning(code, _status(details), details, name, location)
        try:
            return _embedded(json.loads(content), len(texts))
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise NotNow(f"no whole answer: {type(fault).__name__}", billed=True) from fault

    def _answer(self, url: str, asked: dict[str, Any], timeout_s: float) -> tuple[int, bytes]:
        """Give status and body, all within the limit: one per read lets a slow drip go on."""
        import requests

        end = time.monotonic() + timeout_s
        with self._session().post(url, json=asked, timeout=timeout_s, stream=True) as answer:
            content = bytearray()
            while part := answer.raw.read1(CHUNK_BYTES, decode_content=True):  # whatever has come
                content += part
                if time.monotonic() > end:
                    raise requests.ReadTimeout("the answer took too long")
                if len(content) > MOST_BYTES:
                    raise ValueError("the answer is too long")
            return answer.status_code, bytes(content)

    def _session(self) -> Session:
        with self._lock:
            if self._opened is None:
                self._opened = _session_of_a_fake() if self._emulator else _session()
            return self._opened


def _session() -> Session:
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    credentials, _ = google.auth.default(scopes=[SCOPE])
    session: Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return session


def _session_of_a_fake() -> Session:
    from requests import Session

    return Session()


def _host(location: str) -> str:
    return f"https://{'' if location == 'global' else f'{location}-'}aiplatform.googleapis.com"


@contextmanager
def _translated() -> Iterator[None]:
    import requests
    from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
    from urllib3.exceptions import HTTPError, NewConnectionError

    try:
        yield
    except DefaultCredentialsError as fault:
        raise SetUp("no credentials: run gcloud auth application-default login") from fault
    except GoogleAuthError as fault:
        raise NotNow(f"no token: {type(fault).__name__}", billed=False) from fault
    except (requests.RequestException, HTTPError, ValueError) as fault:
        cause = fault.args[0] if fault.args else None
        is_unheard = isinstance(getattr(cause, "reason", None), NewConnectionError)
        raise NotNow(f"no whole answer: {type(fault).__name__}", billed=not is_unheard) from fault


def _embedded(told: Mapping[str, Any], texts: int) -> Embedded:
    """Read an answer; raises ValueError, TypeError, KeyError or AttributeError for no answer."""
    found = [one["embeddings"] for one in told["predictions"]]
    vectors = tuple(_vector(one["values"]) for one in found)
    if len(vectors) != texts:
        raise ValueError("another number of vectors than texts")
    tokens = sum(int(one.get("statistics", {}).get("token_count", 0)) for one in found)
    return Embedded(vectors, max(0, tokens))


def _vector(values: Sequence[float]) -> Vector:
    vector = tuple(map(float, values))
    if len(vector) != DIMENSIONS or not all(map(math.isfinite, vector)) or not any(vector):
        raise ValueError("no vector of the length that was asked for")
    return vector


def _json_or_nothing(content: bytes) -> Any:  # noqa: ANN401 - whatever was answered
    try:
        return json.loads(content)
    except ValueError:
        return {}


def _status(details: object) -> str:
    error = details.get("error") if isinstance(details, Mapping) else None
    return str(error.get("status", "")) if isinstance(error, Mapping) else ""
