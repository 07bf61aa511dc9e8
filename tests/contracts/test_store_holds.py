"""What holds, what was done about them and the people who may decide promise, on each kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hub.model.official import Official
from hub.ports import Hold, Move
from hub.storage import SqlStore
from tests.rows import NOON, Enrolled, enrol, fresh


def hold_of(one: Enrolled, **more: Any) -> Hold:
    ids = (fresh("h"), one.municipality, one.plan, one.child, "part-1", "bup", "goal-1", "aa")
    return Hold(*ids, ("RED-01",), ("x",), NOON, **more)


class TestHolds:
    def test_a_hold_stays_open_until_somebody_decides(self, store: SqlStore) -> None:
        one = enrol(store)
        hold = Hold(
            fresh("h"),
            one.municipality,
            one.plan,
            one.child,
            "part-1",
            "bup",
            "goal-1",
            "aa",
            ("RED-01",),
            ("x",),
            NOON,
        )
        released = replace(hold, state="released", decided_by="coordinator-1", reason="talked to her", decided_at=NOON)
        other = replace(hold, id=fresh("h"), plan=None, child=None, element=None, digest=None)
        with store.begin() as work:
            work.holds.add([hold, other])
            before = work.holds.open(one.municipality, [one.plan])
            everywhere = work.holds.open(one.municipality)
            work.holds.decide([released])
        with store.begin() as work:
            after = work.holds.open(one.municipality, [one.plan])
            found = work.holds.find(one.municipality, hold.id)
            elsewhere = work.holds.find("9999", hold.id)

        assert before == [hold]
        assert sorted(each.id for each in everywhere) == sorted([hold.id, other.id])
        assert after == []
        assert found == released
        assert elsewhere is None

    def test_an_overdue_hold_is_found_by_its_deadline_while_it_is_open(self, store: SqlStore) -> None:
        one = enrol(store)
        due = hold_of(one, due_at=NOON, role="address_handler", sender="bup", hops=2, agreed_by=("a-1",), fields=("x",))
        later, done = hold_of(one, due_at=NOON + timedelta(1)), hold_of(one, due_at=NOON, state="released")
        with store.begin() as work:
            work.holds.add([due, later, done, hold_of(one)])
        with store.begin() as work:
            found = [each for each in work.holds.overdue(NOON, 1_000) if each.municipality == one.municipality]
            work.holds.decide([replace(due, due_at=NOON + timedelta(2), role="address_lead", agreed_by=())])
        with store.begin() as work:
            again = [each for each in work.holds.overdue(NOON, 1_000) if each.municipality == one.municipality]
            now = work.holds.find(one.municipality, due.id, lock=True)

        assert found == [due]
        assert again == []
        assert now is not None and (now.role, now.hops, now.agreed_by) == ("address_lead", 2, ())


class TestMoves:
    def test_what_was_done_about_a_hold_is_kept_in_order_with_its_words(self, store: SqlStore) -> None:
        one = enrol(store)
        hold, part = fresh("h"), fresh("part")
        asked = Move(
            hold, 1, one.municipality, one.child, NOON, "asked_sender", "e-1", {"question": "hvem?"}, part=part
        )
        told = Move(hold, 2, one.municipality, one.child, NOON, "answered", "school-1", {"answer": "bjørnen"}, {"n": 1})
        with store.begin() as work:
            work.moves.add([told, asked])
        with store.begin() as work:
            assert work.moves.of(one.municipality, hold) == [asked, told]
            assert work.moves.asked(one.municipality, [part]) == [asked]
            assert work.moves.of("9999", hold) == work.moves.asked("9999", [part]) == []

    def test_the_words_are_gone_with_the_child_and_the_line_stays(self, store: SqlStore) -> None:
        one = enrol(store)
        hold = fresh("h")
        with store.begin() as work:
            work.moves.add([Move(hold, 1, one.municipality, one.child, NOON, "agreed", "e-1", {"reason": "hun vil"})])
            work.persons.erase(one.child)
        with store.begin() as work:
            (line,) = work.moves.of(one.municipality, hold)

        assert (line.action, line.who, dict(line.words)) == ("agreed", "e-1", {})


class TestOfficials:
    def test_roles_are_put_replaced_and_known_in_their_municipality_only(self, store: SqlStore) -> None:
        here, person, other = fresh("m"), fresh("e"), fresh("f")
        first = Official(person, here, frozenset({"coordinator", "health_personnel"}), "municipal_health")
        now = replace(first, roles=frozenset(), service=None)
        with store.begin() as work:
            work.directory.authorise([first, Official(other, here, frozenset({"address_lead"}))])
        with store.begin() as work:
            assert work.directory.officials(here, [person]) == [first]
            work.directory.authorise([now])
        with store.begin() as work:
            assert work.directory.officials(here, [person]) == [now]
            assert {each.person for each in work.directory.officials(here)} == {person, other}
            assert work.directory.officials("9999", [person]) == []
