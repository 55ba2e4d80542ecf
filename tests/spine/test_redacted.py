"""What a fault that nobody named quotes is kept nowhere."""

import base64
import io
import logging
import sys
from http import HTTPStatus

import pytest
from cloudevents.exceptions import MissingRequiredFields
from cloudevents.http import CloudEvent, from_json
from functions_framework import create_app

from shared import faults, stage, wiring
from shared.errors import Permanent, Refused, Transient, Unnamed, Unsure
from shared.events import ContentCompleted, SceneRequested, ScriptRequested
from shared.limits import CLAIM_ATTEMPTS
from shared.log import JsonLines
from tests.fakes.records import MemoryRecords
from tests.fakes.services import FakeServices
from tests.project.import_closure import ROOT

QUESTION = "why does my brother Aurelio turn blue"
LESSON = "0123456789abcdef0123456789abcdef"
EVENTS = [ScriptRequested(LESSON), SceneRequested(LESSON, 1, 1)]
STAGES = ["script", "render"]


def quotes(event, services):
    """Stumble over a question, as a parser does."""
    raise ValueError(QUESTION)


def wraps(event, services):
    """Put another error in the place of one that quotes the question."""
    try:
        quotes(event, services)
    except ValueError as error:
        raise Transient("the voice is out") from error


def sorry(event, services, fault):
    """Tell the reason to everybody who waits."""
    return [ContentCompleted("request", LESSON, "failed", reason=str(fault))]


@pytest.fixture
def logged():
    """Give all that is logged, as Cloud Logging gets it and as any other handler writes it."""
    out = io.StringIO()
    handlers = [logging.StreamHandler(out), logging.StreamHandler(out)]
    handlers[0].setFormatter(JsonLines())
    loggers = [logging.getLogger(), logging.getLogger("vividly")]
    for logger in loggers:
        for handler in handlers:
            logger.addHandler(handler)
    yield out
    for logger in loggers:
        for handler in handlers:
            logger.removeHandler(handler)


def deliver(services, event, work):
    """Deliver once; gives what was raised."""
    message = {"data": base64.b64encode(event.message().data.encode()).decode(), "messageId": "1"}
    arrived = CloudEvent({"type": "t", "source": "//pubsub", "id": "1"}, {"message": message})
    with wiring.provided(services):
        try:
            stage.run(arrived, type(event), work, otherwise=sorry)
        except Exception as fault:
            logging.getLogger("platform").exception("as the platform does")
            return fault


@pytest.mark.parametrize("event", EVENTS, ids=STAGES)
def test_no_record_quotes_the_question(event, logged):
    """Not the logs, the claim, the letter, the attempt's row, nor the completion."""
    services = FakeServices()
    raised = [deliver(services, event, quotes) for _ in range(CLAIM_ATTEMPTS)]
    claim = services.claims.read(event.key).claim
    rows = (services.records.letters, services.records.attempts(event.key))
    kept = [logged.getvalue(), claim, rows, services.events.published, *map(repr, raised)]

    assert "parked" == claim.state
    assert [] == [one for one in kept if "Aurelio" in str(one)]
    assert "ValueError" in logged.getvalue()


def test_what_is_behind_a_named_fault_is_not_quoted_either(logged):
    """The platform logs the whole chain of what is raised."""
    fault = deliver(FakeServices(), EVENTS[0], wraps)

    assert ("the voice is out", False) == (str(fault), "Aurelio" in logged.getvalue())
    assert "ValueError" in logged.getvalue()


def test_a_claim_tells_where_a_fault_came_from():
    """Its class and the line of ours; nothing of its text."""
    services = FakeServices()
    raised = deliver(services, EVENTS[0], quotes)
    error = services.claims.read(EVENTS[0].key).claim.last_error
    line = quotes.__code__.co_firstlineno + 2

    assert error == {
        "kind": "Unnamed",
        "class": "ValueError",
        "message": f"tests/spine/test_redacted.py:{line}",
        "delivery": "1",
    }
    assert (Unnamed, f"ValueError: {error['message']}") == (type(raised), str(raised))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Unsure("no answer"), "Transient"),
        (Permanent("too large"), "Permanent"),
        (Refused("not-covered", "no"), "Refused"),
        (KeyError(QUESTION), "Unnamed"),
    ],
)
def test_a_fault_has_the_kind_of_its_reaction(fault, kind):
    """As the tree of the errors says."""
    assert kind == faults.told(fault, "1")["kind"]


def test_a_line_of_the_log_shows_a_stack_without_its_words():
    """Whoever logs an exception logs its frames and its class."""
    try:
        quotes(EVENTS[0], FakeServices())
    except ValueError:
        record = logging.makeLogRecord({"exc_info": sys.exc_info()})
    line = JsonLines().format(record)

    assert (True, False) == ("in quotes" in line, "Aurelio" in line)


def test_our_own_words_are_kept():
    """They name keys and rules."""
    assert "no plan" == faults.told(Transient("no plan"), "1")["message"]


def test_a_fault_in_a_package_names_the_line_of_ours_that_called_it():
    """The innermost line of the project, whoever raised."""
    with pytest.raises(MissingRequiredFields) as caught:
        from_json("{")

    assert faults.redacted(caught.value).startswith("tests/spine/test_redacted.py:")


def test_a_fault_behind_itself_ends():
    """Chains may be rings."""
    one, two = ValueError(QUESTION), KeyError(QUESTION)
    one.__context__, two.__context__ = two, one

    assert 2 == faults.stack(one).count("Traceback")


class Broken(MemoryRecords):
    """Records that stumble over what a letter holds."""

    def dead_letter(self, letter):
        raise ValueError(QUESTION)


def test_a_fault_without_a_claim_quotes_nothing(logged):
    """Also before there is a claim, the platform logs what is raised."""
    source = ROOT / "functions" / "script" / "main.py"
    client = create_app("script", source, "cloudevent").test_client()
    body = {"message": {"data": base64.b64encode(b'{"lesson_id": "0"}').decode(), "messageId": "1"}}
    facts = {"specversion": "1.0", "id": "1", "source": "//pubsub", "type": "t"}
    headers = {f"ce-{name}": text for name, text in facts.items()}

    with wiring.provided(FakeServices(records=Broken())):
        answer = client.post("/", json=body, headers=headers)

    assert HTTPStatus.INTERNAL_SERVER_ERROR == answer.status_code
    assert "Aurelio" not in logged.getvalue() + answer.text
