"""The life of a plan over HTTP, while the hub runs: each step by who may take it, and clear answers to who may not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import orjson
import pytest

from hub.model.life import Life
from hub.model.official import Agreement
from hub.model.responsibility import Responsibility
from hub.security.identifiers import synthetic_number
from tests.journeys.nora import BUP, LEAD, NURSERY, SCHOOL, WHATEVER, code, day, post, set_table, takes_part, tasks
from tests.journeys.offices import UNIT
from tests.journeys.systems import HOME, measure, support_plan
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town

NUMBER = next(found for serial in range(500, 560) if (found := synthetic_number(date(2019, 3, 4), serial)))


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table; the municipal health service coordinates."""
    set_table(town)
    return town


def test_a_need_is_notified_without_content_and_the_unit_has_a_task(desk: Town) -> None:
    told = {"person": "emp-9", "reference": "sak-7", "unborn": True}
    taken = desk.call(BUP, "POST", "/v1/needs", json=told)
    again = desk.call(BUP, "POST", "/v1/needs", json={**told, "words": "she does not sleep"})
    kinds = [(each["kind"], each["subject"]) for each in tasks(desk, CONTROL, UNIT)]

    assert (taken.status_code, taken.json()["addressee"]) == (202, "coordinating_unit")
    assert again.status_code == 422
    assert "sleep" not in again.text
    assert ("consider_need", "sak-7") in kinds


def test_one_person_has_one_plan_and_the_control_room_is_told_which(desk: Town) -> None:
    told = {"child": {"number": NUMBER, "birth_date": "2019-03-04"}}
    first = desk.call(CONTROL, "POST", "/v1/plans", json=told)
    second = desk.call(CONTROL, "POST", "/v1/plans", json=told)
    notified = desk.call(BUP, "POST", "/v1/needs", json={"person": "emp-9", "reference": "sak-8", "number": NUMBER})

    assert (first.status_code, code(second)) == (201, (409, "plan_exists"))
    assert first.json()["id"] in second.json()["way_out"]
    assert first.json()["id"] not in notified.text
    assert NUMBER not in second.text + notified.text
    assert [each["plan"] for each in tasks(desk, CONTROL, UNIT) if each["subject"] == "sak-8"] == [first.json()["id"]]


def test_a_school_starts_no_plan_and_cannot_start_one_for_another(desk: Town) -> None:
    desk.world.at_table("ola", SCHOOL, life=Life())
    path = f"/v1/plans/{desk.world.plans['ola']}/beginning"
    agreed = [{"person": f"ola-{each}", "reference": "form-1"} for each in ("mother", "father")]
    own = {"person": "emp-1", "started_by": "school", "agreed": agreed}
    for_another = {**own, "started_by": "municipal_health"}

    assert desk.call(SCHOOL, "POST", path, json=own, headers=WHATEVER).status_code in (403, 409)
    assert desk.call(SCHOOL, "POST", path, json=for_another, headers=WHATEVER).status_code == 403
    assert code(desk.call(CONTROL, "POST", path, json={**own, "person": UNIT}, headers=WHATEVER)) == (
        409,
        "no_duty_to_start",
    )
    assert code(
        desk.call(CONTROL, "POST", path, json={**for_another, "person": UNIT, "agreed": []}, headers=WHATEVER)
    ) == (
        409,
        "no_plan_consent",
    )
    assert (
        desk.call(CONTROL, "POST", path, json={**for_another, "person": UNIT}, headers=WHATEVER).json()["begun"]
        is not None
    )


def test_a_number_that_cannot_be_used_is_answered_without_it(desk: Town) -> None:
    refused = desk.call(BUP, "POST", "/v1/needs", json={"person": "emp-9", "reference": "s-1", "number": "12345678901"})

    assert (refused.status_code, refused.json()["place"]) == (422, "number")
    assert "12345678901" not in refused.text


def test_a_school_is_invited_in_its_own_system_and_cannot_say_no_without_a_reason(desk: Town) -> None:
    uninvited = post(desk, "emp-1", "invitations/answer", SCHOOL, answer="accept")
    post(desk, LEAD, "invitations", service="school")
    (asked,) = tasks(desk, SCHOOL, "emp-1")
    silent = post(desk, "emp-1", "invitations/answer", SCHOOL, answer="decline")
    post(desk, "emp-1", "invitations/answer", SCHOOL, answer="decline", reason="no capacity before August")
    (waits,) = tasks(desk, CONTROL, LEAD)
    post(desk, LEAD, "invitations/weighing", service="school", answer="keep", reason="we have talked it over")

    assert code(uninvited) == (422, "not_asked")
    assert (asked["kind"], asked["system"]) == ("take_part", SCHOOL.id)
    assert (code(silent), silent.json()["place"]) == ((422, "no_reason"), "reason")
    assert (waits["kind"], waits["subject"]) == ("weigh_decline", "school")
    assert [each["kind"] for each in tasks(desk, SCHOOL, "emp-1")] == ["take_part"]


