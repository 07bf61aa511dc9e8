"""The desk of a counterpart that keeps support plans: it holds each document whole, edits it, and sends all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from adapters.education.letters import Unit, report, roster
from hub.sdk import Document, Kind, read_json, write_json
from hub.sdk.counterpart import ChildKey, SyntheticChild
from hub.sdk.directed import INFO, REPORT

_HEADINGS = {"goals": "Mål", "measures": "Tiltak", "participants": "Deltaker", "childVoice": "Barnets stemme"}


class PlanDesk:
    """What the counterparts of school and kindergarten have in common; what happens there is their `counterpart.yaml`.

    A plan from the hub takes the place of the one the desk had, as in a system that trusts its integration; keys it
    does not know are kept and sent back.
    """

    name: str
    adapter: str
    plan: Kind
    roster: Kind
    child_at: str
    """Where a plan has its child: `pupil` or `child`."""
    group_at: str

    def __init__(self, children: Sequence[SyntheticChild]) -> None:
        story = yaml.safe_load(files(f"adapters.{self.adapter}").joinpath("counterpart.yaml").read_text("utf-8"))
        self._unit = Unit(**story["unit"])
        self._opened: Document = story["opened"]
        self._edits: Mapping[str, Mapping[str, Any]] = story["changes"]
        self._children = {child.id: child for child in children}
        self._by_key = {self.key(child.id).value: child.id for child in children}
        self._plans: dict[str, Document] = {}
        self._letters: dict[str, list[str]] = {}
        told = {word: str(edit["says"]) for word, edit in self._edits.items()}
        directed = {"roster": "sends its roster as OneRoster sets", "report": "reports its concern to child welfare"}
        self.changes: Mapping[str, str] = {**told, **directed}

    def key(self, child: str) -> ChildKey:
        """A key of this system's own, made from the story's word so that every run gives the same."""
        return ChildKey("own", f"{self.child_at}-{uuid5(NAMESPACE_URL, f'{self.adapter}/{child}').hex[:10]}")

    def first_document(self, child: str) -> tuple[str, bytes]:
        if child not in self._plans:
            who = self._children[child]
            named = {"id": self.key(child).value, "nationalId": who.number, "name": who.name}
            dated = {**named, "born": who.born.isoformat(), self.group_at: self._unit.group}
            self._plans[child] = {"schema": self.plan.name, self.child_at: dated, **self._opened}
        return self.plan.name, write_json(self._plans[child])

    def change(self, child: str, what: str) -> tuple[str, bytes]:
        person = self._children[child]
        if what == "roster":
            return self.roster.name, write_json(roster(person, self.key(child).value, self._unit))
        if what == "report":
            return REPORT.name, write_json(report(person, self._unit))
        self.first_document(child)
        self._plans[child] = self._edited(self._plans[child], self._edits[what])
        return self.plan.name, write_json(self._plans[child])

    def receive(self, kind: str, body: bytes) -> None:
        document = read_json(body)
        if kind == self.plan.name:
            self._plans[self._by_key[document[self.child_at]["id"]]] = document
        elif kind == INFO.name and "subject" in document:
            texts = [document.get("title", ""), *(part.get("text", "") for part in document["parts"])]
            child = self._by_key[document["subject"]["key"]]
            self._letters.setdefault(child, []).append(" ".join(text for text in texts if text))

    def shows(self, child: str) -> list[str]:
        plan: Mapping[str, Any] = self._plans.get(child, {})
        lines = [f"{plan['title']} ({plan.get('status', '')})"] if "title" in plan else []
        lines += [f"{word}: {_line(item)}" for at, word in _HEADINGS.items() for item in plan.get(at, ())]
        return lines + [f"Melding: {text}" for text in self._letters.get(child, ())]

    def _edited(self, plan: Document, edit: Mapping[str, Any]) -> Document:
        """The plan with one item more, other or fewer; the document it was made from stays as it is."""
        verb = next(verb for verb in ("add", "amend", "amend_other", "remove") if verb in edit)
        at, fields = edit[verb], edit.get("item", {})
        items: list[Document] = plan.get(at, [])
        if verb == "add":
            return {**plan, at: [*items, {"id": f"{at}-{len(items) + 1}-{self.adapter}", **fields}]}
        wanted = (number for number, item in enumerate(items) if self._own(item) == (verb != "amend_other"))
        first = next(wanted, len(items))
        new = [] if verb == "remove" else [{**item, **fields} for item in items[first : first + 1]]
        return {**plan, at: [*items[:first], *new, *items[first + 1 :]]}

    def _own(self, item: Document) -> bool:
        """The hub writes the owner service on the items it sends; what this system opened itself may carry none."""
        return bool(item.get("service", self.adapter) == self.adapter)


def _line(item: Mapping[str, Any]) -> str:
    what = item.get("title") or item.get("words") or item.get("name") or ""
    more = [str(item[name]) for name in ("text", "status", "role", "due", "service") if item.get(name)]
    return f"{what} ({', '.join(more)})" if more else str(what)
