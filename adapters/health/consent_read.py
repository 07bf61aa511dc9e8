"""FHIR R4 Consents as answers for the register. What one says narrower than can be held refuses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from adapters.health import consent_words as words
from adapters.health.schema import check_consent
from hub.sdk import ChildKey, Consent, Evidence, UnusableError, read_json

OSLO = ZoneInfo("Europe/Oslo")
UNCLEAR = "UNCLEAR"
ANSWERS = {"active": "yes", "inactive": "yes", "rejected": "no", "proposed": "none"}
BEYOND = ("data", "dataPeriod", "provision", "action", "class", "securityLabel")
"""What a provision may say that the register has no place for, and that makes it narrower."""


def said(raw: bytes, max_bytes: int) -> list[tuple[ChildKey, Consent]]:
    """Each person's answer, with the key of the child it is about. One Consent, or a Bundle with some."""
    resource = read_json(raw, max_bytes=max_bytes)
    found = check_consent(resource)
    if not found:
        raise UnusableError(
            "nothing_mapped", "document: no Consent in it", way_out="send a Consent, or a Bundle of some"
        )
    entries = [each.get("resource") or {} for each in resource.get("entry", ())]
    return [answer for place, each in found for answer in _answers(each, place, entries)]


def _answers(resource: dict[str, Any], place: str, entries: list[dict[str, Any]]) -> Iterable[tuple[ChildKey, Consent]]:
    _readable(resource, place)
    performers = resource.get("performer") or ()
    if not performers:
        raise _unusable(f"{place}.performer", "nobody is said to have answered", "name each who did")
    child = _child(resource.get("patient") or {}, place)
    return [
        (child, _consent(resource, place, *_giver(each, [*resource.get("contained", ()), *entries])))
        for each in performers
    ]


def _readable(resource: Mapping[str, Any], place: str) -> None:
    """Refuses what is no answer about sharing, and what says more than the register can hold."""
    provision = resource.get("provision") or {}
    if resource.get("status") not in ANSWERS:
        raise _unusable(f"{place}.status", "neither a draft nor a mistake is an answer", "withdraw what is wrong")
    rules = (resource.get("policyRule") or {}).get("coding") or ()
    if any(each.get("code") == words.OPPOSITION for each in rules):
        way_out = "record the opposition among the facts of the person (hpl § 29)"
        raise _unusable(f"{place}.policyRule", "a block between health personnel is no answer about sharing", way_out)
    if provision.get("type") not in ("permit", "deny"):
        raise _unusable(f"{place}.provision.type", "neither permit nor deny", "say which")
    for name in BEYOND:
        if provision.get(name):
            raise _unusable(f"{place}.provision.{name}", "narrower than the register can hold", "say it by category")
    if resource.get("modifierExtension"):
        raise _unusable(f"{place}.modifierExtension", "a modifier nobody here knows", "leave it out")


def _consent(resource: Mapping[str, Any], place: str, person: str, giver: str) -> Consent:
    provision, told = resource["provision"], _extensions(resource)
    answer = "no" if provision["type"] == "deny" else ANSWERS[resource["status"]]
    own, theirs = _identifiers(resource)
    evidence = _evidence(resource, told)
    period = provision.get("period") or {}
    return Consent(
        own,
        "",
        person,
        giver,  # type: ignore[arg-type]  # one of the closed set: `_giver` has looked
        _one(told, "about", ""),
        answer,  # type: ignore[arg-type]  # likewise
        _actors(provision, words.RECEIVER, place),
        frozenset(each or UNCLEAR for each in codes_of(provision)),
        frozenset(_purposes(provision)),
        _one(told, "municipality", ""),
        _instant(period.get("start")),
        _end(period.get("end")),
        _withdrawn(resource, told, place),
        _one(told, "form", "written"),
        kind="plan_only" if "plan_only" in words.codes(resource.get("category"), words.KIND) else "access",
        senders=_actors(provision, words.SENDER, place),
        answered_at=_instant(resource.get("dateTime")),
        request=_one(told, "request", None),
        source=_one(told, "source", theirs),
        evidence=evidence,
        **_flags(told, evidence, answer),
    )


def codes_of(provision: Mapping[str, Any]) -> list[str | None]:
    return words.codes(provision.get("code"), words.CATEGORY)


def _flags(told: Mapping[str, list[Any]], evidence: Evidence | None, answer: str) -> dict[str, Any]:
    """What nobody has said was so is not shown: only a no needs nothing to be shown."""
    unsaid = {"documented": evidence is not None, "informed": answer == "no", "authority": None}
    return {name: _one(told, name, unsaid.get(name, True)) for name in words.FLAGS}


def _evidence(resource: Mapping[str, Any], told: Mapping[str, list[Any]]) -> Evidence | None:
    """A recorded verification, with its day; without one the answer is not documented."""
    seen = next((each for each in resource.get("verification") or () if each.get("verified")), None)
    at = _instant((seen or {}).get("verificationDate")) or _instant(resource.get("dateTime"))
    if seen is None or at is None:
        return None
    source = resource.get("sourceReference") or {}
    reference = (source.get("identifier") or {}).get("value") or source.get("reference")
    return Evidence(_one(told, "received-by", ""), at, frozenset(told.get("told", ())), reference)


