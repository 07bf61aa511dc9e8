"""Writing through a lens: what is granted is written, and all else is left as it was."""

from __future__ import annotations

from hub.model.change import Item
from tests.unit.mapping.lenses import LENS, PLAIN, all_of, item, lens, whole_log


def test_put_back_what_was_got_gives_the_very_document() -> None:
    document = whole_log()
    portion = LENS.get(document)

    assert LENS.put(document, portion, all_of(portion)) is document


def test_granted_and_present_is_written_absent_is_removed_withheld_is_left() -> None:
    base = {"measures": [{"id": "a", "text": "1"}, {"id": "b", "text": "2"}, {"id": "c", "text": "3"}], "else": True}
    view = {"measure": {"a": item(title="one"), "c": item(title="three"), "d": item(title="four")}}

    assert PLAIN.put(base, view, {"measure": frozenset("abd")}) == {
        "measures": [{"id": "a", "text": "one"}, {"id": "c", "text": "3"}, {"id": "d", "text": "four"}],
        "else": True,
    }


def test_a_code_of_several_for_one_meaning_stays() -> None:
    document = whole_log()
    portion = LENS.get(document)
    renamed = portion["measure"]["m1"]._replace(content={**portion["measure"]["m1"].content, "title": "Ny"})
    after = LENS.put(document, {**portion, "measure": {**portion["measure"], "m1": renamed}}, all_of(portion))

    assert (after["measures"][0]["state"], after["measures"][0]["text"]) == ("B", "Ny")


def test_put_never_changes_the_base() -> None:
    document, untouched = whole_log(), whole_log()
    view = {"measure": {"m1": item(title="Ny")}, "frame": {"": item(title="Ny", period_start="2024-01-01")}}
    LENS.put(document, view, all_of(view))

    assert document == untouched


def test_a_new_item_has_its_key_its_constants_its_label_and_its_owner() -> None:
    new = Item({"title": "Ny"}, frozenset({"education", "plan_measure", "sped"}), owner="bup")
    after = LENS.put(None, {"measure": {"k": new}}, {"measure": frozenset("k")})

    assert after == {
        "schema": "1",
        "measures": [{"type": "tiltak", "id": "k", "topic": "spesped", "service": "bup", "text": "Ny"}],
    }


def test_what_becomes_empty_is_taken_away() -> None:
    base = {"schema": "1", "period": {"from": "2024-01-01"}, "measures": [{"id": "a", "type": "tiltak"}]}

    assert LENS.put(base, {}, {"frame": frozenset({""}), "measure": frozenset("a")}) == {"schema": "1"}


def test_a_value_the_format_cannot_say_is_not_written() -> None:
    view = {"frame": {"": item(title="t", period_start="soon")}, "goal": {"g": item(title="no goals here")}}

    assert LENS.put(None, view, all_of(view)) == {"schema": "1", "title": "t"}
    assert LENS.cut(view) == {"frame": {"": item(title="t")}}


def test_a_new_item_goes_to_the_section_its_constants_do_not_contradict() -> None:
    two = lens(
        """
sections:
  - {kind: measure, each: cases, key: id, rows: [{hub: kind, const: case}, {hub: title, at: t}]}
  - {kind: measure, each: aids, key: id, rows: [{hub: kind, const: aid}, {hub: title, at: t}]}
"""
    )
    view = {"measure": {"a": item(kind="aid", title="x"), "c": item(title="y")}}

    assert two.put({}, view, all_of(view)) == {"cases": [{"id": "c", "t": "y"}], "aids": [{"id": "a", "t": "x"}]}


MARKED = lens(
    """
sections:
  - kind: goal
    each: goals
    key: id
    deleted: {at: status, is: gone}
    rows: [{hub: title, at: t}, {hub: status, at: status}]
"""
)


def test_an_item_that_says_it_is_deleted_is_a_tombstone_without_content() -> None:
    goal = MARKED.get({"goals": [{"id": "g", "t": "secret", "status": "gone"}]})["goal"]["g"]

    assert (goal.deleted, goal.content) == (True, {})


def test_a_tombstone_is_written_as_the_format_says_it() -> None:
    base = {"goals": [{"id": "g", "t": "x", "status": "active"}]}
    view = {"goal": {"g": Item({}, frozenset({"education"}), deleted=True)}}

    assert MARKED.put(base, view, all_of(view)) == {"goals": [{"id": "g", "t": "x", "status": "gone"}]}
    assert PLAIN.put({"measures": [{"id": "g"}]}, {"measure": view["goal"]}, {"measure": frozenset("g")}) == {}


def test_an_item_that_lives_again_is_no_tombstone() -> None:
    base = {"goals": [{"id": "g", "t": "x", "status": "gone"}]}
    view = {"goal": {"g": item(title="y")}}

    assert MARKED.put(base, view, all_of(view)) == {"goals": [{"id": "g", "t": "y"}]}
