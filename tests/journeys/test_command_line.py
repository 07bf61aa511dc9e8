"""What an operator does before there is a console: set up, look, release, replay; on a small SQLite hub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from hub.bootstrap import build
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests.conftest import StandingClock
from tests.journeys.command import Shell
from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
BY = ("--person", "emp-12", "--reason", "talked it over with the family")
AND = ("--person", "emp-13", "--reason", "read it too")
BEST = ("--best-interest", "the kindergarten can help her read")


def systems_file(folder: Path, **changed: str) -> Path:
    rows = [
        {
            "id": each.id, "municipality": HOME, "service": each.service, "adapter": each.adapter,
            "client_id": each.client_id, "organisation": each.organisation, "document": each.document,
            "scopes": sorted(each.scopes), **changed,
        }
        for each in (SCHOOL, NURSERY)
    ]  # fmt: skip
    file = folder / "systems.yaml"
    roles = {"emp-12": "coordinator", "emp-13": "coordinator", "emp-17": "decision_authority"}
    people = [{"person": each, "municipality": HOME, "roles": [role]} for each, role in roles.items()]
    file.write_text(yaml.safe_dump({"systems": rows, "officials": people}))
    return file


@pytest.fixture
def ready(shell: Shell, tmp_path: Path) -> Shell:
    """A shell whose settings lead to an empty hub in which two systems are registered."""
    shell.settings(database_url=f"sqlite:///{tmp_path / 'hub.sqlite3'}", master_key=new_master_key())
    applied = shell.run("config", "apply", systems_file(tmp_path), "--json")
    assert applied.json == [SCHOOL.id, NURSERY.id, "emp-12", "emp-13", "emp-17"], applied.err
    return shell


@pytest.fixture
def world(ready: Shell, clock: StandingClock) -> Iterator[World]:
    """The same hub from within: there a message is sent, and its worker works."""
    clock.instant = datetime.now(UTC) + timedelta(minutes=1)  # the commands live in real time, a little before
    hub = build(load_settings(broker_url=f"memory://{uuid4().hex}"), clock=clock)
    made = World(hub, hub.make_broker())
    yield made
    made.close()


def held(world: World) -> str:
    """One element that waits for a human; gives the message's receipt id."""
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False, as_of=datetime.now(UTC))
    known = {"answered_at": datetime.now(UTC)}  # by the clock of the commands, which believe nothing from the future
    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"}, **known)
    secret = measure("m1", "Reading alone", topic="special_education", text="with Ingrid Hemmelig")
    return world.tell(SCHOOL, support_plan("nora@school-1", measures=[secret])).id


def test_status_adds_up_both_ledgers(ready: Shell, world: World) -> None:
    held(world)

    found = ready.run("status", "--json").json

    assert (found["parts"]["total"], found["parts"]["ended"], found["parts"]["in_flight"]) == (1, 1, 0)
    assert (found["deliveries"]["states"], found["deliveries"]["held"]) == ({"held": 1}, 1)
    assert (found["open_holds"], found["set_aside"]) == (1, 0)
    assert "held 1" in ready.run("status").out


def test_an_empty_hub_says_so(ready: Shell) -> None:
    assert ready.run("status").status == 0
    assert "No hold waits." in ready.run("holds", "list", *BY[:2]).out
    assert "Nothing is set aside." in ready.run("aside", "list").out


def test_holds_are_listed_without_content_released_and_gone(ready: Shell, world: World) -> None:
    held(world)
    (hold,) = ready.run("holds", "list", *BY[:2], "--json").json
    shown = ready.run("holds", "list", *BY[:2]).out

    answer = ("--finding", " ".join(hold["rules"]), *BEST, "--json")
    first = ready.run("holds", "release", hold["id"], *BY, *answer)
    done = ready.run("holds", "release", hold["id"], *AND, *answer)

    assert hold["receiver"] == NURSERY.id
    assert "Reading" not in str(hold) + shown
    assert (first.status, first.json["state"], first.json["agreed_by"]) == (0, "open", ["emp-12"])
    assert (done.status, done.json["state"]) == (0, "released")
    assert ready.run("holds", "list", *BY[:2], "--json").json == []
    assert "with Ingrid Hemmelig" in str(world.take(NURSERY))


def test_a_release_that_answers_another_finding_is_refused(ready: Shell, world: World) -> None:
    held(world)
    (hold,) = ready.run("holds", "list", *BY[:2], "--json").json

    done = ready.run("holds", "release", hold["id"], *BY, *BEST, "--finding", "AGE-10")

    assert done.status == 1
    assert "RED-01" in done.err
    assert world.take(NURSERY) == []


def test_a_refused_hold_stays_where_it_is(ready: Shell, world: World) -> None:
    held(world)
    (hold,) = ready.run("holds", "list", *BY[:2], "--json").json

    assert ready.run("holds", "refuse", hold["id"], *BY).status == 0
    assert ready.run("status", "--json").json["deliveries"]["states"] == {"denied": 1}


