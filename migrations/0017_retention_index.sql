-- migrate: no-transaction
-- What is kept no longer is found by its age: rows come in the order of their time, so a summary of
-- each stretch of the table is enough.
create index concurrently if not exists idx_attempts_started
  on attempts using brin (started_at);
