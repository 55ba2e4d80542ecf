"""Every command on a running stack: what it says, and the code it ends with."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from tests.library.books import archive, collection, module, repository
from tests.stack.home import until

MISTAKE, NOT_COMPLETED = 2, 1
BAD = 1_000
SPELLINGS = (
    "What is gravity?",
    "what is gravity",
    "  What   is gravity ?",
    "WHAT IS GRAVITY?!",
    "What is gravity…",
)


def request(question: str, **changes: object) -> str:
    """Give a request as the API sends it."""
    asked = {
        "request_id": str(uuid.uuid4()),
        "correlation_id": "c",
        "student_id": "s",
        "student_query": question,
        "grade_level": 9,
        "interest": "",
        "requested_modalities": ["text"],
    }
    return json.dumps(asked | changes)


def ended(home, *request_ids: str) -> list[dict]:
    """Wait until these requests have their end; gives their rows."""

    def rows():
        found = [
            row
            for row in home.run("runs", "--limit", "2000", "--json").decoded
            if row["request_id"] in request_ids and row["status"] != "accepted"
        ]
        return found if len(found) == len(request_ids) else None

    return until(rows, "all requests ended")


def book(tmp_path, name: str, text: str, **changes: str):
    """Write a small textbook's archive."""
    files = {**repository(m1=module(f'<para id="p1">{text}</para>')), **changes}
    path = tmp_path / name
    path.write_bytes(archive(files).read())
    return str(path)


def test_fifty_equal_requests_are_one_lesson(running_home, tmp_path):
    """Spelling apart, equal questions at the same moment share one lesson and one plan."""
    messages = [request(SPELLINGS[n % len(SPELLINGS)]) for n in range(50)]
    file = tmp_path / "requests.jsonl"
    file.write_text("\n".join(messages))
    running_home.run("send", str(file))
    rows = ended(running_home, *(json.loads(message)["request_id"] for message in messages))
    lessons = {row["lesson_id"] for row in rows}
    objects = running_home.connected().objects.list("generated", f"lessons/{lessons.pop()}/")

    assert set() == lessons
    assert {"completed"} == {row["status"] for row in rows}
    assert 1 == sum(stored.name.endswith("plan.json") for stored in objects)


def test_good_request_behind_a_thousand_bad_ones(running_home, tmp_path):
    """Nothing that is unreadable holds up what is not, and each tells its reason."""
    bad = [request("Why?", request_id=str(uuid.uuid4()), grade_level="x") for _ in range(BAD - 2)]
    good = request("What is heat?")
    file = tmp_path / "requests.jsonl"
    file.write_bytes("\n".join([*bad, "{", ""]).encode() + b"\xff\xfe\n" + good.encode())
    said = running_home.run("send", str(file), "--json")
    (row,) = ended(running_home, json.loads(good)["request_id"])
    one = json.loads(bad[-1])["request_id"]
    ended(running_home, one)
    shown = running_home.run("show", one, "--json").decoded

    assert {"sent": BAD + 1} == said.decoded
    assert "completed" == row["status"]
    assert "failed" == shown["run"]["status"]
    assert ["grade_level"] == [letter["field"] for letter in shown["dead_letters"]]


def test_plan_as_a_storyboard(running_home):
    """A plan is told scene by scene, with what carries each fact and what the rules find."""
    said = running_home.run("plan", "Why do we have seasons?", "--grade", "2", "--explain")

    assert 0 == said.code
    assert ["title", "recap", "sources"] == [
        kind for kind in ("title", "recap", "sources") if f"  {kind}  " in said.out
    ]
    assert "support 1.00: seasons#" in said.out
    assert "warning reading-level" in said.out


def test_plan_for_programs(running_home):
    """A program gets the very plan that a request of the same words is made into."""
    words = ("What is heat?", "--interest", "cooking", "--modalities", "text")
    said = running_home.run("plan", *words, "--json").decoded
    made = running_home.run("lesson", *words, "--json").decoded

    assert json.loads(Path(made["paths"]["plan"]).read_text()) == said["plan"]
    assert [] == [one for one in said["findings"] if one["severity"] == "error"]


def test_question_that_the_books_do_not_answer(running_home):
    """An honest no is no completed lesson, and says what is near."""
    said = running_home.run("lesson", "Who won the cup in 1998?", "--modalities", "text")

    assert NOT_COMPLETED == said.code
    assert "refused" in said.out
    assert "nearest" in said.out


