"""A stand-in for a NAV office's case system, for the demo and for tests; what happens in it is `counterpart.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from adapters.nav.adapter import HISTORY
from hub.sdk import Document, read_json, write_json
from hub.sdk.counterpart import ChildKey, SyntheticChild
from hub.sdk.directed import INFO
from hub.sdk.plan_document import PLAN_DOCUMENT

_FIRST = datetime(2026, 8, 20, 8, tzinfo=UTC)


class Counterpart:
    """Eksempel NAV: a parent's application for social assistance, its events one after the other.

    Every document is the whole history. It names nobody: the caller gives `key` in the message's header.
    """

    name = "Eksempel NAV"
    adapter = "nav"

    def __init__(self, children: Sequence[SyntheticChild]) -> None:
        self._story = yaml.safe_load(files(__package__).joinpath("counterpart.yaml").read_text("utf-8"))
        self._by_key = {self.key(child.id).value: child.id for child in children}
        self._events: dict[str, list[Document]] = {}
        self._plans: dict[str, Document] = {}
        self._letters: dict[str, list[str]] = {}
        self.changes: Mapping[str, str] = {word: edit["says"] for word, edit in self._story["changes"].items()}

    def key(self, child: str) -> ChildKey:
        """The number of the parent's case, made from the story's word so that every run gives the same."""
        return ChildKey("own", f"nav-{uuid5(NAMESPACE_URL, f'eksempel-nav/{child}').hex[:10]}")

    def first_document(self, child: str) -> tuple[str, bytes]:
        if child not in self._events:
            self._happen(child, self._story["opened"])
        return self._sent(child)

    def change(self, child: str, what: str) -> tuple[str, bytes]:
        self.first_document(child)
        self._happen(child, self._story["changes"][what]["events"])
        return self._sent(child)

    def receive(self, kind: str, body: bytes) -> None:
        document = read_json(body)
        if kind == PLAN_DOCUMENT.name:
            self._plans[self._by_key[document["child"]["id"]]] = document
        elif kind == INFO.name:
            text = " ".join(part["text"] for part in document["parts"] if "text" in part)
            child = self._by_key.get(document.get("subject", {}).get("key"), "")
            self._letters.setdefault(child, []).append(f"Melding: {text}")

    def shows(self, child: str) -> list[str]:
        own = [_line(event) for event in self._events.get(child, ())]
        return own + _plan_lines(self._plans.get(child, {})) + self._letters.get(child, [])

    def _happen(self, child: str, events: Sequence[Document]) -> None:
        told = self._events.setdefault(child, [])
        for event in events:
            at = _FIRST + timedelta(minutes=len(told))
            told.append({**event, "hendelsestidspunkt": at.strftime("%Y-%m-%dT%H:%M:%S.000Z")})

    def _sent(self, child: str) -> tuple[str, bytes]:
        history = {"version": "1.0.0", "avsender": self._story["sender"], "hendelser": self._events[child]}
        return HISTORY.name, write_json(history)


def _line(event: Mapping[str, Any]) -> str:
    what = event.get("tittel") or event.get("saksreferanse") or event.get("navKontor") or ""
    told = [str(part) for part in (event["type"], what, event.get("status") or event.get("utfall")) if part]
    return " · ".join(told)


def _plan_lines(plan: Mapping[str, Any]) -> list[str]:
    """The shared plan as it came: every item of every list by its title, name or words."""
    items = (item for held in plan.values() if isinstance(held, list) for item in held if isinstance(item, dict))
    titles = (item.get("title") or item.get("name") or item.get("words") for item in items)
    return [f"Felles plan: {title}" for title in titles if title]
