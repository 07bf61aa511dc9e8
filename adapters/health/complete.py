"""What FHIR demands and a plan does not say: types, ids, references, and an honest "not known" for a required field.

A placeholder is taken off when a document is read and put back when it is written, so that it never becomes content.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from adapters.health.references import Resource, digest

ABSENT: Resource = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
}
PLACEHOLDERS: Mapping[str, Mapping[str, Any]] = {
    "CarePlan": {"status": "unknown"},
    "ServiceRequest": {"status": "unknown"},
    "detail": {"status": "unknown"},
    "note": {"_text": ABSENT},
    "Goal": {"_lifecycleStatus": ABSENT, "description": ABSENT},
}
INTENT: Mapping[str, str] = {"CarePlan": "plan", "ServiceRequest": "plan"}
OF_A_CHILD = frozenset({"CarePlan", "CareTeam", "Goal", "ServiceRequest"})
SENSITIVITY = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

_NAMES = uuid.UUID("8a8f2c52-6c0e-5d6b-9a55-0d1f4b0a3c11")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}$", re.ASCII)


def bare(resource: Resource, kind: str) -> None:
    """Takes the placeholders off, in place."""
    for note in resource.get("note") or ():
        bare(note, "note")
    for name, value in PLACEHOLDERS.get(kind, {}).items():
        if resource.get(name) == value and _sibling(name) not in resource:
            del resource[name]


def filled(resource: Resource, kind: str) -> Resource:
    """The resource (or a plan's `detail` or `note`) with a placeholder for each required field that is missing."""
    whole: Resource = dict(without_empty_texts(resource))
    if whole.get("note"):
        whole["note"] = [filled(note, "note") for note in whole["note"]]
    for name, value in PLACEHOLDERS.get(kind, {}).items():
        if name not in whole and _sibling(name) not in whole:
            whole[name] = value
    if kind in INTENT:
        whole.setdefault("intent", INTENT[kind])
    return whole


class Completion:
    """Completes the resources of one child's part. `subject` is how a new one refers to the child."""

    def __init__(self, child: Mapping[str, Any]) -> None:
        # Two children must never share an id. A number goes into one only where the document names the child by it.
        self._seed = str(child.get("id") or _number(child))
        self._child = child

    def whole(self, slot: Resource, kind: str) -> Resource:
        """The slot's resource; one that the document has not held before gets a type, an id, a subject, its label."""
        resource = dict(slot.get("resource") or {})
        if "entry" not in slot and "reference" not in slot:
            resource = {"resourceType": kind, "id": self._id(slot, kind), **resource}
            if "label" in slot:
                label = slot["label"] if isinstance(slot["label"], list) else [slot["label"]]
                meta = resource.get("meta", {})
                resource["meta"] = {"security": [{"system": SENSITIVITY, "code": code} for code in label], **meta}
            if kind == "CarePlan":
                resource.setdefault("category", [{"text": "Individuell plan"}])
            if kind in OF_A_CHILD:
                resource.setdefault("subject", self.subject)
        return filled(resource, kind)

    def url(self, resource: Resource) -> str:
        """How other resources refer to a new one: the same in every writing."""
        kind, key = resource["resourceType"], str(resource["id"])
        return "urn:uuid:" + (key if _UUID.match(key) else str(uuid.uuid5(_NAMES, f"{kind}/{self._seed}/{key}")))

    def _id(self, slot: Resource, kind: str) -> str:
        if (key := slot.get("key")) is not None:
            return fhir_id(str(key))
        if kind == "Patient" and "id" in self._child:
            return str(self._child["id"])
        return str(uuid.uuid5(_NAMES, f"{kind}/{self._seed}"))

    @cached_property
    def subject(self) -> Resource:
        """The reference of the plan that is there, or else to the Patient, by the way that is known."""
        slots = [self._child.get("plan") or {}]
        for name in ("plans", "goals", "activities", "teams"):
            slots += self._child.get(name, ())
        for slot in slots:
            if subject := (slot.get("resource") or {}).get("subject"):
                return dict(subject)
        patient = self._child.get("patient") or {}
        if "entry" in patient and "url" in patient:
            return {"reference": patient["url"]}
        if patient and "entry" not in patient:
            return {"reference": self.url(self.whole(patient, "Patient"))}
        if "id" in self._child:
            return {"reference": f"Patient/{self._child['id']}"}
        identifiers = self._child.get("identifier")
        return {"identifier": identifiers[0]} if identifiers else dict(ABSENT)


def fhir_id(key: str) -> str:
    """The key as an id that FHIR allows."""
    return key if _ID.match(key) else digest(key)


def without_empty_texts(value: Any, place: str = "") -> Any:
    """Without empty texts, which FHIR forbids (but in an annotation, where its models allow them); copies on change."""
    if isinstance(value, dict):
        changed = {name: without_empty_texts(inner, f"{place}.{name}") for name, inner in value.items()}
        if all(changed[name] is inner for name, inner in value.items()):
            return value
        return {name: inner for name, inner in changed.items() if inner is not None and inner != {} and inner != []}
    if isinstance(value, list):
        items = [without_empty_texts(inner, place) for inner in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else [i for i in items if i]
    return None if value == "" and not place.endswith("note.text") else value


def _number(child: Mapping[str, Any]) -> str:
    patient = (child.get("patient") or {}).get("resource") or {}
    identifiers = [*(patient.get("identifier") or ()), *(child.get("identifier") or ())]
    return str(identifiers[0].get("value", "")) if identifiers else ""


def _sibling(name: str) -> str:
    return name[1:] if name.startswith("_") else f"_{name}"
