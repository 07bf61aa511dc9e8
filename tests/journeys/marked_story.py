"""Marked children on every journey there is, and on every way a journey can go wrong."""

from __future__ import annotations

from importlib.metadata import entry_points

import orjson

from hub.sdk.directed import INFO, REPORT
from tests.journeys.ear import (
    AGREED,
    CASE,
    CHILD_WELFARE,
    CONTROL,
    HEALTH,
    HIDDEN,
    NAV,
    NURSERY,
    SCHOOL,
    Ear,
    agree,
    enrol,
    log_of,
)
from tests.journeys.marks import BORN, CHILD, HIDDEN_BORN, MARKS, marked
from tests.journeys.record import Record
from tests.journeys.systems import SYSTEMS, TWO, nursery_plan, support_plan
from tests.journeys.test_directed import report
from tests.journeys.world import PATIENCE


def five_sectors(ear: Ear) -> None:
    """Receive, merge, forward, redact and push: each sector's own document, with its counterpart's format."""
    pupil = {"id": MARKS["school's key"], "nationalId": MARKS["number"], "name": CHILD.name, "born": BORN.isoformat()}
    for _ in range(2):
        ear.send(SCHOOL, log_of(pupil=pupil))
    for point in sorted(entry_points(group="hub.counterparts"), key=lambda each: each.name):
        counterpart = point.load()([CHILD])
        system = SYSTEMS[point.name]
        own = counterpart.key("marked").value
        ear.control("PUT", f"/v1/plans/{ear.plans['marked']}/links/{system.id}", {"key": {"value": own}}, seen="*")
        kind, body = counterpart.first_document("marked")
        text = body if body.lstrip().startswith(b"<") else orjson.dumps(marked(orjson.loads(body)))
        key = {"Langbenk-Child-Key": own} if system == NAV else {}
        ear.send(system, text, kind, "application/xml" if text.startswith(b"<") else "application/json", **key)


def held_and_released(ear: Ear) -> None:
    """A strictly confidential address: free text waits for a human, who releases one hold and refuses the others."""
    child = enrol(ear, "hidden", HIDDEN["number"], HIDDEN_BORN.isoformat(), protection="strictly_confidential")
    agree(ear, child, AGREED)
    ear.send(SCHOOL, log_of("hidden", notes=[{"id": "n1", "topic": "transition", "title": HIDDEN["name"],
                                              "text": f"bor i {MARKS['address']}"}]))  # fmt: skip
    holds = ear.control("GET", f"/v1/holds?plan={ear.plans['hidden']}")
    assert holds, "nothing was held"
    for place, hold in enumerate(holds):
        words = {"reason": MARKS["a judgement's words"], "best_interest": MARKS["a judgement's words"]}
        wrong = {**words, "person": TWO[0], "findings": [MARKS["a key of the document's"]]}
        ear.control("POST", f"/v1/holds/{hold['id']}/release", wrong)
        ear.control("POST", f"/v1/holds/{hold['id']}/release", {**wrong, "person": "nobody-1"})
        for person in TWO:
            verb, more = ("refusal", {}) if place else ("release", {"findings": hold["rules"]})
            ear.control("POST", f"/v1/holds/{hold['id']}/{verb}", {**words, "person": person, **more})


def asked_for(ear: Ear, child: str) -> None:
    """Why consent is asked is told in marked words: they are for who is asked, and for nobody else."""
    asked = {"child": child, "person": "emp-3", "background": f"{MARKS['own words']}, {MARKS['diagnosis']}"}
    asked |= {"senders": ["school"], "receivers": ["nav_social"], "categories": ["education"]}
    request = ear.control("POST", "/v1/consent-requests", asked)
    told = {"person": "p-mother", "answer": "yes", "form": "oral"}
    given = ear.control("POST", f"/v1/consent-requests/{request['id']}/answers", told)
    ear.control("GET", "/v1/consents/waiting")
    ear.control("POST", f"/v1/consents/{given['id']}/documentation", {"received_by": "emp-3", "told": ["background"]})
    ear.control("GET", f"/v1/persons/{child}/consents")
    for body in ({**asked, "background": MARKS["number"]}, {**asked, "receivers": [MARKS["diagnosis"]]}):
        ear.control("POST", "/v1/consent-requests", body)
    ear.control("POST", f"/v1/consent-requests/{request['id']}/answers", {**told, "person": CHILD.name})


