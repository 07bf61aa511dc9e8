"""A sender at the AMQP door is told by a letter that a part of its message ended badly."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
import pytest

from hub.model.envelope import MESSAGE_ANSWER
from tests.journeys.offices import open_offices
from tests.journeys.post import Line
from tests.journeys.systems import HOME, SYSTEMS, nursery_plan, support_plan
from tests.journeys.told_by_letter import (
    NURSERY,
    PLAN,
    all_comes_again,
    closed,
    edits_the_familys,
    hears,
    more,
    not_begun,
    receipt,
    rows,
    sends,
    told,
)

pytestmark = pytest.mark.services


@pytest.fixture(autouse=True)
def offices(line: Line) -> None:
    """The people of its services are there."""
    open_offices(line.world)


@pytest.mark.parametrize("code", ["plan_closed", "plan_not_begun", "nothing_mapped", "family_words"])
def test_what_its_receipt_would_say_comes_once_as_a_letter_that_answers_its_own(line: Line, code: str) -> None:
    world, document = line.world, PLAN
    if code == "plan_closed":
        closed(line)
    if code == "plan_not_begun":
        not_begun(world)
    if code == "nothing_mapped":
        document = nursery_plan("nora@kindergarten-1")
    if code == "family_words":
        document = edits_the_familys(line)

    id = sends(line, document)
    letter = hears(line)
    assert more(line) == 0
    all_comes_again(line)
    assert sends(line, document) == id
    line.nursery.reply(letter, f"{MESSAGE_ANSWER}.mottatt")
    line.turn()
    all_comes_again(line)

    said, words = told(letter)
    assert said == receipt(line, id)
    assert (said["state"], said["code"], set(words)) == ("refused", code, {"nb", "nn", "en"})
    assert more(line) == 0
    assert [row.state for row in rows(world)] == ["delivered"]


def test_nothing_leaves_without_a_decision_of_that_instant(line: Line) -> None:
    closed(line)
    sends(line)
    hears(line)

    (row,) = rows(line.world)
    with line.world.hub.store.begin() as work:
        (decision,) = work.decisions.of(HOME, row.id)
    assert (decision.stage, decision.outcome, decision.receiver) == ("dispatch", "forward", NURSERY.id)
    assert (decision.decided_at, decision.whole["elements"]) == (row.sent_at, [])
    assert line.world.hub.replay.of(HOME, decision.id).in_the_chain


def test_of_a_plan_closed_by_a_death_it_is_told_what_the_receipt_says_and_no_more(line: Line) -> None:
    closed(line, "deceased")
    id = sends(line)

    said, words = told(hears(line))

    assert said == receipt(line, id)
    assert (said["code"], words["nb"]) == ("plan_closed", "Planen er avsluttet")


def test_what_is_not_acknowledged_comes_again_under_the_same_id(line: Line) -> None:
    closed(line)
    sends(line)
    first = hears(line)
    line.world.clock.go_on(days=1, minutes=1)
    line.world.hub.sweep.turn(line.world.broker)
    line.world.work()

    again = hears(line)

    assert (again.headers["melding-id"], again.document) == (first.headers["melding-id"], first.document)
    assert len(rows(line.world)) == 1


def test_a_system_that_reads_its_receipt_gets_no_letter_and_one_that_fared_well_neither(line: Line) -> None:
    line.school.send(
        SYSTEMS["school"].document,
        orjson.dumps(support_plan("nora@school-1")),
    )
    sends(line)

    assert line.school.get().headers["type"].endswith(".mottatt")
    assert (line.school.waits(), line.nursery.waits(), rows(line.world)) == (0, 0, [])


def test_both_ledgers_add_up(line: Line) -> None:
    closed(line)
    sends(line)
    before = line.world.ledgers()

    line.nursery.reply(hears(line), f"{MESSAGE_ANSWER}.mottatt")
    line.turn()

    assert before[0] == {"refused": 1}
    assert (before[1]["sending"], line.world.ledgers()) == (1, (before[0], moved(before[1])))


def moved(ledger: Mapping[str, int]) -> dict[str, int]:
    """One row has gone from being sent to delivered."""
    now = {**ledger, "sending": ledger["sending"] - 1, "delivered": ledger.get("delivered", 0) + 1}
    return {state: number for state, number in now.items() if number}
