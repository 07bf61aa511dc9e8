"""The home municipality's systems, one of each sector, and documents of school and kindergarten, as small as can be."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from hub.model.consent import Consent
from hub.model.official import Official
from hub.model.service import System

HOME = "9999"
SEND = frozenset({"langbenk:messages.write", "langbenk:mailbox.read"})
SCHOOL_PLAN = "no.langbenk.school.v1.support-plan"
NURSERY_PLAN = "no.langbenk.kindergarten.v1.support-plan"
PLAN_DOCUMENT = "no.langbenk.plan.v1.document"
BUNDLE = "no.langbenk.health.v1.fhir-bundle"
EVERYTHING = frozenset(
    {
        "plan_goal", "plan_measure", "education", "health", "mental_health", "care_situation", "economy", "benefit",
        "employment", "adaptation", "attendance", "sped", "identity", "birth_date", "address", "programme", "wellbeing",
    }
)  # fmt: skip


def system(id: str, service: str, adapter: str, document: str, **more: Any) -> System:
    """A registered system of the home municipality."""
    return System(id, HOME, service, adapter, f"client-{id}", "310000000", document=document, scopes=SEND, **more)


SYSTEMS = {
    "school": system("school-1", "school", "school", SCHOOL_PLAN),
    "kindergarten": system("kindergarten-1", "kindergarten", "kindergarten", NURSERY_PLAN),
    "child_welfare": system("child-welfare-1", "child_welfare", "child-welfare", PLAN_DOCUMENT),
    "nav": system("nav-1", "nav_social", "nav", PLAN_DOCUMENT),
    "health": system("health-1", "municipal_health", "health", BUNDLE),
}

TWO = ("coordinator-1", "coordinator-2")
PEOPLE = [
    *(Official(person, HOME, frozenset({"coordinator", "address_handler", "health_personnel"})) for person in TWO),
    Official("authority-1", HOME, frozenset({"decision_authority"})),
]
"""Those of the municipality's own office who may decide whatever waits; `TWO` of them agree to most things."""


def agreed(child: str, person: str, giver: str, **terms: Any) -> Consent:
    """One person's consent; to every service at the table and to everything, unless its terms say else."""
    said: dict[str, Any] = {
        "id": uuid4().hex,
        "child": child,
        "person": person,
        "giver": giver,
        "about": child,
        "answer": "yes",
        "receivers": frozenset(each.service for each in SYSTEMS.values()),
        "categories": EVERYTHING,
        "purposes": frozenset({"coordination"}),
        "municipality": HOME,
        "documented": True,
    }
    return Consent(**said | terms)


def support_plan(pupil: str, **parts: Any) -> dict[str, Any]:
    """A school's document about one pupil, as small as it may be."""
    return {"schema": SCHOOL_PLAN, "pupil": {"id": pupil}, **parts}


def nursery_plan(child: str, **parts: Any) -> dict[str, Any]:
    """The same of a kindergarten."""
    return {"schema": NURSERY_PLAN, "child": {"id": child}, **parts}


def measure(id: str, title: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "title": title, "status": "active", **more}
