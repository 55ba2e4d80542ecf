-- The library: textbooks as sections, and as passages that can be searched.

create table oer_sources (
  sha256       text        not null,
  slug         text        not null,
  title        text        not null,
  authors      text[]      not null,
  licence      text        not null,
  licence_url  text        not null,
  url          text        not null,
  language     text        not null,
  object_name  text        not null,
  generation   bigint      not null,
  faults       text[]      not null default '{}',
  indexed_at   timestamptz not null default now(),
  replaced_at  timestamptz,
  constraint a_source_is_one_archive primary key (sha256),
  constraint a_digest_is_64_hexadecimal_digits check (sha256 ~ '^[0-9a-f]{64}$')
);

-- A newer archive takes the place of the older one; both stay on record.
create unique index a_book_has_one_current_archive on oer_sources (slug) where replaced_at is null;

-- Only the current archive of a book has sections.  `content` is the whole section.
create table oer_sections (
  source   text  not null references oer_sources (sha256),
  module   text  not null,
  ordinal  int   not null,
  number   text  not null,
  title    text  not null,
  chapter  text  not null,
  url      text  not null,
  content  jsonb not null,
  constraint a_section_is_a_module_of_a_source primary key (source, module)
);

create index sections_by_module on oer_sections (module);

-- Weights: A what the passage defines, B the headings above it, D its own words.
create table oer_passages (
  source  text     not null,
  id      text     not null,
  module  text     not null,
  kind    text     not null,
  words   tsvector not null,
  length  int      not null,
  constraint a_passage_has_one_id primary key (source, id),
  constraint a_passage_stands_in_a_section
    foreign key (source, module) references oer_sections on delete cascade
);

create index passages_by_word on oer_passages using gin (words);
create index passages_by_section on oer_passages (source, module);

create table oer_terms (
  source      text not null,
  sentence    text not null,
  module      text not null,
  ordinal     int  not null,
  term        text not null,
  definition  text not null,
  constraint a_term_is_defined_in_one_sentence primary key (source, sentence),
  constraint a_term_stands_in_a_section
    foreign key (source, module) references oer_sections on delete cascade
);

create index terms_by_section on oer_terms (source, module);

create table oer_figures (
  source   text    not null,
  id       text    not null,
  module   text    not null,
  member   text    not null,
  alt      text    not null,
  caption  text    not null,
  credit   text    not null,
  usable   boolean not null,
  width    int     not null,
  height   int     not null,
  constraint a_figure_has_one_id primary key (source, id),
  constraint a_figure_stands_in_a_section
    foreign key (source, module) references oer_sections on delete cascade,
  constraint a_figure_has_a_size check (width > 0 and height > 0)
);

create index figures_by_section on oer_figures (source, module);
