"""The contact sheet: one HTML page with every lesson's film, stills, plan, findings and checks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from shared.lesson.plan import Plan

STYLE = """
:root { color-scheme: light; --ink: #1b1f3b; --mute: #5f6587; --line: #e4ded3; --paper: #fbf8f3; }
body { margin: 0 auto; max-width: 1320px; padding: 32px; background: var(--paper);
  color: var(--ink); font: 16px/1.5 Inter, system-ui, sans-serif; }
h1 { font-size: 34px; margin: 0 0 4px } h2 { font-size: 24px; margin: 0 } p { margin: 4px 0 }
.mute { color: var(--mute) } .good { color: #0a7272 } .bad { color: #b3261e; font-weight: 600 }
article { background: white; border: 1px solid var(--line); border-radius: 16px; padding: 24px;
  margin: 28px 0 }
.top { display: grid; grid-template-columns: minmax(0, 1fr) 560px; gap: 24px; align-items: start }
video { width: 100%; border-radius: 10px; background: black }
.stills { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 12px;
  margin-top: 18px } figure { margin: 0 } img { width: 100%; border-radius: 8px;
  border: 1px solid var(--line); display: block } figcaption { font-size: 13px }
details { margin-top: 14px } summary { cursor: pointer; font-weight: 600 }
pre { font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; background: var(--paper);
  padding: 16px; border-radius: 8px; overflow-x: auto } table { border-collapse: collapse }
td { padding: 2px 14px 2px 0; vertical-align: top; font-size: 14px }
@media (max-width: 900px) { .top { grid-template-columns: 1fr } }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A lesson on the sheet; paths are relative to the sheet."""

    question: str
    interest: str
    grade: str
    plan: Plan | None
    film: str = ""
    captions: str = ""
    stills: tuple[str, ...] = ()
    storyboard: str = ""
    findings: tuple[str, ...] = ()
    checks: str = ""  # the film's own report, as JSON
    reason: str = ""  # why there is no film


def page(title: str, lessons: Sequence[Shown]) -> str:
    """Write the whole page."""
    made = sum(bool(lesson.film) for lesson in lessons)
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="mute">{made} of {len(lessons)} lessons became films.</p>',
    ]
    for lesson in lessons:
        parts += ["<article>", *_article(lesson), "</article>"]
    return "\n".join([*parts, "</body></html>", ""])


def _article(lesson: Shown) -> Iterator[str]:
    yield '<div class="top"><div>'
    yield f"<h2>{escape(lesson.question)}</h2>"
    yield f'<p class="mute">{escape(lesson.interest)} · grade {escape(lesson.grade)}</p>'
    if lesson.reason:
        yield f'<p class="bad">{escape(lesson.reason)}</p>'
    if lesson.plan is not None:
        yield from _facts(lesson, lesson.plan)
    yield "</div>"
    if lesson.film:
        yield f'<video controls preload="metadata" src="{_url(lesson.film)}">'
        yield '<track kind="captions" srclang="en" label="English" default'
        yield f' src="{_url(lesson.captions)}">'
        yield "</video>"
    yield "</div>"
    yield from _stills(lesson)
    if lesson.storyboard:
        yield f"<details><summary>The plan</summary><pre>{escape(lesson.storyboard)}</pre>"
        yield "</details>"
    yield from _checks(lesson)


def _facts(lesson: Shown, plan: Plan) -> Iterator[str]:
    book = plan.attribution
    yield f"<p>{escape(book.title)}, {escape(book.section)}, {escape(book.licence)}</p>"
    mapped = plan.personalisation
    comparison = f"compared by: {mapped.schema}" if mapped.mapped else "no comparison is true here"
    yield f"<p>{escape(comparison)}</p>"
    for finding in lesson.findings:
        yield f'<p class="bad">{escape(finding)}</p>'
    if not lesson.findings:
        yield '<p class="good">Every rule of the plan is kept.</p>'


def _stills(lesson: Shown) -> Iterator[str]:
    if lesson.plan is None or not lesson.stills:
        return
    yield '<div class="stills">'
    for scene, still in zip(lesson.plan.scenes, lesson.stills, strict=True):
        name = f"{scene.n} {scene.type.replace('_', ' ')}"
        alt = f"{name}: {scene.title}"
        yield f'<figure><img loading="lazy" src="{_url(still)}" alt="{escape(alt, quote=True)}">'
        yield f"<figcaption>{escape(name)}</figcaption></figure>"
    yield "</div>"


def _checks(lesson: Shown) -> Iterator[str]:
    if not lesson.checks:
        return
    found = json.loads(lesson.checks)["checks"]
    failed = sum(not one["passed"] for one in found)
    told = f"{failed} failed" if failed else f"all {len(found)} passed"
    yield f"<details><summary>The film's checks: {told}</summary><table>"
    for one in found:
        kind = "good" if one["passed"] else "bad"
        cells = (one["id"], one["value"], one["limit"])
        row = "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)
        yield f'<tr class="{kind}">{row}</tr>'
    yield "</table></details>"


def _url(path: str) -> str:
    return escape(Path(path).as_posix(), quote=True)
