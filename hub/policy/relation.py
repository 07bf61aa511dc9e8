"""Whether it may come out that a child is a client of a service at all (RED-02)."""

from __future__ import annotations

from dataclasses import replace

from hub.policy.decide import decide
from hub.policy.services import client_relation
from hub.policy.words import Disclosure, Message


def is_secret_relation(asked: Disclosure) -> bool:
    """Whether the message would tell that the child is a client of its sender, and nothing covers that.

    That a child goes to kindergarten or school is no secret; that child welfare, NAV or a clinic knows it is one.
    """
    relation = client_relation(asked.sender.service)
    if not relation:
        return False
    alone = decide(replace(asked, message=Message("info", relation)))
    return not (alone.outcome.startswith("forward") and alone.kept >= relation)
