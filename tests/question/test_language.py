"""Which language a question is in."""

from __future__ import annotations

import pytest

from shared.errors import Refused
from shared.question.language import SAY, language_of, refuse_untaught

FOREIGN = {
    "es": ["¿Qué es la inercia?", "que es la inercia", "por que el cielo es azul", "¿fuerza?"],
    "de": ["Was ist Trägheit?", "was ist licht", "Warum ist der Himmel blau?"],
    "fr": ["Pourquoi le ciel est bleu ?", "c\u2019est quoi la gravité"],
    "it": ["Perché il cielo è blu?", "cos'è l'inerzia"],
    "pt": ["Por que o céu é azul?", "o que é inércia"],
    "nl": ["Waarom is de lucht blauw?", "wat is traagheid"],
    "tr": ["Yerçekimi nedir?"],
    "sv": ["Vad är tröghet?"],
    "ru": ["Почему небо голубое?", "сила"],
    "ar": ["لماذا السماء زرقاء؟"],
    "hi": ["जड़त्व क्या है?"],
    "zh": ["为什么天空是蓝色的?"],
    "ja": ["なぜ空は青いの?"],
    "ko": ["관성이란 무엇인가요?"],
    "xx": ["ποια είναι δύναμη;"],
}
ENGLISH = [
    *("What is inertia?", "force?", "El Niño", "La Niña effect", "What is λ?", "Δv", "ΔE = mc²"),
    *(
        "Die hard physics",
        "What does 'je ne sais quoi' mean?",
        "inertia",
        "van de Graaff generator",
    ),
    *("Explain the de Broglie wavelength", "θ?", "die casting", "42", "inertia"),
]


@pytest.mark.parametrize(
    ("question", "language"), [(one, code) for code, listed in FOREIGN.items() for one in listed]
)
def test_another_language(question: str, language: str) -> None:
    """Another alphabet, or small words that English has not, are sure signs."""
    assert language == language_of(question)


@pytest.mark.parametrize("question", ENGLISH)
def test_english(question: str) -> None:
    """Foreign names, symbols and words in quotes make a question no less English."""
    assert "en" == language_of(question)


def test_what_cannot_be_taught_is_refused_kindly() -> None:
    """In English, and in the student's own language where we know it."""
    with pytest.raises(Refused, match="Bitte stelle deine Frage auf Englisch") as raised:
        refuse_untaught("Warum ist der Himmel blau?")

    assert ("language", True) == (raised.value.reason, str(raised.value).startswith(SAY))


def test_a_language_without_a_sentence_of_its_own() -> None:
    """Is answered in English alone."""
    with pytest.raises(Refused) as raised:
        refuse_untaught("ποια είναι δύναμη;")

    assert SAY == str(raised.value)


def test_english_passes() -> None:
    """Nothing is raised."""
    refuse_untaught("Why is the sky blue?")
