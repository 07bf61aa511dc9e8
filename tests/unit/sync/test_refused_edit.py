"""An edit that nobody but the family may make: refused, and put right where it came from."""

from __future__ import annotations

from hub.model.change import Item
from hub.sync import Cut, digest_of
from hub.sync.base import Base
from hub.sync.keys import given_key
from tests.unit.sync.test_merge import EDUCATION, measure, plan, school, told


def test_an_edit_that_nobody_may_make_is_refused_and_what_the_plan_says_is_news_to_its_sender_again() -> None:
    at = plan(measure("e1", "family", title="To swim"))
    key, sent = given_key("e1", "school-1"), {"e1": digest_of({"title": "To swim"})}
    base, nobody = Base(sent, sent), school("refuse")

    edited = told({"measure": {key: Item({"title": "To dive"}, EDUCATION)}}, at, base, nobody)
    left_out = told({"measure": {}}, at, base, nobody)

    for outcome in (edited, left_out):
        assert [each.id for each in outcome.refused] == ["e1"]
        assert (outcome.plan, outcome.changed, outcome.proposed, outcome.held) == (at, [], [], [])
        assert Cut((), sent).news(outcome.sent) == {"e1"}
