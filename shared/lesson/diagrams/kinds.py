"""All kinds of diagrams as one type."""

from __future__ import annotations

from shared.lesson.diagrams.electricity import Atom, Circuit, Field
from shared.lesson.diagrams.mechanics import Collision, Forces, Lever, Pair, Path
from shared.lesson.diagrams.overviews import Cycle, Flow, Layers, Particles, Table, Timeline
from shared.lesson.diagrams.quantities import EnergyBars, Graph, NumberLine
from shared.lesson.diagrams.waves import Beam, Prism, Rays, Wave, WaveCrests

Diagram = (
    Forces | Pair | Collision | Path | Lever
    | Graph | EnergyBars | NumberLine
    | Circuit | Field | Atom
    | Wave | WaveCrests | Rays | Beam | Prism
    | Timeline | Cycle | Table | Flow | Layers | Particles
)  # fmt: skip
