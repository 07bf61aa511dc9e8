"""The AMQP door: what a system can do there, what it cannot, and what becomes of letters nobody fetches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from uuid import uuid4

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from hub.broker import fiks, open_door
from hub.broker.door import SEND, RabbitDoor, permissions
from hub.errors import SetupError
from hub.ports import Letter

pytestmark = pytest.mark.services
KIND = "no.langbenk.school.v1.support-plan"
SOON = 10.0
MakeUser = Callable[[tuple[str, str, str]], tuple[str, str]]


@dataclass
class Counterpart:
    """A sector system with plain pika, as a vendor would write it."""

    account: str
    user: str
    channel: pika.adapters.blocking_connection.BlockingChannel

    def send(
        self, to: str, headers: dict[str, str], body: bytes = b"{}", *, signed: bool = True, ttl: str = "600000"
    ) -> None:
        properties = pika.BasicProperties(headers=headers, expiration=ttl, user_id=self.user if signed else None)
        self.channel.basic_publish(SEND, fiks.queue(to), body, properties, mandatory=True)

    def fetch(self, count: int = 1, within: float = SOON) -> list[tuple[pika.BasicProperties, bytes]]:
        source = self.channel.consume(fiks.queue(self.account), auto_ack=True, inactivity_timeout=within)
        found = [(properties, body) for _, properties, body in islice(source, count)]
        self.channel.cancel()
        return found


@pytest.fixture
def hub_account() -> str:
    return str(uuid4())


@pytest.fixture
def door(rabbit_url: str, hub_account: str) -> Iterator[RabbitDoor]:
    door = RabbitDoor(rabbit_url, hub_account)
    door.take(1, 0)
    yield door
    door.close()


@pytest.fixture(scope="module")
def login(rabbit_user: MakeUser) -> tuple[str, str, str]:
    """One user for all tests here, since RabbitMQ's command takes a second to make each: account, name, address."""
    account = str(uuid4())
    return account, *rabbit_user(permissions(account))


