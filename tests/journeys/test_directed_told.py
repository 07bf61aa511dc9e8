"""A sender that hears by letter what came of its report: the letter is no report, and tells the end of each story."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.model.envelope import MESSAGE_ANSWER
from hub.ops import set_aside
from hub.ops.late import is_late
from hub.ports import Hold
from hub.routing.pipeline import DeliverTurn
from hub.sdk import Posted
from hub.sdk.directed import INFO, REPORT
from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS
from tests.journeys.test_directed import DUTY, EDUCATION, ILLNESS, info, report
from tests.journeys.test_urgent import Road, decide_all, told
from tests.journeys.world import World

WELFARE = SYSTEMS["child_welfare"]
NURSERY = replace(SYSTEMS["kindergarten"], delivery="amqp", account="3b241101-e2bb-4255-8caf-4136c566a962")


@pytest.fixture
def road(world: World) -> Road:
    """The kindergarten's way in; what it is handed lies here."""
    world.register(NURSERY)
    road = Road()
    world.turns[NURSERY.id] = DeliverTurn(world.hub.dispatch, road, world.hub.registry, world.hub.clock, retry_limit=3)
    return road


def sends(world: World) -> str:
    """The report, decided; gives the number of its receipt."""
    answer = told(world, report(), REPORT.name, claims=DUTY)
    decide_all(world)
    return answer.id


def swept(world: World) -> None:
    world.clock.go_on(minutes=2)
    world.hub.sweep.turn(world.broker)
    world.work()


def letters(world: World, id: str) -> list[str]:
    """How the rows of the letters about it stand."""
    with world.hub.store.begin() as work:
        rows = [row for part in work.ledger.of(HOME, id) for row in work.deliveries.of(HOME, part.id)]
    return [row.state for row in rows if row.kind == MESSAGE_ANSWER]


def late(world: World, id: str) -> bool:
    """Whether its sender reads that it must telephone."""
    with world.hub.store.begin() as work:
        return is_late(work, HOME, id, world.hub.clock.now() - world.hub.patience)


def test_a_letter_that_came_makes_no_report_one_that_came_through(world: World, road: Road) -> None:
    id = sends(world)
    (row,) = world.fetch(WELFARE)
    world.hub.mailbox.acknowledge(WELFARE, {row.id: Posted("rejected", "unreadable")})
    swept(world)

    assert (letters(world, id), late(world, id)) == (["delivered"], True)


def test_that_a_report_set_aside_came_through_after_all_is_told(world: World, road: Road) -> None:
    world.register(replace(WELFARE, municipality="8888"))
    id = sends(world)
    swept(world)
    before = (letters(world, id), late(world, id))
    world.register(WELFARE)
    (aside,) = world.aside()
    with world.hub.store.begin() as work:
        set_aside.replay(work, world.desk, aside.id)
    swept(world)
    assert len(world.take(WELFARE)) == 1
    swept(world)

    assert before == (["delivered"], True)
    assert (letters(world, id), late(world, id)) == (["delivered", "delivered"], False)


def held(world: World) -> tuple[str, Hold]:
    """The kindergarten's message to the school, which waits for a person; its receipt."""
    child = world.at_table("ola", NURSERY, SYSTEMS["school"], consent=False)
    world.consent(child, "ola", "mother", "father", categories=EVERYTHING - {"health"})
    body = {**info(EDUCATION, ILLNESS), "subject": {"kind": "own", "key": "ola@kindergarten-1"}, "free_text": True}
    sent = told(world, body, INFO.name, receiver="school")
    decide_all(world)
    with world.hub.store.begin() as work:
        (hold,) = work.holds.open(HOME)
    return sent.id, hold


@pytest.mark.parametrize("lives, letters_then", [(True, ["delivered"]), (False, [])])
def test_that_a_person_refused_it_stands_in_the_receipt_at_once(
    world: World, road: Road, lives: bool, letters_then: list[str]
) -> None:
    """Also where whoever refused it does not live to look at what waited."""
    id, hold = held(world)
    world.alive = lives
    world.refuse(hold)

    with world.hub.store.begin() as work:
        (part,) = work.ledger.of(HOME, id)
    assert (part.state, part.code) == ("passed", "not_passed_on")
    assert letters(world, id) == letters_then
