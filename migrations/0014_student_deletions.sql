-- Whose data was deleted: a digest, and how much there was.  It keeps what comes late out as well.
create table student_deletions (
  id bigint generated always as identity primary key,
  student_sha256 text not null
    constraint a_student_is_known_by_64_hexadecimal_digits check (student_sha256 ~ '^[0-9a-f]{64}$'),
  operator text not null,
  begun_at timestamptz not null default now(),
  finished_at timestamptz,
  requests integer not null default 0,
  lessons integer not null default 0,
  dead_letters integer not null default 0
);
create index idx_student_deletions_student on student_deletions (student_sha256, begun_at desc);

-- A lesson whose one student was deleted, or whose files were lost, is nobody's any more, however
-- it had ended: the next request for it begins it afresh.
drop trigger lessons_move_forward on lessons;
create trigger lessons_move_forward
before insert or update of status on lessons
for each row execute function refuse_other_moves(
  'requested',
  'requested -> scripted', 'requested -> refused', 'requested -> failed',
  'requested -> abandoned',
  'scripted -> completed', 'scripted -> refused', 'scripted -> failed',
  'scripted -> abandoned',
  'completed -> abandoned', 'refused -> abandoned', 'failed -> abandoned');

do $$
begin
  if exists (select from pg_roles where rolname = 'pipeline_rw') then
    grant select, insert, update on student_deletions to pipeline_rw;
    grant delete on content_requests, scenes, attempts, dead_letters to pipeline_rw;
  end if;
  if exists (select from pg_roles where rolname = 'library_rw') then
    grant select on student_deletions to library_rw;
  end if;
end $$;
