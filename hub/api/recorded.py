"""What a person has recorded of a child, one fact at a time: who decided it is kept beside it in the audit chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.api.door import Controller
from hub.api.needs import Hub, TheHub, desk
from hub.api.person_words import FactsOut, MaturityIn, facts_out
from hub.api.problems import documented
from hub.api.shapes import Code, Reference, Strict
from hub.model.person import Child, Maturity
from hub.model.service import System
from hub.ops.enrol import change_facts, history

router = APIRouter(tags=["facts"])


class Recorded(Strict):
    """Who says so, and where the decision is kept."""

    person: Reference = Field(examples=["emp-12"], description="who decided or wrote it down: an opaque staff id")
    decision: Reference | None = Field(None, examples=["sak-2026-117"], description="reference of what was decided")


class HearingIn(Recorded):
    """The child was informed and heard before sharing (pbrl. § 4-4, bvl. § 1-4)."""

    on: date


class InForce(Recorded):
    """Whether it is in force now."""

    in_force: bool = True


class WithheldIn(Recorded):
    """Categories hidden from the guardians' view (pbrl. § 3-4). Replaces the list; empty hides nothing."""

    categories: list[Code] = Field(examples=[["sexual_health"]])


class HistoryOut(BaseModel):
    """One change: when, by which system, which facts. Codes and ids; never a value."""

    at: datetime
    actor: str
    action: str = Field(examples=["facts.changed"])
    detail: dict[str, Any] = Field(examples=[{"version": 4, "changed": ["care_order"]}])


@router.put("/v1/persons/{child}/maturity", responses=documented(404, 422), summary="Put an assessment of maturity")
def put_maturity(child: str, told: MaturityIn, hub: TheHub, system: Controller) -> FactsOut:
    """Who assessed, when, and which question. Without one, a child under 15 is not taken to understand."""
    made = Maturity(**told.model_dump())
    detail = {"person": told.assessor, "question": told.question}
    return _record(hub, system, child, ("maturity.assessed", detail), lambda now: replace(now, maturity=made))


@router.delete("/v1/persons/{child}/maturity", responses=documented(404), summary="Take an assessment away")
def delete_maturity(child: str, hub: TheHub, system: Controller) -> FactsOut:
    """The child counts as not assessed."""
    return _record(hub, system, child, ("maturity.removed", {}), lambda now: replace(now, maturity=None))


@router.put("/v1/persons/{child}/hearing", responses=documented(404, 422), summary="Put that the child was heard")
def put_hearing(child: str, told: HearingIn, hub: TheHub, system: Controller) -> FactsOut:
    """Counts from that day on."""
    return _record(hub, system, child, ("child.heard", _who(told)), lambda now: replace(now, hearing=told.on))


@router.delete("/v1/persons/{child}/hearing", responses=documented(404), summary="Take the hearing away")
def delete_hearing(child: str, hub: TheHub, system: Controller) -> FactsOut:
    """The child must be heard anew before others decide on sharing."""
    return _record(hub, system, child, ("hearing.removed", {}), lambda now: replace(now, hearing=None))


@router.put("/v1/persons/{child}/care-order", responses=documented(404, 422), summary="Put or lift a care order")
def put_care_order(child: str, told: InForce, hub: TheHub, system: Controller) -> FactsOut:
    """While it is in force child welfare decides in the parents' place, and their yes or no counts for nothing."""
    return _record(
        hub, system, child, ("care_order.put", _who(told)), lambda now: replace(now, care_order=told.in_force)
    )


@router.put("/v1/persons/{child}/authority-block", responses=documented(404, 422), summary="Put or lift a block")
def put_authority_block(child: str, told: InForce, hub: TheHub, system: Controller) -> FactsOut:
    """While it is in force no consent opens what an authority keeps confidential (sotjl. § 44, hol. § 12-1)."""
    return _record(
        hub, system, child, ("authority_block.put", _who(told)), lambda now: replace(now, authority_block=told.in_force)
    )


@router.put("/v1/persons/{child}/opposition", responses=documented(404, 422), summary="Put or lift an opposition")
def put_opposition(child: str, told: InForce, hub: TheHub, system: Controller) -> FactsOut:
    """The patient opposes that health personnel tell each other (hpl. § 29)."""
    return _record(
        hub,
        system,
        child,
        ("opposition.put", _who(told)),
        lambda now: replace(now, opposes_health_disclosure=told.in_force),
    )


@router.put("/v1/persons/{child}/withheld", responses=documented(404, 422), summary="Put what guardians may not see")
def put_withheld(child: str, told: WithheldIn, hub: TheHub, system: Controller) -> FactsOut:
    """What is hidden from the guardians' view."""
    hidden = frozenset(told.categories)
    return _record(hub, system, child, ("withheld.put", _who(told)), lambda now: replace(now, withheld=hidden))


@router.get("/v1/persons/{child}/history", responses=documented(404), summary="Read who changed what is known")
def get_history(child: str, hub: TheHub, system: Controller) -> list[HistoryOut]:
    """From the audit chain, oldest first."""
    with hub.store.begin() as work:
        lines = history(work, desk(hub, system), child)
    return [HistoryOut(at=each.at, actor=each.actor, action=each.action, detail=dict(each.detail)) for each in lines]


def _who(told: Recorded) -> Mapping[str, object]:
    """For the audit chain: who, on which decision, and whether it is in force; never what was said."""
    return told.model_dump(include={"person", "decision", "in_force"}, exclude_none=True)


def _record(
    hub: Hub, system: System, child: str, line: tuple[str, Mapping[str, object]], change: Callable[[Child], Child]
) -> FactsOut:
    """Changes one fact under the child's lock, with a line of its own, and looks again at what waits."""
    at, (action, detail) = desk(hub, system), line
    with hub.store.begin() as work:
        changed = change_facts(work, at, child, lambda now: replace(now, child=change(now.child)))
        at.note(work, action, child, **detail)
    hub.facts_changed(child)
    return facts_out(changed)
