"""Reading through a lens: what it takes, how it marks it, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import UnusableError
from hub.model.change import ChildKey
from tests.unit.mapping.lenses import LENS, PLAIN, all_of, item, lens, whole_log


def test_get_takes_what_rows_name_and_nothing_else() -> None:
    portion = LENS.get(whole_log())

    assert {kind: {key: dict(each.content) for key, each in items.items()} for kind, items in portion.items()} == {
        "frame": {"": {"title": "Plan"}},
        "identity": {
            "name": {"fact": "name", "value": "Nora"},
            "birth_date": {"fact": "birth_date", "value": "2016-04-02"},
        },
        "measure": {"m1": {"title": "Lesehjelp", "status": "active", "kind": "plan"}, "2": {"kind": "plan"}},
    }


def test_marks_come_from_the_mapping_the_label_and_the_document() -> None:
    portion = LENS.get(whole_log())

    assert portion["measure"]["m1"].categories == {"education", "plan_measure", "health"}
    assert portion["measure"]["m1"].owner == "bup"
    assert portion["identity"]["birth_date"].categories == {"birth_date"}


def test_a_label_no_table_knows_makes_the_item_unclassified() -> None:
    document = whole_log()
    document["measures"][0]["topic"] = "hemmelig"

    assert "unclassified" in LENS.get(document)["measure"]["m1"].categories


def test_an_item_is_free_text_as_soon_as_a_field_of_free_text_is_filled() -> None:
    portion = PLAIN.get({"measures": [{"id": "a", "text": "short"}, {"id": "b", "more": "long"}]})

    assert {key: each.free_text for key, each in portion["measure"].items()} == {"a": False, "b": True}


@pytest.mark.parametrize(
    ("document", "place", "code"),
    [
        ({"measures": "x"}, "measures", "wrong_type"),
        ({"measures": ["x"]}, "measures[0]", "wrong_type"),
        ({"measures": [{"id": "a"}, {"id": "b", "text": ["x"]}]}, "measures[1].text", "wrong_type"),
        ({"measures": [{"text": "a"}]}, "measures[0].id", "no_key"),
        ({"measures": [{"id": "a"}, {"id": "a"}]}, "measures[1].id", "duplicate_key"),
        ([], "", "wrong_type"),
    ],
)
def test_another_shape_is_refused_with_its_place_and_never_a_value(document: Any, place: str, code: str) -> None:
    with pytest.raises(UnusableError) as refused:
        PLAIN.get(document)

    assert (refused.value.place, refused.value.code) == (place, code)
    assert str(refused.value).startswith("test/test.v1: ")


def test_a_wrong_value_is_not_in_the_message() -> None:
    document = {"pupil": {"born": "Kari Nordmann"}}

    with pytest.raises(UnusableError, match=r"pupil\.born") as refused:
        LENS.get(document)

    assert "Kari" not in f"{refused.value} {refused.value.way_out}"


@pytest.mark.parametrize(
    ("table", "outcome"),
    [
        ("school/status", ("Q", {"education"})),
        ("loose", ("Q", {"education", "unclassified"})),
        ("strict", "unknown_code"),
    ],
)
def test_a_code_the_table_does_not_know_does_what_the_table_says(table: str, outcome: Any) -> None:
    coded = lens(f"sections: [{{kind: goal, each: goals, key: id, rows: [{{hub: status, at: s, codes: {table}}}]}}]")
    try:
        goal = coded.get({"goals": [{"id": "g", "s": "Q"}]})["goal"]["g"]
        found: Any = (goal.content["status"], goal.categories)
    except UnusableError as error:
        found = error.code

    assert found == outcome


def test_an_object_may_hold_the_items_by_their_keys() -> None:
    keyed = lens("sections: [{kind: note, each: notes, rows: [{hub: text, at: t}]}]")

    assert keyed.get({"notes": {"n1": {"t": "hello"}}})["note"]["n1"].content == {"text": "hello"}
    assert keyed.put({}, {"note": {"n2": item(text="new")}}, {"note": frozenset({"n2"})}) == {
        "notes": {"n2": {"t": "new"}}
    }


def test_a_row_from_the_root_is_read_by_every_item_and_written_by_none() -> None:
    rooted = lens(
        "sections: [{kind: goal, each: goals, key: id, rows: [{hub: title, at: t}, {hub: start, at: ^period.from}]}]"
    )
    base = {"period": {"from": "2024-01-01"}, "goals": [{"id": "g", "t": "a"}]}
    view = {"goal": {"g": item(title="b", start="2030-01-01")}}

    assert rooted.get(base)["goal"]["g"].content == {"title": "a", "start": "2024-01-01"}
    assert rooted.put(base, view, all_of(view)) == {"period": {"from": "2024-01-01"}, "goals": [{"id": "g", "t": "b"}]}


def test_a_document_is_split_into_its_childrens_parts_and_joined_again() -> None:
    document = {"schema": "1", "pupils": [{"pupil": {"id": "a"}}, {"pupil": {"id": "b"}}]}
    first, second = LENS.parts(document)

    assert LENS.child(second) == [ChildKey("own", "b")]
    assert LENS.join(document, first) == {"schema": "1", "pupils": [{"pupil": {"id": "a"}}]}
    assert LENS.parts({"schema": "1"}) == []


def test_places_that_are_never_kept_are_gone_before_anything_is_stored() -> None:
    document = {**whole_log(), "payments": [{"amount": 100}]}

    assert LENS.clean(document) == {
        **whole_log(),
        "pupil": {"id": "e1", "name": "Nora", "born": "2016-04-02T00:00:00"},
    }


def test_a_never_place_of_another_shape_is_refused() -> None:
    with pytest.raises(UnusableError, match="object expected"):
        LENS.clean({"pupil": [{"photo": "…"}]})


def test_enrol_writes_the_receivers_own_key_and_only_that() -> None:
    assert LENS.enrol({"pupil": {"name": "Nora"}}, ChildKey("own", "e9")) == {"pupil": {"name": "Nora", "id": "e9"}}
    assert LENS.enrol({"pupil": {}}, ChildKey("duf", "1")) == {"pupil": {}}


def test_an_object_gets_the_key_order_of_its_format() -> None:
    ordered = lens("order: {.: [a, b], b: [x, y]}\nframe: {rows: [{hub: title, at: a}, {hub: status, at: b.x}]}")
    view = {"frame": {"": item(title="t", status="s")}}

    assert list(ordered.put({"b": {"y": 1}}, view, all_of(view))) == ["a", "b"]
    assert list(ordered.put({"b": {"y": 1}}, view, all_of(view))["b"]) == ["x", "y"]


def test_unmapped_names_places_and_never_values() -> None:
    document = {**whole_log(), "extra": {"deep": "secret"}, "nothing": []}

    assert [each.place for each in LENS.unmapped(document)] == ["measures[].x", "measures[]", "extra"]
