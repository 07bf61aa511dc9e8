"""What plans, views and links promise, on each kind of database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.errors import TryAgainError, UnusableError
from hub.model.change import ChildKey
from hub.model.plan import Plan
from hub.ports import Keys, Link, View
from hub.storage import SqlStore, open_store
from tests.conftest import StandingClock
from tests.rows import NOON, enrol, fresh


class TestPlans:
    def test_versions_are_kept_and_the_newest_is_locked(self, store: SqlStore) -> None:
        one = enrol(store)
        with store.begin() as work:
            work.plans.add([(one.version(1), "part-1"), (one.version(2, "Learn to dive"), "part-2")])
        with store.begin() as work:
            newest = work.plans.lock([one.plan, "unknown"])
            versions = work.plans.version([(one.plan, 0), (one.plan, 1), (one.plan, 9)])

        assert newest == {one.plan: one.version(2, "Learn to dive")}
        assert versions[one.plan, 0] == Plan(one.plan, one.municipality, one.child)
        assert versions[one.plan, 1] == one.version(1)
        assert len(versions) == 2

    def test_another_process_reads_what_this_one_wrote(
        self, store: SqlStore, database_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        one = enrol(store)
        with store.begin() as work:
            work.plans.add([(one.version(1), None)])
        other = open_store(database_url, keys, clock)
        with other.begin() as work:
            plan = work.plans.newest(one.municipality, one.plan)
        other.close()

        assert plan == one.version(1)

    @pytest.mark.parametrize("number", [0, 1, 3])
    def test_a_version_that_is_not_the_next_is_refused(self, store: SqlStore, number: int) -> None:
        one = enrol(store)
        with store.begin() as work:
            work.plans.add([(one.version(1), None)])

        with pytest.raises(TryAgainError), store.begin() as work:
            work.plans.add([(one.version(number), None)])

    def test_what_was_rolled_back_is_not_remembered(self, store: SqlStore) -> None:
        one = enrol(store)
        with pytest.raises(RuntimeError), store.begin() as work:
            work.plans.add([(one.version(1, "Never said"), None)])
            raise RuntimeError
        with store.begin() as work:
            work.plans.add([(one.version(1, "Said"), None)])
        with store.begin() as work:
            title = work.plans.lock([one.plan])[one.plan].elements["goal-1"].content["title"]

        assert title == "Said"

    def test_a_child_has_one_plan_in_its_municipality(self, store: SqlStore) -> None:
        one = enrol(store)
        with store.begin() as work:
            found = work.plans.of_child(one.municipality, one.child)
            elsewhere = work.plans.of_child("9999", one.child)
            unseen = work.plans.newest("9999", one.plan)
        with pytest.raises(TryAgainError), store.begin() as work:
            work.plans.add([(Plan(fresh("plan"), one.municipality, one.child), None)])

        assert found == one.plan
        assert elsewhere is None
        assert unseen is None

    def test_a_municipalitys_plans_are_listed_page_by_page_and_no_other_ones(self, store: SqlStore) -> None:
        one, other = enrol(store), enrol(store)
        with store.begin() as work:
            first = work.plans.of_municipality(one.municipality, "", 1)
            rest = work.plans.of_municipality(one.municipality, one.child, 100)
            elsewhere = work.plans.of_municipality(other.municipality, "", 100)

        assert (first, rest) == ([(one.plan, one.child)], [])
        assert elsewhere == [(other.plan, other.child)]

    def test_the_newest_versions_are_read_while_another_holds_them(self, store: SqlStore) -> None:
        one, two = enrol(store), enrol(store)
        with store.begin() as work:
            work.plans.add([(one.version(1), None)])
        with store.begin() as work:
            found = work.plans.current([one.plan, two.plan, "unknown"])

        assert found == {one.plan: one.version(1), two.plan: Plan(two.plan, two.municipality, two.child)}

    def test_a_version_that_shares_elements_with_the_one_before_is_kept_whole(
        self, store: SqlStore, database_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        one = enrol(store)
        first = one.version(1)
        note = replace(first.elements["goal-1"], id="note-1", kind="note", content={"text": 'Æ "quoted" \n'})
        second = replace(first, version=2, elements={**first.elements, "note-1": note})
        third = replace(second, version=3, elements={"note-1": replace(note, deleted=True)})
        with store.begin() as work:
            work.plans.add([(first, None), (second, None), (third, None)])
        other = open_store(database_url, keys, clock)
        with other.begin() as work:
            found = work.plans.version([(one.plan, 1), (one.plan, 2), (one.plan, 3)])
        other.close()

        assert (found[one.plan, 1], found[one.plan, 2], found[one.plan, 3]) == (first, second, third)

    def test_a_plan_of_nobody_is_refused(self, store: SqlStore) -> None:
        with pytest.raises(UnusableError) as refused, store.begin() as work:
            work.plans.add([(Plan(fresh("plan"), "0301", fresh("child")), None)])

        assert refused.value.code == "unknown_child"


class TestViews:
    def test_views_are_put_and_found_by_plan_and_system(self, store: SqlStore) -> None:
        one = enrol(store)
        views = [
            View(one.plan, "bup", one.municipality, 3, b"digest", {"goal-1": "aa"}, {"goal-1": "bb", "note-1": "cc"}),
            View(one.plan, "nav", one.municipality),
        ]
        with store.begin() as work:
            work.views.put(views)
        with store.begin() as work:
            found = work.views.of([one.plan, "unknown"])

        assert found == {(view.plan, view.system): view for view in views}

    def test_views_and_links_of_some_systems_only(self, store: SqlStore) -> None:
        one = enrol(store)
        with store.begin() as work:
            work.views.put([View(one.plan, system, one.municipality) for system in ("bup", "nav")])
            views = work.views.of([one.plan], ["nav", "unknown"])
            mine = work.links.of([one.plan], [one.system])
            none = work.links.of([one.plan], ["nav"])

        assert list(views) == [(one.plan, "nav")]
        assert [link.system for link in mine[one.plan]] == [one.system]
        assert none == {one.plan: []}

    def test_a_view_is_replaced_but_its_version_never_goes_down(self, store: SqlStore) -> None:
        one = enrol(store)
        view = View(one.plan, "bup", one.municipality, 3, b"old", {"goal-1": "aa"})
        with store.begin() as work:
            work.views.put([view])
            work.views.put([view._replace(version=2, digest=b"new", seen={"goal-1": "bb"})])
        with store.begin() as work:
            found = work.views.of([one.plan])[one.plan, "bup"]

        assert found == view._replace(version=3, digest=b"new", seen={"goal-1": "bb"})

    def test_what_was_read_can_be_put_back_with_one_thing_changed(self, store: SqlStore) -> None:
        one = enrol(store)
        view = View(one.plan, "bup", one.municipality, 1, b"old", {"goal-1": "aa"}, {"goal-1": "bb"})
        with store.begin() as work:
            work.views.put([view])
        with store.begin() as work:
            read = work.views.of([one.plan])[one.plan, "bup"]
            work.views.put([read._replace(digest=b"new", seen={**read.seen, "note-1": "cc"})])
        with store.begin() as work:
            found = work.views.of([one.plan])[one.plan, "bup"]

        assert found == view._replace(digest=b"new", seen={"goal-1": "aa", "note-1": "cc"})

    def test_an_acknowledgement_makes_what_was_sent_what_was_seen(self, store: SqlStore) -> None:
        one = enrol(store)
        view = View(one.plan, "bup", one.municipality, 1, b"d", {"goal-1": "aa"}, {"goal-1": "bb"})
        other = view._replace(system="nav")
        with store.begin() as work:
            work.views.put([view, other])
            work.views.acknowledge([(one.plan, "bup", 1), (one.plan, "unknown", 1)], NOON)
        with store.begin() as work:
            found = work.views.of([one.plan])

        assert found[one.plan, "bup"].seen == {"goal-1": "bb"}
        assert found[one.plan, "bup"][-2:] == (1, NOON)
        assert found[one.plan, "nav"].seen == {"goal-1": "aa"}

    def test_a_late_acknowledgement_says_nothing_of_what_came_since(self, store: SqlStore) -> None:
        one = enrol(store)
        view = View(one.plan, "bup", one.municipality, 2, b"d", {"goal-1": "aa"}, {"goal-1": "cc"})
        with store.begin() as work:
            work.views.put([view])
            work.views.acknowledge([(one.plan, "bup", 1)], NOON)
        with store.begin() as work:
            found = work.views.of([one.plan])

        assert found[one.plan, "bup"].seen == {"goal-1": "aa"}


class TestLinks:
    def test_a_system_finds_a_child_by_its_own_key_only(self, store: SqlStore) -> None:
        one = enrol(store)
        key = (one.system, "own", one.key)
        with store.begin() as work:
            found = work.links.find([key, ("another", "own", one.key), (one.system, "fnr", one.key)])

        assert found == {
            key: [Link(one.municipality, one.system, one.plan, one.child, ChildKey("own", one.key), one.child)]
        }

    def test_one_key_may_lead_to_several_children(self, store: SqlStore) -> None:
        one, two = enrol(store), enrol(store)
        applicant = ChildKey("own", fresh("applicant"))
        links = [Link("0301", "nav", each.plan, each.child, applicant, "mother-1") for each in (one, two)]
        with store.begin() as work:
            for link in links:
                work.links.put(link)
        with store.begin() as work:
            found = work.links.find([("nav", "own", applicant.value)])

        assert sorted(found["nav", "own", applicant.value], key=lambda link: link.plan) == sorted(
            links, key=lambda link: link.plan
        )

    def test_a_link_made_anew_takes_the_place_of_the_old_one(self, store: SqlStore) -> None:
        one = enrol(store)
        newer = Link(one.municipality, one.system, one.plan, one.child, ChildKey("own", fresh("pupil")), one.child)
        with store.begin() as work:
            work.links.put(newer)
        with store.begin() as work:
            table = work.links.of([one.plan])
            old = work.links.find([(one.system, "own", one.key)])

        assert table == {one.plan: [newer]}
        assert old == {}
