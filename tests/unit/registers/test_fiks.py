"""The population register over real HTTP: its stand-in listens, the client asks; a number stands in no address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from hub.errors import SetupError, TryAgainError
from hub.registers import FiksPopulation, Integration, by_municipality
from hub.sandbox.population import INTEGRATION, PASSWORD, ROLE, Population, Resident
from hub.sdk.http import HttpClient
from hub.security.identifiers import synthetic_number

BORN = date(2018, 1, 2)
NUMBERS = [found for serial in range(500, 560) if (found := synthetic_number(BORN, serial))]
CHILD, MOTHER, STRANGER = NUMBERS[:3]


@pytest.fixture
def register() -> Iterator[Population]:
    made = Population([Resident(CHILD, BORN, holders={MOTHER: "mor"})])
    yield made
    made.close()


@pytest.fixture
def client(register: Population) -> FiksPopulation:
    return ask(register)


def ask(register: Population, role: str = ROLE, password: str = PASSWORD) -> FiksPopulation:
    return FiksPopulation(HttpClient(register.url, sleep=lambda _: None), role, Integration(INTEGRATION, password))


def test_a_person_is_looked_up_and_a_stranger_is_left_out(client: FiksPopulation) -> None:
    found = client.persons([CHILD, STRANGER])

    assert set(found) == {CHILD}
    assert found[CHILD].holders == ((MOTHER, "mother"),)


def test_more_persons_than_one_request_takes_are_asked_about_in_several(
    client: FiksPopulation, register: Population
) -> None:
    assert set(client.persons([*["x"] * 1_500, CHILD])) == {CHILD}
    assert len(register.asked) == 2


def test_the_feed_is_read_from_where_it_was_left(client: FiksPopulation, register: Population) -> None:
    start = client.newest() + 1
    register.change(CHILD, "endringIAdressebeskyttelse", level="fortrolig")
    register.change(CHILD, "endringIBostedsadresse", municipality="0301")
    page = client.since(start)

    assert (page.numbers, page.next) == ((CHILD,), start + 2)
    assert client.since(page.next).numbers == ()
    assert client.since(page.next).next == page.next


def test_a_number_stands_in_no_address_and_in_no_words_of_ours(client: FiksPopulation, register: Population) -> None:
    found = client.persons([CHILD])
    register.change(CHILD, "personErDoed", died=date(2026, 1, 1))
    page = client.since(1)
    register.away = True
    with pytest.raises(TryAgainError) as away:
        client.persons([CHILD])

    said = " ".join([*register.asked, repr(found[CHILD]), repr(page), str(away.value), repr(away.value.__cause__)])
    assert CHILD not in said and MOTHER not in said


@pytest.mark.parametrize("wrong", [{"role": "another"}, {"password": "another"}])
def test_a_role_or_password_that_is_not_ours_asks_nothing(register: Population, wrong: dict[str, str]) -> None:
    with pytest.raises(Exception, match=r"answered 40[14]"):
        ask(register, **wrong).persons([CHILD])


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(Integration("id", "secret"))


def test_each_municipality_asks_under_its_own_role() -> None:
    assert by_municipality("9999=a-1, 0301=b-2") == {"9999": "a-1", "0301": "b-2"}
    assert by_municipality("") == {}


@pytest.mark.parametrize("told", ["9999", "999=a", "9999=a,9999=b", "9999=a b"])
def test_roles_that_cannot_be_read_stop_the_hub(told: str) -> None:
    with pytest.raises(SetupError, match="LANGBENK_POPULATION_ROLES"):
        by_municipality(told)
