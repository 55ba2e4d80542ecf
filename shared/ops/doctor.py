"""Whether the models would answer: each is asked one tiny question.

A call costs a fraction of a cent and stands in no ledger, as it belongs to no lesson.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime

from rich.console import Console

from shared import config
from shared.errors import PipelineError, Refused
from shared.lesson.gemini.faults import BadDraft
from shared.lesson.gemini.model import Model, Prompt
from shared.lesson.gemini.reply import text_of
from shared.lesson.gemini.settings import GeminiSettings
from shared.ops import embedding
from shared.ops.voice_check import examined_voice
from shared.spending.models import warnings

WELL, UNWELL = 0, 1
TIMEOUT_S = 20.0
QUESTION = Prompt(
    system="Answer with the JSON object that the schema describes.",
    contents="{}",
    schema={"type": "object", "properties": {"well": {"type": "boolean"}}, "required": ["well"]},
    most_tokens=1024,
)


def doctor(options: Namespace, console: Console) -> int:
    """Try each configured model and list what is wrong; raises BadSettings."""
    from shared.gcp.embeddings import VertexEmbeddings  # noqa: PLC0415 - for this command alone
    from shared.gcp.vertex import Vertex  # noqa: PLC0415

    settings = config.read()
    gemini = config.gemini()
    found = list(examined(gemini, Vertex(settings.project, gemini.emulator), _today()))
    found += embedding.examined(settings, VertexEmbeddings(settings.project, gemini.emulator))
    if settings.speech is not None:
        from shared.wiring import CloudServices  # noqa: PLC0415 - sound, where a voice is paid for

        speaker = settings.speech.speaker
        found.append(examined_voice(speaker, CloudServices(settings).speaking(speaker)))
    if options.json:
        told = [{"about": about, "said": said, "well": is_well} for about, said, is_well in found]
        sys.stdout.write(json.dumps({"author": settings.author, "found": told}, indent=2) + "\n")
    else:
        if gemini.emulator:
            console.print(f"Asking the fake at {gemini.emulator}.", highlight=False)
        if settings.author != "gemini":
            console.print("AUTHOR is extractive, which needs no model; this is what gemini meets.")
        for about, said, is_well in found:
            colour = "green" if is_well else "red"
            line = f"{about}: {said}"
            console.print(line, style=colour, markup=False, highlight=False, soft_wrap=True)
    return WELL if all(is_well for _, _, is_well in found) else UNWELL


def examined(gemini: GeminiSettings, model: Model, today: date) -> Iterator[tuple[str, str, bool]]:
    """Ask each candidate; gives what was looked at, what to know of it, and whether it is well."""
    for warning in warnings(gemini.candidates, today):
        yield "models", warning, False
    for one in gemini.candidates:
        about = f"{one.model.name} at {one.location}"
        price = one.model.price(today)
        try:
            text_of(model.ask(one.model.name, one.location, QUESTION, TIMEOUT_S))
        except (Refused, BadDraft) as fault:
            yield about, f"answers, but not this question: {type(fault).__name__}", False
        except PipelineError as fault:
            yield about, str(fault), False
        else:
            yield about, f"answers; {price.read} and {price.written} USD a million tokens", True


def _today() -> date:
    return datetime.now(UTC).date()
