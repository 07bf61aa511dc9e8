"""The kit finds what it looks for: one adapter that is right, and one broken copy of it for each check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from hub.conformance.kit import CHECKS, UNCHECKED, AdapterConformance, faults_of, report
from hub.conformance.subject import Subject
from hub.sdk import ChildKey, Consent, Document, Kind, Manifest, UnusableError, read_json, write_json

KIND = Kind("no.langbenk.example.v1.activities", "mappings:example/activities.v1.yaml")
SAMPLE = {
    "member": {"number": "M-17"},
    "activities": [{"code": "1", "name": "Slagverk", "note": "Øver alene først."}],
}


class Right:
    """Reads and writes the example's document."""

    manifest = Manifest(
        name="right",
        title="Right",
        services=("arts_school",),
        reads=(KIND,),
        writes=(KIND,),
        carries={KIND.name: ("measure", "participant")},
    )

    def read(self, raw: bytes, kind: str) -> Document:
        document = read_json(raw)
        if not isinstance(document, dict) or not isinstance(document.get("member"), dict):
            raise UnusableError("unreadable", "lacks member", place="$")
        return document

    def write(self, document: Document, kind: str) -> bytes:
        return write_json(document)


class NamedBadly(Right):
    manifest = replace(Right.manifest, name="Not A Name", services=())


class CarriesTooMuch(Right):
    manifest = replace(Right.manifest, carries={KIND.name: ("goal",), "no.such.v1.kind": ()})


class WithoutMapping(Right):
    manifest = replace(Right.manifest, reads=(Kind("activities"),), writes=(), carries={})


class DropsWhatItDoesNotKnow(Right):
    def read(self, raw: bytes, kind: str) -> Document:
        known = ("member", "activities", "staff")
        return {key: value for key, value in super().read(raw, kind).items() if key in known}


class WritesAsAscii(Right):
    def write(self, document: Document, kind: str) -> bytes:
        return orjson.dumps(document).decode().encode("ascii", "replace")


class CutsText(Right):
    def write(self, document: Document, kind: str) -> bytes:
        items = [{**item, "note": item.get("note", "")[:255]} for item in document.get("activities", ())]
        return write_json({**document, "activities": items})


class RefusesByValueError(Right):
    def read(self, raw: bytes, kind: str) -> Document:
        try:
            return super().read(raw, kind)
        except UnusableError:
            raise ValueError("bad") from None


class RefusesWithoutPlace(Right):
    def read(self, raw: bytes, kind: str) -> Document:
        try:
            return super().read(raw, kind)
        except UnusableError as error:
            raise UnusableError(error.code, str(error)) from None


class RepeatsTheValue(Right):
    def read(self, raw: bytes, kind: str) -> Document:
        document = super().read(raw, kind)
        if not isinstance(document["member"].get("number"), str):
            raise UnusableError("unreadable", f"not a number: {document['member']}", place="$.member.number")
        return document


class ReadsAnything(Right):
    def read(self, raw: bytes, kind: str) -> Document:
        return {"member": {"number": "1"}, "raw": raw.decode("latin-1")}


class TellsConsents(Right):
    """Keeps what it has written, and gives it back for the same bytes."""

    def __init__(self) -> None:
        self.kept: dict[bytes, list[tuple[ChildKey, Consent]]] = {}

    def read_consents(self, raw: bytes) -> Sequence[tuple[ChildKey, Consent]]:
        if raw not in self.kept:
            raise UnusableError("unreadable", "no consents", place="$")
        return self.kept[raw]

    def write_consents(self, consents: Sequence[Consent], key: ChildKey) -> bytes:
        name = f"{key.kind} {[one.id for one in consents]}".encode()
        self.kept[name] = [(key, self.told(one)) for one in consents]
        return name

    def told(self, one: Consent) -> Consent:
        return one


class ForgetsFromWhom(TellsConsents):
    def told(self, one: Consent) -> Consent:
        return replace(one, senders=frozenset())


class ReadsNoConsentAsOne(TellsConsents):
    def read_consents(self, raw: bytes) -> Sequence[tuple[ChildKey, Consent]]:
        return self.kept.get(raw, [])


class ForgetsTheChild(TellsConsents):
    def read_consents(self, raw: bytes) -> Sequence[tuple[ChildKey, Consent]]:
        return [(ChildKey("own", "somebody"), one) for _, one in super().read_consents(raw)]


def found(code: str, adapter: Any, *samples: bytes) -> list[str]:
    raws = samples or (orjson.dumps(SAMPLE),)
    return list(CHECKS[code][1](Subject(adapter, {KIND.name: raws}, rounds=3)))


