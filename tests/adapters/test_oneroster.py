"""OneRoster 1.2 sets as one message: who the child is, who the contact is, and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from adapters.education.oneroster import Roster, default_values
from adapters.kindergarten import Kindergarten
from adapters.school import School
from adapters.school.counterpart import Counterpart
from hub.mapping import load_lens
from hub.sdk import Adapter, UnusableError, canonical_json
from tests.adapters.stories import NORA, OLE, SAMPLES, needs_samples

SETS = {"users", "orgs", "academicSessions", "courses", "classes", "enrollments", "demographics"}
HOME = SAMPLES / "norway" / "_handmade"
LENS = load_lens("mappings:school/oneroster.v1.yaml")


def message(**changes: Any) -> dict[str, Any]:
    _, body = Counterpart([NORA]).change(NORA.id, "roster")
    return {**orjson.loads(body), **changes}


def pupil(sets: Any, roster: Roster | None = None) -> Any:
    (only,) = (roster or Roster("school")).read(orjson.dumps(sets))["pupils"]
    return only


def with_user(role: str, **fields: Any) -> list[dict[str, Any]]:
    """The message's users, the one with this role changed."""
    return [{**each, **fields} if each["roles"][0]["role"] == role else each for each in message()["users"]]


def test_a_roster_says_who_the_child_and_the_contact_and_the_guardian_are() -> None:
    portion = LENS.get(pupil(message()))

    people = {item.content["role"]: item for item in portion["participant"].values()}

    assert portion["identity"]["name"].content["value"] == "Nora Testbarn"
    assert portion["identity"]["birth_date"].content["value"] == "2015-06-14"
    assert people["contact"].content["name"] == "Liv Testlærer"
    assert people["contact"].content["unit"] == "Eksempel skole, 5A"
    assert (people["guardian"].about, people["contact"].about) == ("parent", "child")


def test_the_key_is_the_sourced_id_and_a_number_only_where_it_is_one() -> None:
    numbered = pupil(message(users=with_user("student", userMasterIdentifier=NORA.number)))
    d_number = pupil(message(users=with_user("student", userMasterIdentifier="5" + NORA.number[1:])))
    named = pupil(message(users=with_user("student", userMasterIdentifier="feide:nora")))

    assert [key.kind for key in LENS.child(numbered)] == ["own", "fnr"]
    assert [key.kind for key in LENS.child(d_number)] == ["own", "dnr"]
    assert [key.kind for key in LENS.child(named)] == ["own"]


def test_support_groups_and_log_in_names_are_dropped_before_anything_is_stored() -> None:
    part = LENS.clean(pupil(message(users=with_user("student", username="nora", password="secret"))))

    assert {"classes", "user"}.isdisjoint(part)
    assert LENS.get(part) == LENS.get(pupil(message()))


def test_the_primary_teacher_of_a_support_group_is_no_contact() -> None:
    (group,) = message()["classes"]
    support = {**group, "classType": "scheduled", "metadata": {"onedhub.groupType": "LearningSupport"}}

    assert pupil(message(classes=[support]))["contacts"] == []


def test_an_after_school_group_says_that_the_contact_works_there() -> None:
    (group,) = message()["classes"]
    sfo = {**group, "classType": "scheduled", "metadata": {"onedhub.groupType": "SfoGroup"}}

    (contact,) = pupil(message(classes=[sfo]))["contacts"]

    assert contact["service"] == "after_school"


def test_what_the_open_value_sets_mean_is_configuration() -> None:
    values = default_values()
    users = with_user("guardian", roles=[{**message()["users"][1]["roles"][0], "role": "ext:verge"}])
    roster = Roster("school", type(values)(**{**_fields(values), "guardian_roles": ["ext:verge"]}))

    assert pupil(message(users=users))["guardians"] == []
    assert len(pupil(message(users=users), roster)["guardians"]) == 1


def _fields(values: Any) -> dict[str, Any]:
    return {name: getattr(values, name) for name in values.__dataclass_fields__}


