"""One child's life in random steps: what is said, agreed to and registered about it, and how time goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from hub.model.envelope import Receipt
from hub.model.person import Maturity
from hub.model.responsibility import Responsibility
from hub.routing.pipeline import work_turn
from hub.routing.queues import DIRECTED, INTAKE
from hub.sdk.directed import INFO
from tests.journeys.oracle import ALL, LESS, OSLO, PARENTS, Known
from tests.journeys.systems import PLAN_DOCUMENT, SYSTEMS, measure, support_plan, system
from tests.journeys.world import World

SCHOOL, NURSERY, HOME_SERVICE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]
PUSHED = replace(SYSTEMS["nav"], delivery="push")
CLINIC = system("bup-1", "bup", "child-welfare", PLAN_DOCUMENT)
LIMIT = timedelta(hours=24)
SAID = re.compile(rb"\b(?:plain|text|place|letter|clinic|home)-\d+\b")
GIVERS = (*PARENTS, "child", "child_welfare")
NAMES = (f"one-{number}" for number in count())
BIRTHDAYS = (12, 15, 16, 18)


@dataclass(repr=False)
class Quiet(World):
    """A world whose pushed receiver is reached by hand, so that a worker may die between its two commits."""

    def turn(self) -> int:
        moved = work_turn(self.broker, INTAKE, self.hub.updates.run, 64, 0)
        return moved + work_turn(self.broker, DIRECTED, self.hub.directed.run, 64, 0)

    def owed(self) -> int:
        soon = self.hub.clock.now() + timedelta(milliseconds=1)
        with self.hub.store.begin() as work:
            return len(work.ledger.unfinished(soon, 100))


class Life(RuleBasedStateMachine):
    """One child, the systems around it, and the sheet of paper on which is noted what is so."""

    world: Quiet
    sent: set[str]
    """Everything that ever left, over all examples: what shows that the machine has teeth."""

    def __init__(self) -> None:
        super().__init__()
        clock: Any = self.world.hub.clock
        self.clock, self.name, self.wordings = clock, next(NAMES), count()
        clock.instant = datetime(2026, 8, 17, 8, 0, tzinfo=OSLO)
        self.known = Known(date(2015, 1, 2), clock.now(), LIMIT)
        self.child = self.world.child(self.name, age=11, understands=False)
        for each in (SCHOOL, NURSERY, HOME_SERVICE, PUSHED, CLINIC):
            self.world.seat(self.name, each, f"{self.name}@{each.id}")
        self.records: dict[str, list[str]] = {}
        self.letters: dict[str, str] = {}
        self.first_assessment = Maturity(False, "nurse-1", date(2026, 1, 5), "sharing")
        self.world.alive = True
        for giver in PARENTS:
            self.agrees(giver, True)

    # ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def the_school_says(self) -> None:
        n = next(self.wordings)
        told = [measure("m1", f"plain-{n}"), measure("m2", f"text-{n}", topic="special_education", text="with Siri")]
        meetings = [{"id": "x1", "title": f"plain-{n}", "place": f"place-{n}"}]
        self._says(SCHOOL, support_plan(f"{self.name}@school-1", measures=told, meetings=meetings))

    @rule()
    def the_clinic_says(self) -> None:
        self._says(
            CLINIC, self._document(CLINIC.id, f"clinic-{next(self.wordings)}", ["health", "mental_health"], "bup")
        )

    @rule()
    def child_welfare_says(self) -> None:
        said = f"home-{next(self.wordings)}"
        self._says(HOME_SERVICE, self._document(HOME_SERVICE.id, said, ["care_situation"], "child_welfare"))

    @rule()
    def the_school_writes_to_the_kindergarten(self) -> None:
        said = f"letter-{next(self.wordings)}"
        parts = [{"categories": ["education"], "facts": {"starts": said}}]
        subject = {"kind": "own", "key": f"{self.name}@school-1"}
        answer = self.world.send(
            SCHOOL, {"subject": subject, "free_text": False, "parts": parts}, INFO.name, receiver="kindergarten"
        )
        assert isinstance(answer, Receipt), answer
        self.letters.update({part.part: said for part in answer.parts})
        self.world.work()

    def _document(self, key: str, said: str, categories: list[str], owner: str) -> dict[str, Any]:
        notice = "Visningen kan være ufullstendig. This view may be incomplete."
        told = {"id": "c1", "owner": owner, "categories": categories, "title": said, "status": "active"}
        return {"schema": PLAN_DOCUMENT, "notice": notice, "child": {"id": f"{self.name}@{key}"}, "measures": [told]}

    def _says(self, sender: Any, document: Any) -> None:
        answer = self.world.send(sender, document)
        assert isinstance(answer, Receipt), answer
        self.world.work()

    # ── what is agreed to ───────────────────────────────────────────────────────────────────────────────────────────

    @rule(giver=st.sampled_from(GIVERS), all_of_it=st.booleans())
    def agrees(self, giver: str, all_of_it: bool) -> None:
        self._answers(giver, ALL if all_of_it else LESS)

    @rule(giver=st.sampled_from(GIVERS))
    def refuses(self, giver: str) -> None:
        self._answers(giver, None)

    @rule(giver=st.sampled_from(GIVERS))
    def withdraws(self, giver: str) -> None:
        self.known.answers.pop(giver, None)
        self.world.withdraw(*self.records.pop(giver, ()))

    def _answers(self, giver: str, covers: frozenset[str] | None) -> None:
        self.withdraws(giver)
        answer, categories = ("yes", covers) if covers is not None else ("no", ALL)
        self.records[giver] = self.world.consent(self.child, self.name, giver, answer=answer, categories=categories)
        self.known.answers[giver] = covers

    # ── what registers and coordinators say ─────────────────────────────────────────────────────────────────────────

    @rule(on=st.booleans())
    def a_care_order(self, on: bool) -> None:
        self.known.care_order = on
        self.world.facts(self.child, care_order=on)

    @rule(level=st.sampled_from(["none", "confidential", "strictly_confidential"]))
    def protected(self, level: str) -> None:
        self.known.protection = level
        self.world.facts(self.child, protection=level)

    @rule(on=st.booleans())
    def blocked_by_an_authority(self, on: bool) -> None:
        self.known.block = on
        self.world.facts(self.child, authority_block=on)

    @rule(on=st.booleans())
    def registered_as_dead(self, on: bool) -> None:
        self.known.deceased = on
        self.world.facts(self.child, deceased=on)

    @rule(understands=st.sampled_from([None, True, False]))
    def assessed(self, understands: bool | None) -> None:
        self.known.understands = understands
        made = None if understands is None else replace(self.first_assessment, understands=understands)
        self.world.facts(self.child, maturity=made)

    @rule(lead=st.sampled_from(["school", "municipal_health", None]), disputed=st.booleans())
    def coordination_changes(self, lead: str | None, disputed: bool) -> None:
        self.world.facts(self.child, responsibility=Responsibility(child_coordinator=lead, disputed=disputed))

    @rule()
    def the_register_answers(self) -> None:
        self.known.confirmed_at = self.clock.now()
        self.world.facts(self.child, as_of=self.clock.now())

    # ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(hours=st.sampled_from([1, 12, 23, 40, 200]))
    def time_passes(self, hours: int) -> None:
        self.clock.go_on(hours=hours)

    @rule(hours=st.sampled_from([1, 30]))
    def the_clock_goes_backwards(self, hours: int) -> None:
        self.clock.go_on(hours=-hours)

    @rule(confirmed=st.booleans(), early=st.booleans())
    def a_birthday(self, confirmed: bool, early: bool) -> None:
        age = next((each for each in BIRTHDAYS if each > self.known.age(self.clock.now())), None)
        if age is not None:
            day = self.known.born.replace(year=self.known.born.year + age)
            midnight = datetime.combine(day, time(), OSLO) - timedelta(minutes=1 if early else 0)
            self.clock.instant = max(self.clock.now(), midnight)
            if confirmed:
                self.the_register_answers()
