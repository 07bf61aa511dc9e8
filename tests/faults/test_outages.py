"""Real workers, whose connections are cut under their hands: they say so once, come back, and nothing is lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from threading import Event
from time import monotonic

import pytest

from hub.bootstrap import Hub
from hub.errors import TryAgainError
from hub.model.envelope import Arrival, Receipt
from hub.ports import Ticket
from hub.routing.queues import INTAKE
from hub.worker import Worker
from tests.faults.conftest import Ground
from tests.faults.pushed import Api
from tests.faults.village import FETCHING, PUSHED, SCHOOL, arrival, settle, told

pytestmark = pytest.mark.services
PATIENCE = 60.0
CHILDREN = 10


@dataclass
class Works:
    """A hub at work on every kind of loop, and the API it delivers to."""

    ground: Ground
    hub: Hub
    worker: Worker
    api: Api
    names: list[str]

    def say(self, turn: int) -> None:
        """As a sender does: again under the same ids until there is a receipt."""
        arrivals = [arrival(name, turn) for name in self.names]
        until(lambda: self._accepted(arrivals))

    def told(self, turn: int) -> bool:
        """Whether everybody has been told of this round, and all is at rest."""
        with self.api.lock:
            heard = {told(body) for _, body in self.api.calls}
        return {(name, turn) for name in self.names} <= heard and self._pushed_at_rest()

    def _accepted(self, arrivals: list[Arrival]) -> bool:
        try:
            return all(isinstance(each, Receipt) for each in self.hub.reception.accept(arrivals))
        except TryAgainError:
            return False

    def _pushed_at_rest(self) -> bool:
        ((busy,),) = self.ground.sql(
            "SELECT EXISTS (SELECT FROM parts WHERE open)"
            " OR EXISTS (SELECT FROM deliveries WHERE open AND system = %s)",
            PUSHED.id,
        )
        return not busy


def until(reached: Callable[[], bool]) -> None:
    """Asks again and again, for a bounded time."""
    end, pause = monotonic() + PATIENCE, Event()
    while not reached():
        assert monotonic() < end
        pause.wait(0.05)


@pytest.fixture
def works(ground: Ground) -> Iterator[Works]:
    with ExitStack() as stack:
        api, hub = Api(), ground.hub()
        stack.callback(hub.close)
        stack.callback(api.close)
        names = list(settle(hub, [SCHOOL, FETCHING, replace(PUSHED, settings={"url": api.url})], CHILDREN))
        worker = Worker(hub)
        worker.start()
        stack.callback(worker.stop)
        yield Works(ground, hub, worker, api, names)


@pytest.mark.parametrize("cut", ["cut_database", "cut_broker"])
def test_a_worker_whose_connections_are_cut_comes_back_and_loses_nothing(
    works: Works, cut: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "hub")
    works.say(1)
    until(lambda: works.told(1))
    getattr(works.ground, cut)()
    works.say(2)
    until(lambda: works.told(2))
    works.say(3)
    getattr(works.ground, cut)()
    until(lambda: works.told(3))
    until(lambda: _said(caplog, "back") == _said(caplog, "unavailable"))

    ids = [id for id, _ in works.api.calls]
    delivered = works.ground.sql("SELECT id FROM deliveries WHERE state = 'delivered' AND system = %s", PUSHED.id)
    assert {id for (id,) in delivered} <= set(ids)
    assert works.ground.sql("SELECT count(*) FROM parts WHERE state = 'merged'") == [(3 * CHILDREN,)]
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_database_error_of_one_row_sets_that_part_alone_aside(works: Works) -> None:
    """The second thing that is said of one child cannot be written: its neighbours can, before it and after it."""
    works.ground.database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.plan = (SELECT id FROM plans WHERE child = 'child-3') AND NEW.part ="
        " (SELECT id FROM parts WHERE plan = NEW.plan AND number = 2) THEN RAISE 'no room'; END IF;"
        " RETURN NEW; END $$;"
        " CREATE TRIGGER refuse BEFORE INSERT ON plan_versions FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    for turn in (1, 2, 3):
        works.say(turn)
    until(lambda: works.told(3))

    ends = works.ground.sql("SELECT state, code, child, number FROM parts WHERE state <> 'merged'")
    assert ends == [("set_aside", "not_storable", "child-3", 2)]


def test_a_plan_that_another_worker_holds_is_done_when_it_is_free(ground: Ground) -> None:
    with ExitStack() as stack:
        hub, other = ground.hub(), ground.hub()
        stack.callback(hub.close)
        stack.callback(other.close)
        plans = settle(hub, [SCHOOL, FETCHING], 2)
        hub.reception.accept([arrival(name, 1) for name in plans])
        with other.store.begin() as work:
            work.plans.lock([plans["child-0"]])
            updating = threading.Thread(target=hub.updates.run, args=(list(plans.values()),))
            updating.start()
            until(lambda: _open(ground) == ["child-0"])
        updating.join(PATIENCE)

        assert _open(ground) == []


def test_a_worker_stops_when_it_is_told_to(works: Works) -> None:
    works.say(1)
    until(lambda: works.told(1))
    names = {"intake", "directed", "receivers", "sweep", f"deliver.{PUSHED.id}"}
    at_work = {thread.name for thread in threading.enumerate()}
    works.worker.stop()

    assert names <= at_work
    assert not names & {thread.name for thread in threading.enumerate()}


def test_tickets_that_the_broker_gave_up_on_become_rows_whichever_process_sweeps(ground: Ground) -> None:
    with ExitStack() as stack:
        hub = ground.hub()
        stack.callback(hub.close)
        settle(hub, [SCHOOL, FETCHING, replace(PUSHED, settings={"url": "http://127.0.0.1:1/"})], 1)
        broker = hub.make_broker()
        stack.callback(broker.close)
        broker.publish([Ticket(f"{queue}.aside", "lost") for queue in (INTAKE, f"langbenk.deliver.{PUSHED.id}")])
        worker = Worker(hub, ["sweep"])
        worker.start()
        stack.callback(worker.stop)

        until(lambda: ground.sql("SELECT count(*) FROM set_aside WHERE code = 'tried_too_often'") == [(2,)])


def _open(ground: Ground) -> list[str]:
    return [child for (child,) in ground.sql("SELECT child FROM parts WHERE open")]


def _said(caplog: pytest.LogCaptureFixture, word: str) -> int:
    return sum(record.getMessage() == word for record in caplog.records)
