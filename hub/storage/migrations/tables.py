"""How a migration writes a table down: its key, what each row has, and what it may have."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

INT, RAW, BOOL = sa.BigInteger(), sa.LargeBinary(), sa.Boolean()
OPEN: dict[str, Any] = {"postgresql_where": sa.text("open"), "sqlite_where": sa.text("open = 1")}
URGENT: dict[str, Any] = {"postgresql_where": sa.text("urgent"), "sqlite_where": sa.text("urgent = 1")}
DIRECTED: dict[str, Any] = {"postgresql_where": sa.text("plan IS NULL"), "sqlite_where": sa.text("plan IS NULL")}


def table(name: str, key: dict[str, Any], needed: dict[str, Any], optional: dict[str, Any] | None = None) -> None:
    columns = [sa.Column(each, kind, primary_key=True, autoincrement=False) for each, kind in key.items()]
    columns += [sa.Column(each, kind, nullable=False) for each, kind in needed.items()]
    columns += [sa.Column(each, kind) for each, kind in (optional or {}).items()]
    op.create_table(name, *columns)
