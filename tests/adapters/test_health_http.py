"""Delivery and fetch as real calls over HTTP, to the counterpart's FHIR endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from adapters.health import Health
from adapters.health.counterpart import Counterpart
from hub.mapping import load_lens
from hub.model.change import Item
from hub.sdk import Delivers, Fetches, Pings, Posted, TryAgainError
from hub.sdk.http import HttpClient
from tests.adapters.stories import NORA, OLE

KIND = "no.langbenk.health.v1.fhir-bundle"
LENS = load_lens("mappings:health/fhir-bundle.v1.yaml")


@pytest.fixture
def record() -> Iterator[Counterpart]:
    found = Counterpart([NORA, OLE])
    try:
        yield found
    finally:
        found.close()


def settings(record: Counterpart) -> dict[str, str]:
    return {"url": record.url}


def with_goal(raw: bytes, title: str) -> bytes:
    """The base with a goal of the school's in it, as the hub writes it."""
    base = Health().read(raw, KIND)
    view: Any = {"goal": {"g-1": Item({"title": title, "status": "active"}, frozenset({"education"}), owner="school")}}
    part = LENS.put(LENS.parts(base)[0], view, {"goal": frozenset({"g-1"})})
    return Health().write(LENS.join(base, part), KIND)


def test_the_adapter_can_deliver_fetch_and_ping() -> None:
    assert isinstance(Health(), Delivers)
    assert isinstance(Health(), Fetches)
    assert isinstance(Health(), Pings)


def test_a_plan_is_fetched_written_into_and_delivered(record: Counterpart) -> None:
    record.first_document(NORA.id)
    base = Health().fetch(record.key(NORA.id).value, KIND, settings(record))
    assert base is not None

    answer = Health().deliver(with_goal(base, "Trygg på skolen"), KIND, "delivery-1", settings(record))

    assert answer == Posted("delivered")
    assert "Mål: Trygg på skolen (active, school)" in record.shows(NORA.id)
    assert any(line.startswith("Tiltak: Søvnveiledning") for line in record.shows(NORA.id))


def test_a_number_finds_the_same_plan(record: Counterpart) -> None:
    record.first_document(NORA.id)

    by_number = Health().fetch(NORA.number, KIND, settings(record))

    assert by_number == Health().fetch(record.key(NORA.id).value, KIND, settings(record))


def test_a_child_without_a_plan_has_no_base(record: Counterpart) -> None:
    assert Health().fetch(record.key(OLE.id).value, KIND, settings(record)) is None


def test_the_same_delivery_again_is_delivered_and_changes_nothing(record: Counterpart) -> None:
    _, body = record.first_document(NORA.id)
    once = with_goal(body, "Trygg på skolen")
    Health().deliver(once, KIND, "delivery-1", settings(record))
    record.change(NORA.id, "complete")
    before = record.shows(NORA.id)

    answer = Health().deliver(once, KIND, "delivery-1", settings(record))

    assert answer == Posted("delivered")
    assert record.shows(NORA.id) == before


def test_another_document_under_the_same_key_is_rejected(record: Counterpart) -> None:
    _, body = record.first_document(NORA.id)
    Health().deliver(with_goal(body, "Trygg på skolen"), KIND, "delivery-1", settings(record))

    answer = Health().deliver(with_goal(body, "Noe annet"), KIND, "delivery-1", settings(record))

    assert answer == Posted("rejected", "duplicate")


@pytest.mark.parametrize(
    ("body", "code"),
    [(b'{"resourceType": "Goal"}', "structure"), (b'{"resourceType":"Bundle","type":"collection"}', "not-found")],
)
def test_a_refusal_is_an_answer_with_a_code(record: Counterpart, body: bytes, code: str) -> None:
    assert Health().deliver(body, KIND, "delivery-2", settings(record)) == Posted("rejected", code)


def test_a_server_answers_a_ping_and_a_closed_one_says_try_again(record: Counterpart) -> None:
    address = settings(record)
    Health().ping(address)
    record.close()

    with pytest.raises(TryAgainError):
        Health().ping(address)


def test_a_search_with_the_number_in_the_address_is_refused(record: Counterpart) -> None:
    answer = HttpClient(record.url).send("GET", f"CarePlan?subject:Patient.identifier={NORA.number}", accept={405})

    assert answer.status == 405


def test_a_plan_may_also_be_put_under_the_deliverys_id(record: Counterpart) -> None:
    _, body = record.first_document(NORA.id)

    answer = HttpClient(record.url).send("PUT", "Bundle/delivery-3", body=with_goal(body, "Leser"))

    assert answer.status == 201
    assert "Mål: Leser (active, school)" in record.shows(NORA.id)


# ── the counterpart as a system of the story ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", Counterpart([]).changes)
def test_everything_that_happens_in_it_is_a_change_the_hub_can_read(what: str) -> None:
    record = Counterpart([NORA])
    kind, before = record.first_document(NORA.id)
    if what == "edit_other":
        before = with_measure(before)
        record.receive(kind, before)

    _, after = record.change(NORA.id, what)

    assert said(before) != said(after)


def with_measure(raw: bytes) -> bytes:
    base = Health().read(raw, KIND)
    view: Any = {"measure": {"m-1": Item({"title": "Leksehjelp"}, frozenset({"education"}), owner="school")}}
    part = LENS.put(LENS.parts(base)[0], view, {"measure": frozenset({"m-1"})})
    return Health().write(LENS.join(base, part), KIND)


def said(raw: bytes) -> Any:
    return [LENS.get(part) for part in LENS.parts(Health().read(raw, KIND))]


def test_conversations_about_mental_health_are_labelled_so() -> None:
    record = Counterpart([NORA])
    _, body = record.change(NORA.id, "therapy")

    (portion,) = said(body)
    categories = {item.content["title"]: item.categories for item in portion["measure"].values()}

    assert "mental_health" in categories["Samtaler om uro og tunge kvelder"]
    assert "mental_health" not in categories["Søvnveiledning for familien"]


def test_a_message_is_shown_on_its_screen() -> None:
    record = Counterpart([NORA])
    own = {"kind": "own", "key": record.key(NORA.id).value}
    message = {
        "subject": own,
        "title": "Hei",
        "free_text": True,
        "parts": [{"categories": ["education"], "text": "Alt vel"}],
    }

    record.receive("no.langbenk.info.v1.message", orjson.dumps(message))

    assert record.shows(NORA.id) == ["Melding: Hei Alt vel"]
