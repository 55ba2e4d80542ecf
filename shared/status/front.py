"""The front door: a question comes in, and whatever happens an answer goes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from shared import deadline
from shared.config import Access
from shared.errors import Permanent, Transient
from shared.faults import redacted, stack
from shared.log import log
from shared.status import parameters
from shared.status.callers import (
    DEVELOPMENT,
    SCHEME,
    Caller,
    Tokens,
    caller_of,
    development_caller,
    unknown,
)
from shared.status.health import OK, Health
from shared.status.http import Answer, Asked, Problem, answered
from shared.status.lists import Lists
from shared.status.polls import Polls
from shared.status.rate import Rate

PATIENCE_S = 8.0
READ = "GET, HEAD, OPTIONS"
ONE = re.compile(r"/requests/([^/]+)")
AGAIN_S = "5"


@dataclass(frozen=True, slots=True)
class Front:
    """Everything that an answer needs."""

    access: Access
    tokens: Tokens
    rate: Rate
    polls: Polls
    lists: Lists
    health: Health
    versions: Mapping[str, str]

    def answer(self, asked: Asked) -> Answer:
        """Answer a question; raises nothing."""
        try:
            with deadline.within(PATIENCE_S):
                answer = self._answer(asked)
        except Problem as problem:
            answer = problem.answer()
        except Transient as fault:
            log.warning("Could not answer", extra={"fault": str(fault)})
            answer = _busy().answer()
        except Exception as fault:  # noqa: BLE001 - its words may be a student's
            where = f"{type(fault).__name__}: {redacted(fault)}"
            log.error(
                "A fault that nobody named", extra={"fault": where, "stack_trace": stack(fault)}
            )
            answer = _broken().answer()
        return self._shared(asked, answer)

    def _answer(self, asked: Asked) -> Answer:
        route = self._route(asked.path)
        if asked.method == "OPTIONS":
            return Answer(HTTPStatus.NO_CONTENT.value, b"", {"Allow": READ})
        if asked.method not in ("GET", "HEAD"):
            raise Problem(
                HTTPStatus.METHOD_NOT_ALLOWED, "Here one can only read.", "Use GET.", Allow=READ
            )
        return route(asked)

    def _route(self, path: str) -> Callable[[Asked], Answer]:
        single = ONE.fullmatch(path)
        if single:
            return lambda asked: self._one(asked, single[1])
        routes: Mapping[str, Callable[[Asked], Answer]] = {
            "/requests": lambda asked: self.lists.requests(asked, self._caller(asked)),
            "/correlated": lambda asked: self.lists.correlated(asked, self._caller(asked)),
            "/failures": lambda asked: self.lists.failures(asked, self._caller(asked)),
            "/summary": lambda asked: self.lists.summary(asked, self._caller(asked)),
            "/live": lambda _: answered({"status": OK}),
            "/ready": lambda _: self._ready(),
            "/version": lambda _: answered(self._version()),
        }
        if path not in routes:
            raise Problem(
                HTTPStatus.NOT_FOUND,
                "There is nothing under this path.",
                f"Ask for /requests/ID or one of {', '.join(routes)}.",
            )
        return routes[path]

    def _one(self, asked: Asked, named: str) -> Answer:
        caller = self._caller(asked)
        parameters.given(asked)
        request_id = parameters.request_id(named)
        return self.polls.answer(request_id, caller, asked.headers.get("If-None-Match", ""))

    def _caller(self, asked: Asked) -> Caller:
        scheme, _, text = asked.headers.get("Authorization", "").partition(" ")
        if self.access.development and scheme.lower() == DEVELOPMENT:
            caller = development_caller(text)
        elif scheme.lower() == SCHEME and text:
            try:
                caller = caller_of(self.tokens.claims(text.strip()))
            except Permanent as fault:
                raise unknown(str(fault)) from fault
        else:
            raise unknown("There is no identity token.")
        self.rate.take(caller.subject)
        return caller

    def _ready(self) -> Answer:
        report = self.health.report()
        if all(said == OK for said in report.values()):
            return answered({"status": OK, "services": dict(report)})
        busy = answered({"status": "not ready", "services": dict(report)},
                        HTTPStatus.SERVICE_UNAVAILABLE)  # fmt: skip
        return Answer(busy.status, busy.body, {**busy.headers, "Retry-After": AGAIN_S})

    def _version(self) -> Mapping[str, object]:
        known = {"revision": self.access.revision, "commit": self.access.commit}
        return {**known, "makes": dict(self.versions)}

    def _shared(self, asked: Asked, answer: Answer) -> Answer:
        """Let the web pages that may ask read the answer."""
        origin = asked.headers.get("Origin", "")
        if not self.access.origins:
            return answer
        headers = {**answer.headers, "Vary": "Origin"}
        if origin in self.access.origins:
            headers |= {
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Headers": "Authorization, If-None-Match",
                "Access-Control-Allow-Methods": READ,
                "Access-Control-Expose-Headers": "ETag, Retry-After",
                "Access-Control-Max-Age": "3600",
            }
        return Answer(answer.status, answer.body, headers)


def _busy() -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A service of ours does not answer.",
        "Nothing is lost: ask again after as many seconds as Retry-After says.",
        Retry_After=AGAIN_S,
    )


def _broken() -> Problem:
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong on our side.",
        "It is written down. Ask again in a while.",
    )
