"""How long a decision takes: a view of 40 elements for one receiver with every rule on, and its kept record."""

from __future__ import annotations

import copy
import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from hub.model.consent import Consent
from hub.model.person import Child, Guardian, Maturity
from hub.model.plan import Element
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.policy import Message, ViewDecision, decide, decide_view, directed
from hub.policy.decision import canonical
from tests.bench.timing import microseconds, row

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
OWNERS = {
    "school": ("education", "attendance"),
    "bup": ("mental_health", "health"),
    "child_welfare": ("care_situation", "plan_measure"),
    "kindergarten": ("education", "plan_goal"),
}
RECEIVER = Party("ppt", "4601")


def facts() -> Facts:
    """A child of nine: she and both guardians have consented, and an earlier consent is withdrawn."""
    child = Child(
        "c1",
        "4601",
        birth_date=date(2017, 3, 1),
        guardians=(Guardian("p1", "mother"), Guardian("p2", "father")),
        maturity=Maturity(True, "teacher", date(2026, 1, 10), "sharing with PPT"),
        hearing=date(2026, 8, 1),
        as_of=NOW,
    )
    given = Consent(
        "k1", "c1", "p1", "mother", "c1", "yes",
        receivers=frozenset({"ppt", "bup"}),
        categories=frozenset({"education", "health", "care_situation", "plan_measure"}),
        purposes=frozenset({"coordination"}),
        municipality="4601",
    )  # fmt: skip
    consents = (
        given,
        replace(given, id="k2", person="p2", giver="father"),
        replace(given, id="k3", person="c1", giver="child"),
        replace(given, id="k4", withdrawn_at=datetime(2026, 5, 1, tzinfo=UTC)),
        replace(given, id="k5", receivers=frozenset({"school"})),
    )
    return Facts(child, version=7, consents=consents)


def elements(count: int = 40) -> list[Element]:
    """A plan's elements, of four services, some of two categories and some in free text."""
    made = []
    for place in range(count):
        owner = list(OWNERS)[place % len(OWNERS)]
        both = frozenset(OWNERS[owner]) if place % 3 == 0 else frozenset(OWNERS[owner][:1])
        made.append(Element(f"e{place:02}", "measure", owner, both, {"title": "…"}, free_text=place % 5 == 0))
    return made


DIGESTS = {one.id: one.id for one in elements()}


Case: TypeAlias = tuple[str, Callable[[], object], Callable[[], object]]


def run() -> list[dict[str, Any]]:
    """The results of `langbenk bench decide`. The floor of a decision is one look-up per element; of a record, JSON."""
    return [
        row("decide", case, "time per decision", microseconds(work), "µs", microseconds(floor))
        for case, work, floor in [*_views(), *_messages()]
    ]


def _views() -> list[Case]:
    known, plan, turn = facts(), elements(), itertools.count(1)
    given, *others = known.consents
    in_turn = itertools.cycle([replace(known, consents=(replace(given, id="k9"), *others)), known])
    looked_up = {one.categories: True for one in plan}
    view = _decided(known, plan)
    plain, grounds = view.record(), view.grounds.record

    def look_up() -> object:
        return [looked_up[one.categories] for one in plan]

    def weighed() -> ViewDecision:
        return _decided(next(in_turn), plan)

    def unweighed() -> ViewDecision:
        return _decided(replace(known, version=next(turn)), plan)

    def spelled_anew() -> object:
        again = copy.copy(view.grounds)
        for made in ("canonical", "digest"):
            again.__dict__.pop(made, None)
        return again.hash

    return [
        ("view of 40 elements, remembered", lambda: _decided(known, plan), look_up),
        ("view of 40 elements, the first after a consent changed", weighed, look_up),
        ("view of 40 elements, the first after facts that are not weighed changed", unweighed, look_up),
        ("its kept record", lambda: replace(view).hash(), lambda: hashlib.sha256(canonical(plain)).digest()),
        ("its grounds, kept once", spelled_anew, lambda: hashlib.sha256(canonical(grounds)).digest()),
    ]


def _messages() -> list[Case]:
    message = Message(categories=frozenset({"education", "attendance", "health", "economy"}))
    asked = directed(facts(), Party("school", "4601"), RECEIVER, message, NOW, {})
    decision, looked_up = decide(asked), dict.fromkeys(message.categories, True)
    spelled = decision.canonical()
    return [
        (
            "message of 4 categories, decided whole",
            lambda: decide(asked),
            lambda: [looked_up[category] for category in message.categories],
        ),
        ("what is kept of the message", decision.hash, lambda: hashlib.sha256(spelled).digest()),
    ]


def _decided(known: Facts, plan: Sequence[Element]) -> ViewDecision:
    return decide_view(known, RECEIVER, plan, NOW, system="s1", digests=DIGESTS)
