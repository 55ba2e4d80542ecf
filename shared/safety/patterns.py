"""Texts whose form alone keeps them out: links, and words spelt so that nobody can read them."""

from __future__ import annotations

import re

LINKS = re.compile(r"(?i)\bhttps?:|\bwww\.|\b[\w-]+\.(?:com|org|net|io|gg|me)\b")
OBSCURED = re.compile(r"(?<!\w)[^\W\d_](?:[ .*_\-]{1,3}[^\W\d_]){9,}(?!\w)")  # letter by letter
