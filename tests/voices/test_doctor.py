"""What `doctor` says of the voice, in sentences that an operator can act on."""

import json

import pytest

from shared.ops.__main__ import main
from tests.fakes.vertex_server import FakeVertex

WELL, UNWELL = 0, 1


@pytest.fixture(scope="module")
def models():
    with FakeVertex("well") as fake:
        yield fake


@pytest.fixture
def doctor(server, models, monkeypatch, capsys):
    """Run the command on the fakes; gives its exit code and what it says of the voice."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")
    monkeypatch.setenv("VERTEX_EMULATOR_HOST", models.url)
    monkeypatch.setenv("SPEECH_EMULATOR_HOST", server.url)

    def run(*meets, voice="google"):
        monkeypatch.setenv("VOICE", voice)
        server.next.clear()
        server.push(*meets)
        code = main(["doctor", "--only", "models", "--json"])
        found = json.loads(capsys.readouterr().out)["found"]
        return code, [one["said"] for one in found if "/" in one["about"]]

    return run


def test_all_is_well(doctor):
    """It speaks, at its price."""
    assert (WELL, ["speaks; 16.0 USD a million characters"]) == doctor("good")


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("403-disabled", "gcloud services enable texttospeech.googleapis.com"),
        ("403-quota-project", "grant roles/serviceusage.serviceUsageConsumer"),
        ("400", "does not know the voice of VOICE_NAME"),
        ("503", "Cloud Text-to-Speech: 503 UNAVAILABLE"),
        ("silent", "does not sound right: too quiet"),
        ("empty", "sent no sound"),
    ],
)
def test_what_is_wrong(doctor, behaviour, words):
    """And the exit code says that something is."""
    code, (said,) = doctor(behaviour)

    assert (UNWELL, True) == (code, words in said)


def test_the_offline_voice(doctor):
    """Nothing is asked of it."""
    assert (WELL, []) == doctor(voice="espeak-ng")
