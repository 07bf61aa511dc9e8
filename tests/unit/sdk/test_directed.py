"""Directed messages are held to their schema, described for policy, and name no person when they are refused."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator
from referencing import Registry, Resource

from hub.errors import UnusableError
from hub.model.change import ChildKey
from hub.sdk.directed import (
    INFO,
    REPORT,
    describe,
    keep,
    number_key,
    read_info,
    read_report,
    readdress,
    without_location,
    write_directed,
)

SAMPLES = Path(os.environ.get("LANGBENK_SAMPLES") or Path(__file__).parents[4] / "shared" / "samples")
KS = SAMPLES / "norway/barnevern/ks-no__fiks-io-bekymringsmelding-protokoll/schema"
samples = pytest.mark.skipif(not KS.is_dir(), reason="the samples are not on this machine")

REPORT_SENT: dict[str, Any] = {
    "kommunenummer": "9999",
    "kommunenavn": "Testvik",
    "bydelsnummer": "00",
    "bydelsnavn": "",
    "offentligMelder": {
        "personnavn": "Lærer Én",
        "rolle": "Lærer",
        "telefonnummer": "+47 900-00 000",
        "epost": "en.lærer@skole.example.no",
        "virksomhet": {"navn": "Testvik skole", "adresse": {"adresselinje1": "Veien 1"}},
    },
    "offentligBarn": [
        {
            "fnr": "14861560032",
            "ufoedt": False,
            "personnavn": "Barn Én",
            "adresse": {"adresselinje1": "Veien 2", "postnummer": "9999"},
            "orientert": True,
        }
    ],
    "foresatte": [{"personnavn": "Mor Én", "orientert": True}],
    "melding": {"melding": "Det vi har sett.", "historie": "Det vi har gjort."},
    "sendingstidspunkt": "2026-09-01T12:00:00",
    "leveringskanal": "Testvik kommune",
}
INFO_SENT: dict[str, Any] = {
    "subject": {"kind": "own", "key": "P-17"},
    "title": "Fravær i august",
    "free_text": True,
    "parts": [
        {"categories": ["attendance"], "facts": {"days": 4, "from": "2026-08-17"}},
        {"categories": ["health"], "about": "parent", "text": "Mor er syk."},
    ],
}


def sent(document: Any) -> bytes:
    return json.dumps(document).encode()


def changed(document: Any, path: str, value: Any) -> Any:
    copied = copy.deepcopy(document)
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    place = copied
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return copied


def test_a_report_is_read_and_passed_on_unchanged() -> None:
    document = read_report(sent(REPORT_SENT))

    assert json.loads(write_directed(document)) == REPORT_SENT


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("kommunenummer", "99", "$.kommunenummer"),
        ("offentligBarn", [], "$.offentligBarn"),
        ("offentligBarn.0.fnr", "1486156003", "$.offentligBarn[0].fnr"),
        ("offentligBarn.0.orientert", "ja", "$.offentligBarn[0].orientert"),
        ("offentligMelder.telefonnummer", "ring meg", "$.offentligMelder.telefonnummer"),
        ("foresatte", ..., "$"),
        ("melding.historie", ..., "$.melding"),
    ],
)
def test_a_report_that_is_none_is_refused_with_its_place_and_no_name(path: str, value: Any, place: str) -> None:
    with pytest.raises(UnusableError) as refused:
        read_report(sent(changed(REPORT_SENT, path, value)))

    assert refused.value.place == place
    assert not any(name in str(refused.value) for name in ("Én", "14861560032", "ring meg"))


def test_a_report_without_a_known_number_is_still_a_report() -> None:
    document = read_report(sent(changed(REPORT_SENT, "offentligBarn.0.fnr", "")))

    assert describe(document, REPORT.name).children == ()


def test_a_report_the_family_was_not_told_of_is_hidden_from_guardians() -> None:
    told = describe(read_report(sent(REPORT_SENT)), REPORT.name)
    untold = describe(changed(REPORT_SENT, "foresatte.0.orientert", False), REPORT.name)

    assert (told.hidden, untold.hidden) == (False, True)
    assert told.children == (ChildKey("fnr", "14861560032"),)
    assert told.free_text


def test_a_constructed_number_names_nobody_before_any_check_digit() -> None:
    assert [number_key(f"140615{end}") for end in ("00100", "00200", "55555", "99999")] == [None] * 4
    assert number_key("54861560032") == ChildKey("dnr", "54861560032")


def test_an_info_message_tells_policy_its_categories_and_whose_they_are() -> None:
    described = describe(read_info(sent(INFO_SENT)), INFO.name)

    assert described.children == (ChildKey("own", "P-17"),)
    assert described.categories == {"attendance", "health"}
    assert described.third_party == {"health"}
    assert described.free_text


def test_an_info_message_loses_the_parts_that_may_not_be_sent() -> None:
    kept = keep(read_info(sent(INFO_SENT)), frozenset({"attendance"}))

    assert [part["categories"] for part in kept["parts"]] == [["attendance"]]


def test_an_info_message_carries_the_receivers_own_key() -> None:
    document = read_info(sent(INFO_SENT))

    assert readdress(document, ChildKey("own", "S-4"))["subject"] == {"kind": "own", "key": "S-4"}
    assert b"P-17" not in write_directed(readdress(document, None))


def test_a_report_about_a_hidden_child_tells_no_place_and_is_still_a_report() -> None:
    bare = sent(without_location(read_report(sent(REPORT_SENT)), REPORT.name))

    assert read_report(bare)["offentligBarn"][0]["fnr"] == "14861560032"
    assert not [place for place in ("Veien", "9999", "Testvik", "900-00", "skole") if place in bare.decode()]


def test_an_info_message_about_a_hidden_child_loses_its_parts_with_a_place() -> None:
    lives = changed(INFO_SENT, "parts.0.categories", ["residence", "attendance"])

    assert [part["categories"] for part in without_location(lives, INFO.name)["parts"]] == [["health"]]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("free_text", False, "$.free_text"),
        ("parts.0.categories", [], "$.parts[0].categories"),
        ("parts.0.facts", ..., "$.parts[0]"),
        ("subject.kind", "name", "$.subject.kind"),
        ("subject", {"kind": "fnr", "key": "P-17"}, "$.subject.key"),
        ("Ola Nordmann", 1, "$"),
    ],
)
def test_an_info_message_that_is_none_is_refused_with_its_place(path: str, value: Any, place: str) -> None:
    with pytest.raises(UnusableError) as refused:
        read_info(sent(changed(INFO_SENT, path, value)))

    assert refused.value.place == place
    assert "Nordmann" not in str(refused.value)


@samples
def test_our_schema_of_the_report_refuses_what_the_published_one_refuses_and_nothing_more_but_odd_numbers() -> None:
    domain = KS / "domain"
    address = json.loads((domain / "adresse.json").read_text())
    schema = json.loads((domain / "v2/offentlig.bekymringsmelding.v2.json").read_text())
    schema["$id"] = "https://fiks.example/v2/offentlig.json"
    registry: Registry[Any] = Registry().with_resource("https://fiks.example/adresse.json", _resource(address))
    published = Draft201909Validator(schema, registry=registry)
    example = json.loads((KS / "examples/offentligBekymringsmeldingV2.json").read_text())

    for case in (example, REPORT_SENT, *mutations(example), *mutations(REPORT_SENT)):
        assert _reads(case) == published.is_valid(case)


def _resource(schema: Any) -> Resource[Any]:
    return Resource.from_contents({**schema, "$id": "https://fiks.example/adresse.json"})


def _reads(document: Any) -> bool:
    try:
        read_report(sent(document))
    except UnusableError:
        return False
    return True


def mutations(document: Any, path: str = "") -> Iterator[Any]:
    """Every place once left out and once given each of some values; the child's number is left to its own test."""
    for path in list(places(document)):
        if not path.endswith("fnr"):
            yield changed(document, path, ...)
            for value in ("", "a\nb", "12", "é@x.no", True, 3, [], {}, None, [{}, {}, {}]):
                yield changed(document, path, value)


def places(node: Any, at: str = "") -> Iterator[str]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in pairs:
        yield f"{at}{step}"
        yield from places(child, f"{at}{step}.")
