"""The municipality's office in the story: enrols the children, seats the systems, records what families answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from hub.sandbox.people import AUTHORITY, DECIDES, TOLD, Life
from hub.sandbox.stage import Actor, Stage

REGISTERED = ("birth_date", "guardians", "protection")
"""What the population register is asked for here, in the API's words."""


class Office:
    """Calls the API as the control room does. `children`, `plans` and `consents` are ids by the story's own names."""

    def __init__(self, stage: Stage, people: dict[str, Life], today: date) -> None:
        self._stage, self._people, self._today = stage, people, today
        self.children: dict[str, str] = {}
        self.plans: dict[str, str] = {}
        self.consents: dict[tuple[str, str], str] = {}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the control room's."""
        return self._stage.control.ask(method, path, body)

    def enrol(self, name: str) -> None:
        """By number: who the parents are and when the child was born is the register's to say."""
        life, post = self._people[name], "main_responsible" if name == "ola" else "child_coordinator"
        told = {"child": life.observed(self._today), "coordination": {post: "municipal_health"}}
        plan = self.ask("POST", "/v1/plans", told)
        self.children[name], self.plans[name] = plan["child"], plan["id"]

    def look_up(self, name: str) -> tuple[str, ...]:
        """Asks the population register now; gives what it has confirmed."""
        facts = self.ask("POST", f"/v1/persons/{self.children[name]}/confirmation")["facts"]
        return tuple(each for each in REGISTERED if facts.get(each))

    def person(self, name: str, giver: str) -> str:
        """Whom a consent names: the child itself, or a parent by the id that the register's answers use."""
        if giver == "child":
            return self.children[name]
        number = self._people[name].parents[giver]
        return str(self.ask("POST", "/v1/persons/reference", {"number": number})["person"])

    def begin(self, name: str) -> None:
        """The family agrees to the plan itself, the child too where it understands; before, it is empty (CON-15)."""
        givers = [*self._people[name].parents, *(["child"] if self._people[name].understands else [])]
        agreed = [{"person": self.person(name, each), "reference": TOLD["reference"]} for each in givers]
        told = {"person": DECIDES[0], "started_by": "municipal_health", "agreed": agreed}
        self.ask("POST", f"/v1/plans/{self.plans[name]}/beginning", told)

    def decide(self, name: str, service: str, reason: str) -> None:
        """The municipality decides which of its services coordinates (COO-04)."""
        told = {"person": AUTHORITY, "service": service, "authority": "sak-2026-117", "reason": reason}
        self.ask("POST", f"/v1/plans/{self.plans[name]}/coordination/decisions", told)

    def seat(self, actor: Actor, name: str, about: str | None = None) -> None:
        """At the child's table, under the key that system itself has for it."""
        key = _stand_in(actor).key(name)
        body: dict[str, Any] = {"key": {"kind": key.kind, "value": key.value}}
        if about:
            body["about"] = about
        self.ask("PUT", f"/v1/plans/{self.plans[name]}/links/{actor.system.id}", body)

    def consent(self, name: str, giver: str, receivers: list[str], categories: list[str], **terms: str) -> None:
        """One person's answer, on the form the municipality uses."""
        said = {
            "child": self.children[name], "person": self.person(name, giver), "giver": giver,
            "receivers": receivers, "categories": categories, "evidence": TOLD, **terms,
        }  # fmt: skip
        given = self.ask("POST", "/v1/consents", said)
        self.consents.setdefault((name, giver), given["id"])


def _stand_in(actor: Actor) -> Any:
    return actor.counterpart
