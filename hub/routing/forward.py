"""Forward: after a merge, decide for every other system at the table what it may be told, and lay it ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from hub.errors import SetupError, UnusableError
from hub.model.envelope import DeliveryState, fresh_id
from hub.model.plan import Element, Plan
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import ViewDecision
from hub.policy.words import Outcome
from hub.ports import AsideRow, DecisionRow, Delivery, Hold, Link, Part, View
from hub.routing.catalogue import Catalogue
from hub.routing.look import Looked, look
from hub.routing.waits import Asked, holds, lapsed, waits
from hub.sync.base import first, lasts

STOPPED: Mapping[str, str] = {"held": "hold", "denied": "deny"}


@dataclass(frozen=True, slots=True)
class Table:
    """Everything about one plan that forwarding reads: who sits at it, what they were told, what waits for a human."""

    at: datetime
    """The instant, after all was read, that everything at it is decided for."""
    facts: Facts
    links: Sequence[Link]
    systems: Mapping[str, System]
    views: dict[str, View]
    asked: Asked
    """What a human has been asked already."""
    waiting: dict[str, Delivery]
    """The row that waits for each system, and gives way to a newer cut."""
    read: Mapping[str, View]
    """The views as they were read."""
    written_on: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the view held that a part says it was written on, by part."""
    whole: bool = False
    """Whether a human is asked about all that is held and nobody was asked about, and not only about what changed."""

    def changed_views(self) -> list[View]:
        return [view for system, view in self.views.items() if view is not self.read.get(system)]

    def receivers(self) -> list[System]:
        """Each system with a link, once, in a fixed order."""
        return [self.systems[name] for name in sorted({link.system for link in self.links}) if name in self.systems]


@dataclass(slots=True)
class Forwarded:
    """Rows to write: set-based, table by table."""

    decisions: list[DecisionRow] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    lapsed: list[Hold] = field(default_factory=list)
    aside: list[AsideRow] = field(default_factory=list)
    gave_way: list[Delivery] = field(default_factory=list)


class News(NamedTuple):
    """What has changed in the plan, and what its sender was refused to change: of that its own copy is put right."""

    changed: Sequence[Element]
    refused: Sequence[Element] = ()


def forward(plan: Plan, news: News, part: Part, table: Table, catalogue: Catalogue) -> Forwarded:
    """Lays ready, for each receiver, at most one delivery row; the sender gets one only for others' news."""
    out = Forwarded()
    for system in table.receivers():
        changed = [*news.changed, *news.refused] if system.id == part.system else news.changed
        if news.refused and not changed:
            continue  # to all others nothing has happened
        in_its_format = (system.id, system.document) == (part.system, part.kind)
        if in_its_format and _knows_it_all(table.views.get(system.id), changed, system):
            continue
        try:
            looked = look(plan, table.facts, system, catalogue, table.at)
        except UnusableError:
            continue  # a system that is registered for no document is told nothing
        except SetupError:
            _lay_aside(system, part, out, table.at)
            continue
        _lay(looked, changed, part, table, out)
    return out


def _lay_aside(system: System, part: Part, out: Forwarded, now: datetime) -> None:
    """A receiver whose adapter is broken: its row can be replayed once that is mended, and nobody else is harmed."""
    code = "adapter_broken"
    row = Delivery(
        fresh_id(),
        part.municipality,
        system.id,
        system.document,
        part.id,
        "set_aside",
        now,
        plan=part.plan,
        child=part.child,
        code=code,
        correlation_id=part.correlation_id,
        traceparent=part.traceparent,
    )
    out.deliveries.append(row)
    out.aside.append(AsideRow(fresh_id(), part.municipality, "delivery", row.id, code, None, now))


def _knows_it_all(view: View | None, changed: Iterable[Element], system: System) -> bool:
    """The sender has its own change already; only its very first message needs a look at what others have said."""
    if view is None or not view.digest:
        return False
    return all(each.owner == system.service and _has(view, each.id) for each in changed)


def _has(view: View, id: str) -> bool:
    """Whether nothing else is on its way to it that would undo its own word."""
    return id not in view.sent or lasts(view.seen.get(id), view.sent[id])


