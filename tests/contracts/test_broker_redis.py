"""The broker contract on Redis, one of the engines that kombu opens."""

from __future__ import annotations

import pytest

from hub.broker import open_broker
from hub.errors import TryAgainError
from tests.contracts.broker import BrokerContract, tickets


@pytest.mark.services
class TestRedis(BrokerContract):
    @pytest.fixture
    def url(self, redis_url: str) -> str:
        return redis_url


def test_a_redis_that_is_away_is_to_be_tried_again() -> None:
    broker = open_broker("redis://127.0.0.1:1/0")
    with pytest.raises(TryAgainError, match="does not answer"):
        broker.publish(tickets("langbenk.intake", 1))
