"""The head of a service configures its routines for tasks, and stops no report that is an employee's own duty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from hub.model.calendar import deadline
from hub.model.official import Answering, Official, Routine
from hub.model.service import System
from hub.ops.hands import Hand
from hub.ops.heads import configure
from hub.sdk.directed import REPORT
from tests.journeys.nora import CONTROL, LEAD, NURSERY, SCHOOL, code, post, set_table, tasks
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.test_directed import DUTY, report
from tests.journeys.test_every_service import registered
from tests.journeys.town import Town
from tests.journeys.world import World

CHILD_WELFARE = SYSTEMS["child_welfare"]
HEAD, STAFF = "head-of-school", "teacher-1"
NURSERY_HEAD = "head-of-kindergarten"
TOLD = {"kind": "cooperate", "days": 2, "told": ["teacher-9", HEAD]}


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table, each with a head."""
    set_table(town)
    of = ((HEAD, "school"), (NURSERY_HEAD, "kindergarten"))
    town.world.authorise(*(Official(who, HOME, frozenset({"head"}), service) for who, service in of))
    return town


def put(town: Town, person: str, *rows: Any, by: System = CONTROL, service: str = "school", seen: str = "*") -> Any:
    path = f"/v1/services/{service}/answering"
    told = {"person": person, "answering": list(rows)}
    return town.call(by, "PUT", path, json=told, headers={"If-Match": seen})


def get(town: Town, person: str, by: System = CONTROL) -> Any:
    return town.call(by, "GET", "/v1/services/school/answering", headers={"Langbenk-Person": person})


def asked(town: Town) -> dict[str, Any]:
    """A task for the school, which the coordinator asks to cooperate."""
    post(town, LEAD, "cooperation", service="school", words="Can you take part on Mondays?")
    (task,) = [one for one in tasks(town, CONTROL, STAFF) if one["kind"] == "cooperate"]
    return task


def test_the_staff_told_and_the_deadline_are_as_the_head_has_configured(desk: Town) -> None:
    done = put(desk, HEAD, TOLD)
    task = asked(desk)
    alone = desk.call(CONTROL, "GET", f"/v1/tasks/{task['id']}", headers={"Langbenk-Person": STAFF}).json()
    own = [one["told"] for one in tasks(desk, SCHOOL, "emp-1") if one["kind"] == "cooperate"]
    office = [one["told"] for one in tasks(desk, CONTROL, "coordinator-1") if one["kind"] == "cooperate"]

    assert (done.status_code, done.json()["answering"]) == (200, [TOLD])
    assert (task["told"], alone["told"], own) == (TOLD["told"], TOLD["told"], [TOLD["told"]])
    assert office == [[]]  # whom a service tells is its own affair
    assert datetime.fromisoformat(task["due_at"]) == deadline(desk.world.hub.clock.now(), 2)


def test_a_new_link_to_its_routines_leaves_what_the_head_has_configured(desk: Town) -> None:
    put(desk, HEAD, TOLD)
    link = {"link": "https://eksempelvik.example/rutiner/skole"}
    linked = desk.call(CONTROL, "PUT", "/v1/services/school/routines", json=link)
    again = put(desk, HEAD, TOLD | {"days": 1})

    assert (linked.json()["routines"], again.json()["answering"][0]["days"]) == (link["link"], 1)
    assert desk.call(CONTROL, "GET", "/v1/services/school").json()["routines"] == link["link"]
    assert get(desk, STAFF).json()["answering"] == [TOLD | {"days": 1}]
    desk.call(CONTROL, "PUT", "/v1/services/school/routines", json=link)
    assert get(desk, STAFF).json()["answering"] == [TOLD | {"days": 1}]


def test_nobody_is_named_for_another_services_task(desk: Town) -> None:
    desk.world.authorise(Official("head-of-unit", HOME, frozenset({"head", "coordinator"})))
    put(desk, "head-of-unit", TOLD, service="coordinating_unit")
    asked(desk)

    seen = {one["kind"]: one["told"] for one in tasks(desk, CONTROL, "head-of-unit")}
    assert seen["cooperate"] == []


def test_without_a_routine_the_laws_deadline_stands_and_nobody_is_named(desk: Town) -> None:
    task = asked(desk)

    assert task["told"] == []
    assert datetime.fromisoformat(task["due_at"]) == deadline(desk.world.hub.clock.now(), 5)


def test_only_the_head_configures_and_only_his_or_her_own_service(desk: Town) -> None:
    tried = [put(desk, STAFF, TOLD), put(desk, NURSERY_HEAD, TOLD), put(desk, "emp-1", TOLD, by=NURSERY)]
    mine = put(desk, "emp-1", TOLD, by=SCHOOL)
    unseen = put(desk, HEAD, TOLD, seen='"what it was"')

    assert {code(each) for each in tried} == {(403, "not_authorised")}
    assert (mine.status_code, unseen.status_code) == (200, 412)
    assert (get(desk, STAFF).json()["answering"], code(get(desk, NURSERY_HEAD))) == ([TOLD], (403, "not_authorised"))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"days": 6}, "answering[0].days"),
        ({"kind": "decide_coordination"}, "answering[0].kind"),
        ({"kind": "x"}, "kind"),
    ],
)
def test_no_routine_is_slower_than_the_law_or_about_somebody_elses_tasks(
    desk: Town, change: dict[str, Any], place: str
) -> None:
    refused = put(desk, HEAD, TOLD | change)

    assert refused.status_code == 422
    assert refused.json()["place"].endswith(place)


@pytest.mark.parametrize("kind", ["report", REPORT.name, "danger"])
@pytest.mark.parametrize(
    ("person", "service", "paragraph"),
    [(HEAD, "school", "opplæringslova § 24-3"), (NURSERY_HEAD, "kindergarten", "barnehageloven § 46")],
)
def test_a_routine_for_reports_is_refused_with_the_services_own_paragraph(
    desk: Town, kind: str, person: str, service: str, paragraph: str
) -> None:
    refused = put(desk, person, {"kind": kind, "days": 1, "told": [person]}, service=service)

    assert code(refused) == (422, "own_duty")
    assert paragraph in refused.text
    assert get(desk, HEAD).json()["answering"] == []


@pytest.mark.parametrize("service", ["kindergarten", "homework_help"])
def test_a_report_of_one_employee_passes_untouched_whatever_the_routines_say(world: World, service: str) -> None:
    sender = registered(world, service)
    world.at_table("nora", SCHOOL, CHILD_WELFARE, consent=False)
    with world.hub.store.begin() as work:
        everything = [Answering(kind, 1, (NURSERY_HEAD,)) for kind in ("take_part", "cooperate", "fill_gap")]
        hand = Hand(NURSERY_HEAD, service, heads=True)
        assert isinstance(configure(work, world.desk, hand, service, everything), Routine)

    world.tell(sender, report(), REPORT.name, claims={**DUTY, "person": "substitute-1"})

    assert world.take(CHILD_WELFARE) == [report()]
    assert (world.take(sender), world.take(SCHOOL)) == ([], [])


@pytest.mark.parametrize(("person", "by"), [(NURSERY_HEAD, CONTROL), ("emp-1", NURSERY), (STAFF, CONTROL)])
def test_whoever_may_not_configure_them_is_not_told_how_they_stand_by_a_stale_condition(
    desk: Town, person: str, by: System
) -> None:
    put(desk, HEAD, TOLD)
    refused = put(desk, person, by=by, seen='"another"')

    assert code(refused) == (403, "not_authorised")
    assert TOLD["told"][0] not in refused.text
