"""A village for tests of faults: a school that sends about each child, and systems that receive, each its own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

import orjson

from hub.bootstrap import Hub
from hub.broker.door import permissions
from hub.model.change import ChildKey
from hub.model.consent import Consent
from hub.model.envelope import Arrival
from hub.model.life import Life
from hub.model.person import Child, Guardian, Maturity
from hub.model.responsibility import Facts, Responsibility
from hub.model.service import System
from hub.ops.enrol import Desk, link, make_plan
from hub.ops.holds import Judgement
from hub.ops.proposals import decide_proposal
from hub.ops.register import record
from hub.ports import Proposal
from tests.journeys.systems import EVERYTHING, HOME, NURSERY_PLAN, SCHOOL_PLAN, measure, support_plan, system

SCHOOL = system("school-1", "school", "school", SCHOOL_PLAN)
FETCHING = system("kindergarten-1", "kindergarten", "kindergarten", NURSERY_PLAN)
PUSHED = system("after-school-1", "after_school", "pushed-school", SCHOOL_PLAN, delivery="push")
WRITTEN_TO = system("ppt-1", "ppt", "school", SCHOOL_PLAN, delivery="amqp")
AUTHORITY = "authority-1"
GIVERS = ("mother", "father")
AGREE_LATER = 12
"""Of so many children the kindergarten is told only when somebody at a desk has recorded it."""
_ROUND = re.compile(rb"Round (\d+)")
_CHILD = re.compile(rb'"(child-\d+)@')


@dataclass(frozen=True)
class Account:
    """A RabbitMQ user with the Fiks IO account it may read, and the address it logs in at."""

    account: str
    user: str
    address: str

    def of(self, system: System) -> System:
        return replace(system, account=self.account, amqp_user=self.user)


def make_account(login: Callable[[tuple[str, str, str]], tuple[str, str]]) -> Account:
    account = str(uuid4())
    return Account(account, *login(permissions(account)))


def settle(
    hub: Hub, systems: Sequence[System], children: int, agreed: Sequence[System] | None = None
) -> dict[str, str]:
    """Registers the systems and sits all of them at each child's plan. Plans by name.

    All parents agree to all, or to what the systems that are `agreed` may know.
    """
    desk = Desk(HOME, "test", hub.clock)
    plans = {}
    with hub.store.begin() as work:
        work.directory.put(systems)
    with hub.store.begin() as work:
        for name in (f"child-{number}" for number in range(children)):
            plans[name] = make_plan(work, desk, _facts(hub, name, systems if agreed is None else agreed), None).id
            for each in systems:
                link(work, desk, plans[name], each.id, ChildKey("own", f"{name}@{each.id}"))
    return plans


def agree(hub: Hub) -> None:
    """Somebody at a desk records that all parents agree to tell the kindergarten; what is recorded already stays."""
    desk, services = Desk(HOME, "desk", hub.clock), frozenset({SCHOOL.service, FETCHING.service})
    for name in (f"child-{number}" for number in range(AGREE_LATER)):
        consents = [replace(_consent(name, giver, services), id=f"later-{name}-{giver}") for giver in GIVERS]
        with hub.store.begin() as work:
            if consents[0].id in {each.id for each in work.persons.facts([name])[name].consents}:
                continue
            for each in consents:
                record(work, desk, each)
        hub.facts_changed(name)


def judge(hub: Hub) -> None:
    """The municipality's authority decides every proposal that is open; every other one, by its id, is accepted."""
    desk = Desk(HOME, "judge", hub.clock)
    with hub.store.begin() as work:
        plans = [work.plans.of_child(HOME, f"child-{number}") for number in range(AGREE_LATER)]
        found = [each for plan in plans if plan for each in work.proposals.of(HOME, plan)]
    for one in sorted(found, key=lambda each: each.id):
        if one.state != "open":
            continue
        with hub.store.begin() as work:
            said = decide_proposal(work, desk, one.id, Judgement(AUTHORITY, "as agreed"), accepted=accepts(one.id))
        assert isinstance(said, Proposal)
        hub.settle(said)


def accepts(proposal: str) -> bool:
    return int(proposal, 16) % 2 == 0


def says(name: str, turn: int) -> bytes:
    """What the school says of a child in a round."""
    measures = [measure("m1", f"Round {turn}"), measure("m2", "Quiet room at lunch")]
    return orjson.dumps(support_plan(f"{name}@{SCHOOL.id}", measures=measures))


def arrival(name: str, turn: int) -> Arrival:
    return Arrival(SCHOOL.id, HOME, uuid4().hex, SCHOOL_PLAN, says(name, turn))


def told(body: bytes) -> tuple[str, int]:
    """The child and the round that a delivered document tells of."""
    child, turn = _CHILD.search(body), _ROUND.search(body)
    assert child, body
    assert turn, body
    return child[1].decode(), int(turn[1])


def _facts(hub: Hub, name: str, systems: Sequence[System]) -> Facts:
    now = hub.clock.now()
    child = Child(
        name,
        HOME,
        birth_date=date(now.year - 8, 1, 2),
        guardians=(Guardian(f"{name}-mother", "mother"), Guardian(f"{name}-father", "father")),
        maturity=Maturity(False, "nurse-1", now.date(), "sharing"),
        hearing=now.date(),
        as_of=now,
    )
    services = frozenset(each.service for each in systems)
    consents = tuple(_consent(name, giver, services) for giver in GIVERS)
    led = Responsibility(child_coordinator="school")
    return Facts(child, consents=consents, responsibility=led, life=Life(begun=now))


def _consent(name: str, giver: str, services: frozenset[str]) -> Consent:
    return Consent(
        f"consent-{name}-{giver}",
        name,
        f"{name}-{giver}",
        giver,  # type: ignore[arg-type]  # one of two literals
        name,
        "yes",
        services,
        EVERYTHING,
        frozenset({"coordination"}),
        HOME,
        documented=True,
    )
