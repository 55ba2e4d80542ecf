-- A request that waits for its student: what we asked back, and what came of it.
-- Expands alone: the release before this one makes no such request, and answers none.

alter table content_requests
  -- what the question was taken to mean, where it does not say so itself
  add column understood text not null default '',
  drop constraint only_a_failed_request_has_no_lesson,
  -- Weaker than what it replaces, so every row that is there keeps it: nothing to validate.
  add constraint accepted_and_completed_have_a_lesson
    check (lesson_id is not null or status not in ('accepted', 'completed')) not valid;

drop trigger requests_move_forward on content_requests;
create trigger requests_move_forward
before insert or update of status on content_requests
for each row execute function refuse_other_moves(
  'accepted', 'failed', 'needs_input',
  'accepted -> completed', 'accepted -> refused', 'accepted -> failed',
  'accepted -> needs_input', 'accepted -> cancelled',
  'needs_input -> accepted', 'needs_input -> refused',
  'needs_input -> failed', 'needs_input -> cancelled');

create table inquiries (
  request_id uuid not null references content_requests on delete cascade,
  round smallint not null
    constraint a_request_is_asked_back_twice_at_most check (round in (1, 2)),
  inquiry jsonb not null,
  answer text not null default '',
  asked_at timestamptz not null default now(),
  answered_at timestamptz,
  expired_at timestamptz,
  told_at timestamptz,
  primary key (request_id, round),
  constraint answered_exactly_when_there_is_an_answer
    check ((answered_at is not null) = (answer <> '')),
  constraint what_is_answered_never_expires check (answered_at is null or expired_at is null),
  constraint only_what_expired_is_told check (told_at is null or expired_at is not null)
);
create index idx_inquiries_untold on inquiries (expired_at)
  where expired_at is not null and told_at is null;

do $$
begin
  if exists (select from pg_roles where rolname = 'pipeline_rw') then
    grant select, insert, update on inquiries to pipeline_rw;
  end if;
  if exists (select from pg_roles where rolname = 'status_ro') then
    grant select on inquiries to status_ro;
  end if;
end $$;
