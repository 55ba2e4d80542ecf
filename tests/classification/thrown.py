"""Every exception class that the clients, Python and the pipeline itself can throw."""

from __future__ import annotations

import builtins
import concurrent.futures
import http.client
import inspect
from contextlib import suppress
from types import ModuleType, SimpleNamespace

import google.api_core.exceptions
import google.auth.exceptions
import google.cloud.storage.exceptions
import grpc
import pg8000.dbapi
import requests.exceptions
import urllib3.exceptions

import shared.errors
import shared.gcp.sqlstate

CLIENTS = (
    google.api_core.exceptions,
    google.auth.exceptions,
    google.cloud.storage.exceptions,
    grpc,
    pg8000.dbapi,
    requests.exceptions,
    urllib3.exceptions,
    http.client,
    concurrent.futures,
)
OURS = (shared.errors, shared.gcp.sqlstate)

# What the constructors ask for; the first that fits is taken.
ARGUMENTS = (
    ("a text",),
    ("a text", ValueError("the cause")),
    ("a text", [KeyboardInterrupt()]),
    ("a text", [ValueError()]),
    ("a reason", "a text"),
    (1, 2),
    ("a text", "a text", 0),
    ("utf-8", b"\xff", 0, 1, "a text"),
    ("utf-8", "\xff", 0, 1, "a text"),
    ("\xff", 0, 1, "a text"),
    (SimpleNamespace(tell=lambda: 1, length_remaining=1), b"a"),
    (),
)


def defined(*modules: ModuleType) -> list[type[BaseException]]:
    """List the exception classes of these modules, in the order of their names."""
    found = {
        one
        for module in modules
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, BaseException)
    }
    return sorted(found, key=lambda one: (one.__module__, one.__qualname__))


def made(kind: type[BaseException]) -> BaseException:
    """Make one that can be shown."""
    for arguments in ARGUMENTS:
        with suppress(TypeError, AttributeError, ValueError):
            error = kind(*arguments)
            str(error)
            return error
    raise AssertionError(f"nobody knows how to make a {kind.__name__}")


OF_CLIENTS = defined(*CLIENTS)
OF_PYTHON = defined(builtins)
OF_OURS = defined(*OURS)
ALL = [*dict.fromkeys((*OF_CLIENTS, *OF_PYTHON, *OF_OURS))]
