"""How long a delivery may wait is the operator's to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.bootstrap import build
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests.conftest import StandingClock
from tests.rows import enrol


@pytest.mark.parametrize(("days", "expired"), [(2, 1), (30, 0)])
def test_a_delivery_that_nobody_takes_expires_after_the_days_that_are_set(
    tmp_path: Path, clock: StandingClock, days: int, expired: int
) -> None:
    settings = load_settings(
        {}, master_key=new_master_key(), database_url=f"sqlite:///{tmp_path}/hub.sqlite3", delivery_days=days
    )
    hub = build(settings, clock=clock)
    hub.store.migrate()
    one = enrol(hub.store)
    with hub.store.begin() as work:
        work.deliveries.add([one.delivery()._replace(created_at=clock.now())])
    clock.go_on(days=3)

    assert hub.sweep.expire() == expired
    hub.close()
