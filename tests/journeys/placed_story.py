"""A hidden child (kode 6) whose every place, unit, author and case number is a marker of its own, sector by sector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from hub.model.content import FIELDS
from hub.model.service import System
from hub.sdk.directed import INFO, REPORT
from tests.journeys.ear import CHILD_WELFARE, HEALTH, HIDDEN, KEYS, NAV, NURSERY, SCHOOL, Ear
from tests.journeys.marks import Finder
from tests.journeys.systems import PLAN_DOCUMENT, measure
from tests.journeys.test_directed import report

SENDERS = (SCHOOL, NURSERY, CHILD_WELFARE, NAV, HEALTH)
STEMS = ("Qvarmdal", "Zulvheim", "Yxnevoll", "Wrungstad", "Ghjortnes")
ENDS: Mapping[str, str] = {
    "unit": "skolehuset",
    "place": "møterommet",
    "phone": "telefonen",
    "email": "posten",
    "responsible": "lederen",
    "author": "skriveren",
    "address": "gatefaret",
    "city": "byporten",
    "residence": "heimstaden",
    "workplace": "verkstedet",
    "case": "arkivsaken",
    "label": "stedsnavnet",
    "text": "fritekstet",
    "title": "overskriften",
}
"""One word for each thing that may tell a place; with a sender's stem before it, it stands nowhere else."""

PLACES: Mapping[str, str] = {
    f"{field} of {sender.id}": f"{stem}{end}".lower()
    for sender, stem in zip(SENDERS, STEMS, strict=True)
    for field, end in ENDS.items()
}
find_places = Finder(PLACES)


def of(sender: System, field: str) -> str:
    return PLACES[f"{field} of {sender.id}"]


def those_of(sender: System) -> frozenset[str]:
    return frozenset(what for what in PLACES if what.endswith(f" of {sender.id}"))


def placed(kind: Any, sender: System) -> dict[str, Any]:
    """Every field of a kind but its texts; one that tells a place or who is there is marked."""
    plain = {"date": "2026-08-17", "time": "2026-08-17T09:00:00+02:00", "number": 1, "list": ["2026-08-17"]}
    named = {"title": f"Rolig {kind}", "name": f"Aud Test {kind}", "status": "active", "relation": "mother"}
    plain |= {"code": "active", "line": "Plain"}
    marked = {name: of(sender, name) for name in ("unit", "place", "phone", "email", "responsible", "author")}
    told = {name: marked.get(name) or named.get(name) or plain[form] for name, form in _fields(kind).items()}
    return told | ({"role": "contact", "service": sender.service} if kind == "participant" else {})


def _fields(kind: Any) -> Mapping[str, str]:
    return {name: form for name, form in FIELDS[kind].items() if form != "text"}


def plan_document(sender: System) -> dict[str, Any]:
    """The plan document with all of it, and twice more: in a label that repeats a place, and in a text."""
    lists = {"goals": "goal", "resources": "resource", "needs": "need", "participants": "participant",
             "contributions": "contribution", "measures": "measure", "cooperation": "cooperation",
             "meetings": "meeting", "voices": "voice", "notes": "note"}  # fmt: skip
    marks = {"categories": ["education"]}
    document: dict[str, Any] = {
        name: [{"id": f"{kind}-1", **placed(kind, sender), **marks}] for name, kind in lists.items()
    }
    document["measures"] += [
        {"id": "m-label", "title": f"Svømming ved {of(sender, 'unit')}", "status": "active", **marks},
        {"id": "m-text", "title": "Samtale", "description": f"ved {of(sender, 'text')}", **marks},
    ]
    child = {"id": key_of(sender), **{name: of(sender, name) for name in ("address", "residence", "workplace")}}
    notice = "Visningen kan være ufullstendig. This view may be incomplete."
    return {"schema": PLAN_DOCUMENT, "notice": notice, "child": child, **document}


def support_plan(sender: System) -> dict[str, Any]:
    """The same as school and kindergarten write it."""
    who = "pupil" if sender == SCHOOL else "child"
    people = {"name": "Aud Test", "role": "contact", "worksIn": sender.service}
    reached = {name: of(sender, name) for name in ("unit", "phone", "email")}
    return {
        "schema": sender.document,
        who: {"id": key_of(sender), "name": HIDDEN["name"]},
        "measures": [
            measure("m1", "Rolig start", topic="adaptation", responsible=of(sender, "responsible")),
            measure("m2", f"Svømming ved {of(sender, 'unit')}", topic="adaptation"),
            measure("m3", "Samtale", topic="adaptation", text=f"ved {of(sender, 'text')}"),
        ],
        "participants": [{"id": "p1", **people, **reached}],
        "meetings": [{"id": "t1", "title": "Ansvarsgruppe", "at": "2026-09-01", "place": of(sender, "place")}],
        "notes": [{"id": "n1", "title": "Ros", "topic": "adaptation", "author": of(sender, "author")}],
    }


