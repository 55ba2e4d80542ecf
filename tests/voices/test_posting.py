"""What broke off, through the adapter that production uses: given up in time, and billed or not."""

import pytest

from shared.gcp.speech import MOST_CALL_S, CloudVoice
from shared.voices.faults import NotNow
from tests.voices.desk import HANGS, SENTENCES, settings

SPEAKER = settings().speaker


@pytest.mark.parametrize(
    ("behaviour", "words", "billed"),
    [
        ("slow", "sent no whole answer: ", True),
        ("drip", "sent no whole answer: ReadTimeout", True),
        ("reset", "sent no whole answer: ", True),
        ("no-json", "sent no JSON", True),
        ("429-after", "429 RESOURCE_EXHAUSTED", False),
        ("503", "503 UNAVAILABLE", False),
    ],
)
def test_each_fault_is_one_reaction_and_one_call(server, behaviour, words, billed):
    """With no second call by itself; a drip ends with its time, not with its last byte."""
    before, most_s = server.calls, 0.5 if behaviour in HANGS else MOST_CALL_S
    server.push(behaviour)

    with pytest.raises(NotNow, match=words) as raised:
        CloudVoice(SPEAKER, "demo", server.url, most_s).speak(SENTENCES[0], 145)

    assert (billed, 1) == (raised.value.billed, server.calls - before)


def test_a_service_that_is_not_there():
    """A refused connection costs nothing."""
    with pytest.raises(NotNow, match="cannot be reached") as raised:
        CloudVoice(SPEAKER, "demo", "http://127.0.0.1:9").speak(SENTENCES[0], 145)

    assert not raised.value.billed


def test_no_credentials(monkeypatch):
    """The sentence says how to get some."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
    monkeypatch.setenv("CLOUDSDK_CONFIG", "/nowhere")
    monkeypatch.setenv("NO_GCE_CHECK", "true")

    with pytest.raises(Exception, match="no credentials: run gcloud auth"):
        CloudVoice(SPEAKER, "demo", "").speak(SENTENCES[0], 145)
