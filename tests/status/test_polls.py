"""A poll that finds nothing new is cheap, and a change is seen within a second."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace

import pytest

from shared.status.contents import LINK_S, WINDOW_S
from shared.status.polls import KNOWN_S
from tests.records.given import at_once
from tests.status.given import completed, seen
from tests.status.world import World


def test_an_unchanged_request_is_told_in_no_bytes():
    """With the tag of the answer that the page has."""
    one = seen()
    world = World(one)
    tag = world.poll(one).headers["ETag"]
    again = world.poll(one, If_None_Match=tag)

    assert (304, b"", tag) == (again.status, again.answer.body, again.headers["ETag"])


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', "*"])
def test_other_forms_of_the_same_tag(form):
    """A proxy may have weakened it, or sent several."""
    one = seen()
    world = World(one)
    tag = world.poll(one).headers["ETag"]

    assert 304 == world.poll(one, If_None_Match=form.format(tag)).status


def test_a_hundred_polls_within_a_second_ask_the_database_once():
    """Whoever asks."""
    one = seen()
    world = World(one)
    at_once(20, lambda _: [world.poll(one, "school") for _ in range(5)])

    assert 1 == world.requests.asked


def test_polls_that_come_while_the_row_is_being_read():
    """Wait for it, and ask for nothing themselves."""
    one = seen()
    world = World(one)
    many = threading.Barrier(2)
    read = world.requests.one

    def slowly(request_id):
        with contextlib.suppress(threading.BrokenBarrierError):
            many.wait(0.2)  # for others, who must not come
        return read(request_id)

    world.requests.one = slowly
    at_once(5, lambda _: world.poll(one))

    assert 1 == world.requests.asked


def test_an_unknown_id_is_asked_for_once_a_second():
    """A page polls from before its request has arrived."""
    world = World()
    for _ in range(5):
        world.poll(seen())

    assert 1 == world.requests.asked


def test_a_change_is_seen_after_a_second():
    """With a tag of its own."""
    one = seen(rendered=1)
    world = World(one)
    tag = world.poll(one).headers["ETag"]
    world.requests.entries = [replace(one, rendered=2)]
    before = world.poll(one, If_None_Match=tag)
    world.now += KNOWN_S
    after = world.poll(one, If_None_Match=tag)

    assert (304, 200, 2) == (before.status, after.status, after.told["scenes_rendered"])
    assert tag != after.headers["ETag"]


def test_links_change_before_they_end():
    """In time for the page: the same for five minutes, each good for ten more."""
    one = completed()
    world = World(one)
    first = world.poll(one)
    world.now += KNOWN_S
    same = world.poll(one)
    world.now += WINDOW_S
    later = world.poll(one, If_None_Match=first.headers["ETag"])

    assert first.told["video_url"] == same.told["video_url"]
    assert (200, True) == (later.status, later.told["video_url"] != first.told["video_url"])
    assert LINK_S >= 3 * WINDOW_S == 900


def test_a_link_is_signed_once_in_a_window():
    """Signing asks another service."""
    one = completed()
    world = World(one)
    world.poll(one)
    signed = world.links.signed
    world.requests.entries = [replace(one, cost_micros=7)]
    world.now += KNOWN_S
    world.poll(one)

    assert signed == world.links.signed


def test_a_text_is_read_once():
    """It never changes."""
    one = seen()
    world = World(one)
    world.poll(one)
    world.objects.tamper("generated", one.plan_object.replace("plan.json", "lesson.md"), b"other")
    world.requests.entries = [replace(one, rendered=3)]
    world.now += KNOWN_S

    assert "other" != world.poll(one).told["script_text"]


def test_what_is_kept_is_not_shown_to_a_stranger():
    """Whose it is is looked at for every poll."""
    one = seen()
    world = World(one)
    tag = world.poll(one).headers["ETag"]

    assert 404 == world.poll(one, "stranger", If_None_Match=tag).status
