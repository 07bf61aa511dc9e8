"""What the port `Feeds` promises, on each kind of database."""

from __future__ import annotations

from hub.storage import SqlStore
from tests.rows import fresh


class TestFeeds:
    def test_a_feed_is_read_on_from_where_it_was_left_each_municipality_for_itself(self, store: SqlStore) -> None:
        here, there = fresh("municipality"), fresh("municipality")
        with store.begin() as work:
            before = work.feeds.next(here, "population")
            work.feeds.put(here, "population", 41)
            work.feeds.put(here, "population", 42)
            work.feeds.put(there, "population", 7)
        with store.begin() as work:
            found = [work.feeds.next(place, "population") for place in (here, there)]

        assert (before, found) == (None, [42, 7])
