"""A hundred thousand messages in and out over RabbitMQ and PostgreSQL, and a worker holds no more than before."""

from __future__ import annotations

import pytest

from tests.bench.flow import laps

pytestmark = [pytest.mark.long, pytest.mark.services]

ROUNDS, PLANS = 20, 1_000
"""Each update is one message in and four out."""


def test_memory_stays_where_it_was_over_a_hundred_thousand_messages() -> None:
    memory = [lap["memory"] for lap in laps(ROUNDS, PLANS)]

    settled = memory[ROUNDS // 4]
    assert memory[-1] <= settled * 1.15, f"MB after each round: {[round(each) for each in memory]}"
