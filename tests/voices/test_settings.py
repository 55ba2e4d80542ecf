"""What a project may decide about its voice, and what it is refused."""

from datetime import date

import pytest

from shared import config
from shared.spending.ledger import Caps
from shared.voices.catalogue import find, kinds
from shared.voices.settings import read_speech
from shared.wiring import CloudServices
from tests.film.plans import brief_lesson
from tests.voices.desk import TODAY, settings

PROJECT = {"GOOGLE_CLOUD_PROJECT": "demo"}
BRIEF = brief_lesson(("audio",)).brief


def problems(voice="google", **variables):
    found = []
    assert read_speech({"VOICE": voice, **variables}, found, TODAY) is None
    return found


def test_the_default():
    """A generally available voice and surface, with limits."""
    found = settings()

    assert ("google/en-US-Neural2-F", "v1", 250_000, 5_000_000, 20_000_000) == (
        found.speaker.voice,
        "v1beta1" if found.speaker.marks else "v1",
        *(found.caps.lesson, found.caps.organisation, found.caps.day),
    )


def test_the_default_of_gemini():
    """Model and voice are part of the name."""
    assert "gemini/gemini-3.8-flash-lite-tts/Kore" == settings("gemini").speaker.voice


@pytest.mark.parametrize(
    ("voice", "name", "value", "words"),
    [
        ("google", "VOICE_NAME", "en-US-Nobody", "is not in shared/voices/voices.json"),
        ("google", "VOICE_NAME", "Kore", "is not in shared/voices/voices.json"),
        ("gemini", "VOICE_NAME", "en-US-Neural2-F", "is one word, such as Kore"),
        ("gemini", "VOICE_MODEL", "gemini-2.5-flash-preview-tts", "is not in shared/voices"),
        ("google", "VOICE_LOCATION", "us-central1", "must be one of global, us, eu"),
        ("google", "VOICE_FALLBACK", "never", "must be one of lesson, scene, none"),
        ("google", "VOICE_OVER_CAP", "spend", "must be one of wait, offline"),
        ("google", "VOICE_PREVIEWS", "yes", "must be one of refuse, allow"),
        ("google", "VOICE_USD_A_DAY", "much", "must be a number from 0"),
        ("google", "VOICE_USD_A_LESSON", "-1", "must be a number from 0"),
        ("google", "GOOGLE_API_KEY", "k", "excludes minors"),
        ("gemini", "GEMINI_API_KEY", "k", "excludes minors"),
    ],
)
def test_what_is_refused(voice, name, value, words):
    """With the setting's name, and what it must be."""
    (problem,) = problems(voice, **{name: value})

    assert (True, True) == (name in problem, words in problem)


def test_every_problem_is_told_at_once():
    """With those of all other settings."""
    with pytest.raises(config.BadSettings) as raised:
        config.read({"VOICE": "google", "VOICE_NAME": "nobody", "VOICE_FALLBACK": "never"})

    named = ("GOOGLE_CLOUD_PROJECT", "VOICE_NAME", "VOICE_FALLBACK")
    assert [] == [name for name in named if name not in str(raised.value)]


def test_the_offline_voice_needs_no_setting():
    """Nor is anything of the others read."""
    found = config.read({**PROJECT, "VOICE_NAME": "nobody"})

    assert ("espeak-ng", None) == (found.voice, found.speech)


@pytest.mark.parametrize(
    "variables",
    [
        {"VOICE": "google"},
        {"VOICE": "google", "VOICE_NAME": "en-US-Neural2-D"},
        {"VOICE": "google", "VOICE_PREVIEWS": "allow"},
        {"VOICE": "gemini"},
        {"VOICE": "gemini", "VOICE_NAME": "Puck"},
        {"VOICE": "gemini", "VOICE_MODEL": "gemini-3.8-flash-tts"},
    ],
)
def test_another_voice_makes_another_lesson(variables):
    """It is part of a lesson's identity."""
    one, other = (
        CloudServices(config.read({**PROJECT, **given})).versions(BRIEF)["voice"]
        for given in ({}, variables)
    )
    default = settings(variables["VOICE"]).speaker.voice

    assert one != other
    assert (other == default) == (len(variables) == 1)


def test_how_it_falls_back_makes_no_other_lesson():
    """It is the same lesson, if it succeeds."""
    assert settings().speaker.voice == settings(VOICE_FALLBACK="none").speaker.voice


def test_a_fake_needs_a_scheme_and_never_stands_in_production():
    """It is an emulator like the others."""
    with pytest.raises(config.BadSettings, match="SPEECH_EMULATOR_HOST needs a scheme"):
        config.read({**PROJECT, "SPEECH_EMULATOR_HOST": "127.0.0.1:8791"})
    with pytest.raises(config.BadSettings, match="SPEECH_EMULATOR_HOST points at an emulator"):
        config.read(
            {**PROJECT, "ENVIRONMENT": "prod", "SPEECH_EMULATOR_HOST": "http://127.0.0.1:8791"}
        )


@pytest.mark.parametrize(
    ("name", "marks"),
    [("en-US-Neural2-F", True), ("en-US-Wavenet-D", True), ("en-US-Standard-C", True),
     ("en-US-Studio-O", False), ("en-US-Chirp3-HD-Kore", False)],
)  # fmt: skip
def test_voices_that_tell_when_they_reach_a_mark(name, marks):
    """Only with leave for previews, and only where the voice does."""
    allowed = settings(VOICE_NAME=name, VOICE_PREVIEWS="allow").speaker.marks

    assert (marks, False) == (allowed, settings(VOICE_NAME=name).speaker.marks)


def test_prices_change_with_their_day():
    """Those of the models double with the new year."""
    kind = find("gemini", "gemini-3.8-flash-lite-tts")

    assert (6.0, 12.0) == (
        kind.price(date(2026, 12, 31)).usd_sound,
        kind.price(date(2027, 1, 1)).usd_sound,
    )


def test_no_preview_stands_in_the_table():
    """Google's terms keep those out of products, and students are minors."""
    names = [one.names for rows in kinds().values() for one in rows]

    assert [] == [name for name in names if "preview" in name or "exp" in name]


def test_limits_of_a_minute_do_not_count_lessons():
    """A lesson is one reservation, however many sentences it has."""
    assert Caps(1, 2, 3, 0).calls < settings().caps.calls
