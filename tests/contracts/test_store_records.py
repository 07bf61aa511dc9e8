"""What decisions, what waits for a human, the audit trail and the directory promise, on each kind of database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from hub.model.service import System
from hub.ports import AsideRow, AuditEntry, Keys, Proposal
from hub.storage import SqlStore, open_store
from tests.conftest import StandingClock
from tests.rows import NOON, enrol, fresh


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/tampered.sqlite3"


class TestProposals:
    def test_a_proposal_keeps_its_value_until_the_coordinator_answers(self, store: SqlStore) -> None:
        one = enrol(store)
        element = {"id": "goal-1", "content": {"title": "Svømme"}}
        proposal = Proposal(fresh("p"), one.municipality, one.plan, one.child, "part-1", "bup", element, 3, NOON)
        declined = replace(proposal, state="declined", decided_by="coordinator-1", reason="not now")
        with store.begin() as work:
            work.proposals.add([proposal])
        with store.begin() as work:
            waiting = work.proposals.of(one.municipality, one.plan)
            work.proposals.decide(declined)
        with store.begin() as work:
            answered = work.proposals.find(one.municipality, proposal.id)
            elsewhere = work.proposals.find("9999", proposal.id)

        assert waiting == [proposal]
        assert answered == declined
        assert elsewhere is None

    def test_a_decided_one_is_untold_until_its_proposer_is_told(self, store: SqlStore) -> None:
        one = enrol(store)
        made = [
            Proposal(fresh("p"), one.municipality, one.plan, one.child, "part-1", "bup", {}, 3, NOON) for _ in range(2)
        ]
        declined = replace(made[0], state="declined", decided_by="coordinator-1", reason="not now")
        with store.begin() as work:
            work.proposals.add(made)
            work.proposals.decide(declined)
        with store.begin() as work:
            before = work.proposals.untold(one.municipality, one.plan)
            work.proposals.told([declined.id])
        with store.begin() as work:
            work.proposals.decide(replace(declined, merged_in=4))
            after = work.proposals.untold(one.municipality, one.plan)

        assert (before, after) == ([declined], [])


class TestSetAside:
    def test_what_was_set_aside_is_listed_and_closed_with_a_reason(self, store: SqlStore) -> None:
        here = fresh("municipality")
        row = AsideRow(fresh("a"), here, "part", "part-1", "unreadable", "activities[2]", NOON)
        closed = replace(row, state="discarded", reason="sent twice")
        with store.begin() as work:
            work.set_aside.add([row])
            listed = work.set_aside.list(here)
            work.set_aside.close(closed)
        with store.begin() as work:
            found = work.set_aside.find(here, row.id)
            elsewhere = work.set_aside.find("9999", row.id)

        assert listed == [row]
        assert found == closed
        assert elsewhere is None


class TestDirectory:
    def test_a_new_registration_is_seen_by_every_store(
        self, store: SqlStore, database_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        system = System(
            fresh("system"),
            "0301",
            "school",
            "school",
            fresh("client"),
            "9",
            scopes=frozenset({"plan"}),
            settings={"url": "x"},
        )
        other = open_store(database_url, keys, clock)
        with other.begin() as work:
            before = work.directory.systems()
        with store.begin() as work:
            work.directory.put([system])
        with other.begin() as work:
            after = work.directory.systems()
            again = work.directory.systems()
        other.close()

        assert system.id not in before
        assert after[system.id] == system
        assert again == after


class TestAudit:
    def test_entries_are_found_by_subject_and_the_chain_verifies(self, store: SqlStore) -> None:
        here, subject = fresh("municipality"), fresh("plan")
        entries = [
            AuditEntry(here, NOON, "hub", "plan.updated", subject, {"version": 1, "codes": ["a"]}),
            AuditEntry(here, NOON, "coordinator-1", "hold.released", subject),
        ]
        with store.begin() as work:
            work.audit.add(entries[:1])
            work.audit.add([AuditEntry("9999", NOON, "hub", "plan.updated", subject)])
            within = work.audit.of(here, subject)
        with store.begin() as work:
            work.audit.add(entries[1:])
        with store.begin() as work:
            after = work.audit.of(here, subject)
            whole = work.audit.verify()

        assert within == entries[:1]
        assert after == entries
        assert whole

    @pytest.mark.parametrize(
        "tampering",
        [
            "UPDATE audit SET entry = :other WHERE subject = :subject",
            "UPDATE audit SET municipality = 'x' WHERE subject = :subject",
            "UPDATE audit SET hash = :other WHERE subject = :subject",
            "DELETE FROM audit WHERE subject = :subject",
            "DELETE FROM audit_heads WHERE chain = (SELECT chain FROM audit WHERE subject = :subject)",
            "UPDATE audit_heads SET number = number - 1 WHERE number > 0",
            "UPDATE audit_heads SET seal = :other WHERE chain = (SELECT chain FROM audit WHERE subject = :subject)",
        ],
    )
    def test_a_changed_or_missing_line_is_noticed(
        self, sqlite_url: str, keys: Keys, clock: StandingClock, tampering: str
    ) -> None:
        subject = fresh("plan")
        store = open_store(sqlite_url, keys, clock)
        store.migrate()
        for each in (fresh("plan"), subject):
            with store.begin() as work:
                work.audit.add([AuditEntry("0301", NOON, "hub", "plan.updated", each)])
        tamper(sqlite_url, tampering, subject)
        with store.begin() as work:
            whole = work.audit.verify()
        store.close()

        assert not whole


def tamper(url: str, statement: str, subject: str) -> None:
    values = {"subject": subject, "other": b"[1,2,3,4,5,6]"}
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