def test_a_service_without_that_duty_may_say_no_without_saying_why(desk: Town) -> None:
    post(desk, LEAD, "invitations", service="arts_school")
    done = post(desk, "piano-1", "invitations/answer", answer="decline")

    assert [(one["service"], one["answer"]) for one in done.json()["seats"]] == [("arts_school", "decline")]
    assert tasks(desk, CONTROL, LEAD) == []


@pytest.mark.parametrize("service", ["police", "guardian", "coordinating_unit", "nobody"])
def test_who_is_at_no_table_is_not_invited(desk: Town, service: str) -> None:
    assert code(post(desk, LEAD, "invitations", service=service)) == (422, "unknown_word")


def test_a_plan_is_approved_with_the_family_and_once_the_child_has_taken_part(desk: Town) -> None:
    told = {"agreed_by": ["nora-mother", "nora-father"], "revise_on": day(desk, 90)}
    barred = post(desk, "emp-1", "approvals", SCHOOL, **told)
    early = post(desk, LEAD, "approvals", **told)
    alone = post(desk, LEAD, "approvals", **{**told, "agreed_by": []})
    half = post(desk, LEAD, "approvals", **{**told, "agreed_by": ["nora-mother"]})
    past = post(desk, LEAD, "approvals", **{**told, "revise_on": day(desk, -1)})
    post(desk, LEAD, "participation", words="Nora drew what she wants.")
    done = post(desk, LEAD, "approvals", **told)

    assert "nora-father" in half.json()["way_out"]
    assert [code(each) for each in (barred, early, alone, half, past)] == [
        (403, "not_authorised"),
        (409, "no_participation"),
        (422, "no_agreement"),
        (422, "no_agreement"),
        (422, "contradicting_period"),
    ]
    assert (done.json()["revise_on"], len(done.json()["approvals"])) == (day(desk, 90), 1)
    assert "drew" not in done.text


def test_a_meeting_calls_those_who_take_part_and_are_covered(desk: Town) -> None:
    takes_part(desk, "school", SCHOOL)
    takes_part(desk, "kindergarten", NURSERY)
    at = (desk.world.hub.clock.now() + timedelta(days=9)).isoformat()
    called = post(desk, LEAD, "meetings", at=at).json()["meetings"]
    stranger = post(desk, LEAD, "meetings", at=at, asked=["ppt"])
    child = desk.world.plan("nora").child
    given = [one["id"] for one in desk.call(CONTROL, "GET", f"/v1/persons/{child}/consents").json()]
    desk.world.withdraw(*given)
    bare = post(desk, LEAD, "meetings", at=at, asked=["school"])

    assert [one["asked"] for one in called] == [["kindergarten", "school"]]
    assert {each["kind"] for each in tasks(desk, SCHOOL, "emp-1")} == {"attend_meeting"}
    assert code(stranger) == (409, "not_at_table")
    assert (code(bare), "school" in bare.json()["way_out"]) == ((409, "not_covered"), True)


def test_gaps_and_cooperation_are_asked_for_by_the_services_themselves(desk: Town) -> None:
    takes_part(desk, "kindergarten", NURSERY)
    post(desk, "emp-1", "gaps", SCHOOL, words="nobody drives her")
    post(desk, "emp-1", "cooperation", SCHOOL, service="kindergarten", words="let us meet")
    asked = tasks(desk, NURSERY, "emp-2")
    (gap,) = tasks(desk, CONTROL, LEAD)
    task, told = f"/v1/tasks/{asked[0]['id']}", {"person": "emp-2", "answer": "accept"}
    before = desk.call(NURSERY, "GET", task, headers={"Langbenk-Person": "emp-2"}).headers["ETag"]
    answered = desk.call(NURSERY, "POST", f"{task}/answer", json=told, headers={"If-Match": before})
    seen = desk.call(SCHOOL, "GET", task, headers={"Langbenk-Person": "emp-1"}).json()

    assert ([each["kind"] for each in asked], gap["kind"]) == (["cooperate"], "fill_gap")
    assert "drives" not in str(gap)
    assert (answered.status_code, seen["answer"]) == (200, "accept")


