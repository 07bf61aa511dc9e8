"""A proposer at the AMQP door is told by a letter that answers its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from hub.model.envelope import PROPOSAL_ANSWER
from hub.model.responsibility import Responsibility
from tests.journeys.post import Line
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.test_proposer_told import LATER, PLAY, SCHEMA, ledger
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]


@pytest.mark.services
def test_a_proposer_at_the_amqp_door_gets_one_letter_that_answers_its_own(line: Line) -> None:
    world = line.world
    world.facts(world.plan("nora").child, responsibility=Responsibility(child_coordinator="school"))
    world.register(replace(registered(world, SCHOOL.id), delivery="mailbox"))
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", PLAY)]))
    view = line.nursery.get()
    line.nursery.reply(view, f"{view.headers['type']}.mottatt")
    line.turn()
    edited = [{**each, "title": LATER} for each in view.document["measures"]]
    kind = NURSERY.document
    line.nursery.send(kind, orjson.dumps({**view.document, "measures": edited}),
                      klientMeldingId="b7f2", klientKorrelasjonsId="dialogue-1")  # fmt: skip
    line.turn()
    assert line.nursery.get().headers["type"] == f"{kind}.mottatt"

    world.answer(world.proposals("nora")[0], accepted=True)
    came = {each.headers["type"]: each for each in (line.nursery.get(), line.nursery.get())}
    letter = came[PROPOSAL_ANSWER]
    line.nursery.reply(letter, f"{PROPOSAL_ANSWER}.mottatt")
    line.turn()

    SCHEMA.validate(letter.document)
    assert (letter.headers["type"], letter.headers["svar-til"]) == (PROPOSAL_ANSWER, "b7f2")
    assert letter.headers["svar-til-type"] == kind
    assert letter.headers["egendefinert-header.klientKorrelasjonsId"] == "dialogue-1"
    assert (letter.document["message"], letter.document["state"]) == ("b7f2", "accepted")
    assert not [name for name, text in letter.headers.items() if "nora" in str(text) or LATER in str(text)]
    world.hub.refresh.catch_up(world.broker, timedelta())
    world.work()
    assert (line.nursery.waits(), ledger(world, NURSERY)) == (0, ["delivered"])


def registered(world: World, id: str) -> Any:
    with world.hub.store.begin() as work:
        return work.directory.systems()[id]
