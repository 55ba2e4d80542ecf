"""What a student tells of themselves or of others goes no further; the question does."""

import json
import logging
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.request import decode
from shared.safety.letters import scrubbed_body
from shared.safety.personal import LEFT_OUT, forms, scrubbed, scrubbed_interest
from shared.safety.refusal import kind_answer
from shared.safety.screen import screened, screened_question
from tests.fakes.records import MemoryRecords
from tests.pipeline.test_lessons import QUESTION, request
from tests.pipeline.world import World
from tests.safety.test_screen import FALSE_ALARMS, lines

BOOK = Path(__file__).parents[3] / "shared" / "oer"
TOLD = ("Anna", "Miller", "Oak Street", "Lincoln", "anna.m", "555-123", "coolcat")
SELF = "My name is Anna Miller, I live at 12 Oak Street and I go to Lincoln High School. "
REACH = "Write to anna.m@example.org or call me at 555-123-4567, my insta is coolcat77. "

TAKEN_OUT = [
    ("My name is Anna Miller, what is gravity?", "What is gravity?"),
    ("what is gravity? my name is anna", "what is gravity?"),
    ("hi, I'm Max and why does ice float?", "why does ice float?"),
    ("What is heat? Thanks, Anna Miller", "What is heat?"),
    ("I live at 12 Oak Street, why is the sky blue?", "Why is the sky blue?"),
    ("i go to lincoln high school, what is energy", "what is energy"),
    ("My school is called Hill Elementary. What is mass?", "What is mass?"),
    ("My teacher Mrs. Smith says heat is a fluid.", "My teacher says heat is a fluid."),
    ("my classmate Tom Baker pushes, what is work?", "my classmate pushes, what is work?"),
    ("my friend called Jake says light is slow", "my friend says light is slow"),
    ("what did Emma from my class weigh on Mars", "what did somebody I know weigh on Mars"),
    ("add me on snapchat, then tell me about waves", "tell me about waves"),
    ("my insta is funny_cat what is a lens", "what is a lens"),
    ("anna dot m at gmail dot com what is light", "what is light"),
    ("text me on +44 7911 123456: what is sound?", "what is sound?"),
    ("my birthday is 4 May 2012, how old am I in seconds", "how old am I in seconds"),
    ("my password is dragon, is it strong", "is it strong"),
    ("My name is Ann and I want to die", "I want to die"),
    ("How does Messi bend a free kick?", "How does a football player bend a free kick?"),
    ("Friction like Messi and Ronaldo?", "Friction like football players?"),
    ("Explain Serena Williams' serve", "Explain a tennis player's serve"),
]
STAYS = [
    "What did Newton and Curie find out?",
    "How did Marie Curie die from radiation?",
    "Who was Albert Einstein?",
    "What is the Drake equation?",
    "My teacher says heat is a fluid. Is she right?",
    "My friend and I push a box of 20 kg.",
    "I'm French, why is the sky blue?",
    "I live at 3000 m, why does water boil sooner?",
    "A car drives 12 km down Main Street in 10 minutes.",
    "What is 555 times 1234567?",
    "A phone sends 10000000 bits in 2 s.",
    "A ball is thrown at 5 m/s @ 30 degrees.",
    "Is my password safe if it is long?",
    "A student named Maria lifts a box.",
    "Our school bus brakes hard, why do I lean forward?",
    "I go to school by bike, how much energy does it take?",
]
NOTHING_ELSE = [
    "My name is Anna Miller.",
    "call me at 555-123-4567",
    "five five five one two three four is my number",
    "im sarah and i go to westfield middle school",
    "my full name is Peter Novak, my email is p@example.org, thanks",
]
FRAGMENTS = st.sampled_from(
    [one.strip() for pair in TAKEN_OUT for one in pair]
    + [*NOTHING_ELSE, "and", ",", "my name is", "555", "-123-4567", "I live at", "messi", LEFT_OUT]
)


@pytest.mark.parametrize(("text", "left"), TAKEN_OUT)
def test_what_is_personal_is_taken_out(text, left):
    """The rest is the question, in its own words."""
    assert left == scrubbed(text)


@pytest.mark.parametrize("text", STAYS)
def test_what_is_not_personal_stays(text):
    """People of science, units, places and numbers of a problem, letter by letter."""
    assert text == scrubbed(text)


@pytest.mark.parametrize("text", NOTHING_ELSE)
def test_nothing_but_personal_data(text):
    """Then there is no question left."""
    assert (LEFT_OUT, "personal") == (scrubbed(text), screened(LEFT_OUT))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Messi", "football"),
        ("lebron james", "basketball"),
        ("Messi and football", "football"),
        ("drake", "music"),
        ("skating with my friend Lisa", "skating with my friend"),
        ("my email is a@example.org", ""),
        ("Marie Curie", "Marie Curie"),
        ("chess", "chess"),
    ],
)
def test_an_interest(text, left):
    """A living person becomes what they are known for, and nobody else is named."""
    assert left == scrubbed_interest(text)


