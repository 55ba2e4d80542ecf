"""Real gcloud without its start: the SDK is loaded once, and each command runs in a fork of it.

    SDK-PYTHON gcloud_server.py SDK-FOLDER SOCKET

A client sends one JSON line (words, folder, variables) together with its three streams, gets the
process id, then the exit code.  Runs under the SDK's own Python.
"""

# ruff: noqa: SLF001 - the SDK has no public way in

import contextlib
import json
import os
import signal
import socket
import sys
import traceback

SDK, SOCKET = sys.argv[1:]
sys.path[:0] = [f"{SDK}/lib", f"{SDK}/lib/third_party"]  # before argparse: the SDK brings its own

from googlecloudsdk import gcloud_main  # noqa: E402 - found above
from googlecloudsdk.api_lib.util import apis  # noqa: E402
from googlecloudsdk.core import properties  # noqa: E402

BYTES = 1 << 20
LOADED = (
    "artifactregistry-v1 cloudbilling-v1 cloudbuild-v1 cloudbuild-v2 cloudfunctions-v2"
    " cloudquotas-v1 cloudquotas-v1beta cloudresourcemanager-v1"
    " cloudscheduler-v1 compute-v1 eventarc-v1 firestore-v1 iam-v1 logging-v2 monitoring-v1"
    " monitoring-v3 pubsub-v1 run-v1 run-v2 servicenetworking-v1 serviceusage-v1 sqladmin-v1beta4"
    " storage-v1 vpcaccess-v1"
)


def serve():
    """Take one command after the other until the parent goes away."""
    cli = gcloud_main.CreateCLI([])
    for one in LOADED.split():
        apis.GetMessagesModule(*one.split("-"))
        apis.GetClientClass(*one.split("-"))
    # The one API whose address gcloud does not let be set.
    properties.VALUES.api_endpoint_overrides._Add("servicenetworking")
    socket.getaddrinfo = here
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(SOCKET)
        listening.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            client, _ = listening.accept()
            message, streams, _, _ = socket.recv_fds(client, BYTES, 3)
            asked = json.loads(message)
            load(cli, asked["words"])
            if os.fork() == 0:
                listening.close()
                attend(client, streams, asked, cli)
            client.close()
            for stream in streams:
                os.close(stream)
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG) != (0, 0):
                    pass


def here(host, *rest, look_up=socket.getaddrinfo, **more):
    """Find region-127.0.0.1 as well: Cloud Run's address begins with the region."""
    return look_up(
        host.rpartition("-")[2] if str(host).endswith("-127.0.0.1") else host, *rest, **more
    )


def load(cli, words):
    """Load a command where every later fork has it."""
    node = cli._TopElement()
    for word in words:
        if node is None or not node.is_group or word.startswith("-"):
            break
        node = node.LoadSubElement(word)


def attend(client, streams, asked, cli):
    """Run one command in a process of its own, and tell its code."""
    child = os.fork()
    if child == 0:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        run(asked, cli)
    for stream in streams:
        os.close(stream)
    client.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    client.sendall(f"{os.waitstatus_to_exitcode(status) % 256}\n".encode())
    os._exit(0)


def run(asked, cli):
    """Be gcloud."""
    code = 1
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["variables"])
    sys.argv = ["gcloud", *asked["words"]]
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, closefd=False) for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    try:
        gcloud_main.main(gcloud_cli=cli)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except KeyboardInterrupt:
        code = 130
    except BaseException:
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
