"""Create the virtual environment of a clone, with a progress bar.

Runs under the system's Python before anything is installed, so it uses the standard library alone.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
LIST = ROOT / "requirements.txt"
READY = FOLDER / "ready"
ABOUT = 125  # packages that pip collects; only the bar relies on it
LAST_WORDS = 20  # lines


def main() -> str | None:
    """Make the environment unless it is there and fits the list; give what went wrong."""
    wanted = f"{hashlib.sha256(LIST.read_bytes()).hexdigest()} {sys.version_info[:2]}"
    if READY.exists() and READY.read_text() == wanted:
        return None
    started = time.monotonic()
    show("Creating the environment", 0)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)  # noqa: S603 - fixed words
    fault = install()
    if fault is None:
        # Every program of this environment finds `shared`, from whichever folder it starts.
        for packages in FOLDER.glob("lib/python*/site-packages"):
            (packages / "pipeline.pth").write_text(f"{ROOT}\n")
        READY.write_text(wanted)
        show(f"The environment is ready after {time.monotonic() - started:.0f} s", 1)
        print()
    return fault


def install() -> str | None:
    """Install every package, showing how far it is; give pip's last words when it fails."""
    python = str(FOLDER / "bin" / "python")
    # What is never imported need not be compiled: it would take as long as all the rest.
    words_of_pip = ["install", "--disable-pip-version-check", "--no-compile", "-r", str(LIST)]
    command = [python, "-m", "pip", *words_of_pip]
    words: list[str] = []
    collected = 0
    with subprocess.Popen(  # noqa: S603 - fixed words
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            words = [*words[-LAST_WORDS:], line]
            if line.startswith("Collecting"):
                collected += 1
                show(f"Collecting {line.split()[1]}", min(0.6, 0.6 * collected / ABOUT))
            elif line.startswith("Installing"):
                show(f"Installing {line.count(',') + 1} packages", 0.6)
    return (
        None if pip.returncode == 0 else "".join(["\n", *words, "\nSetting up failed; see above."])
    )


def show(text: str, share: float) -> None:
    """Draw the bar on a terminal; elsewhere print its beginning and its end."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r[{('#' * int(24 * share)).ljust(24)}] {text:<50.50}")
    elif share in (0, 1):
        sys.stdout.write(text if share else f"{text} …\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
