"""Cloud Text-to-Speech and Gemini TTS over real HTTP, with every way in which they misbehave.

    python -m tests.fakes.speech_server --port 8791 --behaviour good
    python -m tests.fakes.speech_server --voice google -- python -m local up

`push` says what the next calls meet, `usual` what all others do; `POST /behaviour` with a name
sets the latter from outside.  Replies have the documented shapes; what they say is a hum.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from xml.etree import ElementTree as ET

from tests.fakes import speech_sound

SLOW_S = 1.0
DRIPS = 200
NATURAL_WPM = 160
OTHERS = ("no-timepoints", "few-timepoints", "backward-timepoints", "no-audio", "blocked-prompt",
          "no-json", "no-base64", "html", "slow", "reset", "drip")  # fmt: skip
ERRORS = {
    "400": (400, "INVALID_ARGUMENT", ""),
    "401": (401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"),
    "403": (403, "PERMISSION_DENIED", "IAM_PERMISSION_DENIED"),
    "403-disabled": (403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
    "403-quota-project": (403, "PERMISSION_DENIED", "USER_PROJECT_DENIED"),
    "404": (404, "NOT_FOUND", ""),
    "429": (429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
    "429-after": (429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
    "500": (500, "INTERNAL", ""),
    "503": (503, "UNAVAILABLE", ""),
}
NAMES = (*speech_sound.SOUNDS, *OTHERS, *ERRORS)


class FakeSpeech(ThreadingHTTPServer):
    """Answers at `url`; `seen` are the requests as (path, body), `calls` how many there were."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, usual="good", port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.usual = usual
        self.next, self.seen, self.lock = deque(), [], Lock()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def push(self, *behaviours):
        """Let the next calls meet these, in order."""
        self.next.extend(behaviours)

    @property
    def calls(self):
        return len(self.seen)

    def taken(self, path, body):
        """Note a call, and tell what it meets."""
        with self.lock:
            self.seen.append((path, body))
            return self.next.popleft() if self.next else self.usual

    def handle_error(self, request, client_address):
        """Say nothing of clients that stopped waiting."""


class Handler(BaseHTTPRequestHandler):
    """One call."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        """Say nothing."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/behaviour":
            self.server.usual = body["behaviour"]
            self._send(200, {})
            return
        meets = self.server.taken(self.path, body)
        if meets in ("reset", "drip"):
            getattr(self, f"_{meets}")()
            return
        time.sleep(SLOW_S if meets == "slow" else 0)
        self._send(*reply("good" if meets == "slow" else meets, self.path, body))

    def _send(self, status, content):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self._head(status, len(data))
        self.wfile.write(data)

    def _head(self, status, length):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        if status == 429:
            self.send_header("retry-after", "7")
        self.send_header("content-length", str(length))
        self.end_headers()

    def _reset(self):
        """Drop the connection without a word, as a broken balancer does."""
        self._head(200, 1000)
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _drip(self):
        """Give a byte now and then, each within any limit for a single read."""
        self._head(200, DRIPS)
        self.close_connection = True
        for _ in range(DRIPS):
            try:
                self.wfile.write(b" ")
            except OSError:
                return
            time.sleep(0.05)


def reply(meets, path, body):
    """Give status and content; a request of the wrong shape is refused, as Google does."""
    if meets in ERRORS:
        return refusal(*ERRORS[meets])
    if meets in ("html", "no-json"):
        return (502 if meets == "html" else 200), b"<html>Something went wrong"
    try:
        return 200, (cloud if "text:synthesize" in path else gemini)(meets, path, body)
    except (KeyError, TypeError, ValueError, ET.ParseError):
        return refusal(400, "INVALID_ARGUMENT", "")


def refusal(code, status, reason):
    """Write an error as Google's APIs do; its message quotes what nobody should read again."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    error = {"code": code, "status": status, "message": "Ann asked why", "details": details}
    return code, {"error": error if reason else {**error, "details": []}}


def cloud(meets, path, body):
    """Answer as Cloud Text-to-Speech."""
    config, marks = body["audioConfig"], body.get("enableTimePointing") == ["SSML_MARK"]
    if config["audioEncoding"] != "LINEAR16" or marks != path.startswith("/v1beta1/"):
        raise ValueError(path)
    if not body["voice"]["name"].startswith(body["voice"]["languageCode"]):
        raise ValueError(body["voice"])
    text, names = _text(body["input"])
    rate_wpm = NATURAL_WPM * config["speakingRate"]
    told = {"audioContent": _sound(meets, text, rate_wpm)}
    if marks:
        starts = speech_sound.hummed(text, rate_wpm)[1]
        points = [
            {"markName": name, "timeSeconds": start}
            for name, start in zip(names, starts, strict=True)
        ]
        told["timepoints"] = {
            "no-timepoints": [],
            "few-timepoints": points[1:],
            "backward-timepoints": points[::-1],
        }.get(meets, points)
        if meets == "backward-timepoints":
            for one, start in zip(points, starts[::-1], strict=True):
                one["timeSeconds"] = start
    return told


def gemini(meets, path, body):
    """Answer as Gemini TTS on Vertex AI."""
    config = body["generationConfig"]
    if not path.endswith(":generateContent") or config["responseModalities"] != ["AUDIO"]:
        raise ValueError(path)
    assert config["speechConfig"]["voiceConfig"]["prebuiltVoiceConfig"]["voiceName"]
    text = body["contents"][0]["parts"][0]["text"]
    used = {"promptTokenCount": 20, "candidatesTokenCount": 100}
    if meets == "blocked-prompt":
        return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": used}
    if meets == "no-audio":
        return {"candidates": [{"finishReason": "OTHER"}], "usageMetadata": used}
    is_bare = meets in ("raw", "raw-odd")
    kind = "audio/L16;codec=pcm;rate=24000" if is_bare else "audio/wav"
    sound = {"mimeType": kind, "data": _sound(meets, text, NATURAL_WPM)}
    content = {"role": "model", "parts": [{"inlineData": sound}]}
    return {"candidates": [{"content": content, "finishReason": "STOP"}], "usageMetadata": used}


def _text(given):
    """Read what is to be said: plain, or words with a mark before each."""
    if "text" in given:
        return given["text"], []
    marks = ET.fromstring(given["ssml"]).findall("mark")  # noqa: S314 - a test's own
    return " ".join((one.tail or "").strip() for one in marks), [one.get("name") for one in marks]


def _sound(meets, text, rate_wpm):
    if meets in ("no-base64", "no-audio", "blocked-prompt"):
        return "~" if meets == "no-base64" else ""
    name = meets if meets in speech_sound.SOUNDS else "good"
    return base64.b64encode(speech_sound.spoilt(name, text, rate_wpm)).decode()


def main():
    """Serve until the process, or the command that runs beside it, ends."""
    words = argparse.ArgumentParser(description="Speaking services that answer as they are told.")
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--behaviour", default="good", choices=NAMES)
    words.add_argument("--voice", default="google", choices=("google", "gemini"))
    words.add_argument("command", nargs="*", help="to be run beside it, with this voice")
    given = words.parse_args()
    server = FakeSpeech(given.behaviour, given.port)
    print(f"Fake speaking services answer at {server.url}", flush=True)  # noqa: T201
    if not given.command:
        server.serve_forever()
    with server:
        own = {
            "VOICE": given.voice,
            "SPEECH_EMULATOR_HOST": server.url,
            **({"VERTEX_EMULATOR_HOST": server.url} if given.voice == "gemini" else {}),
        }
        return subprocess.call(given.command, env={**os.environ, **own})


if __name__ == "__main__":
    sys.exit(main())
