"""What the port `Figures` promises, on each kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from hub.model.task import Task
from hub.ports import Count, DecisionRow, Hold, Move, Proposal, Span, What
from hub.storage import SqlStore
from tests.rows import enrol, fresh

SPRING = datetime(2025, 2, 3, 9, 0, tzinfo=UTC)
BEGINS = [datetime(2024, 12, 31, 23, tzinfo=UTC), *(datetime(2025, month, 30, 22, tzinfo=UTC) for month in (3, 6, 9))]
SPAN = Span(fresh("municipality"), (*BEGINS, datetime(2025, 12, 31, 23, tzinfo=UTC)))


def here(**changes: Any) -> Span:
    """A year of a municipality that no other test uses."""
    return replace(SPAN, municipality=fresh("municipality"), **changes)


def hold(span: Span, child: str | None, rule: str = "COO-01", days: float | None = None, **changes: Any) -> Hold:
    """A hold of the spring, released after so many days; its deadline is a week."""
    told = {"created_at": SPRING, "due_at": SPRING + timedelta(days=7), **changes}
    if days is not None:
        told = {"state": "released", "decided_at": told["created_at"] + timedelta(days=days), **told}
    made = Hold(fresh("hold"), span.municipality, None, child, fresh("part"), "r", None, None, (rule, "X"), (), **told)
    return replace(made, reason=None)


def put(store: SqlStore, *holds: Hold) -> None:
    with store.begin() as work:
        work.holds.add(holds)


def count(store: SqlStore, span: Span, what: What, *by: str) -> list[Count]:
    with store.begin() as work:
        return list(work.figures.count(span, what, by))


class TestFigures:
    def test_holds_are_counted_by_their_first_rule_and_quarter_with_how_many_children(self, store: SqlStore) -> None:
        span = here()
        june = SPRING.replace(month=6)
        put(store, hold(span, "a"), hold(span, "a"), hold(span, "b", created_at=june), hold(span, None, "DUT-05"))
        put(store, hold(span, "c", created_at=SPRING.replace(year=2024)), hold(here(), "c"))

        by_both = count(store, span, "holds_opened", "rule", "quarter")

        assert by_both == [
            Count(("COO-01", "1"), 2, 1),
            Count(("COO-01", "2"), 1, 1),
            Count(("DUT-05", "1"), 1, 1),
        ]
        assert count(store, span, "holds_opened") == [Count((), 4, 3)]

    def test_the_year_begins_and_ends_at_midnight_in_norway(self, store: SqlStore) -> None:
        span = here()
        first, end = span.quarters[0], span.quarters[-1]
        for at in (first, first - timedelta(seconds=1), end, end - timedelta(seconds=1)):
            put(store, hold(span, "a", created_at=at))

        assert count(store, span, "holds_opened", "quarter") == [Count(("1",), 1, 1), Count(("4",), 1, 1)]

    def test_what_is_counted_together_is_other(self, store: SqlStore) -> None:
        span = here(together=("ADR-01", "RED-02"))
        put(store, hold(span, "a", "ADR-01"), hold(span, "b", "RED-02"), hold(span, "c"))

        assert [one.values for one in count(store, span, "holds_opened", "rule")] == [("COO-01",), ("other",)]

    def test_how_holds_ended_tells_those_in_time_from_the_late_and_from_those_that_went_up(
        self, store: SqlStore
    ) -> None:
        span = here()
        went_up = hold(span, "c", days=2)
        put(store, hold(span, "a", days=1), hold(span, "b", days=8), went_up, hold(span, "d"))
        put(store, hold(span, "e", days=1, state="refused"), hold(span, "f", days=1, state="lapsed"))
        with store.begin() as work:
            work.moves.add([Move(went_up.id, 1, span.municipality, "c", SPRING, "escalated", "hub")])

        assert {one.values[0]: one.number for one in count(store, span, "holds_ended", "end")} == {
            "lapsed": 1,
            "refused_in_time": 1,
            "released_in_time": 1,
            "released_late": 2,
        }

    def test_how_long_it_took_is_told_by_rank_and_what_lapsed_took_no_time(self, store: SqlStore) -> None:
        span = here()
        put(store, *(hold(span, f"c{days}", days=days) for days in range(1, 11)), hold(span, "a", "DUT-05", days=0.5))
        put(store, hold(span, "z", days=99, state="lapsed"))
        with store.begin() as work:
            by_rule = {one.value: one for one in work.figures.lasted(span, "holds_ended", "rule")}
            (every,) = work.figures.lasted(span, "holds_ended", None)
        days = [[round(seconds / 86_400, 3) for seconds in one[2:]] for one in (*by_rule.values(), every)]

        assert by_rule.keys() == {"COO-01", "DUT-05"}
        assert days == [[5, 9, 10], [0.5, 0.5, 0.5], [5, 9, 10]]
        assert [one.persons for one in (*by_rule.values(), every)] == [10, 1, 11]

    def test_denials_are_counted_by_the_rule_that_hindered_in_the_record_or_in_its_grounds(
        self, store: SqlStore
    ) -> None:
        span, hash = here(), bytes.fromhex(fresh("")[1:])
        ways = orjson.dumps({"ways": ["CON-01", "MIN-01"]})
        row = DecisionRow(
            fresh("d"), span.municipality, "a", None, "p", None, "r", "dispatch", "deny", SPRING, ways, hash
        )
        view = row._replace(id=fresh("d"), record=b"{}", grounds=orjson.dumps({"ways": ["CHI-01"]}), grounds_hash=hash)
        with store.begin() as work:
            work.decisions.add([row, view, row._replace(id=fresh("d"), outcome="forward")])

        assert count(store, span, "denials", "rule", "stage") == [
            Count(("CHI-01", "dispatch"), 1, 1),
            Count(("CON-01", "dispatch"), 1, 1),
        ]

    def test_tasks_are_counted_by_kind_and_their_time_runs_from_when_they_start(self, store: SqlStore) -> None:
        span = here()
        due, after = SPRING + timedelta(days=5), SPRING + timedelta(days=4)
        made = Task(fresh("t"), span.municipality, "take_part", "school", SPRING, due, "plan", "a")
        done = replace(made, id=fresh("t"), state="answered", answer="accept", answered_at=after)
        later = replace(done, id=fresh("t"), child="b", starts_at=SPRING + timedelta(days=3))
        late = replace(done, id=fresh("t"), child="c", escalated_to="coordinating_unit")
        with store.begin() as work:
            work.tasks.add([made, done, later, late])
        with store.begin() as work:
            (took,) = work.figures.lasted(span, "tasks_answered", "kind")

        assert count(store, span, "tasks_put", "kind") == [Count(("take_part",), 4, 3)]
        assert count(store, span, "tasks_answered", "end") == [Count(("in_time",), 2, 2), Count(("late",), 1, 1)]
        assert [round(seconds / 86_400, 3) for seconds in took[2:]] == [4, 4, 4]

    def test_tasks_about_one_child_that_was_reported_often_are_about_one(self, store: SqlStore) -> None:
        one = enrol(store)
        span, due = replace(SPAN, municipality=one.municipality), SPRING + timedelta(days=5)
        known = [one.delivery(plan=None) for _ in range(3)]
        unknown = [one.delivery(plan=None, child=None) for _ in range(2)]
        with store.begin() as work:
            work.deliveries.add([*known, *unknown])
            about = (row.id for row in (*known, *unknown))
            made = Task(fresh("t"), one.municipality, "weigh_report", "child_welfare", SPRING, due)
            work.tasks.add([replace(made, id=fresh("t"), subject=id) for id in about])

        assert count(store, span, "tasks_put", "kind") == [Count(("weigh_report",), 5, 2)]

    def test_gaps_and_requests_to_cooperate_are_told_with_how_they_were_answered_that_year(
        self, store: SqlStore
    ) -> None:
        span = here(together=("child_welfare",))
        due = SPRING + timedelta(days=5)
        gap = Task(fresh("t"), span.municipality, "fill_gap", "school", SPRING, due, "plan", "a", asked_by="ppt")
        filled = replace(gap, id=fresh("t"), state="answered", answer="filled", answered_at=due)
        too_late = replace(filled, id=fresh("t"), asked_by="child_welfare", answered_at=span.quarters[-1])
        asked = replace(gap, id=fresh("t"), kind="cooperate", addressee="bup")
        with store.begin() as work:
            work.tasks.add([gap, filled, too_late, asked])

        assert [one.values for one in count(store, span, "gaps", "service", "end")] == [
            ("other", "unanswered"),
            ("ppt", "filled"),
            ("ppt", "unanswered"),
        ]
        assert [one.values for one in count(store, span, "cooperation", "service", "end")] == [("bup", "unanswered")]

    def test_proposals_are_the_familys_or_a_services(self, store: SqlStore) -> None:
        one = enrol(store)
        span = replace(SPAN, municipality=one.municipality)
        made = Proposal(fresh("p"), one.municipality, one.plan, one.child, "part", "family", {}, 1, SPRING)
        with store.begin() as work:
            work.proposals.add([made, replace(made, id=fresh("p"), system="school-1")])

        assert [one.values for one in count(store, span, "proposals", "by")] == [("family",), ("service",)]