def test_the_trail_tells_a_message_and_a_plan_whole_and_nobody(ready: Shell, world: World) -> None:
    receipt = held(world)

    steps = ready.run("trail", receipt, "--json").json
    shown = ready.run("trail", world.plans["nora"])

    assert {"received", "waiting", "decided", "plan.updated"} <= {step["what"] for step in steps}
    assert shown.status == 0
    assert "Reading" not in str(steps) + shown.out
    assert "Ingrid" not in str(steps) + shown.out


def test_a_trail_of_nothing_is_one_line(ready: Shell) -> None:
    done = ready.run("trail", "no-such-id")

    assert (done.status, done.out) == (1, "")
    assert "not_found" in done.err


def aside(world: World) -> str:
    """A message whose receiver does not exist is set aside."""
    world.at_table("nora", SCHOOL, NURSERY)
    said = {"free_text": False, "parts": [{"categories": ["education"], "facts": {"starts": "2026-08-17"}}]}
    world.tell(SCHOOL, said, "no.langbenk.info.v1.message", receiver="ppt", child_key="nora@school-1")
    (row,) = world.aside()
    return row.id


def test_what_is_set_aside_is_listed_shown_replayed_and_tried_again(ready: Shell, world: World) -> None:
    id = aside(world)
    ppt = replace(SCHOOL, id="ppt-1", service="ppt", client_id="client-ppt")

    listed, shown = ready.run("aside", "list", "--json").json, ready.run("aside", "show", id, "--json").json
    world.register(ppt)
    replayed = ready.run("aside", "replay", id, "--json")
    world.clock.go_on(minutes=1)
    world.hub.sweep.turn(world.broker)
    world.work()

    assert [row["code"] for row in listed] == ["no_receiver"]
    assert shown["id"] == id
    assert replayed.json["state"] == "replayed"
    assert world.ledgers()[0] == {"passed": 1}
    assert ready.run("aside", "replay", id).status == 1


def test_what_is_set_aside_is_discarded_with_a_reason(ready: Shell, world: World) -> None:
    id = aside(world)

    assert ready.run("aside", "discard", id, *BY).status == 0
    assert ready.run("aside", "list", "--json").json == []
    assert world.ledgers()[0] == {"set_aside": 1}


def test_settings_are_shown_with_their_origin_and_secrets_are_not(ready: Shell) -> None:
    done = ready.run("config", "check", "--json")
    rows = {row["name"]: row for row in done.json}

    assert rows["LANGBENK_MASTER_KEY"]["value"] == "********"
    assert rows["LANGBENK_DATABASE_URL"]["origin"] == "environment"
    assert rows["LANGBENK_BATCH"]["origin"] == "default"


def test_an_unknown_setting_stops_every_command(ready: Shell) -> None:
    ready.settings(databse_url="sqlite://")

    done = ready.run("status")

    assert done.status == 3
    assert "LANGBENK_DATABSE_URL" in done.err


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"adapter": "no-such-adapter"}, "no-such-adapter"),
        ({"service": "bup"}, "serves"),
        ({"scopes": "langbenk:everything"}, "scope"),
        ({"document": "no.such.document"}, "document"),
        ({"colour": "blue"}, "colour"),
        ({"delivery": "amqp"}, "account"),
        ({"account": "not-a-uuid"}, "UUID"),
    ],
)
def test_a_registration_that_cannot_work_is_refused_with_its_place(
    shell: Shell, tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    shell.settings(database_url=f"sqlite:///{tmp_path / 'hub.sqlite3'}", master_key=new_master_key())

    done = shell.run("config", "apply", systems_file(tmp_path, **changed))

    assert done.status == 3
    assert "systems.yaml" in done.err
    assert said in done.err


def test_a_hub_without_its_key_says_how_to_make_one(shell: Shell, tmp_path: Path) -> None:
    shell.settings(database_url=f"sqlite:///{tmp_path / 'hub.sqlite3'}")

    done = shell.run("serve")

    assert done.status == 3
    assert "langbenk key new" in done.err


def test_a_hub_without_an_issuer_does_not_serve(shell: Shell, tmp_path: Path) -> None:
    shell.settings(database_url=f"sqlite:///{tmp_path / 'hub.sqlite3'}", master_key=new_master_key())

    done = shell.run("serve")

    assert done.status == 3
    assert "LANGBENK_ISSUER" in done.err


def test_a_new_key_is_one_the_hub_takes(shell: Shell, tmp_path: Path) -> None:
    key = shell.run("key", "new").out.strip()

    shell.settings(database_url=f"sqlite:///{tmp_path / 'hub.sqlite3'}", master_key=key)
    assert shell.run("config", "apply", systems_file(tmp_path)).status == 0
