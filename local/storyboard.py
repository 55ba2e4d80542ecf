"""A plan as a storyboard: scene by scene what is said, what appears with which word, and why."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from local.planning import Planned
from shared.lesson.checks import REASONS, RULES
from shared.lesson.pace import seconds, words_of_plan
from shared.lesson.plan import Element, Line, Plan, Scene
from shared.lesson.readability import grade
from shared.lesson.support import support

DEEDS = {"reveal": "+", "hide": "-", "emphasise": "!"}
SEVERITIES = {"error": "bold red", "warning": "yellow"}


def show(found: Planned, console: Console) -> None:
    """Print the whole storyboard, then the findings with the reason of each rule."""
    plan = found.plan
    console.print(Text(plan.brief.question, "bold"))
    console.print(Text(f"  {_facts(plan)}"))
    book = {citation.id: citation.text for citation in plan.citations}
    for scene in plan.scenes:
        _scene(scene, plan.brief.grade_band, book, console)
    console.print()
    for note in plan.notes:
        console.print(Text(f"  note: {note}"))
    _findings(found, console)


def _facts(plan: Plan) -> str:
    mapped = plan.personalisation
    interest = f"{plan.brief.interest} as {mapped.schema}" if mapped.mapped else "no comparison"
    length_s = sum(seconds(scene, plan.brief.grade_band) for scene in plan.scenes)
    said = [line.text for scene in plan.scenes for line in scene.say]
    return " · ".join(
        (
            plan.attribution.section,
            f"grades {plan.brief.grade_band}",
            interest,
            f"{len(plan.scenes)} scenes",
            f"{words_of_plan(plan)} words",
            f"about {length_s:.0f} s",
            f"reads at grade {grade(said):.1f}",
        )
    )


def _scene(scene: Scene, grade_band: str, book: dict[str, str], console: Console) -> None:
    console.print()
    head = Text(f"{scene.n:2}  {scene.type.replace('_', ' ')}", "bold cyan")
    head.append(f"  {scene.title}", "bold").append(f"  {seconds(scene, grade_band):.0f} s", "dim")
    console.print(head)
    for line in scene.say:
        console.print(Padding(_line(line, book), (0, 0, 0, 4)))
    for element in scene.show:
        shown = Text(f"{element.slot:<14} ", "green").append(_content(element), "default")
        console.print(Padding(shown, (0, 0, 0, 6)))


def _line(line: Line, book: dict[str, str]) -> Text:
    """Write a sentence with its marks at their words, its kind and what carries it."""
    written = Text()
    for place, word in enumerate(line.spoken.split()):
        for mark in line.marks:
            if mark.word == place:
                written.append(f"[{DEEDS[mark.do]}{mark.what}] ", "green")
        written.append(f"{word} ")
    written.append(f" {line.kind}", "dim")
    if line.pause_s:
        written.append(f", then {line.pause_s:g} s of silence", "dim")
    if line.cites:
        carried = support(line.text, [book[one] for one in line.cites if one in book])
        written.append(f", support {carried:.2f}: {', '.join(line.cites)}", "dim")
    return written


def _content(element: Element) -> str:
    if element.cells:
        return " | ".join(element.cells)
    return element.text or element.alt


def _findings(found: Planned, console: Console) -> None:
    console.print()
    if not found.findings:
        console.print(Text(f"All {len(RULES)} rules are kept.", "green"))
    for one in found.findings:
        where = f"scene {one.scene}" if one.scene else "whole plan"
        head = Text(f"{one.severity:<8}", SEVERITIES[one.severity]).append(f"{one.id}", "bold")
        console.print(head.append(f"  {where}: {one.text}", "default"))
        console.print(Padding(Text(REASONS[one.id], "dim"), (0, 0, 0, 8)))
