"""A good plan breaks no rule; for each rule there is a plan that breaks exactly it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.film.glyphs import missing
from shared.lesson.checks import REASONS, RULES, check
from shared.lesson.plan import Citation, Element, FigureRef, Line, Mark, Plan, Scene
from shared.lesson.spoken import spoken
from tests.lesson import materials

Break = Callable[[Plan], Plan]


def line(text: str, kind: str = "instruction", **more: object) -> Line:
    """Make a line that is spoken as it is written."""
    return Line(text, spoken(text), kind, **more)  # type: ignore[arg-type]


def at(kind: str, change: Callable[[Scene], Scene]) -> Break:
    """Change the first scene of a kind."""

    def broken(plan: Plan) -> Plan:
        first = next(scene for scene in plan.scenes if scene.type == kind)
        scenes = tuple(change(scene) if scene is first else scene for scene in plan.scenes)
        return replace(plan, scenes=scenes)

    return broken


def saying(where: str, text: str, **more: object) -> Break:
    """Add a line to a scene, before its last one."""
    added = line(text, **more)  # type: ignore[arg-type]
    return at(where, lambda scene: replace(scene, say=(*scene.say[:-1], added, scene.say[-1])))


def showing(kind: str, *elements: Element) -> Break:
    """Add elements to a scene, visible from its start."""
    return at(kind, lambda scene: replace(scene, show=(*scene.show, *elements)))


def dropping(kind: str, slot: str) -> Break:
    """Leave an element out of a scene, with the marks that point to it."""

    def less(scene: Scene) -> Scene:
        gone = {one.id for one in scene.show if one.slot == slot}
        kept = tuple(one for one in scene.show if one.id not in gone)
        say = tuple(
            replace(one, marks=tuple(mark for mark in one.marks if mark.what not in gone))
            for one in scene.say
        )
        return replace(scene, show=kept, say=say)

    return at(kind, less)


def without(kind: str) -> Break:
    """Leave a kind of scene out."""

    def broken(plan: Plan) -> Plan:
        kept = [scene for scene in plan.scenes if scene.type != kind]
        return replace(
            plan, scenes=tuple(replace(scene, n=n) for n, scene in enumerate(kept, start=1))
        )

    return broken


def retold(scene: Scene, which: int, **fields: object) -> Scene:
    """Change one line of a scene."""
    say = list(scene.say)
    say[which] = replace(say[which], **fields)  # type: ignore[arg-type]
    return replace(scene, say=tuple(say))


def redrawn(scene: Scene, which: int, **fields: object) -> Scene:
    """Change one element of a scene."""
    show = list(scene.show)
    show[which] = replace(show[which], **fields)  # type: ignore[arg-type]
    return replace(scene, show=tuple(show))


def words(count: int) -> str:
    """Make a sentence of so many short words."""
    return "So " + "it " * (count - 2) + "goes."


def text(name: str, words_shown: str, role: str = "plain", slot: str = "") -> Element:
    """Make a written element."""
    return Element(name, slot or name, "text", words_shown, words_shown, role)  # type: ignore[arg-type]


BREAKS: list[tuple[str, Break]] = [
    ("needed-scenes", without("recap")),
    ("keywords-missing", without("keywords")),
    ("slots", showing("hook", text("heading", "A heading"))),
    ("slots", at("concept", lambda scene: redrawn(scene, 0, text=""))),
    ("slots", at("hook", lambda scene: replace(scene, show=(*scene.show, scene.show[0])))),
    ("marks", at("hook", lambda scene: retold(
        scene, -1, marks=(*scene.say[-1].marks, Mark(99, "emphasise", "question"))))),
    ("marks", saying("hook", "And now this.", marks=(Mark(0, "hide", "nobody"),))),
    ("marks", saying("hook", "And now this.", marks=(Mark(0, "reveal", "situation"),))),
    ("options", at("check", lambda scene: redrawn(scene, 1, correct=not scene.show[1].correct))),
    ("slot-missing", dropping("title", "question")),
    ("slot-missing", dropping("hook", "question")),
    ("slot-missing", dropping("keywords", "definition_2")),
    ("slot-missing", dropping("check", "answer")),
    ("slot-missing", dropping("recap", "answer")),
    ("slot-missing", dropping("sources", "link")),
    ("silent-scene", at("title", lambda scene: replace(scene, say=()))),
    ("silent-scene", at("sources", lambda scene: replace(scene, say=()))),
    ("too-few-facts", at("misconception", lambda scene: retold(scene, 2, kind="example"))),
    ("hook-without-question", at("hook", lambda scene: retold(scene, -1, kind="analogy"))),
    ("check-without-question", at("check", lambda scene: retold(scene, 0, kind="instruction"))),
    ("option-without-reason", at("check", lambda scene: replace(scene, say=scene.say[:-1]))),
    ("another-question", at("recap", lambda scene: redrawn(scene, 0, text="What is mass?"))),
    ("recap-without-answer", at("recap", lambda scene: retold(scene, 1, kind="example"))),
    ("title-incomplete", at("title", lambda scene: redrawn(scene, 2, text="Basketball"))),
    ("title-incomplete", at("title", lambda scene: redrawn(
        retold(scene, 1, text="Look.", spoken="Look."), 2, text="Grades 9-12"))),
    ("sources-incomplete", at("sources", lambda scene: redrawn(scene, 3, text="example.org"))),
    ("sources-incomplete", at("sources", lambda scene: redrawn(scene, 2, text="CC BY 4.0"))),
    ("fact-without-source", saying("hook", "Steel is harder than wood.", kind="fact")),
    ("not-the-source", at("misconception", lambda scene: retold(
        scene, 2, text="Inertia is a force.", spoken="Inertia is a force."))),
    ("weak-support", lambda plan: at("misconception", lambda scene: retold(
        scene, 2, text="Steel melts.", spoken="Steel melts."))(replace(plan, author="writer-1"))),
    ("unknown-source", saying("hook", "See for yourself.", cites=("m9#nowhere/1",))),
    ("citation-missing", lambda plan: replace(plan, citations=plan.citations[1:])),
    ("citation-changed", lambda plan: replace(
        plan, citations=(replace(plan.citations[0], text="No."), *plan.citations[1:]))),
    ("screen-not-said", at("keywords", lambda scene: redrawn(scene, 1, text="a kind of force"))),
    ("figure-not-free", at("concept", lambda scene: redrawn_figure(scene, "media/other.png"))),
    ("figure-without-credit", at("concept", lambda scene: replace(
        scene, show=tuple(one for one in scene.show if one.slot != "credit")))),
    ("attribution", lambda plan: replace(
        plan, attribution=replace(plan.attribution, authors=("Somebody",)))),
    ("attribution", at("sources", lambda scene: redrawn(scene, 0, text="A book"))),
    ("long-sentence", saying("hook", words(26))),
    ("long-scene", at("hook", lambda scene: replace(scene, hold_s=30.0))),
    ("spoken-differs", at("hook", lambda scene: retold(scene, 0, spoken="Something else."))),
    ("not-speakable", saying("hook", "Read **this** now.")),
    ("no-time-to-think", at("check", lambda scene: replace(
        scene, say=tuple(replace(one, pause_s=min(one.pause_s, 4.0)) for one in scene.say)))),
    ("impersonal", saying("recap", "The learner now knows it.")),
    ("crowded-screen", at("sources", lambda scene: redrawn(scene, 4, text="word " * 26))),
    ("read-aloud", at("hook", lambda scene: redrawn(
        scene, 0, text="a basketball rolling across the gym floor after it leaves"))),
    ("two-accents", showing("hook", text("credit", "Credit", "accent"))),
    ("two-at-once", at("keywords", lambda scene: retold(scene, 1, marks=tuple(
        replace(mark, word=0) for mark in scene.say[1].marks)))),
    ("unannounced", at("misconception", lambda scene: retold(scene, 1, marks=()))),
    ("term-before-meaning", at("concept", lambda scene: replace(
        scene, say=(line("A ball obeys the law of rest.", "example"), *scene.say)))),
    ("seen-not-said", saying("hook", "Look at this for a moment.")),
    ("interest-out-of-place", saying("check", "Think of basketball.")),
    ("unsafe-words", saying("hook", "Hitler was right.")),
    ("no-glyph", at("hook", lambda scene: redrawn(scene, 0, text="A ball \U0001f3c0"))),
]  # fmt: skip


def redrawn_figure(scene: Scene, member: str) -> Scene:
    """Point a scene's figure to another file; a scene without one gets it."""
    show = tuple(
        replace(one, figure=replace(one.figure, member=member)) if one.figure else one
        for one in scene.show
    )
    return replace(scene, show=show)


