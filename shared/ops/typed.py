"""What several commands let an operator type."""

from __future__ import annotations

import argparse
import os
import pwd


def an_operator(own: argparse.ArgumentParser) -> None:
    """Let a command know who gives it."""
    user = _user()
    own.add_argument(
        "--operator", type=a_text, default=user, metavar="NAME",
        help=f"who does it, for the journal (default {user})",
    )  # fmt: skip


def a_text(text: str) -> str:
    """Read something that must not be blank."""
    if not text.strip():
        raise argparse.ArgumentTypeError("must say something")
    return text.strip()


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run as somebody without a name
        return f"user {os.getuid()}"