@pytest.mark.parametrize(
    ("words", "field"),
    [(("Why is it so?", "--grade", "99"), "grade_level"), (("",), "student_query")],
)
def test_bad_request_is_sent_and_its_failure_shown(running_home, words, field):
    """The pipeline judges, not the command line: the reason names the field."""
    said = running_home.run("lesson", *words, "--modalities", "text")

    assert NOT_COMPLETED == said.code
    assert f"{field}: " in said.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("send", "/nowhere.json"), "/nowhere.json: No such file"),
        (("send", "-"), "there is no message in it"),
        (("show", "0123456789ab"), "no request begins so"),
        (("show", "x"), "hexadecimal"),
        (("library", "add", "/nowhere"), "/nowhere: there is no such folder or file"),
        (("runs", "--limit", "0"), "give a number from 1"),
        (("lesson", "Why?", "--modalities", "smell"), "choose from text, audio, video"),
    ],
)
def test_mistake_ends_in_a_sentence(running_home, words, reason):
    """A user's mistake is code 2 and a reason, never a stack trace."""
    said = running_home.run(*words)

    assert MISTAKE == said.code
    assert reason in said.out + said.err
    assert "Traceback" not in said.err


def test_second_stack_names_who_holds_the_ports(running_home, home):
    """Two stacks cannot share ports: the second says which, and who has them."""
    first = running_home.port
    said = home.run("up", "--port", str(first))

    assert MISTAKE == said.code
    assert f"{first}, {first + 1}, " in said.out
    assert f"--state {running_home.folder} up" in said.out
    assert f"--port {first + 100}" in said.out


def test_second_stack_on_the_same_folder(running_home):
    """A folder belongs to one stack at a time."""
    said = running_home.run("up", "--port", str(running_home.port + 10_000))

    assert MISTAKE == said.code
    assert f"A stack runs on {running_home.folder} already" in said.out


def test_same_book_twice_changes_nothing(running_home, tmp_path):
    """A book that is known is not indexed again, and an older one does not come back."""
    first = book(tmp_path, "first.zip", "Ice melts.")
    second = book(tmp_path, "second.zip", "Ice melts slowly.")
    answers = [
        running_home.run("library", "add", path, "--json").decoded["said"]
        for path in (first, first, second, first)
    ]

    assert [
        "Little is in the library.",
        "Little is in the library already; nothing changed.",
        "Little is in the library.",
        "Little: a newer version of this book has replaced this one; nothing changed.",
    ] == answers


def test_forbidden_licence(running_home, tmp_path):
    """A licence that forbids our use is named, with code 2."""
    licence = "https://creativecommons.org/licenses/by-nc/4.0/"
    changed = {"collections/little.collection.xml": collection("m1", licence=licence)}
    said = running_home.run("library", "add", book(tmp_path, "nc.zip", "Ice.", **changed))

    assert MISTAKE == said.code
    assert "CC BY-NC 4.0 may not be used" in said.out


def test_broken_archive(running_home, tmp_path):
    """What is no book is named by its path, with code 2."""
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    said = running_home.run("library", "add", str(path))

    assert (MISTAKE, True) == (said.code, said.out.startswith(str(path)))


def test_env_points_any_program_at_the_stack(running_home):
    """The variables are those that Google's own emulators use."""
    said = running_home.run("env")

    assert f"export PUBSUB_EMULATOR_HOST=127.0.0.1:{running_home.port}\n" in said.out
    assert "export DATABASE_URL='postgresql://" in said.out


@pytest.mark.parametrize("words", [("send", "{}"), ("env",)])
def test_command_that_needs_a_running_stack(home, words):
    """Where none runs, the next step is named."""
    said = home.run(*words)

    assert (MISTAKE, True) == (said.code, "make up" in said.out)


@pytest.mark.parametrize("words", [("runs",), ("show", "ab"), ("library", "list")])
def test_empty_folder_has_nothing_to_show(home, words):
    """Reading starts nothing and creates nothing."""
    said = home.run(*words)

    assert (MISTAKE, True) == (said.code, "make lesson" in said.out)
    assert [] == list(home.folder.iterdir())


def test_folder_that_cannot_be_written(home):
    """The folder is named, and what to do instead."""
    file = home.folder / "file"
    file.touch()
    said = home.run("--state", str(file / "below"), "up")

    assert (MISTAKE, True) == (said.code, "--state FOLDER" in said.out)
