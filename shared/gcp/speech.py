"""The port PaidVoice on Cloud Text-to-Speech and on Gemini TTS, over REST.

One call a sentence, so that captions follow even where a voice tells no word times: a sentence's
beginning and end are known by its samples.  Neither needs an SDK of its own: `requests` and
google-auth come with the storage client.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from shared.deadline import left_s
from shared.film.sound_file import check_length, samples_of
from shared.film.trimming import trimmed
from shared.gcp.codes import CATEGORIES
from shared.gcp.posting import Api, Posting
from shared.lesson.plan import Speaker
from shared.voice import PaidVoice, Spoken
from shared.voices.faults import NotNow
from shared.voices.prices import tokens, worst
from shared.voices.ssml import marked, word_times

MOST_CALL_S = 30.0
RATE_HZ = 24_000
NATURAL_WPM = 160  # a voice's own rate is not told; this is what most read prose at
SLOWEST, QUICKEST = 0.6, 1.2  # of that: beyond it a voice sounds drunk or chased
_RATE = re.compile(r"rate=(\d+)")
_GOOGLE = Api(
    "Cloud Text-to-Speech",
    "texttospeech.googleapis.com",
    "roles/serviceusage.serviceUsageConsumer",
    "Cloud Text-to-Speech does not know the voice of VOICE_NAME, or a release asks it wrong",
)
_GEMINI = Api(
    "Vertex AI",
    "aiplatform.googleapis.com",
    "roles/aiplatform.user",
    "Vertex AI does not know VOICE_MODEL at VOICE_LOCATION or VOICE_NAME, or a release asks it "
    "wrong",
)


@cache  # one session a process, whichever scenes it renders
def voice_of(speaker: Speaker, project: str, speech: str, vertex: str) -> PaidVoice:
    """Give the voice that a plan names; `speech` and `vertex` are base URLs of fakes, or empty."""
    if speaker.service == "google":
        return CloudVoice(speaker, project, speech)
    return GeminiVoice(speaker, project, vertex)


class CloudVoice:
    """A voice of Cloud Text-to-Speech."""

    paid = True

    def __init__(
        self, speaker: Speaker, project: str, emulator: str, most_s: float = MOST_CALL_S
    ) -> None:
        self.name = speaker.voice
        self._speaker = speaker
        self._most_s = most_s
        self._project = project
        place = "" if speaker.location == "global" else f"{speaker.location}-"
        surface = "v1beta1" if speaker.marks else "v1"
        base = emulator or f"https://{place}{_GOOGLE.host}"
        self._url = f"{base}/{surface}/text:synthesize"
        self._posting = Posting(_GOOGLE, emulator)

    def worst(self, text: str, rate_wpm: int) -> int:
        """Give what a sentence costs, in micro-dollars: its characters are known."""
        return worst(self._speaker, text, rate_wpm)

    def speak(self, text: str, rate_wpm: int) -> Spoken:
        """Say one sentence; raises NotNow or SetUp."""
        name, marks, rate = self._speaker.name, self._speaker.marks, _speaking_rate(rate_wpm)
        body: dict[str, Any] = {
            "input": {"ssml": marked(text)} if marks else {"text": text},
            "voice": {"languageCode": "-".join(name.split("-")[:2]), "name": name},
            "audioConfig": {
                "audioEncoding": "LINEAR16",
                "sampleRateHertz": RATE_HZ,
                "speakingRate": rate,
            },
        }
        if marks:
            body["enableTimePointing"] = ["SSML_MARK"]
        headers = {"x-goog-user-project": self._project}
        reply = self._posting.post(self._url, body, headers, left_s(self._most_s))
        content = _decoded(reply.get("audioContent", ""))
        cut, heard = _heard(content, RATE_HZ, text, NATURAL_WPM * rate)
        length_s, words = len(heard.samples) / heard.rate_hz, len(text.split())
        times = word_times(reply.get("timepoints"), words, cut / heard.rate_hz, length_s)
        return replace(heard, words=times, micros=worst(self._speaker, text, rate_wpm))


class GeminiVoice:
    """A voice of Gemini TTS; its pace is its own."""

    paid = True

    def __init__(
        self, speaker: Speaker, project: str, emulator: str, most_s: float = MOST_CALL_S
    ) -> None:
        self.name = speaker.voice
        self._speaker = speaker
        self._most_s = most_s
        base = emulator or _vertex(speaker.location)
        where = f"projects/{project}/locations/{speaker.location}/publishers/google"
        self._url = f"{base}/v1/{where}/models/{speaker.model}:generateContent"
        self._posting = Posting(_GEMINI, emulator)

    def worst(self, text: str, rate_wpm: int) -> int:
        """Give the most that a sentence may cost, in micro-dollars."""
        return worst(self._speaker, text, rate_wpm)

    def speak(self, text: str, rate_wpm: int) -> Spoken:  # noqa: ARG002 - its pace is its own
        """Say one sentence; raises NotNow or SetUp."""
        voice = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": self._speaker.name}}}
        body = {
            "contents": [{"role": "user", "parts": [{"text": text}]}],
            "generationConfig": {"responseModalities": ["AUDIO"], "speechConfig": voice},
            "safetySettings": [
                {"category": f"HARM_CATEGORY_{one}", "threshold": "BLOCK_MEDIUM_AND_ABOVE"}
                for one in CATEGORIES
            ],
            "labels": {"app": "vividly", "stage": "render"},
        }
        reply = self._posting.post(self._url, body, {}, left_s(self._most_s))
        sound = _sound_in(reply)
        told = _RATE.search(str(sound.get("mimeType", "")))
        promised_hz = int(told[1]) if told else RATE_HZ
        content = _decoded(sound.get("data", ""))
        _, heard = _heard(content, promised_hz, text, NATURAL_WPM)
        return replace(heard, micros=self._cost(reply))

    def _cost(self, reply: Mapping[str, Any]) -> int:
        """Work out what an answer cost; 0 where it does not tell."""
        used = reply.get("usageMetadata")
        used = used if isinstance(used, dict) else {}
        counts = [used.get(name) for name in ("promptTokenCount", "candidatesTokenCount")]
        read, sounded = (one if isinstance(one, int) and one > 0 else 0 for one in counts)
        return tokens(self._speaker, read, sounded) if sounded else 0


def _heard(content: bytes, promised_hz: int, text: str, rate_wpm: float) -> tuple[int, Spoken]:
    """Make a sentence of the bytes that came, and tell how many samples were cut off in front.

    Raises NotNow when they cannot be that sentence.
    """
    samples, rate_hz = samples_of(content, promised_hz)
    cut, samples = trimmed(samples, rate_hz)
    check_length(text, rate_wpm, len(samples) / rate_hz)
    return cut, Spoken(samples, rate_hz, ())


def _decoded(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error as fault:
        raise NotNow("the speaking service sent sound that cannot be decoded", billed=True) from (
            fault
        )


def _sound_in(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    """Find the sound of an answer that ended as it should; a blocked one is no error of HTTP."""
    listed = reply.get("candidates")
    first = listed[0] if isinstance(listed, list) and listed else {}
    first = first if isinstance(first, dict) else {}
    feedback = reply.get("promptFeedback")
    blocked = feedback.get("blockReason") if isinstance(feedback, dict) else None
    end = str(blocked or first.get("finishReason") or "EMPTY")
    content = first.get("content")
    parts = content.get("parts") if isinstance(content, dict) else None
    for part in parts if isinstance(parts, list) else ():
        sound = part.get("inlineData") if isinstance(part, dict) else None
        if isinstance(sound, dict) and end == "STOP":
            return sound
    word = end if end.replace("_", "").isalpha() else "EMPTY"
    raise NotNow(f"the speaking model gave no sound: it ended with {word}", billed=True)


def _speaking_rate(rate_wpm: int) -> float:
    return round(min(QUICKEST, max(SLOWEST, rate_wpm / NATURAL_WPM)), 2)


def _vertex(location: str) -> str:
    place = "" if location == "global" else f".{location}.rep"
    return f"https://aiplatform{place}.googleapis.com"
