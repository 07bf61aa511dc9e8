"""What an element reveals, said by people: anybody adds, only the owner's own people take away, on what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from hub.model.official import Official
from hub.model.person import Guardian
from hub.ops import register
from hub.ops.enrol import Desk, change_facts
from tests.journeys.systems import agreed
from tests.unit.api.conftest import KINDERGARTEN, OFFICE, SCHOOL, World
from tests.unit.api.test_own_view import told

__all__ = ["told"]

TEACHER, NURSERY = "teacher-1", "nursery-1"


@pytest.fixture
def at(world: World, told: str) -> str:
    """The path of the categories of the school's one measure, as the office addresses it."""
    with world.hub.store.begin() as work:
        roles = frozenset({"coordinator"})
        work.directory.authorise(
            [Official(TEACHER, "0001", roles, "school"), Official(NURSERY, "0001", roles, "kindergarten")]
        )
        (element,) = work.plans.current([told])[told].elements
    return f"/v1/plans/{told}/elements/{element}/categories"


def put(world: World, at: str, person: str, categories: list[str], seen: str = "*", **more: Any) -> httpx.Response:
    told = {"person": person, "categories": categories}
    return world.call("PUT", at, json=told, headers={"If-Match": seen}, **more)


def read(world: World, at: str, person: str = TEACHER, **more: Any) -> httpx.Response:
    return world.call("GET", at, headers={"Langbenk-Person": person}, **more)


def seated(world: World, at: str) -> str:
    """The kindergarten sits at the table now; gives the child."""
    seat = f"/v1/plans/{at.split('/')[3]}/links/{KINDERGARTEN.id}"
    world.call("PUT", seat, json={"key": {"kind": "own", "value": "c-7"}}, headers={"If-Match": "*"})
    return str(world.call("GET", f"/v1/plans/{at.split('/')[3]}").json()["child"])


def allowed(world: World, child: str) -> None:
    """Both its parents agree that everybody at the table is told all."""
    now, both = world.hub.clock.now(), (Guardian("p-mother", "mother"), Guardian("p-father", "father"))
    known: dict[str, Any] = {
        "birth_date": date(now.year - 5, 1, 2),
        "guardians": both,
        "hearing": now.date(),
        "as_of": now,
    }
    with world.hub.store.begin() as work:
        desk = Desk("0001", "test", world.hub.clock)
        change_facts(work, desk, child, lambda facts: replace(facts, child=replace(facts.child, **known)))
        for each in both:
            register.record(work, desk, agreed(child, each.person, each.relation, municipality="0001"))


def test_people_of_a_service_find_through_the_control_room_only_what_it_would_be_told(world: World, at: str) -> None:
    """As their own system would: else its id would tell what another service holds, and shut it by one more word."""
    child = seated(world, at)
    unseen, added = read(world, at, NURSERY), put(world, at, NURSERY, ["education", "sped"])
    allowed(world, child)

    assert [(each.status_code, each.json()["code"]) for each in (unseen, added)] == [(404, "not_found")] * 2
    assert (read(world, at, NURSERY).status_code, read(world, at).status_code) == (200, 200)
    assert "sped" not in read(world, at).json()["categories"]


def test_anybody_at_the_table_adds_and_the_owners_people_take_away(world: World, at: str) -> None:
    allowed(world, seated(world, at))
    before = read(world, at)
    was = before.json()["categories"]

    added = put(world, at, NURSERY, [*was, "sped"], before.headers["ETag"])
    not_theirs = put(world, at, NURSERY, was, added.headers["ETag"])
    taken = put(world, at, TEACHER, was, added.headers["ETag"])

    assert added.json()["categories"] == sorted([*was, "sped"])
    assert (not_theirs.status_code, not_theirs.json()["code"]) == (403, "not_authorised")
    assert (taken.status_code, taken.json()["categories"]) == (200, was)


def test_whoever_has_not_seen_how_it_stands_changes_nothing(world: World, at: str) -> None:
    told = {"person": TEACHER, "categories": ["sped"]}
    blind, stale = world.call("PUT", at, json=told), put(world, at, TEACHER, ["sped"], '"another"')

    assert (blind.status_code, stale.status_code) == (428, 412)
    assert stale.headers["ETag"] == read(world, at).headers["ETag"]
    assert stale.json()["current"] == read(world, at).json()


def test_a_system_addresses_it_as_it_was_told_of_it(world: World, at: str) -> None:
    plan = at.split("/")[3]
    (told,) = world.call("GET", f"/v1/plans/{plan}/changes?since=0", by=SCHOOL).json()["elements"]
    own = f"/v1/plans/{plan}/elements/{told['id']}/categories"

    added = put(world, own, "emp-1", [*told["categories"], "sped"], by=SCHOOL)
    taken = put(world, own, "emp-1", told["categories"], by=SCHOOL)
    by_the_plans_own_id = read(world, at, "emp-1", by=SCHOOL)

    assert "sped" in added.json()["categories"]
    assert (taken.status_code, taken.json()["code"]) == (403, "not_authorised")
    assert by_the_plans_own_id.status_code == 404


@pytest.mark.parametrize(
    ("by", "person"), [(OFFICE, TEACHER), (KINDERGARTEN, "emp-9")], ids=["the office", "a stranger"]
)
def test_an_element_that_is_not_there_to_see_is_not_found(world: World, at: str, by: Any, person: str) -> None:
    elsewhere = at.replace(at.split("/")[5], "0" * 32)

    assert read(world, elsewhere, person, by=by).status_code == 404
    assert put(world, elsewhere, person, ["sped"], by=by).json()["code"] == "not_found"


@pytest.mark.parametrize(("categories", "code"), [([], "invalid_request"), (["no_such_word"], "unknown_word")])
def test_words_that_are_no_categories_are_refused(world: World, at: str, categories: list[str], code: str) -> None:
    answer = put(world, at, TEACHER, categories)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_what_was_taken_away_is_on_record(world: World, at: str) -> None:
    was = read(world, at).json()["categories"]
    put(world, at, TEACHER, [*was, "sped"])
    put(world, at, TEACHER, was)

    with world.hub.store.begin() as work:
        lines = [each for each in work.audit.of("0001", at.split("/")[5]) if each.action == "element.relabelled"]
    assert [(each.detail["person"], each.detail["taken"]) for each in lines] == [(TEACHER, []), (TEACHER, ["sped"])]


def test_of_a_closed_plan_nothing_is_taken_away_and_more_can_be_said(world: World, at: str) -> None:
    was = read(world, at).json()["categories"]
    put(world, at, TEACHER, [*was, "sped"])
    close = {"person": "emp-12", "why": "no_need"}
    world.call("POST", f"/v1/plans/{at.split('/')[3]}/closing", json=close, headers={"If-Match": "*"})
    taken = put(world, at, TEACHER, was)
    added = put(world, at, TEACHER, [*was, "sped", "health"])

    assert (taken.status_code, taken.json()["code"]) == (409, "plan_closed")
    assert (added.status_code, added.json()["categories"]) == (200, sorted([*was, "sped", "health"]))
