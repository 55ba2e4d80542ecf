"""Find passages by a question's words: spelling, then one statement over the words' lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.library.book import Hit
from shared.library.spelling import SHORTEST, nearest, spellings

if TYPE_CHECKING:
    from shared.gcp.postgres import Transaction

RARE_WORDS = 1.2  # that occur nowhere else: the most that a long question asks for
PLACES = 3_000  # after which a search reads no further list: common words wait behind rare ones

_LETTERS = re.compile(r"[^\W\d_]+")


def found(transaction: Transaction, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
    """Rank passages that hold any of these words, best first.

    The rank is the share of the asked words' weight that a passage carries, alone and with its
    section, times how much the library dwells on two of the words: a word that comes again and
    again where it comes at all is a topic, one that comes here and there is not.
    """
    text = " ".join(_spelled(transaction, terms))
    rows = transaction.all(_SEARCH, text, PLACES, RARE_WORDS, limit)
    return tuple(
        Hit(passage, module, float(rank), float(covered)) for passage, module, rank, covered in rows
    )


def _spelled(transaction: Transaction, terms: Sequence[str]) -> list[str]:
    """Put the name of a title or key term where a word that the library lacks is close to one.

    The deletions of one letter do what pg_trgm would, on every server and alike on all of them.
    """
    words = sorted({w for term in terms for w in _LETTERS.findall(term) if len(w) >= SHORTEST})
    if not words:
        return list(terms)
    unknown = [word for (word,) in transaction.all(_UNKNOWN, words)]
    if not unknown:
        return list(terms)
    near = sorted({one for word in unknown for one in spellings(word)})
    names = [name for (name,) in transaction.all(_NEAR, near)]
    meant = {word: nearest(word, names) for word in unknown}
    return [_LETTERS.sub(lambda one: meant.get(one[0], one[0]), term) for term in terms]


_UNKNOWN = """
select word from unnest(cast(%s as text[])) as word
where not exists (
  select from oer_words where lexeme = any (tsvector_to_array(to_tsvector('english', word)))
)
"""

_NEAR = "select distinct word from oer_names where spellings && cast(%s as text[])"

# `asked` are the question's words and pairs; `chosen` those whose lists are read, rarest first.
# A passage's code holds its section's, see migrations/0008_words.sql.
_SEARCH = """
with library as (
  select coalesce(sum(passages), 0)::float as passages,
    coalesce(sum(sections), 0)::float as sections
  from oer_sources where replaced_at is null
), told as (
  select lexeme, position
  from unnest(to_tsvector('english', %s)) as w (lexeme, positions), unnest(positions) as position
), asked as (
  select lexeme, 1.0 as part, true as is_word from told
  union
  select lexeme || ' ' || lead(lexeme) over (order by position), 0.3, false from told
), lists as materialized (
  select * from oer_words where lexeme = any (array(select lexeme from asked))
), held as (
  select asked.lexeme, part, is_word,
    coalesce(sum(found), 0)::float as found, coalesce(sum(spread), 0)::float as spread
  from asked left join lists using (lexeme)
  where asked.lexeme is not null group by asked.lexeme, part, is_word
), weighed as (
  select lexeme, is_word, found,
    part * ln(1 + (passages - found + 0.5) / (found + 0.5)) as weight,
    0.3 * ln(1 + (sections - spread + 0.5) / (spread + 0.5)) as section_weight,
    ln(greatest(1, (found + 1) / (spread + 1))) as dwelt,
    sum(found) over (order by found, lexeme) as places
  from held cross join library
), chosen as materialized (
  select * from weighed where places - found < %s
), whole as (
  select sum(weight) as weight, least(sum(weight), %s * ln(2 + 2 * max(passages))) as capped
  from chosen cross join library where is_word
), in_sections as (
  select section, sum(section_weight * each_weight) as score, sum(weight) as covered,
    (array_agg(dwelt order by dwelt desc))[1:2] as dwelt
  from chosen join lists using (lexeme),
    unnest(sections, section_weights) as one (section, each_weight)
  where is_word group by section
), in_passages as (
  select passage, sum(weight * each_weight) as score
  from chosen join lists using (lexeme),
    unnest(passages, weights) as one (passage, each_weight)
  group by passage
), best as (
  select passage, covered / weight as covered, (p.score + s.score) / capped
    * exp(0.4 * (dwelt[1] + coalesce(dwelt[2], 0))) as rank
  from in_passages p join in_sections s on section = passage / 4096 cross join whole
  order by rank desc, passage limit %s
)
select id, module, rank, covered from best join oer_passages on code = passage
order by rank desc, id
"""
