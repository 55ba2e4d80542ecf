"""What stands as `gcloud` on the path of a rehearsal: hands its words to `gcloud_server.py`.

It writes down each command, one JSON list a line, and passes Ctrl-C on as a terminal would.
"""

# ruff: noqa: PTH109, PTH123 - what is imported here, every one of hundreds of commands waits for

import json
import os
import signal
import socket
import sys

with open(os.environ["GCLOUD_COMMANDS"], "a", encoding="utf-8") as commands:
    commands.write(json.dumps(sys.argv[1:]) + "\n")
asked = {"words": sys.argv[1:], "folder": os.getcwd(), "variables": dict(os.environ)}
with socket.socket(socket.AF_UNIX) as server:
    server.connect(os.environ["GCLOUD_SERVER"])
    socket.send_fds(server, [json.dumps(asked).encode()], [0, 1, 2])
    answers = server.makefile()
    child = int(answers.readline())
    signal.signal(signal.SIGINT, lambda *_: os.kill(child, signal.SIGINT))
    sys.exit(int(answers.readline()))
