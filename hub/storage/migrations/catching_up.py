"""The first tables, last part: what lets a system that was away catch up, and counters."""

from __future__ import annotations

from alembic import op

from hub.storage.migrations.tables import INT, RAW, table
from hub.storage.schema import Id, Instant


def what_is_caught_up_with() -> None:
    key = {"plan": Id, "system": Id, "version": INT}
    table("view_versions", key, {"municipality": Id, "at": Instant(), "cut": RAW})
    op.create_index("view_versions_at", "view_versions", ["at"])
    table(
        "answers",
        {"client": Id, "key": Id},
        {"municipality": Id, "request": RAW, "at": Instant()},
        {"said": RAW},
    )
    op.create_index("answers_at", "answers", ["at"])


def what_families_think() -> None:
    counted = {"municipality": Id, "year": INT, "service": Id, "question": Id, "answer": Id}
    table("experiences", counted, {"number": INT})
    table("experiences_given", {"print": RAW}, {"municipality": Id, "year": INT})