@pytest.mark.parametrize("code", CHECKS)
def test_what_is_right_passes(code: str) -> None:
    assert found(code, Right()) == []


@pytest.mark.parametrize(
    ("code", "adapter", "complaint"),
    [
        ("C-101", object(), "lacks manifest, read or write"),
        ("C-101", NamedBadly(), "name (a-z, 0-9, -)"),
        ("C-101", CarriesTooMuch(), "must be what its mapping holds: measure, participant"),
        ("C-101", CarriesTooMuch(), "no.such.v1.kind is neither read nor written"),
        ("C-101", WithoutMapping(), "activities has no mapping"),
        ("C-101", WithoutMapping(), "activities is no message type"),
        ("C-105", DropsWhatItDoesNotKnow(), "an unknown field is dropped in silence"),
        ("C-106", WritesAsAscii(), "Norwegian text is not written as it was given"),
        ("C-106", CutsText(), "long text is not written as it was given"),
        ("C-109", RefusesByValueError(), "ValueError instead of UnusableError"),
        ("C-109", RefusesWithoutPlace(), "has no place or no code"),
        ("C-109", RepeatsTheValue(), "the refusal repeats a value"),
        ("C-109", ReadsAnything(), "is read"),
        ("C-110", ForgetsFromWhom(), "record-1: senders does not come back"),
        ("C-110", ReadsNoConsentAsOne(), "no consent at all: is read"),
        ("C-110", ForgetsTheChild(), "the child comes back by another key"),
    ],
)
def test_each_check_finds_what_it_looks_for(code: str, adapter: Any, complaint: str) -> None:
    assert any(complaint in fault for fault in found(code, adapter))


def test_an_adapter_that_tells_consents_right_passes() -> None:
    assert found("C-110", TellsConsents()) == []


def test_a_sample_with_a_number_that_a_person_could_have_is_found_and_not_repeated() -> None:
    number = "01010750160"  # right check digits, and a month that no synthetic number has

    faults = found("C-107", Right(), orjson.dumps({**SAMPLE, "note": number}))

    assert len(faults) == 1
    assert number not in faults[0]


def test_an_import_that_calls_the_network_is_found(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "calls_home.py").write_text("import socket\nsocket.getaddrinfo('localhost', 1)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    adapter = type("CallsHome", (Right,), {"__module__": "calls_home"})()

    (fault,) = found("C-101", adapter)

    assert "makes a network call" in fault


def test_a_mapping_that_reads_what_is_never_kept_breaks_a_law(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "leaky_package" / "leaky"
    room.mkdir(parents=True)
    (room.parent / "__init__.py").touch()
    (room / "notes.v1.yaml").write_text(
        "lens: leaky/notes.v1\ndocument: no.leaky.v1.notes\ntitle: Leaky\nsnapshot: full\nnever: ['notes[].text']\n"
        "sections:\n  - {kind: note, each: notes, key: id, categories: [education], rows: [{hub: text, at: text}]}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    kind = Kind("no.leaky.v1.notes", "leaky_package:leaky/notes.v1.yaml")
    leaky = type("Leaky", (Right,), {"manifest": replace(Right.manifest, reads=(kind,), writes=(), carries={})})()

    faults = list(CHECKS["C-104"][1](Subject(leaky, rounds=100)))

    assert faults == ["leaky/notes.v1: a row reads from a place that is never kept"]


def test_a_sample_that_the_adapter_refuses_is_a_fault_with_its_place() -> None:
    refused = Subject(Right(), {KIND.name: [b"{}"]}, rounds=3)

    assert faults_of("C-104", refused) == ("a sample is refused: lacks member ($)",)


def test_a_kind_without_a_sample_fails_the_kit() -> None:
    kit = type("Kit", (AdapterConformance,), {"adapter": Right(), "samples": {}})()

    with pytest.raises(AssertionError, match="give a sample"):
        kit.test_every_kind_that_is_read_has_a_sample()


def test_the_kit_has_a_test_for_every_check() -> None:
    tests = [name for name in dir(AdapterConformance) if name.startswith("test_c_")]

    assert {name[5:10].replace("_", "-").upper() for name in tests} == {code.upper() for code in CHECKS}


def test_the_report_is_in_the_order_of_the_numbers_and_reads_as_lines() -> None:
    results = report(Subject(Right(), {KIND.name: [orjson.dumps(SAMPLE)]}, rounds=3))

    assert [result.code for result in results] == sorted([*CHECKS, *UNCHECKED])
    assert str(results[0]) == "✓ C-101  the manifest is valid, and importing makes no network call"
    assert str(results[1]).startswith("– C-102  good and bad settings are told apart\n    needs")
