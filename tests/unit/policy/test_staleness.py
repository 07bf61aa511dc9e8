"""What the registers said too long ago opens nothing: it waits for the register, whoever would have opened it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hub.model.responsibility import Facts, Necessity, Release
from hub.model.service import Party
from hub.policy import LIMIT, Message, decide, directed, still_known
from hub.policy.facts import LEEWAY
from tests.unit.policy.children import HOME, NOW, PPT, all_three, element, facts, seen

SCHOOL, CHILD_WELFARE = Party("school", HOME), Party("child_welfare", HOME)
EDUCATION = Message(categories=frozenset({"education"}))


def told(as_of: datetime | None, now: datetime = NOW) -> Facts:
    return still_known(facts(all_three(), as_of=as_of), now)


@pytest.mark.parametrize(
    ("as_of", "opens"),
    [
        (NOW, True),
        (NOW - LIMIT + timedelta(seconds=1), True),
        (NOW - LIMIT, False),
        (NOW + LEEWAY, True),
        (NOW + LEEWAY + timedelta(seconds=1), False),
        (NOW + timedelta(days=400), False),
        (None, False),
    ],
)
def test_a_fact_is_relied_on_within_its_limit_and_never_from_the_future(as_of: datetime | None, opens: bool) -> None:
    view = seen(told(as_of), element("a", "education"), element("b", "economy"))

    assert (view.opened == {"a"}) is opens
    assert view.held == ({} if opens else {"a": ("STALE",)})
    assert set(view.shut) == {"b"}


def test_while_a_withdrawal_lies_in_the_future_the_clock_is_wrong_and_everything_waits() -> None:
    mother, *others = all_three()
    known = facts((replace(mother, withdrawn_at=NOW), *others))

    back = NOW - timedelta(hours=1)
    fresh = replace(known, child=replace(known.child, as_of=back))

    assert seen(fresh, element("a", "education"), now=back).opened == {"a"}
    assert seen(still_known(fresh, back), element("a", "education"), now=back).held == {"a": ("STALE",)}
    assert set(seen(still_known(known, NOW), element("a", "education")).shut) == {"a"}


def test_ones_own_elements_do_not_wait_for_a_register() -> None:
    assert seen(told(None), element("a", "education", owner="ppt")).opened == {"a"}


def test_a_necessity_waits_too() -> None:
    known = facts(necessities=(Necessity("school", "ppt", "fvl-13b-5", frozenset({"attendance"}), "sender", "d-1"),))

    view = seen(still_known(known, NOW + LIMIT), element("a", "attendance"))

    assert view.held == {"a": ("STALE",)}


def test_what_a_parent_agreed_to_about_herself_waits_for_the_childs_protection() -> None:
    own = replace(all_three()[0], about="p1")
    note = element("a", "education", about="parent", person="p1")

    assert seen(facts((own,)), note).opened == {"a"}
    assert "STALE" in seen(facts((own,), as_of=None), note).held["a"]


def test_no_release_stands_in_for_a_register() -> None:
    known = told(None)
    release = Release("a", "digest of a", "ppt-1", "coordinator-1", "asked by telephone", "STALE", NOW)
    released = replace(known, releases={("a", "digest of a", "ppt-1"): release})

    assert seen(released, element("a", "education")).held == {"a": ("STALE",)}


def test_a_release_of_another_hold_waits_with_the_register() -> None:
    doubtful = facts(all_three()[:2], maturity=None)
    release = Release("a", "digest of a", "ppt-1", "coordinator-1", "talked with her", "AGE-06", NOW)
    released = replace(doubtful, releases={("a", "digest of a", "ppt-1"): release})

    assert seen(released, element("a", "education")).opened == {"a"}
    assert seen(still_known(released, NOW + LIMIT), element("a", "education")).held == {"a": ("AGE-06",)}


def test_a_directed_message_waits() -> None:
    decision = decide(directed(told(None), SCHOOL, PPT, EDUCATION, NOW, {}))

    assert (decision.outcome, decision.rules[-1]) == ("hold", "STALE")


def test_a_basis_that_a_message_claims_opens_nothing_of_a_child_the_registers_were_not_asked_about() -> None:
    claims = {"basis": {"statute": "fvl-13b-5", "necessity": "sender"}, "person": "emp-7"}

    fresh = decide(directed(facts(), SCHOOL, PPT, EDUCATION, NOW, claims))
    stale = decide(directed(still_known(facts(), NOW + LIMIT), SCHOOL, PPT, EDUCATION, NOW + LIMIT, claims))
    unknown = decide(directed(None, SCHOOL, PPT, EDUCATION, NOW, claims))

    assert (fresh.outcome, stale.outcome, unknown.outcome) == ("forward", "hold", "hold")


def test_a_report_to_child_welfare_goes_at_once() -> None:
    claims = {"duty": {"ground": "a"}, "person": "emp-7"}

    assert decide(directed(told(None), SCHOOL, CHILD_WELFARE, EDUCATION, NOW, claims)).outcome == "forward"


def test_a_guardians_view_waits_since_a_parent_may_be_the_threat() -> None:
    view = replace(
        directed(told(None), SCHOOL, Party("guardian", HOME), EDUCATION, NOW, {}),
        message=replace(EDUCATION, kind="guardian_view"),
    )

    assert decide(view).outcome == "hold"
    assert decide(replace(view, subject=replace(view.subject, confirmed=True))).outcome != "hold"
