"""What tasks and the logbook promise, on each kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hub.model.task import LogLine, Task
from hub.storage import SqlStore
from tests.rows import NOON, Enrolled, enrol, fresh

LATER = NOON + timedelta(days=7)


def task(one: Enrolled, **changes: object) -> Task:
    made = Task(fresh("task"), one.municipality, "take_part", "school", NOON, LATER, one.plan, one.child)
    return replace(made, **changes)  # type: ignore[arg-type]  # each by its own name


class TestTasks:
    def test_a_task_comes_back_whole_in_its_municipality_only(self, store: SqlStore) -> None:
        one = enrol(store)
        asked = task(
            one, subject="bup", system="school-1", asked_by="municipal_health", starts_at=NOON, once=fresh("o")
        )
        with store.begin() as work:
            work.tasks.add([asked])
        with store.begin() as work:
            found = work.tasks.find(one.municipality, asked.id, lock=True)
            elsewhere = work.tasks.find(fresh("municipality"), asked.id)

        assert (found, elsewhere) == (asked, None)

    def test_an_answer_is_kept_with_its_words_and_the_task_is_open_no_longer(self, store: SqlStore) -> None:
        one = enrol(store)
        asked, other = task(one), task(one, plan=None, child=None, due_at=NOON)
        answered = replace(
            asked, state="answered", answer="decline", answered_by="emp-1", answered_at=NOON, reason="ikke nå"
        )
        with store.begin() as work:
            work.tasks.add([asked, other])
            before = work.tasks.open(one.municipality)
            work.tasks.put([answered])
        with store.begin() as work:
            after = work.tasks.open(one.municipality, one.plan)
            kept = work.tasks.of(one.municipality, one.plan)

        assert ([each.id for each in before], after, kept) == ([other.id, asked.id], [], [answered])

    def test_a_task_without_a_child_keeps_its_words_under_the_municipality(self, store: SqlStore) -> None:
        one = enrol(store)
        asked = task(one, plan=None, child=None, reason="no agreement yet")
        with store.begin() as work:
            work.tasks.add([asked])
        with store.begin() as work:
            found = work.tasks.find(one.municipality, asked.id)

        assert found == asked

    def test_of_what_there_may_be_one_only_one_is_made_until_it_is_let_go(self, store: SqlStore) -> None:
        one, key = enrol(store), fresh("once")
        first, second = task(one, once=key), task(one, once=key)
        with store.begin() as work:
            work.tasks.add([first])
            work.tasks.add([second])
            open_ = [each.id for each in work.tasks.open(one.municipality)]
            work.tasks.put([replace(first, state="withdrawn", once=None)])
            work.tasks.add([second])
        with store.begin() as work:
            then = [each.id for each in work.tasks.open(one.municipality)]

        assert (open_, then) == ([first.id], [second.id])

    def test_only_open_ones_past_their_deadline_are_overdue(self, store: SqlStore) -> None:
        one = enrol(store)
        late, done = task(one, due_at=NOON), task(one, due_at=NOON, state="answered")
        with store.begin() as work:
            work.tasks.add([late, done, task(one)])
        with store.begin() as work:
            found = [each for each in work.tasks.overdue(NOON, 1_000) if each.municipality == one.municipality]

        assert found == [late]

    def test_an_erased_child_leaves_no_open_task_and_no_words(self, store: SqlStore) -> None:
        one = enrol(store)
        asked = task(one, reason="hun sa det selv")
        with store.begin() as work:
            work.tasks.add([asked])
            work.persons.erase(one.child)
        with store.begin() as work:
            found = work.tasks.find(one.municipality, asked.id)
            open_ = work.tasks.open(one.municipality)

        assert (found, open_) == (replace(asked, state="withdrawn", reason=None), [])


class TestLogbook:
    def test_lines_come_in_the_order_they_happened_by_kind(self, store: SqlStore) -> None:
        one = enrol(store)
        whose = (one.municipality, one.plan, one.child)
        later = LogLine(fresh("line"), *whose, "guidance", LATER, "emp-1", "om avlastning", "school")
        first = LogLine(fresh("line"), *whose, "guidance", NOON, "emp-1", "om hjelpestønad")
        other = replace(first, id=fresh("line"), kind="statement")
        with store.begin() as work:
            work.logbook.add([later, first, other])
        with store.begin() as work:
            found = work.logbook.of(one.municipality, one.plan, "guidance")
            elsewhere = work.logbook.of(fresh("municipality"), one.plan, "guidance")

        assert (found, elsewhere) == ([first, later], [])

    def test_an_erased_childs_lines_are_gone(self, store: SqlStore) -> None:
        one = enrol(store)
        line = LogLine(fresh("line"), one.municipality, one.plan, one.child, "guidance", NOON, "emp-1", "om noe")
        with store.begin() as work:
            work.logbook.add([line])
            work.persons.erase(one.child)
        with store.begin() as work:
            found = work.logbook.of(one.municipality, one.plan, "guidance")

        assert found == []
