"""The words that the command line understands."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TypeAlias

from local import commands
from local.addresses import FIRST_PORT
from local.operator import operate
from local.state_folder import FOLDER
from shared.ops.words import add_words

LEAST_PORT, MOST_PORT = 1, 65_500  # the others follow the first
MOST_ROWS = 1_000_000
MODALITIES = ("text", "audio", "video")


def parser() -> argparse.ArgumentParser:
    """Build the parser; each command names the function that runs it."""
    top = argparse.ArgumentParser(
        prog="python -m local",
        description="Run the whole pipeline on this machine, without an account.",
    )
    top.add_argument("--state", type=Path, default=FOLDER, help="folder that keeps everything")
    words = top.add_subparsers(required=True, metavar="COMMAND")
    _up(words)
    _lesson(words)
    _answer(words)
    _plan(words)
    _gallery(words)
    _send(words)
    _runs(words)
    _show(words)
    _library(words)
    _env(words)
    top.set_defaults(run=operate)  # unless a command names another
    add_words(words)
    return top


Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001


def _up(words: Words) -> None:
    up = words.add_parser("up", help="keep a stack running until Ctrl-C")
    _starts(up)
    up.set_defaults(run=commands.up)


def _lesson(words: Words) -> None:
    lesson = words.add_parser("lesson", help="ask a question and wait for its lesson")
    _question(lesson)
    _starts(lesson)
    _json(lesson)
    lesson.set_defaults(run=commands.lesson)


def _answer(words: Words) -> None:
    answer = words.add_parser("answer", help="answer what a request was asked back")
    answer.add_argument("id", help="the request's id, or the beginning of it")
    answer.add_argument("words", nargs="+", help="an option's number, or the student's own words")
    _starts(answer)
    _json(answer)
    answer.set_defaults(run=commands.answer)


def _plan(words: Words) -> None:
    plan = words.add_parser("plan", help="write a lesson's plan, and render nothing")
    _question(plan)
    plan.add_argument(
        "--explain", action="store_true", help="as a storyboard, with what the rules find in it"
    )
    _starts(plan)
    _json(plan)
    plan.set_defaults(run=commands.plan)


def _gallery(words: Words) -> None:
    gallery = words.add_parser("gallery", help="make ten lessons and a contact sheet of them")
    gallery.add_argument("--book", type=Path, help="a textbook to teach from (default the sampler)")
    gallery.add_argument("--out", type=Path, help="folder for the sheet (default the state's)")
    _starts(gallery)
    _json(gallery)
    gallery.set_defaults(run=commands.gallery)


def _question(command: argparse.ArgumentParser) -> None:
    command.add_argument("question")
    command.add_argument("--interest", default="", help="what the student likes")
    command.add_argument("--grade", default="10", help="1 to 12 (default 10)")
    command.add_argument(
        "--modalities",
        type=_modalities,
        default=("video",),
        metavar="video|audio|text",
        help="one, or several with commas (default video)",
    )


def _send(words: Words) -> None:
    send = words.add_parser("send", help="publish raw request messages to a running stack")
    send.add_argument("message", help="a JSON object, a file of JSON lines, or - for stdin")
    _json(send)
    send.set_defaults(run=commands.send)


def _runs(words: Words) -> None:
    runs = words.add_parser("runs", help="list the newest requests")
    runs.add_argument("--limit", type=_count, default=20, help="how many (default 20)")
    _json(runs)
    runs.set_defaults(run=commands.runs)


def _show(words: Words) -> None:
    show = words.add_parser("show", help="show one request with its history, text and files")
    show.add_argument("id", help="the request's id, or the beginning of it")
    _json(show)
    show.set_defaults(run=commands.show)


def _library(words: Words) -> None:
    library = words.add_parser("library", help="the textbooks").add_subparsers(
        required=True, metavar="add|list"
    )
    add = library.add_parser("add", help="add an OpenStax book: a folder or zip of its CNXML")
    add.add_argument("path", type=Path)
    _starts(add)
    _json(add)
    add.set_defaults(run=commands.library_add)
    books = library.add_parser("list", help="list the books")
    _json(books)
    books.set_defaults(run=commands.library_list)


def _env(words: Words) -> None:
    env = words.add_parser("env", help='the running stack as variables: eval "$(… env)"')
    _json(env)
    env.set_defaults(run=commands.env)


def _starts(command: argparse.ArgumentParser) -> None:
    # A text as default is read like an argument, mistakes included.
    first = os.environ.get("LOCAL_PORT", str(FIRST_PORT))
    command.add_argument("--port", type=_port, default=first, help=f"first port (default {first})")
    command.add_argument("--fresh", action="store_true", help="forget everything first")
    command.add_argument(
        "--google-emulators", action="store_true", help="run on Google's own emulators"
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON for programs")


def _port(text: str) -> int:
    if not (text.isdecimal() and LEAST_PORT <= int(text) <= MOST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r}: give a port, {LEAST_PORT} to {MOST_PORT}")
    return int(text)


def _count(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < MOST_ROWS):
        raise argparse.ArgumentTypeError(f"{text!r}: give a number from 1")
    return int(text)


def _modalities(text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [part for part in chosen if part not in MODALITIES]
    if unknown or not chosen:
        allowed = ", ".join(MODALITIES)
        raise argparse.ArgumentTypeError(f"{text!r}: choose from {allowed}")
    return chosen
