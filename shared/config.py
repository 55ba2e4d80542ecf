"""The settings: read in one place, all problems reported at once.

The emulator variables are the ones that Google's own emulators use, and VERTEX_EMULATOR_HOST for
a fake of Vertex AI; unset, the clients talk to Google Cloud.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast, get_args

from shared.lesson.plan import Shape
from shared.ports import Bucket

if TYPE_CHECKING:
    from shared.embedding.settings import EmbeddingSettings
    from shared.lesson.gemini.settings import GeminiSettings
    from shared.voices.settings import SpeechSettings

SWITCH = ("on", "off")
REGIONS = ("any", "au", "ca", "de", "gb", "us")  # those of shared/safety/helplines.json
ENVIRONMENTS = ("local", "test", "dev", "staging", "prod")


class BadSettings(Exception):
    """The environment does not describe a pipeline; the text lists every problem."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask `status`, and what it says of itself.

    Tokens must be signed by a key of `certificates`, a URL, and be issued by `issuer` for
    `audience`.  With `development` a caller is whoever it says it is.
    """

    audience: str
    issuer: str
    certificates: str
    development: bool
    origins: tuple[str, ...]  # of web pages that may ask
    revision: str
    commit: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between machines."""

    environment: str
    project: str
    database_url: str
    firestore_emulator: str
    pubsub_emulator: str
    storage_emulator: str
    buckets: Mapping[Bucket, str]
    voice: str
    speech: SpeechSettings | None  # when VOICE is paid for
    speech_emulator: str
    vertex_emulator: str
    author: str
    gemini: GeminiSettings | None  # when AUTHOR is gemini
    embedding: EmbeddingSettings | None  # unless EMBEDDINGS is off
    film_shape: Shape
    allowed_licences: tuple[str, ...]
    repair_time_scale: float  # shortens how long `repair` waits before it acts


