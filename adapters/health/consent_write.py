"""Consents of the register as a Bundle of FHIR R4 Consents: all the register holds, each person's answer apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from adapters.health import consent_words as words
from hub.sdk import ChildKey, Consent, write_json

STATUS = {"yes": "active", "no": "rejected", "none": "proposed"}


def written(consents: Sequence[Consent], key: ChildKey) -> bytes:
    """A collection; the child is named by the key its reader knows it by."""
    entries = [
        {"fullUrl": f"urn:uuid:{uuid5(NAMESPACE_URL, one.id)}", "resource": _consent(one, key)} for one in consents
    ]
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    return write_json({**bundle, "entry": entries} if entries else bundle)


def _consent(one: Consent, key: ChildKey) -> dict[str, Any]:
    kind = [words.FORM] if one.kind == "access" else [words.FORM, words.coded(words.KIND, one.kind)]
    resource: dict[str, Any] = {
        "resourceType": "Consent",
        "meta": {"profile": [words.PROFILE]},
        "extension": list(_extensions(one)),
        "identifier": [{"system": words.RECORD, "value": one.id}],
        "status": "inactive" if one.answer == "yes" and one.withdrawn_at else STATUS[one.answer],
        "scope": words.SCOPE,
        "category": kind,
        "patient": _patient(key),
        "performer": [_performer(one)],
        "policyRule": words.coded(words.ACT, "OPTIN"),
        "provision": _provision(one),
    }
    if one.answered_at:
        resource["dateTime"] = _instant(one.answered_at)
    if one.evidence and one.evidence.reference:
        resource["sourceReference"] = {"identifier": {"value": one.evidence.reference}}
    if one.evidence:
        seen = {"verified": True, "verificationDate": _instant(one.evidence.at)}
        resource["verification"] = [seen]
    return resource


def _extensions(one: Consent) -> Iterator[dict[str, Any]]:
    yield _extension("municipality", "Code", one.municipality)
    yield _extension("form", "Code", one.form)
    yield from (_extension(name, "Boolean", said) for name in words.FLAGS if (said := getattr(one, name)) is not None)
    if one.about != one.child:
        yield _extension("about", "String", one.about)
    if one.withdrawn_at:
        yield _extension("withdrawn-at", "Instant", _instant(one.withdrawn_at))
    for name in ("request", "source"):
        if value := getattr(one, name):
            yield _extension(name, "String", value)
    if one.evidence:
        if one.evidence.received_by:
            yield _extension("received-by", "String", one.evidence.received_by)
        yield from (_extension("told", "Code", part) for part in sorted(one.evidence.told))


def _provision(one: Consent) -> dict[str, Any]:
    ends = {"start": one.valid_from, "end": one.valid_to}
    lists = {
        "actor": [*_actors(words.RECEIVER, one.receivers), *_actors(words.SENDER, one.senders)],
        "purpose": [_purpose(each) for each in sorted(one.purposes)],
        "code": [words.coded(words.CATEGORY, each) for each in sorted(one.categories)],
    }
    period = {name: _instant(at) for name, at in ends.items() if at}
    told = {name: value for name, value in lists.items() if value}
    return {"type": "deny" if one.answer == "no" else "permit", **({"period": period} if period else {}), **told}


def _actors(role: str, services: frozenset[str]) -> Iterator[dict[str, Any]]:
    for service in sorted(services):
        named = {"type": "Organization", "identifier": {"system": words.SERVICE, "value": service}}
        yield {"role": words.coded(words.PARTICIPATION, role), "reference": named}


def _purpose(purpose: str) -> dict[str, str]:
    known = words.PURPOSES.get(purpose)
    return {"system": words.ACT_REASON, "code": known} if known else {"system": words.PURPOSE, "code": purpose}


def _performer(one: Consent) -> dict[str, Any]:
    return {
        "extension": [_extension("giver", "Code", one.giver)],
        "type": words.GIVERS[one.giver],
        "identifier": {"system": words.PERSON, "value": one.person},
    }


def _patient(key: ChildKey) -> dict[str, Any]:
    if system := words.NUMBERS.get(key.kind):
        return {"type": "Patient", "identifier": {"system": system, "value": key.value}}
    return {"reference": f"Patient/{key.value}"}


def _extension(name: str, kind: str, value: Any) -> dict[str, Any]:
    return {"url": f"{words.EXTENSION}{name}", f"value{kind}": value}


def _instant(at: datetime) -> str:
    return at.isoformat()
