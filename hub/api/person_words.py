"""Requests and answers about a child: what registers say, each fact with the paragraph it decides under."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from hub.api.shapes import Code, Municipality, Reference, Strict
from hub.model.person import Child, Guardian, Maturity
from hub.model.responsibility import Facts, Necessity, Responsibility


class GuardianIn(Strict):
    """A holder of parental responsibility (barnelova §§ 30, 34–37)."""

    person: Reference = Field(examples=["p-mother-07"])
    relation: Literal["mother", "father", "other"]


class MaturityIn(Strict):
    """Whether the child understands what the consent means: assessed by someone, never guessed (barnelova § 31)."""

    understands: bool
    assessor: Reference = Field(examples=["emp-12"])
    assessed_on: date
    question: Code = Field(examples=["share_with_ppt"])


class ChildFacts(Strict):
    """What the registers say. Leave out what is not known: a missing fact never opens anything."""

    birth_date: date | None = Field(None, description="decides who consents (pbrl. §§ 4-3, 4-4); never from a number")
    unborn: bool = Field(False, description="the plan's subject is the pregnant person until the birth")
    guardians: list[GuardianIn] = Field(default_factory=list, max_length=8)
    care_order: bool = Field(
        False, description="child welfare decides in the parents' place (pbrl. § 4-4, oppll. § 24-4, bhl. § 32)"
    )
    protection: Literal["none", "confidential", "strictly_confidential"] = Field(
        "none", description="address protection: kode 7 or kode 6 (folkeregisterloven § 10-4)"
    )
    residence: Municipality | None = Field(None, description="said where the child lives in another municipality")
    district: str | None = Field(
        None, pattern=r"^\d{6}$", description="the city district (bydel), where the municipality has declared any"
    )
    deceased: bool = False
    maturity: MaturityIn | None = None
    hearing: date | None = Field(None, description="when the child was informed and heard (pbrl. § 4-4, bvl. § 1-4)")
    authority_block: bool = Field(False, description="an authority keeps it confidential (sotjl. § 44, hol. § 12-1)")
    opposes_health_disclosure: bool = Field(False, description="the patient opposes disclosure (hpl. § 29)")
    withheld: list[Code] = Field(default_factory=list, description="categories hidden from the guardians (pbrl. § 3-4)")
    as_of: AwareDatetime | None = Field(
        None, description="when the register was asked, now unless it is said; too long ago, and everything waits"
    )

    def child(self, id: str, municipality: str, now: datetime | None) -> Child:
        """As the hub keeps it."""
        maturity = self.maturity
        return Child(
            id=id,
            municipality=municipality,
            birth_date=self.birth_date,
            unborn=self.unborn,
            guardians=tuple(Guardian(row.person, row.relation) for row in self.guardians),
            care_order=self.care_order,
            protection=self.protection,
            deceased=self.deceased,
            maturity=Maturity(**maturity.model_dump()) if maturity else None,
            hearing=self.hearing,
            authority_block=self.authority_block,
            opposes_health_disclosure=self.opposes_health_disclosure,
            withheld=frozenset(self.withheld),
            as_of=self.as_of or now,
            residence=self.residence,
            district=self.district,
        )


class NecessityIn(Strict):
    """A documented necessity: why a service must share, under a statute (fvl. § 13 b, hpl. § 25 and the like)."""

    sender: Code = Field(examples=["school"])
    receiver: Code = Field(examples=["ppt"])
    statute: Code = Field(examples=["fvl-13b-5"])
    categories: list[Code] = Field(min_length=1)
    necessity: Literal["sender", "receiver_only", "reporter", "public_interest"]
    decision: Reference | None = Field(None, description="reference of the documented decision")

    def necessity_row(self) -> Necessity:
        return Necessity(
            self.sender, self.receiver, self.statute, frozenset(self.categories), self.necessity, self.decision
        )


class Coordination(Strict):
    """Who coordinates, by *service*: barnekoordinator (hol. § 7-2 a), koordinator (§ 7-2), or the one agreed on."""

    child_coordinator: Code | None = Field(None, examples=["municipal_health"])
    family_wants_child_coordinator: bool = True
    coordinator: Code | None = Field(None, examples=["school"])
    main_responsible: Code | None = Field(None, description="the service agreed on")
    appointed: Code | None = Field(None, description="the service the municipality decided")
    disputed: bool = Field(False, description="services disagree: changes of structure are held")

    def responsibility(self) -> Responsibility:
        return Responsibility(**self.model_dump())


class FactsOut(Strict):
    """The facts as they stand; `version` is also the ETag."""

    child: Reference
    version: int
    facts: ChildFacts
    coordination: Coordination
    necessities: list[NecessityIn]


def facts_out(facts: Facts) -> FactsOut:
    """Ids, dates and codes; the number is never among them."""
    return FactsOut(
        child=facts.child.id,
        version=facts.version,
        facts=ChildFacts.model_validate(facts.child, from_attributes=True),
        coordination=Coordination.model_validate(facts.responsibility, from_attributes=True),
        necessities=[NecessityIn.model_validate(row, from_attributes=True) for row in facts.necessities],
    )


def with_child(facts: Facts, told: ChildFacts, now: datetime) -> Facts:
    """The facts with the child's own replaced whole: what is left out is no longer known."""
    return replace(facts, child=told.child(facts.child.id, facts.child.municipality, now))
