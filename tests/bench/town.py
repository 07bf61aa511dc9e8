"""A town for benchmarks: one school that sends, four systems that receive, and as many children as are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson

from hub.bootstrap import Hub
from hub.model.change import ChildKey
from hub.model.consent import Consent
from hub.model.life import Life
from hub.model.person import Child, Guardian, Maturity
from hub.model.plan import Plan
from hub.model.responsibility import Facts, Responsibility
from hub.model.service import System
from hub.ports import Link

HOME = "9999"
KIND = "no.langbenk.school.v1.support-plan"
CATEGORIES = frozenset({"plan_goal", "plan_measure", "education", "attendance", "sped", "adaptation", "identity"})


def _system(id: str, service: str, adapter: str, document: str, **more: Any) -> System:
    return System(id, HOME, service, adapter, f"client-{id}", "310000000", document=document, **more)


SENDER = _system("school-1", "school", "school", KIND, account="00000000-0000-4000-8000-000000000001")
RECEIVERS = (
    _system("ppt-1", "ppt", "school", KIND),
    _system("after-school-1", "after_school", "school", KIND),
    _system("school-2", "other_school", "school", KIND),
    _system("kindergarten-1", "kindergarten", "kindergarten", "no.langbenk.kindergarten.v1.support-plan"),
)


def build_town(hub: Hub, children: int) -> list[str]:
    """Registers everything; gives the pupils' keys at the sending school."""
    now = hub.clock.now()
    with hub.store.begin() as work:
        work.directory.put([SENDER, *RECEIVERS])
    for start in range(0, children, 200):
        with hub.store.begin() as work:
            for number in range(start, min(children, start + 200)):
                _settle(work, number, now)
    return [f"pupil-{number}" for number in range(children)]


def _settle(work: Any, number: int, now: Any) -> None:
    id = f"child-{number}"
    child = Child(
        id,
        HOME,
        birth_date=date(now.year - 9, 1, 2),
        guardians=(Guardian(f"{id}-m", "mother"), Guardian(f"{id}-f", "father")),
        maturity=Maturity(False, "nurse", now.date(), "sharing"),
        hearing=now.date(),
        as_of=now,
    )
    led = Responsibility(child_coordinator="school")
    work.persons.add(Facts(child, responsibility=led, life=Life(begun=now)), None)
    plan = f"plan-{number}"
    work.plans.add([(Plan(plan, HOME, id), None)])
    for system in (SENDER, *RECEIVERS):
        work.links.put(Link(HOME, system.id, plan, id, ChildKey("own", f"pupil-{number}"), id))
    work.consents.add([_consent(number, id, giver) for giver in ("mother", "father")])
    work.looks.done(plan, work.looks.asked(plan), None)  # nobody has said anything: no look is owed in the flow


def _consent(number: int, child: str, giver: Any) -> Consent:
    return Consent(
        f"consent-{number}-{giver}",
        child,
        f"{child}-{giver[0]}",
        giver,
        child,
        "yes",
        frozenset(each.service for each in RECEIVERS),
        CATEGORIES,
        frozenset({"coordination"}),
        HOME,
        documented=True,
    )


def document(pupil: str, turn: int) -> bytes:
    """About 4 kB: fifteen fields and five items; each turn changes one measure."""
    note = "Avtalt i møte med elev og foresatte. " * 8
    return orjson.dumps(
        {
            "schema": KIND,
            "pupil": {"id": pupil},
            "title": "Stafettlogg",
            "status": "active",
            "language": "nb",
            "period": {"from": "2026-08-17", "to": "2027-06-18"},
            "nextEvaluation": "2026-12-01",
            "communication": "ASK",
            "goals": [
                {"id": "g1", "title": "Trygg på skolen", "status": "active", "from": "2026-08-17", "due": "2026-12-01"}
            ],
            "measures": [
                {
                    "id": f"m{place}",
                    "topic": "attendance",
                    "title": f"Tiltak {place}, uke {turn if place == 1 else 0}",
                    "status": "active",
                    "text": note * 2,
                    "responsible": "Kontaktlærer",
                    "from": "2026-08-17",
                    "due": "2026-12-01",
                    "extent": "to ganger i uken",
                }
                for place in range(1, 5)
            ],
        }
    )


def sizes(pupils: Sequence[str]) -> int:
    """Bytes of one document."""
    return len(document(pupils[0], 1))