def test_a_guardian_who_names_the_child_is_found_once_and_with_the_relation() -> None:
    key = Counterpart([NORA]).key(NORA.id).value
    ref = {"href": "", "sourcedId": key, "type": "user"}
    said = {"type": "x", "username": "x", "1edtech.role.agentId": key, "1edtech.role.userRoleForAgent": "mother"}
    profile = {"profileId": "p", "profileType": "RoleExtension", "vendorId": "v", "credentials": [said]}
    users = with_user("guardian", agents=[ref], userProfiles=[profile])

    (guardian,) = pupil(message(users=users))["guardians"]

    assert guardian["relation"] == "mother"


def test_a_contact_who_is_to_be_deleted_is_a_tombstone() -> None:
    gone = [
        {**each, "status": "tobedeleted"} if each["role"] == "teacher" else each for each in message()["enrollments"]
    ]

    items = LENS.get(pupil(message(enrollments=gone)))["participant"].values()

    assert [item.deleted for item in items] == [True, False]


def test_a_pupil_who_is_to_be_deleted_is_no_part() -> None:
    users = with_user("student", status="tobedeleted")

    assert Roster("school").read(orjson.dumps(message(users=users)))["pupils"] == []


def test_two_pupils_of_a_class_share_their_contact() -> None:
    roster = Counterpart([NORA, OLE])
    one, two = (orjson.loads(roster.change(person.id, "roster")[1]) for person in (NORA, OLE))
    both = {name: list({each["sourcedId"]: each for each in one[name] + two[name]}.values()) for name in one}

    pupils = Roster("school").read(orjson.dumps(both))["pupils"]

    assert [LENS.get(part)["identity"]["name"].content["value"] for part in pupils] == [NORA.name, OLE.name]
    assert pupils[0]["contacts"] == pupils[1]["contacts"]


@pytest.mark.parametrize("name", sorted(SETS))
def test_one_set_alone_is_read_and_written_as_it_came(name: str) -> None:
    alone = {name: message().get(name, [])}
    roster = Roster("school")

    assert orjson.loads(roster.write(roster.read(orjson.dumps(alone)))) == alone


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ({}, "$"),
        ({"user": {}}, "$"),
        ({"users": [{}]}, "$.users[0]"),
        (message(users=with_user("student", enabledUser=True)), "$.users[0].enabledUser"),
        (message(users=with_user("student", roles=[])), "$.users[0].roles"),
    ],
)
def test_what_the_standard_refuses_is_refused_with_the_place(broken: Any, place: str) -> None:
    with pytest.raises(UnusableError) as refusal:
        Roster("school").read(orjson.dumps(broken))

    assert refusal.value.place == place


# ── the samples of ../shared ────────────────────────────────────────────────────────────────────────────────────────


def rosters() -> list[Path]:
    """Every sample that is one or more OneRoster sets, whoever made it."""
    return [file for file in sorted(SAMPLES.rglob("*.json")) if _is_roster(file)]


def _is_roster(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(60)
        if not any(f'"{name}"'.encode() in head for name in SETS):
            return False
    document = json.loads(file.read_bytes())
    return isinstance(document, dict) and document.keys() <= SETS


@needs_samples
@pytest.mark.parametrize("file", rosters(), ids=lambda file: file.name)
@pytest.mark.parametrize(("adapter", "kind"), [(School(), "school"), (Kindergarten(), "kindergarten")])
def test_every_sample_is_read_unless_the_formats_schema_refuses_it(file: Path, adapter: Adapter, kind: str) -> None:
    raw, kind = file.read_bytes(), f"no.langbenk.{kind}.v1.oneroster"
    schema = jsonschema.Draft202012Validator(
        json.loads((HOME / "school" / "oneroster12_sets.schema.json").read_bytes())
    )
    try:
        written = adapter.write(adapter.read(raw, kind), kind)
    except UnusableError:
        assert not schema.is_valid(json.loads(raw))
    else:
        assert canonical_json(json.loads(written)) == canonical_json(json.loads(raw))


@needs_samples
def test_the_sample_sets_as_one_message_say_who_the_child_and_the_contact_are() -> None:
    one: dict[str, Any] = {}
    for file in rosters():
        if file.parent == HOME / "school":
            one |= json.loads(file.read_bytes())

    portion = LENS.get(pupil(one))

    assert set(portion["identity"]) == {"name", "birth_date"}
    assert [item.content["role"] for item in portion["participant"].values()] == ["contact", "guardian"]
