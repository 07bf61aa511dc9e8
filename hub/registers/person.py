"""A person as Folkeregisteret tells it (`Folkeregisterperson`), read to what the hub may know. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hub.model.person import Protection, Relation
from hub.ports.population import Registered

PARTS = ("foedsel", "doedsfall", "status", "adressebeskyttelse", "bostedsadresse", "foreldreansvar", "familierelasjon")
"""What is asked for, and no more: names, citizenship and civil status stay where they are."""

LEVELS: Mapping[str, Protection] = {
    "ugradert": "none",
    "klientadresse": "confidential",
    "fortrolig": "confidential",
    "strengtFortrolig": "strictly_confidential",
}
STRICTEST: tuple[Protection, ...] = ("strictly_confidential", "confidential", "none")
ROLES: Mapping[str, Relation] = {"mor": "mother", "medmor": "mother", "far": "father"}


def read_person(told: Mapping[str, Any]) -> Registered:
    """Raises `ValueError`, `KeyError` or `TypeError` where it is not as the register's own description says."""
    return Registered(
        birth_date=_born(told),
        protection=_protection(told),
        residence=_residence(told),
        deceased=_has_died(told),
        holders=_holders(told),
        district=_district(told),
    )


def _now(told: Mapping[str, Any], part: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a part that are in force; a part that holds one thing comes without its list."""
    rows = told.get(part) or ()
    for row in [rows] if isinstance(rows, Mapping) else rows:
        if row.get("erGjeldende", False):
            yield row


def _born(told: Mapping[str, Any]) -> date | None:
    days = [row["foedselsdato"] for row in _now(told, "foedsel") if row.get("foedselsdato")]
    return date.fromisoformat(days[0]) if days else None


def _has_died(told: Mapping[str, Any]) -> bool:
    return any(_now(told, "doedsfall")) or any(row["status"] == "doed" for row in _now(told, "status"))


def _protection(told: Mapping[str, Any]) -> Protection:
    """The strictest that anything says; a level nobody has heard of is no answer."""
    said = [row["graderingsnivaa"] for row in _now(told, "adressebeskyttelse")]
    said += [row["adressegradering"] for row in _now(told, "bostedsadresse")]
    found = {LEVELS[level] for level in said}
    return next((level for level in STRICTEST if level in found), "none")


def _residence(told: Mapping[str, Any]) -> str | None:
    for row in _now(told, "bostedsadresse"):
        places = (
            (row.get("vegadresse") or {}).get("kommunenummer"),
            ((row.get("matrikkeladresse") or {}).get("matrikkelnummer") or {}).get("kommunenummer"),
            (row.get("ukjentBosted") or {}).get("bostedskommune"),
        )
        if found := next((str(place) for place in places if place), None):
            return found
    return None


def _district(told: Mapping[str, Any]) -> str | None:
    """The city district of a street address, by `bydelsnummer`. That whoever passes the register's answers on adds it
    is own knowledge, to be confirmed; without it people tell."""
    found = ((row.get("vegadresse") or {}).get("bydelsnummer") for row in _now(told, "bostedsadresse"))
    return next((str(number) for number in found if number), None)


def _holders(told: Mapping[str, Any]) -> tuple[tuple[str, Relation], ...] | None:
    """Who hold parental responsibility, by number; none of them where one cannot be named: all must consent."""
    family = {row["relatertPerson"]: row["relatertPersonsRolle"] for row in _parents(told)}
    found: dict[str, Relation] = {}
    for row in _now(told, "foreldreansvar"):
        number, kind = row.get("ansvarlig"), row["ansvar"]
        if not number or kind == "ukjent":
            return None
        role = kind if kind in ROLES else family.get(number, "")
        found[str(number)] = ROLES.get(role, "other")
    return tuple(sorted(found.items()))


def _parents(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in _now(told, "familierelasjon"):
        if row["relatertPersonsRolle"] in ROLES and row.get("relatertPerson"):
            yield row
