-- migrate: contract after 0011_grants
-- What 0011_grants gave to the pipeline and no release has ever used.

do $$
begin
  if exists (select from pg_roles where rolname = 'pipeline_rw') then
    revoke update on request_events, dead_letter_actions from pipeline_rw;
    revoke insert on breakers from pipeline_rw;
  end if;
end $$;
