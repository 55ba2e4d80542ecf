-- What is known of requests and lessons.  Every constraint is named as the sentence it enforces;
-- a status only ever goes forward, and the database itself refuses anything else.

create type content_request_status as enum
  ('accepted', 'needs_input', 'completed', 'refused', 'failed', 'cancelled');
create type lesson_status as enum ('requested', 'scripted', 'completed', 'refused', 'failed');

create function files_of(modalities text[]) returns text[]
language sql immutable parallel safe as $$
  select array['plan']
    || case when modalities && array['audio', 'video']
         then array['captions', 'transcript', 'sources', 'checks'] else '{}' end
    || case when 'audio' = any (modalities) then array['audio'] else '{}' end
    || case when 'video' = any (modalities) then array['film', 'chapters', 'thumbnail'] else '{}' end
$$;

-- The trigger's arguments are the legal moves: 'a' begins there, 'a -> b' goes on to b.
create function refuse_other_moves() returns trigger
language plpgsql as $$
declare
  move constant text := concat_ws(' -> ', old.status, new.status);
begin
  if move = any (tg_argv) then
    return new;
  end if;
  raise exception '%: % is not a legal move', tg_table_name, move
    using errcode = 'check_violation', constraint = tg_name, table = tg_table_name;
end $$;

create table lessons (
  id text primary key
    constraint a_lesson_id_is_32_hexadecimal_digits check (id ~ '^[0-9a-f]{32}$'),
  requested_by uuid not null,
  question text not null,
  interest text not null,
  grade_band text not null,
  modalities text[] not null
    constraint a_lesson_has_known_modalities
    check (modalities <@ array['text', 'audio', 'video'] and cardinality(modalities) > 0),
  language text not null,
  status lesson_status not null default 'requested',
  plan_object text,
  plan_generation bigint,
  files jsonb not null default '{}',
  error_stage text not null default '',
  reason text not null default '',
  requested_at timestamptz not null default now(),
  scripted_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now(),
  constraint scripted_exactly_when_the_plan_is_there
    check ((scripted_at is not null) = (plan_object is not null)
      and (plan_object is not null) = (plan_generation is not null)),
  constraint scripted_and_completed_have_a_plan
    check (status not in ('scripted', 'completed') or plan_object is not null),
  constraint completed_has_its_files
    check (status <> 'completed' or files ?& files_of(modalities)),
  constraint refused_and_failed_have_a_reason
    check (status not in ('refused', 'failed') or (reason <> '' and error_stage <> '')),
  constraint finished_exactly_when_final
    check ((finished_at is not null) = (status in ('completed', 'refused', 'failed')))
);

create trigger lessons_move_forward
before insert or update of status on lessons
for each row execute function refuse_other_moves(
  'requested',
  'requested -> scripted', 'requested -> refused', 'requested -> failed',
  'scripted -> completed', 'scripted -> refused', 'scripted -> failed');

-- A request that nobody could read has only its id, and no lesson.
create table content_requests (
  id uuid primary key,
  correlation_id text not null,
  student_id text not null default '',
  organization_id text,
  environment text not null default '',
  question text not null default '',
  interest text not null default '',
  grade_level smallint,
  grade_band text not null default '',
  modalities text[] not null default '{}',
  lesson_id text references lessons,
  status content_request_status not null,
  error_stage text not null default '',
  error_reason text not null default '',
  failed_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint only_a_failed_request_has_no_lesson
    check (lesson_id is not null or status = 'failed'),
  constraint refused_and_failed_have_a_reason
    check (status not in ('refused', 'failed') or (error_reason <> '' and error_stage <> '')),
  constraint failed_at_exactly_when_failed
    check ((failed_at is not null) = (status = 'failed')),
  constraint finished_exactly_when_final
    check ((finished_at is not null) = (status in ('completed', 'refused', 'failed', 'cancelled')))
);

create trigger requests_move_forward
before insert or update of status on content_requests
for each row execute function refuse_other_moves(
  'accepted', 'failed',
  'accepted -> completed', 'accepted -> refused', 'accepted -> failed',
  'accepted -> needs_input', 'accepted -> cancelled',
  'needs_input -> failed', 'needs_input -> cancelled');

create function refuse_completion_without_files() returns trigger
language plpgsql as $$
begin
  if exists (select from lessons
             where id = new.lesson_id and status = 'completed'
               and files ?& files_of(new.modalities)) then
    return new;
  end if;
  raise exception 'request % has no completed lesson with its files', new.id
    using errcode = 'check_violation', constraint = tg_name, table = tg_table_name;
end $$;

create trigger completed_request_has_its_files
before update of status on content_requests
for each row when (new.status = 'completed') execute function refuse_completion_without_files();

-- One row for each move of a request, written by the statement that moves it.
create table request_events (
  id bigint generated always as identity primary key,
  request_id uuid not null references content_requests on delete cascade,
  status content_request_status not null,
  stage text not null,
  reason text not null default '',
  at timestamptz not null default now()
);
create index idx_request_events_request on request_events (request_id, id);

create table scenes (
  lesson_id text not null references lessons on delete cascade,
  n smallint not null constraint scenes_count_from_1 check (n > 0),
  type text not null,
  rendered_at timestamptz,
  attempt_key text,
  attempt_fence bigint,
  primary key (lesson_id, n),
  constraint rendered_exactly_when_an_attempt_made_it
    check ((rendered_at is not null) = (attempt_key is not null)
      and (attempt_key is not null) = (attempt_fence is not null))
);

-- No foreign keys: a run is noted before anything that it may store.
create table attempts (
  key text not null,
  fence bigint not null,
  stage text not null,
  lesson_id text,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  outcome text,
  error text not null default '',
  primary key (key, fence),
  constraint ended_exactly_when_there_is_an_outcome
    check ((ended_at is not null) = (outcome is not null))
);
create index idx_attempts_lesson on attempts (lesson_id, started_at);

-- One row for each kind of unit that a run paid for; a repeated note finds its key taken.
create table costs (
  attempt_key text not null,
  attempt_fence bigint not null,
  kind text not null,
  stage text not null,
  lesson_id text,
  units bigint not null constraint units_are_never_negative check (units >= 0),
  price_version text not null,
  micros bigint not null constraint a_cost_is_never_negative check (micros >= 0),
  spent_at timestamptz not null default now(),
  primary key (attempt_key, attempt_fence, kind)
);
create index idx_costs_lesson on costs (lesson_id);

create table dead_letters (
  stage text not null,
  message_id text not null,
  reason text not null constraint a_dead_letter_has_a_reason check (reason <> ''),
  detail text not null,
  field text not null default '',
  body bytea not null,
  attributes json not null default '{}',  -- jsonb refuses some text that a sender may choose
  request_id uuid,
  lesson_id text,
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  count integer not null default 1,
  primary key (stage, message_id)
);
create index idx_dead_letters_request on dead_letters (request_id);
