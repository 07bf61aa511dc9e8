"""What is taken out, and what cannot be: free text, the sender's identity, and content in a coordinator's queue."""

from __future__ import annotations

from hub.policy.book import rule
from hub.policy.weighing import Weighing
from hub.policy.words import CLIENT_RELATION, NOTICE, Finding

PAYLOAD: frozenset[str] = frozenset({"content"})


@rule("RED-01", "fvl § 13", stage="text", rests=["message"])
def free_text_is_not_cut_by_machine(w: Weighing) -> Finding | None:
    """Where something must be taken out and there is free text, a person splits or rewrites it first."""
    return Finding(holds=w.kept) if w.message.free_text and w.removed else None


@rule("RED-02", "bvl § 13-1", "nav § 7", "krl § 5", "fvl § 13", stage="redact", rests=["message"])
def the_sender_is_not_named(w: Weighing) -> Finding | None:
    """Where nobody agreed to reveal who is a client, the sender is shown as a municipal provider and no more."""
    return Finding(shuts=CLIENT_RELATION) if w.message.hide_client_relation else None


@rule("RED-03", "fvl § 13", control=["queue_view"])
def a_queue_shows_no_content(w: Weighing) -> Finding | None:
    """Of what is held a coordinator sees who, to whom, which category, why and how long, and never the content."""
    return Finding(opens=NOTICE, shuts=PAYLOAD)
