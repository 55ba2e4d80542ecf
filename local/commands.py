"""What each command does; every one gives the process's exit code."""

from __future__ import annotations

import json
import shlex
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

import psutil
from rich.console import Console

from local import ask, bookshelf, display, inquiring, results
from local.follow import follow
from local.processes import broken
from local.progress import shown
from local.services import Connected
from local.sessions import check_stack, must_run, readable, running, started
from shared.lesson.text import article
from shared.report import RequestReport

DONE, NOT_COMPLETED = 0, 1
WATCH_S = 0.5


def up(options: Namespace, console: Console) -> int:
    """Keep a stack running until Ctrl-C."""
    check = partial(check_stack, options.state)
    with started(options, console, serves=True) as stack:
        with closing(Connected(stack.running)) as connected:
            bookshelf.stock(connected, console, check)
        display.ready(stack, options.state, console)
        said = ""
        while True:
            fault = broken(options.state)
            if fault and fault != said:
                display.mistake(fault, console)
            said = fault
            time.sleep(WATCH_S)


def lesson(options: Namespace, console: Console) -> int:
    """Ask one question, on the stack that runs here or on one of its own, and wait."""
    check = partial(check_stack, options.state)
    with running(options, console) as connected:
        bookshelf.stock(connected, console, check)
        question = _question(options)
        request_id = ask.ask(connected.events, question)
        display.asked(question, request_id, _age_s(), console)
        with shown(console) as view:
            report = follow(connected.reports, request_id, view, check)
        report = _answered_on_the_way(report, connected, options, console, check)
        files = results.bring(connected.objects, report, options.state)
    return _ended(report, files, options, console)


def answer(options: Namespace, console: Console) -> int:
    """Answer what a request was asked back, and wait for its lesson."""
    check = partial(check_stack, options.state)
    with running(options, console) as connected:
        report = connected.reports.show(options.id)
        if report.open is None:
            raise ValueError(f"This request is {report.run.status}: it waits for no answer.")
        said = inquiring.read(report.open, " ".join(options.words))
        report = _sent(report, said, connected, console, check)
        report = _answered_on_the_way(report, connected, options, console, check)
        files = results.bring(connected.objects, report, options.state)
    return _ended(report, files, options, console)


def plan(options: Namespace, console: Console) -> int:
    """Write the plan of a lesson from the library that is here, and render nothing."""
    from local import planning, storyboard  # noqa: PLC0415  # the author, for this command alone

    with bookshelf.opened(options, console) as connected:
        found = planning.planned(
            _question(options), connected.books, connected.author, connected.film_shape
        )
    if options.json:
        _print(planning.as_json(found))
    elif options.explain:
        storyboard.show(found, console)
    else:
        display.lesson_text(article(found.plan), console)
    return DONE if found.is_usable else NOT_COMPLETED


def gallery(options: Namespace, console: Console) -> int:
    """Make ten lessons of one book, with a contact sheet to look at them."""
    from local.gallery import making  # noqa: PLC0415  # pictures, for this command alone

    check = partial(check_stack, options.state)
    with running(options, console) as connected:
        asked = making.questions(making.stock(connected, options.book, console, check))
        sheet = making.make(connected, asked, options.out or options.state, console, check)
    if options.json:
        _print({"sheet": str(sheet)})
    else:
        console.print(f"Look at it: {sheet}", markup=False, highlight=False, soft_wrap=True)
    return DONE


def send(options: Namespace, console: Console) -> int:
    """Publish raw messages, readable or not, to the stack that runs here."""
    stack = must_run(options.state)
    messages = ask.messages_in(options.message, sys.stdin.buffer)
    if not messages:
        raise ValueError(f"{options.message}: there is no message in it")
    ask.send(stack.environment, messages)
    if options.json:
        _print({"sent": len(messages)})
    else:
        count = "1 message" if len(messages) == 1 else f"{len(messages)} messages"
        console.print(f"Sent {count}. See what became of it: python -m local runs")
    return DONE


def runs(options: Namespace, console: Console) -> int:
    """List the newest requests."""
    with readable(options.state) as connected:
        rows = connected.reports.runs(options.limit)
    if options.json:
        _print([asdict(row) for row in rows])
    else:
        display.runs(rows, console)
    return DONE


def show(options: Namespace, console: Console) -> int:
    """Show one request with all that is known of it."""
    with readable(options.state) as connected:
        report = connected.reports.show(options.id)
        text = _text(connected, report, options.state)
        files = results.brought(report, options.state)
    if options.json:
        _print({**display.as_json(report, files), "text": text})
    else:
        display.show(report, files, text, console)
    return DONE


def library_add(options: Namespace, console: Console) -> int:
    """Add a textbook to the library of the stack that runs here, or of one of its own."""
    with running(options, console) as connected:
        check = partial(check_stack, options.state)
        said = bookshelf.add(connected, options.path, console, check)
    if options.json:
        _print({"said": said})
    else:
        console.print(said)
    return DONE


def library_list(options: Namespace, console: Console) -> int:
    """List the textbooks."""
    with readable(options.state) as connected:
        sources = connected.books.sources()
    if options.json:
        _print([asdict(source) for source in sources])
    else:
        display.books(sources, console)
    return DONE


def env(options: Namespace, console: Console) -> int:
    """Print the variables that point any program at the stack that runs here."""
    variables = dict(must_run(options.state).environment)
    if options.json:
        _print(variables)
    else:
        lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
        sys.stdout.write("\n".join(lines) + "\n")
    return DONE


def _answered_on_the_way(
    report: RequestReport,
    connected: Connected,
    options: Namespace,
    console: Console,
    check: Callable[[], None],
) -> RequestReport:
    """Let a person who sits here answer what is asked back; gives the last report."""
    while report.open is not None and not options.json and inquiring.asks_a_person(console):
        said = inquiring.answer_of_a_person(report.open, console)
        report = _sent(report, said, connected, console, check)
    return report


def _sent(
    report: RequestReport,
    said: str,
    connected: Connected,
    console: Console,
    check: Callable[[], None],
) -> RequestReport:
    """Send an answer and follow its request; raises ValueError when nobody can read it."""
    if report.open is not None:
        ask.answer(connected.events, report, report.open, said)
    with shown(console) as view:
        then = follow(connected.reports, report.run.request_id, view, check, report)
    if then.open == report.open and then.dead_letters:
        raise ValueError(f"The answer could not be read: {then.dead_letters[-1].detail}.")
    return then


def _ended(
    report: RequestReport, files: dict[str, Path], options: Namespace, console: Console
) -> int:
    """Print how a request ended, or what it is asked back."""
    if options.json:
        _print(display.as_json(report, files))
    elif report.open is not None:
        inquiring.show(report.open, console)
        inquiring.how_to_answer(report, options.state, console)
    else:
        display.ended(report, files, console)
    return DONE if report.run.status == "completed" else NOT_COMPLETED


def _question(options: Namespace) -> ask.Question:
    return ask.Question(options.question, options.interest, options.grade, options.modalities)


def _age_s() -> float:
    """Give the seconds since this process was started, imports included."""
    return float(time.time() - psutil.Process().create_time())


def _text(connected: Connected, report: RequestReport, state: Path) -> str:
    """Give the lesson's text as soon as it is written; the film may still be on its way."""
    if report.lesson is None or report.lesson.scripted_at is None:
        return ""
    return results.text(connected, report.lesson.lesson, state)


def _print(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, default=str, ensure_ascii=False, indent=2) + "\n")
