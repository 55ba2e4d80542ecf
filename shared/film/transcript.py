"""The lesson as a page to read: what is said, and what is shown, scene by scene."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape

from shared.film.captions import stamp
from shared.film.clock import seconds_at
from shared.lesson.plan import Plan, Scene


def title_of(plan: Plan) -> str:
    """Name the lesson: its question."""
    return plan.brief.question


def as_text(plan: Plan) -> str:
    """Write the transcript as plain text."""
    blocks = [title_of(plan)]
    for scene in plan.scenes:
        said = " ".join(line.text for line in scene.say)
        blocks.append(f"{scene.title}\n{said}\n{described(scene)}")
    blocks.append("\n".join(credit_lines(plan)))
    return "\n\n".join(blocks) + "\n"


def as_html(plan: Plan) -> str:
    """Write the transcript as one HTML page without scripts or links to other files."""
    title = escape(title_of(plan))
    parts = [
        "<!doctype html>",
        f'<html lang="{escape(plan.brief.language)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{title}</title>",
        f'<meta property="og:image:alt" content="{escape(cover_alt(plan))}">',
        f"</head><body><main><h1>{title}</h1>",
    ]
    for scene in plan.scenes:
        said = " ".join(escape(line.text) for line in scene.say)
        parts.append(f"<section><h2>{escape(scene.title)}</h2><p>{said}</p>")
        parts.append(f"<p><em>{escape(described(scene))}</em></p></section>")
    credits_ = "<br>".join(escape(line) for line in credit_lines(plan))
    parts.append(f"</main><footer><p>{credits_}</p></footer></body></html>")
    return "\n".join(parts) + "\n"


def chapters(plan: Plan, frames: Sequence[int]) -> str:
    """Write chapters as WebVTT, one per scene; `frames` are the scenes' lengths."""
    blocks, base = ["WEBVTT"], 0
    for scene, length in zip(plan.scenes, frames, strict=True):
        start, end = stamp(seconds_at(base)), stamp(seconds_at(base + length))
        blocks.append(f"{start} --> {end}\n{escape(scene.title, quote=False)}")
        base += length
    return "\n\n".join(blocks) + "\n"


def sources(plan: Plan, voice: str) -> bytes:
    """Write where everything in the lesson comes from, as JSON."""
    told = {
        "lesson_id": plan.lesson_id,
        "attribution": asdict(plan.attribution),
        "adapted": True,
        "author": plan.author,
        "voice": voice,
        "thumbnail_alt": cover_alt(plan) if "video" in plan.brief.modalities else "",
        "citations": [asdict(citation) for citation in plan.citations],
        "notes": list(plan.notes),
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def tags(plan: Plan) -> dict[str, str]:
    """Give the tags inside the media file: title, attribution and licence.

    The title is the section's, never the student's words: tags travel further than the film.
    """
    book = plan.attribution
    return {
        "title": book.section,
        "artist": ", ".join(book.authors),
        "album": book.title,
        "comment": " ".join(credit_lines(plan)),
        "copyright": f"{book.licence} {book.licence_url}",
    }


def credit_lines(plan: Plan) -> list[str]:
    """Say whose work this is adapted from, complete enough for CC BY."""
    book = plan.attribution
    return [
        f"Adapted from {book.title} by {', '.join(book.authors)}, section {book.section}.",
        f"Read it at {book.url}",
        f"Licence: {book.licence}, {book.licence_url}",
        f"Synthetic voice; plan written by {plan.author}.",
        *(note for note in plan.notes if note.startswith("Degraded: ")),
    ]


def described(scene: Scene) -> str:
    """Say what is to be seen: pictures by their descriptions, else the words that are written."""
    alts = [element.alt for element in scene.show if element.alt and element.draw != "text"]
    words = [f"\u201c{element.text}\u201d" for element in scene.show if element.text]
    return f"[On screen: {'; '.join(alts or words) or 'nothing but the background'}]"


def cover_alt(plan: Plan) -> str:
    """Describe the thumbnail, which is the title scene, for those who do not see it."""
    scene = next((scene for scene in plan.scenes if scene.type == "title"), plan.scenes[0])
    words = [element.text for element in scene.show if element.text] or [scene.title]
    return f"Cover of the lesson with the words: {'; '.join(words)}"