def denied_and_withdrawn(ear: Ear, consents: list[str]) -> None:
    """What waits in a mailbox when a consent is withdrawn does not leave it."""
    ear.send(SCHOOL, log_of(strengths=[{"id": "s1", "title": MARKS["own words"], "text": MARKS["diagnosis"]}]))
    for id in consents:
        ear.control("POST", f"/v1/consents/{id}/withdrawal")
    for each in (NURSERY, CHILD_WELFARE, NAV, SCHOOL):
        ear.town.empty_mailbox(each)


def proposed(ear: Ear) -> None:
    """The school writes on the kindergarten's measure; the coordinator declines, in marked words."""
    measure = {"id": "k1", "topic": "education", "title": MARKS["own words"], "status": "active"}
    ear.send(NURSERY, nursery_plan(MARKS["nursery's key"] + "-2", measures=[measure]))
    found = [each for each in ear.town.empty_mailbox(SCHOOL) if "measures" in each]
    assert found, "the school was told of no measure"
    for document in found:
        document["measures"] = [{**each, "title": MARKS["diagnosis"]} for each in document["measures"]]
        ear.send(SCHOOL, document)
    proposals = ear.control("GET", f"/v1/plans/{ear.plans['hidden']}/proposals")
    assert proposals, "nothing was proposed"
    told = {"person": TWO[0], "reason": MARKS["a judgement's words"]}
    for verb, proposal in zip(("decline", "acceptance"), proposals, strict=False):
        ear.control("POST", f"/v1/proposals/{proposal['id']}/{verb}", told)  # without If-Match: a problem, and no leak
        ear.control("POST", f"/v1/proposals/{proposal['id']}/{verb}", told, seen="*")


def directed(ear: Ear) -> None:
    """A report and info messages; one has no receiver, is set aside, replayed and discarded."""
    document = report(MARKS["number"])
    document["offentligBarn"][0] |= {"personnavn": CHILD.name, "adresse": {"adresselinje1": MARKS["address"]}}
    document["foresatte"][0] |= {"personnavn": MARKS["guardian"], "telefonnummer": MARKS["telephone"]}
    claims = orjson.dumps({"person": "emp-7", "duty": {"ground": "a"}}).decode()
    ear.send(NURSERY, marked(document), REPORT.name, Langbenk_Claims=claims)
    ear.send(NURSERY, marked(document), REPORT.name)
    subject = {"kind": "own", "key": MARKS["nursery's key"]}
    facts = {MARKS["a key of the document's"]: MARKS["diagnosis"]}
    parts = [{"categories": ["education"], "text": MARKS["own words"], "facts": facts}]
    info = {"subject": subject, "title": MARKS["own words"], "free_text": True, "parts": parts}
    for service in ("school", "ppt"):
        ear.send(NURSERY, info, INFO.name, Langbenk_Receiver=service)
    named = {**info, "parts": [{"categories": [MARKS["first name"].lower()], "text": MARKS["own words"]}]}
    ear.send(NURSERY, named, INFO.name, Langbenk_Receiver="school")
    aside = ear.control("GET", "/v1/set-aside")
    assert aside, "nothing was set aside"
    for row in aside:
        ear.control("POST", f"/v1/set-aside/{row['id']}/replay")
        told = {"person": "emp-12", "reason": MARKS["a judgement's words"]}
        ear.control("POST", f"/v1/set-aside/{row['id']}/discard", told)


