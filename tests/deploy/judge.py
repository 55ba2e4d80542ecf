"""Let the SDK's own parser judge commands.  JSON list of word lists in -> JSON list of faults out.

    SDK-PYTHON judge.py SDK-FOLDER <commands

A fault is "" where the SDK would run the command.  Runs under the SDK's own Python.
"""

# ruff: noqa: SLF001 - the SDK has no public way in

import contextlib
import io
import json
import sys

SDK = sys.argv[1]
sys.path[:0] = [f"{SDK}/lib", f"{SDK}/lib/third_party"]  # before argparse: the SDK brings its own

from googlecloudsdk import gcloud_main  # noqa: E402 - found above


def fault(top, words):
    """Say what the SDK would not understand."""
    node, place = top, 0
    while place < len(words) and node.is_group and not words[place].startswith("-"):
        node, place = node.LoadSubElement(words[place]), place + 1
        if node is None:
            return f"unknown word: {words[place - 1]}"
    if node.is_group:
        return "not a command"
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            node._parser.parse_args(words[place:], raise_error=True)
    except Exception as error:  # flags that read files raise types of their own
        return f"{type(error).__name__}: {error}"
    return ""


if __name__ == "__main__":
    TOP = gcloud_main.CreateCLI([])._TopElement()
    sys.stdout.write(json.dumps([fault(TOP, words) for words in json.load(sys.stdin)]))
