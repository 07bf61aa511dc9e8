"""Updates a second through all three doors, beside what the broker alone can do in the same run.

Embedded: SQLite and `memory://` in this process. Services: in by AMQP letters, out by four mailboxes, two equal
processes. Every figure is the median of five rounds; a round sends one update for each plan and ends when all receipts
are committed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg

from hub.bootstrap import Hub, build
from hub.broker import open_broker, open_door
from hub.cli.run import calm_collector
from hub.errors import LangbenkError
from hub.model.envelope import Arrival
from hub.model.service import System
from hub.ports import Ticket
from hub.routing.pipeline import work_turn
from hub.routing.queues import INTAKE
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests import rabbit
from tests.bench.ground import HUB_ACCOUNT, cpu_used, equal_processes, fresh_database, fresh_vhost, memory_used
from tests.bench.passing import passed_on
from tests.bench.process import empty
from tests.bench.town import HOME, KIND, RECEIVERS, SENDER, build_town, document

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
PLANS = int(os.environ.get("BENCH_PLANS", "1000"))


def run() -> list[dict[str, Any]]:
    """Both set-ups; the second only where PostgreSQL and RabbitMQ answer."""
    return [*embedded(), *services()]


def embedded() -> list[dict[str, Any]]:
    """One process, one core."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            {},
            database_url=f"sqlite:///{folder}/bench.sqlite3",
            broker_url=f"memory://{uuid4().hex}",
            master_key=new_master_key(),
        )
        hub = build(settings)
        hub.store.migrate()
        pupils = build_town(hub, PLANS)
        calm_collector()  # as `langbenk serve` does
        rates, cpu = [], []
        for turn in range(ROUNDS + 1):
            began, used = time.perf_counter(), time.process_time()
            _one_round(hub, pupils, turn)
            if turn:  # the first makes the plans
                rates.append(PLANS / (time.perf_counter() - began))
                cpu.append((time.process_time() - used) * 1000 / PLANS)
        _check(hub, PLANS * (ROUNDS + 1))
        hub.close()
    rate = statistics.median(rates)
    return [
        _row("embedded", "updates", rate, "1/s", None),
        _row("embedded", "deliveries", rate * len(RECEIVERS), "1/s", None),
        _row("embedded", "cpu python", statistics.median(cpu), "ms/update", None),
    ]


def services() -> list[dict[str, Any]]:
    """Two processes over RabbitMQ and PostgreSQL."""
    try:
        rabbit.manager()
        with fresh_database():
            pass
    except (rabbit.Unavailable, psycopg.OperationalError):
        return [_row("services", "skipped", 0.0, "RabbitMQ or PostgreSQL does not answer", None)]
    with fresh_vhost(rabbit.manager()) as (broker, _, _):
        floor = _floor(broker)
    return _service_rows(laps(ROUNDS, PLANS), floor)


def laps(rounds: int, plans: int) -> list[dict[str, float]]:
    """One update for each plan and round: see `_lap`. The ledgers are counted afterwards."""
    with fresh_database() as url, fresh_vhost(rabbit.manager()) as (broker, user, sender):
        settings = load_settings(
            {}, database_url=url, broker_url=broker, master_key=new_master_key(), account=HUB_ACCOUNT
        )
        hub = build(settings)
        hub.store.migrate()
        pupils = build_town(hub, plans)
        with hub.store.begin() as work:
            work.directory.put([_with_user(user)])
        door = open_door(broker, HUB_ACCOUNT)
        door.take(1, 0)  # makes the hub's queue
        door.close()
        with equal_processes(settings) as processes:
            done = [_lap(hub, sender, pupils, processes, turn) for turn in range(rounds + 1)]
        _check(hub, plans * (rounds + 1))
        hub.close()
    return done[1:]  # the first makes the plans


def _service_rows(laps: list[dict[str, float]], floor: dict[str, float]) -> list[dict[str, Any]]:
    middle = {name: statistics.median(lap[name] for lap in laps) for name in laps[0]}
    messages = middle["rate"] * (1 + len(RECEIVERS))
    rows = [
        _row("services", "updates", middle["rate"], "1/s", None),
        _row("services", "deliveries", middle["rate"] * len(RECEIVERS), "1/s", None),
        _row("services", "messages in and out", messages, "1/s", floor["publish"]),
        _row("services", "the same beside FastStream passing them on", messages, "1/s", floor["passing"]),
        _row("floor", "raw publish and confirm", floor["publish"], "1/s", None),
        _row("floor", "raw consume and ack", floor["consume"], "1/s", None),
    ]
    for name in ("python", "postgres", "rabbit"):
        rows.append(_row("services", f"cpu {name}", middle[name], "ms/update", None))
    return [*rows, _row("services", "memory of both processes, beside the first round", *_memory(laps))]


