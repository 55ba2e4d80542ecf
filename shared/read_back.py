"""Write a claim and know what became of it.

A conflict is a question, not an answer: after one, and after an answer that got lost, the record
is read back and owner and beat compared, since the stored version may be our own.
"""

from __future__ import annotations

from dataclasses import replace

from shared.claim import Claim
from shared.errors import Conflict, LeaseLost, Transient, Unsure
from shared.ports import Claims, StoredClaim


def created(claims: Claims, fresh: Claim) -> StoredClaim:
    """Write a new claim, or find the one that is there: compare the owner; raises Transient."""
    for _ in range(2):
        try:
            return claims.create(fresh)
        except (Conflict, Unsure):
            found = claims.read(fresh.key)
            if found is not None:
                return found
    raise Transient("the store did not say what it wrote")


def replaced(claims: Claims, seen: StoredClaim, change: Claim) -> StoredClaim:
    """Write one version over the one that was seen; raises LeaseLost or Transient."""
    change = replace(change, beat=seen.claim.beat + 1)
    # A second try is safe: both rest on the same version, so at most one of them lands.
    for _ in range(2):
        try:
            return claims.replace(seen, change)
        except (Conflict, Unsure) as error:
            now = claims.read(change.key)
            if now and _is(now.claim, change):
                return now
            if now is None or now.update_time != seen.update_time:
                raise LeaseLost("the claim moved on") from error
    raise Transient("the store did not say what it wrote")


def _is(stored: Claim, change: Claim) -> bool:
    """Tell a write by its author and number, and a late one of the same number by its state."""
    return (stored.owner, stored.beat, stored.state) == (change.owner, change.beat, change.state)
