-- What each of the roles may do that the deployment made; where there are none, as on a laptop,
-- everything belongs to the one user anyway.  A migration that adds a table grants it as well.

do $$
declare
  pipeline constant text := 'content_requests, request_events, lessons, scenes, attempts, costs,
    breakers, dead_letters, dead_letter_actions';
  library constant text := 'oer_sources, oer_sections, oer_passages, oer_terms, oer_figures,
    oer_words, oer_names';
begin
  if exists (select from pg_roles where rolname = 'pipeline_rw') then
    execute format('grant select, insert, update on %s to pipeline_rw', pipeline);
    execute format('grant select on %s to pipeline_rw', library);
  end if;
  if exists (select from pg_roles where rolname = 'library_rw') then
    execute format('grant select, insert, update, delete on %s to library_rw', library);
    grant select, insert, update on attempts, dead_letters to library_rw;
    grant select, insert on content_requests, request_events to library_rw;
  end if;
  if exists (select from pg_roles where rolname = 'status_ro') then
    grant select on content_requests, lessons, scenes, attempts, costs to status_ro;
  end if;
end $$;
