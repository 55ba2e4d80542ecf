"""The soak's load is what it says: so many, a third of them duplicates, a tenth broken."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from shared.errors import Unreadable
from shared.messages import Arrived
from shared.request import ContentRequested
from tests.soak.load import REQUESTS, Wish
from tests.soak.load import planned as planned_by

SEEDS = range(20)


def planned(seed: int, requests: int) -> list[Wish]:
    """Plan one minute of load."""
    return planned_by(random.Random(seed), requests, 60)  # noqa: S311  # no secret


def read(data: str) -> ContentRequested:
    """Read a message as `ingest` does."""
    return ContentRequested.decode(Arrived("1", "", data.encode(), {}))


def test_roles():
    """A third come twice in one of two ways, a tenth is broken."""
    roles = Counter(wish.role for wish in planned(1, REQUESTS))

    assert {"first": 113, "equal": 34, "again": 33, "broken": 20} == roles


def test_same_seed_same_load():
    """A failing soak can be sent again."""
    assert planned(3, 50) == planned(3, 50)


@pytest.mark.parametrize("seed", SEEDS)
def test_good_ones_are_readable_and_broken_ones_are_not(seed):
    """What the checker expects of a message is true of it."""
    for wish in planned(seed, 60):
        if wish.role == "broken":
            with pytest.raises(Unreadable):
                read(wish.data)
        else:
            assert wish.request_id == read(wish.data).request.request_id
        assert wish.mark in wish.data


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_ones_ask_for_the_same(seed):
    """An equal request differs from its first in nothing but the id."""
    wishes = [one for one in planned(seed, 60) if one.role != "broken"]
    briefs = {one.mark: read(one.data).request.brief for one in wishes if one.role == "first"}

    assert all(briefs[one.mark] == read(one.data).request.brief for one in wishes)
