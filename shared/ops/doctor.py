"""Whether the pipeline would work from here: its services, its schema, and the models that write.

A model is asked one tiny question; the call costs a fraction of a cent and stands in no ledger, as
it belongs to no lesson.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import starmap

from rich.console import Console

from shared import config
from shared.config import Settings
from shared.errors import PipelineError, Refused
from shared.lesson.gemini.faults import BadDraft
from shared.lesson.gemini.model import Model, Prompt
from shared.lesson.gemini.reply import text_of
from shared.lesson.gemini.settings import GeminiSettings
from shared.ops import embedding
from shared.ops.surroundings import Finding, checks, of_the_cloud, of_the_database
from shared.ops.voice_check import examined_voice
from shared.spending.models import warnings

WELL, UNWELL = 0, 1
NAME_ANOTHER = 'do what it says, or name another: export GEMINI_MODELS="MODEL@LOCATION"'
TIMEOUT_S = 20.0
QUESTION = Prompt(
    system="Answer with the JSON object that the schema describes.",
    contents="{}",
    schema={"type": "object", "properties": {"well": {"type": "boolean"}}, "required": ["well"]},
    most_tokens=1024,
)


def doctor(options: Namespace, console: Console) -> int:
    """Look at what the environment names and list all that is wrong; raises BadSettings."""
    return told(options, console, None, "./deploy.sh doctor --project ID --region REGION")


def told(
    options: Namespace, console: Console, variables: Mapping[str, str] | None, mends: str
) -> int:
    """List every finding; `mends` is the command that brings services back.  Raises BadSettings."""
    settings = config.read(variables)
    found: list[Finding] = []
    if options.only != "models":
        found += of_the_database(settings.database_url, mends)
        found += of_the_cloud(checks(settings), mends)
    if options.only == "models" or (settings.author == "gemini" and not options.only):
        found += _of_the_models(settings, config.gemini(variables))
    elif not options.only:
        found.append(Finding("models", "AUTHOR is extractive, which needs none"))
    if options.only != "services":
        found += [*_of_the_embeddings(settings), *_of_the_voice(settings)]
    if options.json:
        rows = [
            {"about": one.about, "said": one.said, "well": one.well, "mends": one.mends}
            for one in found
        ]
        sys.stdout.write(json.dumps({"author": settings.author, "found": rows}, indent=2) + "\n")
    else:
        _print(found, console)
    return WELL if all(one.well for one in found) else UNWELL


def _of_the_models(settings: Settings, gemini: GeminiSettings) -> Iterator[Finding]:
    from shared.gcp.vertex import Vertex  # noqa: PLC0415 - for this command alone

    yield from examined(gemini, Vertex(settings.project, gemini.emulator), _today())


def _of_the_embeddings(settings: Settings) -> Iterator[Finding]:
    if settings.embedding is not None:
        from shared.gcp.embeddings import VertexEmbeddings  # noqa: PLC0415 - for this command alone

        model = VertexEmbeddings(settings.project, settings.embedding.emulator)
        yield from starmap(_finding, embedding.examined(settings, model))


def _of_the_voice(settings: Settings) -> Iterator[Finding]:
    if settings.speech is not None:
        from shared.wiring import CloudServices  # noqa: PLC0415 - sound, where a voice is paid for

        speaker = settings.speech.speaker
        yield _finding(*examined_voice(speaker, CloudServices(settings).speaking(speaker)))


def _finding(about: str, said: str, is_well: bool) -> Finding:  # noqa: FBT001 - as they are told
    return Finding(about, said, "" if is_well else NAME_ANOTHER)


def _print(found: Sequence[Finding], console: Console) -> None:
    for one in found:
        line = f"{one.about}: {one.said}"
        colour = "green" if one.well else "red"
        console.print(line, style=colour, markup=False, highlight=False, soft_wrap=True)
        if not one.well:
            console.print(f"  {one.mends}", markup=False, highlight=False, soft_wrap=True)


def examined(gemini: GeminiSettings, model: Model, today: date) -> Iterator[Finding]:
    """Ask each candidate whether it would answer."""
    for warning in warnings(gemini.candidates, today):
        yield Finding("models", warning, NAME_ANOTHER)
    for one in gemini.candidates:
        about = f"{one.model.name} at {one.location}"
        price = one.model.price(today)
        try:
            text_of(model.ask(one.model.name, one.location, QUESTION, TIMEOUT_S))
        except (Refused, BadDraft) as fault:
            said = f"answers, but not this question: {type(fault).__name__}"
            yield Finding(about, said, NAME_ANOTHER)
        except PipelineError as fault:
            yield Finding(about, str(fault), NAME_ANOTHER)
        else:
            yield Finding(about, f"answers; {price.read} and {price.written} USD a million tokens")


def _today() -> date:
    return datetime.now(UTC).date()
