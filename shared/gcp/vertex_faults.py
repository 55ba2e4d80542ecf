"""What an error of Vertex AI means to us, whichever of its services answers; loads no client."""

from __future__ import annotations

from collections.abc import Mapping

from shared.gcp.codes import PASSING, UNBILLED
from shared.lesson.gemini.faults import Gone, NotNow, SetUp
from shared.log import log

_REASONS = {
    "SERVICE_DISABLED": "enable it: gcloud services enable aiplatform.googleapis.com",
    "IAM_PERMISSION_DENIED": "grant roles/aiplatform.user to the function's service account",
    "BILLING_DISABLED": "the project has no billing account",
    "CONSUMER_INVALID": "GOOGLE_CLOUD_PROJECT names no project of this account",
}
_CODES = {
    400: "Vertex AI calls our request wrong, so a release is at fault",
    401: "Vertex AI does not accept these credentials",
    403: "Vertex AI refuses this project or its service account",
}


def meaning(
    code: int, status: str | None, details: object, name: str, location: str
) -> NotNow | Gone | SetUp:
    """Turn an error of the service into a reaction; its own words may quote the student."""
    said = f"{code} {status or ''}".strip()
    if code in PASSING or code >= 500:  # noqa: PLR2004
        return NotNow(said, billed=code not in UNBILLED)
    reason = _reason(details)
    log.error("Vertex AI refused", extra={"code": code, "status": status, "reason": reason})
    if code == 404:  # noqa: PLR2004
        return Gone(f"{name} is not at {location}: it is retired, or not for this project")
    advice = _REASONS.get(reason) or _CODES.get(code, "Vertex AI refuses")
    return SetUp(f"{said} {reason}".strip() + f": {advice}")


def _reason(details: object) -> str:
    """Find the reason in Google's error details, one of a closed set of words."""
    error = details.get("error", details) if isinstance(details, Mapping) else {}
    listed = error.get("details", ()) if isinstance(error, Mapping) else ()
    for one in listed if isinstance(listed, list) else ():
        found = str(one.get("reason", "")) if isinstance(one, Mapping) else ""
        if found in _REASONS:
            return found
    return ""
