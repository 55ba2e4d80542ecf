"""The operator's commands about one student: export, delete, and what was deleted before."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console

from shared.errors import Missing
from shared.ops.deleting import Deleted, delete, objects_of
from shared.ops.desk import Desk
from shared.ops.students import Holdings
from shared.ops.typed import an_operator

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
DONE, NOT_DONE = 0, 1
MOST = 1_000_000


def add_words(words: Words) -> None:
    """Add the commands; each names the function that runs it as `operate`."""
    about = "export or delete everything that is kept of one student"
    top = words.add_parser("student", help=about, description=f"{about.capitalize()}.")
    under = top.add_subparsers(required=True, metavar="export|delete|deletions|delete-again")
    own = under.add_parser("export", help="write it down, one JSON object a line")
    _student(own)
    own.add_argument("--out", metavar="FILE", help="a new file (default: standard output)")
    own.set_defaults(operate=export, needs_cloud=True, json=True)
    own = under.add_parser("delete", help="take it away; without --yes it is only said")
    _student(own)
    _acts(own, delete_one)
    own = under.add_parser("deletions", help="list what was deleted: digests, times, counts")
    own.add_argument("--json", action="store_true", help="print JSON for programs")
    own.set_defaults(operate=deletions, needs_cloud=False)
    own = under.add_parser(
        "delete-again", help="after a restore: delete whoever a list of deletions names"
    )
    own.add_argument("file", metavar="FILE", help="what `student deletions --json` printed")
    _acts(own, delete_again)


def export(options: Namespace, desk: Desk, console: Console) -> int:
    """Write down everything that is kept of a student, and nothing of anybody else."""
    student = _named(options)
    lines = 0
    with Path(options.out).open("x", encoding="utf-8") if options.out else nullcontext(
        sys.stdout
    ) as out:  # fmt: skip
        for row in _rows(student, desk):
            out.write(json.dumps(row, default=str, ensure_ascii=False) + "\n")
            lines += 1
    console.print(f"{lines} lines.", highlight=False)
    return DONE


def delete_one(options: Namespace, desk: Desk, console: Console) -> int:
    """Delete a student, or say what that would do."""
    student = _named(options)
    if not options.yes:
        held = desk.students.holdings(student)
        _tell(_would(held, objects_of(held, desk)), options, console)
        return DONE
    return _deleted(student, options, desk, console)


def delete_again(options: Namespace, desk: Desk, console: Console) -> int:
    """Delete whoever was deleted before and is there again; raises ValueError, OSError."""
    listed = json.loads(Path(options.file).read_text("utf-8"))
    digests = tuple(str(one["student_sha256"]) for one in listed)
    found = desk.students.deleted_before(digests)
    if not options.yes:
        _tell({"dry_run": True, "students": len(found)}, options, console)
        return DONE
    codes = [_deleted(student, options, desk, console) for student in found]
    if not codes:
        _tell({"students": 0}, options, console)
    return max(codes, default=DONE)


def deletions(options: Namespace, desk: Desk, console: Console) -> int:
    """List what was deleted."""
    found = [asdict(one) for one in desk.students.deletions(MOST)]
    if options.json:
        sys.stdout.write(json.dumps(found, default=str, indent=2) + "\n")
        return DONE
    for one in found:
        _tell(one, options, console)
    if not found:
        console.print("No deletions.")
    return DONE


def _deleted(student: str, options: Namespace, desk: Desk, console: Console) -> int:
    came = delete(student, options.operator, desk)
    _tell(_came(came), options, console)
    return NOT_DONE if came.busy else DONE


def _rows(student: str, desk: Desk) -> Iterator[dict[str, Any]]:
    for kind, row in desk.students.exported(student):
        yield {"kind": kind, **row}
        if kind == "lesson":
            yield {"kind": "text", "lesson_id": row["id"], "text": _text(row["id"], desk)}


def _text(lesson_id: str, desk: Desk) -> str:
    try:
        return desk.cloud.objects.read("generated", f"lessons/{lesson_id}/lesson.md").decode()
    except Missing:
        return ""  # not written, or not any more


def _would(held: Holdings, objects: int) -> dict[str, object]:
    return {
        "dry_run": True,
        "requests": len(held.requests),
        "open": len(held.open),
        "lessons": len(held.alone),
        "shared": len(held.lessons) - len(held.alone),
        "dead_letters": len(held.letters),
        "objects": objects,
    }


def _came(came: Deleted) -> dict[str, object]:
    if came.deletion is None:
        why = "A run still works on a lesson of theirs: give the same command again in two minutes."
        return {"finished": False, "busy": came.busy, "objects": came.objects, "said": why}
    rows = asdict(came.deletion)
    counted = {name: rows[name] for name in ("requests", "lessons", "dead_letters")}
    return {"finished": True, **counted, "objects": came.objects}


def _tell(told: dict[str, Any], options: Namespace, console: Console) -> None:
    if options.json:
        sys.stdout.write(json.dumps(told, default=str, indent=2) + "\n")
        return
    words = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told.items())
    console.print(words, highlight=False, markup=False, soft_wrap=True)


def _named(options: Namespace) -> str:
    """Read whom the command is about; raises ValueError for nobody."""
    student = sys.stdin.readline() if options.student == "-" else options.student
    if not student.strip():
        raise ValueError("Name a student: their reference, or - to read it from standard input.")
    return str(student.strip())


def _student(own: argparse.ArgumentParser) -> None:
    own.add_argument("student", metavar="STUDENT", help="their reference; - reads it from input")


def _acts(own: argparse.ArgumentParser, operate: object) -> None:
    own.add_argument("--yes", action="store_true", help="do it; else it is a dry run")
    own.add_argument("--json", action="store_true", help="print JSON for programs")
    an_operator(own)
    own.set_defaults(operate=operate, needs_cloud=True)
