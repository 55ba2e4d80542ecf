"""When layers come and go."""

from itertools import pairwise

import pytest

from shared.film.clock import frame_at
from shared.film.narration import narrate
from shared.film.picture.motion import countdown_s, cues
from shared.film.picture.parts import entrance
from shared.film.picture.states import LEAVE_FRAMES
from shared.lesson.diagrams.mechanics import Arrow, Forces
from shared.lesson.diagrams.overviews import Cycle
from shared.lesson.diagrams.waves import Rays
from shared.lesson.plan import Element, Line, Mark, Scene
from tests.fakes.objects import MemoryObjects
from tests.fakes.voice import HummingVoice
from tests.film.plans import lesson, say, store_archive, text

PLAN = lesson(store_archive(MemoryObjects()))


def planned(scene):
    """Plan a scene's layers on a hummed narration."""
    spoken = narrate(scene, HummingVoice(), "9-12")
    return {cue.layer: cue for cue in cues(scene, spoken.lines)}, spoken


def check_scene():
    """Give the plan's quiz."""
    return next(scene for scene in PLAN.scenes if scene.type == "check")


@pytest.mark.parametrize("scene", PLAN.scenes, ids=lambda scene: f"{scene.n}-{scene.type}")
def test_a_reveal_comes_with_its_word(scene):
    """Each revealed element starts to appear within 0.3 s of its word."""
    layers, spoken = planned(scene)
    slots = {element.id: element for element in scene.show}
    for line, heard in zip(scene.say, spoken.lines, strict=True):
        for mark in line.marks:
            if mark.do == "reveal" and slots[mark.what].draw != "countdown":
                slot = slots[mark.what].slot
                start = layers[slot if slot in layers else f"{slot}/placed"].start

                assert 9 >= abs(start - frame_at(heard.words[mark.word][0]))


def test_something_stands_there_from_the_start():
    """The frame of a scene begins with its first frame."""
    layers, _ = planned(PLAN.scenes[3])

    assert 0 == layers["base"].start


def test_the_countdown_fills_the_pause():
    """One number a second, the last ends with the pause."""
    scene = check_scene()
    layers, spoken = planned(scene)

    assert 5 == countdown_s(scene, spoken.lines)
    assert [30] * 5 == [
        layers[f"countdown/{k}"].end - layers[f"countdown/{k}"].start for k in range(1, 6)
    ]
    assert frame_at(spoken.lines[2].until_s) >= layers["countdown/1"].end


def test_no_answer_before_the_time_to_think():
    """The answer and its tick wait for the end of the countdown, also when no word reveals them."""
    scene = check_scene()
    unmarked = Scene(
        scene.n, scene.type, scene.title,
        tuple(Line(line.text, line.spoken, line.kind, (), (), line.pause_s) for line in scene.say),
        scene.show,
    )  # fmt: skip
    for one in (scene, unmarked):
        layers, spoken = planned(one)
        end = frame_at(spoken.lines[2].end_s) + 5 * 30

        assert end <= layers["answer"].start
        assert end <= layers["option_2/verdict"].start


def test_an_option_named_before_the_answer_is_not_judged():
    """Naming an option while reading it out gives nothing away."""
    scene = Scene(
        1, "check", "",
        (say("One or two?", (0, "emphasise", "a"), (2, "emphasise", "b")),
         say("Think now.", (0, "reveal", "clock"), pause_s=5.0),
         say("It is two.")),
        (text("a", "option_1", "one", "option"),
         text("b", "option_2", "two", "option", correct=True),
         Element("clock", "countdown", "countdown", "think")),
    )  # fmt: skip
    layers, spoken = planned(scene)

    assert "option_1/verdict" not in layers
    assert frame_at(spoken.lines[1].until_s) <= layers["option_2/verdict"].start


def test_a_stress_ends_with_the_next_mark():
    """What a word stresses is lit until the next mark."""
    scene = Scene(
        1, "concept", "",
        (say("First look here and then there please.", (0, "emphasise", "a"),
             (5, "emphasise", "b")),),
        (text("a", "point_1", "here"), text("b", "point_2", "there")),
    )  # fmt: skip
    layers, _ = planned(scene)

    assert layers["point_1/placed!"].end == layers["point_2!"].start
    assert layers["point_2!"].end is None


def test_hidden_at_its_word():
    """An element that a word hides leaves then."""
    scene = Scene(
        1, "hook", "",
        (Line("Here now and gone.", "Here now and gone.", "analogy",
              marks=(Mark(0, "reveal", "a"), Mark(3, "hide", "a"))),),
        (text("a", "situation", "here"),),
    )  # fmt: skip
    layers, _ = planned(scene)

    assert layers["situation"].end > layers["situation"].start


def test_a_mark_beyond_the_last_word():
    """A mark after the end counts as on the last word: nothing stays hidden for ever."""
    scene = Scene(
        1, "recap", "", (say("It moves.", (99, "reveal", "a")),), (text("a", "answer", "It."),)
    )
    layers, spoken = planned(scene)

    assert layers["answer"].start < spoken.frames - 30


def test_one_definition_at_a_time():
    """A definition leaves before the next word; the words themselves stay, the last one marked."""
    scene = next(scene for scene in PLAN.scenes if scene.type == "keywords")
    layers, _ = planned(scene)

    assert layers["definition_1"].end < layers["term_2"].start
    assert layers["term_1/now"].end < layers["term_2/now"].start
    assert layers["term_1"].end is None


