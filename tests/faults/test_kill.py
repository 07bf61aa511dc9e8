"""Workers are killed at seeded events while five hundred messages flow; when all is at rest, nothing may be amiss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from random import Random
from time import monotonic

import pytest

from hub.bootstrap import Hub
from hub.model.envelope import Receipt
from tests.faults.conftest import Ground
from tests.faults.crew import Crew
from tests.faults.outside import Correspondent, Fetcher, Got
from tests.faults.pushed import Api
from tests.faults.village import (
    FETCHING,
    PUSHED,
    SCHOOL,
    WRITTEN_TO,
    Account,
    arrival,
    make_account,
    says,
    settle,
    told,
)
from tests.journeys.systems import SCHOOL_PLAN

pytestmark = pytest.mark.services
POSTS = {"intake.1": 6, "intake.2": 6, "deliver.1": 6, "deliver.2": 6, "front": 4, "sweep": 3}
CHILDREN, ROUNDS = 25, 20
BY_LETTER = 5
"""So many children's messages come as letters over AMQP, the others' through the reception."""
PATIENCE = 240.0
SEEDS = [*range(3), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 20))]


@pytest.fixture(scope="module")
def accounts(rabbit_user: Callable[[tuple[str, str, str]], tuple[str, str]]) -> dict[str, Account]:
    return {each.id: make_account(rabbit_user) for each in (SCHOOL, WRITTEN_TO)}


@dataclass
class Scene:
    """Everybody who takes part."""

    ground: Ground
    hub: Hub
    names: list[str]
    crew: Crew
    api: Api
    fetcher: Fetcher
    school: Correspondent
    ppt: Correspondent

    def received(self) -> Mapping[str, list[Got]]:
        """By system, in the order of arrival. Over HTTP no version travels: it is looked up."""
        version = dict(self.ground.sql("SELECT id, version FROM deliveries WHERE system = %s", PUSHED.id))
        pushed = [Got(id, version[id], body) for id, body in self.api.calls]
        return {FETCHING.id: self.fetcher.got, WRITTEN_TO.id: self.ppt.got, PUSHED.id: pushed}

    def until(self, reached: Callable[[], bool]) -> None:
        end = monotonic() + PATIENCE
        while not reached():
            self.crew.look_after(0.1)
            rows = "SELECT system, state, count(*), max(attempts) FROM deliveries GROUP BY 1, 2"
            assert monotonic() < end, (self.ground.sql(rows), len(self.school.replies), self.crew.fell)


def play(ground: Ground, accounts: Mapping[str, Account], seed: int) -> Scene:
    """Everybody speaks, receives, dies and comes back, until all is at rest."""
    with ExitStack() as stack:
        api, hub = Api(), ground.hub()
        stack.callback(hub.close)
        stack.callback(api.close)
        pushed = replace(PUSHED, settings={"url": api.url})
        spoken = {each.id: accounts[each.id].of(each) for each in (SCHOOL, WRITTEN_TO)}
        names = list(settle(hub, [*spoken.values(), FETCHING, pushed], CHILDREN))
        school, ppt = (Correspondent(hub, each, accounts[each.id].address) for each in spoken.values())
        fetcher = Fetcher(hub, FETCHING, Random(seed))
        for outside in (school, ppt, fetcher):
            stack.callback(outside.open().close)
        crew = Crew(ground.settings, POSTS, seed, ground.chronicle)
        scene = Scene(ground, hub, names, crew, api, fetcher, school, ppt)
        stack.callback(crew.close)
        speak(scene)
        scene.until(lambda: ground.at_rest() and len(school.replies) == BY_LETTER * ROUNDS)
    return scene


def speak(scene: Scene) -> None:
    """Round after round about every child; the next when most of the last has been taken up."""
    by_letter, spoken = scene.names[:BY_LETTER], scene.names[BY_LETTER:]
    for turn in range(1, ROUNDS + 1):
        scene.school.outbox += [(SCHOOL_PLAN, says(name, turn)) for name in by_letter]
        for start in range(0, len(spoken), 5):
            answers = scene.hub.reception.accept([arrival(name, turn) for name in spoken[start : start + 5]])
            assert all(isinstance(answer, Receipt) for answer in answers)
        scene.until(lambda: scene.ground.sql("SELECT count(*) FROM parts WHERE open")[0][0] < CHILDREN)


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_workers_lose_nothing_and_have_each_effect_once(
    ground: Ground, accounts: dict[str, Account], seed: int
) -> None:
    scene = play(ground, accounts, seed)

    workers_died_of_nothing_else(scene)
    ledgers_add_up(scene)
    for system, got in scene.received().items():
        each_delivery_has_one_receipt(ground, system, got)
        each_plan_came_in_order(scene, system, got)
        nothing_left_without_a_decision(ground, system)


def workers_died_of_nothing_else(scene: Scene) -> None:
    died = scene.ground.chronicle.read_text().splitlines()
    assert (scene.crew.fell, scene.crew.stubborn) == ([], [])
    assert len(died) >= 12
    assert "deliver: after send" in died


def ledgers_add_up(scene: Scene) -> None:
    """Every part and every delivery has ended; a letter that came again after a death has its line too."""
    with closing(scene.ground.hub()) as hub, hub.store.begin() as work:
        parts, deliveries = dict(work.tally.parts()), dict(work.tally.deliveries())
        assert work.audit.verify()
    parts.pop("duplicate", 0)
    assert parts == {"merged": CHILDREN * ROUNDS}
    assert set(deliveries) == {"delivered", "superseded"}
    assert scene.ground.sql("SELECT subject, code FROM set_aside") == []


def each_delivery_has_one_receipt(ground: Ground, system: str, got: list[Got]) -> None:
    """What came again under one id is the same, byte for byte; and what has a receipt has come."""
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for one in got:
        bodies[one.id].add(one.body)
    receipts = ground.sql(
        "SELECT d.id, d.state, count(a.subject) FROM deliveries d LEFT JOIN audit a ON a.subject = d.id"
        " AND position('delivery.delivered' IN convert_from(a.entry, 'UTF8')) > 0"
        " WHERE d.system = %s GROUP BY 1, 2",
        system,
    )
    assert {len(each) for each in bodies.values()} == {1}
    assert {(state, count) for _, state, count in receipts} == {("delivered", 1), ("superseded", 0)}
    assert {id for id, state, _ in receipts if state == "delivered"} <= bodies.keys()


def each_plan_came_in_order(scene: Scene, system: str, got: list[Got]) -> None:
    """Versions never go back, nor what they tell; and the last tells what the plan's newest version says."""
    seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in got:
        child, turn = told(one.body)
        seen[child].append((one.version, turn))
    assert set(seen) == set(scene.names)
    assert [child for child, came in seen.items() if came != sorted(came)] == []
    assert [child for child, came in seen.items() if came[-1][1] != ROUNDS] == []


def nothing_left_without_a_decision(ground: Ground, system: str) -> None:
    undecided = ground.sql(
        "SELECT id FROM deliveries d WHERE system = %s AND sent_at IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM decisions WHERE delivery = d.id AND stage = 'dispatch')",
        system,
    )
    assert undecided == []
