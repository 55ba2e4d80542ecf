-- migrate: no-transaction
-- A query on a partial index must repeat its predicate as literals: with a parameter the planner
-- cannot prove it.

create index concurrently if not exists idx_content_requests_correlation_status
  on content_requests (correlation_id, status);

create index concurrently if not exists idx_content_requests_student_status_created
  on content_requests (student_id, status, created_at desc);

create index concurrently if not exists idx_content_requests_status_created
  on content_requests (status, created_at desc);

create index concurrently if not exists idx_content_requests_org_status_created
  on content_requests (organization_id, status, created_at desc)
  where organization_id is not null;

create index concurrently if not exists idx_content_requests_failed_debugging
  on content_requests (status, error_stage, failed_at desc)
  where status = 'failed';

create index concurrently if not exists idx_content_requests_open
  on content_requests (updated_at)
  where status not in ('completed', 'refused', 'failed', 'cancelled', 'needs_input');

create index concurrently if not exists idx_content_requests_lesson
  on content_requests (lesson_id);
