"""What a student is told instead of a lesson, kindly, and what is counted of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shared.errors import Refused
from shared.lesson.plan import Brief, Plan
from shared.log import log
from shared.safety.own_words import own_words
from shared.safety.screen import Category, screened, screened_question

_ANSWERS = Path(__file__).with_name("answers.json")
_HELPLINES = Path(__file__).with_name("helplines.json")


def refuse_unsafe(brief: Brief, region: str) -> None:
    """Raise Refused for a question or an interest that no lesson is made of."""
    for where, text in (("question", brief.question), ("interest", brief.interest)):
        _pass(screened_question(text), where, region)


def refuse_unsafe_plan(plan: Plan, region: str) -> None:
    """Raise Refused for a plan whose own words are not fit, whoever wrote them."""
    for _, text in own_words(plan):
        _pass(screened(text), "plan", region)


def kind_answer(category: Category, region: str) -> str:
    """Say no, why, and what to do; in a crisis whom to turn to in this region."""
    helpline = helplines()[region] if category == "crisis" else ""
    return f"{answers()[category]} {helpline}".strip()


@cache
def answers() -> Mapping[str, str]:
    """Read what is said for each category."""
    found: Mapping[str, str] = json.loads(_ANSWERS.read_text("utf-8"))
    return found


@cache
def helplines() -> Mapping[str, str]:
    """Read the sentence that names each region's help line; "any" names none."""
    table = json.loads(_HELPLINES.read_text("utf-8"))
    return {region: entry["say"] for region, entry in table.items()}


def _pass(category: Category | None, where: str, region: str) -> None:
    if category is None:
        return
    log.warning("Refused as unsafe", extra={"category": category, "where": where})
    raise Refused(category, kind_answer(category, region))
