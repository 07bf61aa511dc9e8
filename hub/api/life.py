"""The life of a plan over HTTP: begun, people invited, approved, revised, closed; each step by who may take it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from hub.api.acting import Acting, Person, step
from hub.api.conditions import Condition, Seen, tagged
from hub.api.coordination import ByPerson
from hub.api.life_words import (
    KINDS,
    AnswerIn,
    ApprovalIn,
    BeginningIn,
    ClosingIn,
    CooperationIn,
    HandoverIn,
    InvitationIn,
    LifeOut,
    LineOut,
    MeetingIn,
    StartIn,
    WeighingIn,
    WordsIn,
    life_out,
)
from hub.api.needs import Hub, TheHub
from hub.api.problems import documented
from hub.model.service import System
from hub.ops import approval, creation, seats, together
from hub.ops.casework import Casework
from hub.ops.closing import close, in_turn, reopen, while_open
from hub.ops.officials import Barred

router = APIRouter(tags=["life of a plan"])
ANSWERS = documented(403, 404, 409, 412, 422, 428)
ADDED = documented(403, 404, 409, 422)
"""Of a step that only adds a line or a question: whatever stood before, it overwrites nothing that anybody has read."""


@dataclass(frozen=True, slots=True)
class _Living:
    """A step in a plan's life, for a caller who has seen how it stands."""

    plan: str
    hub: Hub
    system: System
    seen: Condition

    def happens(self, person: str, act: Callable[[Casework], Casework | Barred]) -> LifeOut:
        """While the plan is not closed."""
        return self.take(person, while_open(act))

    def take(self, person: str, act: Callable[[Casework], Casework | Barred]) -> LifeOut:
        def guarded(case: Casework) -> LifeOut | Barred:
            self.seen.hold(life_out(case))
            return _told(act(case))

        out = step(self.hub, self.system, person, self.plan, in_turn(guarded))
        self.seen.tag(out)
        return out


def _living(id: str, hub: TheHub, system: Acting, seen: Seen) -> _Living:
    return _Living(id, hub, system, seen)


Living = Annotated[_Living, Depends(_living)]


def adds(hub: Hub, system: System, person: str, id: str, act: Callable[[Casework], Casework | Barred]) -> LifeOut:
    """Something more about a plan that is not closed."""
    return step(hub, system, person, id, in_turn(lambda case: _told(while_open(act)(case))))


def _told(done: Casework | Barred) -> LifeOut | Barred:
    """How it then stands, read before the transaction is over."""
    return done if isinstance(done, Barred) else life_out(done)


@router.get("/v1/plans/{id}/life", responses=documented(403, 404), summary="Read a plan's life")
def get_life(id: str, hub: TheHub, system: Acting, person: Person, response: Response) -> LifeOut:
    """Who takes part, what is approved and until when, and what was called and closed. Its ETag goes with each step."""
    out = step(hub, system, person, id, life_out)
    tagged(response, out)
    return out


@router.post("/v1/plans/{id}/beginning", responses=ANSWERS, summary="Begin a plan")
def post_beginning(told: BeginningIn, on: Living) -> LifeOut:
    """With consent to the plan itself (CON-15), by a service that has the duty; nothing is merged before."""
    agreed = [creation.Agreed(**one.model_dump()) for one in told.agreed]
    return on.happens(told.person, lambda case: creation.begin(case, told.started_by, agreed))


@router.post("/v1/plans/{id}/stafettlogg", responses=ANSWERS, summary="Say that a relay log is open")
def post_stafettlogg(told: ByPerson, on: Living) -> LifeOut:
    """A plan begins once it has been handed over (COO-11)."""
    return on.happens(told.person, creation.keep_stafettlogg)


@router.post("/v1/plans/{id}/stafettlogg/handover", responses=ANSWERS, summary="Hand a relay log over")
def post_handover(told: HandoverIn, on: Living) -> LifeOut:
    """Its history is kept sealed beside the plan, and the log is closed."""
    history = [(one.at, one.words) for one in told.history]
    return on.happens(told.person, lambda case: creation.hand_over_stafettlogg(case, history, told.level))


@router.post("/v1/plans/{id}/invitations", responses=ANSWERS, summary="Invite a service")
def post_invitation(told: InvitationIn, on: Living) -> LifeOut:
    """To take part, perhaps from a later day. It has a task; an invitation carries no content."""
    return on.happens(told.person, lambda case: seats.invite(case, told.service, told.starts_on))


