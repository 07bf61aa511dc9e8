"""An ear in the town: whatever the hub says of a marked child, at any door, is written down."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hub.model.service import System
from hub.policy.question import PARTS
from tests.journeys.marks import MARKS, Heard
from tests.journeys.systems import HOME, SYSTEMS, TWO, support_plan
from tests.journeys.town import Town

CONTROL = System(
    "control-room", HOME, "coordinating_unit", "", "client-control", "310000000",
    scopes=frozenset({"langbenk:control"}),
)  # fmt: skip
SCHOOL, NURSERY, HEALTH = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["health"]
CHILD_WELFARE, NAV = SYSTEMS["child_welfare"], SYSTEMS["nav"]
CASE = "no.ssb.barnevern.fagsystem.v1.innrapportering"
KEYS = {
    SCHOOL.id: MARKS["school's key"],
    NURSERY.id: MARKS["nursery's key"],
    HEALTH.id: MARKS["health's key"],
    CHILD_WELFARE.id: MARKS["child welfare's key"],
    NAV.id: MARKS["nav's key"],
}
SERVICES = ["school", "kindergarten", "municipal_health", "child_welfare", "nav_social"]
AGREED = [
    "plan_goal",
    "plan_measure",
    "education",
    "wellbeing",
    "attendance",
    "identity",
    "birth_date",
    "care_situation",
]
HIDDEN = {"name": MARKS["hidden child's name"], "number": MARKS["hidden child's number"]}


@dataclass
class Ear:
    """Listens to everything the town says. What a system is sent about a child is no talk, and not listened to."""

    town: Town
    spans: InMemorySpanExporter
    lines: io.StringIO
    heard: Heard = field(default_factory=Heard)
    plans: dict[str, str] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)

    def control(self, method: str, path: str, body: Any = None, *, quiet: bool = False, seen: str = "") -> Any:
        headers = {"Langbenk-Person": TWO[0], **({"If-Match": seen} if seen else {})}
        answer = self.town.call(CONTROL, method, path, json=body, headers=headers)
        if not quiet or answer.status_code >= 400:
            self.note(answer, f"{method} {path.split('?')[0]}")
        return answer.json() if answer.content else None

    def send(self, by: System, body: Any, kind: str = "", media: str = "application/json", **headers: str) -> Any:
        """Sends a document and waits until it is no longer pending; gives the receipt, or the problem."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        answer = self.town.post(by, raw, kind, media, headers={k.replace("_", "-"): v for k, v in headers.items()})
        self.note(answer, f"the answer to {kind or by.document}")
        if answer.status_code == 202:
            self.town.settled(by, answer)
            self.receipts.append(answer.json()["id"])
            self.note(self.town.call(by, "GET", answer.headers["Location"]), "a receipt")
        return answer.json()

    def note(self, answer: httpx.Response, where: str) -> None:
        self.heard.note(where, answer.text)
        self.heard.note(f"headers of {where}", str(answer.headers.raw))

    def listen(self) -> list[str]:
        """All that was said up to now."""
        self.heard.note("a log line", self.lines.getvalue())
        for span in self.spans.get_finished_spans():
            self.heard.note(f"the span {span.name}", span.to_json())
        self.heard.note("the metrics", self.town.call(None, "GET", "/metrics").text)
        return self.heard.leaks()


def enrol(ear: Ear, name: str, number: str, born: str, **facts: Any) -> str:
    """Over HTTP, as a municipality does it; both guardians agree to some of it for all, and not to health."""
    guardians = [{"person": f"p-{who}", "relation": who} for who in ("mother", "father")]
    maturity = {"understands": False, "assessor": "emp-3", "assessed_on": "2026-08-10", "question": "sharing"}
    child = {"number": number, "birth_date": born, "guardians": guardians, "hearing": "2026-08-10"}
    child |= {"maturity": maturity, **facts}
    plan = ear.control("POST", "/v1/plans", {"child": child, "coordination": {"coordinator": "kindergarten"}})
    ear.plans[name] = plan["id"]
    agreed = [{"person": f"p-{who}", "reference": "form-1"} for who in ("mother", "father")]
    beginning = {"person": "coordinator-1", "started_by": "municipal_health", "agreed": agreed}
    ear.control("POST", f"/v1/plans/{plan['id']}/beginning", beginning, seen="*")
    for id, key in KEYS.items():
        suffix = "" if name == "marked" else "-2"
        ear.control("PUT", f"/v1/plans/{plan['id']}/links/{id}", {"key": {"value": key + suffix}}, seen="*")
    return str(plan["child"])


def agree(ear: Ear, child: str, categories: list[str], **terms: Any) -> list[str]:
    ids = []
    for giver in ("mother", "father"):
        consent = {"child": child, "person": f"p-{giver}", "giver": giver, "categories": categories}
        consent["evidence"] = {"received_by": "emp-3", "told": list(PARTS)}
        ids.append(ear.control("POST", "/v1/consents", consent | {"receivers": SERVICES, **terms})["id"])
    return ids


def log_of(name: str = "marked", **more: Any) -> dict[str, Any]:
    """A school's document in which everything is marked that a person may write."""
    suffix = "" if name == "marked" else "-2"
    words, who = f"{MARKS['own words']} og {MARKS['diagnosis']}", MARKS["guardian"]
    return {
        **support_plan(MARKS["school's key"] + suffix),
        "title": f"Stafettlogg {MARKS['first name']}",
        "participation": words,
        "concerns": [{"id": MARKS["own words"], "topic": MARKS["diagnosis"], "title": words, "status": "active"}],
        "goals": [{"id": "g1", "topic": "wellbeing", "title": words, "text": words, "status": "active"}],
        "measures": [
            {"id": "m1", "topic": "education", "title": words, "text": words, "responsible": who, "status": "active"},
            {"id": f"m-{MARKS['first name']}", "topic": "mental_health", "title": words, "status": "active"},
        ],
        "participants": [
            {"id": "p1", "name": who, "role": "guardian", "unit": MARKS["address"], "phone": MARKS["telephone"],
             "email": MARKS["e-mail"]},
        ],
        "childVoice": [{"id": "v1", "title": words, "words": words, "date": "2026-08-12", "how": "conversation"}],
        MARKS["a key of the document's"]: words,
        **more,
    }  # fmt: skip
