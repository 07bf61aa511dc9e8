"""The next copy of a system whose format the hub only reads: it changes nothing that the system could not see.

Such a system (DigiSos, Barnevern XML, OneRoster) sends the whole of its own history each time and is shown the plan in
another document, or in none. Generated from the installed adapters and their counterparts' stories: each kind of
document that is read and not written, with each category withheld.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import pytest

from hub.mapping import Lens
from hub.model.change import Item, Portion
from hub.model.plan import CATEGORIES, Element, Kind, Plan
from hub.sync import Base, Merge, cut_view, merge
from hub.sync.keys import key_in
from hub.sync.merge import Permission, Sender
from tests.adapters.stories import told_by
from tests.mappings.installed import MAPPED, OTHER, OWN, RECEIVER, WITHHELD, Mapped, plan_for

READ_ONLY: Mapping[str, Mapped] = {name: each for name, each in MAPPED.items() if not each.written}
SENDER = Sender(RECEIVER, OWN, lambda element: may(element))
COUNTERPARTS: Mapping[str, Any] = {
    made.adapter: made for made in (point.load() for point in entry_points(group="hub.counterparts"))
}


def may(element: Element) -> Permission:
    return "allowed" if element.owner == OWN else "propose"


@cache
def story(name: str) -> list[Portion]:
    """What the system says of one child, document by document, as its counterpart tells it."""
    one = READ_ONLY[name]
    told = told_by(COUNTERPARTS[one.adapter.manifest.name])[one.kind]
    parts = [part for raw in told for part in one.lens.parts(one.adapter.read(raw, one.kind))]
    first = one.lens.child(parts[0]) or [None]
    return [one.lens.get(part) for part in parts if (one.lens.child(part) or [None])[0] == first[0]]


def shown_in(one: Mapped) -> Lens | None:
    """The mapping by which the hub shows this system the plan."""
    written = (each for each in MAPPED.values() if each.written and type(each.adapter) is type(one.adapter))
    return next((each.lens for each in written), None)


def table(one: Mapped, word: str) -> tuple[Plan, Base, list[Element]]:
    """Others' plan, what the system has been shown of it and said back, and what was withheld from it."""
    lens = shown_in(one) or one.lens
    whole = plan_for(lens, "plan_measure" if word == "plan_measure" else "plan_goal")
    others = {id: each for id, each in whole.elements.items() if each.owner == OTHER}
    plan = Plan("plan", "9999", "child", 1, others)
    cut = cut_view(plan, [id for id, each in others.items() if word not in each.categories], lens.carries, OWN)
    return plan, Base(cut.digests, cut.digests), [each for each in others.values() if word in each.categories]


def told(one: Mapped, portions: list[Portion], word: str) -> Iterator[tuple[Portion, Plan, Merge]]:
    """Each document merged in its turn: what it said, the plan before it, and what became of it."""
    plan, base, _ = table(one, word)
    for portion in portions:
        outcome = merge(plan, portion, one.lens.snapshot, SENDER, base, one.lens.carries)
        yield portion, plan, outcome
        plan, base = outcome.plan, Base(outcome.seen, outcome.sent)


def said(portion: Portion) -> dict[tuple[Kind, str], Item]:
    return {(kind, key): item for kind, items in portion.items() for key, item in items.items()}


def others(plan: Plan) -> dict[str, Element]:
    return {id: each for id, each in plan.elements.items() if each.owner == OTHER}


@pytest.mark.parametrize("word", WITHHELD)
@pytest.mark.parametrize("name", READ_ONLY)
def test_a_full_copy_of_its_own_changes_nothing_of_what_it_was_not_shown(name: str, word: str) -> None:
    one = READ_ONLY[name]
    _, base, withheld = table(one, word)

    for _, before, outcome in told(one, story(name), word):
        waiting = {each.id for each in (*outcome.proposed, *outcome.held)}
        assert withheld
        assert others(outcome.plan) == others(before)
        assert waiting <= base.sent.keys()
        assert waiting.isdisjoint(each.id for each in withheld)


@pytest.mark.parametrize("word", WITHHELD)
@pytest.mark.parametrize("name", READ_ONLY)
def test_a_full_copy_is_diffed_and_never_appended(name: str, word: str) -> None:
    one, heard = READ_ONLY[name], dict[tuple[Kind, str], Item]()

    for portion, _, outcome in told(one, story(name), word):
        living = {key: item for key, item in said(portion).items() if key in heard or not item.deleted}
        news = {key for key, item in living.items() if key not in heard or item.content != heard[key].content}
        gone = heard.keys() - living.keys() if one.lens.snapshot == "own" else set()
        gone = {key for key in gone if not heard[key].deleted}
        heard |= living | {key: Item({}, frozenset(), deleted=True) for key in gone}
        proposed = {(each.kind, key_in(each, RECEIVER)) for each in outcome.proposed}
        mine = [each for each in outcome.plan.elements.values() if each.owner == OWN]
        assert {(each.kind, key_in(each, RECEIVER)) for each in outcome.changed} == (news | gone) - proposed
        assert len(mine) == len(heard.keys() - proposed)


@pytest.mark.parametrize("word", WITHHELD)
@pytest.mark.parametrize("name", READ_ONLY)
def test_a_full_copy_sent_again_is_no_news(name: str, word: str) -> None:
    one = READ_ONLY[name]
    twice = [portion for portion in story(name) for _ in range(2)]

    for _, before, outcome in list(told(one, twice, word))[1::2]:
        assert (outcome.changed, outcome.proposed, outcome.held) == ([], [], [])
        assert outcome.plan is before


def test_each_format_that_is_only_read_has_a_story_here() -> None:
    """DigiSos folds its events and Barnevern XML says what is taken back: both are told in steps, tombstones too."""
    tombs = {name for name in READ_ONLY for portion in story(name) if any(i.deleted for i in said(portion).values())}
    steps = {name for name in READ_ONLY if len(story(name)) > 1}

    assert {name.split(": ")[1] for name in tombs & steps} == {
        *("no.nav.digisos.digisos.soker.v1", "no.ssb.barnevern.fagsystem.v1.innrapportering")
    }
    assert all(story(name) for name in READ_ONLY)
    assert set(WITHHELD) == CATEGORIES


def test_a_system_that_is_shown_everything_and_says_nothing_of_it_takes_nothing_away() -> None:
    """Not even what it saw: what the format cannot hold is not missing from it."""
    for name, one in READ_ONLY.items():
        lens = shown_in(one) or one.lens
        plan = table(one, "plan_goal")[0]
        cut = cut_view(plan, list(plan.elements), lens.carries, OWN)
        base = Base(cut.digests, cut.digests)

        outcome = merge(plan, story(name)[-1], one.lens.snapshot, SENDER, base, one.lens.carries)

        assert [each for each in outcome.proposed if each.deleted] == []
        assert others(outcome.plan) == others(plan)
