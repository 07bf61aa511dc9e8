"""A real store on a SQLite file, a desk in one municipality, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.model.service import System
from hub.ops.enrol import Desk
from hub.ports import Store
from hub.security.keys import load_keys, new_master_key
from hub.storage import open_store

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
SCHOOL = System(
    id="school-1",
    municipality="0001",
    service="school",
    adapter="school",
    client_id="client-school",
    organisation="999888777",
)


@dataclass
class StandingClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'hub.db'}", load_keys(new_master_key()), clock)
    opened.migrate()
    with opened.begin() as work:
        work.directory.put([SCHOOL])
    yield opened
    opened.close()


@pytest.fixture
def desk(clock: StandingClock) -> Desk:
    return Desk("0001", "control-1", clock)


@pytest.fixture
def elsewhere(clock: StandingClock) -> Desk:
    return Desk("0002", "control-2", clock)
