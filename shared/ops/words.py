"""The words that an operator's commands understand, here and on a stack of one's own."""

from __future__ import annotations

import argparse
import re
from typing import TypeAlias

from shared.limits import DAY_S, HOUR_S, MINUTE_S, STAGES
from shared.ops import commands, doctor, embedding, lookups, student, timeline
from shared.ops.typed import a_text, an_operator

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
UNITS_S = {"s": 1, "m": MINUTE_S, "h": HOUR_S, "d": DAY_S}
AGE = re.compile(r"(\d{1,6}(?:\.\d+)?)([smhd])")
RATE = re.compile(r"(\d{1,4}(?:\.\d+)?)(?:/([smh]))?")
MOST_ROWS = 1_000_000
NAMED = "stage/message-id as the list shows it, or the beginning of it"


def add_words(words: Words) -> None:
    """Add every command of an operator; each names the function that runs it as `operate`."""
    about = "messages that no stage could work on"
    letters = words.add_parser("dead-letters", help=about, description=f"Dead letters: {about}.")
    under = letters.add_subparsers(required=True, metavar="list|show|export|replay|discard")
    _list(under)
    _show(under)
    _export(under)
    _replay(under)
    _discard(under)
    _cancel(words)
    _doctor(words)
    embedding.add_words(words)
    lookups.add_words(words)
    timeline.add_words(words)
    student.add_words(words)


def _list(words: Words) -> None:
    own = words.add_parser("list", help="list them, the one seen last first")
    _filters(own)
    own.add_argument("--all", action="store_true", help="those that are settled as well")
    own.add_argument("--limit", type=_count, default=50, help="at most so many (default 50)")
    _ends(own, commands.list_letters)


def _show(words: Words) -> None:
    own = words.add_parser("show", help="show one with its claim, request, lesson and journal")
    own.add_argument("id", metavar="ID", help=NAMED)
    own.add_argument("--show-text", action="store_true", help="with the student's words")
    _ends(own, commands.show_letter)


def _export(words: Words) -> None:
    own = words.add_parser("export", help="write them down whole, one JSON object a line")
    _filters(own)
    own.add_argument("--all", action="store_true", help="those that are settled as well")
    own.add_argument("--limit", type=_count, default=1000, help="at most so many (default 1000)")
    own.add_argument("--show-text", action="store_true", help="with the student's words")
    _ends(own, commands.export_letters)


def _replay(words: Words) -> None:
    own = words.add_parser(
        "replay",
        help="send some again, as a new attempt of the same work",
        description="Send dead letters again, as a new attempt of the same work. Without --yes "
        "nothing is sent, only said. One goes first, alone; the rest follow when it came through.",
    )
    own.add_argument("ids", metavar="ID", nargs="*", help=NAMED)
    _filters(own)
    own.add_argument("--limit", type=_count, default=1000, help="at most so many (default 1000)")
    own.add_argument("--yes", action="store_true", help="send them; else it is a dry run")
    own.add_argument("--again", action="store_true", help="settled ones as well")
    own.add_argument(
        "--rate", type=_rate_hz, default=5.0, metavar="N/s", help="at most so many (default 5/s)"
    )
    own.add_argument(
        "--canary-wait", type=_age_s, default=60.0, metavar="AGE",
        help="how long the first one may take (default 60s)",
    )  # fmt: skip
    an_operator(own)
    _ends(own, commands.replay_letters, needs_cloud=True)


def _discard(words: Words) -> None:
    own = words.add_parser("discard", help="settle some for good")
    own.add_argument("ids", metavar="ID", nargs="+", help=NAMED)
    own.add_argument("--reason", type=a_text, required=True, help="why; the journal keeps it")
    an_operator(own)
    _ends(own, commands.discard_letters)


def _cancel(words: Words) -> None:
    own = words.add_parser("cancel", help="let a request wait no more for its lesson")
    own.add_argument("request", metavar="REQUEST", help="its id, or the beginning of it")
    _ends(own, commands.cancel_request, needs_cloud=True)


def _doctor(words: Words) -> None:
    own = words.add_parser(
        "doctor",
        help="see that services, schema and models would answer, and what mends what does not",
        description="Look at database, schema, clock, Firestore, buckets, topics, and ask each "
        "writing model one tiny question, which costs a fraction of a cent. Everything that is "
        "wrong is listed at once, with what mends it.",
    )
    parts = ("services", "models")
    own.add_argument("--only", choices=parts, help="services alone, or models, whoever writes")
    own.add_argument("--json", action="store_true", help="print JSON for programs")
    own.set_defaults(alone=doctor.doctor)


def _filters(own: argparse.ArgumentParser) -> None:
    own.add_argument(
        "--stage", choices=STAGES, metavar="STAGE", help=f"only of one: {', '.join(STAGES)}"
    )
    own.add_argument("--reason", default="", help="only with this reason, such as not-json")
    own.add_argument(
        "--older", type=_age_s, metavar="AGE", help="last seen before, such as 2h or 3d ago"
    )
    own.add_argument("--newer", type=_age_s, metavar="AGE", help="last seen since then")


def _ends(
    own: argparse.ArgumentParser, operate: commands.Operate, *, needs_cloud: bool = False
) -> None:
    own.add_argument("--json", action="store_true", help="print JSON for programs")
    own.set_defaults(operate=operate, needs_cloud=needs_cloud)


def _count(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < MOST_ROWS):
        raise argparse.ArgumentTypeError(f"{text!r}: give a number from 1")
    return int(text)


def _age_s(text: str) -> float:
    found = AGE.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r}: give an age such as 90s, 15m, 2h or 3d")
    return float(found[1]) * UNITS_S[found[2]]


def _rate_hz(text: str) -> float:
    found = RATE.fullmatch(text)
    if found is None or not float(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r}: give a rate such as 5/s or 30/m")
    return float(found[1]) / UNITS_S[found[2] or "s"]