def refused(ear: Ear) -> None:
    """Bad input from a school, each with something marked where it breaks."""
    key, odd, words = MARKS["school's key"], MARKS["a key of the document's"], MARKS["diagnosis"]
    ear.send(SCHOOL, f'{{"pupil": {{"name": "{CHILD.name}", "{odd}"'.encode())
    ear.send(SCHOOL, f'{{"{odd}": 1, "{odd}": 2}}'.encode())
    ear.send(SCHOOL, CHILD.name.encode("latin-1"))
    ear.send(SCHOOL, b" " * 11_000_000 + CHILD.name.encode())
    ear.send(SCHOOL, support_plan(key, measures=[{"id": odd, "title": {odd: words}}]))
    ear.send(SCHOOL, support_plan(key, measures=[{"id": odd, "title": words, "status": words, "service": words}]))
    ear.send(SCHOOL, support_plan(key, period={"from": BORN.isoformat(), "to": CHILD.name}))
    ear.send(SCHOOL, {"schema": SCHOOL.document, "pupil": {odd: CHILD.name}})
    ear.send(SCHOOL, {**support_plan(""), "pupil": {"id": "nobody", "nationalId": MARKS["a wrong number"]}})
    ear.send(SCHOOL, support_plan(f"{key}-unknown", title=words))
    ear.send(SCHOOL, log_of(), f"no.langbenk.{MARKS['number']}.v1.plan")
    ear.send(SCHOOL, log_of(), "no.langbenk.no.v1.such-plan")
    ear.send(SCHOOL, CHILD.name.encode(), media=f"text/{odd}")
    ear.send(SCHOOL, log_of(), Idempotency_Key=MARKS["number"])
    ear.send(SCHOOL, log_of(), Langbenk_Correlation_Id=MARKS["number"])
    ear.send(SCHOOL, log_of(), Langbenk_Claims=f'{{"person": "{MARKS["number"]}", "{odd}": "{odd}"}}')
    for _ in range(2):
        ear.send(SCHOOL, log_of(), Idempotency_Key="the-same")
    ear.send(SCHOOL, log_of(title=words), Idempotency_Key="the-same")


def refused_formats(ear: Ear) -> None:
    """DigiSos, Barnevern XML, FHIR, OneRoster and directed messages, each broken by something marked."""
    odd, words = MARKS["a key of the document's"], MARKS["diagnosis"]
    ear.send(NAV, {"version": odd, "hendelser": [{"type": words, "hendelsestidspunkt": words}]},
             "no.nav.digisos.digisos.soker.v1", Langbenk_Child_Key=MARKS["nav's key"])  # fmt: skip
    ear.send(NAV, {"hendelser": CHILD.name}, "no.nav.digisos.digisos.soker.v1", Langbenk_Child_Key=MARKS["number"])
    for xml in (
        f"<Barnevern><Sak>{CHILD.name}</Barnevern>",
        f'<Barnevern><{odd} Fodselsnummer="{MARKS["number"]}">{words}</{odd}></Barnevern>',
        f'<Barnevern {odd}="{words}"/>',
        f'<!DOCTYPE b [<!ENTITY x "{CHILD.name}">]><Barnevern>&x;</Barnevern>',
        f'<{odd} xmlns="urn:{odd}">{words}</{odd}>',
    ):
        ear.send(CHILD_WELFARE, xml.encode(), CASE, "application/xml")
        ear.send(CHILD_WELFARE, {"xsdVersion": "4.0.1", "xmlBody": xml, odd: words}, CASE)
    for resource in (
        {"resourceType": "Patient", odd: words, "name": [{"family": {odd: words}}]},
        {"resourceType": "Patient", "birthDate": CHILD.name, "gender": words},
        {"resourceType": odd, "id": words},
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Goal", odd: words}}]},
        {"resourceType": "CarePlan", "status": words, "intent": words, "subject": {"reference": f"Patient/{odd}"}},
    ):
        ear.send(HEALTH, resource, HEALTH.document)
    ear.send(NURSERY, {"users": [{"sourcedId": odd, "givenName": CHILD.name}]}, "no.langbenk.kindergarten.v1.oneroster")
    ear.send(NURSERY, report(MARKS["a wrong number"]), REPORT.name)
    ear.send(NURSERY, {"offentligBarn": [{odd: CHILD.name}]}, REPORT.name)
    ear.send(NURSERY, {"parts": [{"categories": [words], "facts": {odd: words}}]}, INFO.name)
    ear.send(NURSERY, {"parts": [], "free_text": False}, INFO.name, Langbenk_Receiver=odd)


