"""Which of the book's figures shows what a run says."""

from __future__ import annotations

from collections.abc import Sequence

from shared.lesson.extractive.sentences import Run
from shared.lesson.extractive.vocabulary import stems
from shared.library.book import Figure, Section

NARROWEST_PX = 400
_FEWEST_SHARED = 2  # stems of the caption that the run says, where its passage points to the figure
_FEWEST_ELSEWHERE = 3
_FEWEST_NEAR = 2
_ENOUGH = 0.3  # the share of its caption that the run must say where nothing points to the figure


def figure_for(section: Section, run: Run, taken: Sequence[Figure]) -> Figure | None:
    """Give the figure that the run's passage points to, else the one whose caption fits best."""
    free = [figure for figure in section.figures if _is_usable(figure) and figure not in taken]
    for figure in free:
        if figure.id in run.passage.figures and _shared(figure, run) >= _FEWEST_SHARED:
            return figure
    fitting = [(fit, -number) for number, figure in enumerate(free) if (fit := _fit(figure, run))]
    return free[-max(fitting)[1]] if fitting else None


def nearest_figure(
    section: Section, run: Run, taken: Sequence[Figure], fewest: int = _FEWEST_NEAR
) -> Figure | None:
    """Give a figure that the run's passage points to, or one that shares `fewest` stems with it.

    For a concept that no figure fits better: a picture of its own section is worth showing.
    """
    free = [figure for figure in section.figures if _is_usable(figure) and figure not in taken]
    pointed = [figure for figure in free if figure.id in run.passage.figures]
    shared = [figure for figure in free if _shared(figure, run) >= fewest]
    found = pointed or sorted(shared, key=lambda figure: -_shared(figure, run))
    return found[0] if found else None


def _is_usable(figure: Figure) -> bool:
    return figure.usable and figure.width >= NARROWEST_PX and bool(figure.caption)


def _shared(figure: Figure, run: Run) -> int:
    return len(stems(figure.caption) & run.stems)


def _fit(figure: Figure, run: Run) -> float:
    share = _shared(figure, run) / max(1, len(stems(figure.caption)))
    return share if _shared(figure, run) >= _FEWEST_ELSEWHERE and share >= _ENOUGH else 0.0
