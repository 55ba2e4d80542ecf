-- What cancelling, repairing and replaying need to remember.

-- The first lesson of an identity bears it as its id; later takes begin it afresh.  Null where the
-- release before this one, which may still run beside it, created the lesson.
alter table lessons
  add column identity text,
  add column take smallint not null default 0
    constraint takes_count_from_0 check (take >= 0),
  add column nudged_at timestamptz;
alter table lessons
  add constraint an_identity_has_each_take_once unique (identity, take),
  drop constraint finished_exactly_when_final,
  add constraint finished_exactly_when_final
    check ((finished_at is not null)
      = (status in ('completed', 'refused', 'failed', 'abandoned')));

drop trigger lessons_move_forward on lessons;
create trigger lessons_move_forward
before insert or update of status on lessons
for each row execute function refuse_other_moves(
  'requested',
  'requested -> scripted', 'requested -> refused', 'requested -> failed',
  'requested -> abandoned',
  'scripted -> completed', 'scripted -> refused', 'scripted -> failed',
  'scripted -> abandoned');

-- Two runs of one name show that a claim's record was lost.
alter table attempts add column owner text not null default '';

-- A letter is open until something settles it.
alter table dead_letters
  add column claim_key text,
  add column claim json,
  add column resolution text
    constraint a_letter_is_settled_in_a_known_way
    check (resolution in ('harmless', 'sent-again', 'replayed', 'discarded')),
  add column resolved_at timestamptz,
  add column note text not null default '',
  add constraint resolved_exactly_when_there_is_a_resolution
    check ((resolved_at is not null) = (resolution is not null));

-- What an operator did with a letter, and what came of it.
create table dead_letter_actions (
  id bigint generated always as identity primary key,
  stage text not null,
  message_id text not null,
  action text not null constraint an_action_is_known
    check (action in ('replay', 'discard')),
  operator text not null,
  note text not null default '',
  outcome text not null,
  at timestamptz not null default now(),
  foreign key (stage, message_id) references dead_letters on delete cascade
);
create index idx_dead_letter_actions_letter on dead_letter_actions (stage, message_id, id);
