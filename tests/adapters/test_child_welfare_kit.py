"""The child-welfare adapter keeps the vendors' kit, with what its counterpart says in a whole story."""

from __future__ import annotations

import json

from lxml import etree

from adapters.child_welfare import ChildWelfare
from adapters.child_welfare.counterpart import Counterpart
from hub.conformance import AdapterConformance
from hub.conformance.subject import same_json
from hub.mapping import load_lens
from hub.model.change import Portion
from hub.sdk.directed import INFO, REPORT
from hub.sdk.plan_document import PLAN_DOCUMENT
from tests.adapters.stories import NORA, OLE, SENT_BACK, told_by
from tests.unit.sdk.test_directed import INFO_SENT, REPORT_SENT

CASE = "no.ssb.barnevern.fagsystem.v1.innrapportering"
LENS = load_lens("mappings:child_welfare/barnevern.v4.yaml")
SAID = {**told_by(Counterpart), PLAN_DOCUMENT.name: [SENT_BACK]}
BAD = {CASE: [b'{"xsdVersion": 4, "xmlBody": "<Barnevern/>"}', b"<Barnevern/>"]}


class TestChildWelfare(AdapterConformance):
    adapter = ChildWelfare()
    samples = SAID
    bad = BAD

    @staticmethod
    def same(one: bytes, other: bytes) -> bool:
        bodies = [json.loads(raw) for raw in (one, other)]
        xml = [etree.fromstring(body.pop("xmlBody").encode()) for body in bodies if "xmlBody" in body]
        canonical = [etree.tostring(each, method="c14n", with_comments=False) for each in xml]
        return same_json(*(json.dumps(body).encode() for body in bodies)) and len(set(canonical)) < 2


def said(*changes: str) -> Portion:
    counterpart = Counterpart([NORA])
    _, body = counterpart.first_document(NORA.id)
    for what in changes:
        _, body = counterpart.change(NORA.id, what)
    return LENS.get(ChildWelfare().read(body, CASE))


def test_a_case_is_linked_by_its_own_id_before_any_number() -> None:
    counterpart = Counterpart([NORA])
    keys = LENS.child(ChildWelfare().read(counterpart.first_document(NORA.id)[1], CASE))

    assert keys[0] == counterpart.key(NORA.id)
    assert [key.kind for key in keys] == ["own", "own", "fnr"]


def test_reports_investigations_and_their_plans_are_neither_told_nor_kept() -> None:
    _, body = Counterpart([NORA]).change(NORA.id, "new_report")
    document = ChildWelfare().read(body, CASE)
    kept = json.dumps(LENS.clean(document), ensure_ascii=False)

    assert {item.content["kind"] for item in LENS.get(document)["measure"].values()} == {
        "child_welfare_plan",
        "measure",
        "decision",
    }
    assert not [word for word in ("Melding", "Undersokelse", "undersøkelse", "grunnlag", "2.4.05") if word in kept]
    assert not [each.place for each in LENS.unmapped(document) if "Melding" in each.place or "Undersok" in each.place]


def test_a_new_report_changes_nothing_that_the_plan_can_see() -> None:
    assert said("new_report") == said()


def test_an_evaluation_an_end_and_a_mistake_are_told_as_such() -> None:
    before, after, gone = (said(*each)["measure"] for each in ((), ("evaluate", "end_respite"), ("mistake",)))
    respite = next(key for key, item in before.items() if item.content["title"] == "Besøkshjem eller avlastning")
    plan = next(key for key, item in before.items() if item.content["kind"] == "child_welfare_plan")

    assert after[plan].content["evaluated"] == ["2026-09-10"]
    assert (after[respite].content["status"], after[respite].content["end"]) == ("completed", "2026-09-15")
    assert gone[respite].deleted


def test_words_of_its_own_make_a_measure_free_text() -> None:
    measures = said("riding")["measure"].values()

    assert [item.content["title"] for item in measures if item.free_text] == ["Annet tiltak for barnets utvikling"]


def test_the_screen_shows_the_case_the_shared_plan_and_what_was_reported() -> None:
    counterpart = Counterpart([NORA, OLE])
    counterpart.first_document(NORA.id)
    shared = {"child": {"id": counterpart.key(NORA.id).value}, "goals": [{"title": "Trygg på skolen"}]}
    counterpart.receive(PLAN_DOCUMENT.name, json.dumps(shared).encode())
    child = {**REPORT_SENT["offentligBarn"][0], "fnr": NORA.number}
    counterpart.receive(REPORT.name, json.dumps({**REPORT_SENT, "offentligBarn": [child]}).encode())
    subject = {"kind": "own", "key": counterpart.key(NORA.id).value}
    counterpart.receive(INFO.name, json.dumps({**INFO_SENT, "subject": subject}).encode())
    shown = counterpart.shows(NORA.id)

    assert "Individuell plan (fra 2026-05-18)" in shown
    assert shown[-3:] == ["Felles plan: Trygg på skolen", "Bekymringsmelding: Det vi har sett.", "Melding: Mor er syk."]
    assert counterpart.shows(OLE.id) == []
