"""Register facts and consents: what a decision about a child is made on. Control scope only."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Header, Response
from pydantic import AwareDatetime, Field

from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.person_words import ChildFacts, Coordination, FactsOut, NecessityIn, facts_out, with_child
from hub.api.problems import Problem, documented
from hub.api.shapes import Code, Reference, Strict
from hub.model.consent import Consent
from hub.model.responsibility import Facts
from hub.ops import register
from hub.ops.enrol import change_facts, facts_of, plan_of

router = APIRouter(tags=["facts"])
IfMatch = Annotated[str | None, Header(description="the ETag that was read: 412 when the facts have changed since")]


class ConsentIn(Strict):
    """One person's answer (fvl. § 13 a nr. 1, hpl. § 22). Without receivers or categories it covers nothing."""

    child: Reference
    person: Reference = Field(description="who answered: an opaque id")
    giver: Literal["mother", "father", "child", "child_welfare", "pregnant_person", "other"]
    about: Reference | None = Field(None, description="whose information it opens; the child's unless it is said")
    answer: Literal["yes", "no", "none"] = "yes"
    receivers: list[Code] = Field(default_factory=list, examples=[["school", "ppt"]])
    categories: list[Code] = Field(default_factory=list, examples=[["education", "plan_goal"]])
    purposes: list[Code] = Field(default_factory=lambda: ["coordination"])
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = Field(None, description="half open: the first instant it no longer holds")
    form: Literal["written", "oral"] = "written"
    documented: bool = Field(False, description="an oral consent counts only when it is documented")
    informed: bool = True
    voluntary: bool = True
    background: bool = True
    kind: Literal["access", "plan_only"] = "access"

    def consent(self, id: str, municipality: str) -> Consent:
        told = self.model_dump(exclude={"about", "receivers", "categories", "purposes"})
        return Consent(
            id=id,
            municipality=municipality,
            about=self.about or self.child,
            receivers=frozenset(self.receivers),
            categories=frozenset(self.categories),
            purposes=frozenset(self.purposes),
            **told,
        )


class ConsentOut(ConsentIn):
    """A consent as it is kept."""

    id: Reference
    withdrawn_at: AwareDatetime | None = None


class Withdrawal(Strict):
    """When the consent was withdrawn; now, unless an earlier instant is said."""

    at: AwareDatetime | None = None


@router.get("/v1/persons/{child}", responses=documented(404), summary="Read the facts")
def get_person(child: str, hub: TheHub, system: Controller, response: Response) -> FactsOut:
    """Everything decided on for this child but its consents, with the version as ETag."""
    with hub.store.begin() as work:
        return _tagged(response, facts_of(work, desk(hub, system), child))


@router.put("/v1/persons/{child}", responses=documented(404, 412, 422), summary="Put the register facts")
def put_person(
    child: str, told: ChildFacts, hub: TheHub, system: Controller, response: Response, if_match: IfMatch = None
) -> FactsOut:
    """Replaces the register facts whole: what is left out is no longer known, and opens nothing."""
    with hub.store.begin() as work:
        version = _version(if_match)
        changed = change_facts(
            work, desk(hub, system), child, lambda now: with_child(now, told, hub.clock.now()), version=version
        )
    hub.facts_changed(child)
    return _tagged(response, changed)


@router.put("/v1/persons/{child}/necessities", responses=documented(404, 422), summary="Put documented necessities")
def put_necessities(
    child: str, told: list[NecessityIn], hub: TheHub, system: Controller, response: Response
) -> FactsOut:
    """Why services must share under a statute. Replaces the list."""
    rows = tuple(row.necessity_row() for row in told)
    with hub.store.begin() as work:
        changed = change_facts(work, desk(hub, system), child, lambda now: replace(now, necessities=rows))
    hub.facts_changed(child)
    return _tagged(response, changed)


@router.put("/v1/plans/{id}/coordination", responses=documented(404, 422), summary="Put who coordinates")
def put_coordination(id: str, told: Coordination, hub: TheHub, system: Controller, response: Response) -> FactsOut:
    """Goals, period and team change by the coordinator of record only; anyone else's edit becomes a proposal."""
    at = desk(hub, system)
    with hub.store.begin() as work:
        child = plan_of(work, at, id).child
        changed = change_facts(work, at, child, lambda now: replace(now, responsibility=told.responsibility()))
    hub.facts_changed(child)
    return _tagged(response, changed)


@router.post("/v1/consents", status_code=201, responses=documented(404, 422), summary="Record a consent")
def post_consent(told: ConsentIn, hub: TheHub, system: Controller) -> ConsentOut:
    """Holds from now on, or from `valid_from`; each dispatch asks anew."""
    consent = told.consent(uuid4().hex, system.municipality)
    with hub.store.begin() as work:
        recorded = register.record(work, desk(hub, system), consent)
    hub.facts_changed(consent.child)
    return _consent_out(recorded)


@router.get("/v1/persons/{child}/consents", responses=documented(404), summary="List a child's consents")
def get_consents(child: str, hub: TheHub, system: Controller) -> list[ConsentOut]:
    """Withdrawn ones too."""
    with hub.store.begin() as work:
        facts_of(work, desk(hub, system), child)
        return [_consent_out(consent) for consent in work.consents.of(child)]


@router.post(
    "/v1/consents/{id}/withdrawal", status_code=204, responses=documented(404, 422), summary="Withdraw a consent"
)
def post_withdrawal(id: str, hub: TheHub, system: Controller, told: Withdrawal | None = None) -> None:
    """Stops what is accepted and not yet sent, too: the dispatch decides again."""
    now = hub.clock.now()
    at = (told.at if told else None) or now
    if at > now:
        raise Problem("invalid_request", "a withdrawal cannot lie in the future: give the consent an end", place="at")
    with hub.store.begin() as work:
        register.withdraw(work, desk(hub, system), id, at)


def _consent_out(consent: Consent) -> ConsentOut:
    return ConsentOut.model_validate(consent, from_attributes=True)


def _tagged(response: Response, facts: Facts) -> FactsOut:
    response.headers["ETag"] = f'"{facts.version}"'
    return facts_out(facts)


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    tag = if_match.removeprefix("W/").strip('"')
    if not tag.isdigit():
        raise Problem("bad_header", "If-Match must hold the ETag that was read", place="If-Match")
    return int(tag)
