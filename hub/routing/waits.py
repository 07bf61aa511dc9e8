"""What waits for a human towards a receiver: each value is asked about once, and only while that matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from hub.model.calendar import deadline
from hub.model.envelope import fresh_id
from hub.model.plan import Element, Plan
from hub.policy import STALE, ViewDecision
from hub.policy.who_decides import question
from hub.ports import Hold, Part, Work

Asked = dict[tuple[str, str, str], Hold]
"""Holds that are open or were refused, by (element, digest, receiver system)."""


def asked(work: Work, municipalities: Iterable[str], plans: Sequence[str]) -> Asked:
    """What a human has been asked about these plans and has not released."""
    return {
        (hold.element, hold.digest, hold.receiver): hold
        for municipality in municipalities
        for hold in work.holds.asked(municipality, plans)
        if hold.element and hold.digest
    }


def holds(held: Iterable[Element], decision: ViewDecision, part: Part, known: Asked, now: datetime) -> list[Hold]:
    """One hold an element and receiver; nobody is asked twice about the same value."""
    found = []
    for element in held:
        key = (element.id, element.digest, decision.system)
        if key not in known:
            made = asked_of(part, decision.system, element.owner, decision.held[element.id], now)
            known[key] = about(made, element)
            found.append(known[key])
    return found


def waits(element: Element, decision: ViewDecision, known: Asked) -> bool:
    """Whether a human still has to answer for this element; a refusal is an answer."""
    hold = known.get((element.id, element.digest, decision.system))
    return element.id in decision.held and hold is not None and hold.state == "open"


def lapsed(plan: Plan, decision: ViewDecision, known: Asked, now: datetime) -> list[Hold]:
    """Open holds that nobody need answer: their element has changed since, now goes without an answer, or waited for a
    register that has answered."""
    over = [
        key
        for key, hold in known.items()
        if hold.state == "open" and (hold.plan, hold.receiver) == (plan.id, decision.system)
        if key[0] in decision.opened
        or key[0] not in plan.elements
        or plan.elements[key[0]].digest != key[1]
        or (STALE in hold.rules and STALE not in decision.held.get(key[0], ()))
    ]
    return [replace(known.pop(key), state="lapsed", decided_at=now) for key in over]


def end_waits(work: Work, municipality: str, plan: str) -> None:
    """The rows of the ledger that waited, and for which no hold is open any longer, end.

    They are denied where every answer was no; else superseded, since what was released gets a row of its own.
    """
    rows = work.deliveries.held(municipality, plan)
    if not rows:
        return
    answers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for hold in work.holds.of(municipality, plan):
        answers[hold.part, hold.receiver].add(hold.state)
        answers["", hold.receiver].add(hold.state)  # for a row that waits for what an earlier part asked
    ended = []
    for row in rows:
        states = answers.get((row.part, row.system)) or answers["", row.system]
        if "open" not in states:
            ended.append(row._replace(state="denied" if states == {"refused"} else "superseded"))
    work.deliveries.update(ended)


def asked_of(part: Part, receiver: str, sender: str, rules: Sequence[str], now: datetime) -> Hold:
    """A hold about a part whole, with whose turn it is and until when."""
    asks, person = question(rules), part.claims.get("person")
    return Hold(
        fresh_id(),
        part.municipality,
        part.plan,
        part.child,
        part.id,
        receiver,
        part.id,
        part.id,
        tuple(rules),
        (),
        now,
        sender=sender,
        claimed_by=person if isinstance(person, str) else None,
        role=asks.role,
        due_at=deadline(now, asks.days),
    )


def about(hold: Hold, element: Element) -> Hold:
    """The same hold about one element."""
    return replace(hold, element=element.id, digest=element.digest, categories=tuple(sorted(element.categories)))
