"""Which tables a module's SQL reads and writes, told from its source.

Strings that follow each other are one; a statement that is put together at run time tells the
tables that stand in it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

GCP = Path(__file__).parents[2] / "shared" / "gcp"
VERBS = {
    "insert": re.compile(r"insert into (\w+)"),
    "update": re.compile(r"(?<!for )(?<!do )update (\w+)"),
    "delete": re.compile(r"delete from (\w+)"),
    "select": re.compile(r"(?:\bfrom|\bjoin|\busing) (?!unnest|\()(?:only )?(\w+)"),
}
UPSERT = re.compile(r"insert into (\w+)(?:(?!insert into).)*on conflict[^;]*?do update", re.DOTALL)


def used(module: str, tables: Iterable[str]) -> set[tuple[str, str]]:
    """Give pairs of a table and what is done to it."""
    tree = ast.parse((GCP / f"{module}.py").read_text("utf-8"))
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    known = set(tables)
    found = {
        (table, verb)
        for text in texts
        for verb, pattern in VERBS.items()
        for table in pattern.findall(" ".join(text.lower().split()))
    }
    found |= {(table, "update") for text in texts for table in UPSERT.findall(text.lower())}
    found = {(table, verb) for table, verb in found if table in known}
    # To change or to return a row takes the right to read it.
    return found | {(table, "select") for table, _ in found}
