"""The plan as a FHIR server shows it: one CarePlan with what it refers to contained in it, or a searchset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from adapters.health.client import NUMBERS
from adapters.health.references import Resource
from adapters.health.schema import check
from hub.sdk import ChildKey, Stamp, UnusableError, read_json, write_json

_KINDS: Mapping[str, str] = {NUMBERS["fnr"]: "fnr", NUMBERS["dnr"]: "dnr"}
_UNFIT = frozenset({"security", "versionId", "lastUpdated"})
"""What of `meta` a contained resource may not have (dom-4, dom-5): its labels go on the CarePlan."""


def care_plan(body: bytes, stamp: Stamp) -> bytes:
    """The CarePlan of a Bundle. `not_found` where the view holds nothing of a plan."""
    plan, others = _apart(body)
    names = {name: f"{one['resource']['resourceType']}-{at}" for at, one in enumerate(others) for name in _names(one)}
    contained = [_contained(one["resource"], at, names) for at, one in enumerate(others)]
    security = _labels([plan["resource"], *(one["resource"] for one in others)])
    shown = _stamped(_referring(plan["resource"], names), stamp, security)
    if contained:
        shown["contained"] = contained
    check(shown)
    return write_json(shown)


def searchset(found: Sequence[tuple[bytes, Stamp]]) -> bytes:
    """The plans that matched, each with what it refers to."""
    entries: list[Resource] = []
    for body, stamp in found:
        plan, others = _apart(body)
        matched = _stamped(plan["resource"], stamp, _labels([plan["resource"]]))
        entries.append({"fullUrl": f"urn:uuid:{_uuid(stamp.id)}", "resource": matched, "search": {"mode": "match"}})
        entries += [{**one, "search": {"mode": "include"}} for one in others]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    if entries:
        bundle["entry"] = entries
    check(bundle)
    return write_json(bundle)


def subject(form: Mapping[str, str]) -> ChildKey:
    """Whom a search asks about: `subject` by the system's own id, `subject:Patient.identifier` by a number."""
    if own := form.get("subject", "").removeprefix("Patient/"):
        return ChildKey("own", own)
    system, _, number = form.get("subject:Patient.identifier", "").partition("|")
    if system not in _KINDS or not number:
        way_out = "give subject or subject:Patient.identifier in the form"
        raise UnusableError("invalid_request", "search: nobody is asked about", place="subject", way_out=way_out)
    return ChildKey(_KINDS[system], number)


def _apart(body: bytes) -> tuple[Resource, list[Resource]]:
    bundle = read_json(body)
    entries = bundle.get("entry") if bundle["resourceType"] == "Bundle" else [{"resource": bundle}]
    plan = next((one for one in entries or () if one["resource"]["resourceType"] == "CarePlan"), None)
    if plan is None:
        raise UnusableError("not_found", "there is nothing of a plan that your system may see", place="CarePlan")
    return plan, [one for one in entries if one is not plan]


def _names(entry: Resource) -> list[str]:
    """By what others refer to an entry."""
    resource = entry["resource"]
    known = [entry.get("fullUrl"), f"{resource['resourceType']}/{resource['id']}" if "id" in resource else None]
    return [name for name in known if name]


def _contained(resource: Resource, at: int, names: Mapping[str, str]) -> Resource:
    shown = {**_referring(resource, names), "id": f"{resource['resourceType']}-{at}"}
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in _UNFIT}
    if meta:
        return {**shown, "meta": meta}
    return {name: value for name, value in shown.items() if name != "meta"}


def _referring(node: Any, names: Mapping[str, str]) -> Any:
    """The same with references to what is now contained."""
    if isinstance(node, list):
        return [_referring(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    shown = {name: _referring(value, names) for name, value in node.items()}
    if (local := names.get(str(node.get("reference")))) is not None:
        shown["reference"] = f"#{local}"
    return shown


def _stamped(plan: Resource, stamp: Stamp, security: Sequence[Resource]) -> Resource:
    at = stamp.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    meta = {**plan.get("meta", {}), "versionId": str(stamp.version), "lastUpdated": at}
    if security:
        meta["security"] = list(security)
    return {**plan, "id": stamp.id, "meta": meta}


def _labels(resources: Sequence[Resource]) -> list[Resource]:
    """Every security label in any of them, each once."""
    found = [label for one in resources for label in (one.get("meta") or {}).get("security", ())]
    return [label for at, label in enumerate(found) if label not in found[:at]]


def _uuid(id: str) -> str:
    return f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}"
