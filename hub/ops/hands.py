"""Whose hand acts: a person of a service, as the municipality's register or the system's own registration has it."""

from __future__ import annotations

from dataclasses import dataclass

from hub.model.official import Official
from hub.model.service import Service, System
from hub.model.task import Task
from hub.ops.enrol import Desk
from hub.ops.officials import Barred, official_of
from hub.policy.tasks import COORDINATING_UNIT, DECISION_AUTHORITY, is_secret
from hub.ports import Work


@dataclass(frozen=True, slots=True)
class Hand:
    """A person by opaque id, the service he or she acts for, and whether he or she decides for the municipality.

    `system` is set where the service's own system acts; without it the municipality's control room does. `district` is
    the city district whose children alone he or she works with; who `heads` the service configures its routines.
    """

    person: str
    service: Service
    decides: bool = False
    system: str | None = None
    district: str | None = None
    heads: bool = False

    @property
    def of_the_unit(self) -> bool:
        """Whether it is the coordinating unit's, or decides over it."""
        return self.decides or self.service == COORDINATING_UNIT


def hand_of(work: Work, desk: Desk, person: str) -> Hand | Barred:
    """A person the municipality has authorised: of a service, else of its own office."""
    official = official_of(work, desk, person)
    if isinstance(official, Barred):
        return official
    return as_hand(official)


def as_hand(official: Official) -> Hand:
    """Whose hand a person of the register is."""
    decides = DECISION_AUTHORITY in official.roles
    service = official.service or COORDINATING_UNIT
    return Hand(official.person, service, decides, district=official.district, heads="head" in official.roles)


def systems_hand(system: System, person: str) -> Hand:
    """A sector system acts for its own service only; the person is that service's own affair."""
    return Hand(person, system.service, system=system.id)


def holds_task(hand: Hand, task: Task) -> bool:
    """Whether the task is this hand's to answer: put to its service, or gone up to it."""
    if hand.system is not None:
        return task.system == hand.system
    own = hand.service in (task.addressee, task.escalated_to)
    return own or (hand.decides and not is_secret(task.kind))


def sees_task(hand: Hand, task: Task) -> bool:
    """Whether the hand may know of the task: its own, and of its municipality's all but the secret ones."""
    whole = hand.of_the_unit and hand.system is None and not is_secret(task.kind)
    return whole or holds_task(hand, task)
