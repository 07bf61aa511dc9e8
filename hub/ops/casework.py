"""One plan in one hand: what a step in a plan's life reads first, decides by the law's rules, and leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from hub.errors import UnusableError
from hub.model.calendar import norwegian_day
from hub.model.envelope import fresh_id
from hub.model.life import Life
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.service import Party, Service
from hub.model.task import LogLine, Task
from hub.ops.districts import units_of
from hub.ops.enrol import Desk, facts_of, plan_of
from hub.ops.hands import Hand
from hub.ops.mandates import Mark, in_step
from hub.ops.officials import Barred
from hub.ops.sound import sound
from hub.ops.tasks import Put, open_task, pass_on
from hub.policy import Decision, decide
from hub.policy.facts import coordination_of, subject_of
from hub.policy.tasks import coordinating
from hub.policy.who_decides import leads
from hub.policy.words import Disclosure, Message
from hub.ports import DecisionRow, Work

UNIT = "coordinating_unit"


@dataclass(frozen=True, slots=True)
class Casework:
    """What a step has in hand. `facts` are as they were read: whoever changed them meanwhile has come first."""

    work: Work
    desk: Desk
    hand: Hand
    plan: Plan
    facts: Facts

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    @property
    def today(self) -> date:
        return norwegian_day(self.now)

    @property
    def mark(self) -> Mark:
        """By whom and when a mandate's line is written."""
        return Mark(self.hand.person, self.now)

    @property
    def leader(self) -> Service | None:
        """Who coordinates now."""
        return leads(self.facts, self.now)

    @property
    def coordinates(self) -> bool:
        """Whether it is this hand's to call meetings, approve and the like: the coordinator's, or the unit's."""
        return self.hand.of_the_unit or self.hand.service == coordinating(self.leader)

    def note(self, action: str, **detail: object) -> None:
        """A line about the plan in the audit chain: ids and codes only."""
        self.desk.note(self.work, action, self.plan.id, person=self.hand.person, **detail)

    def change(self, change: Callable[[Facts], Facts]) -> Casework:
        """Writes changed facts, which asks for a look, and hands the coordinator's tasks on to whoever has it now."""
        changed = in_step(self.facts, sound(change(self.facts), self.now, self.facts), self.mark)
        self.work.persons.change(changed)
        then = self.anew()
        if then.leader != self.leader:
            pass_on(self.work, self.desk, self.plan, then.facts)
        return then

    def anew(self) -> Casework:
        """With the facts as they now are, after others of this step's own writes."""
        return replace(self, facts=facts_of(self.work, self.desk, self.plan.child))

    def live(self, happens: Callable[[Life], Life]) -> Casework:
        """Something happens in the plan's life."""
        return self.change(lambda facts: replace(facts, life=happens(facts.life)))

    def put(self, put: Put) -> Task:
        """A task about this plan."""
        return open_task(self.work, self.desk, put, self.plan, self.hand)

    def write(self, kind: str, words: str, service: Service | None = None, at: datetime | None = None) -> LogLine:
        """A line in the plan's logbook, in words."""
        plan, who = self.plan, self.hand.person
        whose = (plan.municipality, plan.id, plan.child)
        line = LogLine(fresh_id(), *whose, kind, at or self.now, who, words, service or self.hand.service)
        self.work.logbook.add([line])
        return line

    def judge(self, kind: str, **about: object) -> Decision:
        """What the law's rules say of a step that carries no content; the decision is kept, whatever it is."""
        plan, home = self.plan, self.plan.municipality
        told = replace(coordination_of(self.facts, self.today), **about)  # type: ignore[arg-type]  # each by its name
        asked = Disclosure(
            Party(self.hand.service, home),
            Party(UNIT, home),
            self.now,
            subject_of(self.facts.child, self.now),
            Message(kind),
            plan=told,
            facts_version=self.facts.version,
            child=self.facts.child,
        )
        decision = decide(asked)
        keep(self.work, self.desk, decision, plan.id)
        return decision

    def bar(self, code: str, why: str, way_out: str | None = None) -> Barred:
        """What may not be, with a line that it was tried."""
        self.note("plan.barred", code=code)
        return Barred(code, why, way_out)

    def must_coordinate(self) -> Barred | None:
        """`not_authorised` unless it is this hand's plan to coordinate."""
        if self.coordinates:
            return None
        way_out = "propose it to the coordinator, or raise a gap"
        return self.bar("not_authorised", "this is for whoever coordinates the plan", way_out)


def take_up(work: Work, desk: Desk, hand: Hand | Barred, plan: str) -> Casework | Barred:
    """The plan in this hand. A sector system finds only plans at whose table it sits, a city district's unit only those
    of the children who live there, and who acts for a service through the control room only those it takes part in."""
    if isinstance(hand, Barred):
        return hand
    found = plan_of(work, desk, plan)
    if hand.system is not None and hand.system not in {link.system for link in work.links.of([plan]).get(plan, ())}:
        raise UnusableError("not_found", "there is no such plan in this municipality", place="plan")
    facts = facts_of(work, desk, found.child)
    if not (units_of(work, desk).answer(hand, facts) and _takes_part(work, hand, found, facts)):
        raise UnusableError("not_found", "there is no such plan in this municipality", place="plan")
    return Casework(work, desk, hand, found, facts)


def _takes_part(work: Work, hand: Hand, plan: Plan, facts: Facts) -> bool:
    """Whether the plan is this service's business: the office's always; else of those at its table or written in the
    plan, those who were asked to be, those who coordinate or have, and those to whom a task about it was put."""
    if hand.of_the_unit or hand.system is not None:
        return True
    systems, links = work.directory.systems(), work.links.of([plan.id]).get(plan.id, ())
    seated = {systems[link.system].service for link in links if link.system in systems}
    seated |= {each.owner for each in plan.elements.values() if not each.deleted}
    asked = {seat.service for seat in facts.life.seats} | {mandate.service for mandate in facts.mandates}
    return hand.service in seated | asked | {task.addressee for task in work.tasks.of(plan.municipality, plan.id)}


def keep(work: Work, desk: Desk, decision: Decision, plan: str | None) -> None:
    """The decision as a kept record, named by its hash in the audit chain."""
    asked, hash = decision.disclosure, decision.hash()
    child = asked.child.id if asked.child else None
    row = DecisionRow(
        fresh_id(),
        desk.municipality,
        child,
        plan,
        None,
        None,
        asked.receiver.service,
        "control",
        decision.outcome,
        asked.now,
        decision.canonical(),
        hash,
    )
    work.decisions.add([row])
    detail = {"kind": asked.message.kind, "outcome": decision.outcome, "decision": hash.hex()}
    desk.note(work, "plan.decided", plan or row.id, rules=list(decision.rules), **detail)