@pytest.fixture(scope="module")
def mapped() -> Plan:
    """Write a plan whose first concept has the figure."""
    plan = materials.plan()
    drawn, source = materials.figure(), materials.source()
    where = FigureRef(source.object_name, source.generation, drawn.member, 1600, 900)
    figure = Element("figure", "figure", "figure", drawn.alt, figure=where)
    return at("concept", lambda scene: replace(
        scene, show=(*(one for one in scene.show if one.draw != "diagram"), figure,
                     text("credit", "A Little Physics, CC BY 4.0", "muted"))))(plan)  # fmt: skip


@pytest.mark.parametrize("interest", ["basketball", "poetry", ""])
def test_a_written_plan_is_clean(interest):
    """What the author writes breaks no rule."""
    assert () == check(materials.plan(interest), materials.material())


@pytest.mark.parametrize(
    ("rule", "broken"), BREAKS, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(BREAKS)]
)
def test_each_rule_finds_its_breach(mapped, rule, broken):
    """A plan that breaks one rule is reported by that rule and by no other."""
    found = {finding.id for finding in check(broken(mapped), materials.material())}

    assert {rule} == found


def test_long_lesson(mapped):
    """More words than the grade's time allows are an error of the whole plan."""
    wordy = saying("hook", words(25))(
        saying("recap", words(25))(saying("keywords", words(25))(mapped))
    )
    longer = saying("concept", words(25))(saying("sources", words(25))(wordy))
    longer = saying("misconception", words(25))(saying("analogy_map", words(25))(longer))

    found = {(finding.id, finding.scene) for finding in check(longer, materials.material())}

    assert ("long-lesson", 0) in found


