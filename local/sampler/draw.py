"""Draw the sampler's figures.  figures/*.typ -> media/*.png, with the project's own fonts."""

from __future__ import annotations

from pathlib import Path

import typst

HERE = Path(__file__).parent
FONTS = HERE.parents[1] / "shared" / "film" / "fonts"
PPI = 144  # 1600 x 1000 pixels


def draw() -> None:
    """Draw every figure again; the same sources make the same bytes."""
    for source in sorted((HERE / "figures").glob("*.typ")):
        if source.stem != "kit":
            picture = HERE / "media" / f"{source.stem}.png"
            typst.compile(
                source, picture, font_paths=[FONTS], ignore_system_fonts=True, format="png", ppi=PPI
            )


if __name__ == "__main__":
    draw()
