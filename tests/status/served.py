"""The function itself, served in this process: real code, database and storage, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import functions_framework
import pytest

from local.addresses import PROJECT, Addresses
from local.cloud.server import LocalCloud
from local.services import Connected
from local.stack import Running
from shared.gcp.postgres import Postgres
from shared.status import wired
from tests.conftest import of_role
from tests.status.given import LESSON, completed, failed, seen, stored
from tests.status.world import BOOK, TEXT

MAIN = Path(__file__).parents[2] / "functions" / "status" / "main.py"
ENTRIES = (
    seen(1),
    completed(2, lesson_id="b" * 32),
    failed(3, lesson_id="c" * 32),
    failed(4, "script", lesson_id="d" * 32, plan_object="", scripted_at=None),
)


@contextmanager
def served(folder: Path, database_url: str, patch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Serve some requests while the block runs; gives the WSGI application."""
    cloud = LocalCloud(folder, {}, project=PROJECT, tick_every_s=None)
    cloud.start()
    variables = {
        **Addresses().environment(of_role(database_url, "status_ro")),
        "FIRESTORE_EMULATOR_HOST": cloud.firestore_host,
        "STORAGE_EMULATOR_HOST": cloud.storage_host,
    }
    postgres = Postgres(database_url)
    stored(postgres, *(one for one in ENTRIES))
    postgres.close()
    _store_text(variables)
    for name, value in variables.items():
        patch.setenv(name, value)
    wired._of_the_environment.cache_clear()  # noqa: SLF001 - as in a new process
    try:
        yield functions_framework.create_app("status", str(MAIN), "http")
    finally:
        wired.front().lists._requests._postgres.close()  # noqa: SLF001 - a process ends instead
        wired._of_the_environment.cache_clear()  # noqa: SLF001
        cloud.stop()


def _store_text(variables: Mapping[str, str]) -> None:
    objects = Connected(Running(variables)).objects
    plan = json.dumps({"attribution": BOOK}).encode()
    home = f"lessons/{LESSON}"
    objects.create("generated", f"{home}/plan.json", plan, content_type="application/json")
    objects.create("generated", f"{home}/lesson.md", TEXT.encode(), content_type="text/markdown")
