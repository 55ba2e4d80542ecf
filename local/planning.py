"""Write a lesson's plan here and now, as `script` would, and say what the rules find in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from local.ask import Question, message
from shared.identity import lesson_id
from shared.lesson import codec
from shared.lesson.checks import REASONS, Finding, check
from shared.lesson.plan import Plan, Shape
from shared.library.retrieval import find
from shared.ports import Author, Library
from shared.request import decode
from shared.versions import versions


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what is to be said against it."""

    plan: Plan
    findings: tuple[Finding, ...]

    @property
    def is_usable(self) -> bool:
        """Whether it would be made into a lesson."""
        return all(one.severity != "error" for one in self.findings)


def planned(question: Question, library: Library, author: Author, shape: Shape) -> Planned:
    """Plan a lesson; raises Unreadable for a bad question, Refused for one that is not covered."""
    request, _ = decode(json.dumps(message(question)).encode())
    material = find(request.brief.question, library)
    name = lesson_id(request.brief, versions(shape), library.corpus())
    plan = replace(author.write(name, request.brief, material), shape=shape)
    return Planned(plan, check(plan, material))


def judged(plan: Plan, library: Library) -> Planned:
    """Find what the rules say of a plan that was written before; raises Refused like `planned`."""
    return Planned(plan, check(plan, find(plan.brief.question, library)))


def as_json(found: Planned) -> dict[str, object]:
    """Give plan and findings for programs."""
    return {"plan": json.loads(codec.encode(found.plan)), "findings": _told(found.findings)}


def _told(findings: Sequence[Finding]) -> list[dict[str, object]]:
    return [asdict(one) | {"reason": REASONS[one.id]} for one in findings]
