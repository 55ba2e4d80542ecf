"""The port Claims: every implementation keeps these promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.claim import Claim
from shared.errors import Conflict
from shared.messages import Message
from shared.ports import Claims, StoredClaim
from tests.contract.races import ROUNDS, THREADS, race

BEGAN = datetime(2030, 1, 1, tzinfo=UTC)


def a_claim(key: str = "render/0123/01", owner: str = "me") -> Claim:
    """Make a fresh claim."""
    return Claim(key, "render", "0123", "hash", owner, 90.0, BEGAN)


def a_full_claim() -> Claim:
    """Make a claim with every field filled."""
    return replace(
        a_claim(),
        lease_s=12.5,
        state="completed",
        fence=7,
        beat=2**40,
        attempts=3,
        transients=1,
        emitted=(
            Message("scene-requested", "id-1", '{"grade": "fünf 五"}', {"event_id": "id-1"}),
            Message("scene-requested", "id-2", "{}"),
        ),
        last_error={"kind": "Transient", "message": "voice: 503"},
        expires_at=datetime(2031, 2, 3, 4, 5, 6, 789012, tzinfo=UTC),
    )


def moved(claims: Claims, seen: StoredClaim, owner: str) -> bool:
    """Try to take a claim over; tell whether that worked."""
    try:
        claims.replace(seen, seen.claim.taken_over(owner, 90.0, BEGAN))
    except Conflict:
        return False
    return True


def test_an_unknown_claim_is_none(claims: Claims) -> None:
    """Reading what nobody ever made gives None."""
    assert claims.read("render/never/01") is None


def test_every_field_comes_back(claims: Claims) -> None:
    """A claim reads as it was created, each field with its type and all its digits."""
    claims.create(a_full_claim())

    assert a_full_claim() == claims.read(a_full_claim().key).claim


def test_a_key_may_be_any_text(claims: Claims) -> None:
    """Slashes, dots, underscores and length, which document ids refuse, do no harm in a key."""
    keys = ["library/books/a b/ü.zip@1", "..", "__x__", "x" * 3000]
    for key in keys:
        claims.create(a_claim(key))

    assert keys == [claims.read(key).claim.key for key in keys]


def test_a_second_create_conflicts(claims: Claims) -> None:
    """A claim is created once; the second attempt changes nothing."""
    claims.create(a_claim(owner="first"))

    with pytest.raises(Conflict):
        claims.create(a_claim(owner="second"))
    assert claims.read(a_claim().key).claim.owner == "first"


def test_a_replacement_is_read_back(claims: Claims) -> None:
    """Replacing the version that was seen stores the new one whole."""
    seen = claims.create(a_claim())
    claims.replace(seen, a_full_claim())

    assert a_full_claim() == claims.read(a_claim().key).claim


def test_a_stale_replacement_conflicts(claims: Claims) -> None:
    """Replacing a version that is no more changes nothing."""
    stale = claims.create(a_claim())
    claims.replace(stale, replace(a_claim(), beat=2))

    with pytest.raises(Conflict):
        claims.replace(stale, replace(a_claim(), beat=3))
    assert claims.read(a_claim().key).claim.beat == 2


def test_replacing_what_is_not_there_conflicts(claims: Claims) -> None:
    """A version of one claim is none of another that nobody made."""
    seen = claims.create(a_claim())

    with pytest.raises(Conflict):
        claims.replace(seen, a_claim("render/never/01"))


def test_a_write_chains_to_the_next(claims: Claims) -> None:
    """What a replacement returns is good for the next one, without reading in between."""
    stored = claims.create(a_claim())
    for beat in range(2, 6):
        stored = claims.replace(stored, replace(a_claim(), beat=beat))

    assert claims.read(a_claim().key).claim.beat == 5


def test_a_growing_beat_moves_the_time(claims: Claims) -> None:
    """Every renewal is later than the one before, by the server's clock."""
    stored = [claims.create(a_claim())]
    for beat in (2, 3, 4):
        stored.append(claims.replace(stored[-1], replace(a_claim(), beat=beat)))
    times = [one.update_time for one in stored]

    assert sorted(set(times)) == times


def test_equal_values_do_not_move_the_time(claims: Claims) -> None:
    """Renewing with the same values renews nothing: this is why there is a beat."""
    first = claims.create(a_claim())
    second = claims.replace(first, a_claim())

    assert first.update_time == second.update_time == claims.read(a_claim().key).update_time


def test_reading_is_never_before_the_write(claims: Claims) -> None:
    """The age of a lease, read time less update time, is not negative and grows."""
    claims.create(a_claim())
    first, second = claims.read(a_claim().key), claims.read(a_claim().key)

    assert first.update_time <= first.read_time <= second.read_time


def test_one_creator_wins(claims: Claims) -> None:
    """Of many who create one claim at the same moment exactly one does."""
    for round_ in range(ROUNDS):
        key = f"render/{round_}/01"

        def create(number: int, key: str = key) -> bool:
            try:
                claims.create(a_claim(key, owner=str(number)))
            except Conflict:
                return False
            return True

        winners = [number for number, won in enumerate(race(create)) if won]

        assert [claims.read(key).claim.owner] == [str(number) for number in winners]


def test_one_takeover_wins(claims: Claims) -> None:
    """Of many who take over the same version exactly one does, round after round."""
    seen = claims.create(a_claim())
    for _ in range(ROUNDS):
        before = seen
        winners = race(lambda number, before=before: moved(claims, before, str(number)))
        seen = claims.read(a_claim().key)

        assert (winners.count(True), seen.claim.fence) == (1, before.claim.fence + 1)


def test_no_replacement_is_lost(claims: Claims) -> None:
    """A counter that many threads compare and set ends at the number of their successes."""
    claims.create(a_claim())

    def count(_: int) -> int:
        return sum(moved(claims, claims.read(a_claim().key), "x") for _ in range(ROUNDS))

    successes = sum(race(count))

    assert (1 + successes, successes >= THREADS) == (claims.read(a_claim().key).claim.fence, True)
