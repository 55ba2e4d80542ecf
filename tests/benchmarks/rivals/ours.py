"""Film a folder of layers as this project does, as a program that is given FOLDER and FILM.

Every frame of each scene is decoded once and compared, as in production.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shared.film.encode import FULL
from shared.film.filming import coded
from shared.film.join import Part, join_film
from shared.film.picture.compose import patches
from tests.benchmarks.rivals.layers import read, read_sound


def main(folder: Path, film: Path) -> None:
    """Encode each scene, then join them with the sound."""
    parts = [
        Part(f"Scene {n}", frames, coded(lambda: patches(layers, frames), FULL))  # noqa: B023 - called at once
        for n, (frames, layers) in enumerate(read(folder), start=1)
    ]
    join_film(film, parts, read_sound(folder), {"title": "The same lesson"})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
