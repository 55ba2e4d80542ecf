"""When each layer of a scene comes and goes: words of the narration become frames.

base        from the first frame            slot!, slot/placed, slot~   see states
slot        from its word, or at once       countdown/k, option_k/verdict   of a check scene
diagram/k   part k of a diagram, from its word or soon after the part before it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.film.clock import FPS, frame_at
from shared.film.narration import SpokenLine
from shared.film.picture.parts import parts
from shared.film.picture.states import LEAVE_FRAMES, Cue, Deed, lit, settled
from shared.lesson.plan import Element, Scene

_EARLY_FRAMES = 3  # the eye needs a moment: start just before the word
_STAGGER_FRAMES = 4
_PICTURES = {"figure", "diagram"}
_STILL = {"title"}  # scene types in which nothing rises
_LONGEST_COUNTDOWN_S = 9


def cues(scene: Scene, lines: Sequence[SpokenLine]) -> tuple[Cue, ...]:
    """Plan all layers of a scene, bottom layer first."""
    deeds = _deeds(scene, lines)
    planned = [Cue("base", 0, "fade")]
    for index, element in enumerate(scene.show):
        if element.draw == "countdown":
            planned += _countdown(element, scene, lines)
        else:
            planned.append(_appearing(element, scene, index, deeds, lines))
            planned += parts(element, planned[-1], deeds, lines)
    planned = lit(scene, deeds, settled(scene, planned))
    if scene.type == "check":
        planned += _verdict(scene, planned, lines)
    if scene.type == "keywords":
        planned = _one_at_a_time(planned)
    return tuple(planned)


def countdown_s(scene: Scene, lines: Sequence[SpokenLine]) -> int:
    """Count the whole seconds of a scene's countdown; 0 without one."""
    for element in scene.show:
        if element.draw == "countdown":
            start_s, end_s = _think_pause(element, scene, lines)
            return max(1, min(_LONGEST_COUNTDOWN_S, round(end_s - start_s)))
    return 0


def _deeds(scene: Scene, lines: Sequence[SpokenLine]) -> list[Deed]:
    """Give all marks of a scene with their frames, in order."""
    found = []
    for line, spoken in zip(scene.say, lines, strict=True):
        for mark in line.marks:
            word = min(max(mark.word, 0), len(spoken.words) - 1)
            found.append(Deed(max(0, frame_at(spoken.words[word][0]) - _EARLY_FRAMES), mark))
    return sorted(found, key=lambda deed: deed.frame)


def _appearing(
    element: Element,
    scene: Scene,
    index: int,
    deeds: Sequence[Deed],
    lines: Sequence[SpokenLine],
) -> Cue:
    mine = [deed for deed in deeds if deed.mark.what == element.id]
    shown = next((deed.frame for deed in mine if deed.mark.do == "reveal"), None)
    gone = next((deed.frame for deed in mine if deed.mark.do == "hide"), None)
    if shown is None:
        shown = _unmarked(element, scene, index, lines)
    still = scene.type in _STILL or element.draw in _PICTURES
    return Cue(element.slot, shown, "fade" if still else "rise", gone)


def _unmarked(element: Element, scene: Scene, index: int, lines: Sequence[SpokenLine]) -> int:
    """Show at once what no word reveals, but an answer only after the time to think."""
    if scene.type == "check" and element.slot == "answer":
        return _after_thinking(scene, lines)
    return 5 + _STAGGER_FRAMES * min(index, 5)


def _one_at_a_time(planned: Sequence[Cue]) -> list[Cue]:
    """Let terms stay, mark the one that is explained, and show one definition at a time."""
    words = sorted(cue.start for cue in planned if cue.layer.startswith("term_"))
    changed = []
    for cue in planned:
        later = [start for start in words if start > cue.start]
        until = later[0] - LEAVE_FRAMES if later else None
        if cue.layer.startswith("term_"):
            changed += [replace(cue, end=None), Cue(f"{cue.layer}/now", cue.start, "fade", until)]
        elif cue.layer.startswith("definition_"):
            changed.append(replace(cue, end=until))
        else:
            changed.append(cue)
    return changed


def _verdict(scene: Scene, planned: Sequence[Cue], lines: Sequence[SpokenLine]) -> list[Cue]:
    """Tick the right option once its time has come, and cross each wrong one as it is named."""
    slots = {element.id: element for element in scene.show if element.draw == "option"}
    think = _after_thinking(scene, lines)
    answer = next((cue.start for cue in planned if cue.layer == "answer"), think)
    verdicts = {
        element.slot: Cue(f"{element.slot}/verdict", max(think, answer), "pop")
        for element in slots.values()
        if element.correct
    }
    named = [
        *((deed.frame, slots.get(deed.mark.what)) for deed in _stresses(scene, lines)),
        *(
            (frame, element)
            for element in slots.values()
            for frame in _opening(element, scene, lines)
        ),
    ]
    for frame, element in named:
        if element is not None and frame >= think:
            cue = Cue(f"{element.slot}/verdict", frame, "pop")
            known = verdicts.get(element.slot, cue)
            verdicts[element.slot] = replace(known, start=min(known.start, frame))
    return list(verdicts.values())


def _stresses(scene: Scene, lines: Sequence[SpokenLine]) -> list[Deed]:
    return [deed for deed in _deeds(scene, lines) if deed.mark.do == "emphasise"]


def _opening(element: Element, scene: Scene, lines: Sequence[SpokenLine]) -> list[int]:
    """Find the lines that begin with an option's own words: there it is explained."""
    name = element.text.casefold()
    return [
        frame_at(spoken.start_s)
        for line, spoken in zip(scene.say, lines, strict=True)
        if name and line.text.casefold().startswith(name)
    ]


def _countdown(element: Element, scene: Scene, lines: Sequence[SpokenLine]) -> list[Cue]:
    """Show one number a second, each until the next."""
    start = frame_at(_think_pause(element, scene, lines)[0])
    seconds = countdown_s(scene, lines)
    return [
        Cue(f"{element.slot}/{left}", at, "fade", at + FPS)
        for left in range(seconds, 0, -1)
        for at in [start + (seconds - left) * FPS]
    ]


def _think_pause(
    element: Element | None, scene: Scene, lines: Sequence[SpokenLine]
) -> tuple[float, float]:
    """Find the silence to think in: after the line that names the countdown, else the longest."""
    pairs = list(zip(scene.say, lines, strict=True))
    for line, spoken in pairs:
        if element is not None and any(mark.what == element.id for mark in line.marks):
            return spoken.end_s, spoken.until_s
    _, longest = max(pairs, key=lambda pair: pair[0].pause_s)
    return longest.end_s, longest.until_s


def _after_thinking(scene: Scene, lines: Sequence[SpokenLine]) -> int:
    clock = next((one for one in scene.show if one.draw == "countdown"), None)
    return frame_at(_think_pause(clock, scene, lines)[1])