def _memory(laps: list[dict[str, float]]) -> tuple[float, str, float]:
    return laps[-1]["memory"], "MB", laps[0]["memory"]


def _one_round(hub: Hub, pupils: list[str], turn: int) -> None:
    broker = hub.make_broker()
    for start in range(0, len(pupils), 64):
        hub.reception.accept(
            [Arrival(SENDER.id, HOME, uuid4().hex, KIND, document(pupil, turn)) for pupil in pupils[start : start + 64]]
        )
        work_turn(broker, INTAKE, hub.updates.run, 64, 0)
    while work_turn(broker, INTAKE, hub.updates.run, 64, 0):
        pass
    for receiver in RECEIVERS:
        while empty(hub, receiver):
            pass
    broker.close()


def _lap(
    hub: Hub, sender: Any, pupils: list[str], processes: list[subprocess.Popen[str]], turn: int
) -> dict[str, float]:
    """One update for each plan: updates a second, CPU ms an update by process, and MB when it is done."""
    before, began = cpu_used(processes), time.perf_counter()
    sender(pupils, turn)
    _wait(hub, (turn + 1) * len(pupils) * len(RECEIVERS), processes)
    seconds, after = time.perf_counter() - began, cpu_used(processes)
    cpu = {name: (after[name] - before[name]) * 1000 / len(pupils) for name in after}
    return {"rate": len(pupils) / seconds, "memory": memory_used(processes), **cpu}


def _wait(hub: Hub, wanted: int, processes: list[subprocess.Popen[str]]) -> None:
    """Until so many receipts are committed. Each answer reads the whole ledger, so it is asked seldom until the end."""
    until, nearly = time.monotonic() + 300, wanted - PLANS * len(RECEIVERS) // 10
    while time.monotonic() < until:
        with hub.store.begin() as work:
            found = work.tally.deliveries(HOME).get("delivered", 0)
        if found >= wanted:
            return
        if any(process.poll() is not None for process in processes):
            raise LangbenkError("a process of the bench has stopped")
        time.sleep(0.03 if found >= nearly else 0.3)
    raise LangbenkError("the bench did not come to rest in five minutes")


def _check(hub: Hub, wanted: int) -> None:
    """Counts by SQL what must be there; a mismatch fails the bench."""
    with hub.store.begin() as work:
        parts, deliveries = dict(work.tally.parts(HOME)), dict(work.tally.deliveries(HOME))
        dispatched = sum(work.tally.decisions(HOME, "dispatch").values())
        forwarded = sum(work.tally.decisions(HOME, "forward").values())
    found = (parts, deliveries, forwarded, dispatched)
    right = ({"merged": wanted}, {"delivered": wanted * 4}, wanted * 4, wanted * 4)
    if found != right:
        raise LangbenkError(f"the ledgers do not say what was sent: {found}, wanted {right}")


def _floor(url: str) -> dict[str, float]:
    """What the broker does with bare ids in pipelined batches, and FastStream with the letters, in the same run."""
    broker, count = open_broker(url), 20_000
    queue = "langbenk.floor"
    tickets = [Ticket(queue, str(number)) for number in range(count)]
    began = time.perf_counter()
    for start in range(0, count, 500):
        broker.publish(tickets[start : start + 500])
    published = time.perf_counter()
    taken = 0
    while taken < count:
        found = broker.take(queue, 500, 1.0)
        broker.settle(found)
        taken += len(found)
    done = time.perf_counter()
    broker.close()
    passing = passed_on(url, [document(f"pupil-{number}", 1) for number in range(5_000)])
    return {"publish": count / (published - began), "consume": count / (done - published), "passing": passing}


def _with_user(user: str) -> System:
    return replace(SENDER, amqp_user=user)


def _row(case: str, metric: str, value: float, unit: str, floor: float | None) -> dict[str, Any]:
    ratio = value / floor if floor else None
    return {
        "bench": "flow",
        "case": case,
        "metric": metric,
        "value": value,
        "unit": unit,
        "floor": floor,
        "ratio": ratio,
    }
