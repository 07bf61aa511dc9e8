"""The school's door: its support plan, its roster, its counterpart."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from adapters.school import School
from adapters.school.counterpart import Counterpart
from hub.conformance import AdapterConformance
from hub.mapping import load_lens
from hub.sdk import UnusableError
from tests.adapters.stories import NORA, told_by

PLAN = "no.langbenk.school.v1.support-plan"
LENS = load_lens("mappings:school/support-plan.v1.yaml")


class TestSchool(AdapterConformance):
    adapter = School()
    samples = told_by(Counterpart)


def plan(**changes: Any) -> dict[str, Any]:
    _, body = Counterpart([NORA]).first_document(NORA.id)
    return {**orjson.loads(body), **changes}


def read(document: Any) -> Any:
    return School().read(orjson.dumps(document), PLAN)


def test_a_topic_says_which_information_an_item_holds() -> None:
    part = read(
        plan(measures=[{"id": "1", "topic": "special_education"}, {"id": "2", "topic": "horoscope"}, {"id": "3"}])
    )

    measures = LENS.get(part)["measure"]

    assert measures["1"].categories == {"education", "plan_measure", "sped"}
    assert measures["2"].categories == {"education", "plan_measure", "unclassified"}
    assert measures["3"].categories == {"education", "plan_measure"}


def test_an_item_says_whose_it_is_and_the_schools_own_may_say_nothing() -> None:
    part = read(plan(measures=[{"id": "1", "service": "bup", "title": "Samtaler"}, {"id": "2", "title": "Lekser"}]))

    measures = LENS.get(part)["measure"]

    assert (measures["1"].owner, measures["2"].owner) == ("bup", None)


def test_the_child_is_known_by_the_schools_own_key_first() -> None:
    keys = LENS.child(read(plan()))

    assert [key.kind for key in keys] == ["own", "fnr"]
    assert keys[0] == Counterpart([NORA]).key(NORA.id)


def test_a_plan_for_a_school_that_has_none_starts_with_its_own_key_and_no_number() -> None:
    view = {"frame": {"": LENS.get(plan())["frame"][""]}}
    grant = {"frame": frozenset({""})}

    document = LENS.enrol(LENS.put(None, view, grant), Counterpart([NORA]).key(NORA.id))

    assert document["pupil"] == {"id": Counterpart([NORA]).key(NORA.id).value}
    assert read(document) == document


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"pupil": {}}, "$.pupil"),
        ({"pupil": {"id": ""}}, "$.pupil.id"),
        ({"schema": "no.langbenk.kindergarten.v1.support-plan"}, "$.schema"),
        ({"measures": [{"id": "1"}, {"id": "1"}]}, "$.measures[1].id"),
        ({"measures": [{"id": "1", "due": "2026-02-30"}]}, "$.measures[0].due"),
        ({"measures": {"1": {}}}, "$.measures"),
        ({"goals": [{"id": "1", "title": ["Nora"]}]}, "$.goals[0].title"),
    ],
)
def test_a_broken_plan_is_refused_with_the_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(UnusableError) as refusal:
        read(plan(**change))

    assert refusal.value.place == place


def test_a_kind_the_school_does_not_speak_is_refused() -> None:
    with pytest.raises(UnusableError) as refusal:
        School().read(b"{}", "no.langbenk.health.v1.fhir-bundle")

    assert refusal.value.code == "unknown_kind"


def test_the_counterpart_sends_back_what_it_was_sent_with_its_own_edit() -> None:
    school = Counterpart([NORA])
    received = plan(
        measures=[{"id": "x", "service": "bup", "title": "Samtaler", "due": "2026-10-01"}], unknown={"kept": 1}
    )
    school.receive(PLAN, orjson.dumps(received))

    _, body = school.change(NORA.id, "edit_other")

    assert orjson.loads(body) == {**received, "measures": [{**received["measures"][0], "due": "2026-12-20"}]}


def test_the_counterparts_screen_shows_what_others_opened() -> None:
    school = Counterpart([NORA])
    school.receive(PLAN, orjson.dumps(plan(measures=[{"id": "x", "service": "bup", "title": "Samtaler"}])))

    assert "Tiltak: Samtaler (bup)" in school.shows(NORA.id)


def test_an_edit_of_an_item_that_is_not_there_changes_nothing() -> None:
    school = Counterpart([NORA])
    before = school.first_document(NORA.id)

    assert school.change(NORA.id, "edit_other") == before
