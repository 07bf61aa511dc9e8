"""Eksempelvik: three children who do not exist, what the registers say of them, and the systems of five sectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from hub.model.official import Official, Role
from hub.model.service import System
from hub.policy.question import PARTS
from hub.sandbox.population import Resident
from hub.sdk.counterpart import SyntheticChild
from hub.security.identifiers import synthetic_number

MUNICIPALITY = "9999"
ORGANISATION = "310000000"
SEND = frozenset({"langbenk:messages.write", "langbenk:mailbox.read"})

EVERYTHING = (
    *("plan_goal", "plan_measure", "education", "attendance", "sped", "adaptation", "health", "mental_health"),
    *("care_situation", "benefit", "economy", "employment", "identity", "birth_date", "programme"),
)
NOT_FOR_SCHOOL = frozenset({"mental_health", "care_situation", "benefit", "economy"})
"""Categories of information: all that the story tells of, and those that Nora's parents keep from the school."""

TOLD = {"received_by": "koordinator-1", "told": list(PARTS), "reference": "samtykkeskjema"}
"""What shows that the families' consents were given: everything was told, and a form was signed."""

SECTORS: dict[str, tuple[str, str, str]] = {
    "health": ("municipal_health", "health", "no.langbenk.health.v1.fhir-bundle"),
    "child_welfare": ("child_welfare", "child-welfare", "no.langbenk.plan.v1.document"),
    "school": ("school", "school", "no.langbenk.school.v1.support-plan"),
    "nav": ("nav_social", "nav", "no.langbenk.plan.v1.document"),
    "kindergarten": ("kindergarten", "kindergarten", "no.langbenk.kindergarten.v1.support-plan"),
}
"""Service, adapter and the kind of document each sector's system is sent."""

ROLES = {"mother": "mor", "father": "far"}
"""A parent's relation as the hub has it, and as the population register does."""

DECIDES = ("koordinator-1", "koordinator-2")
"""Two of the municipality's own office; together they may send what lacks a consent."""

AUTHORITY = "kommunedirektor-1"
"""Who decides for the municipality where it is unclear or disputed."""


@dataclass(frozen=True, slots=True)
class Life:
    """One child, its parents' numbers, and whether it understands what a consent means; None is not assessed."""

    child: SyntheticChild
    parents: Mapping[str, str]
    understands: bool | None = None

    def resident(self) -> Resident:
        """As the population register knows it."""
        holders = {number: ROLES[relation] for relation, number in self.parents.items()}
        return Resident(self.child.number, self.child.born, MUNICIPALITY, holders=holders)

    def observed(self, today: date) -> dict[str, Any]:
        """The body of `POST /v1/plans`, the child part: what no register says."""
        facts: dict[str, Any] = {"number": self.child.number, "hearing": today.isoformat()}
        if self.understands is not None:
            facts["maturity"] = {
                "understands": self.understands,
                "assessor": "helsesykepleier-1",
                "assessed_on": today.isoformat(),
                "question": "sharing_the_plan",
            }
        return facts


def lives(today: date) -> dict[str, Life]:
    """Nora is 8 and has compound needs, Ola is 4 and goes to kindergarten, Amir is 13 and has his own opinion."""
    return {
        "nora": _life(_child("nora", "Nora Eksempel", 8, today), understands=False),
        "ola": _life(_child("ola", "Ola Eksempel", 4, today)),
        "amir": _life(_child("amir", "Amir Eksempel", 13, today), understands=True),
    }


def systems(urls: dict[str, str]) -> list[System]:
    """One system a sector, and the municipality's control room. A sector with an address is pushed to."""
    sectors = [
        System(
            id=f"{name.replace('_', '-')}-1",
            municipality=MUNICIPALITY,
            service=service,
            adapter=adapter,
            client_id=str(uuid5(NAMESPACE_DNS, f"{name}.eksempelvik.example")),
            organisation=ORGANISATION,
            delivery="push" if name in urls else "mailbox",
            document=document,
            scopes=SEND,
            settings={"url": urls[name]} if name in urls else {},
        )
        for name, (service, adapter, document) in SECTORS.items()
    ]
    return [*sectors, control()]


def officials() -> list[Official]:
    """Who may decide what waits in Eksempelvik."""
    coordinates, decides = frozenset[Role]({"coordinator"}), frozenset[Role]({"decision_authority"})
    people = [Official(person, MUNICIPALITY, coordinates) for person in DECIDES]
    return [*people, Official(AUTHORITY, MUNICIPALITY, decides)]


def control() -> System:
    """The municipality's own control room, at the coordinating unit (*koordinerende enhet*)."""
    return System(
        id="control-room",
        municipality=MUNICIPALITY,
        service="coordinating_unit",
        adapter="",
        client_id=str(uuid5(NAMESPACE_DNS, "control.eksempelvik.example")),
        organisation=ORGANISATION,
        scopes=frozenset({"langbenk:control"}),
    )


def _child(id: str, name: str, age: int, today: date) -> SyntheticChild:
    born = date(today.year - age, 1, 10 + age)
    return SyntheticChild(id, name, _number(born), born)


def _life(child: SyntheticChild, understands: bool | None = None) -> Life:
    """Both parents hold parental responsibility; they were born the same day, many years before."""
    mother, father = (_number(child.born.replace(year=child.born.year - years)) for years in (31, 33))
    return Life(child, {"mother": mother, "father": father}, understands)


def _number(born: date) -> str:
    serials = iter(range(100 if born.year < 2000 else 501, 999))
    return next(found for serial in serials if (found := synthetic_number(born, serial)))
