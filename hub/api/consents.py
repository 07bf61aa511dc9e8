"""The consent register over HTTP: an answer recorded in one call, documented, withdrawn; listed with its history."""

from __future__ import annotations

from fastapi import APIRouter

from hub.api.consent_words import (
    ConsentIn,
    ConsentOut,
    Documentation,
    Happened,
    WaitingOut,
    Withdrawal,
    consent_out,
    waiting_out,
)
from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.problems import documented
from hub.model.envelope import fresh_id
from hub.ops import consents_waiting, register

router = APIRouter(tags=["consents"])


@router.post("/v1/consents", status_code=201, responses=documented(404, 422), summary="Record a consent")
def post_consent(told: ConsentIn, hub: TheHub, system: Controller) -> ConsentOut:
    """Holds from now on, or from `valid_from`; each dispatch asks anew. Oral consent is this one call."""
    with hub.store.begin() as work:
        consent = told.consent(fresh_id(), system.municipality, hub.clock.now())
        recorded = register.record(work, desk(hub, system), consent)
    hub.facts_changed(recorded.child)
    return consent_out(recorded)


@router.get("/v1/persons/{child}/consents", responses=documented(404), summary="List a child's consents")
def get_consents(child: str, hub: TheHub, system: Controller) -> list[ConsentOut]:
    """Withdrawn ones too, each with its history: nothing is overwritten."""
    with hub.store.begin() as work:
        found = register.listed(work, desk(hub, system), child)
    return [
        consent_out(one).model_copy(
            update={"history": [Happened(at=e.at, what=e.action, by=e.actor, detail=dict(e.detail)) for e in entries]}
        )
        for one, entries in found
    ]


@router.get("/v1/consents/waiting", responses=documented(), summary="List what of consent waits for a person")
def get_waiting(hub: TheHub, system: Controller) -> list[WaitingOut]:
    """Questions without an answer, and consents that nothing shows yet; the longest wait first."""
    with hub.store.begin() as work:
        return [waiting_out(one) for one in consents_waiting.waiting(work, desk(hub, system))]


@router.post("/v1/consents/{id}/documentation", responses=documented(404, 409, 422), summary="Document a consent")
def post_documentation(id: str, told: Documentation, hub: TheHub, system: Controller) -> ConsentOut:
    """Who received it, when, and what was told. Until all that matters was, what it covers is held (CON-03, CON-05)."""
    with hub.store.begin() as work:
        kept = register.document(work, desk(hub, system), id, told.evidence(hub.clock.now()))
    hub.facts_changed(kept.child)
    return consent_out(kept)


@router.post(
    "/v1/consents/{id}/withdrawal", status_code=204, responses=documented(404, 422), summary="Withdraw a consent"
)
def post_withdrawal(id: str, hub: TheHub, system: Controller, told: Withdrawal | None = None) -> None:
    """Stops what is accepted and not yet sent, too: the dispatch decides again. What was sent before stays sent."""
    at, person = (told.at, told.person) if told else (None, None)
    with hub.store.begin() as work:
        withdrawn = register.withdraw(work, desk(hub, system), id, at or hub.clock.now(), person)
    hub.facts_changed(withdrawn.child)
