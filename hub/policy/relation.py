"""Whether it may come out that a child is a client of a service at all (RED-02)."""

from __future__ import annotations

from dataclasses import replace

from hub.policy.decide import decide
from hub.policy.services import reveals
from hub.policy.words import Disclosure, Message

OPEN_RELATIONS = frozenset({"education"})
"""What a service reveals by itself that is no secret: every child goes to school."""


def is_secret_relation(asked: Disclosure) -> bool:
    """Whether the message would tell that the child is a client of its sender, and nothing covers that.

    That a child goes to kindergarten or school is no secret; that child welfare, NAV or a clinic knows it is one.
    """
    relation = reveals(asked.sender.service) - OPEN_RELATIONS
    if not relation:
        return False
    alone = decide(replace(asked, message=Message("info", relation)))
    return not (alone.outcome.startswith("forward") and alone.kept >= relation)
