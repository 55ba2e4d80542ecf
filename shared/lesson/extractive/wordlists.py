"""Lists of English words that the author tells apart."""

# ruff: noqa: SIM905  (a text of words reads better than a hundred quoted strings)

from __future__ import annotations

STOP = frozenset(
    "a about above according after all also am an and another any are as at be because been before "
    "being below between both but by called can cannot could describe did do does doing down "
    "during each either ever every explain few following for from get gets give given happen "
    "happens has have having he her here hers him his how however i if in into is it its itself "
    "just kind know let like made make makes many may me mean means might mine more most much must "
    "my name neither no nor not now of off on once one only onto or other our out over own part "
    "please same say see she should so some such tell than that the their them then there these "
    "they this those through to too toward type under until up upon us use used using very was we "
    "were what when where whether which while who whom whose why will with within without would "
    "you your yours".split()
)

BREAK_BEFORE = frozenset(
    "because when while if unless so but before after until whereas although though since once "
    "whether without".split()
)

# What turns a clause round or limits it: it must not be left out of what the screen keeps.
TURNS = frozenset(
    "not no never none neither nor cannot if unless when whenever without may might "
    "could would seem seems seemed suppose believe believed thought think only hardly barely "
    "except least instead imagine once until rarely seldom some most many few several often "
    "usually sometimes nearly almost half possibly probably typically generally approximately "
    "assuming".split()
)
# What holds for the whole sentence, on whichever side of a comma it stands.
CONDITIONS = frozenset("if unless when whenever without until once suppose imagine would".split())

DETERMINERS = frozenset(
    "the a an some many most all each every no our your one two three both".split()
)
PREPOSITIONS = frozenset(
    "in on at by for with from into to through around between along over under toward towards "
    "across against during among within inside behind beyond off onto out".split()
)
ADVERBS = frozenset("also always still therefore then soon first".split())
COMPARATIVES = frozenset(
    "more less larger smaller bigger greater fewer higher lower faster slower quicker longer "
    "shorter heavier lighter warmer cooler colder hotter harder softer easier stronger weaker "
    "thicker thinner wider deeper steeper closer farther further denser brighter darker louder "
    "older younger better worse other".split()
)
RELATIVES = frozenset("that which who whose where".split())
NO_SUBJECT = frozenset("you we they and or to people".split())

BAD_START = (
    BREAK_BEFORE
    | RELATIVES
    | frozenset(
        "as would could should may might must what how there it they he she we you i this these "
        "those its their and or is are was were be to of can has have had will do does did here "
        "also then thus now finally yet".split()
    )
)

BAD_END = (
    PREPOSITIONS
    | RELATIVES
    | frozenset(
        "a an the of and or is are was were be been has have had can will its their his her this "
        "these those called not no as also very it they more most such both each almost just even "
        "equally than rather much you your our we or any so away only".split()
    )
) - frozenset("out off".split())
