"""A stand-in for a health service's record, for the demo and for tests; what happens in it is `counterpart.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from adapters.health.adapter import BUNDLE
from adapters.health.client import NUMBERS
from adapters.health.endpoint import Endpoint
from adapters.health.references import Resource, tail
from hub.sdk import read_json, write_json
from hub.sdk.counterpart import ChildKey, SyntheticChild
from hub.sdk.directed import INFO

SERVICE = "municipal_health"
TAG = "https://langbenk.no/fhir/CodeSystem/service"

_BASE = "https://fhir.eksempelvik.example"
_SHOWN = {"Goal": ("Mål", "description", "lifecycleStatus"), "ServiceRequest": ("Tiltak", "code", "status")}


class Counterpart:
    """Eksempelvik habiliteringstjeneste: keeps one Bundle a child, and answers over HTTP like a FHIR server.

    A plan from the hub takes the place of the one the record had, since it was written into that one.
    """

    name = "Eksempelvik habiliteringstjeneste"
    adapter = "health"

    def __init__(self, children: Sequence[SyntheticChild]) -> None:
        self._story = yaml.safe_load(files("adapters.health").joinpath("counterpart.yaml").read_text("utf-8"))
        self._children = {child.id: child for child in children}
        self._by_patient = {self.key(child.id).value: child.id for child in children}
        self._by_number = {child.number: child.id for child in children}
        self._records: dict[str, Resource] = {}
        self._letters: dict[str, list[str]] = {}
        self._endpoint: Endpoint | None = None
        self.changes: Mapping[str, str] = {word: str(edit["says"]) for word, edit in self._story["changes"].items()}

    @property
    def url(self) -> str:
        """The address of its FHIR endpoint, which listens from the first time somebody asks."""
        if self._endpoint is None:
            self._endpoint = Endpoint(self)
        return self._endpoint.url

    def close(self) -> None:
        """Stops listening."""
        if self._endpoint is not None:
            self._endpoint.close()
            self._endpoint = None

    def key(self, child: str) -> ChildKey:
        """The id of the Patient, made from the story's word so that every run gives the same."""
        return ChildKey("own", str(uuid5(NAMESPACE_URL, f"health/{child}")))

    def first_document(self, child: str) -> tuple[str, bytes]:
        if child not in self._records:
            self._records[child] = self._opened(self._children[child])
        return BUNDLE.name, write_json(self._records[child])

    def change(self, child: str, what: str) -> tuple[str, bytes]:
        self.first_document(child)
        self._records[child] = self._edited(child, self._records[child], self._story["changes"][what])
        return BUNDLE.name, write_json(self._records[child])

    def receive(self, kind: str, body: bytes) -> None:
        document = read_json(body)
        if kind == INFO.name:
            child = self._by_patient.get(document.get("subject", {}).get("key", ""))
            if child is not None:
                texts = [document.get("title", ""), *(part.get("text", "") for part in document["parts"])]
                self._letters.setdefault(child, []).append(" ".join(text for text in texts if text))
        elif (child := self._child_of(document)) is not None:
            self._records[child] = document

    def search(self, field: str, value: str) -> Resource | None:
        """The record of the child whose Patient has this id (`subject`) or number (`subject:Patient.identifier`)."""
        if field == "subject":
            child = self._by_patient.get(str(tail(value)))
        else:
            system, _, number = value.partition("|")
            child = self._by_number.get(number) if system in NUMBERS.values() else None
        return self._records.get(child) if child is not None else None

    def knows(self, document: Resource) -> bool:
        """Whether a document is about one of its children."""
        return self._child_of(document) is not None

    def shows(self, child: str) -> list[str]:
        record = self._records.get(child)
        lines = [f"Melding: {text}" for text in self._letters.get(child, ())]
        return lines if record is None else [*_told(record), *lines]

    def _opened(self, child: SyntheticChild) -> Resource:
        """The Bundle of a new case, each entry with an address of its own."""
        own = self.key(child.id).value
        *given, family = child.name.split()
        patient = {
            "resourceType": "Patient",
            "id": own,
            "meta": {"profile": ["http://hl7.no/fhir/StructureDefinition/no-basis-Patient"]},
            "identifier": [{"system": NUMBERS["fnr"], "value": child.number}],
            "name": [{"use": "official", "family": family, "given": given}],
            "birthDate": child.born.isoformat(),
        }
        subject = {"reference": f"Patient/{own}"}
        team = {"resourceType": "CareTeam", "id": self._id(child.id, "team"), "subject": subject, **self._story["team"]}
        plan = {"resourceType": "CarePlan", "id": self._id(child.id, "plan"), "subject": subject, **self._story["plan"]}
        plan["careTeam"] = [{"reference": f"CareTeam/{team['id']}"}]
        bundle: Resource = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [_entry(plan), _entry(patient), _entry(team)],
        }
        for resource in self._story["opened"]:
            bundle = self._with(child.id, bundle, resource)
        return bundle

    def _edited(self, child: str, bundle: Resource, edit: Mapping[str, Any]) -> Resource:
        """The Bundle with one resource more, or with the first one of a type amended."""
        if "add" in edit:
            return self._with(child, bundle, edit["add"])
        kind, own = (edit["amend"], True) if "amend" in edit else (edit["amend_other"], False)
        wanted = (each["resourceType"] == kind and (_owner(each) == SERVICE) == own for each in _resources(bundle))
        at = next((at for at, is_it in enumerate(wanted) if is_it), None)
        if at is None:
            return bundle
        entries = list(bundle["entry"])
        entries[at] = {**entries[at], "resource": {**entries[at]["resource"], **edit["item"]}}
        return {**bundle, "entry": entries}

    def _with(self, child: str, bundle: Resource, resource: Resource) -> Resource:
        """The Bundle with a resource more, referred to by its plan."""
        kind = resource["resourceType"]
        plan = next(each for each in _resources(bundle) if each["resourceType"] == "CarePlan")
        new = {**resource, "id": self._id(child, f"{kind}-{len(bundle['entry'])}"), "subject": plan["subject"]}
        reference = {"reference": f"{kind}/{new['id']}"}
        name, element = ("goal", reference) if kind == "Goal" else ("activity", {"reference": reference})
        planned = {**plan, name: [*plan.get(name, ()), element]}
        entries = [{**each, "resource": planned} if each["resource"] is plan else each for each in bundle["entry"]]
        return {**bundle, "entry": [*entries, _entry(new)]}

    def _child_of(self, document: Resource) -> str | None:
        for each in _resources(document):
            patient = each["resourceType"] == "Patient"
            own = each.get("id") if patient else tail((each.get("subject") or {}).get("reference"))
            numbers = [identifier.get("value") for identifier in each.get("identifier") or ()] if patient else []
            found = self._by_patient.get(str(own)) or next(
                (self._by_number[n] for n in numbers if n in self._by_number), None
            )
            if found:
                return found
        return None

    def _id(self, child: str, word: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"health/{child}/{word}"))


