"""What waits for a human: holds are released or refused, each with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hub.errors import UnusableError
from hub.model.responsibility import Facts, Release
from hub.ops.enrol import Desk, facts_of
from hub.ops.waits import end_wait
from hub.policy import STALE
from hub.ports import Hold, Work


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision: who (an opaque id), why, and for a release the findings it answers (rule ids)."""

    person: str
    reason: str
    finding: str = ""


def list_holds(work: Work, desk: Desk, plan: str | None = None) -> Sequence[Hold]:
    """Open holds of the municipality, or of one plan."""
    return work.holds.open(desk.municipality, None if plan is None else [plan])


def release(work: Work, desk: Desk, id: str, judgement: Judgement) -> Hold:
    """Keeps the release as a fact, for this element, content and receiver only. Sending it is routing's.

    Asking again for a hold the same person released gives the same hold, so that a caller may safely retry.
    """
    hold = _hold(work, desk, id)
    if hold.state == "released" and hold.decided_by == judgement.person:
        return hold
    if STALE in hold.rules:
        way_out = "ask the register again, or put what it says: the hold then ends by itself"
        raise UnusableError("wrong_finding", "a person cannot answer for a register", place="finding", way_out=way_out)
    if not set(hold.rules) <= set(judgement.finding.replace(",", " ").split()):
        way_out = f"name each rule the hold was made by: {', '.join(hold.rules)}"
        raise UnusableError("wrong_finding", "the release does not answer every rule", place="finding", way_out=way_out)
    decided = _decided(work, desk, hold, "released", judgement)
    if hold.receiver and hold.child and hold.element and hold.digest:
        facts = facts_of(work, desk, hold.child, lock=True)
        work.persons.change(_with_release(facts, hold, judgement, desk))
    return decided


def refuse(work: Work, desk: Desk, id: str, judgement: Judgement) -> Hold:
    """The element stays where it is; a changed element makes a new hold."""
    hold = _hold(work, desk, id)
    if hold.state == "refused" and hold.decided_by == judgement.person:
        return hold
    return _decided(work, desk, hold, "refused", judgement)


def _hold(work: Work, desk: Desk, id: str) -> Hold:
    hold = work.holds.find(desk.municipality, id)
    if hold is None:
        raise UnusableError("not_found", "there is no such hold in this municipality", place="hold")
    return hold


def _decided(work: Work, desk: Desk, hold: Hold, state: Literal["released", "refused"], judgement: Judgement) -> Hold:
    must_be_open(hold.state)
    decided = replace(
        hold,
        state=state,
        decided_by=judgement.person,
        reason=judgement.reason,
        decided_at=desk.clock.now(),
    )
    work.holds.decide([decided])
    end_wait(work, desk, decided)
    detail = {"receiver": hold.receiver, "person": judgement.person, "finding": judgement.finding}
    desk.note(work, f"hold.{state}", hold.id, **detail)
    return decided


def _with_release(facts: Facts, hold: Hold, judgement: Judgement, desk: Desk) -> Facts:
    element, digest = hold.element or "", hold.digest or ""
    made = Release(
        element, digest, hold.receiver, judgement.person, judgement.reason, judgement.finding, desk.clock.now()
    )
    return replace(facts, releases={**facts.releases, (element, digest, hold.receiver): made})


def must_be_open(state: str) -> None:
    """What is decided stays decided; `already_decided` says how."""
    if state != "open":
        raise UnusableError("already_decided", f"it is {state}", way_out="read it again")