@router.post("/v1/plans/{id}/starts", responses=ANSWERS, summary="Set when a service starts")
def post_start(told: StartIn, on: Living) -> LifeOut:
    """Staggered starts (F-09): nothing is sent to it before its day. No day is now."""
    return on.happens(told.person, lambda case: seats.start(case, told.service, told.starts_on))


@router.post("/v1/plans/{id}/invitations/answer", responses=ANSWERS, summary="Answer an invitation")
def post_answer(told: AnswerIn, on: Living) -> LifeOut:
    """Of the caller's own service. The no of one who must take part waits for the coordinator (COO-10)."""
    return on.happens(told.person, lambda case: seats.answer(case, told.answer, told.reason))


@router.post("/v1/plans/{id}/invitations/weighing", responses=ANSWERS, summary="Weigh a service's no")
def post_weighing(told: WeighingIn, on: Living) -> LifeOut:
    """The coordinator excuses it, or asks again."""
    return on.happens(told.person, lambda case: seats.weigh(case, told.service, told.answer, told.reason))


@router.post("/v1/plans/{id}/participation", responses=ANSWERS, summary="Describe how the child took part")
def post_participation(told: WordsIn, on: Living) -> LifeOut:
    """Before a version is approved (COO-12). The words are sealed."""
    return on.happens(told.person, lambda case: approval.describe(case, told.words))


@router.post("/v1/plans/{id}/approvals", responses=ANSWERS, summary="Approve the plan as it stands")
def post_approval(told: ApprovalIn, on: Living) -> LifeOut:
    """With the family's agreement, until it is to be revised."""
    return on.happens(told.person, lambda case: approval.approve(case, told.agreed_by, told.revise_on))


@router.post("/v1/plans/{id}/meetings", responses=ANSWERS, summary="Call a meeting")
def post_meeting(told: MeetingIn, on: Living) -> LifeOut:
    """Each service called has a task (P-14). What the meeting is about stays in the plan."""
    return on.happens(told.person, lambda case: together.call_meeting(case, told.at, told.asked))


@router.post("/v1/plans/{id}/guidance", responses=ADDED, summary="Write down guidance given")
def post_guidance(id: str, told: WordsIn, hub: TheHub, system: Acting) -> LifeOut:
    """The family can read it (hol. § 7-2 a c, d)."""
    return adds(hub, system, told.person, id, lambda case: together.guide(case, told.words))


@router.post("/v1/plans/{id}/gaps", responses=ADDED, summary="Raise a gap")
def post_gap(id: str, told: WordsIn, hub: TheHub, system: Acting) -> LifeOut:
    """Something is missing (D-13): the coordinator must answer."""
    return adds(hub, system, told.person, id, lambda case: together.raise_gap(case, told.words))


@router.post("/v1/plans/{id}/cooperation", responses=ADDED, summary="Ask a service to cooperate")
def post_cooperation(id: str, told: CooperationIn, hub: TheHub, system: Acting) -> LifeOut:
    """Answered by a deadline, or it goes up (D-01)."""
    return adds(hub, system, told.person, id, lambda case: together.ask_to_cooperate(case, told.service, told.words))


@router.post("/v1/plans/{id}/closing", responses=ANSWERS, summary="Close a plan")
def post_closing(told: ClosingIn, on: Living) -> LifeOut:
    """Everybody at the table is told once; what comes later is refused with `plan_closed`. Safe to repeat."""
    return on.take(told.person, lambda case: close(case, told.why))


@router.post("/v1/plans/{id}/reopening", responses=ANSWERS, summary="Open a closed plan anew")
def post_reopening(told: ByPerson, on: Living) -> LifeOut:
    """By the coordinating unit, for a new need. Nothing is merged until it is begun again, with consent asked anew."""
    return on.take(told.person, reopen)


@router.get("/v1/plans/{id}/logbook", responses=ADDED, summary="Read lines of the logbook")
def get_logbook(
    id: str, hub: TheHub, system: Acting, person: Person, kind: Annotated[KINDS, Query(description="which lines")]
) -> list[LineOut]:
    """For whoever coordinates; guidance also by the office that shows it to the family.

    There is no line of a service that the reader may not know of (RED-02).
    """

    def read(case: Casework) -> list[LineOut] | Barred:
        lines = together.lines_of(case, kind)
        if isinstance(lines, Barred):
            return lines
        return [LineOut(at=one.at, service=one.service, person=one.who, words=one.words) for one in lines]

    return step(hub, system, person, id, read)