def _resources(document: Resource) -> Iterator[Resource]:
    for entry in document.get("entry") or ():
        yield entry["resource"]


def _entry(resource: Resource) -> Resource:
    return {"fullUrl": f"{_BASE}/{resource['resourceType']}/{resource['id']}", "resource": resource}


def _owner(resource: Resource) -> str:
    """The service the hub says it belongs to; what this record opened itself may carry none."""
    tags = (resource.get("meta") or {}).get("tag") or ()
    return next((str(tag["code"]) for tag in tags if tag.get("system") == TAG), SERVICE)


def _told(record: Resource) -> Iterator[str]:
    for each in _resources(record):
        kind = each["resourceType"]
        if kind == "CarePlan":
            yield f"{each.get('title', 'Plan')} ({each.get('status', '')})"
            yield from (f"Behov: {need['display']}" for need in each.get("addresses", ()) if "display" in need)
        elif kind in _SHOWN:
            word, said, status = _SHOWN[kind]
            owner = _owner(each) if _owner(each) != SERVICE else ""
            more = ", ".join(part for part in (each.get(status), owner) if part)
            yield f"{word}: {(each.get(said) or {}).get('text', '')}" + (f" ({more})" if more else "")
        elif kind == "CareTeam":
            for member in each.get("participant", ()):
                yield f"Deltaker: {(member.get('member') or {}).get('display', '')}"
