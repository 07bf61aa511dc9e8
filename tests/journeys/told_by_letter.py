"""A kindergarten at the AMQP door sends its plan of Nora, and hears by letter what became of its message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import orjson
from jsonschema import Draft202012Validator

from hub.errors import SetupError
from hub.model.envelope import MESSAGE_ANSWER
from hub.model.life import Life, Why
from hub.ops import set_aside
from hub.ops.closing import close
from hub.ops.enrol import change_facts
from hub.ops.family_said import Said, Words
from hub.ops.own_words import say
from hub.ports import Delivery
from hub.routing.update import Updates
from hub.sdk import load_schema
from tests.journeys.nora import LEAD
from tests.journeys.offices import act
from tests.journeys.post import Got, Line
from tests.journeys.systems import HOME, SYSTEMS, measure, nursery_plan
from tests.journeys.world import World

NURSERY = SYSTEMS["kindergarten"]
KIND = NURSERY.document
SCHEMA = Draft202012Validator(load_schema("hub.broker", "meldingssvar.schema.json").schema)
PLAY, SECRET = "Play with the big ones", "To swim to the raft"
PLAN = nursery_plan("nora@kindergarten-1", measures=[measure("k1", PLAY)])
NUMBER = {"klientMeldingId": "b7f2", "klientKorrelasjonsId": "dialogue-1"}


def sends(line: Line, document: Any = PLAN, **number: str) -> Any:
    """The nursery's letter is taken in; gives the number of its receipt. A view may still come before its answer."""
    line.nursery.send(KIND, orjson.dumps(document), **(number or NUMBER))
    line.turn()
    while (answer := line.nursery.get()).headers["type"] == KIND:
        pass
    assert answer.headers["type"] == f"{KIND}.mottatt"
    return answer.document["receipt"]


def hears(line: Line) -> Got:
    """The next letter about its message, which answers its own and names nobody; views are passed over."""
    while (letter := line.nursery.get()).headers["type"] != MESSAGE_ANSWER:
        pass
    SCHEMA.validate(letter.document)
    said = letter.headers
    assert (said["type"], said["svar-til"], said["svar-til-type"]) == (MESSAGE_ANSWER, "b7f2", KIND)
    assert said["egendefinert-header.klientKorrelasjonsId"] == "dialogue-1"
    assert tells_nobody(f"{said} {letter.document}")
    return letter


def told(letter: Got) -> tuple[dict[str, Any], dict[str, str]]:
    """What it says as the receipt does, and the words of its code."""
    said = dict(letter.document)
    return said, said.pop("titles", {})


def more(line: Line) -> int:
    """How many further letters about its messages lie in its queue."""
    left = [line.nursery.get().headers["type"] for _ in range(line.nursery.waits())]
    return left.count(MESSAGE_ANSWER)


def tells_nobody(text: str) -> bool:
    return not any(each in text for each in ("nora", PLAY, SECRET))


def receipt(line: Line, id: str) -> Mapping[str, Any]:
    """What a system that reads its receipt over HTTP is told of the one part."""
    with line.world.hub.store.begin() as work:
        found = work.inbox.receipt(HOME, NURSERY.id, id)
    assert found is not None
    (part,) = found.parts
    told = {"part": part.part, "state": part.state, "code": part.code, "place": part.place}
    return {name: value for name, value in told.items() if value is not None} | {"receipt": id, "message": "b7f2"}


def rows(world: World) -> list[Delivery]:
    """Those of the second ledger that tell senders of their messages, oldest first."""
    with world.hub.store.begin() as work:
        parts = [part.id for part in work.ledger.of(HOME, world.plans["nora"])]
        found = [row for part in parts for row in work.deliveries.of(HOME, part) if row.kind == MESSAGE_ANSWER]
    return sorted(found, key=lambda row: row.created_at)


def all_comes_again(line: Line) -> None:
    """The sweep, a look at the plan, and the same letter once more."""
    line.world.hub.sweep.turn(line.world.broker)
    line.world.sweep()
    line.world.work()


def closed(line: Line, why: Why = "no_need") -> None:
    act(line.world, "nora", LEAD, lambda case: close(case, why))
    while line.nursery.waits():
        line.nursery.get()


def not_begun(world: World) -> None:
    with world.hub.store.begin() as work:
        change_facts(work, world.desk, world.plan("nora").child, lambda now: replace(now, life=Life()))


def edits_the_familys(line: Line) -> Any:
    """The nursery's copy of a goal of the family's own, with another title."""
    mother = Said("nora-mother", "oral", line.world.clock.now(), "journal-1")
    words = Words("goal", frozenset({"plan_goal"}), SECRET)
    act(line.world, "nora", LEAD, lambda case: say(case, mother, words))
    view = line.nursery.get()
    line.nursery.reply(view, f"{view.headers['type']}.mottatt")
    line.turn()
    return {**view.document, "goals": [{**each, "title": "A vest"} for each in view.document["goals"]]}


class NoAdapter:
    """A catalogue whose adapters are all broken."""

    def adapter(self, name: str) -> Any:
        raise SetupError("it is not installed")

    def lens(self, adapter: str, kind: str) -> None:
        return None


@contextmanager
def broken(line: Line) -> Iterator[None]:
    """Meanwhile the worker of door 2 cannot load any adapter."""
    hub, mended = line.world.hub, line.world.hub.updates
    hub.updates = Updates(hub.store, hub.clock, NoAdapter(), hub.watch)
    try:
        yield
    finally:
        hub.updates = mended


def replays(line: Line) -> None:
    """Whoever runs the hub gives the part back, and the workers take it."""
    (row,) = line.world.aside()
    with line.world.hub.store.begin() as work:
        set_aside.replay(work, line.world.desk, row.id)
    line.world.clock.go_on(minutes=10)
    line.world.hub.sweep.turn(line.world.broker)
    line.world.work()
