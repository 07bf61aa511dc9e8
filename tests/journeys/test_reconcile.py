"""A health record that is changed behind the hub's back: what has drifted is found and mended, an own edit is kept."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest

from adapters.health.counterpart import Counterpart
from hub.routing.reconcile import Checked
from hub.sdk.counterpart import SyntheticChild
from hub.security.identifiers import synthetic_number
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, HEALTH = SYSTEMS["school"], SYSTEMS["health"]
BORN = date(2015, 6, 14)
NUMBER = next(found for serial in range(500, 999) if (found := synthetic_number(BORN, serial)))
NORA = SyntheticChild("nora", "Nora Testbarn", NUMBER, BORN)


class Record(Counterpart):
    """The stand-in, whose record somebody changes without telling the hub."""

    def resources(self, kind: str, owner: str | None = None) -> list[dict[str, Any]]:
        entries = self._records["nora"]["entry"]
        found = [each["resource"] for each in entries if each["resource"]["resourceType"] == kind]
        return [each for each in found if owner is None or owner in str(each.get("meta"))]

    def behind_its_back(self) -> None:
        """From now on the record is a value of its own."""
        self._records["nora"] = copy.deepcopy(self._records["nora"])

    def drop(self, resource: dict[str, Any]) -> None:
        record = self._records["nora"]
        record["entry"] = [each for each in record["entry"] if each["resource"] is not resource]
        (plan,) = self.resources("CarePlan")
        gone = (f"{resource['resourceType']}/{resource['id']}", f"urn:uuid:{resource['id']}")
        for name in ("goal", "activity"):
            plan[name] = [each for each in plan.get(name, ()) if not any(one in str(each) for one in gone)]


@pytest.fixture
def record(world: World) -> Iterator[Record]:
    """The school has said two measures, and they lie in Nora's health record beside its own."""
    kept = Record([NORA])
    world.register(replace(HEALTH, delivery="push", settings={"url": kept.url}))
    world.at_table("nora", SCHOOL)
    world.seat("nora", HEALTH, kept.key("nora").value)
    kind, body = kept.first_document("nora")
    world.tell(HEALTH, orjson.loads(body), kind)
    measures = [measure("m1", "Reading"), measure("m2", "Swimming")]
    world.tell(SCHOOL, support_plan("nora@school-1", measures=measures))
    kept.behind_its_back()
    yield kept
    kept.close()


def pushed(world: World) -> Any:
    with world.hub.store.begin() as work:
        return work.directory.systems()[HEALTH.id]


def check(world: World, *, repair: bool = False) -> Checked:
    ((system, plan),) = world.hub.reconcile.targets(HEALTH.municipality, HEALTH.id)
    checked = world.hub.reconcile.check(system, plan, "operator:test", repair=repair)
    world.work()
    return checked


def titles(record: Record) -> set[str]:
    return {each["code"]["text"] for each in record.resources("ServiceRequest")}


def schools(record: Record, title: str) -> dict[str, Any]:
    (found,) = (each for each in record.resources("ServiceRequest") if each["code"]["text"] == title)
    return found


def test_a_record_that_is_as_it_should_be_is_left_alone(world: World, record: Record) -> None:
    before = world.ledgers()

    checked = check(world, repair=True)

    assert (checked.state, checked.drift) == ("as_it_should_be", ())
    assert world.ledgers() == before
    assert {"Reading", "Swimming"} <= titles(record)


def test_what_was_changed_behind_the_hubs_back_is_listed_by_field_and_mended(world: World, record: Record) -> None:
    schools(record, "Reading")["code"]["text"] = "Something else"
    record.drop(schools(record, "Swimming"))

    listed = check(world)
    still = titles(record)
    mended = check(world, repair=True)

    assert listed.state == "drift"
    assert sorted((each.what, each.fields) for each in listed.drift) == [("differs", ("title",)), ("missing", ())]
    assert "Something else" in still
    assert (mended.state, check(world).state) == ("repaired", "as_it_should_be")
    assert {"Reading", "Swimming"} <= titles(record)
    assert "Something else" not in titles(record)


def test_what_is_mended_is_decided_anew(world: World, record: Record) -> None:
    record.drop(schools(record, "Swimming"))
    before = len(world.decisions("nora", "dispatch"))

    check(world, repair=True)

    assert len(world.decisions("nora", "dispatch")) == before + 1
    assert [row.state for row in world.deliveries("nora", HEALTH)].count("delivered") == 2


def test_a_systems_own_later_edit_is_an_update_and_no_drift(world: World, record: Record) -> None:
    (own,) = (each for each in record.resources("Goal") if "school" not in str(each.get("meta")))
    own["description"]["text"] = "Sleeps through the night"

    checked = check(world, repair=True)

    assert (checked.state, checked.updated, checked.drift) == ("updated", True, ())
    assert "Sleeps through the night" in world.titles("nora", "goal")


def test_an_own_edit_beside_drift_is_kept_and_the_drift_is_mended(world: World, record: Record) -> None:
    (own,) = (each for each in record.resources("Goal") if "school" not in str(each.get("meta")))
    own["description"]["text"] = "Sleeps through the night"
    schools(record, "Reading")["code"]["text"] = "Something else"

    checked = check(world, repair=True)

    assert (checked.state, checked.updated) == ("repaired", True)
    assert "Sleeps through the night" in world.titles("nora", "goal")
    assert world.titles("nora", "measure") >= {"Reading", "Swimming"}
    assert "Sleeps through the night" in {each["description"]["text"] for each in record.resources("Goal")}
    assert "Reading" in titles(record)
    assert world.proposals("nora") == []


def test_a_system_that_does_not_answer_is_listed(world: World, record: Record) -> None:
    world.register(replace(pushed(world), settings={"url": "http://127.0.0.1:9"}))

    assert (check(world).state, check(world).code) == ("away", "receiver_away")


def test_nothing_of_what_was_withdrawn_is_put_back(world: World, record: Record) -> None:
    """The consent is gone: what the record still has of it is not looked at, and what it lacks is not given again."""
    with world.hub.store.begin() as work:
        child = work.plans.current([world.plans["nora"]])[world.plans["nora"]].child
        ids = [each.id for each in work.consents.of(child)]
    world.withdraw(*ids)
    world.sweep()
    record.behind_its_back()
    record.drop(schools(record, "Swimming"))

    check(world, repair=True)

    assert "Swimming" not in titles(record)
