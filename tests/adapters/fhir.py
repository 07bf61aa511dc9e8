"""FHIR for tests: small resources, and the health adapter with its mapping around them."""

from __future__ import annotations

from typing import Any

import orjson

from adapters.health import Health
from hub.mapping import load_lens
from hub.model.change import Item, Portion

KIND = "no.langbenk.health.v1.fhir-bundle"


LENS = load_lens("mappings:health/fhir-bundle.v1.yaml")


FNR = "urn:oid:2.16.578.1.12.4.1.4.1"


def read(resource: Any) -> Any:
    return Health().read(orjson.dumps(resource), KIND)


def written(document: Any) -> dict[str, Any]:
    resource: dict[str, Any] = orjson.loads(Health().write(document, KIND))
    return resource


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"fullUrl": f"https://x.example/{r['resourceType']}/{r['id']}", "resource": r} for r in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def plan(id: str = "p", subject: str = "Patient/a", **more: Any) -> dict[str, Any]:
    base = {"resourceType": "CarePlan", "id": id, "status": "active", "intent": "plan"}
    return {**base, "subject": {"reference": subject}, **more}


def goal(id: str, text: str = "Sover", **more: Any) -> dict[str, Any]:
    base = {"resourceType": "Goal", "id": id, "lifecycleStatus": "active", "description": {"text": text}}
    return {**base, "subject": {"reference": "Patient/a"}, **more}


def patient(id: str = "a", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": id, **more}


def to(*ids: str) -> list[dict[str, str]]:
    return [{"reference": id} for id in ids]


def item(**content: Any) -> Item:
    return Item(content, frozenset({"education"}), owner="school")


def granted(portion: Portion) -> dict[Any, frozenset[str]]:
    return {kind: frozenset(items) for kind, items in portion.items()}


TEAM = {
    "resourceType": "CareTeam",
    "id": "t",
    "subject": {"reference": "Patient/a"},
    "participant": [{"member": {"display": "Siri Testlege"}}, {"member": {"display": "Siri Testlege"}}],
}
"""A team in which two have the same name."""
