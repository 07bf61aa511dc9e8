"""Who coordinates, over HTTP: claimed, asked for, laid down, disputed, decided, appointed; with its whole history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from hub.api.acting import Acting, Person, step
from hub.api.conditions import Condition, Seen, tagged
from hub.api.door import Controller
from hub.api.needs import Hub, TheHub
from hub.api.problems import documented
from hub.api.shapes import Code, Day, Decided, Reference, Strict
from hub.model.responsibility import Post
from hub.model.service import System
from hub.ops import appointments, coordination
from hub.ops.appointments import Appointment
from hub.ops.casework import Casework
from hub.ops.closing import in_turn, while_open
from hub.ops.coordination import Decided as TheDecision
from hub.ops.officials import Barred

router = APIRouter(tags=["coordination"])
ANSWERS = documented(403, 404, 409, 412, 422, 428)


class MandateOut(BaseModel):
    """One line of who coordinated, from when, on whose authority, and how it ended."""

    post: Post
    service: str
    since: date
    until: date | None
    authority: str
    employee: str | None
    wished_on: date | None
    recorded_by: str
    recorded_at: datetime
    ended_at: datetime | None
    ended_why: str | None
    ended_by: str | None


class CoordinationOut(BaseModel):
    """`leads` is the one coordinator of record by the law's order; nobody where it is unclear or disputed."""

    plan: str
    leads: str | None = Field(examples=["municipal_health"])
    disputed: bool
    history: list[MandateOut]


class StatementOut(BaseModel):
    at: datetime
    service: str | None
    person: str
    words: str


class ByPerson(Strict):
    person: Reference = Field(examples=["emp-12"])


class ServiceIn(ByPerson):
    service: Code = Field(examples=["school"])


class DecisionIn(ServiceIn):
    """The municipality's decision (COO-04): which of its own providers, from when, and where the decision is kept."""

    authority: Reference = Field(examples=["sak-2026-117"])
    since: Day | None = Field(None, description="today unless it is said")
    reason: str = Field("", max_length=2_000, description="what the family is told")


class AppointmentIn(ServiceIn):
    """A barnekoordinator (hol. § 7-2 a) or koordinator (hol. § 7-2)."""

    post: Literal["child_coordinator", "coordinator", "main_responsible"] = "child_coordinator"
    authority: Reference = Field(examples=["vedtak-2026-41"])
    employee: Reference | None = Field(None, description="who is appointed: an opaque staff id")
    since: Day | None = None
    until: Day | None = None
    wished_on: Day | None = Field(None, description="when the family said that it wants a child coordinator")


class EndIn(ByPerson):
    post: Post
    why: Literal["family", "resigned"] = Field(description="`family` no longer wants it; the service lays it down")


@dataclass(frozen=True, slots=True)
class _Writing:
    """A step that changes who coordinates, for a caller who has seen who does."""

    plan: str
    hub: Hub
    system: System
    seen: Condition

    def take(self, person: str, act: Callable[[Casework], Casework | Barred]) -> CoordinationOut:
        def guarded(case: Casework) -> Casework | Barred:
            self.seen.hold(coordination_out(case))
            return act(case)

        out = coordination_out(step(self.hub, self.system, person, self.plan, in_turn(while_open(guarded))))
        self.seen.tag(out)
        return out


def _writing(id: str, hub: TheHub, system: Acting, seen: Seen) -> _Writing:
    return _Writing(id, hub, system, seen)


Writing = Annotated[_Writing, Depends(_writing)]


@router.get("/v1/plans/{id}/coordination", responses=documented(404), summary="Read who coordinates")
def get_coordination(id: str, hub: TheHub, system: Acting, person: Person, response: Response) -> CoordinationOut:
    """With every appointment there has been: nothing is overwritten. Its ETag goes with every change of it."""
    out = coordination_out(step(hub, system, person, id, lambda case: case))
    tagged(response, out)
    return out


@router.post("/v1/plans/{id}/coordination/claims", responses=ANSWERS, summary="Claim the coordination")
def post_claim(told: ByPerson, on: Writing) -> CoordinationOut:
    """Where nobody coordinates. Of two at the same instant exactly one wins; the other is answered with who does."""
    return on.take(told.person, coordination.claim)


@router.post("/v1/plans/{id}/coordination/requests", responses=ANSWERS, summary="Ask a service to coordinate")
def post_request(told: ServiceIn, on: Writing, office: Controller) -> CoordinationOut:
    """It has five working days; its silence is the municipality's to decide on."""
    return on.take(told.person, lambda case: coordination.ask_service(case, told.service))


@router.post("/v1/plans/{id}/coordination/declines", responses=ANSWERS, summary="Decline the coordination")
def post_decline(told: Decided, on: Writing) -> CoordinationOut:
    """Of a service that coordinates or is asked to. Where nobody is left the municipality must decide."""
    return on.take(told.person, lambda case: coordination.decline(case, told.reason))


@router.post("/v1/plans/{id}/coordination/disputes", responses=ANSWERS, summary="Dispute who coordinates")
def post_dispute(told: Decided, on: Writing) -> CoordinationOut:
    """Structure waits, own measures flow, and the coordinating unit has a task. The statement is sealed."""
    return on.take(told.person, lambda case: coordination.dispute(case, told.reason))


@router.post("/v1/plans/{id}/coordination/decisions", responses=ANSWERS, summary="Decide who coordinates")
def post_decision(told: DecisionIn, on: Writing, office: Controller) -> CoordinationOut:
    """By the municipality's decision authority. What waits is released, or put to whoever coordinates now."""
    made = TheDecision(told.service, told.authority, told.since, told.reason)
    return on.take(told.person, lambda case: coordination.decide_coordination(case, made))


@router.post("/v1/plans/{id}/coordination/appointments", responses=ANSWERS, summary="Appoint a coordinator")
def post_appointment(told: AppointmentIn, on: Writing, office: Controller) -> CoordinationOut:
    """A municipal provider only; a child coordinator where the family wishes it, also before the birth, until 18."""
    named = told.model_dump(exclude={"person"})
    return on.take(told.person, lambda case: appointments.appoint(case, Appointment(**named)))


@router.post("/v1/plans/{id}/coordination/ends", responses=ANSWERS, summary="End an appointment")
def post_end(told: EndIn, on: Writing) -> CoordinationOut:
    """The next in the law's order coordinates; where there is none the municipality must decide."""
    return on.take(told.person, lambda case: appointments.end_mandate(case, told.post, told.why))


@router.post("/v1/plans/{id}/coordination/wishes", responses=ANSWERS, summary="Ask for a child coordinator")
def post_wish(told: ByPerson, on: Writing) -> CoordinationOut:
    """The family wishes one (pbrl. § 2-5 c): the coordinating unit has a task, answered by an appointment or a refusal
    that can be appealed."""
    return on.take(told.person, appointments.wish)


@router.get("/v1/plans/{id}/coordination/statements", responses=ANSWERS, summary="Read the parties' statements")
def get_statements(id: str, hub: TheHub, system: Controller, person: Person) -> list[StatementOut]:
    """For the municipality's own office, which decides; no service reads another's."""
    lines = step(hub, system, person, id, coordination.statements_of)
    return [StatementOut(at=one.at, service=one.service, person=one.who, words=one.words) for one in lines]


def coordination_out(case: Casework) -> CoordinationOut:
    """By ids and codes."""
    history = [MandateOut.model_validate(one, from_attributes=True) for one in case.facts.mandates]
    disputed = case.facts.responsibility.disputed
    return CoordinationOut(plan=case.plan.id, leads=case.leader, disputed=disputed, history=history)