def test_a_closed_plan_refuses_what_comes_with_a_clear_receipt_and_is_opened_anew_by_the_unit(desk: Town) -> None:
    barred = post(desk, "emp-1", "closing", SCHOOL, why="no_need")
    closed = post(desk, LEAD, "closing", why="no_need")
    told = support_plan("nora@school-1", measures=[measure("m1", "Late")])

    (part,) = desk.settled(SCHOOL, desk.post(SCHOOL, orjson.dumps(told)))
    later = post(desk, LEAD, "guidance", words="too late")
    not_theirs = post(desk, LEAD, "reopening")
    opened = post(desk, UNIT, "reopening")

    assert (code(barred), closed.json()["closing"]["why"]) == ((403, "not_authorised"), "no_need")
    assert (part["state"], part["code"]) == ("refused", "plan_closed")
    assert code(later) == (409, "plan_closed")
    assert code(not_theirs) == (403, "not_authorised")
    assert (opened.json()["closing"], opened.json()["begun"]) == (None, None)
    assert [one["why"] for one in opened.json()["closed_before"]] == ["no_need"]


def test_two_services_that_call_their_cases_alike_each_learn_their_own_agreement(desk: Town) -> None:
    with desk.world.hub.store.begin() as work:
        work.directory.agree([Agreement("avtale-13", HOME, ("bup",), "kontakt@bup")])
    told = {"person": "emp-9", "reference": "sak-9", "number": NUMBER}
    of_the_school = desk.call(SCHOOL, "POST", "/v1/needs", json=told).json()
    of_the_clinic = desk.call(BUP, "POST", "/v1/needs", json=told).json()

    assert (of_the_school["agreement"], of_the_clinic["agreement"]) == (None, "avtale-13")


def test_a_birth_and_a_late_number_are_told_over_http_and_a_birth_to_come_is_refused(desk: Town) -> None:
    expected = desk.call(CONTROL, "POST", "/v1/plans", json={"child": {"unborn": True}}).json()
    desk.world.plans["nora"] = expected["id"]
    holders = [{"person": "p-mother", "relation": "mother"}]
    too_early = post(desk, UNIT, "birth", birth_date=day(desk, 40), guardians=holders)
    born = post(desk, UNIT, "birth", birth_date=day(desk, 0), guardians=holders)
    twice = post(desk, UNIT, "birth", birth_date=day(desk, 0), guardians=holders)
    post(desk, UNIT, "identity", number=NUMBER)
    second = desk.call(CONTROL, "POST", "/v1/plans", json={"child": {"number": NUMBER}})

    assert (code(too_early), born.status_code, code(twice)) == ((422, "impossible_fact"), 200, (409, "already_born"))
    assert code(second) == (409, "plan_exists")
    assert NUMBER not in born.text + second.text


def test_a_move_is_told_over_http_and_nobody_here_coordinates_from_then_on(desk: Town) -> None:
    moved = post(desk, LEAD, "moves", to="0002")
    afterwards = post(desk, LEAD, "guidance", words="We went through it.")

    assert (moved.status_code, moved.json()["leads"], afterwards.status_code) == (200, None, 403)


def test_a_relay_log_is_handed_over_with_its_level_of_bti_which_can_be_read(desk: Town) -> None:
    desk.world.at_table("nora", SCHOOL, life=Life())
    post(desk, "emp-1", "stafettlogg", SCHOOL)
    line = {"at": desk.world.hub.clock.now().isoformat(), "words": "We met her parents twice."}
    wrong = [post(desk, "emp-1", "stafettlogg/handover", SCHOOL, level=level, history=[line]) for level in ("4", 2)]
    post(desk, "emp-1", "stafettlogg/handover", SCHOOL, level="2", history=[line])
    path = f"/v1/plans/{desk.world.plans['nora']}/life"
    told = desk.call(CONTROL, "GET", path, headers={"Langbenk-Person": UNIT}).json()

    assert {code(each) for each in wrong} == {(422, "invalid_request")}
    assert told["stafettlogg"] is None
    assert [(one["service"], one["level"]) for one in told["relay_logs"]] == [("school", "2")]
    assert desk.world.hub.clock.now() == datetime.fromisoformat(told["relay_logs"][0]["at"])
    assert "parents" not in str(told)


def test_the_level_of_bti_goes_from_the_schools_log_to_the_kindergartens(desk: Town) -> None:
    desk.world.at_table("nils", SCHOOL, NURSERY, responsibility=Responsibility(coordinator="school"))
    said = support_plan("nils@school-1", title="Stafettlogg", btiLevel="2")
    (part,) = desk.settled(SCHOOL, desk.post(SCHOOL, orjson.dumps(said)))
    document = desk.empty_mailbox(NURSERY)[-1]

    assert part["state"] == "merged"
    assert document["btiLevel"] == "2"
