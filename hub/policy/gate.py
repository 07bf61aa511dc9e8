"""May this sender change this element itself? Coordination responsibility as write authority."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from hub.model.calendar import norwegian_day
from hub.model.plan import STRUCTURE
from hub.model.responsibility import Facts
from hub.model.service import FAMILY, Party
from hub.policy.book import Book
from hub.policy.decision import rules_of
from hub.policy.facts import coordination_of, subject_of
from hub.policy.rules import BOOK
from hub.policy.weighing import Weighing
from hub.policy.words import Disclosure, Message

WAITS_FOR_THE_MUNICIPALITY = frozenset({"COO-04", "COO-09"})


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """`allowed` directly, `propose` to the coordinator of record, `hold` for the municipality's decision, or `refuse`:
    what the family says of itself is nobody's to change, nor to let others change."""

    answer: Literal["allowed", "propose", "hold", "refuse"]
    rules: tuple[str, ...]


def gate(facts: Facts, sender: Party, *, kind: str, owner: str, now: datetime, book: Book = BOOK) -> GateAnswer:
    """Asked once, at merge, about one change to one element of this kind and owner."""
    if owner == FAMILY or kind == "voice":
        if owner == sender.service:
            return GateAnswer("allowed", ("COO-08",))
        return GateAnswer("refuse" if owner == FAMILY else "propose", ("COO-08",))
    update = "plan_change" if kind in STRUCTURE else "plan_update"
    home = Party(sender.service, facts.child.municipality)
    disclosure = Disclosure(
        sender=sender,
        receiver=home,
        now=now,
        subject=subject_of(facts.child, now),
        message=Message(update, frozenset({kind})),
        plan=replace(coordination_of(facts, norwegian_day(now)), measure_owner=owner),
    )
    w = Weighing(disclosure)
    found = w.consult("gate", book.on(norwegian_day(now)).at("gate", w))
    waiting = {one.rule for one in found if one.finding.holds}
    if "COO-09" not in waiting and any(one.finding.opens for one in found):
        return GateAnswer("allowed", rules_of(found))
    return GateAnswer("hold" if waiting & WAITS_FOR_THE_MUNICIPALITY else "propose", rules_of(found))
