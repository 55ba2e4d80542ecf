-- The library as inverted lists: for each word, or pair of neighbouring words, where it stands and
-- what it weighs there.  A search reads the lists of its own words and nothing else.

alter table oer_sources
  add column passages int not null default 0,
  add column sections int not null default 0;

-- Short numbers for the lists; a passage's holds its section's: section * 4096 + place.
alter table oer_sections add column code int generated always as identity;
alter table oer_passages add column code int;
update oer_passages set code = numbered.code from (
  select p.source, id, s.code * 4096 + row_number() over (partition by p.source, module order by id)
    as code
  from oer_passages p join oer_sections s using (source, module)
) as numbered where oer_passages.source = numbered.source and oer_passages.id = numbered.id;
alter table oer_passages alter column code set not null;
create unique index a_passage_has_one_code on oer_passages (code);

create table oer_words (
  source           text   not null references oer_sources (sha256),
  lexeme           text   not null,
  found            int    not null,
  spread           int    not null,
  passages         int[]  not null,
  weights          real[] not null,
  sections         int[]  not null,
  section_weights  real[] not null,
  constraint a_word_has_one_list_in_a_source primary key (lexeme, source),
  constraint every_place_has_a_weight check (
    found = cardinality(passages) and found = cardinality(weights)
    and spread = cardinality(sections) and spread = cardinality(section_weights))
);

create index words_by_source on oer_words (source);

-- Words of titles and key terms; `spellings` are the word and what is left without one letter.
create table oer_names (
  source     text   not null references oer_sources (sha256),
  word       text   not null,
  spellings  text[] not null,
  constraint a_name_stands_once_in_a_source primary key (source, word)
);

create index names_by_spelling on oer_names using gin (spellings);

-- The books that are there already.
update oer_sources set
  passages = (select count(*) from oer_passages where source = sha256),
  sections = (select count(*) from oer_sections where source = sha256);

insert into oer_words
with shelf as (
  select source, avg(length) as mean, sum(length)::float / count(distinct module) as section_mean
  from oer_passages group by source
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
  from oer_passages, unnest(words) as w (lexeme, positions, marks), unnest(positions) as position
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
  from oer_sections, unnest(to_tsvector('english',
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
from in_passages full join in_sections using (source, lexeme);

insert into oer_names
select source, word, array(
  select word union select left(word, place - 1) || substr(word, place + 1)
  from generate_series(1, length(word)) as place)
from (
  select distinct source, word from (
    select source, term as text from oer_terms union all select source, title from oer_sections
  ) as named, regexp_split_to_table(lower(text), '[^[:alpha:]]+') as word
) as words where length(word) >= 5;

drop index passages_by_word;
