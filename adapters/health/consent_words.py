"""The words of a FHIR R4 Consent as this hub speaks it: systems, extensions and the tables of `consent.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import yaml

BASE = "https://langbenk.no/fhir"
PROFILE = f"{BASE}/StructureDefinition/consent"
EXTENSION = f"{BASE}/StructureDefinition/consent-"
RECORD, PERSON = f"{BASE}/sid/consent", f"{BASE}/sid/person"
SERVICE, CATEGORY, PURPOSE, KIND = (
    f"{BASE}/CodeSystem/{each}" for each in ("service", "category", "purpose", "consent")
)
NUMBERS: Mapping[str, str] = {
    "fnr": "urn:oid:2.16.578.1.12.4.1.4.1",
    "dnr": "urn:oid:2.16.578.1.12.4.1.4.2",
    "duf": "urn:oid:2.16.578.1.12.4.1.4.5",
}

ACT, ACT_REASON = (f"http://terminology.hl7.org/CodeSystem/v3-{each}" for each in ("ActCode", "ActReason"))
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
RECEIVER, SENDER = "IRCP", "CST"
"""Who receives, and whose the information is (custodian): the two roles of an actor."""
SCOPE = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]}
FORM = {"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}
OPPOSITION = "PBRL5-3"
"""HL7 Norway's code of a block between health personnel: no answer about sharing, but a fact about the child."""

FLAGS = ("documented", "informed", "voluntary", "specific", "unambiguous", "background", "authority")
"""What a record says beside its terms, each in an extension of its own."""

_TABLES: Mapping[str, Mapping[str, str]] = yaml.safe_load(
    files("adapters.health").joinpath("consent.yaml").read_text(encoding="utf-8")
)
PURPOSES, GIVERS, KIN = _TABLES["purpose"], _TABLES["giver"], _TABLES["kin"]


def coded(system: str, code: str) -> dict[str, Any]:
    """A concept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


def codes(concepts: Any, system: str) -> list[str | None]:
    """Of each concept its code in this system; `None` for one that has none there."""
    return [_code(each, system) for each in concepts or ()]


def _code(concept: Mapping[str, Any], system: str) -> str | None:
    found = (each.get("code") for each in concept.get("coding") or () if each.get("system") == system)
    return next(found, None)
