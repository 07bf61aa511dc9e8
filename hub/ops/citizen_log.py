"""The citizen's log (*innsynslogg*): what was told of a child, from whom to whom, when, why and on what basis.

Nothing decided as a duty stands in it. A guardian is shown what a guardian may see (AGE-12), a child all the rest.
Pure: the same rows and facts give the same log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.ops.citizen_entries import HIDDEN, Entry, Seen, tells_the_sender
from hub.policy import Decision, Message, decide, directed, reveals
from hub.policy.complaints import complaint_about

Reader = Literal["guardian", "child"]

OFFICE = "coordinating_unit"
UNNAMED = frozenset({"crisis_centre"})
KEPT_FROM_PARENTS = "AGE-04"
ALWAYS_TRUE = frozenset({"AGE-12", KEPT_FROM_PARENTS})
"""Rules that are true of every guardian's view, whatever shuts it."""


@dataclass(frozen=True, slots=True)
class CitizenLog:
    """What one reader may see, newest first. A log that is `shut` says by which rules."""

    child: str
    reader: Reader
    shut: tuple[str, ...]
    entries: tuple[Entry, ...]
    next: str | None = None
    """Where the next, older page begins; none where this is the last."""


def citizen_log(facts: Facts, reader: Reader, seen: Sequence[Seen], now: datetime) -> CitizenLog:
    """The log as this reader may see it."""
    if reader == "child":
        entries = [entry for one in seen for entry in one.entries()]
        return CitizenLog(facts.child.id, reader, (), _in_order(entries))
    entries = [entry for one in seen if not _kept_from_parents(one) for entry in one.entries()]
    shut, hidden = guardians_limits(facts, entries, now)
    left = [] if shut else [one for entry in entries if (one := _for_guardians(entry, hidden)) is not None]
    return CitizenLog(facts.child.id, reader, shut, _in_order(left))


def guardians_limits(facts: Facts, entries: Sequence[Entry], now: datetime) -> tuple[tuple[str, ...], frozenset[str]]:
    """What policy says of a guardian's view of all this: the rules that shut it whole, or the categories it hides."""
    return limits(guardian_view(facts, (code for entry in entries for code in entry.categories), now))


def guardian_view(facts: Facts, categories: Iterable[str], now: datetime) -> Decision:
    """Whether a guardian may be shown this, and what of it (AGE-12)."""
    codes = frozenset(categories) | facts.child.withheld | {"notice"}
    office, guardian = (Party(service, facts.child.municipality) for service in (OFFICE, "guardian"))
    return decide(directed(facts, office, guardian, Message("guardian_view", codes), now, {}))


def limits(decision: Decision) -> tuple[tuple[str, ...], frozenset[str]]:
    """The rules that shut a guardian's view, or the categories hidden in it."""
    if decision.outcome in ("forward", "forward_redacted"):
        return (), frozenset(decision.removed)
    return tuple(rule for rule in decision.rules if rule not in ALWAYS_TRUE), frozenset()


def _kept_from_parents(seen: Seen) -> bool:
    """What a child of 12 to 15 has decided alone, for reasons to be respected, no guardian is shown."""
    return any(one["rule"] == KEPT_FROM_PARENTS for one in seen.checks)


def _for_guardians(entry: Entry, hidden: frozenset[str]) -> Entry | None:
    """The entry without what is withheld; nothing of it where a service at either end would tell that by itself."""
    left = tuple(code for code in entry.categories if code not in hidden)
    if not left or (reveals(entry.sender) | reveals(entry.receiver)) & hidden:
        return None
    sender, receiver = (HIDDEN if end in UNNAMED else end for end in (entry.sender, entry.receiver))
    named = replace(entry, categories=left, sender=sender, receiver=receiver)
    if sender == entry.sender and receiver == entry.receiver:
        return named
    basis = tuple(rule for rule in entry.basis if not tells_the_sender(rule))
    return replace(named, basis=basis, complaint=complaint_about(sender) if entry.complaint else None)


def _in_order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Newest first. What was fetched twice is told once; so is a refusal that the next decision repeats unchanged."""
    last: dict[tuple[str, str, bool], tuple[object, ...]] = {}
    told = []
    for entry in sorted(entries, key=lambda one: (one.at, one.sender, one.receiver, one.state, one.decision)):
        sent = entry.state == "sent"
        key, now = (entry.sender, entry.receiver, sent), (entry.state, entry.categories, entry.at if sent else None)
        if last.get(key) != now:
            told.append(entry)
        last[key] = now
    return tuple(reversed(told))
