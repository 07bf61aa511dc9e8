"""What may be told of the eight identity facts, as a lawyer would put it in a table; nothing here knows `hub.policy`.

nav-loven § 7, sotjl § 44, bvl § 13-1, krl § 5 and hol § 12-1: where secrecy is extended, each fact is as secret as the
rest, and goes only where it is itself covered. A duty to report carries them; a hidden address stops the two that tell
where somebody is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["consent", "none", "duty", "necessity"]
Protection = Literal["none", "confidential", "strictly_confidential"]

FACTS = (
    "place_of_birth",
    "birth_date",
    "national_id",
    "citizenship",
    "marital_status",
    "occupation",
    "residence",
    "workplace",
)
PLACES = frozenset({"residence", "workplace"})
EXTENDED = (
    "child_welfare",
    "other_child_welfare",
    "bufetat",
    "nav_state",
    "nav_social",
    "crisis_centre",
    "municipal_health",
)
SENDERS = (*EXTENDED, "school", "kindergarten", "bup", "introduction_programme")
CLINICS = frozenset({"municipal_health", "school_health", "gp", "hospital", "bup", "dps", "dental"})
NOT_PUBLIC = frozenset({"private_organisation", "guardian", "family"})
RECEIVERS = (
    *("kindergarten", "private_kindergarten", "school", "other_school", "upper_secondary", "after_school", "ppt"),
    *("follow_up_service", "homework_help", "arts_school", "adult_education", "training_company", "private_school"),
    *("school_health", "gp"),
    *("municipal_health", "hospital", "bup", "dps", "dental", "child_welfare", "other_child_welfare", "nav_state"),
    *("bufetat", "nav_social", "crisis_centre", "family_counselling", "introduction_programme", "coordinating_unit"),
    *("child_coordinator", "coordinator", "police", "private_organisation", "guardian", "family"),
)
CARRIES: dict[str, tuple[str, frozenset[str] | None]] = {
    # sender: the statute by which its own documented task carries what it says, and to whom (None: any public body)
    "nav_social": ("fvl-13b-5", None),
    "school": ("fvl-13b-5", None),
    "kindergarten": ("fvl-13b-5", None),
    "introduction_programme": ("fvl-13b-5", None),
    "child_welfare": ("bvl-13-1", None),
    "crisis_centre": ("krl-5", None),
    "municipal_health": ("hpl-25", CLINICS),
    "bup": ("hpl-25", CLINICS),
    "nav_state": ("nav-8", frozenset()),
    "other_child_welfare": ("bvl-13-1", frozenset()),
    "bufetat": ("bvl-13-1", frozenset()),
}
"""NAV's own statute carries benefits only, and the bvl paragraph is the child's own child welfare service's."""


@dataclass(frozen=True)
class Asked:
    """One message: a word on adaptation, and some of the facts, of which some are agreed to by name."""

    sender: str
    receiver: str
    facts: frozenset[str]
    agreed: frozenset[str] = frozenset()
    way: Way = "none"
    protection: Protection = "none"

    @property
    def told(self) -> frozenset[str]:
        return self.facts | {"adaptation"}


def goes(asked: Asked) -> frozenset[str]:
    """What of the message may leave."""
    match asked.way:
        case "consent":
            covered = asked.told & (asked.agreed | {"adaptation"})
        case "duty":
            covered = asked.told if asked.receiver == "child_welfare" else frozenset()
        case "necessity":
            _, to = CARRIES[asked.sender]
            public = asked.receiver not in NOT_PUBLIC
            covered = asked.told if public and (to is None or asked.receiver in to) else frozenset()
        case _:
            covered = frozenset()
    hidden = asked.protection == "strictly_confidential"
    kept_from_private = asked.protection == "confidential" and asked.receiver in NOT_PUBLIC
    return covered - PLACES if hidden or kept_from_private else covered


def outcome(asked: Asked) -> str:
    """Whole, without something (of a hidden child always: the sender is a place too), or not at all."""
    left = goes(asked)
    if not left:
        return "deny"
    whole = left == asked.told and asked.protection != "strictly_confidential"
    return "forward" if whole else "forward_redacted"
