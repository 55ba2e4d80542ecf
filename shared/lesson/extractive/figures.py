"""Which of the book's figures shows what a run says."""

from __future__ import annotations

from collections.abc import Sequence

from shared.lesson.extractive.sentences import Run
from shared.lesson.extractive.vocabulary import stems
from shared.library.book import Figure, Section

NARROWEST_PX = 400
_FEWEST_SHARED = 2
_ENOUGH = 0.2  # the share of a caption's stems that the run must say


def figure_for(section: Section, run: Run, taken: Sequence[Figure]) -> Figure | None:
    """Give the figure that the run's passage points to, else the one whose caption fits best."""
    free = [figure for figure in section.figures if _is_usable(figure) and figure not in taken]
    for figure in free:
        if figure.id in run.passage.figures:
            return figure
    fitting = [(fit, -number) for number, figure in enumerate(free) if (fit := _fit(figure, run))]
    return free[-max(fitting)[1]] if fitting else None


def _is_usable(figure: Figure) -> bool:
    return figure.usable and figure.width >= NARROWEST_PX and bool(figure.caption)


def _fit(figure: Figure, run: Run) -> float:
    caption = stems(figure.caption)
    shared = caption & run.stems
    share = len(shared) / len(caption) if caption else 0.0
    return share if len(shared) >= _FEWEST_SHARED and share >= _ENOUGH else 0.0
