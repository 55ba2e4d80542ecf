-- migrate: no-transaction
-- Abandoned lessons that nobody has marked for `render` yet: none, but after a crash.

create index concurrently if not exists idx_lessons_abandoned
  on lessons (finished_at)
  where status = 'abandoned' and (nudged_at is null or nudged_at < finished_at);
