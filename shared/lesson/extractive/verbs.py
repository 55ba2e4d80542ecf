"""Common verbs, by which one finds where a sentence's predicate begins."""

# ruff: noqa: SIM905  (a text of words reads better than two hundred quoted strings)

from __future__ import annotations

from collections.abc import Sequence

from shared.lesson.extractive.wordlists import (
    ADVERBS,
    DETERMINERS,
    NO_SUBJECT,
    PREPOSITIONS,
    RELATIVES,
)

COPULAS = frozenset("is are was were".split())
AUXILIARIES = frozenset("does do did can cannot will must would should".split())
BASE = frozenset(
    "absorb accelerate act add allow appear attract become begin behave bend bring break build "
    "bump carry catch change circle collide come connect consist contain continue convert cool "
    "create cross depend describe determine differ drift drive drop exert expand explain fall "
    "feel fill find flow follow form gain get give go grow happen have help hold increase inherit "
    "join keep lean leave lie lift look lose make mean measure meet melt move need obey occur "
    "oppose pass point produce pull push put reach react reduce reflect release remain resist "
    "rise roll rotate scatter see send shine show sink slide slow snap speak speed spin spread "
    "stand start stay stop store stretch strike take tell tend transfer travel turn undergo use "
    "vibrate warm affect attach balance boil bounce burn cancel combine condense cover decrease "
    "deliver diffract divide emit enter equal evaporate fit freeze hit interfere oscillate "
    "propagate protect refract repeat require return separate shrink split supply swing touch "
    "transform transmit vary weigh float cause deal "
    "devise include influence oppose orbit state sweep attempt apply experience refer occupy allow "
    "obtain involve represent remain possess observe imply indicate relate correspond appear arise "
    "arrive accumulate eject emerge encounter equal exhibit exist extend form generate govern "
    "identify illustrate interact involve know learn lower maintain manage obey operate perform "
    "predict prevent propel prove provide recognize rely replace resemble reveal satisfy seem "
    "serve solve start studied suggest surround sit tend trap undergo understand vanish wait "
    "weaken work believe explain express enable ensure exceed excite expect explore face "
    "illuminate invert magnify neutralize oscillate originate orient penetrate polarize radiate "
    "rebound "
    "recoil require say shift strengthen strike think tilt transmit yield differ define want make "
    "vary decay ionize combine contract dilate disappear dissipate distribute divide double drain "
    "ionize induce insulate multiply adjust align apply approach assign assume avoid calculate "
    "choose compare complete conclude conduct confirm conserve consider constitute construct "
    "contribute cooperate correct count deflect depart deposit derive detect develop discover "
    "disturb eliminate".split()
)


def _third(verb: str) -> str:
    if verb.endswith(("ss", "sh", "ch", "x", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeou" else f"{verb}s"


THIRD = (
    frozenset(map(_third, BASE - {"have", "go"}))
    | COPULAS
    | AUXILIARIES
    | {"has", "have", "had", "goes"}
)


def predicate_at(words: Sequence[str]) -> int:
    """Find the word at which the predicate begins; -1 where no known verb says so."""
    skip = False
    for place, word in enumerate(words):
        if word in RELATIVES:
            skip = True
        elif place and _is_verb(word, _before(words[:place])):
            if not skip:
                return place
            skip = False
    return -1


def _before(words: Sequence[str]) -> str:
    return next((word for word in reversed(words) if word not in ADVERBS), "")


def _is_verb(word: str, before: str) -> bool:
    if before in DETERMINERS | PREPOSITIONS | {"of", "to", "its", "their", "your"}:
        return False
    if word in COPULAS | AUXILIARIES | {"has", "have", "had"}:
        return True
    is_many = before.endswith("s") and not before.endswith("ss")
    return (word in THIRD and not is_many) or (word in BASE and (is_many or before in NO_SUBJECT))