def _lay(looked: Looked, changed: Sequence[Element], part: Part, table: Table, out: Forwarded) -> None:
    """At most one row: waiting if the change is news, or other news does not wait already; else what became of it.

    A row that waits is cut anew at its dispatch, so nothing but news in the change itself may take its place: else the
    row's age and correlation would tell that something withheld was said.
    """
    system, cut, now = looked.system, looked.cut, table.at
    view = table.views.get(system.id) or View(plan_of(part), system.id, part.municipality)
    digest, older = cut.digest, table.waiting.get(system.id)
    over = lapsed(looked.plan, looked.decision, table.asked, now)
    out.lapsed += over
    asked_anew = {each.element or "" for each in over} - {each.id for each in changed}
    candidates = [*changed, *(each for each in looked.plan.elements.values() if each.id in asked_anew)]
    if table.whole:
        candidates += _unasked(looked, view, table.asked, candidates)
    held = [each for each in candidates if each.id in looked.decision.held]
    out.holds += holds([] if looked.closed else held, looked.decision, part, table.asked, now)
    if not view.digest:
        table.views[system.id] = view._replace(digest=digest)
    news = cut.news(view.sent)
    if news & {each.id for each in changed} if older else news:
        delivery = table.waiting[system.id] = _row(looked, part, digest, "waiting", now)
        out.gave_way += [older] if older else []
    elif any(waits(each, looked.decision, table.asked) for each in held):
        delivery = _row(looked, part, digest, "held", now)
    elif held or any(each.id in looked.decision.shut for each in changed):
        delivery = _row(looked, part, digest, "denied", now)
    else:
        return
    out.deliveries.append(delivery)
    out.decisions.append(decided(looked.decision, part, delivery, "forward", now))


def kept_back(element: Element, looked: Looked, view: View) -> bool:
    """Held now, and something the receiver does not have; that it never had it is no reason to tell it is gone."""
    known = view.sent.get(element.id)
    held = element.id in looked.decision.held and first(known or "") != looked.value(element)
    return held and not looked.closed and not (element.deleted and known is None)


def _unasked(looked: Looked, view: View, asked: Asked, candidates: Sequence[Element]) -> list[Element]:
    """What today's facts hold and nobody was asked about: a consent may open so much of an element that it waits."""
    named = {each.id for each in candidates}
    return [
        each
        for each in looked.plan.elements.values()
        if each.id not in named and (each.id, each.digest, looked.system.id) not in asked
        if kept_back(each, looked, view)
    ]


def _row(looked: Looked, part: Part, digest: bytes, state: DeliveryState, now: datetime) -> Delivery:
    return Delivery(
        fresh_id(),
        part.municipality,
        looked.system.id,
        looked.desk.kind.name,
        part.id,
        state,
        now,
        plan=part.plan,
        child=part.child,
        digest=digest,
        next_at=now if state == "waiting" else None,
        correlation_id=part.correlation_id,
        traceparent=part.traceparent,
    )


def decided(
    decision: ViewDecision, part: Part, delivery: Delivery, stage: Literal["forward", "dispatch"], now: datetime
) -> DecisionRow:
    """The decision as it is kept. Its outcome is what it meant for this delivery; the record holds the whole view."""
    record = decision.canonical()
    return DecisionRow(
        fresh_id(),
        part.municipality,
        part.child,
        part.plan,
        part.id,
        delivery.id,
        decision.system,
        stage,
        _meant(decision.outcome, delivery.state),
        now,
        record,
        sha256(record).digest(),
        decision.grounds.digest,
        decision.grounds.canonical,
    )


def _meant(outcome: Outcome, state: DeliveryState) -> str:
    """Of a row that goes the outcome is never to stop: where all that others own stays, its own elements go alone."""
    if state in STOPPED:
        return STOPPED[state]
    goes = state in ("waiting", "sending") and not outcome.startswith("forward")
    return "forward_redacted" if goes else outcome


def plan_of(part: Part) -> str:
    """The plan of a part that has one; a directed part never comes here."""
    assert part.plan is not None
    return part.plan
