"""One directed message, decided whole: what may leave of it, for whom, and from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal

import orjson

from hub.errors import UnusableError
from hub.model.envelope import DeliveryState, fresh_id
from hub.model.responsibility import Facts
from hub.model.service import PROVIDER, System
from hub.policy import STALE, Decision, Message, decide, directed, is_urgent, service_names
from hub.policy.relation import is_secret_relation
from hub.ports import DecisionRow, Delivery, Hold, Part
from hub.routing.catalogue import Catalogue, outbound
from hub.routing.hidden import opaque
from hub.routing.unnamed import tells_of_a_service
from hub.routing.waits import asked_of
from hub.sdk import ChildKey, Document
from hub.sdk.directed import (
    REPORT,
    chosen,
    describe,
    has_labels,
    is_report,
    keep,
    labels_of,
    readdress,
    signed,
    untitled,
    without_location,
)

STATES: Mapping[str, DeliveryState] = {
    "forward": "waiting",
    "forward_redacted": "waiting",
    "hold": "held",
    "deny": "denied",
}


@dataclass(frozen=True, slots=True)
class Directed:
    """One directed part, decided: what may leave of it, for whom, and why."""

    part: Part
    system: System
    decision: Decision
    document: Document
    sender: str
    """The service that sent it."""
    released: bool = False
    """A person has released this very message to this receiver: answers a hold, never a denial."""

    @property
    def nameless(self) -> bool:
        """Whether the receiver may not learn who sent it, or where that is: no word of the sender's own goes along."""
        return not {"ADR-01", "RED-02"}.isdisjoint(self.decision.rules) and not is_report(self.part.kind)

    @property
    def author(self) -> Mapping[str, Any]:
        """Who it is from, as the receiver may know it: a service by name, or a municipal provider by an opaque id."""
        if "RED-02" not in self.decision.rules:
            return {"service": self.sender, "name": service_names(self.sender)}
        id = opaque(self.part.child or self.part.id, self.system.id)
        return {"service": PROVIDER, "name": service_names(PROVIDER), "id": id}

    @property
    def state(self) -> DeliveryState:
        state = STATES[self.decision.outcome]
        return "waiting" if state == "held" and self.released and STALE not in self.decision.rules else state

    def row(self, delivery: Delivery, stage: Literal["forward", "dispatch"], now: datetime) -> DecisionRow:
        """The decision as it is kept."""
        return DecisionRow(
            fresh_id(),
            self.part.municipality,
            self.part.child,
            None,
            self.part.id,
            delivery.id,
            self.system.id,
            stage,
            self.decision.outcome,
            now,
            self.decision.canonical(),
            self.decision.hash(),
        )

    def cut(self, key: ChildKey | None) -> bytes:
        """What is left of the message, as a digest: two cuts of one message are the same where these are."""
        placeless = "ADR-01" in self.decision.rules
        kept = [sorted(self.decision.kept), placeless, self.nameless, key.kind if key else None]
        return blake2b(orjson.dumps(kept), digest_size=16).digest()

    def body(self, catalogue: Catalogue, key: ChildKey | None) -> bytes:
        """The message with what was removed left out, and the receiver's own key in the sender's place."""
        document = self.document
        if "ADR-01" in self.decision.rules:
            document = without_location(document, self.part.kind)
        if not is_report(self.part.kind):
            document = signed(readdress(keep(document, self.decision.kept), key), self.author)
        if self.nameless:
            document = untitled(document)
        return outbound(catalogue, self.system, self.part.kind).write(document)


def decide_directed(
    part: Part, facts: Facts | None, systems: Mapping[str, System], now: datetime, answers: Sequence[Hold] = ()
) -> Directed:
    """Decides one part. An unknown child is asked about with nothing known, which opens nothing but a duty.

    `answers` are released holds: of an unknown child there are no facts to keep a release among.
    """
    if part.document is None:
        raise UnusableError("unreadable", "the message is no longer kept")
    sender, receiver = systems[part.system], _receiver(part, systems)
    known = facts.releases.get((part.id, part.id, receiver.id)) if facts is not None else None
    answer = next((each for each in answers if (each.part, each.receiver) == (part.id, receiver.id)), None)
    given = known or answer
    document = chosen(orjson.loads(part.document), part.kind, given.fields if given else None)
    told = describe(document, part.kind)
    claims, hides = claims_of(part), facts is not None and facts.child.protection == "strictly_confidential"
    message = Message(
        "info",
        told.categories,
        free_text=told.free_text or (hides and has_labels(document, part.kind)),
        third_party=told.third_party if told.children else frozenset(),
    )
    asked = directed(facts, sender.party, receiver.party, message, now, claims)
    if not is_report(part.kind) and "duty" not in claims:
        secret = is_secret_relation(asked)
        free_text = message.free_text or (secret and tells_of_a_service(labels_of(document)))
        asked = replace(asked, message=replace(message, free_text=free_text, hide_client_relation=secret))
    decision = decide(asked)
    answered = known.findings if known else frozenset(answer.rules) if answer else None
    released = answered is not None and answered.issuperset(decision.rules)
    return Directed(part, receiver, decision, document, sender.service, released)


def goes_first(part: Part) -> bool:
    """Whether it overtakes everything that waits. It is of no plan, so no plan's order is broken by it."""
    return is_urgent(claims_of(part))


def claims_of(part: Part) -> Mapping[str, Any]:
    """What the sender claims, with the person who claims it. A report always claims a duty, if without a ground."""
    claims = dict(part.claims)
    if part.kind == REPORT.name:
        duty = claims.get("duty")
        claims["duty"] = {"ground": "", **duty} if isinstance(duty, dict) else {"ground": ""}
    return claims


def _receiver(part: Part, systems: Mapping[str, System]) -> System:
    """The one system of the named service in the sender's municipality."""
    found = [
        each for each in systems.values() if each.service == part.receiver and each.municipality == part.municipality
    ]
    if len(found) != 1:
        raise UnusableError("no_receiver", "no single system of the named service is registered in the municipality")
    return found[0]


def held_whole(part: Part, found: Directed, now: datetime) -> Hold:
    """The question to a human about a directed message, which is decided whole."""
    made = asked_of(part, found.system.id, found.sender, found.decision.rules, now)
    return replace(made, categories=tuple(sorted(found.decision.disclosure.message.categories)))
