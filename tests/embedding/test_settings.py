"""What EMBEDDINGS may say."""

import pytest

from shared import config
from shared.config import BadSettings

HERE = {"GOOGLE_CLOUD_PROJECT": "demo"}


def test_off_by_default():
    """Nobody pays for what nobody asked for."""
    assert config.read(HERE).embedding is None


def test_a_model_at_a_location():
    """With the number of texts that it takes at once."""
    found = config.read({**HERE, "EMBEDDINGS": "gemini-embedding-001@europe-west1"}).embedding

    assert ("gemini-embedding-001/768", "europe-west1", 1) == (
        found.model,
        found.candidate.location,
        found.texts,
    )


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("on", "on is not in shared/spending/models.json"),
        ("", "no model is named"),
        ("gemini-3.8-flash", "gemini-3.8-flash is not in"),
        ("text-embedding-005@mars", "is at us-central1"),
        ("text-embedding-005 gemini-embedding-001", "name one"),
    ],
)
def test_what_is_refused(wanted, words):
    """With all other problems, in one sentence each."""
    with pytest.raises(BadSettings, match=words):
        config.read({**HERE, "EMBEDDINGS": wanted})


def test_api_keys_are_refused():
    """Their API excludes minors."""
    with pytest.raises(BadSettings, match="EMBEDDINGS is on"):
        config.read({**HERE, "EMBEDDINGS": "text-embedding-005", "GEMINI_API_KEY": "x"})
