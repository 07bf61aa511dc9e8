"""Every decision that a supervisor is handed stands in the chain, also one that stopped something or is of no plan."""

from __future__ import annotations

from hub.ops.audit_file import verify
from hub.sdk.directed import INFO, REPORT
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.test_audit_export import handed, rows
from tests.journeys.test_directed import DUTY, EDUCATION, NUMBER, info, report
from tests.journeys.world import World

SCHOOL, NURSERY, WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]


def test_what_was_stopped_when_it_was_to_leave_is_named_by_the_chain(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    consents = world.consent(child, "nora", "mother", "father")
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", "A quiet start")]))
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")
    world.withdraw(*consents)
    went = [*world.take(NURSERY), *world.take(SCHOOL)]

    file, _ = handed(world)
    stopped = [each for each in rows(file, "decisions.jsonl") if each["stage"] == "dispatch"]

    assert (went, {each["outcome"] for each in stopped}, len(stopped)) == ([], {"deny"}, 2)
    assert verify(file).faults == ()


def test_about_one_child_what_was_reported_of_it_is_whole_too(world: World) -> None:
    child = world.at_table("nora", NURSERY, WELFARE, number=NUMBER)
    world.tell(NURSERY, report(), REPORT.name, claims=DUTY)
    world.take(WELFARE)

    file, _ = handed(world, child=child)

    assert {(each["stage"], each["plan"]) for each in rows(file, "decisions.jsonl")} == {
        ("forward", None),
        ("dispatch", None),
    }
    assert verify(file).faults == ()
