"""The directory: whoever looks up a service reads what it does, who answers, by when, and where its routines are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.model.service import System
from hub.ops.agreements import agree, agreements_from
from tests.journeys.command import Shell
from tests.journeys.nora import code
from tests.journeys.offices import CONTROL
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.town import Town
from tests.journeys.world import World

SCHOOL = SYSTEMS["school"]
ELSEWHERE = replace(CONTROL, id="control-2", municipality="9998", client_id="client-control-2")
LINK = "https://eksempelvik.example/rutiner/barnevern"
APPLIED = """
systems:
  - {{id: control-1, municipality: "{home}", service: coordinating_unit, client_id: c-1, organisation: "310000000",
     scopes: ["langbenk:control"]}}
officials:
  - {{person: emp-1, municipality: "{home}", roles: [decision_authority]}}
routines:
  - {{municipality: "{home}", service: school, link: "{link}"}}
"""


@pytest.fixture
def desk(town: Town) -> Town:
    town.world.register(CONTROL, ELSEWHERE)
    return town


def read(town: Town, by: System | None, service: str = "") -> Any:
    return town.call(by, "GET", f"/v1/services/{service}" if service else "/v1/services")


def put(town: Town, by: System, service: str, link: str) -> Any:
    return town.call(by, "PUT", f"/v1/services/{service}/routines", json={"link": link})


def test_a_school_reads_what_child_welfare_does_by_when_and_where_its_routines_are(desk: Town) -> None:
    put(desk, CONTROL, "child_welfare", LINK)
    found = read(desk, SCHOOL, "child_welfare").json()
    within = {each["code"]: (each["within"] or {}).get("nn") for each in found["duties"]}

    assert found["answers"]["nb"] == "Kommunen svarer for tjenesten."
    assert (found["act"], found["coordinates"], found["connected"]) == ("barnevernsloven", True, True)
    assert (within["feedback"], found["routines"], found["complaints_to"]) == (
        "innan tre veker",
        LINK,
        "county_governor",
    )


def test_it_lists_every_service_and_who_cannot_be_made_to_coordinate(desk: Town) -> None:
    listed = {each["service"]: each for each in read(desk, CONTROL).json()}

    assert {"private_kindergarten", "bufetat", "crisis_centre", "coordinating_unit"} <= listed.keys()
    assert not {"guardian", "family"} & listed.keys()
    assert not listed["private_kindergarten"]["coordinates"]
    assert (listed["bup"]["owner"], listed["bup"]["connected"]) == ("state", False)


def test_by_a_cooperation_agreement_it_says_where_one_turns(desk: Town) -> None:
    row = {"reference": "avtale-13", "municipality": HOME, "services": ["bup"], "contact": "samhandling@bup.example"}
    with desk.world.hub.store.begin() as work:
        agree(work, desk.world.desk, agreements_from([row]))
    found = read(desk, SCHOOL, "bup").json()

    assert (found["agreement"], found["contact"]) == ("avtale-13", "samhandling@bup.example")


def test_a_link_is_the_own_municipalitys_open_and_https(desk: Town) -> None:
    put(desk, CONTROL, "school", LINK)
    refused = [
        put(desk, CONTROL, "school", link) for link in ("http://kommune.example/", "https://a:b@kommune.example/")
    ]

    assert {code(each) for each in refused} == {(422, "bad_link")}
    assert code(put(desk, CONTROL, "nobody", LINK)) == (404, "not_found")
    assert code(put(desk, SCHOOL, "school", LINK)) == (403, "insufficient_scope")
    assert (read(desk, ELSEWHERE, "school").json()["routines"], read(desk, SCHOOL, "school").json()["routines"]) == (
        None,
        LINK,
    )


def test_whoever_has_no_token_and_whatever_is_no_service_is_told_so(desk: Town) -> None:
    assert code(read(desk, None)) == (401, "no_token")
    assert code(read(desk, SCHOOL, "guardian")) == (404, "not_found")


def test_the_command_line_tells_it_and_config_apply_sets_the_link(shell: Shell, manned: World, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(APPLIED.format(home=HOME, link=LINK))
    applied = shell.run("config", "apply", str(file))
    file.write_text(APPLIED.format(home=HOME, link=LINK.replace("https", "http")))
    refused = shell.run("config", "apply", str(file))

    told = shell.run("services", "child_welfare", "-l", "nn").out
    listed = {one["entry"]["service"]: one["routines"] for one in shell.run("services", "--json").json}
    unknown = shell.run("services", "nobody")

    assert applied.status == 0 and "1 routines" in applied.out
    assert (refused.status, "https://" in refused.err) == (3, True)
    assert "innan tre veker (barnevernsloven § 13-3)" in told.replace("\n", " ")
    assert listed["school"] == LINK
    assert (unknown.status, "not_found" in unknown.err) == (1, True)
