"""One fault that somebody asked for: read from JSON, or refused with the field and the rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from fnmatch import fnmatchcase

CALLS = (
    "firestore.BatchGetDocuments", "firestore.Commit", "pubsub.Publish",
    "storage.begin", "storage.bucket", "storage.delete", "storage.download", "storage.get",
    "storage.insert", "storage.list",
)  # fmt: skip
SERVED = ("firestore.*", "pubsub.*", "storage.*")
ACTIONS: Mapping[str, tuple[str, ...]] = {  # which calls each can befall
    "lose-answer": SERVED,
    "hang": SERVED,
    "unavailable": SERVED,
    "429": SERVED,
    "reset": ("storage.*",),
    "truncate": ("storage.insert",),
    "duplicate": ("deliver.*",),
    "delay": ("deliver.*",),
    "reorder": ("deliver.*",),
    "drop": ("deliver.*",),
    "fail": ("deliver.*",),
}
ONLY_OF: Mapping[str, tuple[str, ...]] = {  # fields that belong to some actions alone
    "seconds": ("hang", "delay"),
    "bytes": ("truncate",),
    "count": ("reorder",),
    "new_id": ("duplicate",),
}


class BadFault(ValueError):
    """Nobody can do this fault; the text names the field and the rule."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, where and how often; `local/cloud/faults.py` tells what each field means."""

    call: str
    action: str
    name: str = "*"
    nth: int = 1
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    seconds: float = 600.0
    bytes: int = 0
    count: int = 2
    new_id: bool = False

    def concerns(self, call: str, names: Iterable[str]) -> bool:
        """Whether a call, or what it is about, is meant."""
        return fnmatchcase(call, self.call) and any(fnmatchcase(one, self.name) for one in names)

    def described(self) -> dict[str, object]:
        """Give the fields that mean something for this action."""
        return {
            name: value
            for name, value in asdict(self).items()
            if self.action in ONLY_OF.get(name, (self.action,))
        }


def read(rule: Mapping[str, object], functions: Iterable[str]) -> Fault:
    """Read a fault; `functions` may be delivered to.  Raises BadFault."""
    known = {field.name for field in fields(Fault)}
    for name, value in rule.items():
        if name not in known:
            raise BadFault(f"{name}: no such field; there are {', '.join(sorted(known))}")
        is_right, what = CHECKS[name]
        if not is_right(value):
            raise BadFault(f"{name}: must be {what}")
    for field in fields(Fault):
        if field.default is MISSING and field.name not in rule:
            raise BadFault(f"{field.name}: must be given")
    fault = Fault(**rule)  # type: ignore[arg-type]  # each was checked just now
    _check_together(fault, rule, [*CALLS, *(f"deliver.{one}" for one in functions)])
    return fault


def _check_together(fault: Fault, rule: Mapping[str, object], calls: Iterable[str]) -> None:
    meant = [call for call in calls if fnmatchcase(call, fault.call)]
    if not meant:
        raise BadFault(f"call: must match one of {', '.join(calls)}")
    allowed = ACTIONS[fault.action]
    if not all(any(fnmatchcase(call, one) for one in allowed) for call in meant):
        raise BadFault(f"action: {fault.action} is for {', '.join(allowed)} alone")
    for name, actions in ONLY_OF.items():
        if name in rule and fault.action not in actions:
            raise BadFault(f"{name}: only {' and '.join(actions)} have it")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_whole(value: object, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


CHECKS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "call": (_is_text, "text"),
    "action": (lambda value: value in ACTIONS, f"one of {', '.join(ACTIONS)}"),
    "name": (_is_text, "text, a pattern with * and ?"),
    "nth": (lambda value: _is_whole(value, 1), "a whole number from 1"),
    "times": (lambda value: value is None or _is_whole(value, 1), "a whole number from 1, or null"),
    "probability": (_is_share, "a number above 0, at most 1"),
    "seed": (_is_whole, "a whole number from 0"),
    "seconds": (_is_time, "a number from 0"),
    "bytes": (_is_whole, "a whole number from 0"),
    "count": (lambda value: _is_whole(value, 2), "a whole number from 2"),
    "new_id": (lambda value: isinstance(value, bool), "true or false"),
}
