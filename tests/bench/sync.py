"""What one more update of a plan costs, processor time a changed element: as its history grows, and as the plan does.

Each update is a whole document in which ten elements differ, through doors 1 and 2, embedded. The history of the small
plan is real, with every part, delivery, decision and audit line of it; the larger plans' versions are written straight
into the store.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from hub.bootstrap import Hub, build
from hub.model.envelope import Arrival
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests.bench.timing import row
from tests.bench.town import HOME, KIND, SENDER, build_town

VERSIONS = tuple(int(each) for each in os.environ.get("BENCH_VERSIONS", "10 1000 10000").split())
ELEMENTS = tuple(int(each) for each in os.environ.get("BENCH_ELEMENTS", "10 100 500").split())
ROUNDS = 60
WARM = 20
TIME = "processor time per changed element"
CHANGED = 10
REAL = 10
"""Up to so many elements the history is sent message by message."""


def run() -> list[dict[str, Any]]:
    """Every size of plan at every length of history; then the largest over the smallest along each history."""
    return [each for elements in ELEMENTS for each in _of_size(elements)]


def _of_size(elements: int) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        hub = _hub(folder)
        (pupil,) = build_town(hub, 1)
        plain = _plain(Path(folder) / "floor.sqlite3", pupil, elements)
        turn, ratios = 0, []
        for versions in VERSIONS:
            turn = _grow(hub, pupil, elements, versions, turn)
            spent, floors = [], []
            for each in range(WARM + ROUNDS):  # side by side, since others use the machine too
                floor = _timed(plain)
                cost = _timed(partial(_update, hub, pupil, elements, turn + each))
                if each >= WARM:
                    floors.append(floor)
                    spent.append(cost)
            turn += WARM + ROUNDS
            found = row("sync", f"{elements} elements, {versions} versions", TIME, min(spent), "µs", min(floors))
            ratios.append(min(spent) / min(floors))
            yield found
        hub.close()
    yield row("sync", f"{elements} elements", "largest over smallest along the history", max(ratios) / min(ratios), "x")


def _timed(run: Callable[[], object]) -> float:
    """µs of processor time a changed element."""
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1e6 / CHANGED


def _hub(folder: str) -> Hub:
    urls = {"database_url": f"sqlite:///{folder}/bench.sqlite3", "broker_url": f"memory://{uuid4().hex}"}
    hub = build(load_settings({}, master_key=new_master_key(), **urls))
    hub.store.migrate()
    return hub


def _document(pupil: str, elements: int, turn: int) -> bytes:
    """Ten elements differ from one turn to the next, always others."""
    first = turn * CHANGED % elements
    new = {(first + step) % elements for step in range(CHANGED)}
    measures = [
        {
            "id": f"m{at}",
            "title": f"Measure {at}: {turn if at in new else ''}",
            "status": "active",
            "from": "2026-08-17",
        }
        for at in range(elements)
    ]
    return orjson.dumps({"schema": KIND, "pupil": {"id": pupil}, "measures": measures})


def _update(hub: Hub, pupil: str, elements: int, turn: int) -> int:
    body = _document(pupil, elements, turn)
    hub.reception.accept([Arrival(SENDER.id, HOME, f"m-{turn}", KIND, body)])
    hub.updates.run([_plan(hub)])
    return turn + 1


def _plan(hub: Hub) -> str:
    with hub.store.begin() as work:
        return work.plans.of_child(HOME, "child-0") or ""


def _grow(hub: Hub, pupil: str, elements: int, versions: int, turn: int) -> int:
    """The plan with that many versions."""
    id = _plan(hub)
    while (left := versions - _newest(hub, id)) > 0:
        if elements <= REAL:
            turn = _update(hub, pupil, elements, turn)
            continue
        with hub.store.begin() as work:
            plan = work.plans.lock([id], wait=True)[id]
            work.plans.add([(replace(plan, version=plan.version + step), None) for step in range(1, min(left, 50) + 1)])
    return turn


def _newest(hub: Hub, id: str) -> int:
    with hub.store.begin() as work:
        return work.plans.current([id])[id].version


def _plain(path: Path, pupil: str, elements: int) -> Callable[[], None]:
    """The floor: the same document read, and written in one plain transaction."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("create table versions (number integer primary key, value blob)")
    body = _document(pupil, elements, 0)

    def write() -> None:
        value = orjson.dumps(orjson.loads(body))
        database.execute("begin immediate")
        database.execute("insert into versions (value) values (?)", (value,))
        database.execute("commit")

    return write
