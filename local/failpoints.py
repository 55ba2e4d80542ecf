"""Failpoints: a function's process can be told to die, to stop or to lose an answer at any call.

A failpoint is every call through a port, so that none can be forgotten.  It is named
`STAGE/PORT.CALL [WHAT]#NTH`, such as `render/objects.create narration.flac#1`: the nth such call of
one delivery.  The function server of a local stack has them when FAILPOINTS names a folder:

    passed        one line per call: the key of the work, a tab, the failpoint
    armed/…       what is to happen, once, to which work
    struck/…      what happened, and to which process
    limits.json   {"LEASE_S": 3, "CALL_TIMEOUT_S": 2}, whichever of `shared.limits` are to be short

    kill-before, kill-after   SIGKILL, before or after the call has its effect
    answer-lost               the effect is there, and the caller does not learn of it
    stop                      SIGSTOP after the effect: who armed it sends SIGCONT

A process with failpoints works on one delivery at a time, so that each dies alone.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, cast

from shared import limits, wiring
from shared.errors import Transient, Unsure
from shared.log import JsonLines
from shared.ports import Services

Action = Literal["kill-before", "kill-after", "answer-lost", "stop"]
WORKERS = "6"
PORTS = (
    "claims", "objects", "events", "records", "upkeep", "library", "author", "voice",
)  # fmt: skip
DIGEST = re.compile(r"[0-9a-f]{64}")
# What a fresh process would load at its first call is there before the servers fork.
HEAVY = (
    "google.cloud.firestore", "google.cloud.storage", "google.pubsub_v1.services.publisher",
    "pg8000.dbapi", "shared.film.finalizing", "shared.film.filming",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strike:
    """What is to happen at a failpoint to one piece of work; `pid` is whom it happened to."""

    key: str
    point: str
    action: Action
    pid: int = 0

    @property
    def file(self) -> str:
        """Name the file that tells of it."""
        return hashlib.sha256(f"{self.key}\t{self.point}".encode()).hexdigest()


class Failpoints:
    """The failpoints of one stack, by the folder that its servers and its tests share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._armed, self._struck = folder / "armed", folder / "struck"
        for one in (self._armed, self._struck):
            one.mkdir(parents=True, exist_ok=True)

    def hurry(self, **short: float) -> None:
        """Ask for short limits; servers read them when they start."""
        (self._folder / "limits.json").write_text(json.dumps(short))

    def arm(self, strike: Strike) -> None:
        """Let something happen, once."""
        partial = self._folder / f"{strike.file}.part"
        partial.write_text(json.dumps(asdict(strike)))
        partial.replace(self._armed / strike.file)

    def struck(self, strike: Strike) -> Strike | None:
        """Tell whom it happened to; None while it did not."""
        with suppress(FileNotFoundError):
            return Strike(**json.loads((self._struck / strike.file).read_text()))
        return None

    def passed(self) -> Iterator[tuple[str, str]]:
        """List (key of the work, failpoint) of every call, in order."""
        for line in (self._folder / "passed").read_text().splitlines():
            key, _, point = line.partition("\t")
            yield key, point

    def pass_by(self, key: str, point: str) -> None:
        """Note a call."""
        with (self._folder / "passed").open("a") as file:
            file.write(f"{key}\t{point}\n")

    def take(self, key: str, point: str, *actions: Action) -> Action | None:
        """Give what has to happen here if it is one of these; it happens to this process alone."""
        file = Strike(key, point, "stop").file
        try:
            armed = Strike(**json.loads((self._armed / file).read_text()))
            if armed.action not in actions:
                return None
            (self._armed / file).unlink()
        except FileNotFoundError:
            return None
        partial = self._struck / f"{file}.part"
        partial.write_text(json.dumps(asdict(replace(armed, pid=os.getpid()))))
        partial.replace(self._struck / file)
        return armed.action

    def shorten(self) -> None:
        """Make the limits of this process as short as somebody asked; before anything uses them."""
        short: dict[str, float] = {}
        with suppress(FileNotFoundError):
            short = json.loads((self._folder / "limits.json").read_text())
        for name, number in short.items():
            setattr(limits, name, number)


def watched(folder: Path, stage: str) -> Services:
    """Give this process's services with a failpoint at each call; to be called before it forks."""
    from flask import request_started  # noqa: PLC0415  # only where there are failpoints

    failpoints = Failpoints(folder)
    failpoints.shorten()
    os.environ |= {"THREADS": "1", "WORKERS": WORKERS}
    for module in HEAVY:
        import_module(module)
    calls: Counter[str] = Counter()
    request_started.connect(lambda *_, **__: calls.clear(), weak=False)
    return cast("Services", _Watched(wiring.services(stage), stage, failpoints, calls))


@dataclass(frozen=True, slots=True)
class _Watched:
    services: Services
    stage: str
    failpoints: Failpoints
    calls: Counter[str]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # a port, or what the settings tell
        found = getattr(self.services, name)
        return _Port(found, name, self) if name in PORTS else found


@dataclass(frozen=True, slots=True)
class _Port:
    port: object
    port_name: str
    at: _Watched

    def __getattr__(self, call: str) -> Any:  # noqa: ANN401  # it stands for any port
        found = getattr(self.port, call)
        if not callable(found):
            return found

        def through(*values: Any, **named: Any) -> Any:  # noqa: ANN401
            about = f"{self.port_name}.{call} {_what(self.port_name, call, values)}".strip()
            return self._through(about, lambda: found(*values, **named))

        return through

    def _through(self, about: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401
        at = self.at
        at.calls[about] += 1
        key, point = _key(), f"{at.stage}/{about}#{at.calls[about]}"
        at.failpoints.pass_by(key, point)
        if at.failpoints.take(key, point, "kill-before"):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = call()
        match at.failpoints.take(key, point, "kill-after", "answer-lost", "stop"):
            case "kill-after":
                os.kill(os.getpid(), signal.SIGKILL)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "answer-lost":
                lost = Unsure if self.port_name in ("claims", "events", "records") else Transient
                raise lost(f"the answer to {about} got lost")
        return answer


def _what(port: str, call: str, values: tuple[Any, ...]) -> str:
    """Tell calls of one kind apart: by the claim's state, the object, the topics, the outcome."""
    match port, call:
        case "claims", "replace":
            return str(values[1].state)
        case "objects", _:
            name = DIGEST.sub("book", str(values[1]).rstrip("/"))
            return "nudge" if name.startswith("nudges/") else name.rpartition("/")[2]
        case "events", "publish":
            return "+".join(dict.fromkeys(one.topic for one in values[0])) or "nothing"
        case "records", "attempt_ended" | "ended" | "answered":
            return str(values[1])
    return ""


def _key() -> str:
    """Name the work in hand: the log knows it before there is a claim."""
    line = json.loads(JsonLines().format(logging.makeLogRecord({})))
    return str(line.get("key", ""))