def bundle(sender: System) -> dict[str, Any]:
    """A health record's."""
    patient, at = {"reference": f"Patient/{key_of(sender)}"}, "urn:uuid:00000000-0000-4000-8000-00000000000"
    resources: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": key_of(sender), "name": [{"text": HIDDEN["name"]}],
         "address": [{"line": [of(sender, "address")], "city": of(sender, "city")}],
         "telecom": [{"system": "phone", "value": of(sender, "phone")}]},
        {"resourceType": "CarePlan", "id": "plan", "status": "active", "intent": "plan", "subject": patient,
         "author": {"display": of(sender, "author")}, "careTeam": [{"reference": f"{at}3"}],
         "activity": [{"reference": {"reference": f"{at}4"}}],
         "note": [{"text": of(sender, "text"), "authorString": of(sender, "author")}]},
        {"resourceType": "CareTeam", "id": "team", "subject": patient,
         "participant": [{"member": {"display": "Siri Test"}, "onBehalfOf": {"display": of(sender, "unit")}}]},
        {"resourceType": "ServiceRequest", "id": "request", "status": "active", "intent": "plan", "subject": patient,
         "code": {"text": "Trening"}, "performer": [{"display": of(sender, "responsible")}],
         "locationReference": [{"display": of(sender, "place")}]},
    ]  # fmt: skip
    urls = [f"https://ehr.example/{patient['reference']}", f"{at}2", f"{at}3", f"{at}4"]
    entries = [{"fullUrl": url, "resource": each} for url, each in zip(urls, resources, strict=True)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def key_of(sender: System) -> str:
    return f"{KEYS[sender.id]}-2"


def documents() -> Iterator[tuple[System, dict[str, Any]]]:
    for sender in SENDERS:
        made = {SCHOOL.document: support_plan, NURSERY.document: support_plan, HEALTH.document: bundle}
        yield sender, made.get(sender.document, plan_document)(sender)


def letter(sender: System) -> dict[str, Any]:
    """An info message with its title, and a part about the address: under kode 6 that part alone is taken out."""
    parts = [
        {"categories": ["education"], "facts": {"hours": 4}},
        {"categories": ["address"], "facts": {"postcode": 77}},
    ]
    subject = {"kind": "own", "key": key_of(sender)}
    return {"subject": subject, "title": of(sender, "title"), "free_text": False, "parts": parts}


def labelled_letter(sender: System) -> dict[str, Any]:
    """One that tells a place in a label, which waits as a text does."""
    facts = {"room": of(sender, "label"), "street": of(sender, "address")}
    return {**letter(sender), "parts": [{"categories": ["education"], "facts": facts}]}


def concern(sender: System) -> dict[str, Any]:
    """A report to child welfare, whose format is full of places."""
    document = report(HIDDEN["number"])
    there, unit = {"adresselinje1": of(sender, "address"), "poststed": of(sender, "city")}, of(sender, "unit")
    document |= {"kommunenavn": of(sender, "city"), "bydelsnavn": of(sender, "place")}
    document["offentligMelder"] |= {"virksomhet": {"navn": unit, "adresse": there}, "epost": of(sender, "email")}
    document["offentligMelder"]["telefonnummer"] = of(sender, "phone")
    document["offentligBarn"][0]["adresse"] = there
    document["foresatte"][0]["telefonnummer"] = of(sender, "phone")
    return document


def told(ear: Ear) -> None:
    """Every sector says all of it, twice, each under a case number that names a place; and writes to the others."""
    for _ in range(2):
        for sender, document in documents():
            ear.send(sender, document, Langbenk_Correlation_Id=of(sender, "case"))
    for sender, receiver in ((NURSERY, "school"), (SCHOOL, "kindergarten"), (NAV, "child_welfare")):
        for made in (letter(sender), labelled_letter(sender)):
            ear.send(sender, made, INFO.name, Langbenk_Receiver=receiver, Langbenk_Correlation_Id=of(sender, "case"))
    claims = orjson.dumps({"person": "emp-7", "duty": {"ground": "a"}}).decode()
    ear.send(NURSERY, concern(NURSERY), REPORT.name, Langbenk_Claims=claims)
