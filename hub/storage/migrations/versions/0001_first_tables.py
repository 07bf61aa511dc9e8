"""The first tables: inbox, both ledgers, plans, persons, what waits, the audit chains and the directory."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations.catching_up import what_families_think, what_is_caught_up_with
from hub.storage.migrations.tables import BOOL, DIRECTED, INT, OPEN, RAW, URGENT
from hub.storage.migrations.tables import table as _table
from hub.storage.migrations.what_waits import what_waits_and_what_was_done
from hub.storage.schema import Id, Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    _messages_and_ledgers()
    _plans_and_persons()
    _looks()
    what_waits_and_what_was_done()
    what_is_caught_up_with()
    what_families_think()
    _first_rows()
    if op.get_bind().dialect.name == "postgresql":
        _fit_postgresql()


def _messages_and_ledgers() -> None:
    _table(
        "messages",
        {"id": Id},
        {
            "municipality": Id,
            "system": Id,
            "message_id": Id,
            "kind": Id,
            "received_at": Instant(),
            "fingerprint": RAW,
            "skipped": INT,
            "parts": RAW,
        },
    )
    op.create_index("messages_once", "messages", ["system", "message_id"], unique=True)
    _table(
        "parts",
        {"id": Id},
        {
            "message": Id,
            "municipality": Id,
            "system": Id,
            "kind": Id,
            "state": Id,
            "received_at": Instant(),
            "urgent": BOOL,
            "open": BOOL,
        },
        {
            "plan": Id,
            "child": Id,
            "about": Id,
            "number": INT,
            "receiver": Id,
            "code": Id,
            "place": Id,
            "correlation_id": Id,
            "traceparent": Id,
            "claims": RAW,
            "view_version": INT,
            "ended_at": Instant(),
        },
    )
    op.create_index("parts_message", "parts", ["message"])
    op.create_index("parts_number", "parts", ["plan", "number"], unique=True)
    op.create_index("parts_open", "parts", ["plan", "number"], **OPEN)
    op.create_index("parts_urgent", "parts", ["received_at"], **URGENT)
    _table("documents", {"part": Id}, {"municipality": Id, "sealed": RAW})
    _table("counters", {"plan": Id}, {"municipality": Id, "next": INT})
    _table(
        "deliveries",
        {"id": Id},
        {
            "municipality": Id,
            "system": Id,
            "kind": Id,
            "part": Id,
            "state": Id,
            "created_at": Instant(),
            "digest": RAW,
            "attempts": INT,
            "urgent": BOOL,
            "open": BOOL,
            "subject": Id,
        },
        {
            "plan": Id,
            "child": Id,
            "plan_version": INT,
            "version": INT,
            "next_at": Instant(),
            "sent_at": Instant(),
            "receipt_at": Instant(),
            "code": Id,
            "correlation_id": Id,
            "traceparent": Id,
            "revived_at": Instant(),
        },
    )
    op.create_index("deliveries_due", "deliveries", ["system", "created_at"], **OPEN)
    op.create_index("deliveries_open", "deliveries", ["plan", "system"], **OPEN)
    op.create_index("deliveries_subject", "deliveries", ["subject"])
    op.create_index("deliveries_urgent", "deliveries", ["system", "created_at"], **URGENT)
    _table(
        "decisions",
        {"id": Id},
        {
            "municipality": Id,
            "receiver": Id,
            "stage": Id,
            "outcome": Id,
            "decided_at": Instant(),
            "record": RAW,
            "hash": RAW,
            "subject": Id,
        },
        {"child": Id, "plan": Id, "part": Id, "delivery": Id, "grounds": RAW},
    )
    op.create_index("decisions_subject", "decisions", ["subject"])
    op.create_index("decisions_directed", "decisions", ["child"], **DIRECTED)
    _table("grounds", {"hash": RAW}, {"municipality": Id, "record": RAW})


def _plans_and_persons() -> None:
    _table("plans", {"id": Id}, {"municipality": Id, "child": Id, "version": INT})
    op.create_index("plans_child", "plans", ["municipality", "child"], unique=True)
    _table(
        "plan_versions",
        {"plan": Id, "version": INT},
        {"municipality": Id, "written_at": Instant(), "sealed": RAW},
        {"part": Id},
    )
    _table(
        "views",
        {"plan": Id, "system": Id},
        {"municipality": Id, "version": INT, "digest": RAW},
        {"seen": RAW, "sent": RAW, "acknowledged": INT, "acknowledged_at": Instant()},
    )
    _table(
        "links",
        {"plan": Id, "system": Id, "about": Id, "kind": Id},
        {"municipality": Id, "child": Id, "print": Id, "sealed": RAW},
    )
    op.create_index("links_child", "links", ["child"])
    op.create_index("links_print", "links", ["print"])
    sealed = {"key": RAW, "facts": RAW, "number": RAW, "number_print": Id, "confirmed_at": Instant()}
    _table("persons", {"id": Id}, {"municipality": Id, "version": INT}, sealed)
    op.create_index("persons_number", "persons", ["municipality", "number_print"], unique=True)
    op.create_index("persons_confirmed", "persons", ["municipality", "confirmed_at"])
    _table("consents", {"id": Id}, {"municipality": Id, "child": Id, "undocumented": BOOL})
    asked = {"municipality": Id, "child": Id, "asked_at": Instant(), "deadline": Instant(), "open": BOOL, "sealed": RAW}
    _table("consent_requests", {"id": Id}, asked)
    op.create_index("consent_requests_child", "consent_requests", ["child"])
    op.create_index("consent_requests_due", "consent_requests", ["deadline"], **OPEN)
    _table("municipalities", {"id": Id}, {"key": RAW})


def _looks() -> None:
    _table("looks", {"plan": Id}, {"municipality": Id, "child": Id, "asked": INT}, {"due": Instant()})
    op.create_index("looks_child", "looks", ["municipality", "child"], unique=True)
    due: dict[str, Any] = {name: sa.text("due IS NOT NULL") for name in OPEN}
    op.create_index("looks_due", "looks", ["due"], **due)


def _first_rows() -> None:
    heads = sa.table("audit_heads", *[sa.column(name) for name in ("chain", "number", "hash", "seal")])
    op.bulk_insert(heads, [{"chain": chain, "number": 0, "hash": b"", "seal": b""} for chain in range(16)])
    generations = sa.table("generations", sa.column("name"), sa.column("number"))
    op.bulk_insert(generations, [{"name": "systems", "number": 0}])


def _fit_postgresql() -> None:
    """Sealed bytes do not compress: keep them in the row up to 8 kB and never try. Rows that change leave room."""
    for table in ("documents", "plan_versions"):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN sealed SET STORAGE EXTERNAL, SET (toast_tuple_target = 8160)")
    for table in ("deliveries", "views", "plans", "counters", "audit_heads", "persons", "generations"):
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 50)")
