"""A DigiSos history told as it stands now: one item for each reference, the later event over the earlier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

Event: TypeAlias = Mapping[str, Any]
Items: TypeAlias = dict[str, dict[str, Any]]

_OSLO = ZoneInfo("Europe/Oslo")
_HIDDEN = "IKKE_INNSYN"
_MISTAKE = "FEILREGISTRERT"


def fold(history: Mapping[str, Any]) -> dict[str, Any]:
    """How the application, its cases, conditions and demands stand. What must not be shown, and money, lie apart."""
    now = _Standing()
    for event in sorted(history["hendelser"], key=_when):
        tell = _TELL.get(event["type"])
        if tell is None:
            now.unknown[event["type"]] = {}
        else:
            tell(now, event)
    return now.as_json()


class _Standing:
    """What the events so far have said; each list keeps the order in which its items were first told of."""

    def __init__(self) -> None:
        self.office: str | None = None
        self.application: Items = {}
        self.cases: Items = {}
        self.conditions: Items = {}
        self.demands: Items = {}
        self.requests: Items = {}
        self.payments: Items = {}
        self.frames: Items = {}
        self.letters: Items = {}
        self.unknown: Items = {}

    def as_json(self) -> dict[str, Any]:
        hidden = {reference for reference, case in self.cases.items() if case["status"] == _HIDDEN}

        def shown(item: Mapping[str, Any]) -> bool:
            # Without a reference an item may belong to a hidden case, so a hidden case hides it.
            reference = item.get("saksreferanse")
            return reference not in hidden if reference is not None else not hidden

        linked = {"vilkar": self.conditions, "dokumentasjonkrav": self.demands}
        lists = {name: [item for item in items.values() if shown(item)] for name, items in linked.items()}
        apart = {name: [item for item in items.values() if not shown(item)] for name, items in linked.items()}
        apart["saker"] = [case for reference, case in self.cases.items() if reference in hidden]
        told = {
            "kontor": self.office,
            "soknad": [*self.application.values()],
            "saker": [_as_it_stands(case) for reference, case in self.cases.items() if reference not in hidden],
            **lists,
            "etterspurt": [*self.requests.values()],
            "skjult": {name: items for name, items in apart.items() if items},
            "utbetalinger": [*self.payments.values()],
            "rammevedtak": [*self.frames.values()],
            "brev": [*self.letters.values()],
            "ukjent": [*self.unknown],
        }
        return {name: value for name, value in told.items() if value}


def _as_it_stands(case: dict[str, Any]) -> dict[str, Any]:
    """A registration by mistake is one whatever was decided; else the last word counts."""
    return case | ({"tilstand": _MISTAKE} if case["status"] == _MISTAKE else {})


def _office(now: _Standing, event: Event) -> None:
    now.office = event["navKontor"]


def _application(now: _Standing, event: Event) -> None:
    first = now.application.get("soknad", {"mottatt": _day(event["hendelsestidspunkt"])})
    now.application["soknad"] = {"nokkel": "soknad", **first, "tilstand": event["status"]}


def _case(now: _Standing, event: Event) -> None:
    case = _opened(now, event["referanse"], event)
    case["status"] = event.get("status", case["status"])
    case["tittel"] = event.get("tittel", case["tittel"])
    case["tilstand"] = case["status"]
    case.pop("vedtatt", None)


def _decision(now: _Standing, event: Event) -> None:
    case = _opened(now, event["saksreferanse"], event)
    case["tilstand"] = event.get("utfall", "VEDTATT")
    case["vedtatt"] = _day(event["hendelsestidspunkt"])


def _opened(now: _Standing, reference: str, event: Event) -> dict[str, Any]:
    new = {"nokkel": f"sak/{reference}", "tittel": "Sak", "status": "UNDER_BEHANDLING"}
    return now.cases.setdefault(reference, {**new, "opprettet": _day(event["hendelsestidspunkt"])})


def _condition(now: _Standing, event: Event) -> None:
    _replace(now.conditions, f"vilkar/{event['vilkarreferanse']}", "Vilkår", event)


def _demand(now: _Standing, event: Event) -> None:
    key = f"dokumentasjonkrav/{event['dokumentasjonkravreferanse']}"
    _replace(now.demands, key, "Dokumentasjonskrav", event)
    if "frist" in event:
        now.demands[key]["frist"] = _day(event["frist"])


def _replace(items: Items, key: str, title: str, event: Event) -> None:
    kept = {name: event[name] for name in ("tittel", "beskrivelse", "saksreferanse") if name in event}
    first = items.get(key, {}).get("opprettet") or _day(event["hendelsestidspunkt"])
    state = event.get("status", "RELEVANT")
    items[key] = {"nokkel": key, "tittel": title, **kept, "tilstand": state, "opprettet": first}


def _request(now: _Standing, event: Event) -> None:
    """Each such event lists all that is still asked for."""
    now.requests = {}
    for document in event["dokumenter"]:
        name = key = f"etterspurt/{document.get('dokumentreferanse', document['dokumenttype'])}"
        while key in now.requests:
            key = f"{name}/{len(now.requests)}"
        now.requests[key] = {**document, "nokkel": key, "innsendelsesfrist": _day(document["innsendelsesfrist"])}


def _payment(now: _Standing, event: Event) -> None:
    now.payments[event["utbetalingsreferanse"]] = dict(event)


def _frame(now: _Standing, event: Event) -> None:
    now.frames[event["rammevedtaksreferanse"]] = dict(event)


def _letter(now: _Standing, event: Event) -> None:
    now.letters[event["hendelsestidspunkt"]] = dict(event)


_TELL: Mapping[str, Callable[[_Standing, Event], None]] = {
    "tildeltNavKontor": _office,
    "soknadsStatus": _application,
    "saksStatus": _case,
    "vedtakFattet": _decision,
    "dokumentasjonEtterspurt": _request,
    "forelopigSvar": _letter,
    "utbetaling": _payment,
    "vilkar": _condition,
    "dokumentasjonkrav": _demand,
    "rammevedtak": _frame,
}


def _when(event: Event) -> tuple[str, str]:
    """The order of instants, whose fractions may be of any length."""
    instant: str = event["hendelsestidspunkt"]
    return instant[:19], instant[20:-1]


def _day(instant: str) -> str | None:
    """The day in Norway; none for an instant that no calendar has, which the format's pattern lets through."""
    try:
        moment = datetime.fromisoformat(instant[:19]).replace(tzinfo=UTC)
        return moment.astimezone(_OSLO).date().isoformat()
    except (ValueError, OverflowError):
        return None
