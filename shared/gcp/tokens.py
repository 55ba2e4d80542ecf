"""Identity tokens, checked against keys that are fetched once in a while.

A key that nobody knows may be a new one: then the keys are fetched early, but not again and again
for a token that was made up.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from shared.deadline import left_s
from shared.errors import Permanent, Transient
from shared.status.kept import Kept

if TYPE_CHECKING:
    from google.auth.transport import Request

SKEW_S = 10
FETCH_S = 3.0
USUAL_S, LONGEST_S = 3600.0, 24 * 3600.0  # for which fetched keys count
EARLY_S = 60.0
KEPT_TOKENS = 10_000
LONGEST = 8_192  # characters
MAX_AGE = re.compile(r"max-age=(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Keys:
    """Public keys by their ids, as PEM certificates; they count until `until_s`."""

    by_id: Mapping[str, str]
    fetched_s: float
    until_s: float


class SignedTokens:
    """The port Tokens: tokens of one issuer for one audience."""

    def __init__(
        self,
        audience: str,
        issuer: str,
        certificates: str,
        transport: Request | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._audience = audience
        self._issuer = issuer
        self._certificates = certificates
        self._transport = transport
        self._now = now
        self._lock = Lock()
        self._keys = Keys({}, 0, 0)
        self._good: Kept[str, Mapping[str, object]] = Kept(KEPT_TOKENS)

    def claims(self, token: str) -> Mapping[str, object]:
        """Give the claims of a valid token; raises Permanent, or Transient without keys."""
        known = self._good.get(token)
        if known is None:
            known = self._checked(token)
            self._good.put(token, known)
        elif float(str(known["exp"])) + SKEW_S < self._now():
            raise Permanent("The identity token has expired.")
        return known

    def _checked(self, token: str) -> Mapping[str, object]:
        from google.auth import jwt

        if len(token) > LONGEST:
            raise Permanent("The identity token is too long.")
        try:
            key_id = str(jwt.decode_header(token).get("kid"))  # type: ignore[no-untyped-call]
            keys = self._keys_with(key_id)
            claims: Mapping[str, object] = jwt.decode(  # type: ignore[no-untyped-call]
                token, keys, audience=self._audience, clock_skew_in_seconds=SKEW_S
            )
        except (ValueError, TypeError, AttributeError) as error:
            # The library's words quote the token.
            expired = "expired" in str(error)
            why = "has expired" if expired else "is not one of ours, or not for this service"
            raise Permanent(f"The identity token {why}.") from error
        if claims.get("iss") != self._issuer:
            raise Permanent("The identity token is of another issuer.")
        return claims

    def _keys_with(self, key_id: str) -> Mapping[str, str]:
        with self._lock:
            keys, now = self._keys, self._now()
            early = key_id not in keys.by_id and now - keys.fetched_s >= EARLY_S
            if early or now >= keys.until_s:
                self._keys = self._renewed(keys, now)
            return self._keys.by_id

    def _renewed(self, keys: Keys, now: float) -> Keys:
        """Fetch the keys; while nobody gives new ones, the old ones count for a day."""
        try:
            return self._fetched(now)
        except Transient:
            if now - keys.fetched_s >= LONGEST_S:
                raise
            return replace(keys, until_s=now + EARLY_S)

    def _fetched(self, now: float) -> Keys:
        from google.auth.exceptions import TransportError
        from google.auth.transport.requests import Request as Requests

        self._transport = self._transport or Requests()
        try:
            answer = self._transport(self._certificates, timeout=left_s(FETCH_S))
            if answer.status != 200:  # noqa: PLR2004 - the one that means success
                raise Transient(f"the keys of identity tokens: HTTP {answer.status}")
            by_id = {str(name): str(text) for name, text in json.loads(answer.data).items()}
        except (TransportError, ValueError, AttributeError) as error:
            raise Transient("the keys of identity tokens could not be fetched") from error
        named = MAX_AGE.search(answer.headers.get("cache-control", ""))
        lasts_s = min(float(named[1]), LONGEST_S) if named else USUAL_S
        return Keys(by_id, now, now + max(lasts_s, EARLY_S))
