"""What a counterpart sends besides its plan: its roster as OneRoster sets, and a report of concern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hub.sdk import Document
from hub.sdk.counterpart import SyntheticChild

_CHANGED = {"status": "active", "dateLastModified": "2026-08-20T06:00:00.000Z"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A school or kindergarten that does not exist, and the person there whom families know."""

    name: str
    number: str
    org_type: str
    group: str
    contact: str
    email: str


def roster(child: SyntheticChild, key: str, unit: Unit) -> Document:
    """One child's group, contact and guardian: the sets as one message."""
    given, _, family = child.name.rpartition(" ")
    org, group, contact = (_id(unit.number, part) for part in ("org", unit.group, unit.contact))
    guardian = _id(unit.number, f"guardian of {key}")
    home = {"sourcedId": group, **_CHANGED, "title": unit.group, "classType": "homeroom"}
    course, term = _ref("course", _id(unit.number, "course")), _ref("academicSession", _id(unit.number, "2026/2027"))
    return {
        "orgs": [{"sourcedId": org, **_CHANGED, "name": unit.name, "type": unit.org_type, "identifier": unit.number}],
        "users": [
            _user(key, f"{given} {family}", "student", org, agents=[_ref("user", guardian)]),
            _user(guardian, f"Forelder {family}", "guardian", org, phone="+4740000000"),
            _user(contact, unit.contact, "teacher", org, email=unit.email),
        ],
        "classes": [{**home, "course": course, "school": _ref("org", org), "terms": [term]}],
        "enrollments": [_enrollment(key, group, org, "student"), _enrollment(contact, group, org, "teacher")],
        "demographics": [{"sourcedId": key, **_CHANGED, "birthDate": child.born.isoformat()}],
    }


def report(child: SyntheticChild, unit: Unit) -> Document:
    """A public body's report to child welfare (*bekymringsmelding*); the family has been told of it."""
    address = {"adresselinje1": "Eksempelvegen 1", "postnummer": "2211", "poststed": "Kongsvinger"}
    number, parent = child.number, f"Forelder {child.name.rpartition(' ')[2]}"
    return {
        "kommunenummer": "3401",
        "kommunenavn": "Kongsvinger",
        "bydelsnummer": "00",
        "bydelsnavn": "",
        "offentligMelder": {
            "personnavn": unit.contact,
            "rolle": "Kontaktperson",
            "telefonnummer": "62800000",
            "epost": unit.email,
            "virksomhet": {"navn": unit.name, "orgnr": unit.number, "adresse": address},
        },
        "offentligBarn": [
            {"fnr": number, "ufoedt": False, "personnavn": child.name, "adresse": address, "orientert": True}
        ],
        "foresatte": [{"personnavn": parent, "orientert": True}],
        "melding": {
            "melding": "Barnet kommer ofte uten mat og forteller om netter alene hjemme.",
            "historie": "Tatt opp med hjemmet to ganger i høst.",
        },
        "sendingstidspunkt": "2026-09-01T09:30:00",
        "leveringskanal": "fagsystem",
    }


def _user(key: str, name: str, role: str, org: str, **more: Any) -> Mapping[str, Any]:
    given, _, family = name.rpartition(" ")
    roles = [{"roleType": "primary", "role": role, "org": _ref("org", org)}]
    names = {"givenName": given or family, "familyName": family}
    return {"sourcedId": key, **_CHANGED, "enabledUser": "true", **names, "roles": roles, **more}


def _enrollment(user: str, group: str, org: str, role: str) -> Mapping[str, Any]:
    refs = {"user": _ref("user", user), "class": _ref("class", group), "school": _ref("org", org)}
    return {"sourcedId": _id(user, group), **_CHANGED, **refs, "role": role, "primary": "true"}


def _ref(kind: str, key: str) -> Mapping[str, str]:
    return {"href": f"https://roster.example/ims/oneroster/rostering/v1p2/{kind}/{key}", "sourcedId": key, "type": kind}


def _id(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))