def refused_in_the_control_room(ear: Ear) -> None:
    """Values where they do not belong, in the body of every control call; and tokens and addresses nobody knows."""
    odd, words, plan = MARKS["a key of the document's"], MARKS["diagnosis"], ear.plans["marked"]
    for method, path, body in (
        ("POST", "/v1/plans", {"child": {"number": MARKS["a wrong number"], "birth_date": BORN.isoformat()}}),
        ("POST", "/v1/plans", {"child": {"number": CHILD.name, "birth_date": CHILD.name, odd: words}}),
        ("POST", "/v1/plans", {"child": {"number": MARKS["number"], "birth_date": BORN.isoformat()}}),
        ("PUT", f"/v1/plans/{plan}/links/school-1", {"key": {"kind": "fnr", "value": MARKS["a wrong number"]}}),
        ("PUT", f"/v1/plans/{plan}/links/nobody-1", {"key": {"value": MARKS["school's key"]}, odd: words}),
        ("POST", "/v1/consents", {"child": MARKS["number"], "person": CHILD.name, "giver": words, odd: words}),
        ("PUT", f"/v1/plans/{plan}/coordination", {"coordinator": words, odd: words}),
        ("POST", "/v1/holds/none/release", {"person": CHILD.name, "reason": words, odd: words}),
        ("POST", "/v1/mailbox/acknowledgements", [{"id": CHILD.name, "status": words, "code": words}]),
        ("PUT", "/v1/systems", {"systems": [{"id": words, "service": words, odd: words}]}),
    ):
        for seen in ("", "*"):
            ear.control(method, path, body, seen=seen)
    told = {"code": MARKS["number"], "status": "rejected", "id": "0" * 32}
    ear.note(ear.town.call(NURSERY, "POST", "/v1/mailbox/acknowledgements", json=[told]), "an acknowledgement")
    ear.note(ear.town.call(None, "GET", f"/v1/persons/{odd}"), "a stranger's answer")
    ear.note(ear.town.call(CONTROL, "GET", f"/v1/trail/{odd}"), "a trail of nothing")
    ear.note(ear.town.call(CONTROL, "GET", f"/v1/{odd}?name={odd}"), "an address of nothing")


def looked_at(ear: Ear) -> None:
    """What the control room may read of all this."""
    for plan in ear.plans.values():
        for path in (f"/v1/plans/{plan}", f"/v1/trail/{plan}", f"/v1/plans/{plan}/proposals", f"/v1/holds?plan={plan}"):
            ear.control("GET", path)
    for receipt in ear.receipts:
        ear.control("GET", f"/v1/trail/{receipt}")
    for path in ("/v1/holds", "/v1/set-aside", "/v1/status"):
        ear.control("GET", path)


def story(ear: Ear, record: Record) -> None:
    """Every journey there is, one after the other."""
    child = enrol(ear, "marked", MARKS["number"], BORN.isoformat())
    consents = agree(ear, child, AGREED)
    five_sectors(ear)
    assert record.came.wait(PATIENCE), "nothing was pushed"
    held_and_released(ear)
    proposed(ear)
    directed(ear)
    asked_for(ear, child)
    denied_and_withdrawn(ear, consents)
    refused(ear)
    refused_formats(ear)
    refused_in_the_control_room(ear)
    looked_at(ear)
    for path in record.asked:
        ear.heard.note("an address that was called", path)
