"""Edits that wait for the coordinator; the proposed value and the words about it are sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Select, Table, or_, select

from hub.ports import Proposal
from hub.storage.bulk import Change
from hub.storage.schema import METADATA, Id, Instant
from hub.storage.transaction import Transaction
from hub.storage.vault import Vault

PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("plan", Id, nullable=False),
    Column("child", Id, nullable=False),
    Column("part", Id, nullable=False),
    Column("system", Id, nullable=False),
    Column("element", LargeBinary, nullable=False),
    Column("base_version", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Id, nullable=False),
    Column("decided_by", Id),
    Column("reason", LargeBinary),
    Column("merged_in", BigInteger),
    Column("counters", Id),
    Column("told", Boolean, nullable=False),  # whether its proposer was told how it was decided
    Index("proposals_plan", "plan"),
    Index("proposals_part", "part"),
)

_P = PROPOSALS.c
_ROW = select(*[column for column in _P if column.name != "told"])
_WAITING = or_(_P.state == "open", (_P.state == "accepted") & _P.merged_in.is_(None))
_DECIDE = Change(PROPOSALS, finds=("id",), sets=("state", "decided_by", "reason", "merged_in"))
_TOLD = Change(PROPOSALS, finds=("id",), sets=("told",))


class SqlProposals:
    """Keeps the port `Proposals`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, proposals: Sequence[Proposal]) -> None:
        self._vault.fetch(proposal.child for proposal in proposals)
        self._transaction.insert(PROPOSALS, [self._row(proposal) for proposal in proposals])

    def of(self, municipality: str, plan: str) -> Sequence[Proposal]:
        return self._of(_ROW.where(_P.municipality == municipality, _P.plan == plan))

    def waiting(self, municipality: str, plan: str) -> Sequence[Proposal]:
        return self._of(_ROW.where(_P.municipality == municipality, _P.plan == plan, _WAITING))

    def of_parts(self, municipality: str, parts: Sequence[str]) -> Sequence[Proposal]:
        return self._of(_ROW.where(_P.municipality == municipality, _P.part.in_(list(parts)))) if parts else []

    def find(self, municipality: str, id: str) -> Proposal | None:
        row = self._transaction.row(_ROW.where(_P.id == id, _P.municipality == municipality))
        return None if row is None else self._proposal(row)

    def untold(self, municipality: str, plan: str) -> Sequence[Proposal]:
        decided = (_P.state != "open") & _P.told.is_(False)
        return self._of(_ROW.where(_P.municipality == municipality, _P.plan == plan, decided))

    def told(self, ids: Iterable[str]) -> None:
        self._transaction.update(_TOLD, [(id, True) for id in sorted(ids)])

    def decide(self, proposal: Proposal) -> None:
        words = self._sealed(proposal, proposal.reason)
        row = (proposal.id, proposal.state, proposal.decided_by, words, proposal.merged_in)
        self._transaction.update(_DECIDE, [row])

    def _of(self, mine: Select[Any]) -> Sequence[Proposal]:
        return [self._proposal(row) for row in self._transaction.rows(mine.order_by(_P.created_at, _P.id))]

    def _sealed(self, proposal: Proposal, words: str | None) -> bytes | None:
        return None if words is None else self._vault.seal(proposal.child, proposal.municipality, words.encode())

    def _row(self, proposal: Proposal) -> tuple[Any, ...]:
        element = orjson.dumps(dict(proposal.element))
        return (
            proposal.id,
            proposal.municipality,
            proposal.plan,
            proposal.child,
            proposal.part,
            proposal.system,
            self._vault.seal(proposal.child, proposal.municipality, element),
            proposal.base_version,
            proposal.created_at,
            proposal.state,
            proposal.decided_by,
            self._sealed(proposal, proposal.reason),
            proposal.merged_in,
            proposal.counters,
            False,
        )

    def _proposal(self, row: Any) -> Proposal:
        element = self._vault.open(row.child, row.municipality, row.element)
        reason = self._vault.open(row.child, row.municipality, row.reason)
        value = {} if element is None else orjson.loads(element)
        words = None if reason is None else reason.decode()
        return Proposal(**{**row._asdict(), "element": value, "reason": words})
