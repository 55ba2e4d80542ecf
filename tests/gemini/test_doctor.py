"""What `doctor` finds, in sentences that an operator can act on."""

import json

import pytest

from shared.ops.__main__ import main
from tests.fakes.vertex_server import FakeVertex

WELL, UNWELL, MISTAKE = 0, 1, 2


@pytest.fixture(scope="module")
def server():
    with FakeVertex() as fake:
        yield fake


@pytest.fixture
def doctor(server, monkeypatch, capsys):
    """Run the command on the fake; gives its exit code and what it found."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")
    monkeypatch.setenv("VERTEX_EMULATOR_HOST", server.url)

    def run(*meets, **variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        server.next.clear()
        server.push(*meets)
        code = main(["doctor", "--only", "models", "--json"])
        return code, [one["said"] for one in json.loads(capsys.readouterr().out)["found"]]

    return run


def test_all_is_well(doctor):
    """Each candidate answers, with its price."""
    code, said = doctor("well", "well")

    assert (WELL, 2, True) == (code, len(said), said[0].startswith("answers; 0.75 and 3.75 USD"))


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("403-disabled", "gcloud services enable aiplatform.googleapis.com"),
        ("403", "grant roles/aiplatform.user"),
        ("404", "it is retired, or not for this project"),
        ("429", "429 RESOURCE_EXHAUSTED"),
        ("blocked-answer", "answers, but not this question"),
    ],
)
def test_what_is_wrong(doctor, behaviour, words):
    """The others are asked all the same."""
    code, (first, second) = doctor(behaviour, "well")

    assert (UNWELL, True, True) == (code, words in first, second.startswith("answers;"))


def test_bad_settings(doctor):
    """Are told as by every command."""
    with pytest.raises(json.JSONDecodeError):
        doctor(GEMINI_MODELS="gemini-9")


def test_no_credentials(monkeypatch, capsys):
    """One line says so; nothing else needs them."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")
    monkeypatch.setenv("GEMINI_MODELS", "gemini-3.8-flash")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
    monkeypatch.setenv("CLOUDSDK_CONFIG", "/nowhere")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("VERTEX_EMULATOR_HOST", raising=False)

    assert (UNWELL, 1) == (
        main(["doctor", "--only", "models"]),
        capsys.readouterr().out.count("no credentials:"),
    )
