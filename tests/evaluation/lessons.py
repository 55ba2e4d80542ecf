"""Lessons for questions, written as `script` would write them, and what is to be said of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from shared.errors import PipelineError, Refused
from shared.lesson.checks import check
from shared.lesson.checks.grounding import sentences_of
from shared.lesson.plan import Brief, Plan
from shared.lesson.support import support
from shared.lesson.text import article
from shared.library.book import Material
from shared.library.retrieval import find
from shared.ports import Author, Library
from shared.spending.ledger import Ledger
from tests.evaluation.judge import Opinion

Opinions = Callable[[str, str, str, str], Opinion]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a set; `module` is the section that answers it, where that is known."""

    question: str
    interest: str
    grades: str
    module: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A lesson in numbers; `author` says in words why there is none."""

    question: str
    author: str
    is_lesson: bool = False
    right_section: bool | None = None
    errors: int = 0
    warnings: int = 0
    support: float | None = None  # mean over the facts, 0 to 1
    least_support: float | None = None
    degraded: bool = False
    usd: float = 0.0
    grounded: float | None = None
    clear: float | None = None
    fault: str = ""

    def row(self) -> dict[str, object]:
        """Give it as JSON knows it."""
        return asdict(self)


def scored(
    asked: Sequence[Asked], library: Library, author: Author, ledger: Ledger, opinions: Opinions
) -> Iterator[Scored]:
    """Write and judge a lesson for each question."""
    for one in asked:
        lesson_id = hashlib.sha256(one.question.encode()).hexdigest()[:32]
        brief = Brief(one.question, one.interest, one.grades, ("text",))
        try:
            material = find(one.question, library)
            plan = author.write(lesson_id, brief, material)
        except Refused as refused:
            yield Scored(one.question, f"refused: {refused.reason}")
        except PipelineError as fault:
            yield Scored(one.question, f"no lesson: {fault}", usd=_usd(ledger, lesson_id))
        else:
            opinion = opinions(one.question, one.grades, article(plan), _book(material))
            yield _scored(one, plan, material, _usd(ledger, lesson_id), opinion)


def _scored(one: Asked, plan: Plan, material: Material, usd: float, opinion: Opinion) -> Scored:
    findings = check(plan, material)
    errors = sum(found.severity == "error" for found in findings)
    carried = _support(plan, material)
    return Scored(
        question=one.question,
        author=plan.author,
        is_lesson=True,
        right_section=material.section.module == one.module if one.module else None,
        errors=errors,
        warnings=len(findings) - errors,
        support=sum(carried) / len(carried) if carried else None,
        least_support=min(carried, default=None),
        degraded=any(note.startswith("Degraded: ") for note in plan.notes),
        usd=usd,
        grounded=opinion.grounded,
        clear=opinion.clear,
        fault=opinion.fault,
    )


def _support(plan: Plan, material: Material) -> list[float]:
    """Score each fact by the words of the sentences that it cites."""
    book = sentences_of(material)
    facts = (line for scene in plan.scenes for line in scene.say if line.kind == "fact")
    return [
        support(line.text, [book[cite] for cite in line.cites if cite in book]) for line in facts
    ]


def _book(material: Material) -> str:
    return "\n".join(sentences_of(material).values())


def _usd(ledger: Ledger, lesson_id: str) -> float:
    return sum(cost.bill.micros for cost in ledger.costs(lesson_id)) / 1_000_000
