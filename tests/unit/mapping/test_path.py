"""Paths: what they name, and how a value is read and written there."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import UnusableError
from hub.mapping.access import reader, writer
from hub.mapping.path import Select, parse, place_of

PHONE = "telecom[system=phone,use=home].value"
OID = 'identifier[system="urn:a[1],b"].value'


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a.b", ("a", "b")),
        ("a[2].b", ("a", 2, "b")),
        ('a["k.with.dots"].b', ("a", "k.with.dots", "b")),
        (PHONE, ("telecom", Select(((("system",), "phone"), (("use",), "home"))), "value")),
        (OID, ("identifier", Select(((("system",), "urn:a[1],b"),)), "value")),
        ("entry[resource.resourceType=Goal].id", ("entry", Select(((("resource", "resourceType"), "Goal"),)), "id")),
        (".", ()),
    ],
)
def test_a_path_is_its_steps(text: str, steps: Any) -> None:
    assert parse(text).steps == steps


@pytest.mark.parametrize("text", ["", "a..b", "a[", "a]b", ".a", "^"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="path"):
        parse(text)


def test_a_place_reads_as_it_was_written() -> None:
    assert place_of(parse(PHONE).steps) == PHONE


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("a.b", None, {"a": {"b": 1}}),
        ("a.b", {"a": {"c": 2}, "d": 3}, {"a": {"c": 2, "b": 1}, "d": 3}),
        ("a[0].b", {"a": [{"b": 0}, {"b": 5}]}, {"a": [{"b": 1}, {"b": 5}]}),
        ("a[1]", {"a": []}, {"a": [{}, 1]}),
        ("a[s=x].b", {"a": [{"s": "y"}]}, {"a": [{"s": "y"}, {"s": "x", "b": 1}]}),
        ("a[s=x].b", {"a": [{"s": "x", "b": 0, "c": 2}]}, {"a": [{"s": "x", "b": 1, "c": 2}]}),
        ("a[s.t=x].b", None, {"a": [{"s": {"t": "x"}, "b": 1}]}),
    ],
)
def test_what_is_written_is_read(text: str, before: Any, after: Any) -> None:
    path = parse(text)
    written = writer(path)(before, 1)

    assert written == after
    assert reader(path)(written) == 1


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("a.b", {"a": {"b": 1}, "d": 3}, {"d": 3}),
        ("a.b", {"a": {"b": 1, "c": 2}}, {"a": {"c": 2}}),
        ("a[s=x].b", {"a": [{"s": "x", "b": 1}]}, {}),
        ("a[s=x].b", {"a": [{"s": "x", "b": 1, "c": 2}]}, {"a": [{"s": "x", "c": 2}]}),
        ("a[1].b", {"a": [{"b": 0}, {"b": 1}]}, {"a": [{"b": 0}]}),
        ("a[0].b", {"a": [{"b": 0}, {"b": 1}]}, {"a": [{}, {"b": 1}]}),
    ],
)
def test_what_is_taken_away_leaves_nothing_empty_behind(text: str, before: Any, after: Any) -> None:
    assert writer(parse(text))(before, None) == after


@pytest.mark.parametrize("text", ["a.b", "a[0].b", "a[s=x].b", "c"])
def test_writing_what_stands_there_gives_the_very_node(text: str) -> None:
    node = {"a": {"b": 1}} if text == "a.b" else {"a": [{"s": "x", "b": 1}], "c": 1}

    assert writer(parse(text))(node, 1) is node


@pytest.mark.parametrize(
    ("text", "node", "place"), [("a.b", {"a": 1}, "a"), ("a[s=x].b", {"a": {}}, "a"), ("a", [], "")]
)
def test_another_shape_on_the_way_is_refused_with_its_place(text: str, node: Any, place: str) -> None:
    for attempt in (lambda: reader(parse(text))(node), lambda: writer(parse(text))(node, 1)):
        with pytest.raises(UnusableError) as refused:
            attempt()

        assert refused.value.place == place
