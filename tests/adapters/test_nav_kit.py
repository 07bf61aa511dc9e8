"""The NAV adapter keeps the vendors' kit, with what its counterpart says in a whole story."""

from __future__ import annotations

import json

from adapters.nav import Nav
from adapters.nav.counterpart import Counterpart
from hub.conformance import AdapterConformance
from hub.mapping import load_lens
from hub.sdk.directed import INFO
from hub.sdk.plan_document import PLAN_DOCUMENT
from tests.adapters.stories import NORA, OLE, SENT_BACK, told_by
from tests.unit.sdk.test_directed import INFO_SENT

HISTORY = "no.nav.digisos.digisos.soker.v1"
LENS = load_lens("mappings:nav/digisos-soker.v1.yaml")
SAID = {**told_by(Counterpart), PLAN_DOCUMENT.name: [SENT_BACK]}


class TestNav(AdapterConformance):
    adapter = Nav()
    samples = SAID


def test_a_hidden_case_changes_nothing_that_the_plan_can_see() -> None:
    counterpart = Counterpart([NORA])
    before = LENS.get(Nav().read(counterpart.change(NORA.id, "grant")[1], HISTORY))
    after = LENS.get(Nav().read(counterpart.change(NORA.id, "hidden_case")[1], HISTORY))

    assert after == before


def test_a_history_names_nobody_and_its_key_is_the_systems_own() -> None:
    counterpart = Counterpart([NORA])
    _, body = counterpart.change(NORA.id, "grant")

    assert LENS.child(Nav().read(body, HISTORY)) == []
    assert not [word for word in (NORA.number, NORA.name, counterpart.key(NORA.id).value) if word in body.decode()]


def test_every_document_is_the_whole_history_so_far() -> None:
    counterpart = Counterpart([NORA])
    first = json.loads(counterpart.first_document(NORA.id)[1])["hendelser"]
    second = json.loads(counterpart.change(NORA.id, "ask")[1])["hendelser"]

    assert second[: len(first)] == first
    assert len(second) == len(first) + 1


def test_the_screen_shows_the_history_the_shared_plan_and_what_was_sent() -> None:
    counterpart = Counterpart([NORA, OLE])
    counterpart.first_document(NORA.id)
    key = counterpart.key(NORA.id).value
    shared = {"child": {"id": key}, "goals": [{"title": "Trygg på skolen"}]}
    counterpart.receive(PLAN_DOCUMENT.name, json.dumps(shared).encode())
    counterpart.receive(INFO.name, json.dumps({**INFO_SENT, "subject": {"kind": "own", "key": key}}).encode())
    shown = counterpart.shows(NORA.id)

    assert shown[0] == "soknadsStatus · MOTTATT"
    assert shown[-2:] == ["Felles plan: Trygg på skolen", "Melding: Mor er syk."]
    assert counterpart.shows(OLE.id) == []
