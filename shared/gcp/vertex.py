"""The port Model on Vertex AI, through Google's own SDK.

One call per `ask`: the SDK's retries are off, because a timed-out call may be billed and only the
platform's redelivery backs off without holding an instance.  Nothing is imported before the first
call: replays, refusals and the extractive author never pay for the SDK's half second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from shared.gcp.codes import CATEGORIES
from shared.gcp.vertex_faults import meaning
from shared.lesson.gemini.faults import NotNow, SetUp
from shared.lesson.gemini.model import Prompt

if TYPE_CHECKING:
    from google.genai import Client
    from google.genai.types import GenerateContentConfig

LABELS = {"app": "vividly", "stage": "script"}


class Vertex:
    """Gemini of one project; `emulator` is the base URL of a fake, empty for Google."""

    def __init__(self, project: str, emulator: str = "") -> None:
        self._project = project
        self._emulator = emulator
        self._lock = Lock()
        self._clients: dict[str, Client] = {}

    def ask(self, name: str, location: str, prompt: Prompt, timeout_s: float) -> bytes:
        """Ask once; raises NotNow, Gone or SetUp."""
        config = _config(prompt, timeout_s)  # outside: a wrong one is a bug of ours
        with _translated(name, location):
            reply = self._client(location).models.generate_content(
                model=name, contents=prompt.contents, config=config
            )
            told = reply.model_dump_json(exclude_none=True, exclude={"sdk_http_response"})
            return str(told).encode()

    def _client(self, location: str) -> Client:
        with self._lock:
            if location not in self._clients:
                self._clients[location] = self._built(location)
            return self._clients[location]

    def _built(self, location: str) -> Client:
        import httpx
        from google.genai import Client, types
        from google.oauth2.credentials import Credentials

        from shared.gcp.bounded import Bounded

        trusted = httpx.create_ssl_context()  # once: the SDK would read the certificates thrice
        return Client(
            enterprise=True,
            project=self._project,
            location=location,
            credentials=Credentials("fake") if self._emulator else None,  # type: ignore[no-untyped-call]
            http_options=types.HttpOptions(
                api_version="v1",
                base_url=self._emulator or None,
                retry_options=types.HttpRetryOptions(attempts=1),
                client_args={"transport": Bounded(verify=trusted), "verify": trusted},
            ),
        )


def _config(prompt: Prompt, timeout_s: float) -> GenerateContentConfig:
    from google.genai import types

    return types.GenerateContentConfig(
        system_instruction=prompt.system,
        response_mime_type="application/json",
        response_json_schema=prompt.schema,
        max_output_tokens=prompt.most_tokens,
        automatic_continuation=False,  # each hop would be billed
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW),
        labels=dict(LABELS),
        http_options=types.HttpOptions(timeout=int(timeout_s * 1000)),
        safety_settings=[
            types.SafetySetting(
                category=types.HarmCategory(f"HARM_CATEGORY_{one}"),
                threshold=types.HarmBlockThreshold.BLOCK_MEDIUM_AND_ABOVE,
            )
            for one in CATEGORIES
        ],
    )


@contextmanager
def _translated(name: str, location: str) -> Iterator[None]:
    import httpx
    from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
    from google.genai.errors import APIError

    try:
        yield
    except APIError as fault:
        raise meaning(fault.code, fault.status, fault.details, name, location) from fault
    except DefaultCredentialsError as fault:
        raise SetUp("no credentials: run gcloud auth application-default login") from fault
    except httpx.ConnectError as fault:
        raise NotNow("Vertex AI cannot be reached", billed=False) from fault
    except GoogleAuthError as fault:
        raise NotNow(f"no token: {type(fault).__name__}", billed=False) from fault
    # The SDK reads an answer of a shape that it does not know with whatever error comes of it.
    except (httpx.HTTPError, ValueError, TypeError, AttributeError) as fault:
        raise NotNow(f"no whole answer: {type(fault).__name__}", billed=True) from fault
