"""A stand-in for a child-welfare case system, for the demo and for tests; what happens in it is `counterpart.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from adapters.child_welfare.adapter import CASE
from adapters.child_welfare.xml_document import ROOT, write_xml
from hub.sdk import Document, read_json, write_json
from hub.sdk.counterpart import ChildKey, SyntheticChild
from hub.sdk.directed import INFO, REPORT
from hub.sdk.plan_document import PLAN_DOCUMENT

_FIRST = datetime(2026, 8, 17, 2, tzinfo=UTC)
_SCREEN_ONLY = ("word", "shows")


class Counterpart:
    """Eksempel barnevern: a case with a report, an investigation, a plan, measures and a decision.

    Every document is the complete case, extracted an hour after the one before.
    """

    name = "Eksempel barnevern"
    adapter = "child-welfare"

    def __init__(self, children: Sequence[SyntheticChild]) -> None:
        self._story = yaml.safe_load(files(__package__).joinpath("counterpart.yaml").read_text("utf-8"))
        self._children = {child.id: child for child in children}
        self._by_key = {self.key(child.id).value: child.id for child in children}
        self._cases: dict[str, dict[str, list[Document]]] = {}
        self._extracts: dict[str, int] = {}
        self._plans: dict[str, Document] = {}
        self._letters: dict[str, list[str]] = {}
        self.changes: Mapping[str, str] = {word: edit["says"] for word, edit in self._story["changes"].items()}

    def key(self, child: str) -> ChildKey:
        """The Id of the child's case, made from the story's word so that every run gives the same."""
        return ChildKey("own", _id(child, "case"))

    def first_document(self, child: str) -> tuple[str, bytes]:
        if child not in self._cases:
            self._cases[child] = self._story["opened"]
        return self._sent(child)

    def change(self, child: str, what: str) -> tuple[str, bytes]:
        edit = self._story["changes"][what]
        case = self._cases.get(child) or self._story["opened"]
        at = edit.get("add") or edit["amend"]
        if "add" in edit:
            items = [*case.get(at, ()), edit["item"]]
        else:
            items = [{**item, **edit["item"]} if item["word"] == edit["word"] else item for item in case[at]]
        self._cases[child] = {**case, at: items}
        return self._sent(child)

    def receive(self, kind: str, body: bytes) -> None:
        document = read_json(body)
        if kind == PLAN_DOCUMENT.name:
            self._plans[self._by_key[document["child"]["id"]]] = document
        elif kind == REPORT.name:
            numbers = {child.number: child.id for child in self._children.values()}
            for reported in document["offentligBarn"]:
                self._file(numbers.get(reported["fnr"], ""), f"Bekymringsmelding: {document['melding']['melding']}")
        elif kind == INFO.name:
            text = " ".join(part["text"] for part in document["parts"] if "text" in part)
            self._file(self._by_key.get(document.get("subject", {}).get("key"), ""), f"Melding: {text}")

    def shows(self, child: str) -> list[str]:
        case = self._cases.get(child, {})
        own = [_line(item) for items in case.values() for item in items if item.get("ErSlettet") != "true"]
        return own + _plan_lines(self._plans.get(child, {})) + self._letters.get(child, [])

    def _file(self, child: str, text: str) -> None:
        self._letters.setdefault(child, []).append(text)

    def _sent(self, child: str) -> tuple[str, bytes]:
        number = self._extracts[child] = self._extracts.get(child, 0) + 1
        xml = write_xml({ROOT: self._document(child, number)})
        return CASE.name, write_json({"xsdVersion": 4, "xmlBody": xml})

    def _document(self, child: str, number: int) -> Document:
        who, starts = self._children[child], self._story["starts"]
        personal = {"Id": _id(child, "person"), "StartDato": starts, "Fodselsnummer": who.number}
        sex = "2" if int(who.number[8]) % 2 == 0 else "1"
        case = {
            "Id": self.key(child).value,
            "StartDato": starts,
            "Journalnummer": f"2026-{_id(child, 'case')[:6]}",
            "Personalia": [{**personal, "Fodseldato": who.born.isoformat(), "Kjonn": sex}],
            **{name: [_with_ids(child, item) for item in items] for name, items in self._cases[child].items()},
        }
        extracted = (_FIRST + timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        head = {"Id": _id(child, f"extract {number}"), "DatoUttrekk": extracted}
        before = {"ForrigeId": _id(child, f"extract {number - 1}")} if number > 1 else {}
        return {**head, **before, "Fagsystem": self._story["system"], "Avgiver": self._story["service"], "Sak": case}


def _id(child: str, word: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"eksempel-barnevern/{child}/{word}"))


def _with_ids(child: str, item: Any) -> Any:
    """The item as it is sent: an Id in place of the story's word, all the way down."""
    if isinstance(item, list):
        return [_with_ids(child, each) for each in item]
    if not isinstance(item, dict):
        return item
    named = {"Id": _id(child, item["word"])} if "word" in item else {}
    return {**named, **{name: _with_ids(child, held) for name, held in item.items() if name not in _SCREEN_ONLY}}


def _line(item: Mapping[str, Any]) -> str:
    ended = f", avsluttet {item['Konklusjon']['SluttDato']}" if "Konklusjon" in item else ""
    return f"{item['shows']} (fra {item['StartDato']}{ended})"


def _plan_lines(plan: Mapping[str, Any]) -> list[str]:
    """The shared plan as it came: every item of every list by its title, name or words."""
    items = (item for held in plan.values() if isinstance(held, list) for item in held if isinstance(item, dict))
    titles = (item.get("title") or item.get("name") or item.get("words") for item in items)
    return [f"Felles plan: {title}" for title in titles if title]
