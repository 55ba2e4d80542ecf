-- What models cost, and whether they are to be asked at all.

-- A row is a reservation until it is settled: it holds the most that the call can cost.
alter table costs
  add column organization_id text not null default '',
  add column tokens_read bigint not null default 0
    constraint tokens_read_are_never_negative check (tokens_read >= 0),
  add column tokens_written bigint not null default 0
    constraint tokens_written_are_never_negative check (tokens_written >= 0),
  add column tokens_thought bigint not null default 0
    constraint tokens_thought_are_never_negative check (tokens_thought >= 0),
  add column settled_at timestamptz;
create index idx_costs_spent_at on costs (spent_at);

-- One row for each service; locking it lets one call at a time be decided.
create table breakers (
  name text primary key,
  window_at timestamptz,
  calls integer not null default 0,
  faults integer not null default 0,
  open_until timestamptz,
  open_s double precision not null default 0,
  probe_until timestamptz,
  constraint a_probe_needs_an_open_breaker check (probe_until is null or open_until is not null)
);
insert into breakers (name) values ('vertex');
