-- migrate: no-transaction
-- What the sweep looks for each minute, and what an operator lists.

create index concurrently if not exists idx_lessons_open
  on lessons (updated_at)
  where status in ('requested', 'scripted');

create index concurrently if not exists idx_dead_letters_open
  on dead_letters (stage, last_seen desc)
  where resolution is null;
