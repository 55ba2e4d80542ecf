"""The settings: read in one place, all problems reported at once.

The emulator variables are the ones that Google's own emulators use; unset, the clients talk to
Google Cloud.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.ports import Bucket

ENVIRONMENTS = ("local", "test", "dev", "staging", "prod")


class BadSettings(Exception):
    """The environment does not describe a pipeline; the text lists every problem."""


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
    author: str
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
    if not project:
        problems.append("GOOGLE_CLOUD_PROJECT is not set; it names the project")
    storage = found.get("STORAGE_EMULATOR_HOST", "")
    if storage and not storage.startswith("http"):
        problems.append("STORAGE_EMULATOR_HOST needs a scheme, such as http://127.0.0.1:9000")
    environment = one_of("ENVIRONMENT", "dev", ENVIRONMENTS)
    emulators = {name: found.get(name, "") for name in EMULATORS}
    time_scale = _number(found.get("REPAIR_TIME_SCALE", "1"))
    problems += _problems(environment, emulators, time_scale)
    settings = Settings(
        environment=environment,
        project=project,
        database_url=found.get("DATABASE_URL", ""),
        firestore_emulator=emulators["FIRESTORE_EMULATOR_HOST"],
        pubsub_emulator=emulators["PUBSUB_EMULATOR_HOST"],
        storage_emulator=storage,
        buckets={
            "generated": found.get("GENERATED_BUCKET", f"{project}-generated"),
            "oer": found.get("OER_BUCKET", f"{project}-oer"),
            "scenes": found.get("SCENES_BUCKET", f"{project}-scenes"),
        },
        voice=one_of("VOICE", "espeak-ng", ("espeak-ng",)),
        author=one_of("AUTHOR", "extractive", ("extractive",)),
        allowed_licences=tuple(found.get("ALLOWED_LICENCES", "").split()),
        repair_time_scale=time_scale,
    )
    if problems:
        raise BadSettings("\n".join(["The settings have problems:", *problems]))
    return settings


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _problems(environment: str, emulators: Mapping[str, str], time_scale: float) -> Iterator[str]:
    if not 0 < time_scale < math.inf:
        yield "REPAIR_TIME_SCALE must be a number above 0"
    if environment == "prod" and any(emulators.values()):
        named = ", ".join(name for name, value in emulators.items() if value)
        yield f"ENVIRONMENT is prod but {named} points at an emulator"
    if environment == "prod" and time_scale != 1:
        yield "ENVIRONMENT is prod but REPAIR_TIME_SCALE is not 1"


EMULATORS = ("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST", "STORAGE_EMULATOR_HOST")
