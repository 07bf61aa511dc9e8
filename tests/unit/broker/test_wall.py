"""No error of pika's, kombu's or an engine's leaves the room: every one they have is walked here."""

from __future__ import annotations

import inspect
from types import ModuleType

import amqp.exceptions
import kombu.exceptions
import pika.exceptions
import pytest
import redis.exceptions

from hub.broker.wall import FOREIGN, translate, translate_declare, translate_kombu
from hub.errors import LangbenkError, SetupError, TryAgainError


def errors_of(module: ModuleType) -> list[type[Exception]]:
    found = [each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, Exception)]
    return sorted({each for each in found if not issubclass(each, Warning)}, key=lambda each: each.__name__)


def bare(kind: type[Exception]) -> Exception:
    """An error as it may arrive, without minding what its constructor wants."""
    return kind.__new__(kind)


@pytest.mark.parametrize("kind", errors_of(pika.exceptions), ids=lambda kind: kind.__name__)
def test_every_error_of_pika_becomes_one_of_ours(kind: type[Exception]) -> None:
    for found in (translate(bare(kind), "here"), translate_declare(bare(kind), "here", "queue")):
        assert isinstance(found, SetupError | TryAgainError)


@pytest.mark.parametrize(
    "kind",
    [*errors_of(kombu.exceptions), *errors_of(amqp.exceptions), *errors_of(redis.exceptions)],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_every_error_of_kombu_and_its_engines_is_caught_and_becomes_one_of_ours(kind: type[Exception]) -> None:
    assert issubclass(kind, FOREIGN)
    assert isinstance(translate_kombu(bare(kind), "here"), SetupError | TryAgainError)


def test_one_of_our_own_passes_the_wall_unchanged() -> None:
    ours = SetupError("as it was")

    assert translate(ours, "here") is ours


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (pika.exceptions.ProbableAuthenticationError("x"), SetupError),
        (pika.exceptions.ConnectionClosedByBroker(403, "ACCESS_REFUSED"), SetupError),
        (pika.exceptions.ConnectionClosedByBroker(320, "CONNECTION_FORCED"), TryAgainError),
        (pika.exceptions.ChannelClosedByBroker(406, "delivery acknowledgement timed out"), TryAgainError),
        (OSError("no route"), TryAgainError),
    ],
)
def test_what_only_the_operator_can_mend_stops_and_the_rest_waits(
    error: Exception, expected: type[LangbenkError]
) -> None:
    assert isinstance(translate(error, "here"), expected)


def test_a_queue_that_cannot_be_made_is_a_matter_of_set_up_with_its_way_out() -> None:
    other = pika.exceptions.ChannelClosedByBroker(406, "PRECONDITION_FAILED")

    assert "rabbitmqctl delete_queue langbenk.intake" in str(translate_declare(other, "here", "langbenk.intake"))


def test_a_refused_login_never_shows_what_the_broker_said_of_it() -> None:
    refused = pika.exceptions.ProbableAuthenticationError("user hemmelig refused")

    assert "hemmelig" not in str(translate(refused, "here"))
