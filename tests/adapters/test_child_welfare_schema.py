"""The Barnevern reader and the published schema accept and refuse the same files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from lxml import etree

from adapters.child_welfare import ChildWelfare
from adapters.child_welfare.structure import is_date, is_instant
from hub.sdk import UnusableError
from tests.adapters.barnevern import KIND, SAMPLES, WHOLE, XSD, canonical, read, samples

Mutate = Callable[[Any], None]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-02-28", True),
        ("2026-02-29", False),
        ("2024-02-29Z", True),
        ("12024-02-29", True),
        ("02024-02-29", False),
        ("0000-01-01", False),
        ("2026-13-01", False),
        ("2026-01-01+14:00", True),
        ("2026-01-01+14:01", False),
        (" 2026-01-01", False),
        ("i dag", False),
    ],
)
def test_a_date_is_one_that_a_calendar_has(text: str, right: bool) -> None:
    assert is_date(text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-02-28T00:00:00Z", True),
        ("2026-02-28T24:00:00.000Z", True),
        ("2026-02-28T24:00:01Z", False),
        ("2026-02-28T10:00:60Z", False),
        ("2026-02-28T10:00:00", False),
        ("2026-02-30T10:00:00Z", False),
    ],
)
def test_an_instant_says_its_zone(text: str, right: bool) -> None:
    assert is_instant(text) == right


@samples
def test_every_sample_is_read_or_refused_as_the_published_schema_says() -> None:
    schema, found = etree.XMLSchema(etree.parse(str(XSD))), {True: 0, False: 0}
    for file in sorted(SAMPLES.rglob("*.xml")):
        root = etree.parse(str(file)).getroot()
        if root.tag == "Barnevern":
            found[accepted(file.read_bytes(), schema, str(file))] += 1

    assert found[True] >= 1
    assert found[False] >= 3


@samples
def test_every_envelope_among_the_samples_is_read_and_written_without_loss() -> None:
    for file in SAMPLES.rglob("no.ssb.barnevern.fagsystem.v1.innrapportering.json"):
        sent = json.loads(file.read_text("utf-8"))
        if "xmlBody" in sent:
            again = json.loads(ChildWelfare().write(read(file.read_bytes()), KIND))

            assert canonical(again["xmlBody"].encode()) == canonical(sent["xmlBody"].encode())


@samples
@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.long)])
def test_mutations_are_read_or_refused_as_the_published_schema_says(stride: int) -> None:
    schema, found = etree.XMLSchema(etree.parse(str(XSD))), {True: 0, False: 0}
    assert accepted(WHOLE.encode(), schema, "whole")
    for what, raw in islice(mutations(WHOLE), 0, None, stride):
        found[accepted(raw, schema, what)] += 1

    assert min(found.values()) > 100


def accepted(raw: bytes, schema: Any, what: str) -> bool:
    """Whether both read it; fails where only one does, or where what is read is not written again."""
    valid: bool = schema.validate(etree.fromstring(raw))
    try:
        document = read(raw)
    except UnusableError as error:
        assert not valid, f"{what}: only we refuse it ({error})"
        return False
    assert valid, f"{what}: only we accept it ({schema.error_log.last_error})"
    assert canonical(ChildWelfare().write(document, KIND)) == canonical(raw), what
    return True


VALUES = (
    *(
        "",
        "1",
        "4",
        "9",
        "10",
        "99",
        "3.10",
        "1.1.02",
        "1.1",
        "a",
        "æ",
        "true",
        " 1 ",
        "x" * 37,
        "x" * 301,
        "x" * 10001,
    ),
    *("2026-02-30", "2026-02-28", "2026-02-28+01:00", "2026-02-28T10:00:00Z", "2026-02-28T10:00:00", "12345678901"),
    *("00000000-0000-4000-8000-0000000000ff", "00000000-0000-6000-8000-0000000000ff", "Tiltak", "BVL", "4a", "٣"),
)


def mutations(xml: str) -> Iterator[tuple[str, bytes]]:
    """Every attribute left out and given each value, every element left out, doubled, moved, filled and renamed."""
    for number, element in enumerate(etree.fromstring(xml.encode()).iter("*")):
        for name in element.attrib:
            yield from mutated(xml, number, f"without {name}", lambda node, name=name: node.attrib.pop(name))
            for value in VALUES:
                change = lambda node, name=name, value=value: node.set(name, value)  # noqa: E731 - bound in the loop
                yield from mutated(xml, number, f"{name}={value[:40]!r}", change)
        for value in VALUES:
            yield from mutated(xml, number, f"text {value[:40]!r}", lambda node, value=value: filled(node, value))
        yield from mutated(xml, number, "with an unknown attribute", lambda node: node.set("Ukjent", "1"))
        yield from mutated(xml, number, "renamed", lambda node: setattr(node, "tag", "Ukjent"))
        yield from mutated(xml, number, "with an unknown child", lambda node: etree.SubElement(node, "Ukjent"))
        if number:
            yield from mutated(xml, number, "left out", lambda node: node.getparent().remove(node))
            yield from mutated(xml, number, "last", lambda node: node.getparent().append(node))
            yield from mutated(xml, number, "twice", lambda node: node.addnext(again(node)))
            yield from mutated(xml, number, "twice, alike", lambda node: node.addnext(etree.fromstring(text(node))))


def mutated(xml: str, number: int, what: str, change: Mutate) -> Iterator[tuple[str, bytes]]:
    root = etree.fromstring(xml.encode())
    node = list(root.iter("*"))[number]
    told = f"{node.tag} {what}"
    change(node)
    yield told, etree.tostring(root.getroottree(), encoding="UTF-8")


def filled(node: Any, value: str) -> None:
    node.text = value


def text(node: Any) -> bytes:
    told: bytes = etree.tostring(node, with_tail=False)
    return told


def again(node: Any) -> Any:
    """The same element with ids of its own."""
    return etree.fromstring(re.sub(rb'(\WId="[^"]{30})', rb"\1", text(node)).replace(b"0000-4000", b"0001-4000"))
