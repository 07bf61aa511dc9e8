"""Plans and who sits at their table. Control scope only; answers hold metadata, never a plan's content."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, SecretStr

from hub.api.acting import by_turns
from hub.api.conditions import Condition, Seen, tagged
from hub.api.door import Controller
from hub.api.needs import Hub, TheHub, desk
from hub.api.person_words import ChildFacts, Coordination
from hub.api.problems import Problem, documented
from hub.api.shapes import Code, Municipality, Reference, Strict
from hub.model.change import ChildKey
from hub.model.envelope import fresh_id
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.ops.enrol import Desk, Participant, facts_of, link, make_plan, plan_of
from hub.ops.settling import ask_where
from hub.ports import Link, Work
from hub.security.identifiers import check

router = APIRouter(tags=["plans"])


class ChildIn(ChildFacts):
    """The child of a new plan. The number is kept encrypted, found by a keyed hash, and never given back."""

    number: SecretStr | None = Field(None, description="fødselsnummer or D-number, where there is one")


class ParticipantIn(Strict):
    """Someone who takes part (FOR-2022-06-22-1110 § 9 nr. 2 and 3)."""

    service: Code = Field(examples=["school"])
    role: Literal["coordinator", "child_coordinator", "author", "contact", "guardian", "member"] = "member"
    name: str | None = Field(None, max_length=200, examples=["Kontaktlærer"])
    unit: str | None = Field(None, max_length=200)
    categories: list[Code] = Field(
        min_length=1, description="what the row itself reveals: taking part shows a client relation"
    )


class PlanIn(Strict):
    """A new plan (individuell plan) for one child."""

    child: ChildIn
    municipality: Municipality | None = Field(None, description="yours; anything else is refused")
    coordination: Coordination | None = None
    participants: list[ParticipantIn] = Field(default_factory=list, max_length=100)


class KeyIn(Strict):
    """The key by which that system itself knows the child; in the body, never in the address."""

    kind: Literal["own", "fnr", "dnr", "duf"] = "own"
    value: SecretStr = Field(min_length=1, max_length=255)


class LinkIn(Strict):
    """A system's seat at the table."""

    key: KeyIn
    about: Reference | None = Field(None, description="the person the key identifies, where that is not the child")


class LinkOut(BaseModel):
    system: str
    key_kind: str
    about: str
    mark: str = Field(description="another where the key is another; says nothing of the key")


class LinksOut(BaseModel):
    """Every seat at a plan's table."""

    plan: str
    links: list[LinkOut]


class PlanOut(BaseModel):
    """What may be said of a plan without saying what is in it."""

    id: str
    municipality: str
    child: str
    version: int
    facts_version: int
    elements: dict[str, int] = Field(description="how many of each kind", examples=[{"goal": 2, "measure": 5}])
    participants: list[str] = Field(description="services at the table")
    links: list[LinkOut]
    coordination: Coordination
    begun: datetime | None = Field(description="since when services work on it; before, `POST …/beginning`")


@router.post("/v1/plans", status_code=201, responses=documented(409, 422), summary="Open a case for a plan")
def post_plan(told: PlanIn, hub: TheHub, system: Controller, response: Response) -> PlanOut:
    """Makes child, facts and an empty plan. Systems join by `PUT /v1/plans/{id}/links/{system}`; nothing is merged
    before `POST /v1/plans/{id}/beginning`, with consent to the plan itself (CON-15)."""
    if told.municipality not in (None, system.municipality):
        raise Problem("not_permitted", "your system makes plans for its own municipality", place="municipality")
    number = told.child.number.get_secret_value() if told.child.number else None
    _check_number(hub, "fnr", number, "child.number")
    asked = number is not None and hub.registers.covers(system.municipality)
    # Where the register is asked, only its own answer confirms; till then everything waits.
    child = told.child.child(fresh_id(), system.municipality, None if asked else hub.clock.now())
    facts = Facts(child)
    if told.coordination:
        facts = Facts(facts.child, responsibility=told.coordination.responsibility())
    at = desk(hub, system)

    def made() -> Plan:
        with hub.store.begin() as work:
            plan = make_plan(work, at, facts, number, [_participant(row) for row in told.participants])
            if not asked:  # the register may say it
                ask_where(work, at, plan, facts)
        return plan

    plan = by_turns(made)
    if asked:
        hub.enrolled(system.municipality, plan.child)
    with hub.store.begin() as work:
        out = _plan_out(hub, work, at, plan)
    response.headers["Location"] = f"/v1/plans/{plan.id}"
    return out