def read(variables: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment; raises BadSettings."""
    found = os.environ if variables is None else variables
    problems: list[str] = []

    def one_of(name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = found.get(name, default)
        if value not in allowed:
            problems.append(f"{name} is {value!r}; it must be one of {', '.join(allowed)}")
        return value

    project = found.get("GOOGLE_CLOUD_PROJECT", "")
    environment = one_of("ENVIRONMENT", "dev", ENVIRONMENTS)
    emulators = {name: found.get(name, "") for name in EMULATORS}
    time_scale = _number(found.get("REPAIR_TIME_SCALE", "1"))
    one_of("FILM_SKIP_FRAMES", "on", SWITCH)
    one_of("SAFETY_REGION", "any", REGIONS)
    author = one_of("AUTHOR", "extractive", ("extractive", "gemini"))
    voice = one_of("VOICE", "espeak-ng", ("espeak-ng", "google", "gemini"))
    problems += _problems(project, environment, emulators, time_scale)
    settings = Settings(
        environment=environment,
        project=project,
        database_url=found.get("DATABASE_URL", ""),
        firestore_emulator=emulators["FIRESTORE_EMULATOR_HOST"],
        pubsub_emulator=emulators["PUBSUB_EMULATOR_HOST"],
        storage_emulator=emulators["STORAGE_EMULATOR_HOST"],
        buckets=_buckets(found, project),
        voice=voice,
        speech=_speech(found, problems) if voice in ("google", "gemini") else None,
        speech_emulator=emulators["SPEECH_EMULATOR_HOST"],
        vertex_emulator=emulators["VERTEX_EMULATOR_HOST"],
        author=author,
        gemini=_gemini(found, problems) if author == "gemini" else None,
        embedding=_embedding(found, problems),
        film_shape=cast("Shape", one_of("FILM_SHAPE", "wide", get_args(Shape))),
        allowed_licences=tuple(found.get("ALLOWED_LICENCES", "").split()),
        repair_time_scale=time_scale,
    )
    if problems:
        raise BadSettings("\n".join(["The settings have problems:", *problems]))
    return settings


def project(variables: Mapping[str, str] | None = None) -> str:
    """Name the project, whatever else is wrong with the settings; empty when nobody says."""
    return (os.environ if variables is None else variables).get("GOOGLE_CLOUD_PROJECT", "")


def film_skip_frames(variables: Mapping[str, str] | None = None) -> bool:
    """Tell whether only the frames that change are encoded; anything but "off" says so."""
    found = os.environ if variables is None else variables
    return found.get("FILM_SKIP_FRAMES", "on") != "off"


def safety_region(variables: Mapping[str, str] | None = None) -> str:
    """Tell whose help line a student in a crisis is given; "any" names none."""
    found = os.environ if variables is None else variables
    region = found.get("SAFETY_REGION", "any")
    return region if region in REGIONS else "any"


def access(variables: Mapping[str, str] | None = None) -> Access:
    """Read who may ask `status`; raises BadSettings.

    By default tokens are those of the project's own Identity Platform, or Firebase.
    """
    found = os.environ if variables is None else variables
    project, environment = found.get("GOOGLE_CLOUD_PROJECT", ""), found.get("ENVIRONMENT", "dev")
    callers = found.get("STATUS_CALLERS", "tokens")
    issuer = found.get("STATUS_ISSUER", f"https://securetoken.google.com/{project}")
    audience = found.get("STATUS_AUDIENCE", project)
    problems = []
    if not (audience and issuer):
        problems.append("STATUS_AUDIENCE and STATUS_ISSUER must not be empty")
    if callers not in CALLERS:
        problems.append(f"STATUS_CALLERS is {callers!r}; it must be one of {', '.join(CALLERS)}")
    if callers == "development" and environment not in ("local", "test"):
        problems.append(f"STATUS_CALLERS is development but ENVIRONMENT is {environment}")
    certificates = found.get("STATUS_CERTIFICATES", GOOGLES_CERTIFICATES)
    if not certificates.startswith("https://"):
        problems.append("STATUS_CERTIFICATES must be a URL that begins with https://")
    if problems:
        raise BadSettings("\n".join(["The settings have problems:", *problems]))
    return Access(
        audience=audience,
        issuer=issuer,
        certificates=certificates,
        development=callers == "development",
        origins=tuple(found.get("STATUS_ORIGINS", "").split()),
        revision=found.get("K_REVISION", ""),
        commit=found.get("COMMIT", ""),
    )


def gemini(variables: Mapping[str, str] | None = None) -> GeminiSettings:
    """Read what the author on Gemini would have, whoever is the author; raises BadSettings."""
    problems: list[str] = []
    settings = _gemini(os.environ if variables is None else variables, problems)
    if settings is None:
        raise BadSettings("\n".join(["The settings have problems:", *problems]))
    return settings


def embedding(variables: Mapping[str, str] | None = None) -> EmbeddingSettings | None:
    """Read what EMBEDDINGS says, without all else; raises BadSettings."""
    problems: list[str] = []
    settings = _embedding(os.environ if variables is None else variables, problems)
    if problems:
        raise BadSettings("\n".join(["The settings have problems:", *problems]))
    return settings


def _buckets(found: Mapping[str, str], project: str) -> dict[Bucket, str]:
    return {
        "generated": found.get("GENERATED_BUCKET", f"{project}-generated"),
        "oer": found.get("OER_BUCKET", f"{project}-oer"),
        "scenes": found.get("SCENES_BUCKET", f"{project}-scenes"),
    }


def _gemini(found: Mapping[str, str], problems: list[str]) -> GeminiSettings | None:
    # The table of models and the prompts are read by nobody whose author quotes.
    from shared.lesson.gemini.settings import read_gemini  # noqa: PLC0415

    return read_gemini(found, problems, datetime.now(UTC).date())


def _speech(found: Mapping[str, str], problems: list[str]) -> SpeechSettings | None:
    # The table of voices is read by nobody whose voice is free.
    from shared.voices.settings import read_speech  # noqa: PLC0415

    return read_speech(found, problems, datetime.now(UTC).date())


def _embedding(found: Mapping[str, str], problems: list[str]) -> EmbeddingSettings | None:
    if found.get("EMBEDDINGS", "off") == "off":
        return None
    from shared.embedding.settings import read_embedding  # noqa: PLC0415 - as above

    return read_embedding(found, problems, datetime.now(UTC).date())


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _problems(
    project: str, environment: str, emulators: Mapping[str, str], time_scale: float
) -> Iterator[str]:
    if not project:
        yield "GOOGLE_CLOUD_PROJECT is not set; it names the project"
    if not 0 < time_scale < math.inf:
        yield "REPAIR_TIME_SCALE must be a number above 0"
    for name, port in (("STORAGE_EMULATOR_HOST", 9000), ("SPEECH_EMULATOR_HOST", 8791)):
        if emulators[name] and not emulators[name].startswith("http"):
            yield f"{name} needs a scheme, such as http://127.0.0.1:{port}"
    if environment == "prod" and any(emulators.values()):
        named = ", ".join(name for name, value in emulators.items() if value)
        yield f"ENVIRONMENT is prod but {named} points at an emulator"
    if environment == "prod" and time_scale != 1:
        yield "ENVIRONMENT is prod but REPAIR_TIME_SCALE is not 1"


CALLERS = ("tokens", "development")
GOOGLES_CERTIFICATES = (
    "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com"
)
EMULATORS = (
    "FIRESTORE_EMULATOR_HOST",
    "PUBSUB_EMULATOR_HOST",
    "STORAGE_EMULATOR_HOST",
    "VERTEX_EMULATOR_HOST",
    "SPEECH_EMULATOR_HOST",
)
