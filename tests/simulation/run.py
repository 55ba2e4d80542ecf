"""One delivery on its way through a function, and what has happened to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.simulation.faults import Fault
from tests.simulation.post import Delivery
from tests.simulation.strand import Strand


class Killed(BaseException):
    """The process of this run is gone: nothing that the run still does has any effect."""


@dataclass(eq=False, slots=True)
class Run:
    """`key` is the claim that it asked for, `thaws_s` when it may go on.

    `given_up` says that the post has stopped waiting for its answer.
    """

    n: int
    delivery: Delivery
    strand: Strand
    began_s: float
    thaws_s: float = 0.0
    dead: bool = False
    given_up: bool = False
    answer: BaseException | None = None
    faults: list[tuple[Fault, str]] = field(default_factory=list)
    faults_before: int = 0  # the call that it is at
    key: str = ""
    buried: bool = False
    published: set[str] = field(default_factory=set)
    paying: dict[str, int] = field(default_factory=dict)  # unit -> faults before it was paid

    def __str__(self) -> str:
        return f"{self.delivery.function}#{self.n}"
