"""Several hundred systems behind one hub: what they cost it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from hub.bootstrap import build
from hub.model.envelope import Parcel
from hub.model.service import System
from hub.sdk import Posted
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests.conftest import rabbit_lines

KIND = "no.langbenk.school.v1.support-plan"
MANY = 12


def system(number: int) -> System:
    account = str(uuid4())
    return System(f"s-{number}", "9999", "school", "school", f"c-{number}", "310000000", "amqp", KIND, account=account)


@pytest.mark.services
def test_letters_to_many_systems_leave_by_few_connections(rabbit_url: str, tmp_path: Path) -> None:
    """Each system has a courier of its own, in a thread of its own; RabbitMQ has only so many files."""
    database, before = f"sqlite:///{tmp_path / 'hub.sqlite3'}", rabbit_lines()
    settings = {"master_key": new_master_key(), "account": str(uuid4())}
    hub = build(load_settings({}, database_url=database, broker_url=rabbit_url, **settings))
    answers = {}
    for each in [system(number) for number in range(MANY)]:
        parcel = Parcel(uuid4().hex, each.id, KIND, 1, b"{}")
        answers |= hub.make_courier(each).send(each, [parcel])
    lines = rabbit_lines() - before
    hub.close()

    assert list(answers.values()) == [Posted("accepted")] * MANY
    assert len(lines) == 1
