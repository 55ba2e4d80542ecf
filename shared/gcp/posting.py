"""One call of a Google API over REST: JSON there and back, in time, its errors made our reactions.

Nothing is tried twice: a call that broke off may be billed, and the platform's redelivery waits
without holding an instance.  No word of an answer is kept, as it may quote what was sent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.gcp.codes import PASSING, UNBILLED
from shared.log import log
from shared.voices.faults import NotNow, SetUp

if TYPE_CHECKING:
    from requests import Response, Session

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
MOST_BYTES = 32 * 1024 * 1024
_PART_BYTES = 64 * 1024
_OK, _BROKEN = 200, 500


@dataclass(frozen=True)
class Api:
    """An API of Google's: its name for people, its host, and the role that calling it takes."""

    title: str
    host: str
    role: str
    wrong: str  # what a 400 or a 404 means

    def advice(self, code: int, reason: str) -> str:
        """Tell an operator what to do about a refusal."""
        reasons = {
            "SERVICE_DISABLED": f"enable it: gcloud services enable {self.host}",
            "IAM_PERMISSION_DENIED": f"grant {self.role} to the function's service account",
            "USER_PROJECT_DENIED": f"grant {self.role} to the function's service account",
            "BILLING_DISABLED": "the project has no billing account",
            "CONSUMER_INVALID": "GOOGLE_CLOUD_PROJECT names no project of this account",
        }
        codes = {
            400: self.wrong,
            401: f"{self.title} does not accept these credentials",
            403: f"{self.title} refuses this project, or its account lacks {self.role}",
            404: self.wrong,
        }
        return reasons.get(reason) or codes.get(code, f"{self.title} refuses")


class Posting:
    """Calls of one API; `emulator` says that a fake is asked, which wants no credentials."""

    def __init__(self, api: Api, emulator: str) -> None:
        self._api = api
        self._emulator = emulator

    def post(
        self, url: str, body: dict[str, Any], headers: Mapping[str, str], timeout_s: float
    ) -> Mapping[str, Any]:
        """Send a document and read the answer; raises NotNow or SetUp."""
        end = time.monotonic() + timeout_s
        with self._translated():
            answer = self._session.post(
                url, json=body, headers=dict(headers), timeout=timeout_s, stream=True
            )
            with answer:
                content = _whole(answer, end)
        if answer.status_code != _OK:
            raise self._meaning(answer.status_code, content)
        told = _object(content)
        if told is None:
            raise NotNow(f"{self._api.title} sent no JSON", billed=True)
        return told

    @cached_property
    def _session(self) -> Session:
        from requests import Session

        if self._emulator:
            return Session()
        import google.auth
        from google.auth.transport.requests import AuthorizedSession

        credentials, _ = google.auth.default(scopes=[SCOPE])
        session: Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
        return session

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
        from requests import ConnectTimeout, RequestException
        from urllib3.exceptions import HTTPError

        try:
            yield
        except DefaultCredentialsError as fault:
            raise SetUp("no credentials: run gcloud auth application-default login") from fault
        except GoogleAuthError as fault:
            raise NotNow(f"no token: {type(fault).__name__}", billed=False) from fault
        except (RequestException, HTTPError) as fault:
            reached = not (isinstance(fault, ConnectTimeout) or _never_connected(fault))
            said = "sent no whole answer" if reached else "cannot be reached"
            name = type(fault).__name__
            raise NotNow(f"{self._api.title} {said}: {name}", billed=reached) from fault

    def _meaning(self, code: int, content: bytes) -> NotNow | SetUp:
        """Turn an error of the service into a reaction."""
        status, reason = _status_and_reason(content)
        said = f"{code} {status}".strip()
        if code in PASSING or code >= _BROKEN:
            return NotNow(f"{self._api.title}: {said}", billed=code not in UNBILLED)
        facts = {"api": self._api.title, "code": code, "reason": reason}
        log.error("A service refused", extra=facts)
        return SetUp(f"{said} {reason}".strip() + f": {self._api.advice(code, reason)}")


def _whole(answer: Response, end: float) -> bytes:
    """Read an answer as long as there is time: a limit for each read lets a drip go on for ever."""
    from requests import RequestException
    from requests.exceptions import ReadTimeout

    parts = bytearray()
    while part := answer.raw.read1(_PART_BYTES, decode_content=True):  # whatever has come
        parts += part
        if time.monotonic() > end:
            raise ReadTimeout
        if len(parts) > MOST_BYTES:
            raise RequestException
    return bytes(parts)


def _never_connected(fault: Exception) -> bool:
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    cause = fault.args[0] if fault.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _object(content: bytes) -> Mapping[str, Any] | None:
    try:
        told = json.loads(content)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _status_and_reason(content: bytes) -> tuple[str, str]:
    """Find Google's words for an error, which are of closed sets."""
    error = (_object(content) or {}).get("error")
    error = error if isinstance(error, dict) else {}
    listed = error.get("details")
    reasons = [
        str(one.get("reason", ""))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
    ]
    words = [error.get("status"), next(filter(None, reasons), "")]
    status, reason = (str(one) if str(one).replace("_", "").isupper() else "" for one in words)
    return status, reason