def _withdrawn(resource: Mapping[str, Any], told: Mapping[str, list[Any]], place: str) -> datetime | None:
    at = _instant(_one(told, "withdrawn-at", None))
    if resource["status"] == "inactive" and at is None:
        at = _instant((resource.get("meta") or {}).get("lastUpdated"))
        if at is None:
            raise _unusable(f"{place}.meta.lastUpdated", "inactive, and nobody says since when", "say when it ended")
    return at


def _actors(provision: Mapping[str, Any], role: str, place: str) -> frozenset[str]:
    found = set()
    for at, actor in enumerate(provision.get("actor") or ()):
        (said_role,) = words.codes([actor.get("role") or {}], words.PARTICIPATION)
        if said_role not in (words.RECEIVER, words.SENDER):
            raise _unusable(f"{place}.provision.actor[{at}].role", "neither receiver nor custodian", "use IRCP or CST")
        if said_role == role:
            named = (actor.get("reference") or {}).get("identifier") or {}
            found.add(str(named.get("value")) if named.get("system") == words.SERVICE else UNCLEAR)
    return frozenset(found)


def _purposes(provision: Mapping[str, Any]) -> Iterable[str]:
    ours = {code: name for name, code in words.PURPOSES.items()}
    for each in provision.get("purpose") or ():
        own = each.get("system") == words.PURPOSE
        yield str(each.get("code")) if own else ours.get(each.get("code"), UNCLEAR)


def _giver(performer: Mapping[str, Any], known: list[dict[str, Any]]) -> tuple[str, str]:
    """Who answered: our own word, else the kinship of the person the reference leads to; the child where a Patient."""
    named = performer.get("identifier") or {}
    person = str(named.get("value")) if named.get("system") == words.PERSON else ""
    given = _one(_extensions(performer), "giver", None)
    if given in words.GIVERS:
        return person, given
    reference = str(performer.get("reference") or "")
    if performer.get("type") == "Patient" or reference.startswith("Patient/"):
        return person, "child"
    found = next((each for each in known if each.get("id") and reference.endswith(each["id"])), {})
    kin = [coding.get("code") for each in found.get("relationship") or () for coding in each.get("coding") or ()]
    return person, next((words.KIN[each] for each in kin if each in words.KIN), "other")


def _child(patient: Mapping[str, Any], place: str) -> ChildKey:
    named = patient.get("identifier") or {}
    kinds = {system: kind for kind, system in words.NUMBERS.items()}
    if kind := kinds.get(str(named.get("system"))):
        return ChildKey(kind, str(named.get("value")))
    if key := str(patient.get("reference") or "").rpartition("/")[2]:
        return ChildKey("own", key)
    raise _unusable(f"{place}.patient", "names nobody", "give a reference, or a national number")


def _identifiers(resource: Mapping[str, Any]) -> tuple[str, str | None]:
    """The register's own id where the record was taken from it, and the id of the system that sends it."""
    found = resource.get("identifier") or ()
    own = next((str(each["value"]) for each in found if each.get("system") == words.RECORD), "")
    theirs = next(
        (str(each["value"]) for each in found if each.get("system") != words.RECORD and "value" in each), None
    )
    return own, theirs or resource.get("id")


def _extensions(element: Mapping[str, Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for each in element.get("extension") or ():
        if str(each.get("url", "")).startswith(words.EXTENSION):
            value = next((value for name, value in each.items() if name.startswith("value")), None)
            found.setdefault(each["url"].removeprefix(words.EXTENSION), []).append(value)
    return found


def _one(told: Mapping[str, list[Any]], name: str, unsaid: Any) -> Any:
    return told[name][0] if told.get(name) else unsaid


def _instant(said_at: str | None) -> datetime | None:
    """The first instant of what may be a day, a month or a year, by the date in Norway."""
    if not said_at:
        return None
    if "T" in said_at:
        at = datetime.fromisoformat(said_at)
        return (at if at.tzinfo else at.replace(tzinfo=OSLO)).astimezone(UTC)
    return datetime.combine(_first_day(said_at), time(), OSLO).astimezone(UTC)


def _end(said_at: str | None) -> datetime | None:
    """Half open, as the register has it: a day, month or year that FHIR includes is over when the next begins."""
    if not said_at or "T" in said_at:
        return _instant(said_at)
    first = _first_day(said_at)
    if len(said_at) == len("2026-09-01"):
        following = first + timedelta(days=1)
    else:
        months = first.year * 12 + first.month if "-" in said_at else first.year * 12 + 12
        following = date(months // 12, months % 12 + 1, 1)
    return datetime.combine(following, time(), OSLO).astimezone(UTC)


def _first_day(said_at: str) -> date:
    return date.fromisoformat((said_at + "-01-01")[: len("2026-09-01")])


def _unusable(place: str, why: str, way_out: str) -> UnusableError:
    return UnusableError("unusable", f"{place}: {why}", place=place, way_out=way_out)
