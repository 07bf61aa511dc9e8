"""Registered systems, a small table read again only when its generation has changed; and authorised people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, bindparam, select, update

from hub.model.official import Agreement, District, Official, Routine
from hub.model.service import System
from hub.storage import wire
from hub.storage.bulk import Change
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id
from hub.storage.transaction import Transaction
from hub.storage.vault import Vault

SYSTEMS = Table(
    "systems",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("service", Id, nullable=False),
    Column("delivery", Id, nullable=False),
    Column("client_id", Id, nullable=False),
    Column("registration", LargeBinary, nullable=False),  # sealed: its settings may hold a password
    Index("systems_client", "client_id", unique=True),
)
OFFICIALS = Table(
    "officials",
    METADATA,
    Column("municipality", Id, primary_key=True),
    Column("person", Id, primary_key=True),
    Column("authorised", LargeBinary, nullable=False),  # roles and service, as JSON
)
AGREEMENTS = Table(
    "agreements",
    METADATA,
    Column("municipality", Id, primary_key=True),
    Column("reference", Id, primary_key=True),
    Column("agreed", LargeBinary, nullable=False),  # as JSON: services and a place to turn, no person
)
DISTRICTS = Table(
    "districts",
    METADATA,
    Column("municipality", Id, primary_key=True),
    Column("number", Id, primary_key=True),
    Column("declared", LargeBinary, nullable=False),  # as JSON: a name
)
ROUTINES = Table(
    "routines",
    METADATA,
    Column("municipality", Id, primary_key=True),
    Column("service", Id, primary_key=True),
    Column("described", LargeBinary, nullable=False),  # as JSON: a public address
)
GENERATIONS = Table(
    "generations",
    METADATA,
    Column("name", Id, primary_key=True),
    Column("number", BigInteger, nullable=False),
)
"""One row, `systems`, made by the migration."""

_GENERATION = Query(select(GENERATIONS.c.number).where(GENERATIONS.c.name == "systems"))
_RAISE = update(GENERATIONS).where(GENERATIONS.c.name == "systems").values(number=GENERATIONS.c.number + 1)
_ALL = select(SYSTEMS.c.municipality, SYSTEMS.c.registration).order_by(SYSTEMS.c.id)
_PUT = Change(SYSTEMS, finds=("id",), sets=("municipality", "service", "delivery", "client_id", "registration"))
_O = OFFICIALS.c
_OFFICIALS = Query(select(OFFICIALS).where(_O.municipality == bindparam("municipality")).order_by(_O.person))
_AUTHORISE = Change(OFFICIALS, finds=("municipality", "person"), sets=("authorised",))

_AG = AGREEMENTS.c
_AGREEMENTS = Query(select(AGREEMENTS).where(_AG.municipality == bindparam("municipality")).order_by(_AG.reference))
_AGREE = Change(AGREEMENTS, finds=("municipality", "reference"), sets=("agreed",))

_DI = DISTRICTS.c
_DISTRICTS = Query(select(DISTRICTS).where(_DI.municipality == bindparam("municipality")).order_by(_DI.number))
_DECLARE = Change(DISTRICTS, finds=("municipality", "number"), sets=("declared",))

_RO = ROUTINES.c
_ROUTINES = Query(select(ROUTINES).where(_RO.municipality == bindparam("municipality")).order_by(_RO.service))
_DESCRIBE = Change(ROUTINES, finds=("municipality", "service"), sets=("described",))


class SqlDirectory:
    """Keeps the port `Directory`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def systems(self) -> Mapping[str, System]:
        generation = self._transaction.rows(_GENERATION)[0].number
        remembered: Mapping[str, System] | None = self._transaction.caches.directory.get(generation)
        if remembered is not None:
            return remembered
        systems = MappingProxyType({system.id: system for system in self._read()})
        self._transaction.after_commit.append(lambda: self._transaction.caches.directory.put(generation, systems))
        return systems

    def put(self, systems: Sequence[System]) -> None:
        self._transaction.run(_RAISE)
        self._transaction.upsert(_PUT, [self._row(system) for system in sorted(systems, key=lambda system: system.id)])

    def officials(self, municipality: str, people: Sequence[str] | None = None) -> Sequence[Official]:
        rows = self._transaction.rows(_OFFICIALS, municipality=municipality)
        return [wire.load(Official, row.authorised) for row in rows if people is None or row.person in people]

    def authorise(self, officials: Sequence[Official]) -> None:
        rows = [(each.municipality, each.person, wire.dump(each)) for each in officials]
        self._transaction.upsert(_AUTHORISE, sorted(rows))

    def agreements(self, municipality: str) -> Sequence[Agreement]:
        return [
            wire.load(Agreement, row.agreed) for row in self._transaction.rows(_AGREEMENTS, municipality=municipality)
        ]

    def agree(self, agreements: Sequence[Agreement]) -> None:
        rows = [(each.municipality, each.reference, wire.dump(each)) for each in agreements]
        self._transaction.upsert(_AGREE, sorted(rows))

    def districts(self, municipality: str) -> Sequence[District]:
        rows = self._transaction.rows(_DISTRICTS, municipality=municipality)
        return [wire.load(District, row.declared) for row in rows]

    def declare(self, districts: Sequence[District]) -> None:
        rows = [(each.municipality, each.number, wire.dump(each)) for each in districts]
        self._transaction.upsert(_DECLARE, sorted(rows))

    def routines(self, municipality: str) -> Sequence[Routine]:
        rows = self._transaction.rows(_ROUTINES, municipality=municipality)
        return [wire.load(Routine, row.described) for row in rows]

    def describe(self, routines: Sequence[Routine]) -> None:
        rows = [(each.municipality, each.service, wire.dump(each)) for each in routines]
        self._transaction.upsert(_DESCRIBE, sorted(rows))

    def _row(self, system: System) -> tuple[str | bytes, ...]:
        sealed = self._vault.seal(None, system.municipality, wire.dump(system))
        return (system.id, system.municipality, system.service, system.delivery, system.client_id, sealed)

    def _read(self) -> Sequence[System]:
        rows = self._transaction.rows(_ALL)
        opened = (self._vault.open(None, row.municipality, row.registration) for row in rows)
        return [wire.load(System, registration) for registration in opened if registration is not None]
