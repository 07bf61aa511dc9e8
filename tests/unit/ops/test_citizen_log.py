"""What one decision tells the citizen, and what it does not: pseudonyms, others' information, a child's own matters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.ops.citizen_entries import HIDDEN, Seen
from hub.ops.citizen_log import Reader, citizen_log
from hub.ops.citizen_words import line_of
from hub.policy import Disclosure, Message, decide, directed
from hub.ports import DecisionRow, Delivery
from tests.unit.policy.children import HOME, NOW, all_three, facts

SCHOOL, PPT, CRISIS = Party("school", HOME), Party("ppt", HOME), Party("crisis_centre", HOME)
OWN_TASK = {"basis": {"statute": "fvl-13b-5", "necessity": "sender"}, "person": "rektor-1"}


def seen(asked: Disclosure, *, sent: bool = True) -> Seen:
    decision = decide(asked)
    row = DecisionRow(
        "d1", HOME, "c1", None, "part-1", "v1", "system-1", "dispatch", decision.outcome, NOW,
        decision.canonical(), decision.hash(),
    )  # fmt: skip
    delivery = Delivery("v1", HOME, "system-1", "info", "part-1", "delivered", NOW, sent_at=NOW if sent else None)
    return Seen(row, delivery, asked.receiver.service, {}, row.whole)


def told(known: Facts, *disclosures: Disclosure, reader: Reader = "guardian", sent: bool = True) -> list[Any]:
    return list(citizen_log(known, reader, [seen(each, sent=sent) for each in disclosures], NOW).entries)


def message(known: Facts, sender: Party = SCHOOL, claims: Any = OWN_TASK, **said: Any) -> Disclosure:
    return directed(known, sender, PPT, Message(**{"categories": frozenset({"education"}), **said}), NOW, claims)


def test_a_basis_is_named_by_its_rule_and_no_consent_beside_it() -> None:
    known = facts(all_three())
    (entry,) = told(known, message(known))

    assert (entry.state, entry.basis, entry.consents, entry.purpose) == ("sent", ("LBW-01",), (), "coordination")


@pytest.mark.parametrize("reader", ["guardian", "child"])
def test_a_sender_that_may_not_be_named_is_a_municipal_provider(reader: Reader) -> None:
    known = facts()
    (entry,) = told(known, message(known, hide_client_relation=True), reader=reader)

    assert (entry.sender, entry.categories) == (HIDDEN, ("education",))


def test_to_guardians_a_crisis_centre_is_a_municipal_provider_and_so_is_its_complaint() -> None:
    known = facts()
    went = message(known, sender=CRISIS, categories=frozenset({"care_situation"}))
    stayed = message(known, sender=CRISIS, claims={})

    for entry in told(known, went) + told(known, stayed, sent=False):
        said = line_of(entry, "nb")
        assert entry.sender == HIDDEN
        assert "krise" not in f"{said.what} {said.why} {said.complaint}".lower()
    assert told(known, went, reader="child")[0].sender == "crisis_centre"


@pytest.mark.parametrize("reader", ["guardian", "child"])
def test_what_is_about_somebody_else_is_hers_to_read(reader: Reader) -> None:
    known, both = facts(), frozenset({"education", "mother_health"})
    (entry,) = told(known, message(known, categories=both, third_party=frozenset({"mother_health"})), reader=reader)

    assert entry.categories == ("education",)


def test_what_a_child_of_thirteen_decides_alone_is_in_its_own_log_only() -> None:
    known = facts(all_three(receivers=frozenset({"bup"}), categories=frozenset({"health"}))[2:])
    known = replace(known, child=replace(known.child, birth_date=NOW.date().replace(year=2013)))
    private = Message(categories=frozenset({"health"}), matter="confidential_from_parents")
    asked = directed(known, Party("school_health", HOME), Party("bup", HOME), private, NOW, {})

    assert decide(asked).outcome == "forward"
    assert told(known, asked) == []
    assert [entry.sender for entry in told(known, asked, reader="child")] == ["school_health"]


@pytest.mark.parametrize("duty", [{"ground": "a"}, {"danger": "a threat"}, {"order": {"id": "P-1", "provision": "x"}}])
@pytest.mark.parametrize("receiver", ["child_welfare", "police"])
@pytest.mark.parametrize("reader", ["guardian", "child"])
def test_nothing_decided_as_a_duty_is_told(duty: Any, receiver: str, reader: Reader) -> None:
    known = facts(all_three())
    asked = directed(
        known, SCHOOL, Party(receiver, HOME), Message(categories=frozenset({"education"})), NOW, {"duty": duty}
    )

    assert told(known, asked, reader=reader) == []


def test_what_did_not_leave_is_not_told_as_sent() -> None:
    known = facts(all_three())

    assert told(known, message(known), sent=False) == []


def test_a_denied_message_names_what_stayed_and_what_stopped_it() -> None:
    known = facts()
    (entry,) = told(known, message(known, claims={}), sent=False)

    assert (entry.state, entry.categories) == ("denied", ("education",))
    assert "CON-01" in entry.basis
    assert entry.complaint is not None
