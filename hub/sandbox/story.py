"""What happens in Eksempelvik: scenes in order, each played by the actors over HTTP and told as it happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from hub.errors import TryAgainError
from hub.ports import DecisionRow
from hub.sandbox.concern import report_of
from hub.sandbox.office import Office
from hub.sandbox.people import DECIDES, EVERYTHING, MUNICIPALITY, NOT_FOR_SCHOOL, Life
from hub.sandbox.stage import Actor, Stage
from hub.sdk.directed import REPORT

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to tell: a scene that begins (no outcome), or what was decided for a receiver in it."""

    scene: str
    outcome: str | None = None
    sender: str | None = None
    receiver: str | None = None
    rules: tuple[str, ...] = ()


Tell = Callable[[Event], None]


class Story:
    """Plays the scenes. `tell` is called as things happen."""

    def __init__(self, stage: Stage, people: dict[str, Life], today: date, tell: Tell) -> None:
        self._stage, self._people, self._today, self._tell = stage, people, today, tell
        self._office = Office(stage, people, today)
        self._told: set[str] = set()
        self._directed: list[str] = []
        self._by_system = {actor.system.id: name for name, actor in stage.actors.items()}

    def play(self) -> None:
        """All scenes, in order."""
        for scene in (
            self.enrolled, self.looked_up, self.consented, self.health_starts, self.school_joins, self.nav_joins,
            self.child_welfare_joins, self.redacted, self.disputed, self.kindergarten_joins, self.decided, self.held,
            self.released, self.withdrawn, self.proposed, self.reported, self.stranger,
        ):  # fmt: skip
            self._tell(Event(scene.__name__))
            scene()
            self._settle(scene.__name__)
        self._empty_all()

    def enrolled(self) -> None:
        seats = {
            "nora": ("health", "school", "child_welfare", "nav"),
            "ola": ("health", "kindergarten"),
            "amir": ("health", "school"),
        }
        for name, sectors in seats.items():
            self._office.enrol(name)
            for sector in sectors:
                about = self._office.person(name, "mother") if sector == "nav" else None
                self._office.seat(self._stage.actors[sector], name, about)

    def looked_up(self) -> None:
        for name in self._people:
            self._tell(Event("looked_up", "confirmed", "register", None, (name, *self._office.look_up(name))))
            self._office.begin(name)

    def consented(self) -> None:
        consent = self._office.consent
        others = ["municipal_health", "child_welfare", "nav_social", "kindergarten"]
        for_school = [each for each in EVERYTHING if each not in NOT_FOR_SCHOOL]
        for parent in ("mother", "father"):
            consent("nora", parent, others, list(EVERYTHING))
            consent("nora", parent, ["school"], for_school)
            consent("ola", parent, ["municipal_health", "kindergarten"], list(EVERYTHING))
            consent("amir", parent, ["school", "municipal_health"], list(EVERYTHING))
        own, mother = ["benefit", "economy"], self._office.person("nora", "mother")
        consent("nora", "mother", ["municipal_health", "child_welfare"], own, about=mother)
        quiet = [each for each in EVERYTHING if each != "mental_health"]
        consent("amir", "child", ["school", "municipal_health"], quiet)
        consent("amir", "child", ["school"], ["mental_health"], answer="no")

    def health_starts(self) -> None:
        self._send("health", "nora")
        self._send("health", "amir")

    def school_joins(self) -> None:
        self._send("school", "nora")
        self._settle("school_joins")
        self._empty_all()

    def nav_joins(self) -> None:
        self._send("nav", "nora")
        self._send("nav", "nora", "grant")

    def child_welfare_joins(self) -> None:
        self._send("child_welfare", "nora")
        self._settle("child_welfare_joins")
        self._empty_all()

    def redacted(self) -> None:
        self._send("health", "nora", "therapy")
        self._send("health", "nora", "measure")
        self._settle("redacted")
        self._empty_all()

    def disputed(self) -> None:
        """The kindergarten sees Ola every day and wants to coordinate; the health service was to."""
        said = {"person": "styrer-1", "reason": "vi ser ham hver dag"}
        path = f"/v1/plans/{self._office.plans['ola']}/coordination/disputes"
        self._stage.actors["kindergarten"].ask("POST", path, said)

    def decided(self) -> None:
        """What has waited for the decision enters the plan, or is put to whoever coordinates from now on."""
        self._office.decide("ola", "kindergarten", "Barnehagen har tettest oppfølging over tid.")
        self._settle("decided")
        self._empty_all()

    def kindergarten_joins(self) -> None:
        self._send("kindergarten", "ola")
        self._send("health", "ola")
        self._settle("kindergarten_joins")
        self._empty_all()

    def held(self) -> None:
        self._send("health", "amir", "therapy")

    def released(self) -> None:
        """Two coordinators answer the holds about Amir, one after the other, each with a reason."""
        for hold in self._office.ask("GET", f"/v1/holds?plan={self._office.plans['amir']}"):
            reason = "snakket med eleven, som sier ja til dette ene"
            best = "skolen kan møte ham med det han trenger"
            for person in DECIDES:
                said = {"person": person, "reason": reason, "best_interest": best, "findings": hold["rules"]}
                self._office.ask("POST", f"/v1/holds/{hold['id']}/release", said)
        self._settle("released")
        self._empty_all()

    def withdrawn(self) -> None:
        self._send("school", "nora", "evaluate")
        self._settle("withdrawn")
        self._office.ask("POST", f"/v1/consents/{self._office.consents['nora', 'mother']}/withdrawal")
        self._empty_all()

    def proposed(self) -> None:
        self._send("school", "nora", "edit_other")
        self._settle("proposed")
        for proposal in self._office.ask("GET", f"/v1/plans/{self._office.plans['nora']}/proposals"):
            if proposal["state"] == "open":
                self._tell(Event("proposed", "proposal", self._by_system.get(proposal["system"]), "health"))
                answer = "acceptance" if proposal["kind"] == "measure" else "decline"
                reason = "enig" if answer == "acceptance" else "planen har sin egen"
                said = {"person": "koordinator-1", "reason": reason}
                self._office.ask("POST", f"/v1/proposals/{proposal['id']}/{answer}", said)

    def reported(self) -> None:
        claims = {"Langbenk-Claims": orjson.dumps({"person": "styrer-1", "duty": {"ground": "a"}}).decode()}
        told = report_of(self._people["ola"].child, self._today)
        receipt = self._stage.actors["kindergarten"].send(REPORT.name, orjson.dumps(told), **claims)
        self._directed += [part["part"] for part in receipt["parts"]]

    def stranger(self) -> None:
        actor = self._stage.actors["school"]
        body = {"schema": actor.system.document, "pupil": {"id": "elev-som-ingen-kjenner"}, "title": "Stafettlogg"}
        receipt = actor.send(actor.system.document, orjson.dumps(body))
        for part in receipt.get("parts", ()):
            if part["state"] == "refused":
                self._tell(Event("stranger", "refused", "school", None, (part["code"],)))

    def _send(self, sector: str, child: str, what: str = "") -> None:
        actor = self._stage.actors[sector]
        stand_in = _stand_in(actor)
        kind, body = stand_in.change(child, what) if what else stand_in.first_document(child)
        headers = {"Langbenk-Child-Key": stand_in.key(child).value} if sector == "nav" else {}
        actor.send(kind, body, **headers)
        self._settle(None)

    def _empty_all(self) -> None:
        for actor in self._stage.actors.values():
            if actor.system.delivery == "mailbox":
                while actor.empty_mailbox():
                    pass
            else:
                actor.hear_of_proposals()

    def _settle(self, scene: str | None) -> None:
        """Until the workers have nothing left to do; then tells what was decided."""
        until, pause = time.monotonic() + PATIENCE, threading.Event()
        while time.monotonic() < until:
            if self._at_rest():
                break
            pause.wait(0.02)
        else:
            raise TryAgainError("the workers did not come to rest")
        if scene:
            self._tell_decisions(scene)

    def _at_rest(self) -> bool:
        pushed = {actor.system.id for actor in self._stage.actors.values() if actor.system.delivery != "mailbox"}
        with self._stage.hub.store.begin() as work:
            if work.tally.parts(MUNICIPALITY).get("pending"):
                return False
            plans = [*self._office.plans.values()]
            rows = work.deliveries.open_for([(plan, system) for plan in plans for system in pushed])
        return not rows

    def _tell_decisions(self, scene: str) -> None:
        """What the hub decided since it was last told, once a decision; of dispatches only what was stopped there."""
        rows: list[DecisionRow] = []
        with self._stage.hub.store.begin() as work:
            for subject in (*self._office.plans.values(), *self._directed):
                found = work.decisions.of(MUNICIPALITY, subject)
                rows += [row for row in found if row.stage == "forward" or row.outcome == "deny"]
            senders = {
                part.id: part.system for part in work.ledger.find(sorted({row.part for row in rows if row.part}))
            }
        for row in sorted(rows, key=lambda row: row.decided_at):
            if row.id not in self._told:
                self._told.add(row.id)
                sender = self._by_system.get(senders.get(row.part or "", ""))
                rules = tuple(_rules(row))
                self._tell(Event(scene, row.outcome, sender, self._by_system.get(row.receiver), rules))


def _stand_in(actor: Actor) -> Any:
    return actor.counterpart


def _rules(row: DecisionRow) -> list[str]:
    """The rules that shut or held something in a view; of a directed message those that opened, shut or held it."""
    record = row.whole
    if "elements" in record:
        return sorted({rule for one in record["elements"] if one["answer"] != "open" for rule in one["rules"]})
    return [one["rule"] for one in record["findings"] if {"opens", "shuts", "holds"} & one.keys()]
