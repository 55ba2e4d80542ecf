"""The author that only quotes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.errors import Refused
from shared.lesson.codec import encode
from shared.lesson.extractive.author import ExtractiveAuthor
from shared.lesson.extractive.staging import place, shown_words
from shared.lesson.pace import MOST_SCENE_S, MOST_WORDS, seconds, words_of_plan
from shared.lesson.plan import Plan, Scene
from shared.library.book import Material
from tests.lesson import materials


@pytest.fixture(scope="module")
def mapped() -> Plan:
    """Write a plan whose interest maps."""
    return materials.plan()


@pytest.fixture(scope="module")
def unmapped() -> Plan:
    """Write a plan whose interest does not map."""
    return materials.plan("poetry")


def scene(plan: Plan, kind: str) -> Scene:
    """Find the first scene of a kind."""
    return next(one for one in plan.scenes if one.type == kind)


def said(one: Scene) -> str:
    """Give what a scene says."""
    return " ".join(line.text for line in one.say)


def write(material: Material, question: str = materials.QUESTION, interest: str = "") -> Plan:
    """Write a plan on other material."""
    return ExtractiveAuthor().write(
        materials.LESSON_ID, materials.brief(interest, question), material
    )


def test_same_bytes():
    """The same request on the same book is the same plan, byte for byte."""
    assert encode(materials.plan()) == encode(materials.plan())


def test_scene_types(mapped):
    """A mapped lesson has every scene that the material can fill, in the agreed order."""
    assert [
        "title", "hook", "keywords", "concept", "concept", "analogy_map",
        "misconception", "check", "recap", "sources",
    ] == [one.type for one in mapped.scenes]  # fmt: skip


def test_no_analogy_without_a_mapping(unmapped):
    """Where the interest does not map there is no comparison, and the title says so."""
    title = scene(unmapped, "title")

    assert "analogy_map" not in {one.type for one in unmapped.scenes}
    assert "This topic does not match poetry well, so the examples are the book's." in said(title)
    assert not unmapped.personalisation.mapped
    assert "mover" in unmapped.personalisation.missing


def test_no_interest_at_all():
    """Without an interest nothing is said of one."""
    title = scene(materials.plan(""), "title")

    assert title.say[-1].text == "Let us find the answer in your book."


def test_the_hook_is_the_question(unmapped):
    """The hook of an unmapped lesson ends in the student's own question."""
    assert "So, why does a moving object keep moving?" == scene(unmapped, "hook").say[-1].text


def test_the_recap_answers(mapped):
    """The recap asks the student's question again and answers it with a book sentence."""
    recap = scene(mapped, "recap")

    assert "Back to your question: why does a moving object keep moving?" == recap.say[0].text
    assert ("fact", 1) == (recap.say[1].kind, len(recap.say[1].cites))


def test_the_focus_comes_first(mapped):
    """The term that the question is after is the first that is explained."""
    assert "Inertia" == scene(mapped, "keywords").show[0].text


def test_the_law_is_named(mapped):
    """A list under a paragraph that marks a law is taught as that law, word for word."""
    first = scene(mapped, "concept")

    assert "This is the law of rest." == first.say[0].text
    assert "An object at rest stays at rest unless a force acts on it." == first.say[1].text


def test_each_concept_shows_something(mapped, unmapped):
    """Every concept has a diagram of ours, a figure of the book or an equation."""
    for plan in (mapped, unmapped):
        for one in plan.scenes:
            slots = {shown.slot for shown in one.show}
            is_taught = one.type == "concept" and one.title != "Law of rest"  # shown by its words
            assert not is_taught or slots & {"diagram", "figure", "equation"}


def test_a_mix_up_in_few_words(mapped):
    """The cards of a misconception hold the wrong idea and the truth, in the book's words."""
    cards = {one.slot: one.text for one in scene(mapped, "misconception").show}

    assert {
        "myth": "A moving object needs a steady push",
        "truth": "A push is needed only to change its motion",
    } == cards


def test_a_mix_up_that_no_card_can_tell():
    """Where the truth has no short clause that is safe alone, there is no such scene."""
    section = materials.section()
    tip = materials.passage(
        "t1", "tip", "You might think that a moving object needs a steady push.",
        "Most of them may need one if something of the kind that was named before is there.",
    )  # fmt: skip
    kept = tuple(one for one in section.passages if one.kind != "tip")
    plan = write(replace(materials.material(), section=replace(section, passages=(*kept, tip))))

    assert "misconception" not in {one.type for one in plan.scenes}


def test_no_sentence_twice(mapped, unmapped):
    """Only the recap may say a fact again."""
    for plan in (mapped, unmapped):
        lines = [line.text for one in plan.scenes if one.type != "recap" for line in one.say]

        assert sorted(set(lines)) == sorted(lines)


def test_the_check_waits(mapped):
    """The think pause stands after the options and before the answer."""
    check = scene(mapped, "check")
    pauses = [line.pause_s for line in check.say]
    options = max(
        n for n, line in enumerate(check.say) if "option_1" in {m.what for m in line.marks}
    )
    answer = next(n for n, line in enumerate(check.say) if line.text.startswith("The answer"))

    assert 5.0 == pauses[options]
    assert options + 1 == answer


