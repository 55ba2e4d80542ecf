"""A little textbook section of our own, with everything that a lesson can be made of."""

from __future__ import annotations

from shared.lesson.extractive.author import ExtractiveAuthor
from shared.lesson.plan import Brief, Plan
from shared.library.book import (
    Figure,
    Licence,
    Material,
    Passage,
    PassageKind,
    Section,
    Sentence,
    Source,
    Term,
)

LESSON_ID = "0123456789abcdef0123456789abcdef"
QUESTION = "Why does a moving object keep moving?"
HEADINGS = ("Rest and Motion", "Moving On")
GLOSSARY = (
    ("inertia", "the tendency of an object to keep its state of motion"),
    ("friction", "a force between two surfaces that works against sliding"),
    ("mass", "how much matter there is in an object"),
    ("law of rest", "the rule that nothing starts or stops by itself"),
    ("speed", "how far something gets in each second"),
)


def passage(name: str, kind: PassageKind, *texts: str, **more: object) -> Passage:
    """Make a passage of the section; `name` is its element."""
    path = f"m1#{name}"
    pattern = f"{path}/{{n}}.1" if kind in {"list", "summary"} else f"{path}/{{n}}"
    sentences = tuple(Sentence(pattern.format(n=n), text) for n, text in enumerate(texts, start=1))
    return Passage(path, kind, HEADINGS, sentences, **more)  # type: ignore[arg-type]


def entry(name: str, meaning: str, module: str = "m1") -> tuple[Term, Passage]:
    """Make a key term with the glossary passage that defines it."""
    path = f"{module}#def-{name.replace(' ', '-')}"
    line = Sentence(f"{path}/1", f"{name[:1].upper()}{name[1:]}: {meaning}.")
    return Term(name, meaning, line.id), Passage(path, "glossary", HEADINGS[:1], (line,))


def source() -> Source:
    """Make the book."""
    return Source(
        slug="little",
        title="A Little Physics",
        authors=("Ann Other", "Bo Writer"),
        licence=Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        url="https://example.org/little",
        language="en",
        object_name=f"books/little/{'a' * 64}.zip",
        generation=3,
        sha256="a" * 64,
    )


def figure() -> Figure:
    """Make a free figure that one passage points to."""
    return Figure(
        id="m1#fig1",
        member="media/puck.png",
        alt="A puck slides over smooth ice; no arrow of force acts along its way.",
        caption="A puck on smooth ice slides on at the same speed.",
        caption_sentence="m1#fig1/1",
        credit="",
        usable=True,
        width=1600,
        height=900,
    )


def section() -> Section:
    """Make the section that the question is about."""
    terms, entries = zip(*(entry(name, meaning) for name, meaning in GLOSSARY), strict=True)
    return Section(
        module="m1",
        number="1.1",
        title="Rest and Motion",
        chapter="Forces",
        url="https://example.org/little/1-1",
        terms=terms,
        figures=(figure(),),
        passages=(*_taught(), *entries),
    )


def neighbour() -> Section:
    """Make the next best section."""
    term, line = entry("volume", "the space that something takes up", "m2")
    return Section("m2", "1.2", "Space", "Forces", "https://example.org/little/1-2",
                   terms=(term,), passages=(line,))  # fmt: skip


def material() -> Material:
    """Make what an author may teach from."""
    return Material(source(), section(), (neighbour(),))


def brief(interest: str = "basketball", question: str = QUESTION, band: str = "9-12") -> Brief:
    """Make a brief for a film."""
    return Brief(question, interest, band, ("video",))


def plan(interest: str = "basketball", question: str = QUESTION, band: str = "9-12") -> Plan:
    """Write the plan of a lesson on the little section."""
    return ExtractiveAuthor().write(LESSON_ID, brief(interest, question, band), material())


def _taught() -> tuple[Passage, ...]:
    return (
        passage("p1", "body", "Roll a ball over a smooth floor and watch it.",
                "Nobody pushes the ball after it leaves your hand.", "The ball rolls on."),
        passage("p2", "body", "The law of rest says two things:", marks=("law of rest",)),
        passage("l1", "list", "An object at rest stays at rest unless a force acts on it.",
                "A moving object keeps its state of motion unless a force acts on it."),
        passage("p3", "body", "Inertia is what keeps a moving object moving.",
                "An object with more inertia is harder to stop.",
                "A puck on smooth ice slides on at the same speed for a long way.",
                marks=("inertia",), figures=("m1#fig1",)),
        passage("p4", "body", "Friction slows a sliding box until it stops.",
                "Rough floors cause more friction than smooth ones.",
                "Without friction a moving object would keep moving.", marks=("friction",)),
        passage("p5", "body", "The box (as said before) stops.",
                "Its mass is 5 kg, as the table shows."),
        passage("t1", "tip", "You might think that a moving object needs a steady push.",
                "A push is needed only to change its motion."),
        passage("s1", "summary", "Inertia is the tendency of an object to keep its motion.",
                "Friction is a force that works against sliding.",
                "Objects with more mass have more inertia."),
        passage("fig1", "caption", "A puck on smooth ice slides on at the same speed."),
    )  # fmt: skip
