-- Passages as vectors, for databases whose server has pgvector; without it all else is as before.

-- What is embedded of a passage, hashed: a later edition that says the same pays nothing.  Books
-- from before, and of an older release, have none: `python -m shared.ops embed` tells it.
alter table oer_passages add column digest text;
create index passages_by_digest on oer_passages (digest);

-- Archives all of whose passages have a vector; only those are searched by meaning.
create table oer_embedded (
  source  text not null references oer_sources (sha256),
  model   text not null,
  constraint an_archive_is_embedded_once_by_a_model primary key (source, model)
);

-- A server may be given pgvector later: `python -m shared.ops embed` calls this once more.
create function add_embeddings() returns boolean language plpgsql as $$
begin
  if to_regclass('oer_vectors') is not null then
    return true;
  end if;
  if not exists (select from pg_available_extensions where name = 'vector') then
    return false;
  end if;
  begin
    create extension if not exists vector;
  exception when insufficient_privilege then
    return false;
  end;
  if to_regtype('halfvec') is null then  -- before pgvector 0.7
    return false;
  end if;
  -- In 16 bits a vector lies beside its row: 8,000 are compared in 20 ms, and no index is wanted,
  -- whose upkeep took 40 ms a passage.
  create table oer_vectors (
    model   text         not null,
    digest  text         not null,
    vector  halfvec(768) not null,
    constraint a_text_has_one_vector_of_a_model primary key (model, digest)
  );
  if exists (select from pg_roles where rolname = 'pipeline_rw') then
    grant select on oer_vectors to pipeline_rw;
  end if;
  if exists (select from pg_roles where rolname = 'library_rw') then
    grant select, insert, delete on oer_vectors to library_rw;
  end if;
  return true;
end $$;

-- Indexing pays for vectors, so the library keeps the same accounts as a lesson's author.
do $$
begin
  if exists (select from pg_roles where rolname = 'pipeline_rw') then
    grant select on oer_embedded to pipeline_rw;
  end if;
  if exists (select from pg_roles where rolname = 'library_rw') then
    grant select, insert, delete on oer_embedded to library_rw;
    grant select, insert, update on costs to library_rw;
    grant select, update on breakers to library_rw;
    grant select on lessons to library_rw;
  end if;
end $$;

select add_embeddings();
