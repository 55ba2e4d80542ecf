"""The list that an operator asks for first, planned on thirty thousand dead letters."""

from __future__ import annotations

from shared.gcp.letters import OPEN, SqlLetters, values_of
from shared.ops.letters import Chosen

FILL = """
insert into dead_letters (stage, message_id, reason, detail, body, last_seen, resolution,
  resolved_at)
select (array['ingest', 'script', 'render', 'finalize', 'library'])[1 + n % 5], n::text,
  'not-json', '', '', now() - n * interval '1 minute',
  case when n % 20 > 0 then 'harmless' end, case when n % 20 > 0 then now() end
from generate_series(1, 30000) n"""


def nodes(plan):
    """List every node of a plan."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def test_the_open_letters_are_served_by_their_index(postgres):
    """Read once for each stage, in order; only what is shown, and no more, is sorted."""
    with postgres.transaction() as sql:
        sql.run(FILL)
    with postgres.transaction() as sql:
        sql.run("analyze dead_letters")
    with postgres.transaction() as sql:
        row = sql.one(f"explain (analyze, format json) {OPEN}", *values_of(Chosen()))

    reads = [
        (node.get("Index Name"), node["Node Type"])
        for node in nodes(row[0][0]["Plan"])
        if node.get("Relation Name") == "dead_letters"
    ]
    # Which stages there are is read off the primary key, one entry for each.
    stages = ("dead_letters_pkey", "Index Only Scan")
    assert {("idx_dead_letters_open", "Index Scan"), stages} == set(reads)
    assert 50 == len(SqlLetters(postgres).list(Chosen()))
