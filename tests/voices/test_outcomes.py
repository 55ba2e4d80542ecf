"""What a lesson sounds like, and how many calls are made, whatever the speaking service does.

Each case is played through the render function, over real HTTP, with a scene of two sentences.
"""

import pytest

from shared.voices.granting import _worst
from tests.voices.desk import Booth

GOOGLE = "google/en-US-Neural2-F"
GEMINI = "gemini/gemini-3.8-flash-lite-tts/Kore"
OFFLINE = "offline-1"
ALWAYS = 30  # more often than any scene asks
NONE_LEFT = 3  # calls for one sentence: its own and the two to spare

# A fault of one call is made good by the next delivery; the offline voice speaks where none will.
BOTH = [
    (("good",), "paid", 2),
    (("raw",), "paid", 2),
    (("other-rate",), "paid", 2),
    (("empty",), "paid", 3),
    (("empty-wav",), "paid", 3),
    (("truncated",), "paid", 3),
    (("raw-odd",), "paid", 3),
    (("wrong-rate",), "paid", 3),
    (("short",), "paid", 3),
    (("long",), "paid", 3),
    (("silent",), "paid", 3),
    (("clipped",), "paid", 3),
    (("stereo",), "paid", 3),
    (("mp3",), "paid", 3),
    (("no-json",), "paid", 3),
    (("no-base64",), "paid", 3),
    (("429",), "paid", 3),
    (("429-after",), "paid", 3),
    (("500",), "paid", 3),
    (("503",), "paid", 3),
    (("html",), "paid", 3),
    (("slow",), "paid", 3),
    (("reset",), "paid", 3),
    (("drip",), "paid", 3),
    (("good", "503", "503", "good"), "paid", 4),
    (("400",), OFFLINE, 1),
    (("401",), OFFLINE, 1),
    (("403",), OFFLINE, 1),
    (("403-disabled",), OFFLINE, 1),
    (("403-quota-project",), OFFLINE, 1),
    (("404",), OFFLINE, 1),
    # What is not billed is asked for in five deliveries.
    (("429",) * ALWAYS, OFFLINE, 5),
    (("503",) * ALWAYS, OFFLINE, 5),
    # What is billed, or may be, only as often as the lesson has reserved.
    (("empty",) * ALWAYS, OFFLINE, NONE_LEFT),
    (("truncated",) * ALWAYS, OFFLINE, NONE_LEFT),
    (("silent",) * ALWAYS, OFFLINE, NONE_LEFT),
    (("reset",) * ALWAYS, OFFLINE, NONE_LEFT),
    (("good", *("empty",) * ALWAYS), OFFLINE, 1 + NONE_LEFT),
    (("empty", "good", *("empty",) * ALWAYS), OFFLINE, 1 + NONE_LEFT),
]
GOOGLES = [((one,), "paid", 2) for one in ("no-timepoints", "few-timepoints")]
GEMINIS = [
    (("no-audio",), "paid", 3),
    (("blocked-prompt",), "paid", 3),
    (("no-audio",) * ALWAYS, OFFLINE, NONE_LEFT),
]


def played(server, voice, meets, **variables):
    """Play a case; gives the voice that is heard, and the calls that were made."""
    booth = Booth(server, voice, **variables).render(*meets)
    reserved = _worst(booth.plan.scene(1), booth.speaker, booth.plan.brief.grade_band)
    assert booth.account().micros <= reserved
    return booth.end(), booth.calls


@pytest.mark.parametrize(("meets", "heard", "calls"), BOTH + GOOGLES)
def test_cloud_text_to_speech(server, meets, heard, calls):
    """A narration, and no call more than was reserved."""
    wanted = GOOGLE if heard == "paid" else heard

    assert (wanted, calls) == played(server, "google", meets)


@pytest.mark.parametrize(("meets", "heard", "calls"), BOTH + GEMINIS)
def test_gemini_tts(server, meets, heard, calls):
    """The same with the other service."""
    wanted = GEMINI if heard == "paid" else heard

    assert (wanted, calls) == played(server, "gemini", meets)


@pytest.mark.parametrize("voice", ["google", "gemini"])
@pytest.mark.parametrize(
    ("meets", "reason"),
    [
        (("403-disabled",), "enable it: gcloud services enable"),
        (("403",), "grant roles/"),
        (("404",), "VOICE_NAME"),
        (("empty",) * ALWAYS, "paid for this scene as often as it may be"),
    ],
)
def test_without_a_fallback(server, voice, meets, reason):
    """The scene fails, with a sentence that an operator can act on."""
    end, _ = played(server, voice, meets, VOICE_FALLBACK="none")

    assert (True, True) == (end.startswith("scene 1: "), reason in end)


def test_no_word_of_the_service_is_kept(server):
    """Its messages may quote what was to be said."""
    end, _ = played(server, "google", ("400",), VOICE_FALLBACK="none")

    assert "Ann" not in end


def test_a_scene_that_fell_back_says_why(server):
    """In words for whoever watches the lesson."""
    scene = Booth(server).render("403").scene()

    assert "the speaking service is not set up" == scene.why