@pytest.fixture
def system(door: RabbitDoor, login: tuple[str, str, str]) -> Iterator[Counterpart]:
    account, user, address = login
    door.admit([account])
    with pika.BlockingConnection(pika.URLParameters(address)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        system = Counterpart(account, user, channel)
        channel.queue_purge(fiks.queue(account))
        yield system


def headers(system: Counterpart, **more: str) -> dict[str, str]:
    return {"type": KIND, "avsender-id": system.account, "melding-id": str(uuid4()), **more}


def take(door: RabbitDoor) -> Letter:
    (letter,) = door.take(10, SOON)
    return letter


def eventually(door: RabbitDoor) -> Letter:
    """Dead letters take a moment on their way."""
    until = monotonic() + SOON
    while monotonic() < until:
        if found := door.take(10, 0.1):
            return found[0]
    raise AssertionError("no receipt came")


def test_a_letter_from_a_system_comes_with_its_words_and_its_validated_user(
    door: RabbitDoor, system: Counterpart, hub_account: str
) -> None:
    sent = headers(
        system, **{"egendefinert-header.klientMeldingId": "k1", "avsender-navn": "Skole", "x-own": "dropped"}
    )
    system.send(hub_account, sent, b"body")
    letter = take(door)

    assert (letter.account, letter.type, letter.id, letter.body) == (system.account, KIND, sent["melding-id"], b"body")
    assert letter.headers == {fiks.CLIENT_MESSAGE: "k1", "avsender-navn": "Skole"}
    assert letter.user == system.user


def test_the_old_spelling_of_the_correlation_is_read(door: RabbitDoor, system: Counterpart, hub_account: str) -> None:
    system.send(hub_account, headers(system, **{"egendefinert-header.klientKorrelasjonId": "dialogue"}))

    assert take(door).headers == {fiks.CORRELATION: "dialogue"}


def test_a_letter_without_a_validated_user_has_none(door: RabbitDoor, system: Counterpart, hub_account: str) -> None:
    system.send(hub_account, headers(system), signed=False)

    assert take(door).user is None


def test_rabbitmq_itself_refuses_a_letter_in_another_users_name(system: Counterpart, hub_account: str) -> None:
    system.user = "guest"
    with pytest.raises(ChannelClosedByBroker):
        system.send(hub_account, headers(system))


def test_a_system_can_neither_reach_the_hubs_own_queues_nor_another_systems(
    door: RabbitDoor, system: Counterpart
) -> None:
    other = str(uuid4())
    door.admit([other])
    with pytest.raises(pika.exceptions.UnroutableError):
        system.send(other, headers(system))
    with pytest.raises(ChannelClosedByBroker):
        system.channel.basic_publish("", "langbenk.intake", b"id", mandatory=True)


def test_a_system_cannot_read_anothers_queue(door: RabbitDoor, system: Counterpart) -> None:
    other = str(uuid4())
    door.admit([other])
    with pytest.raises(ChannelClosedByBroker):
        system.channel.basic_get(fiks.queue(other))


def test_a_letter_to_a_system_carries_fiks_words_lifetime_and_the_hubs_user(
    door: RabbitDoor, system: Counterpart, hub_account: str
) -> None:
    letter = Letter(
        system.account, KIND, str(uuid4()), b"{}", {fiks.CLIENT_MESSAGE: "d1", fiks.CORRELATION: "c1"}, 90_000
    )
    missing = door.send([letter])
    ((properties, body),) = system.fetch()

    assert (missing, body) == ([], b"{}")
    assert properties.headers == {
        "type": KIND,
        "avsender-id": hub_account,
        "melding-id": letter.id,
        "egendefinert-header.klientMeldingId": "d1",
        "egendefinert-header.klientKorrelasjonsId": "c1",
    }
    assert (properties.expiration, properties.user_id, properties.delivery_mode) == ("90000", "guest", 2)


def test_letters_that_no_queue_would_take_are_named_and_the_others_arrive(
    door: RabbitDoor, system: Counterpart
) -> None:
    good, unknown, broken = (
        Letter(account, KIND, name) for account, name in ((system.account, "a"), (str(uuid4()), "b"), ("../x", "c"))
    )

    assert sorted(door.send([unknown, good, broken])) == ["b", "c"]
    assert system.fetch()[0][0].headers["melding-id"] == "a"


def test_a_letter_that_is_not_settled_comes_again(
    door: RabbitDoor, system: Counterpart, hub_account: str, rabbit_url: str
) -> None:
    system.send(hub_account, headers(system))
    first = take(door)
    door.close()
    again = open_door(rabbit_url, hub_account)
    (second,) = again.take(1, SOON)
    again.settle([second])
    again.close()

    assert second.id == first.id


def test_a_letter_given_back_comes_again_over_the_same_connection(
    door: RabbitDoor, system: Counterpart, hub_account: str
) -> None:
    system.send(hub_account, headers(system))
    first = take(door)
    door.settle([first], again=True)
    second = take(door)
    door.settle([second])

    assert (second.id, door.take(1, 0.1)) == (first.id, [])


def test_the_hub_is_told_of_its_letter_that_nobody_fetched_in_time(
    door: RabbitDoor, system: Counterpart, hub_account: str
) -> None:
    sent = Letter(system.account, KIND, str(uuid4()), b"{}", {fiks.CORRELATION: "c1"}, ttl=1)
    door.send([sent])
    notice = eventually(door)
    door.settle([notice])

    assert (notice.account, notice.type, notice.user) == (system.account, fiks.TIMED_OUT, "guest")
    assert notice.headers == {"svar-til": sent.id, "svar-til-type": KIND, fiks.CORRELATION: "c1"}


def test_a_system_is_told_of_its_letter_that_the_hub_did_not_fetch_in_time(
    door: RabbitDoor, system: Counterpart, hub_account: str, rabbit_url: str
) -> None:
    door.close()
    sent = headers(system, **{"egendefinert-header.klientKorrelasjonsId": "c1"})
    system.send(hub_account, sent, ttl="1")
    later = open_door(rabbit_url, hub_account)
    until, letters, body = monotonic() + SOON, list[Letter](), None
    while body is None and monotonic() < until:  # dead letters take a moment on their way
        letters += later.take(10, 0.5)
        ((properties, body),) = system.fetch(within=0.5)
    later.close()

    assert (letters, body) == ([], b"")
    assert properties.headers["type"] == fiks.TIMED_OUT
    assert properties.headers["svar-til"] == sent["melding-id"]
    assert properties.headers["egendefinert-header.klientKorrelasjonsId"] == "c1"


def test_many_letters_go_out_at_once(door: RabbitDoor, system: Counterpart) -> None:
    door.send([Letter(system.account, KIND, str(number)) for number in range(500)])
    got = system.fetch(500)

    assert [properties.headers["melding-id"] for properties, _ in got] == [str(number) for number in range(500)]


def test_the_door_exists_only_on_rabbitmq() -> None:
    with pytest.raises(SetupError, match="only on RabbitMQ"):
        open_door("memory://", str(uuid4()))


def test_an_account_that_is_no_uuid_is_a_matter_of_set_up(rabbit_url: str) -> None:
    with pytest.raises(SetupError, match="UUID"):
        open_door(rabbit_url, "amq.gen")
