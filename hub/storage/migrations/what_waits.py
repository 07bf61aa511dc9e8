"""The first tables, second half: what waits, what was done, and the directory."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from hub.storage.migrations.tables import BOOL, INT, OPEN, RAW, table
from hub.storage.schema import Id, Instant


def what_waits_and_what_was_done() -> None:
    table(
        "holds",
        {"id": Id},
        {
            "municipality": Id,
            "part": Id,
            "receiver": Id,
            "rules": RAW,
            "categories": RAW,
            "created_at": Instant(),
            "state": Id,
            "sender": Id,
            "role": Id,
            "hops": INT,
        },
        {
            "plan": Id,
            "child": Id,
            "element": Id,
            "digest": Id,
            "decided_by": Id,
            "reason": RAW,
            "decided_at": Instant(),
            "claimed_by": Id,
            "due_at": Instant(),
            "terms": RAW,
        },
    )
    op.create_index("holds_plan", "holds", ["plan"])
    op.create_index("holds_state", "holds", ["municipality", "state"])
    waits: dict[str, Any] = {name: sa.text("state = 'open'") for name in OPEN}
    op.create_index("holds_due", "holds", ["due_at"], **waits)
    table(
        "hold_moves",
        {"hold": Id, "number": INT},
        {"municipality": Id, "done_at": Instant(), "action": Id, "who": Id, "detail": RAW},
        {"child": Id, "words": RAW, "part": Id},
    )
    op.create_index("hold_moves_part", "hold_moves", ["part"])
    table(
        "proposals",
        {"id": Id},
        {
            "municipality": Id,
            "plan": Id,
            "child": Id,
            "part": Id,
            "system": Id,
            "element": RAW,
            "base_version": INT,
            "created_at": Instant(),
            "state": Id,
            "told": BOOL,
        },
        {"decided_by": Id, "reason": RAW, "merged_in": INT, "counters": Id},
    )
    op.create_index("proposals_plan", "proposals", ["plan"])
    op.create_index("proposals_part", "proposals", ["part"])
    _tasks()
    table(
        "set_aside",
        {"id": Id},
        {"municipality": Id, "subject": Id, "subject_id": Id, "code": Id, "created_at": Instant(), "state": Id},
        {"place": Id, "reason": RAW},
    )
    op.create_index("set_aside_state", "set_aside", ["municipality", "state"])
    table("audit", {"chain": INT, "number": INT}, {"municipality": Id, "subject": Id, "entry": RAW, "hash": RAW})
    op.create_index("audit_subject", "audit", ["subject"])
    table("audit_heads", {"chain": INT}, {"number": INT, "hash": RAW, "seal": RAW})
    table(
        "systems", {"id": Id}, {"municipality": Id, "service": Id, "delivery": Id, "client_id": Id, "registration": RAW}
    )
    op.create_index("systems_client", "systems", ["client_id"], unique=True)
    table("feeds", {"municipality": Id, "feed": Id}, {"next": INT})
    table("agreements", {"municipality": Id, "reference": Id}, {"agreed": RAW})
    table("districts", {"municipality": Id, "number": Id}, {"declared": RAW})
    table("routines", {"municipality": Id, "service": Id}, {"described": RAW})
    table("officials", {"municipality": Id, "person": Id}, {"authorised": RAW})
    table("generations", {"name": Id}, {"number": INT})


def _tasks() -> None:
    table(
        "tasks",
        {"id": Id},
        {"municipality": Id, "kind": Id, "addressee": Id, "created_at": Instant(), "due_at": Instant(), "state": Id},
        {
            **dict.fromkeys(("plan", "child", "subject", "system", "asked_by", "escalated_to"), Id),
            **dict.fromkeys(("answer", "answered_by", "once"), Id),
            "starts_at": Instant(),
            "answered_at": Instant(),
            "reason": RAW,
        },
    )
    op.create_index("tasks_once", "tasks", ["once"], unique=True)
    op.create_index("tasks_plan", "tasks", ["plan"])
    op.create_index("tasks_state", "tasks", ["municipality", "state"])
    waits: dict[str, Any] = {name: sa.text("state = 'open'") for name in OPEN}
    op.create_index("tasks_due", "tasks", ["due_at"], **waits)
    whose = {"municipality": Id, "plan": Id, "child": Id}
    table("logbook", {"id": Id}, {**whose, "kind": Id, "at": Instant(), "who": Id, "words": RAW}, {"service": Id})
    op.create_index("logbook_plan", "logbook", ["plan", "kind"])
