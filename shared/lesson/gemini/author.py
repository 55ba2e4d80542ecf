"""The author that asks a model, inside rails: it never stalls, never overspends, never invents.

extractive plan ──► ask ──► judge ──► ask once more with the findings ──► drop what is left
(free; refuses       │                 │                                     │
 what the book       └─────────────────┴──► the extractive plan, degraded ◄──┘ nothing usable
 does not carry)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.canary import is_canary
from shared.errors import Refused, Transient
from shared.hold import attempt
from shared.lesson import prompts
from shared.lesson.checks import REASONS, check
from shared.lesson.gemini.draft import Draft, read_draft, schema
from shared.lesson.gemini.drafts import Stored
from shared.lesson.gemini.faults import BadDraft, NotNow, SetUp
from shared.lesson.gemini.given import Given, contents, given
from shared.lesson.gemini.joining import assembled, joined_plan, parts_of
from shared.lesson.gemini.judging import findings, pruned
from shared.lesson.gemini.model import Prompt
from shared.lesson.gemini.paying import Denied, Purse
from shared.lesson.gemini.reply import text_of
from shared.lesson.gemini.settings import AUTHOR
from shared.lesson.plan import Brief, Plan
from shared.library.book import Material
from shared.log import log
from shared.ports import Author

MOST_TOKENS = 16_384  # thinking counts against it
MOST_FINDINGS = 20
PATIENCE = 5  # runs of a lesson's work, after which nobody waits for a model any more
LONG_PATIENCE = 15  # the same for a cap: about an hour and a half of redeliveries
_CAPS = frozenset({"lesson-cap", "organisation-cap", "day-cap"})
_WHY = {
    "faulty": "the writing model did not answer",
    "open": "the writing model is out of order",
    "busy": "the writing model was asked too often at once",
    "late": "there was no time left for the writing model",
    "no-model": "no writing model is there any more",
    "set-up": "the writing model is not set up",
    "draft": "the writing model's lesson did not pass its checks",
    **dict.fromkeys(_CAPS, "the budget for the writing model is used up"),
}
_HONEST = "Degraded: {}, so every sentence is the textbook's own."


@dataclass(frozen=True, slots=True)
class _Task:
    lesson_id: str
    brief: Brief
    material: Material
    first: Plan  # the extractive author's
    given: Given
    version: str  # of the prompt


class GeminiAuthor:
    """The port Author on a model, with the extractive author behind it."""

    name = AUTHOR

    def __init__(self, purse: Purse, fallback: Author) -> None:
        self._purse = purse
        self._settings = purse.settings
        self._fallback = fallback

    def write(self, lesson_id: str, brief: Brief, material: Material) -> Plan:
        """Write a plan; raises Refused for what is unsafe or not the book's, Transient."""
        first = self._fallback.write(lesson_id, brief, material)
        if is_canary(brief):
            return first  # nobody reads it: nothing may be paid for it
        version = prompts.chosen(brief, self._settings.prompts)
        task = _Task(lesson_id, brief, material, first, given(brief, material, first), version)
        try:
            return self._written(task)
        except Denied as denied:
            return self._instead(task, denied.why)
        except NotNow as fault:
            return self._instead(task, "faulty", fault)
        except SetUp as fault:
            log.error("The model is not set up", extra={"fault": str(fault)})
            return self._instead(task, "set-up")
        except BadDraft as fault:
            log.warning("No draft could be used", extra={"fault": str(fault)})
            return self._instead(task, "draft")

    def _written(self, task: _Task) -> Plan:
        """Ask, and once more for what is wrong; raises BadDraft when nothing is usable."""
        answer = self._asked(task, 1)
        author = f"{answer.model}/prompt-{answer.prompt}"
        draft: Draft | None = None
        text = ""
        try:
            text = text_of(answer.raw)
            draft = read_draft(text)
            return _faultless(draft, task, author)
        except BadDraft as fault:
            wrong = fault.findings
        log.info("Asking to repair a draft", extra={"findings": len(wrong)})
        better = self._repaired(task, wrong, text)
        for one in (better, draft):
            if one is not None:
                try:
                    return _plan(pruned(one, task.given), task, author)
                except BadDraft:
                    continue
        raise BadDraft("neither draft nor repair is usable")

    def _repaired(self, task: _Task, wrong: tuple[str, ...], text: str) -> Draft | None:
        """Ask once more; None when that may not be or gives nothing to read."""
        try:
            return read_draft(text_of(self._asked(task, 2, wrong[:MOST_FINDINGS], text).raw))
        except (Denied, NotNow, SetUp, BadDraft, Refused) as fault:
            log.info("No repair", extra={"fault": type(fault).__name__})
            return None

    def _asked(
        self, task: _Task, number: int, wrong: tuple[str, ...] = (), text: str = ""
    ) -> Stored:
        told = contents(task.given, wrong, text)
        prompt = Prompt(prompts.text(task.version), told, schema(), MOST_TOKENS)
        return self._purse.answer(task.lesson_id, number, task.version, prompt)

    def _instead(self, task: _Task, why: str, fault: Transient | None = None) -> Plan:
        """Let the platform try again later, or give the extractive author's plan and say why."""
        _, fence = attempt()
        waits_busy = why in ("faulty", "busy") and self._settings.when_busy == "wait"
        waits_cap = why in _CAPS and self._settings.over_cap == "wait"
        if (waits_busy and fence < PATIENCE) or (waits_cap and fence < LONG_PATIENCE):
            raise fault or Transient(_WHY[why])
        log.warning("Degraded", extra={"why": why})
        return replace(task.first, notes=(*task.first.notes, _HONEST.format(_WHY[why])))


def _plan(draft: Draft, task: _Task, author: str) -> Plan:
    parts = parts_of(draft, task.given, task.first)
    return joined_plan(parts, task.first, task.material, author)


def _faultless(draft: Draft, task: _Task, author: str) -> Plan:
    """Give the plan of a draft that is right as it is.

    Raises BadDraft with what is wrong, sentence by sentence, else as the rules see its scenes.
    """
    wrong = findings(draft, task.given)
    if wrong:
        raise BadDraft("sentences are at fault", wrong)
    parts = parts_of(draft, task.given, task.first)
    plan = assembled(parts, task.first, task.material, author)
    errors = [one for one in check(plan, task.material) if one.severity == "error"]
    if errors:
        told = (f"scene {one.scene}, {one.id}: {REASONS[one.id]} ({one.text})" for one in errors)
        raise BadDraft("scenes are at fault", tuple(told))
    return plan
