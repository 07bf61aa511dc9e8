"""A report to child welfare (*bekymringsmelding*): what is one, and whether who sent it is to be answered."""

from __future__ import annotations

from collections.abc import Mapping

from hub.policy.claims import claimed
from hub.policy.services import PUBLIC
from hub.policy.words import Duty


def is_reported(claims: Mapping[str, object]) -> bool:
    """Whether a message claims to be a report, with a ground or without (bvl § 13-2); a danger alone is none."""
    return bool(claimed(claims).get("duty", Duty()).ground is not None)


def answers_reporter(sender: str) -> bool:
    """Whether the hub carries child welfare's answer to this service: to who reported by duty (bvl § 13-3, DUT-07).

    A private person, an organisation without an act and an anonymous reporter turn to child welfare itself, which
    answers them outside the hub; that a private body under an act (a kindergarten, a school) counts as one with a duty
    is own knowledge, for a lawyer to confirm.
    """
    return sender in PUBLIC
