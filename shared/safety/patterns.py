"""Personal data that has a form: addresses, numbers, names after "my friend"."""

from __future__ import annotations

import re

_STREET = "(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Crescent)"
_NAMES = "(?:[A-Z][a-z]+ ){1,3}"
_MANY = "I|Students|Everyone|Everybody|Kids|Girls|Boys|Children|People|Someone|Some|Half|Most|All"
_KNOWN = (
    "(?:class)?mate|(?:best )?friend|girlfriend|boyfriend|teacher|brother|sister|mom|mum|dad|"
    "mother|father|neighbou?r|coach|cousin|bully"
)
_IS = "(?:'s name is|,| is called| called| named| is)?"
# As written, because a capital tells a name; spaces between all digits alone are a large number.
FORMS = tuple(
    re.compile(form)
    for form in (
        r"[\w.+%-]+@[\w-]+\.[A-Za-z]{2,}",
        r"(?i)\b\w+ ?[(\[]?\bat\b[)\]]? ?(?:gmail|yahoo|hotmail|outlook|icloud|proton)\b",
        r"(?<![\w.])(?:\(\d{3}\) ?\d{3}[ .-]|\d{3}[.-]\d{3}[.-])\d{4}(?![\w.]\d|\d)",
        r"(?<!\w)\+(?=[\d ()-]{10,})\d{1,3}[ -]?\(?\d{2,5}\)?(?:[ -]\d{2,6}){1,4}(?!\d)",
        r"(?<!\w)\+\d{9,14}(?!\d)",
        r"(?<![\w.])0\d{3,4}[ -]\d{5,7}(?!\d)",
        r"(?i)\b(?:call|text|reach|phone) (?:me|us|him|her)\b[^.?!]{0,20}\d(?:[ -]?\d){6,}",
        r"(?i)\b(?:my|his|her) (?:\w+ )?number\b[^.?!]{0,20}\d(?:[ -]?\d){6,}",
        r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])",
        r"(?<!\d)\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}(?!\d)",
        rf"\b(?!1[5-9]\d\d|20\d\d)\d{{1,5}}[A-Za-z]? (?!Wall|Downing){_NAMES}{_STREET}\b",
        rf"(?i)\b(?:lives?|living|address|home|house)\b[^?!]{{0,25}}\b\d{{1,5}} \w+ {_STREET}\b",
        rf"\b[Mm]y (?:{_KNOWN}){_IS} (?:Mrs?\.? |Ms\.? |Miss )?(?!I\b)[A-Z][a-z]+",
        rf"\b(?!(?:{_MANY})\b)[A-Z][a-z]+ (?:from|in) (?:my|our) (?:class|school|grade|team)\b",
    )
)
LINKS = re.compile(r"(?i)\bhttps?:|\bwww\.|\b[\w-]+\.(?:com|org|net|io|gg|me)\b")
OBSCURED = re.compile(r"(?<!\w)[^\W\d_](?:[ .*_\-]{1,3}[^\W\d_]){9,}(?!\w)")  # letter by letter