@router.get("/v1/plans/{id}", responses=documented(404), summary="Read a plan's metadata")
def get_plan(id: str, hub: TheHub, system: Controller, response: Response) -> PlanOut:
    """Version, table and coordination; no content."""
    at = desk(hub, system)
    with hub.store.begin() as work:
        out = _plan_out(hub, work, at, plan_of(work, at, id))
    tagged(response, out)
    return out


@dataclass(frozen=True, slots=True)
class _Seating:
    """A change of who sits at a plan's table, by an office that has seen who does."""

    plan: str
    hub: Hub
    system: System
    seen: Condition

    def link(self, seated: str, key: ChildKey, about: str | None) -> Link:
        at = desk(self.hub, self.system)
        with self.hub.store.begin() as work:
            plan = plan_of(work, at, self.plan)
            work.plans.lock([plan.id], wait=True)  # of two who link at the same instant the second sees the first
            self.seen.hold(_links_out(self.hub, work, plan))
            made = link(work, at, plan.id, seated, key, about)
            self.seen.tag(_links_out(self.hub, work, plan))
        return made


def _seating(id: str, hub: TheHub, system: Controller, seen: Seen) -> _Seating:
    return _Seating(id, hub, system, seen)


Seating = Annotated[_Seating, Depends(_seating)]


@router.get("/v1/plans/{id}/links", responses=documented(404), summary="Read who is linked")
def get_links(id: str, hub: TheHub, system: Controller, response: Response) -> LinksOut:
    """By which kind of key, never the key. Its ETag goes with each change of it."""
    at = desk(hub, system)
    with hub.store.begin() as work:
        out = _links_out(hub, work, plan_of(work, at, id))
    tagged(response, out)
    return out


@router.put("/v1/plans/{id}/links/{system_id}", responses=documented(404, 409, 412, 422, 428), summary="Link a system")
def put_link(system_id: str, told: LinkIn, on: Seating) -> LinkOut:
    """From now on that system's documents with this key are about this child, and it is sent its view of the plan.
    `If-Match` is the ETag of the plan's links as they were read; the answer bears the ETag of them as they now are."""
    key = ChildKey(told.key.kind, told.key.value.get_secret_value())
    _check_number(on.hub, key.kind, key.value, "key.value")
    made = on.link(system_id, key, told.about)
    on.hub.facts_changed(made.child)
    return _link_out(on.hub, made)


def _check_number(hub: Hub, kind: str, value: str | None, place: str) -> None:
    wrong = check(kind, value, hub.settings.environment) if value is not None else None
    if wrong:
        raise Problem(wrong, "the number cannot be used here", place=place)


def _participant(told: ParticipantIn) -> Participant:
    return Participant(told.service, frozenset(told.categories), told.role, told.name, told.unit)


def _plan_out(hub: Hub, work: Work, at: Desk, plan: Plan) -> PlanOut:
    facts = facts_of(work, at, plan.child)
    living = [element for element in plan.elements.values() if not element.deleted]
    return PlanOut(
        id=plan.id,
        municipality=plan.municipality,
        child=plan.child,
        version=plan.version,
        facts_version=facts.version,
        elements=dict(sorted(Counter(element.kind for element in living).items())),
        participants=sorted({element.owner for element in living if element.kind == "participant"}),
        links=_links_out(hub, work, plan).links,
        coordination=Coordination.model_validate(facts.responsibility, from_attributes=True),
        begun=facts.life.begun,
    )


def _links_out(hub: Hub, work: Work, plan: Plan) -> LinksOut:
    rows = work.links.of([plan.id]).get(plan.id, ())
    return LinksOut(plan=plan.id, links=[_link_out(hub, row) for row in rows])


def _link_out(hub: Hub, row: Link) -> LinkOut:
    mark = hub.keys.fingerprint("seat", row.plan, row.system, row.key.kind, row.key.value).hex()[:16]
    return LinkOut(system=row.system, key_kind=row.key.kind, about=row.about, mark=mark)
