"""Directed messages, for every adapter alike: a report to child welfare (*bekymringsmelding*) and our info message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.errors import UnusableError
from hub.model.change import ChildKey
from hub.model.plan import classified
from hub.sdk.adapter import Document
from hub.sdk.json_document import read_json, write_json
from hub.sdk.json_schema import Schema, load_schema
from hub.sdk.manifest import Kind

REPORT = Kind("no.ks.fiks.bekymringsmelding.offentlig.v2", directed=True, receiver="child_welfare")
INFO = Kind("no.langbenk.info.v1.message", directed=True)
DIRECTED: tuple[Kind, ...] = (REPORT, INFO)
"""What an adapter lists in `reads` so that its system may send them, and in `writes` where it may receive them."""

_SCHEMAS: Mapping[str, Schema] = {
    REPORT.name: load_schema("hub.sdk", "bekymringsmelding.schema.json"),
    INFO.name: load_schema("hub.sdk", "info.schema.json"),
}
# The numbers a case system makes up where a child has none yet; no check digit is right in them and they name nobody.
CONSTRUCTED = ("00100", "00200", "55555", "99999")

LOCATION = frozenset({"address", "residence", "workplace"})
_NO_ADDRESS = "skjermet@langbenk.invalid"


@dataclass(frozen=True, slots=True)
class Directed:
    """What policy must know of a directed message.

    `third_party` are the categories about somebody else than the child; `hidden` is true where child or guardians were
    not told of it, so that no guardian may ever see it through the hub.
    """

    children: tuple[ChildKey, ...]
    categories: frozenset[str]
    free_text: bool
    third_party: frozenset[str] = frozenset()
    hidden: bool = False


def is_directed(kind: str) -> bool:
    """Whether a document kind is one of `DIRECTED`."""
    return kind in _SCHEMAS


def read_directed(raw: bytes, kind: str) -> Document:
    """The message as JSON, held to its schema. `UnusableError` with a place where it is not such a message."""
    if (schema := _SCHEMAS.get(kind)) is None:
        raise UnusableError("unknown_kind", "no such directed message", way_out="send one of hub.sdk.directed.DIRECTED")
    document = read_json(raw)
    schema.check(document)
    return document


def read_report(raw: bytes) -> Document:
    """A report of concern to child welfare, *bekymringsmelding* v2 from a public body."""
    return read_directed(raw, REPORT.name)


def read_info(raw: bytes) -> Document:
    """Our own info message: one child, parts with categories, text or facts."""
    return read_directed(raw, INFO.name)


def write_directed(document: Document) -> bytes:
    """A directed message is passed on unchanged."""
    return write_json(document)


def describe(document: Document, kind: str) -> Directed:
    """What a directed message that was read is about, for the decision."""
    return _describe_report(document) if kind == REPORT.name else _describe_info(document)


def keep(document: Document, categories: frozenset[str]) -> Document:
    """An info message with only the parts whose categories are all among these."""
    return {**document, "parts": [part for part in document["parts"] if categories >= classified(part["categories"])]}


def chosen(document: Document, kind: str, numbers: Sequence[str] | None) -> Document:
    """An info message with only the parts of these numbers (from 1), as people chose them; whole where they did not."""
    if numbers is None or is_report(kind):
        return document
    parts = [part for number, part in enumerate(document["parts"], 1) if str(number) in numbers]
    return {**untitled(document), "parts": parts, "free_text": any("text" in part for part in parts)}


def untitled(document: Document) -> Document:
    """An info message without its title, which is the sender's own words about itself as often as about the child."""
    return {name: value for name, value in document.items() if name != "title"}


def signed(document: Document, author: Mapping[str, Any]) -> Document:
    """An info message with who it is from, as the hub knows it; whatever the sender wrote there itself is gone."""
    return {**document, "from": author}


def has_labels(document: Document, kind: str) -> bool:
    """Whether an info message holds words that no format bounds: a short label may name a place as well as a text."""
    return not is_report(kind) and bool(labels_of(document))


def labels_of(document: Document) -> list[str]:
    """The short labels of an info message: what stands among its facts in words, and is no date."""
    values = (value for part in document["parts"] for value in part.get("facts", {}).values())
    return [value for value in values if isinstance(value, str) and not _is_date(value)]


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}(T[\d:.+Z-]+)?", text) is not None


def readdress(document: Document, key: ChildKey | None) -> Document:
    """An info message with the receiver's own key for the child in place of the sender's; without one, it names nobody
    and the receiver knows the child by the message's headers."""
    if key is None:
        return {name: value for name, value in document.items() if name != "subject"}
    return {**document, "subject": {"kind": key.kind, "key": key.value}}


def is_report(kind: str) -> bool:
    """Whether a document kind is a report to child welfare: passed on whole, never cut by category."""
    return kind == REPORT.name


def without_location(document: Document, kind: str) -> Document:
    """The message without what tells where the child is (*strengt fortrolig*, ADR-01), and still of its format.

    Of a report that is every address, telephone number and name of a place or unit, the reporter's own too: who must
    answer it does so through the hub.
    """
    if not is_report(kind):
        return {**document, "parts": [part for part in document["parts"] if LOCATION.isdisjoint(part["categories"])]}
    nowhere = {"adresselinje1": ""}
    unit = {"navn": "", "adresse": nowhere}
    reporter = {**document["offentligMelder"], "telefonnummer": "0", "epost": _NO_ADDRESS, "virksomhet": unit}
    return {
        **document,
        "kommunenummer": "0000",
        "kommunenavn": "",
        "bydelsnummer": "00",
        "bydelsnavn": "",
        "leveringskanal": "",
        "offentligMelder": reporter,
        "offentligBarn": [{**_unreachable(child), "adresse": nowhere} for child in document["offentligBarn"]],
        "foresatte": [_unreachable(guardian) for guardian in document["foresatte"]],
    }


def _unreachable(person: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in person.items() if name != "telefonnummer"}


def _describe_report(document: Document) -> Directed:
    told = [person["orientert"] for person in (*document["offentligBarn"], *document["foresatte"])]
    keys = (number_key(child["fnr"]) for child in document["offentligBarn"])
    return Directed(
        children=tuple(key for key in keys if key),
        categories=frozenset({"care_situation"}),
        free_text=True,
        third_party=frozenset({"care_situation"}),
        hidden=not all(told),
    )


def _describe_info(document: Document) -> Directed:
    parts: list[Mapping[str, Any]] = document["parts"]
    subject = document.get("subject")
    return Directed(
        children=(ChildKey(subject["kind"], subject["key"]),) if subject else (),
        categories=classified(name for part in parts for name in part["categories"]),
        free_text=document["free_text"],
        third_party=classified(
            name for part in parts if part.get("about", "child") != "child" for name in part["categories"]
        ),
    )


def number_key(number: str) -> ChildKey | None:
    """A national number or a D-number (first digit plus four); `None` for an empty or a constructed one, which must
    be told apart before any check digit is counted."""
    if len(number) != 11 or number.endswith(CONSTRUCTED):
        return None
    return ChildKey("dnr" if number[0] in "4567" else "fnr", number)
