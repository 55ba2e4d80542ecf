"""The outbox and repair as a model: the rows and objects say what is missing, an event may be lost.

    ingest -> script -> render -> finalize, each with its claim, and repair beside them

One function runs at a time (overlaps are tests/model/spine.py's business), repair beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.model.explore import Model, Step

SCENES = (1,)
LOOKED_AT = ("nudge", *(f"scene-stored {n}" for n in SCENES))  # finalize's events
DEAD, SAY, MOVE = "dead ", "say the answers", "move their rows"
SCENE_EVENTS = frozenset(f"scene-requested {n}" for n in SCENES)


class Repair(NamedTuple):
    """What repair does about what it finds; each broken variant switches one thing off."""

    sweeps: bool = True
    nudges: bool = True  # a complete set is looked at again; else its scenes are asked for again
    letters: bool = True  # a dead letter of an ended lesson has everybody answered


class World(NamedTuple):
    """Rows, objects, claims, events on their way, and who works."""

    faults: int
    losses: int
    events: frozenset[str] = frozenset({"script-requested"})
    completed: frozenset[str] = frozenset()  # claims
    plan: bool = False
    scripted: bool = False
    scenes: frozenset[int] = frozenset()
    ended: bool = False
    answered: bool = False
    told: bool = False  # content-completed is out
    run: tuple[str, str] | None = None  # the event, and what its function does next
    tried: frozenset[str] = frozenset()  # events that were delivered: given up, they leave a letter
    sweep: tuple[str, ...] = ()  # what repair found missing and is about to send


class Sweep:
    """All that can happen next."""

    def __init__(self, repair: Repair, faults: int = 2, losses: int = 2) -> None:
        self.repair = repair
        self.start = World(faults, losses)

    def model(self) -> Model[World]:
        """Put the parts together."""
        return Model(self.start, self.steps, at_rest, lambda _: "")

    def steps(self, world: World) -> Iterator[Step[World]]:
        """List what can happen."""
        if world.run:
            event, at = world.run
            yield Step(f"{event}: {at}", self._function(world, event, at))
            if world.faults:
                died = world._replace(run=None, faults=world.faults - 1)
                yield Step(f"{event}: crash", died, fault=True)
        else:
            for event in sorted(world.events):
                run, tried = (event, "claim"), world.tried | {event}
                yield Step(f"deliver {event}", world._replace(run=run, tried=tried))
                if world.losses and not event.startswith(DEAD):
                    yield Step(f"{event} is given up", given_up(world, event), fault=True)
        if self.repair.sweeps:
            yield from self._repair(world)

    def _function(self, world: World, event: str, at: str) -> World:
        if at == "acknowledge":
            left = world.events - {event}
            return world._replace(run=None, events=left, tried=world.tried - {event})
        if event.startswith(DEAD):
            return self._letter(world, event, at)
        if event == "script-requested":
            return self._script(world, event, at)
        if event in SCENE_EVENTS:
            return self._render(world, event, at)
        return self._finalize(world, event, at)

    def _script(self, world: World, event: str, at: str) -> World:
        """lesson/writing.write_lesson under its claim; settled, it emits again."""
        if at == "claim":
            settled = "script" in world.completed
            return world._replace(run=(event, "publish" if settled else "store"))
        if at == "store":
            return world._replace(run=(event, "row"), plan=True)
        if at == "row":
            return world._replace(run=(event, "publish"), scripted=True)
        if at == "publish":
            return world._replace(run=(event, "complete"), events=world.events | SCENE_EVENTS)
        return ended(world, event, "script")

    def _render(self, world: World, event: str, at: str) -> World:
        """film/rendering.render_scene: what it stores has an event of its own, once."""
        scene = int(event[-1])
        if at == "claim":
            settled = event in world.completed
            return world._replace(run=(event, "acknowledge" if settled else "store"))
        if at == "store":
            new = {f"scene-stored {scene}"} if scene not in world.scenes else set()
            scenes, events = world.scenes | {scene}, world.events | new
            return world._replace(run=(event, "complete"), scenes=scenes, events=events)
        return ended(world, event, event)

    def _finalize(self, world: World, event: str, at: str) -> World:
        """film/finalizing, on a scene's event or a nudge; settled, it emits again."""
        if at == "claim":
            if not world.scripted or len(world.scenes) < len(SCENES):
                return world._replace(run=(event, "acknowledge"))
            settled = "finalize" in world.completed
            return world._replace(run=(event, "publish" if settled else "end"))
        if at == "end":
            return world._replace(run=(event, "answer"), ended=True)
        if at == "answer":
            return world._replace(run=(event, "publish"), answered=True)
        if at == "publish":
            return world._replace(run=(event, "complete"), told=True)
        return ended(world, event, "finalize")

    def _letter(self, world: World, event: str, at: str) -> World:
        """repair/settling.settle: settled work emits again, an ended lesson answers everybody."""
        waiting = "finalize" in world.completed or (self.repair.letters and world.ended)
        if at == "claim" and event.endswith(LOOKED_AT) and waiting:
            return world._replace(run=(event, "answer"), told=True)
        answered = world.answered or at == "answer"
        return world._replace(run=(event, "acknowledge"), answered=answered)

    def _repair(self, world: World) -> Iterator[Step[World]]:
        if world.sweep:
            yield Step(f"repair: send {world.sweep}", self._sent(world))
            if world.faults:
                died = world._replace(sweep=(), faults=world.faults - 1)
                yield Step("repair: crash", died, fault=True)
        else:
            found = self._missing(world)
            if found:
                yield Step(f"repair: find {found}", world._replace(sweep=found))

    def _sent(self, world: World) -> World:
        """repair/answering: say it, then move the rows; else publish what is missing."""
        if world.sweep == (SAY,):
            return world._replace(sweep=(MOVE,), told=True)
        if world.sweep == (MOVE,):
            return world._replace(sweep=(), answered=True)
        return world._replace(sweep=(), events=world.events | set(world.sweep))

    def _missing(self, world: World) -> tuple[str, ...]:
        """repair/sweep: answer_late and move_stalled."""
        if not world.scripted:
            return ("script-requested",)
        missing = tuple(f"scene-requested {n}" for n in SCENES if n not in world.scenes)
        if missing:
            return missing
        if not world.ended:
            return ("nudge",) if self.repair.nudges else tuple(sorted(SCENE_EVENTS))
        return () if world.answered else (SAY,)


def ended(world: World, event: str, claim: str) -> World:
    """Complete the claim; what is left is to acknowledge."""
    return world._replace(run=(event, "acknowledge"), completed=world.completed | {claim})


def given_up(world: World, event: str) -> World:
    """Lose an event before its first delivery without a trace, later with a dead letter."""
    letter = {f"{DEAD}{event}"} if event in world.tried else set()
    events = world.events - {event} | letter
    return world._replace(events=events, tried=world.tried - {event}, losses=world.losses - 1)


def at_rest(world: World) -> bool:
    """Whether the lesson has ended and everybody knows."""
    return world.ended and world.answered and world.told and not world.events and not world.run
