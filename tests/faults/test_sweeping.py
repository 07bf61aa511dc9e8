"""The sweep at work: what it does for one thing does not depend on how another fares."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from hub.bootstrap import build
from hub.model.envelope import fresh_id
from hub.model.task import Task
from hub.routing.queues import INTAKE
from hub.security.keys import new_master_key
from hub.settings import load_settings
from hub.worker import Worker
from tests.faults.mortal import REGISTRY
from tests.faults.village import FETCHING, SCHOOL, arrival, settle
from tests.journeys.systems import HOME


def test_a_task_that_nobody_knows_any_more_does_not_stop_what_was_lost_from_being_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its kind has gone with a version: it cannot go up. A part's ticket is lost, and comes all the same."""
    settings = {"master_key": new_master_key(), "broker_url": f"memory://{uuid4().hex}", "sweep_seconds": 0.05}
    hub = build(load_settings({}, database_url=f"sqlite:///{tmp_path / 'hub.sqlite3'}", **settings), registry=REGISTRY)
    hub.store.migrate()
    (plan,) = settle(hub, [SCHOOL, FETCHING], 1).values()
    long_ago = hub.clock.now() - timedelta(days=30)
    with hub.store.begin() as work:
        work.tasks.add([Task(fresh_id(), HOME, "gone", "school", long_ago, long_ago)])
    hub.reception.accept([arrival("child-0", 1)])
    broker, worker = hub.make_broker(), Worker(hub, ["sweep"])
    broker.settle(broker.take(INTAKE, 10, 1))
    worker.start()
    found = broker.take(INTAKE, 10, 10)
    worker.stop()
    broker.close()
    hub.close()

    assert [each.id for each in found] == [plan]
    assert "fault" in caplog.messages
