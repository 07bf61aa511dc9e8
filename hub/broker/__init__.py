"""Brokers: kombu's memory and other engines when embedded, RabbitMQ through pika in production, and the AMQP door."""

from __future__ import annotations

from urllib.parse import urlsplit

from hub.broker import names
from hub.broker.door import RabbitDoor
from hub.broker.kombu_broker import KombuBroker
from hub.broker.rabbit import RabbitBroker
from hub.errors import SetupError
from hub.ports import Broker, Door

RABBIT = frozenset({"amqp", "amqps"})


def open_broker(url: str, *, delivery_limit: int = names.DELIVERY_LIMIT) -> Broker:
    """One instance for one thread. Connects when first used."""
    scheme = urlsplit(url).scheme
    if not scheme:
        raise SetupError("the broker's address has no scheme; use amqp://, redis:// or memory://")
    kept = RabbitBroker if scheme in RABBIT else KombuBroker
    return kept(url, delivery_limit=delivery_limit)


def open_door(url: str, account: str) -> Door:
    """The AMQP door; `account` is the hub's own Fiks IO account. One instance for one thread."""
    return RabbitDoor(url, account)


__all__ = ["open_broker", "open_door"]
