"""Whoever decides proposals is killed between a decision and what follows: each is told once, and made true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Any
from uuid import uuid4

import orjson
import pytest

from hub.model.envelope import PROPOSAL_ANSWER, Arrival
from hub.model.official import Official
from hub.ops.enrol import Desk
from hub.ops.officials import authorise
from tests.faults.conftest import Ground
from tests.faults.crew import Crew
from tests.faults.outside import Fetcher
from tests.faults.village import AGREE_LATER, AUTHORITY, FETCHING, SCHOOL, accepts, arrival, settle, told
from tests.journeys.systems import HOME, NURSERY_PLAN

pytestmark = pytest.mark.services
WORKERS = {"intake": 3, "sweep": 4}
PATIENCE = 120.0
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 20))]


@dataclass
class Scene:
    """The school's word of every child has come to the kindergarten, which would have it otherwise."""

    ground: Ground
    fetcher: Fetcher
    crew: Crew

    def until(self, reached: Callable[[], bool]) -> None:
        end = monotonic() + PATIENCE
        while not (reached() and self.ground.at_rest()):
            self.crew.look_after(0.1)
            rows = "SELECT state, count(*) FROM deliveries GROUP BY 1"
            assert monotonic() < end, (self.ground.sql(rows), len(self.fetcher.told), self.crew.fell)

    def states(self) -> dict[str, set[str]]:
        """What the kindergarten was told of each of its proposals."""
        found = defaultdict(set)
        for one in self.fetcher.told:
            said = orjson.loads(one.body)
            found[said["proposal"]].add(said["state"])
        return found


def play(ground: Ground, seed: int) -> Scene:
    with ExitStack() as stack:
        hub = ground.hub()
        stack.callback(hub.close)
        names = list(settle(hub, [SCHOOL, FETCHING], AGREE_LATER))
        with hub.store.begin() as work:
            authorise(
                work, Desk(HOME, "test", hub.clock), [Official(AUTHORITY, HOME, frozenset({"decision_authority"}))]
            )
        school, fetcher = (Fetcher(hub, each, Random(seed)) for each in (SCHOOL, FETCHING))
        for outside in (school, fetcher):
            stack.callback(outside.open().close)
        workers = Crew(ground.settings, WORKERS, seed, ground.chronicle)
        stack.callback(workers.close)
        scene = Scene(ground, fetcher, workers)
        hub.reception.accept([arrival(name, 1) for name in names])
        scene.until(lambda: len({told(got.body)[0] for got in fetcher.got}) == AGREE_LATER)
        hub.reception.accept([otherwise(got.body) for got in newest(fetcher)])
        scene.until(lambda: ground.sql("SELECT count(*) FROM proposals")[0][0] == AGREE_LATER)
        judges = Crew(ground.settings, {"judge": 6}, seed, ground.chronicle)
        stack.callback(judges.close)
        scene.until(lambda: judges.look_after(0.1) is None and len(scene.states()) == AGREE_LATER)
    scene.crew.fell += judges.fell
    return scene


def newest(fetcher: Fetcher) -> list[Any]:
    return list({told(got.body)[0]: got for got in fetcher.got}.values())


def otherwise(body: bytes) -> Arrival:
    """The view sent back with another word for what the school does."""
    return Arrival(FETCHING.id, HOME, uuid4().hex, NURSERY_PLAN, body.replace(b"Round 1", b"Round 2"))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_proposer_is_told_once_and_right_though_whoever_decided_was_killed(ground: Ground, seed: int) -> None:
    scene = play(ground, seed)
    decided = dict(ground.sql("SELECT id, state FROM proposals"))
    rows = ground.sql("SELECT state, count(*) FROM deliveries WHERE kind = %s GROUP BY 1", PROPOSAL_ANSWER)

    assert (scene.crew.fell, scene.crew.stubborn) == ([], [])
    assert "judge: before look" in ground.chronicle.read_text().splitlines()
    assert decided == {id: "accepted" if accepts(id) else "declined" for id in decided}
    assert scene.states() == {id: {state} for id, state in decided.items()}
    assert rows == [("delivered", AGREE_LATER)]
    assert the_plans_hold_what_was_accepted(ground) == list(decided.values()).count("accepted")


def the_plans_hold_what_was_accepted(ground: Ground) -> int:
    """How many plans now say what the kindergarten proposed."""
    with closing(ground.hub()) as hub, hub.store.begin() as work:
        ids = [work.plans.of_child(HOME, f"child-{number}") or "" for number in range(AGREE_LATER)]
        plans = work.plans.current(ids).values()
    return sum(any(each.content.get("title") == "Round 2" for each in plan.elements.values()) for plan in plans)
