"""Queue names and arguments, and that the definitions for operators say the same as the code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.broker import door, names
from hub.routing.queues import deliver_queue

DEFINITIONS = json.loads((Path(__file__).parents[3] / "deploy/rabbitmq/definitions.json").read_text())


def in_code() -> dict[str, names.Arguments]:
    queues = {queue: names.arguments(queue) for fixed in names.FIXED for queue in (fixed, names.aside(fixed))}
    return {**queues, door.EXPIRED: door.arguments(door.EXPIRED)}


def test_the_definitions_hold_the_queues_of_the_code_with_the_same_arguments() -> None:
    defined = {queue["name"]: queue["arguments"] for queue in DEFINITIONS["queues"]}

    assert defined == in_code()


def test_the_definitions_make_everything_durable_in_one_virtual_host() -> None:
    for thing in (*DEFINITIONS["queues"], *DEFINITIONS["exchanges"]):
        assert thing["durable"] is True
        assert thing["vhost"] == "langbenk"


def test_the_definitions_hold_the_door_for_systems_and_no_login() -> None:
    assert [(each["name"], each["type"]) for each in DEFINITIONS["exchanges"]] == [(door.SEND, "direct")]
    assert "users" not in DEFINITIONS


def test_a_slow_receiver_has_a_queue_of_its_own() -> None:
    assert deliver_queue("skole-1") == "langbenk.deliver.skole-1"


def test_what_lies_aside_is_never_dropped() -> None:
    assert names.arguments("langbenk.intake.aside")["x-delivery-limit"] == names.UNLIMITED
    assert "x-dead-letter-exchange" not in names.arguments("langbenk.intake.aside")


def test_a_systems_user_may_write_to_the_hub_read_its_own_queue_and_make_nothing() -> None:
    account = "0b8d9a63-9c75-4bd8-8d4f-0c9f5f3f7a11"

    assert door.permissions(account) == ("^$", r"^fiksio\.send$", rf"^fiksio\.konto\.{account}$".replace("-", r"\-"))


@pytest.mark.parametrize("queue", [*names.FIXED, deliver_queue("a")])
def test_every_queue_counts_tries_and_loses_nothing_on_the_way_aside(queue: str) -> None:
    said = names.arguments(queue)

    assert said["x-delivery-limit"] == names.DELIVERY_LIMIT
    assert said["x-dead-letter-routing-key"] == names.aside(queue)
    assert said["x-dead-letter-strategy"] == "at-least-once"
