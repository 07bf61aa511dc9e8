"""A kept decision in words: its record, read back and told in one language; nothing is decided anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.policy.complaints import Complaint, complaint_about, service_name, spoken
from hub.policy.explain import Language, listed, outcome, rule_text, said_of, texts, ways
from hub.policy.statutes import acts
from hub.policy.view_decision import UNNAMED
from hub.policy.words import CLIENT_RELATION, Finding, Found

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule that was true: what it says in general and here, whether it hinders, and what it rests on."""

    rule: str
    result: str
    said: str
    rule_text: str
    rests: tuple[str, ...]
    about: str | None = None
    """Whose information it was asked about, in a view: the service that owns it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact or consent: what it is, where from, and when it was last so."""

    name: str
    value: str
    source: str
    at: str


@dataclass(frozen=True, slots=True)
class Elements:
    """Elements of a plan with one answer."""

    answer: str
    rules: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as somebody reads it."""

    outcome: str
    sender: str
    receiver: str
    at: str
    policy: str
    removed: tuple[str, ...]
    checks: tuple[Check, ...]
    facts: tuple[Line, ...]
    elements: tuple[Elements, ...]
    statutes: tuple[str, ...]
    ways: tuple[str, ...]
    complaints: tuple[str, ...]


def tell(record: Record, language: Language) -> Told:
    """Tells a record with its grounds (`DecisionRow.whole`)."""
    groups = record.get("owners") or [{"owner": None, "findings": record.get("findings", ())}]
    hindered = record["outcome"] != "forward"
    return Told(
        outcome=outcome(record["outcome"], _removed(record), language),
        sender=", ".join(service_name(one, language) for one in _senders(record)),
        receiver=service_name(record["receiver"][0], language),
        at=record["at"],
        policy=f"{record['policy']['version']} ({record['policy']['hash'][:12]})",
        removed=_taken_out(record, language),
        checks=tuple(_check(one, group["owner"], language) for group in groups for one in group["findings"]),
        facts=(*_facts(record, language), *_consents(record, language)),
        elements=tuple(_elements(one, language) for one in record.get("elements", ())),
        statutes=tuple(_statute(one) for one in record["statutes"]),
        ways=tuple(ways((_found(one) for group in groups for one in group["findings"]), language)) if hindered else (),
        complaints=tuple(spoken(one, language) for one in complaints(record)),
    )


def complaints(record: Record) -> list[Complaint]:
    """The ways to complain of what was kept back: one for each service whose information it is."""
    if record["outcome"] == "forward":
        return []
    kept_back = [
        group["owner"]
        for group in record.get("owners", ())
        if group["owner"] and {"shut", "hold"} & set(group["verdicts"].values())
    ]
    return [complaint_about(one) for one in kept_back or _senders(record)]


def _senders(record: Record) -> Sequence[str]:
    if "sender" in record:
        return [record["sender"][0]]
    return list(dict.fromkeys(group["owner"] for group in record.get("owners", ()) if group["owner"]))


def _removed(record: Record) -> Iterable[str]:
    """What was kept back, by category; of a hidden child's view at least the place."""
    if "removed" in record:
        return list(record["removed"])
    shut = {c for group in record["owners"] for c, verdict in group["verdicts"].items() if verdict != "open"}
    unnamed = any(one["rule"] == UNNAMED for group in record["owners"] for one in group["findings"])
    return shut | CLIENT_RELATION if unnamed else shut or {"location"}


def _taken_out(record: Record, language: Language) -> tuple[str, ...]:
    return tuple(f"{listed([one], language)} [{rule}]" for one, rule in record.get("removed", {}).items())


def _found(kept: Record) -> Found:
    """The finding that a kept check was made from."""
    opens, shuts, holds, asks = (frozenset(kept.get(name, ())) for name in ("opens", "shuts", "holds", "asks"))
    voids, doubts = tuple(kept.get("voids", ())), tuple(kept.get("doubts", ()))
    return Found(kept["rule"], kept["stage"], Finding(opens, shuts, holds, asks, voids, doubts))


def _check(kept: Record, owner: str | None, language: Language) -> Check:
    known = texts(language)
    return Check(
        rule=kept["rule"],
        result=known["result"][kept["result"]],
        said=said_of(_found(kept), language),
        rule_text=rule_text(kept["rule"], language),
        rests=tuple(known["fact"].get(one, one) for one in kept["facts"]),
        about=service_name(owner, language) if owner else None,
    )


def _facts(record: Record, language: Language) -> Iterable[Line]:
    known = texts(language)
    for one in record["known"]:
        source = known["source"].get(one["source"], one["source"])
        value = _value(one["is"], language)
        if one.get("reference"):
            value = f"{value} ({one['reference']})"
        yield Line(known["fact"].get(one["fact"], one["fact"]), value, source, one.get("at", ""))


def _value(told: object, language: Language) -> str:
    names = texts(language)["value"]
    if isinstance(told, bool):
        return str(names["yes" if told else "no"])
    if isinstance(told, list):
        return ", ".join(_part(str(one), language) for one in told) or str(names["none"])
    return str(names.get(told, told))


def _part(told: str, language: Language) -> str:
    """`coordinator:school` is which part in the coordination a service has; anything else is an id or a code."""
    part, _, service = told.partition(":")
    names = texts(language)["value"]
    return f"{names[part]}: {service_name(service, language)}" if service and part in names else names.get(told, told)


def _consents(record: Record, language: Language) -> Iterable[Line]:
    label = texts(language)["label"]
    for one in record["consents"]:
        ended = one.get("withdrawn_at")
        value = _value("silent" if one["answer"] == "none" else one["answer"], language)
        since = one.get("answered_at") or one.get("valid_from") or ""
        ended = f", {label['withdrawn']} {ended}" if ended else ""
        yield Line(f"{label['consent']} {one['id']}", value + ended, _value(one["giver"], language), since)


def _elements(kept: Record, language: Language) -> Elements:
    answer = "released" if kept["released"] else kept["answer"]
    return Elements(texts(language)["verdict"][answer], tuple(kept["rules"]), tuple(kept["ids"]))


def _statute(kept: str) -> str:
    """`hpl § 25 @ 2026-07-01` by the act's name."""
    act, _, rest = kept.partition(" ")
    return f"{acts().get(act, {}).get('name', act)} {rest}"
