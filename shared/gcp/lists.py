"""Turn a book's passages into inverted lists: word -> where it stands, and what it weighs there.

A weight is BM25's (Robertson and Zaragoza, 2009) without the rarity, which changes with every
book: repeated words count ever less, long passages are damped.  What a passage defines counts three
times and the headings above it twice; so do the objectives of a section.  A pair of neighbouring
words is a word of its own, and each section is one long passage besides.  The numbers come from
tests/benchmarks/retrieval.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.gcp.postgres import Transaction


def add_lists(transaction: Transaction, source: str) -> None:
    """List the words of a book whose sections and passages are in."""
    transaction.run(_SIZES, source)
    transaction.run(_WORDS, source)
    transaction.run(_NAMES, source)


def remove_lists(transaction: Transaction, slug: str) -> None:
    """Forget the words of a book's current archive."""
    transaction.run(
        "delete from oer_words using oer_sources"
        " where source = sha256 and slug = %s and replaced_at is null",
        slug,
    )
    transaction.run(
        "delete from oer_names using oer_sources"
        " where source = sha256 and slug = %s and replaced_at is null",
        slug,
    )


_SIZES = """
update oer_sources set
  passages = (select count(*) from oer_passages where source = sha256),
  sections = (select count(*) from oer_sections where source = sha256)
where sha256 = %s
"""

# `held` and `told` go over the words of passages, `meant` over those of sections.
_WORDS = """
insert into oer_words
with shelf as (
  select source, avg(length) as mean, sum(length)::float / count(distinct module) as section_mean
  from oer_passages where source = %s group by source
), held as (
  select source, code, lexeme,
    3 * coalesce(cardinality(array_positions(marks, 'A')), 0)
    + 2 * coalesce(cardinality(array_positions(marks, 'B')), 0)
    + coalesce(cardinality(array_positions(marks, 'D')), 0) as times,
    coalesce(cardinality(marks) - cardinality(array_positions(marks, 'B')), 0) as own,
    0.7 + 0.3 * length / mean as long
  from oer_passages join shelf using (source), unnest(words) as w (lexeme, positions, marks)
), told as (
  select source, code, lexeme, position,
    lead(lexeme) over (partition by code order by position) as next,
    lead(position) over (partition by code order by position) as next_position
  from oer_passages join shelf using (source), unnest(words) as w (lexeme, positions, marks),
    unnest(positions) as position
), paired as (
  select distinct source, lexeme || ' ' || next as lexeme, code from told
  where next_position - position <= 2
), in_passages as (
  select source, lexeme, count(*) as found, array_agg(code order by code) as passages,
    array_agg((2 * times / (times + long))::real order by code) as weights
  from held group by source, lexeme
  union all
  select source, lexeme, count(*), array_agg(code order by code), array_agg(1::real)
  from paired group by source, lexeme having count(*) > 1
), meant as (
  select source, code, lexeme, 3 * cardinality(positions) as own
  from oer_sections join shelf using (source), unnest(to_tsvector('english',
    (select string_agg(aim, ' ') from jsonb_array_elements_text(content -> 'objectives') as aim)))
  union all
  select source, code / 4096, lexeme, own from held
), counted as (
  select source, code, lexeme, sum(own) as times from meant group by source, code, lexeme
), lengths as (
  select source, code / 4096 as code, sum(length) / max(section_mean) as length
  from oer_passages join shelf using (source) group by source, code / 4096
), in_sections as (
  select source, lexeme, count(*) as spread, array_agg(code order by code) as sections,
    array_agg((6 * times / (times + 2.5 + 2.5 * length))::real order by code) as section_weights
  from counted join lengths using (source, code) group by source, lexeme
)
select source, lexeme, coalesce(found, 0), coalesce(spread, 0), coalesce(passages, '{}'),
  coalesce(weights, '{}'), coalesce(sections, '{}'), coalesce(section_weights, '{}')
from in_passages full join in_sections using (source, lexeme)
"""

# `spellings` are the word and what is left of it without one letter: two words that differ in one
# letter share one.
_NAMES = """
insert into oer_names
select source, word, array(
  select word union select left(word, place - 1) || substr(word, place + 1)
  from generate_series(1, length(word)) as place)
from (
  select distinct source, word from (
    select source, term as text from oer_terms
    union all select source, title from oer_sections
  ) as named, regexp_split_to_table(lower(text), '[^[:alpha:]]+') as word
) as words where source = %s and length(word) >= 5
"""
