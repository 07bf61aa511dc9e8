"""Folkeregisteret through KS Fiks: look-up of many persons at once, and the feed of events. Keeps `Population`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from hub.errors import TryAgainError
from hub.ports.population import Events, Registered
from hub.registers.person import PARTS, read_person

MANY = 1_000
"""Persons that may be asked about in one request."""


class Answer(Protocol):
    """What the register answered."""

    @property
    def body(self) -> bytes: ...


class Http(Protocol):
    """`hub.sdk.http.HttpClient`, as far as it is used here: it retries, and its errors hold no body and no query."""

    def send(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Integration:
    """The hub's own integration at Fiks (*integrasjon*)."""

    id: str
    password: str

    def __repr__(self) -> str:
        return f"Integration({self.id})"


class FiksPopulation:
    """The register under one role (*rolle*), which says for which municipality and by which statute it is asked.

    Persons are looked up in bulk also when there is one: a number stands in the body, never in an address.
    """

    def __init__(self, http: Http, role: str, integration: Integration) -> None:
        self._http, self._room = http, f"/folkeregister/api/v1/{role}/v1"
        self._headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "IntegrasjonId": integration.id,
            "IntegrasjonPassord": integration.password,
        }

    def persons(self, numbers: Sequence[str]) -> Mapping[str, Registered]:
        found: dict[str, Registered] = {}
        for start in range(0, len(numbers), MANY):
            found.update(self._look_up(numbers[start : start + MANY]))
        return found

    def newest(self) -> int:
        return int(self._ask("GET", "/hendelser/siste/sekvensnummer"))

    def since(self, sequence: int) -> Events:
        page = self._ask("GET", f"/hendelser/feed?seq={sequence}")
        try:
            next = max((int(each["sekvensnummer"]) + 1 for each in page), default=sequence)
            happened = dict.fromkeys(str(each["hendelse"]["folkeregisteridentifikator"]) for each in page)
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable() from error
        return Events(tuple(happened), next)

    def _look_up(self, numbers: Sequence[str]) -> Iterator[tuple[str, Registered]]:
        parts = "&".join(f"part={part}" for part in PARTS)
        body = orjson.dumps({"foedselsEllerDNummer": list(numbers)})
        answer = self._ask("POST", f"/personer/bulkoppslag?{parts}", body)
        if not isinstance(answer, dict) or not isinstance(answer.get("oppslag"), list):
            raise _unreadable()
        for each in answer["oppslag"]:
            try:
                yield str(each["foedselsEllerDNummer"]), read_person(each["folkeregisterperson"])
            except (KeyError, TypeError, ValueError, AttributeError):
                continue  # not known there, or not as described: what is not known is not confirmed

    def _ask(self, method: str, path: str, body: bytes = b"") -> Any:
        answer = self._http.send(method, self._room + path, body=body, headers=self._headers)
        try:
            return orjson.loads(answer.body)
        except orjson.JSONDecodeError:
            raise _unreadable() from None  # the error would quote what it met


def _unreadable() -> TryAgainError:
    return TryAgainError("the population register's answer cannot be read")
