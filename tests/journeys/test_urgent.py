"""A report and a danger go before all that waits, and somebody is told where one does not come through (D-10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic
from typing import Any

from hub.errors import TryAgainError
from hub.model.envelope import Parcel, Receipt
from hub.model.service import System
from hub.model.task import Task
from hub.ops.hands import hand_of, systems_hand
from hub.ops.officials import Barred
from hub.ops.tasks import Reply, answer_task, tasks_of
from hub.routing.pipeline import DeliverTurn, work_turn
from hub.routing.queues import DIRECTED
from hub.sdk import Posted
from hub.sdk.directed import INFO, REPORT
from tests.journeys.offices import AUTHORITY, UNIT, open_offices
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.test_directed import DUTY, EDUCATION, NUMBER, info, report
from tests.journeys.world import PATIENCE, World

NURSERY, WELFARE, SCHOOL = SYSTEMS["kindergarten"], SYSTEMS["child_welfare"], SYSTEMS["school"]
DANGER = {"person": "head-1", "duty": {"danger": "self_harm"}}


@dataclass
class Road:
    """The way to a receiver with an API: keeps what it was handed, in order, and answers as it is told to."""

    answer: Posted | TryAgainError = field(default_factory=lambda: Posted("delivered"))
    handed: list[Parcel] = field(default_factory=list)

    def send(self, system: System, parcels: Sequence[Parcel]) -> Mapping[str, Posted | TryAgainError]:
        self.handed += parcels
        return {each.id: self.answer for each in parcels}

    def close(self) -> None: ...


def told(world: World, document: Any, kind: str, **more: Any) -> Receipt:
    answer = world.send(NURSERY, document, kind, **more)
    assert isinstance(answer, Receipt)
    return answer


def reported(world: World, claims: Any = DUTY) -> Receipt:
    """Sent, decided, and on its way."""
    return world.tell(NURSERY, report(), REPORT.name, claims=claims)


def plan_news(world: World, *ids: str) -> None:
    """The school says one more measure a message; each goes to everybody at the table."""
    for count in range(1, len(ids) + 1):
        measures = [measure(each, f"Title {each}") for each in ids[:count]]
        world.tell(SCHOOL, support_plan("nora@school-1", measures=measures))


def states(world: World, receipts: Sequence[Receipt]) -> list[str]:
    return [world.receipt(NURSERY, each).parts[0].state for each in receipts]


def owed(world: World, hand: Any) -> list[Task]:
    with world.hub.store.begin() as work:
        found = tasks_of(work, world.desk, hand)
    assert not isinstance(found, Barred)
    return [each for each in found if each.kind == "document_danger"]


def test_whoever_tells_of_a_danger_is_to_document_it_afterwards_and_nobody_else_hears_of_that(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL)
    open_offices(world)
    own = systems_hand(NURSERY, "head-1")
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")
    before = owed(world, own)
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school", claims=DANGER)
    world.clock.go_on(days=9)
    world.hub.overdue.turn()

    (task,) = owed(world, own)
    with world.hub.store.begin() as work:
        others = [hand_of(work, world.desk, each) for each in (UNIT, AUTHORITY, "teacher-1", "nurse-1")]
        head = hand_of(work, world.desk, "nursery-1")
        answered = answer_task(work, world.desk, own, task.id, Reply("documented"))

    assert (before, [owed(world, each) for each in (*others, systems_hand(SCHOOL, "emp-1"))]) == ([], [[]] * 5)
    assert (task.plan, task.child, task.escalated_to) == (None, None, "kindergarten")
    assert not isinstance(answered, Barred)
    assert (answered.state, owed(world, head)) == ("answered", [])


def test_a_report_is_decided_before_directed_messages_that_came_before_it(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL, number=NUMBER)
    before = [told(world, info(EDUCATION), INFO.name, receiver="school") for _ in range(3)]
    urgent = told(world, report(), REPORT.name, claims=DUTY)

    taken = work_turn(world.broker, DIRECTED, world.hub.directed.run, 1, PATIENCE)

    assert taken == 1
    assert states(world, [urgent]) == ["passed"]
    assert states(world, before).count("pending") >= 2


def test_a_mailbox_is_shown_a_report_before_what_has_waited_longer(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL, WELFARE, number=NUMBER)
    world.at_table("ola", NURSERY, WELFARE)
    plan_news(world, "m1")
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="child_welfare")
    reported(world)

    (first,) = world.fetch(WELFARE, limit=1)

    assert first.kind == REPORT.name
    assert {each.kind for each in world.fetch(WELFARE)} >= {INFO.name, WELFARE.document}


def test_a_report_that_is_not_acknowledged_keeps_nothing_else_back(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL, WELFARE, number=NUMBER)
    reported(world)
    plan_news(world, "m1")

    kinds = [world.fetch(WELFARE, limit=1)[0].kind for _ in range(3)]

    assert kinds[:2] == [REPORT.name, WELFARE.document]


def with_an_api(world: World) -> tuple[Road, Callable[[], int]]:
    """Child welfare is pushed to; the second is a turn that delivers one ticket's worth."""
    pushed, made = replace(WELFARE, delivery="push"), Road()
    world.register(pushed)
    turns = DeliverTurn(world.hub.dispatch, made, world.hub.registry, world.hub.clock, retry_limit=3)

    def turn() -> int:
        return turns.turn(world.broker, pushed, 1, PATIENCE)

    return made, turn


def decide_all(world: World) -> None:
    """Door 2 and no more; a broker may take a moment to hand a ticket over."""
    until = monotonic() + PATIENCE
    while pending(world):
        work_turn(world.broker, DIRECTED, world.hub.directed.run, 64, 0.2)
        assert monotonic() < until, "a part stays pending"


def pending(world: World) -> bool:
    with world.hub.store.begin() as work:
        return bool(work.ledger.unfinished(world.hub.clock.now() + timedelta(milliseconds=1), 1))


def test_a_report_leaves_before_what_waits_for_the_same_system(world: World) -> None:
    made, turn = with_an_api(world)
    world.at_table("nora", NURSERY, WELFARE, number=NUMBER)
    for _ in range(3):
        told(world, info(EDUCATION), INFO.name, receiver="child_welfare")
    decide_all(world)
    told(world, report(), REPORT.name, claims=DUTY)
    decide_all(world)

    turn()
    first = [each.kind for each in made.handed]
    while len(made.handed) < 4 and turn():
        pass

    assert first in ([REPORT.name, INFO.name], [REPORT.name]), "a ticket may be another test's"
    assert sorted(each.kind for each in made.handed) == sorted([REPORT.name, *[INFO.name] * 3])
    assert len({each.id for each in made.handed}) == 4


def test_the_order_of_a_plan_is_its_own_whatever_goes_before_it(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL, WELFARE, number=NUMBER)
    versions = []
    for id in ("m1", "m2", "m3"):
        plan_news(world, id)
        reported(world)
        parcels = world.fetch(WELFARE)
        world.hub.mailbox.acknowledge(WELFARE, {each.id: Posted("delivered") for each in parcels})
        versions.append([(each.kind, each.version) for each in parcels])

    assert versions == [[(REPORT.name, 1), (WELFARE.document, version)] for version in (1, 2, 3)]


def test_a_danger_goes_before_everything_to_whoever_can_avert_it(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL)
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school", claims=DANGER, correlation_id="danger-1")

    (first,) = world.fetch(SCHOOL, limit=1)

    assert first.correlation_id == "danger-1"