def test_impersonal_is_a_warning(mapped):
    """A lesson that never says you may still be used."""
    distant = [
        replace(one, say=tuple(line(part.text.replace("you", "us"), part.kind) for part in one.say))
        for one in mapped.scenes
    ]
    found = check(replace(mapped, scenes=tuple(distant)), materials.material())

    assert ["warning"] == [one.severity for one in found if one.id == "impersonal"]


def test_reading_level_is_a_warning():
    """The book's words may be too hard for a grade: that is said, not refused."""
    plan = materials.plan(band="1-2")
    found = [one for one in check(plan, materials.material()) if one.id == "reading-level"]

    assert ["warning"] == [one.severity for one in found]
    assert any("above grade 2" in note for note in plan.notes)


def test_long_sentences_on_average_are_a_warning(mapped):
    """A grade is told when sentences are long for it: a book's own cannot be eased."""
    third_grade = replace(mapped, brief=replace(mapped.brief, grade_band="3-5"))
    wordy = at("concept", lambda scene: replace(
        scene, say=tuple(replace(one, text=words(25), kind="example") for one in scene.say * 3)
    ))(third_grade)  # fmt: skip
    found = [one for one in check(wordy, materials.material()) if one.id == "long-on-average"]

    assert ["warning"] == [one.severity for one in found]


def test_a_term_inside_a_longer_one(mapped):
    """A law of speed is one term: it asks for the meaning of no other."""
    section = materials.section()
    named = replace(section.terms[-1], term="law of speed")
    material = replace(
        materials.material(), section=replace(section, terms=(*section.terms, named))
    )
    broken = saying("concept", "See the law of speed.", kind="example")(mapped)

    assert ["law of speed"] == [one.text for one in check(broken, material)]


def test_every_rule_has_ids_of_its_own_and_a_reason():
    """A finding's id leads to one rule and to the sentence that says why it is there."""
    ids = [name for one in RULES for name in one.ids]

    assert sorted(set(ids)) == sorted(ids)
    assert all(reason.endswith(".") for reason in REASONS.values())


def test_every_rule_is_broken_by_some_plan():
    """No rule is there that no test has seen to fail."""
    seen_apart = {
        "long-lesson", "long-on-average", "reading-level", "wrong-number", "answer-not-said",
    }  # fmt: skip

    assert set(REASONS) == {name for name, _ in BREAKS} | seen_apart


def test_interest_that_does_not_map():
    """Without a comparison the interest may only be named in the title."""
    plan = saying("hook", "Think of poetry.")(materials.plan("poetry"))

    found = check(plan, materials.material())

    assert ["interest-out-of-place"] == [one.id for one in found]


def test_allowed_edits(mapped):
    """A fact may drop a bracket of its source, and nothing else."""
    text_of_book = "A box (as one sees) stops at last."
    section = materials.section()
    added = materials.passage("p9", "body", text_of_book)
    material = replace(
        materials.material(), section=replace(section, passages=(*section.passages, added))
    )
    cited = replace(mapped, citations=(*mapped.citations, Citation("m1#p9/1", text_of_book)))
    good = saying("hook", "A box stops at last.", kind="fact", cites=("m1#p9/1",))(cited)
    bad = saying("hook", "A box stops.", kind="fact", cites=("m1#p9/1",))(cited)

    assert ([], ["not-the-source"]) == (
        [one.id for one in check(good, material)],
        [one.id for one in check(bad, material)],
    )


def test_glyphs_are_the_films():
    """By default the rule asks the film's own fonts."""
    assert "\U0001f3c0" == missing("A ball \U0001f3c0")
