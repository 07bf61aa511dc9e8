"""Which services are in a plan and which are missing (O-12), for whoever coordinates.

A service the reader may not know to have this child as a client (RED-02) is left out, whatever else would show it. The
municipality's own office keeps the table and knows who sits at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from hub.model.consent import Consent
from hub.model.life import Seat
from hub.model.plan import Element
from hub.model.service import Party, Service
from hub.ops.casework import Casework
from hub.ops.officials import Barred
from hub.ops.seats import at_table, sits
from hub.ops.unseen import as_known, hidden, keeps_the_table, known_to
from hub.policy import decide_view, still_known
from hub.policy.services import PLAN_DUTY

State = Literal["takes_part", "starts_later", "invited", "declined", "excused", "missing"]
STATES: tuple[State, ...] = get_args(State)
Why = Literal["wished", "named", "notified", "agreed", "relay_log"]
"""Why a service is known to matter: cooperation with it is wished for (IPF § 9 nr. 10), the plan names it, it notified
the need, the family has agreed that it may be told or tell, it keeps the relay log."""


@dataclass(frozen=True, slots=True)
class Presence:
    """One service, how it stands and since when; `due_at` is when an answer that is not there goes up."""

    service: Service
    state: State
    since: datetime | None = None
    due_at: datetime | None = None
    starts_on: date | None = None
    why: tuple[Why, ...] = ()


def present_and_missing(case: Casework) -> list[Presence] | Barred:
    """Every service that takes part, was asked, said no, or is missing though it has a duty and is known to matter."""
    if why := case.must_coordinate():
        return why
    there = {one.service: one for one in in_it(case)}
    known = _known_to_matter(case)
    missing = [Presence(each, "missing", why=known[each]) for each in sorted(known) if _is_missed(each, there)]
    may_know = known_to(case)
    found = [one for one in (*there.values(), *missing) if may_know(one.service)]
    case.note("plan.services_read")
    return sorted(found, key=lambda one: (STATES.index(one.state), one.service))


def in_it(case: Casework) -> Iterator[Presence]:
    """Those asked, as they answered; those who sit at the table or have written in the plan; who coordinates."""
    asked = case.work.tasks.open(case.desk.municipality, case.plan.id)
    mine = [each for each in asked if each.asked_by == case.hand.service or not hidden(case, each.addressee)]
    due = {each.addressee: each.due_at for each in mine if each.kind == "take_part"}
    seats = {each.service: each for each in as_known(case).seats}
    for service in filter(sits, sorted(at_table(case) | seats.keys())):
        yield _presence(case, service, seats.get(service), due)


def _presence(case: Casework, service: Service, seat: Seat | None, due: Mapping[Service, datetime]) -> Presence:
    if seat is None:
        return Presence(service, "takes_part")
    if seat.answer is None:
        return Presence(service, "invited", seat.asked_at, due.get(service), seat.starts_on)
    if seat.answer == "accept":
        later = seat.starts_on is not None and case.today < seat.starts_on
        return Presence(service, "starts_later" if later else "takes_part", seat.answered_at, None, seat.starts_on)
    return Presence(service, "declined" if seat.answer == "decline" else "excused", seat.answered_at)


def _is_missed(service: Service, there: Mapping[Service, Presence]) -> bool:
    return service in PLAN_DUTY and sits(service) and service not in there


def _known_to_matter(case: Casework) -> dict[Service, tuple[Why, ...]]:
    """Every service that something known speaks for, with what."""
    found: dict[Service, list[Why]] = {}
    for service, why in _reasons(case):
        if why not in found.setdefault(service, []):
            found[service].append(why)
    return {service: tuple(why) for service, why in found.items()}


def _reasons(case: Casework) -> Iterator[tuple[Service, Why]]:
    for element in _read(case):
        named = element.content.get("service")
        if isinstance(named, str):
            yield named, "wished" if element.kind == "cooperation" else "named"
    for need in case.facts.life.needs:
        yield need.service, "notified"
    for consent in case.facts.consents:
        if _stands(consent, case.now):
            yield from ((service, "agreed") for service in sorted(consent.receivers | consent.senders))
    if case.facts.life.stafettlogg is not None:
        yield case.facts.life.stafettlogg, "relay_log"


def _stands(one: Consent, now: datetime) -> bool:
    begun = one.valid_from is None or one.valid_from <= now
    ended = any(at is not None and at <= now for at in (one.valid_to, one.withdrawn_at))
    return one.answer == "yes" and begun and not ended


def _read(case: Casework) -> list[Element]:
    """Elements that say who is in it, as far as the reader may read them."""
    kinds = ("cooperation", "participant")
    found = [each for each in case.plan.elements.values() if each.kind in kinds and not each.deleted]
    if keeps_the_table(case):
        return found
    facts, reader = still_known(case.facts, case.now), Party(case.hand.service, case.desk.municipality)
    opened = decide_view(facts, reader, found, case.now, system="").opened
    return [each for each in found if each.id in opened]
