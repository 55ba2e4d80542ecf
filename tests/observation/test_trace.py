"""One trace from a request to its last answer, over messages and objects."""

import json
from collections import defaultdict

import pytest

from shared import trace
from shared.messages import Arrived
from tests.observation.lines import only, written
from tests.observation.played import asked
from tests.pipeline.world import World, pubsub_event

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
STAGES = ("ingest", "script", "render", "finalize")
KEY = "logging.googleapis.com/trace"
MALFORMED = {
    "empty": "",
    "no dashes": "4bf92f3577b34da6a3ce929d0e0e4736",
    "capitals": PARENT.upper(),
    "no trace": f"00-{'0' * 32}-00f067aa0ba902b7-01",
    "no span": f"00-{TRACE}-{'0' * 16}-01",
    "no version": f"ff-{TRACE}-00f067aa0ba902b7-01",
    "more than version 00 has": f"{PARENT}-more",
    "too short": PARENT[:-1],
    "a line end": f"{PARENT}\n",
    "a student's words": "why is the sky blue",
}
ODD_OBJECTS = {
    "number": b'{"metadata": {"traceparent": 7}}',
    "text": b'{"metadata": "traceparent"}',
    "no JSON": b"traceparent",
    "list": b'["traceparent"]',
    "brackets": b"[" * 99_999 + b"traceparent",
}
WELL_FORMED = {
    "as the standard shows it": (PARENT, True),
    "not sampled": (f"{PARENT[:-2]}00", False),
    "unknown flags": (f"{PARENT[:-2]}09", True),
    "a later version": (f"cc{PARENT[2:]}-what.comes.later", True),
}


def travel(*headers, modality="text", **others):
    """Send a request through the pipeline, once for each header; gives lines and the world."""
    world = World(seed=1)
    with written() as read:
        for n, header in enumerate(headers):
            attributes = {} if header is None else {"traceparent": header}
            body = json.dumps(asked(modalities=(modality,), **others)).encode()
            world.post("ingest", *pubsub_event("content-requests", body, f"m-{n}", attributes))
        world.run()
    return read(), world


def traces(lines):
    """Give the traces of each stage."""
    found = defaultdict(set)
    for line in only(lines, "stage_ended"):
        found[line["stage"]].add(line[KEY].rpartition("/")[2])
    return dict(found)


@pytest.fixture(scope="module")
def travelled():
    """Travel once with a trace, through every stage."""
    return travel(PARENT, modality="audio", correlation_id="c-17")


def test_one_trace_leads_through_all_stages(travelled):
    """Over three messages' attributes and the metadata of the scenes."""
    lines, _ = travelled

    assert {one: {TRACE} for one in STAGES} == traces(lines)


def test_the_answer_belongs_to_the_trace_of_its_request(travelled):
    """Whoever receives content-completed can go on from there."""
    _, world = travelled
    headers = {
        trace.read(message.attributes["traceparent"]).trace_id
        for message in world.services.events.published
        if message.topic == "content-completed"
    }

    assert {TRACE} == headers


def test_each_step_is_the_child_of_the_one_that_sent_it(travelled):
    """A message names the step whose lines are called so."""
    lines, world = travelled
    (script,) = {
        line["logging.googleapis.com/spanId"] for line in lines if line["stage"] == "script"
    }
    senders = {
        trace.read(message.attributes["traceparent"]).span_id
        for message in world.services.events.published
        if message.topic == "scene-requested"
    }

    assert {script} == senders


def test_each_step_is_found_by_the_correlation_id(travelled):
    """Also `finalize`, whose event is an object's."""
    lines, _ = travelled

    assert set(STAGES) == {
        line["stage"] for line in only(lines, "stage_ended", correlation_id="c-17")
    }


def test_the_last_step_links_every_scene(travelled):
    """Only one scene's event leads to it; the others are its causes as well."""
    lines, _ = travelled
    (finished,) = only(lines, "finished_a_lesson")
    spans = {
        line["logging.googleapis.com/spanId"] for line in only(lines, "stage_ended", stage="render")
    }

    assert spans == {trace.read(header).span_id for header in finished["links"]}
    assert finished["scenes"] == len(spans)


@pytest.mark.parametrize("header", MALFORMED.values(), ids=MALFORMED)
def test_what_follows_no_standard_is_ignored(header):
    """It is no trace, and no fault either."""
    assert trace.read(header) is None


@pytest.mark.parametrize(("header", "sampled"), WELL_FORMED.values(), ids=WELL_FORMED)
def test_what_follows_the_standard_is_read(header, sampled):
    """Also what a later version adds."""
    assert trace.Trace(TRACE, "00f067aa0ba902b7", sampled) == trace.read(header)


def test_a_malformed_trace_is_replaced_by_one_of_our_own():
    """One new trace over its stages, and no word of what was sent."""
    lines, _ = travel("why is the sky blue")
    found = set.union(*traces(lines).values())

    assert (1, False) == (len(found), "the sky" in json.dumps(lines))
    assert {32} == {len(one) for one in found}


def test_requests_without_a_trace_get_one_each():
    """Two requests are two traces."""
    lines, _ = travel(None, None, interest="")

    assert 2 == len(traces(lines)["ingest"])


def test_a_redelivery_stays_in_its_trace():
    """Its ids are made of the message's, so that replayed events stay equal."""
    delivery = Arrived("m-1", "//pubsub", b"{}", {})
    headers = []
    for _ in range(2):
        with trace.continued(delivery, "script"):
            headers.append(trace.carried())

    assert headers[0] == headers[1] != {}


def test_what_is_not_sampled_stays_so():
    """The sender decides."""
    with trace.continued(
        Arrived("m-1", "//pubsub", b"", {"traceparent": f"{PARENT[:-2]}00"}), "script"
    ):
        assert trace.carried()["traceparent"].endswith("-00")


@pytest.mark.parametrize("body", ODD_OBJECTS.values(), ids=ODD_OBJECTS)
def test_an_object_of_any_shape_is_no_fault(body):
    """Its trace is begun anew."""
    with trace.continued(Arrived("m-1", "//storage", body, {}), "finalize"):
        assert trace.current().sampled


def test_outside_of_any_run_nothing_is_carried():
    """The operator's commands belong to no trace."""
    assert ({}, {}) == (trace.carried(), trace.stored())
