"""Who may decide: people are registered with their roles, and whoever decides is looked up, never believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from hub.errors import SetupError, UnusableError
from hub.model.discretion import is_reference
from hub.model.official import ROLES, Official, Role
from hub.model.responsibility import Facts
from hub.model.service import FAMILY, Service
from hub.ops.enrol import Desk
from hub.policy.services import services
from hub.policy.who_decides import answers_for, covers, is_closed, leads, question
from hub.ports import Hold, Work

OFFICIAL = {row.name for row in fields(Official)}


@dataclass(frozen=True, slots=True)
class Barred:
    """Why somebody may not. A value and no error, so that the line about it in the audit chain is kept."""

    code: str
    why: str
    way_out: str | None = None
    place: str | None = None


NO_HOLD = Barred("not_found", "there is no such hold in this municipality", place="hold")
"""To whom it may not be known, as to whoever asks for one that there is not."""


def authorise(work: Work, desk: Desk, officials: Sequence[Official]) -> None:
    """Registers people of this municipality; nobody is removed, and empty roles take everything away."""
    if any(each.municipality != desk.municipality for each in officials):
        raise UnusableError("not_found", "officials are registered in their own municipality", place="officials")
    work.directory.authorise(officials)
    for each in officials:
        desk.note(work, "official.authorised", each.person, roles=sorted(each.roles), service=each.service)


def must_have_authority(work: Work, desk: Desk) -> None:
    """A municipality that connects systems has named who decides for it where it is unclear or disputed (COO-04)."""
    people = work.directory.officials(desk.municipality)
    if not any("decision_authority" in each.roles and each.district is None for each in people):
        raise SetupError(
            f"officials: nobody decides for municipality {desk.municipality} where coordination is disputed; "
            "name a person with the role decision_authority"
        )


def officials_from(rows: Sequence[Any]) -> list[Official]:
    """People as data; every error says which and why."""
    return [_official(row, f"officials[{number}]") for number, row in enumerate(rows)]


class Named(NamedTuple):
    """A hold, and the services it names: whose information waits, and for whom."""

    hold: Hold
    services: tuple[Service, ...]


def named_in(work: Work, holds: Iterable[Hold]) -> list[Named]:
    """Each hold with those that the hub knows."""
    systems = work.directory.systems()
    receivers = {id: each.service for id, each in systems.items()}
    both = [(hold, (hold.sender, receivers.get(hold.receiver, ""))) for hold in holds]
    return [Named(hold, tuple(each for each in names if each in services())) for hold, names in both]


def official_of(work: Work, desk: Desk, person: str) -> Official | Barred:
    """The person with his or her roles, if this municipality has authorised such a person."""
    found = work.directory.officials(desk.municipality, [person])
    if not found or not found[0].roles:
        way_out = "the municipality authorises people: PUT /v1/officials, or `officials` in `langbenk config apply`"
        return Barred("not_authorised", "the municipality has authorised nobody of that id", way_out)
    return found[0]


def may_see(official: Official, holds: Iterable[Hold]) -> list[Hold]:
    """What a person may know to exist: a protected address's holds are for those alone who are authorised for them."""
    own = covers(official.roles)
    return [hold for hold in holds if not _closed(hold) or own & _closed(hold)]


def admit(official: Official, told: Named, facts: Facts | None, now: datetime, *, judging: bool) -> Barred | None:
    """Why this person may not act on this hold; `None` where he or she may. To judge it is to send or refuse it."""
    hold = told.hold
    if not may_see(official, [hold]):
        return NO_HOLD
    if not roles_for(official, facts, now, told.services) & ({hold.role} | question(hold.rules, hold.hops).needs):
        return Barred("not_authorised", f"it is for a person with the role {hold.role}")
    if judging and (official.person == hold.claimed_by or official.service == hold.sender):
        return Barred("own_message", "nobody decides about what he, she or their own service has sent")
    return None


def admit_to_proposal(official: Official, sender: Service, facts: Facts, now: datetime) -> Barred | None:
    """Why this person may not decide a proposal that `sender` has made; `None` where he or she may. It is for
    whoever coordinates; where nobody does or it is disputed, for the municipality; and for its own office where whoever
    coordinates may not know of `sender` (RED-02)."""
    lead = leads(facts, now)
    role: Role = "coordinator" if lead is not None else "decision_authority"
    if role not in roles_for(official, facts, now, (sender,)):
        return Barred("not_authorised", f"it is for a person with the role {role}")
    if official.service == sender != lead:
        return Barred("own_message", "nobody decides about what his, her or their own service has proposed")
    return None


def roles_for(official: Official, facts: Facts | None, now: datetime, named: Iterable[Service] = ()) -> frozenset[Role]:
    """What a person may decide here: a service's coordinator only for the children that service coordinates.

    What nobody coordinates is the municipality's own office's, as is a child whom nobody here knows, and what names a
    service that the coordinator may not know the child to be a client of (RED-02).
    """
    own = covers(official.roles)
    if official.service is None or "decision_authority" in official.roles:
        return own
    mine = facts is not None and {answers_for(facts, each, now) for each in (None, *named)} == {official.service}
    return own if mine else own - {"coordinator"}


def _closed(hold: Hold) -> frozenset[Role]:
    """The closed roles a hold belongs to."""
    return frozenset(role for role in {hold.role} | question(hold.rules).needs if is_closed(role))


def _official(row: Any, place: str) -> Official:
    if not isinstance(row, dict) or row.keys() - OFFICIAL or not {"person", "municipality", "roles"} <= row.keys():
        raise SetupError(f"{place}: must hold person, municipality and roles, and may hold service or district")
    person, municipality, service = str(row["person"]), str(row["municipality"]), row.get("service")
    if not is_reference(person):
        raise SetupError(f"{place}: person must be an opaque id, never a name or a national number")
    if not re.fullmatch(r"\d{4}", municipality):
        raise SetupError(f"{place}: municipality must be four digits, in quotes")
    roles = frozenset(row["roles"] if isinstance(row["roles"], list) else [row["roles"]])
    if unknown := sorted(str(role) for role in roles - ROLES):
        raise SetupError(f"{place}: unknown role {', '.join(unknown)}; known are {', '.join(sorted(ROLES))}")
    if service is not None and (service not in services() or service == FAMILY):
        raise SetupError(f"{place}: unknown service; `hub/policy/services.yaml` lists them")
    district = row.get("district")
    if district is not None and not re.fullmatch(rf"{municipality}\d\d", str(district)):
        raise SetupError(f"{place}: district must be six digits, in quotes, of the person's own municipality")
    if district is not None and service is not None:
        raise SetupError(f"{place}: district says of whose coordinating unit a person is; leave out service")
    return Official(person, municipality, roles, service, district)
