"""What gcloud accepts and the platform, or we, do not: each rule gives what is wrong, or ""."""

from __future__ import annotations

import re

from tests.project.import_closure import ROOT

SIZE = re.compile(r"\d+(Mi|Gi)")
LENGTHS = {  # the most that a name may have, by the words before it
    ("functions", "deploy"): 63,
    ("iam", "service-accounts", "create"): 30,
    ("storage", "buckets", "create"): 63,
    ("compute", "networks", "vpc-access", "connectors", "create"): 25,
    ("eventarc", "triggers", "create"): 63,
}
SECRETS = ("--password", "--root-password", "--set-secrets", "--access-token")
PAIRS = ("--dead-letter-topic", "--max-delivery-attempts")
FILES = ("--lifecycle-file", "--policy", "--config", "--config-from-file", "--policy-from-file")
RUNTIMES = ("python311", "python312", "python313")


def faults(words: list[str]) -> list[str]:
    """Say everything that is wrong with one command."""
    flags: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            name, _, value = word.partition("=")
            flags.setdefault(name, []).append(value)
    return [fault for rule in RULES if (fault := rule(words, flags))]


def short_timeout(words, flags):
    """An event function has 540 s."""
    seconds = flags.get("--timeout", ["0"])[0].removesuffix("s")
    is_function = words[:2] == ["functions", "deploy"]
    return "an event function has 540 s at most" if is_function and int(seconds) > 540 else ""


def short_ack(words, flags):
    """Pub/Sub waits 600 s for an answer."""
    seconds = int(flags.get("--ack-deadline", ["10"])[0])
    return "" if 10 <= seconds <= 600 else "an ack deadline is 10 to 600 s"


def binary_memory(words, flags):
    """512Mb is decimal, and half a megabyte short of the next step."""
    size = flags.get("--memory", ["512Mi"])[0]
    return "" if SIZE.fullmatch(size) else "write Mi or Gi: other units are decimal"


def memory_with_cpu(words, flags):
    """Without it, 512 MiB get a third of a processor."""
    wrong = "--memory" in flags and "--cpu" not in flags
    return "memory without cpu gets a share of one" if wrong else ""


def cpu_for_threads(words, flags):
    """A share of a processor takes one request at a time."""
    wide = int(flags.get("--concurrency", ["1"])[0]) > 1
    return "concurrency needs a whole cpu" if wide and float(flags["--cpu"][0]) < 1 else ""


def one_trigger(words, flags):
    """A function has one trigger, and only events are tried again."""
    triggers = [
        name for name in ("--trigger-http", "--trigger-topic", "--trigger-location")
        if name in flags
    ]  # fmt: skip
    if "--retry" in flags and triggers == ["--trigger-http"]:
        return "only events are tried again"
    if len(triggers) > 1 or len(flags.get("--trigger-topic", ())) > 1:
        return "a function has one trigger"
    events = triggers and triggers != ["--trigger-http"]
    return "without --retry an event is tried once" if events and "--retry" not in flags else ""


def both_halves(words, flags):
    """An omitted half of the dead letters' policy is reset."""
    given = [name for name in PAIRS if name in flags]
    return "dead letters need topic and attempts at once" if len(given) == 1 else ""


def known_runtime(words, flags):
    """A runtime that the code is tested on."""
    runtime = flags.get("--runtime", ["python312"])[0]
    return "" if runtime in RUNTIMES else "not a runtime that the code is tested on"


def short_name(words, flags):
    """Names have limits that only the service tells."""
    for before, most in LENGTHS.items():
        if tuple(words[: len(before)]) == before:
            name = words[len(before)].removeprefix("gs://")
            if len(name) > most or not re.fullmatch(r"[a-z][a-z0-9.-]*[a-z0-9]", name):
                return f"{name} is no name of at most {most} characters"
    return ""


def no_secret(words, flags):
    """Everybody on the machine can read a command line."""
    return "a secret on a command line" if any(name in flags for name in SECRETS) else ""


def real_file(words, flags):
    """What is not there, or a pipe, passes the parser and fails when it is run."""
    named = [flags[name][0] for name in FILES if name in flags]
    return "" if all((ROOT / name).is_file() for name in named) else "no such file"


def labels_fit(words, flags):
    """Labels are lower case, 63 characters at most."""
    pairs = [
        pair
        for name in ("--labels", "--update-labels")
        for value in flags.get(name, ())
        for pair in value.split(",")
    ]
    value = re.compile(r"[a-z][a-z0-9_-]{0,62}=[a-z0-9_-]{0,63}")
    return "" if all(value.fullmatch(pair) for pair in pairs) else "a label that is refused"


def conditioned(words, flags):
    """Without a word on conditions, a binding fails once the policy holds any."""
    binds = "add-iam-policy-binding" in words and words[0] != "pubsub"
    return "a binding says --condition" if binds and "--condition" not in flags else ""


RULES = (
    short_timeout, short_ack, binary_memory, memory_with_cpu, cpu_for_threads, one_trigger,
    both_halves, known_runtime, short_name, no_secret, real_file, labels_fit, conditioned,
)  # fmt: skip
