"""Which picture a lesson's cover carries: chosen by the words of its topic, from a closed list."""

from __future__ import annotations

import re

# The first list with a word of the topic decides; words stand for all that begin with them.
_MOTIFS = {
    "circuit": "circuit resist current ohm voltage capacit series parallel electric power",
    "magnet": "magnet induction",
    "atom": "atom nucle radioact fission fusion quark photoelectric quantum photon matter",
    "orbit": "orbit satellit planet gravit kepler universe relativ",
    "lens": "lens mirror reflect refract image light diffract interfer colo sky",
    "wave": "wave sound doppler frequen resonan spectrum vibrat",
    "heat": "heat temperatur thermal thermodynam gas entropy",
    "energy": "energy work machine oscillat pendulum spring harmonic rotat torque",
    "charge": "charge electrostat coulomb field potential static",
    "collision": "momentum impulse collision collide recoil explosion",
    "force": "force newton tension friction weight pressure push pull lift",
    "motion": "motion moving veloc accelerat inertia speed position displace project kinemat",
}
OTHER = "idea"
MOTIFS = (*_MOTIFS, OTHER)


def motif_of(*names: str) -> str:
    """Name the motif of a topic; the first name that has one decides."""
    for name in names:
        words = re.findall(r"[a-z]+", name.lower())
        for motif, stems in _MOTIFS.items():
            if any(word.startswith(stem) for word in words for stem in stems.split()):
                return motif
    return OTHER