@given(st.lists(FRAGMENTS, max_size=5).map(" ".join))
def test_twice_is_once(text):
    """A message that is read again, or sent again from its dead letter, is the same request."""
    assert scrubbed(text) == scrubbed(scrubbed(text))


def test_the_red_team_finds_no_hiding_place():
    """What is unsafe stays unsafe: no form takes out what a screen must see."""
    tried = [line.split(": ", 1) for line in lines("red_team.txt")]
    tried = [(kind, text) for kind, text in tried if kind not in ("personal", "link")]

    assert [] == [text for kind, text in tried if screened(scrubbed(SELF + text)) != kind]


def test_school_is_read_as_it_is_written():
    """At most one ordinary question in a hundred is changed."""
    asked = [
        one for name in ("ordinary", "ordinary_1", "ordinary_2") for one in lines(f"{name}.txt")
    ]
    changed = [(one, scrubbed(one)) for one in asked if one != scrubbed(one)]
    print(len(asked), len(changed), *changed, sep="\n")  # noqa: T201 - shown when the test fails

    assert len(changed) <= FALSE_ALARMS * len(asked)


def test_a_book_is_read_as_it_is_written():
    """Questions of a textbook, on which no rule was tuned: neither changed nor stopped."""
    if not BOOK.exists():
        pytest.skip("../shared/oer is not there")
    asked = sorted(
        {one for file in BOOK.rglob("*.cnxml") for one in _questions(file.read_text("utf-8"))}
    )
    wrong = [one for one in asked if one != scrubbed(one) or screened_question(one)]
    print(len(asked), len(wrong), *wrong, sep="\n")  # noqa: T201 - shown when the test fails

    assert (True, True) == (len(asked) >= 200, len(wrong) <= FALSE_ALARMS * len(asked))


def _questions(source):
    plain = re.sub(r"<[^>]+>", "", re.sub(r"(?s)<m:math.*?</m:math>", "x", source))
    sentences = (" ".join(one.split()) for one in re.split(r"(?<=[.?!])\s+|\n", plain))
    return {one for one in sentences if one.endswith("?") and 15 < len(one) < 400}


def asked_by(name, question=QUESTION):
    """Send a request that begins with a name; gives the world and the request's end."""
    world = World()
    sent = request(f"{name}{question}")
    world.send(sent)
    world.run()
    return world, world.status(sent["request_id"]).run


def test_two_students_share_a_lesson():
    """Who asks is no part of a lesson's identity."""
    first, second = (asked_by(name)[1] for name in ("My name is Anna. ", "Hi, I'm Tom Baker, "))

    assert ("completed", first.lesson_id) == (second.status, second.lesson_id)


def test_what_is_kept_and_logged_tells_of_nobody(caplog):
    """Rows, claims, objects, events and logs; the lesson is made all the same."""
    with caplog.at_level(logging.DEBUG, "vividly"):
        world, told = asked_by(SELF + REACH)
    services = world.services
    kept = [vars(services.records), services.claims.all, services.objects._stored]  # noqa: SLF001
    text = repr([*kept, services.events.published, [vars(one) for one in caplog.records]])

    assert "completed" == told.status
    assert [] == [one for one in TOLD if one in text]


def test_nothing_but_personal_data_is_refused_kindly():
    """The student reads why, and nothing is paid."""
    world, told = asked_by(SELF, REACH)

    assert ("refused", kind_answer("personal", "any")) == (told.status, told.reason)
    assert 0 == world.services.author.calls


class Kept(MemoryRecords):
    """Records that show the whole of each dead letter."""

    def __init__(self):
        super().__init__()
        self.letters_kept = []

    def dead_letter(self, letter):
        """Keep it here as well."""
        self.letters_kept.append(letter)
        return super().dead_letter(letter)


@pytest.mark.parametrize(
    "broken",
    [
        json.dumps(request(SELF + REACH + QUESTION, grade_level=99)).encode(),
        json.dumps(request(SELF + REACH + QUESTION)).encode()[:-3],
    ],
)
def test_a_dead_letter_tells_of_nobody(broken):
    """Neither a message that breaks a rule nor one that is torn."""
    world = World()
    world.services = world.services.but(records=Kept())
    world.send(broken)
    world.run()
    [letter] = world.services.records.letters_kept

    assert [] == [one for one in TOLD if one.encode() in letter.body]
    assert QUESTION.encode() in letter.body


def test_a_dead_letter_is_the_same_request():
    """What is sent again from it asks for the same."""
    body = json.dumps(request(SELF + QUESTION, interest="Messi")).encode()
    first, again = decode(body)[0], decode(scrubbed_body(body))[0]

    assert asdict(first) == asdict(again)


def test_a_message_without_personal_data_stays_byte_for_byte():
    """Spacing and order as the client wrote them."""
    body = json.dumps(request(), indent=3).encode()

    assert (body, b"\xff{") == (scrubbed_body(body), scrubbed_body(b"\xff{"))


def test_every_form_says_what_it_is_about():
    """No form is without a name, and none matches nothing at all."""
    assert all(form.what and not form.pattern.search(" ") for form in forms())
