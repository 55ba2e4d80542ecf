"""What must be true of a plan before anything is rendered.

`check` runs every rule.  An error keeps the plan from being used; a warning is worth reading.
Each rule is one function, whose docstring says why it is there, and has one id.
"""

from __future__ import annotations

from shared.lesson.checks import (
    content,
    grounding,
    interest,
    numbers,
    reveals,
    safety,
    screen,
    speech,
    structure,
    wording,
)
from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import Rule
from shared.lesson.plan import Plan
from shared.library.book import Material

__all__ = ["REASONS", "RULES", "Finding", "check"]

RULES: tuple[Rule, ...] = (
    structure.needed_scenes,
    structure.keywords_where_terms_exist,
    structure.legal_slots,
    structure.marks_that_point,
    structure.one_right_option,
    content.needed_slots,
    content.every_scene_speaks,
    content.scenes_that_teach_state_facts,
    content.hook_ends_in_a_question,
    content.check_asks,
    content.recap_answers,
    content.title_names_the_student,
    content.sources_are_complete,
    grounding.facts_cite,
    grounding.sources_exist,
    grounding.facts_are_the_books,
    grounding.facts_are_supported,
    grounding.citations_are_the_books,
    grounding.screen_quotes_speech,
    grounding.figures_of_the_book,
    grounding.attribution_of_the_book,
    numbers.numbers_agree,
    numbers.answers_are_said,
    speech.short_sentences,
    speech.short_scenes,
    speech.short_lesson,
    speech.spoken_form,
    speech.time_to_think,
    speech.talks_to_you,
    speech.reading_level,
    wording.terms_before_use,
    wording.nothing_for_eyes_alone,
    wording.short_on_average,
    screen.few_words,
    screen.little_read_aloud,
    screen.one_accent,
    screen.drawable,
    reveals.one_at_a_time,
    reveals.each_with_its_word,
    interest.only_where_mapped,
    safety.fit_for_minors,
)
REASONS: dict[str, str] = {name: one.reason for one in RULES for name in one.ids}


def check(plan: Plan, material: Material) -> tuple[Finding, ...]:
    """Check a plan against the material that it was written from."""
    return tuple(finding for one in RULES for finding in one.look(plan, material))
