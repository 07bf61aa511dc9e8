"""Plans survive the way to JSON bytes and back."""

from __future__ import annotations

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.content import FIELDS
from hub.model.plan import Element, Plan
from hub.model.wire import plan_from_json, plan_to_json

_word = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
_elements = st.builds(
    Element,
    id=_word,
    kind=st.sampled_from(sorted(FIELDS)),
    owner=_word,
    categories=st.frozensets(_word, min_size=1, max_size=3),
    content=st.dictionaries(_word, _word, max_size=3),
    about=st.sampled_from(["child", "parent", "sibling", "other"]),
    free_text=st.booleans(),
    person=st.none() | _word,
    keys=st.dictionaries(_word, _word, max_size=2),
    deleted=st.booleans(),
)


@given(st.lists(_elements, max_size=4), st.integers(0, 9))
@settings(max_examples=50)
def test_a_plan_comes_back_from_its_bytes_as_it_was(elements: list[Element], version: int) -> None:
    plan = Plan("p", "4601", "c", version, {element.id: element for element in elements})

    assert plan_from_json(orjson.loads(orjson.dumps(plan_to_json(plan)))) == plan


def test_the_order_in_which_categories_were_added_leaves_no_trace() -> None:
    one = Plan("p", "4601", "c", 1, {"e": Element("e", "goal", "school", frozenset("ab"), {})})
    other = Plan("p", "4601", "c", 1, {"e": Element("e", "goal", "school", frozenset("ba"), {})})

    assert orjson.dumps(plan_to_json(one)) == orjson.dumps(plan_to_json(other))