def test_a_wrong_option_is_crossed_when_it_is_explained():
    """A line after the answer that begins with an option's words is the reason against it."""
    layers, spoken = planned(check_scene())

    assert frame_at(spoken.lines[4].start_s) >= layers["option_1/verdict"].start
    assert "option_3/verdict" not in layers


def test_what_was_said_stays_readable():
    """A written element that a word hides stays in the quiet colour: its place would be empty."""
    scene = Scene(
        1, "concept", "",
        (say("Here now and gone.", (0, "reveal", "a"), (3, "hide", "a")),),
        (text("a", "point_1", "here"),),
    )  # fmt: skip
    layers, _ = planned(scene)

    assert layers["point_1"].end == layers["point_1~"].start
    assert layers["point_1~"].end is None


def test_the_first_point_stands_alone_until_the_second():
    """A point without a picture beside it is large, and makes room when the next one comes."""
    layers, _ = planned(PLAN.scenes[4])

    assert layers["point_1"].end == layers["point_1/placed"].start
    assert layers["point_1"].end + LEAVE_FRAMES == layers["point_2"].start


def test_a_point_that_stands_alone_for_a_moment_is_not_moved():
    """Points that come together have their places from the first."""
    scene = Scene(
        1, "concept", "",
        (say("Both are here now.", (0, "reveal", "a"), (1, "reveal", "b")),),
        (text("a", "point_1", "here"), text("b", "point_2", "there")),
    )  # fmt: skip
    layers, _ = planned(scene)

    assert "point_1" not in layers
    assert "point_1/placed" in layers


@pytest.mark.parametrize("scene", PLAN.scenes, ids=lambda scene: f"{scene.n}-{scene.type}")
def test_one_light_at_a_time(scene):
    """Light falls on one element, and leaves it when it falls on the next."""
    spoken = narrate(scene, HummingVoice(), "9-12")
    lights = [cue for cue in cues(scene, spoken.lines) if cue.layer.endswith("!")]
    lights.sort(key=lambda cue: cue.start)

    assert all(one.end <= other.start for one, other in pairwise(lights))


def test_light_comes_with_the_word_and_lies_below():
    """What a word reveals is lit from that word on; its light is drawn before it."""
    spoken = narrate(PLAN.scenes[3], HummingVoice(), "9-12")
    order = cues(PLAN.scenes[3], spoken.lines)
    names = [cue.layer for cue in order]
    starts = {cue.layer: cue.start for cue in order}

    assert names.index("point_1!") == names.index("point_1") - 1
    assert starts["point_1!"] == starts["point_1"]


def steps_scene(*marks):
    """Make a scene with a diagram of three parts and these marks on its first line."""
    cycle = Cycle(("evaporation", "condensation", "precipitation"))
    element = Element("d", "diagram", "diagram", "a cycle", diagram=cycle)
    lines = (say("One two three four five six seven eight nine ten.", *marks), say("And the end."))
    return Scene(1, "concept", "", lines, (element,))


def test_a_part_of_a_diagram_comes_with_its_word():
    """A mark on a part reveals it within 0.3 s of the word, and the next part follows it."""
    layers, spoken = planned(steps_scene((5, "reveal", "d/2")))
    word = frame_at(spoken.lines[0].words[5][0])

    assert 9 >= abs(layers["diagram/2"].start - word)
    assert layers["diagram/2"].start < layers["diagram/3"].start


def test_parts_without_words_follow_each_other():
    """Unmarked parts come 0.6 s apart, after the diagram, while the scene still speaks."""
    layers, spoken = planned(steps_scene())
    starts = [layers[name].start for name in ("diagram", "diagram/1", "diagram/2", "diagram/3")]

    assert [18, 18, 18] == [after - before for before, after in pairwise(starts)]
    assert starts[-1] < frame_at(spoken.lines[-1].end_s)


def test_no_part_before_its_diagram():
    """A diagram that a word reveals brings its parts along, never behind it."""
    layers, _ = planned(steps_scene((6, "reveal", "d")))

    assert layers["diagram"].start < layers["diagram/1"].start < layers["diagram/3"].start


def test_a_hidden_diagram_takes_its_parts_along():
    """Parts leave with what they are part of."""
    layers, _ = planned(steps_scene((8, "hide", "d")))

    assert {layers["diagram"].end} == {layers[f"diagram/{k}"].end for k in (1, 2, 3)} != {None}


def test_a_stressed_part_is_marked_until_the_next_mark():
    """Emphasis on a part rings it, and the ring goes when the eye moves on."""
    layers, _ = planned(steps_scene((2, "emphasise", "d/1"), (7, "emphasise", "d/2")))

    assert layers["diagram/1!"].end == layers["diagram/2!"].start
    assert layers["diagram/2!"].end is None


def test_an_arrow_grows_along_its_direction():
    """Forces are drawn from the body outward, and a graph's line from left to right."""
    up, down = Arrow("up", "normal force", 3), Arrow("down", "weight", 3)
    forces = Forces("block", "ground", (up, down, Arrow("left", "friction", 2)))

    assert ["wipe_up", "wipe_down", "wipe_left"] == [entrance(forces, k) for k in (1, 2, 3)]
    assert "wipe_right" == entrance(Rays("converging_lens", 2.5), 2)
    assert "fade" == entrance(Cycle(("one", "two", "three")), 1)
