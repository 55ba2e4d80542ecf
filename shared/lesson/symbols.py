"""What signs, letters and abbreviations are called."""

# ruff: noqa: RUF001  (signs that look alike are exactly what these tables tell apart)

from __future__ import annotations

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-")
SIGNED = {"+": "plus", "±": "plus or minus", "-": "minus", "−": "minus"}
CHARGES = {"⁺": "plus", "⁻": "minus"}
SAME = str.maketrans({
    "∘": "°", "º": "°", "˚": "°", "∙": "·", "•": "·", "⋅": "·", "µ": "μ", "\u2126": "Ω",
    "‒": "-", "‐": "-", "‑": "-", "\u00ad": "", "\u200b": "", "ℓ": "l", "ẑ": "z hat",
    "ŷ": "y hat", "{": "(", "}": ")", "∼": "~", "⟶": "→", "℃": "°C", "…": ", ", "ʹ": "′",
})  # fmt: skip
ELEMENTS = {
    "H": "hydrogen", "He": "helium", "Li": "lithium", "Be": "beryllium", "B": "boron",
    "C": "carbon", "N": "nitrogen", "O": "oxygen", "F": "fluorine", "Ne": "neon", "Na": "sodium",
    "Mg": "magnesium", "Al": "aluminum", "Si": "silicon", "P": "phosphorus", "S": "sulfur",
    "Cl": "chlorine", "Ar": "argon", "K": "potassium", "Ca": "calcium", "Fe": "iron",
    "Co": "cobalt", "Ni": "nickel", "Cu": "copper", "Zn": "zinc", "Kr": "krypton",
    "Rb": "rubidium", "Sr": "strontium", "Tc": "technetium", "Ag": "silver", "I": "iodine",
    "Xe": "xenon", "Cs": "cesium", "Ba": "barium", "Au": "gold", "Hg": "mercury", "Tl": "thallium",
    "Pb": "lead", "Po": "polonium", "Rn": "radon", "Ra": "radium", "Th": "thorium",
    "Pa": "protactinium", "U": "uranium", "Np": "neptunium", "Pu": "plutonium", "Mo": "molybdenum",
}  # fmt: skip
SMALL_POWERS = {"2": "squared", "3": "cubed"}
COMMON_FRACTIONS = {
    "1/2": "one half",
    "1/3": "one third",
    "2/3": "two thirds",
    "1/4": "one quarter",
    "3/4": "three quarters",
}
TITLES_OF_NUMERALS = (
    "World War", "Chapter", "Part", "Unit", "Type", "Class", "Phase", "Volume", "Apollo", "Act",
    "Scene", "Level", "Section", "Book", "Stage",
)  # fmt: skip
SAID_AS_WORDS = frozenset(
    "NASA LASER RADAR SONAR PET NATO LIGO SAT NOT AND OR IF ALL IS NO IN ON THE TO OF ADD "  # noqa: SIM905
    "NEVER ALWAYS ONLY MUST ANY EACH BOTH SAME LEFT RIGHT UP DOWN YES STEP PEMDAS".split()
)
FRACTIONS = {
    "½": "one half",
    "⅓": "one third",
    "⅔": "two thirds",
    "¼": "one quarter",
    "¾": "three quarters",
    "⅛": "one eighth",
}
SHORT = {
    "e.g.": "for example",
    "i.e.": "that is",
    "etc.": "and so on",
    "et al.": "and others",
    "vs.": "versus",
    "vs": "versus",
    "Fig.": "figure",
    "Figs.": "figures",
    "Eq.": "equation",
    "Eqs.": "equations",
    "Ch.": "chapter",
    "Sec.": "section",
    "Ph.D.": "P H D",
    "B.C.": "B C",
    "A.D.": "A D",
    "approx.": "approximately",
    "Dr.": "Doctor",
    "Mr.": "Mister",
    "Mrs.": "Missus",
    "St.": "Saint",
    "U.S.": "U S",
    "a.m.": "AM",
    "p.m.": "PM",
}
SIGNS = {
    "=": "equals",
    "≈": "is about",
    "≅": "is about",
    "~": "about",
    "≡": "is defined as",
    "∑": "the sum of",
    "∂": "partial",
    "∇": "del",
    "∫": "the integral of",
    "⊥": "perpendicular",
    "∥": "parallel",
    "⇒": "so",
    "↔": "and back",
    "⇌": "and back",
    "←": "from",
    "≪": "is much less than",
    "≫": "is much greater than",
    "″": "double prime",
    "∴": "therefore",
    "*": "times",
    "@": "at",
    "#": "number",
    "€": "euros",
    "£": "pounds",
    "$": "dollars",
    "/": "over",
    "≠": "is not equal to",
    "≤": "is at most",
    "≥": "is at least",
    "<": "is less than",
    ">": "is greater than",
    "×": "times",
    "·": "times",
    "⋅": "times",
    "÷": "divided by",
    "+": "plus",
    "−": "minus",
    "±": "plus or minus",
    "∝": "is proportional to",
    "→": "gives",
    "√": "the square root of",
    "∞": "infinity",
    "&": "and",
    "%": "percent",
    "°": "degrees",
    "Å": "angstroms",
}
GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ϑ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "µ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ϕ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
    "Γ": "gamma",
    "Δ": "delta",
    "Θ": "theta",
    "Λ": "lambda",
    "Π": "pi",
    "Σ": "sigma",
    "Φ": "phi",
    "Ψ": "psi",
    "Ω": "omega",
}