def test_reasons_for_wrong_options(mapped):
    """Each wrong option is followed by what it does mean."""
    check = scene(mapped, "check")
    wrong = [one.text for one in check.show if one.draw == "option" and not one.correct]
    reasons = [line.text for line in check.say if line.kind == "fact"]

    assert sorted(wrong) == sorted(text.partition(" is ")[0] for text in reasons)


def test_options_move_with_the_lesson():
    """The order of the options depends on the lesson, so the answer has no usual place."""
    places = set()
    for number in range(12):
        plan = ExtractiveAuthor().write(f"{number:032x}", materials.brief(), materials.material())
        options = [one for one in scene(plan, "check").show if one.draw == "option"]
        places.add(next(n for n, one in enumerate(options) if one.correct))

    assert len(places) > 1


def test_sources(mapped):
    """The last scene names book, section, licence, link and maker."""
    shown = {one.slot: one.text for one in scene(mapped, "sources").show}

    assert {
        "book": "A Little Physics, by Ann Other and others",
        "section": "1.1 Rest and Motion",
        "licence": "CC BY 4.0, adapted",
        "link": "example.org/little/1-1",
        "made": "Plan: extractive-2. Synthetic voice.",
    } == shown


def test_long_questions():
    """Of a story only its question is read out and shown."""
    story = "A box slides over a floor of wood and stops after a while, as boxes do. " * 3
    plan = write(materials.material(), f"{story}What is inertia?")
    title, hook = scene(plan, "title"), scene(plan, "hook")

    assert "What is inertia?" == title.title
    assert "So, what is inertia?" == hook.say[-1].text


def test_a_story_with_no_question_of_its_own():
    """A question that only makes sense within its story becomes a question for the focus."""
    plan = write(
        materials.material(), "A box with inertia slides on and on for a while. Why does it?"
    )

    assert "So, what do we mean by inertia?" == scene(plan, "hook").say[-1].text


def test_characters_without_a_glyph():
    """A question that the fonts cannot draw is said, and the screen shows the section's title."""
    plan = write(materials.material(), "Why does a ball \U0001f3c0 roll?")

    assert "Rest and motion" == scene(plan, "title").title


def test_every_scene_can_be_read(mapped, unmapped):
    """No moment of any scene shows more than 25 words."""
    for plan in (mapped, unmapped):
        for one in plan.scenes:
            visible: dict[str, int] = {}
            revealed = {m.what for line in one.say for m in line.marks if m.do == "reveal"}
            sizes = {shown.id: shown_words(shown) for shown in one.show}
            visible.update({name: size for name, size in sizes.items() if name not in revealed})
            for mark in (mark for line in one.say for mark in line.marks):
                if mark.do == "hide":
                    del visible[mark.what]
                else:
                    visible[mark.what] = sizes[mark.what]
                assert sum(visible.values()) <= 25


@pytest.mark.parametrize("band", ["1-2", "3-5", "6-8", "9-12"])
def test_lessons_fit_their_grade(band):
    """For every grade the lesson keeps to its words, and each scene to 40 s."""
    plan = materials.plan(band=band)

    assert words_of_plan(plan) <= MOST_WORDS[band]
    assert max(seconds(one, band) for one in plan.scenes) <= MOST_SCENE_S


def test_what_goes_first():
    """A lesson that is too long gives up its misconception and then its third concept."""
    types = [one.type for one in materials.plan(band="1-2").scenes]

    assert "misconception" not in types
    assert types.count("concept") == 2
    assert "check" in types


def test_too_little_material():
    """A section that defines nothing is refused, by name."""
    bare = replace(materials.section(), terms=())

    with pytest.raises(Refused) as raised:
        write(Material(materials.source(), bare))

    assert ("too-little-material", ("1.1 Rest and Motion",)) == (
        raised.value.reason,
        raised.value.nearest,
    )


def test_reveals_follow_the_words():
    """An element appears at the first word of its phrase, also where numbers became words."""
    assert 4 == place("it weighs five kilograms and falls", "and falls")
    assert 2 == place("it weighs five kilograms", "5 kg")
    assert 0 == place("it weighs five kilograms", "something else")
    assert 4 == place("potential energy or else potential", "potential", {0})


def test_the_answer_is_about_the_question():
    """Where no sentence that can be said has to do with the question, there is no lesson."""
    section = materials.section()
    term, line = materials.entry("damping", "√(k/m) of the swing")
    held = replace(
        section,
        terms=(*section.terms, term),
        passages=(*section.passages, line),
    )

    with pytest.raises(Refused) as raised:
        write(replace(materials.material(), section=held), "What is damping?")

    assert "too-little-material" == raised.value.reason


def test_what_something_is_made_of():
    """A question for what something is made of is answered by the sentence that says so."""
    section = materials.section()
    added = materials.passage("p7", "body", "Every box is made of wood.", "A box is heavy to lift.")
    held = replace(section, passages=(*section.passages, added))
    plan = write(replace(materials.material(), section=held), "What is a box with inertia made of?")

    assert "Every box is made of wood." == scene(plan, "recap").say[1].text


def test_recap_points_are_clauses(mapped, unmapped):
    """A recap shows no bare noun: each point is a clause of the sentence that it stands for."""
    for plan in (mapped, unmapped):
        points = [one.text for one in scene(plan, "recap").show if one.slot.startswith("point")]

        assert all(len(text.split()) >= 3 for text in points)
