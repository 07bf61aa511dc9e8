"""One case of a case file: its keys, its defaults, and the disclosure it describes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from hub.errors import UnusableError
from hub.model.calendar import OSLO
from hub.model.consent import Consent, Giver
from hub.model.service import Party
from hub.policy.claims import (
    Fields,
    flag,
    one_of,
    optional,
    read_basis,
    read_duty,
    service,
    take,
    text,
    words,
    words_of,
)
from hub.policy.services import services
from hub.policy.words import CONTROL, EMPTY, GATED, Coordination, Disclosure, Duty, Message, Subject

OUTCOMES = frozenset({"forward", "forward_redacted", "hold", "deny"})
KINDS = CONTROL | GATED | {"info", "feedback"}
PARENTS = frozenset({"mother", "father"})
CONSENTERS = PARENTS | {"child", "child_welfare", "grandmother", "foster_parent", "pregnant_person"}
GIVERS = frozenset(get_args(Giver)) & CONSENTERS
MUNICIPALITIES = frozenset({"same", "other"})
DEFAULT_NOW = datetime(2026, 9, 1, 12, tzinfo=OSLO)
_WRITTEN_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class LawCase:
    """A case as read: the disclosure, and what must come out where the file says so."""

    id: str
    title: str
    disclosure: Disclosure
    outcome: str | None = None
    rules: frozenset[str] = EMPTY


def instant(value: Any) -> datetime:
    """Local time in Norway, `YYYY-MM-DDTHH:MM[:SS]`, read as text."""
    wanted = "a local time as YYYY-MM-DDTHH:MM"
    if not isinstance(value, str) or not _WRITTEN_TIME.fullmatch(value):
        raise ValueError(wanted)
    try:
        return datetime.fromisoformat(value).replace(tzinfo=OSLO)
    except ValueError:
        raise ValueError(wanted) from None


def years(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 130:
        raise ValueError("whole years")
    return value


def assessed(value: Any) -> bool | None:
    return None if value in (None, "not assessed") else flag(value)


def answered(value: Any) -> str:
    """YAML reads a bare `no` as false: it means the same as 'no'."""
    return (
        {True: "yes", False: "no"}[value]
        if isinstance(value, bool)
        else str(one_of(frozenset({"yes", "no", "none"}))(value))
    )


def receivers(value: Any) -> frozenset[str]:
    found = words_of(frozenset(services()) | {"ALL", "UNCLEAR"})(value)
    return frozenset(found)


def detail(value: Any) -> str:
    return "how" if value == "how" else str(one_of(frozenset({"how", "status", "status only"}))(value))


def _same(*keys: str, read: Any) -> Fields:
    return {key: (key, read) for key in keys}


SUBJECT: Fields = {
    "age": ("age", years),
    "understands": ("understands", assessed),
    "guardians": ("guardians", words_of(PARENTS)),
    "protection": ("protection", one_of(frozenset({"none", "confidential", "strictly_confidential"}))),
    "withheld_from_guardians": ("withheld", words),
    **_same("unborn", "heard", "care_order", "authority_block", "opposes_health_disclosure", read=flag),
}
MESSAGE: Fields = {
    "kind": ("kind", one_of(KINDS)),
    "categories": ("categories", words),
    "needed": ("needed", lambda value: None if value in ("all", None) else words(value)),
    "matter": ("matter", one_of(frozenset({"ordinary", "daily_care", "confidential_from_parents"}))),
    "feedback_detail": ("feedback_detail", detail),
    **_same("third_party", "third_party_consented", read=words),
    **_same("free_text", "re_identifiable", "hide_client_relation", read=flag),
}
CONSENT: Fields = {
    "by": ("by", words_of(CONSENTERS)),
    "answer": ("answer", answered),
    "to": ("receivers", receivers),
    "from": ("senders", receivers),
    "categories": ("categories", words),
    "purposes": ("purposes", words),
    "form": ("form", one_of(frozenset({"written", "oral"}))),
    "informed": ("informed", lambda value: one_of(frozenset({"recorded", "unrecorded"}))(value) == "recorded"),
    "background_given": ("background", flag),
    "kind": ("kind", one_of(frozenset({"access", "plan_only"}))),
    "municipality": ("municipality", one_of(MUNICIPALITIES)),
    **_same("documented", "voluntary", read=flag),
    **_same("valid_from", "valid_to", "withdrawn_at", read=optional(instant)),
}
PLAN: Fields = {
    "child_coordinator": ("child_coordinator", lambda value: "child_coordinator" if flag(value) else None),
    "coordinator": ("coordinator", lambda value: "coordinator" if flag(value) else None),
    **_same("main_responsible", "measure_owner", "appoint", read=optional(service)),
    **_same("family_wants_child_coordinator", "disputed", "plan_exists", "plan_consent", read=flag),
    **_same("stafettlogg_open", "participation_described", read=flag),
}
CASE: Fields = {
    "now": ("now", instant),
    "municipality": ("municipality", one_of(MUNICIPALITIES)),
    **_same("sender", "receiver", read=service),
    **_same("id", "title", "reason", "citation", read=lambda value: value if value is None else str(value)),
    "purpose": ("purpose", text),
    **_same("expect", "subject", "message", "basis", "duty", "plan", read=lambda value: {} if value is None else value),
    "consents": ("consents", lambda value: [] if value is None else value),
}
EXPECT: Fields = {"outcome": ("outcome", one_of(OUTCOMES)), "rules": ("rules", words)}


def read_case(document: Any) -> LawCase:
    """Reads one document; raises `UnusableError` naming the key that is not known or the value that is not."""
    case = take(document, CASE, "")
    expect = take(case.get("expect", {}), EXPECT, "expect")
    away = case.get("municipality", "same")
    disclosure = Disclosure(
        sender=Party(case.get("sender", "school"), "same"),
        receiver=Party(case.get("receiver", "ppt"), away),
        now=case.get("now", DEFAULT_NOW),
        purpose=case.get("purpose", "coordination"),
        subject=_subject(case.get("subject", {}), away),
        message=Message(
            **{"categories": frozenset({"education"}), **take(case.get("message", {}), MESSAGE, "message")}
        ),
        consents=_consents(case.get("consents", [])),
        bases=(read_basis(case["basis"]),) if "basis" in case else (),
        duty=read_duty(case["duty"]) if "duty" in case else Duty(),
        plan=Coordination(**take(case.get("plan", {}), PLAN, "plan")),
    )
    return LawCase(
        case.get("id") or "", case.get("title") or "", disclosure, expect.get("outcome"), expect.get("rules", EMPTY)
    )


def _subject(given: Any, municipality: str) -> Subject:
    said = Subject("child", age=8, heard=True, guardians=PARENTS, municipality=municipality, confirmed=True)
    return replace(said, **take(given, SUBJECT, "subject"))


def _consents(given: Any) -> tuple[Consent, ...]:
    """One record for each person who signed: a form two parents signed is two consents."""
    if not isinstance(given, list):
        raise UnusableError("wrong_type", "consents: wanted a list", place="consents")
    return tuple(one for place, record in enumerate(given) for one in _signed(record, f"consents[{place}]"))


def _signed(record: Mapping[str, Any], place: str) -> list[Consent]:
    """A form that nobody has signed is one that a person without authority gave."""
    said = {
        "answer": "yes",
        "receivers": EMPTY,
        "categories": EMPTY,
        "purposes": frozenset({"coordination"}),
        "municipality": "same",
        **take(record, CONSENT, place),
    }
    signers = sorted(said.pop("by", EMPTY)) or ["nobody"]
    return [Consent(f"{place}.{by}", "child", by, by if by in GIVERS else "other", "child", **said) for by in signers]
