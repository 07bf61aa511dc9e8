"""A stand-in for Folkeregisteret at KS Fiks, over real HTTP: synthetic residents, look-up in bulk, a feed of events."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from hub.errors import UnusableError
from hub.sandbox.listening import Listening
from hub.security.tokens import Tokens

INTEGRATION, PASSWORD = "integration-of-eksempelvik", "for-the-sandbox-only"
ROLE = "5b8d4a0e-role-of-eksempelvik"
SCOPE = "ks:fiks"
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who does not exist. `holders` hold parental responsibility: number → `mor`, `far`, `medmor`, `andre`."""

    number: str
    born: date
    municipality: str = "9999"
    level: str = "ugradert"
    holders: Mapping[str, str] = field(default_factory=dict)
    nameless: bool = False
    """Somebody without a national number holds responsibility too."""
    died: date | None = None
    district: str | None = None


class Population:
    """Listens on a free port of 127.0.0.1 until it is closed. `away` answers 503, as on a bad day.

    With `tokens` it asks for an access token with the scope `ks:fiks` too, as the real one does.
    """

    def __init__(self, residents: Iterable[Resident] = (), tokens: Tokens | None = None) -> None:
        self.tokens = tokens
        self._residents = {each.number: each for each in residents}
        self._events: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self.away = False
        self.asked: list[str] = []
        """The address of every request, as a proxy's log would have it."""
        self._listening = Listening(self.answer, "population")
        self.url = self._listening.url

    def close(self) -> None:
        """Stops listening."""
        self._listening.close()

    def settle(self, resident: Resident, event: str = "personErOpprettet") -> None:
        """Somebody is registered, or all that is registered of them is another; the feed tells that it happened."""
        with self._lock:
            self._residents[resident.number] = resident
            self._events.append((resident.number, event))

    def change(self, number: str, event: str, **changed: Any) -> None:
        """Something happens to somebody: `endringIAdressebeskyttelse`, `endringIForeldreansvar`, `personErDoed` …"""
        self.settle(replace(self._residents[number], **changed), event)

    def answer(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        """Status and body for one call."""
        self.asked.append(address)
        if self.away:
            return 503, _error("FREG-001")
        if (headers.get("IntegrasjonId"), headers.get("IntegrasjonPassord")) != (INTEGRATION, PASSWORD):
            return 401, _error("FREG-002")
        if self.tokens and not _admitted(self.tokens, headers.get("Authorization", "")):
            return 401, _error("FREG-002")
        parts = urlsplit(address)
        query = parse_qs(parts.query)
        match method, parts.path.strip("/").split("/"):
            case "POST", ["folkeregister", "api", "v1", role, "v1", "personer", "bulkoppslag"] if role == ROLE:
                return 200, self._look_up(orjson.loads(body)["foedselsEllerDNummer"], query.get("part", []))
            case "GET", ["folkeregister", "api", "v1", role, "v1", "hendelser", "siste", "sekvensnummer"] if (
                role == ROLE
            ):
                return 200, len(self._events)
            case "GET", ["folkeregister", "api", "v1", role, "v1", "hendelser", "feed"] if role == ROLE:
                return 200, self._feed(int(query["seq"][0]))
            case _:
                return 404, _error("FREG-003")

    def _look_up(self, numbers: list[str], parts: list[str]) -> dict[str, Any]:
        with self._lock:
            found = [self._residents[number] for number in numbers if number in self._residents]
        return {
            "oppslag": [
                {
                    "foedselsEllerDNummer": each.number,
                    "folkeregisterperson": {name: row for name, row in told(each).items() if name in parts},
                }
                for each in found
            ]
        }

    def _feed(self, start: int) -> list[dict[str, Any]]:
        first = max(start, 1)
        with self._lock:
            page = self._events[first - 1 : first - 1 + PAGE]
        return [
            {
                "sekvensnummer": first + place,
                "hendelse": {"folkeregisteridentifikator": number, "hendelsestype": event},
            }
            for place, (number, event) in enumerate(page)
        ]


def told(one: Resident) -> dict[str, Any]:
    """A `Folkeregisterperson`, as far as the hub asks; with a row that is past, since the real register keeps those."""
    holders = [_in_force(ansvar=_kind(one, role), ansvarlig=number) for number, role in one.holders.items()]
    nameless = [_in_force(ansvar="andre", ansvarligUtenIdentifikator={"navn": {"fornavn": "N", "etternavn": "N"}})]
    street = {"adressenavn": "Testveien", "kommunenummer": one.municipality}
    street |= {"bydelsnummer": one.district} if one.district else {}
    home = _in_force(adressegradering=one.level, vegadresse=street)
    past = {
        **_in_force(adressegradering="strengtFortrolig", ukjentBosted={"bostedskommune": "0001"}),
        "erGjeldende": False,
    }
    person: dict[str, Any] = {
        "foedsel": [_in_force(foedselsdato=one.born.isoformat(), foedselsaar=str(one.born.year))],
        "status": [_in_force(status="doed" if one.died else "bosatt")],
        "adressebeskyttelse": [] if one.level == "ugradert" else [_in_force(graderingsnivaa=one.level)],
        "bostedsadresse": [past, home],
        "foreldreansvar": holders + (nameless if one.nameless else []),
        "familierelasjon": [
            _in_force(relatertPerson=number, relatertPersonsRolle=role, minRolleForPerson="barn")
            for number, role in one.holders.items()
            if role != "andre"
        ],
    }
    if one.died:
        person["doedsfall"] = _in_force(doedsdato=one.died.isoformat())
    return person


def _kind(one: Resident, role: str) -> str:
    return role if role == "andre" or len(one.holders) == 1 else "felles"


def _in_force(**told: Any) -> dict[str, Any]:
    return {"erGjeldende": True, "kilde": "sandbox", **told}


def _error(code: str) -> dict[str, str]:
    return {"kode": code, "melding": "Feil i tjenesten. Vennligst prøv igjen seinere."}


def _admitted(tokens: Tokens, shown: str) -> bool:
    try:
        return SCOPE in tokens.verify(shown.removeprefix("Bearer ")).scopes
    except UnusableError:
        return False
