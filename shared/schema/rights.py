"""Whether the user that migrates may do so, asked before anything is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.errors import Permanent

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

MAY = """
select current_user, current_database(),
  coalesce(has_schema_privilege(current_schema(), 'create'), false)"""
OTHERS = """
select relname, pg_get_userbyid(relowner) from pg_class
where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
  and not pg_has_role(relowner, 'usage') order by 1 limit 1"""


def check(connection: Connection) -> None:
    """Raise Permanent, with the statement that mends it, where a right is missing."""
    cursor = connection.cursor()
    cursor.execute(MAY)
    user, database, may_create = cursor.fetchone()
    if not may_create:
        raise Permanent(
            f"{user} may not create tables in {database}: ./deploy.sh --only migrate gives the"
            f' right, or whoever owns the schema: grant create, usage on schema public to "{user}"'
        )
    cursor.execute(OTHERS)
    found = cursor.fetchone()
    if found is not None:
        table, owner = found
        raise Permanent(
            f"the table {table} belongs to {owner}, so {user} may not change it: migrate as"
            f' {owner}, or have its owner say: grant "{owner}" to "{user}"'
        )
