"""What one kept decision told of a child and kept back, by the service whose information it is; no content is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hub.model.plan import Element
from hub.model.service import PROVIDER
from hub.policy.book import RULES
from hub.policy.complaints import Complaint, complaint_about
from hub.policy.view_decision import UNNAMED
from hub.ports import DecisionRow, Delivery

State = Literal["sent", "waits", "denied"]

HIDDEN = PROVIDER
"""In place of a service that is not to be named (RED-02); to guardians always of a crisis centre (krl § 5)."""
RELEASE = "RELEASE"
"""In place of a rule: a person has released it."""
ASIDE = frozenset({"location", "client_relation", "content", "feedback_detail", "notice"})
"""What a decision takes out beside the categories of the message."""
ANSWERS: Mapping[str, State] = {"open": "sent", "hold": "waits", "shut": "denied"}
STOPPED: Mapping[str, State] = {"hold": "waits", "deny": "denied"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was told, or was not. `basis` are the rules that opened it, or that kept it back."""

    at: datetime
    state: State
    sender: str
    receiver: str
    categories: tuple[str, ...]
    purpose: str
    basis: tuple[str, ...]
    consents: tuple[str, ...]
    decision: str
    complaint: Complaint | None = None


def tells_the_sender(rule: str) -> bool:
    """Whether a rule is about certain senders or their own statutes only."""
    known = RULES.get(rule)
    return known is not None and bool(known.senders or known.statutes)


@dataclass(frozen=True, slots=True)
class Seen:
    """One decision with what became of it: its delivery, the receiver's service, the plan's elements as they were."""

    row: DecisionRow
    delivery: Delivery
    receiver: str
    elements: Mapping[str, Element]
    record: Mapping[str, Any]

    def entries(self) -> Iterable[Entry]:
        """Nothing of what was decided as a duty: a report, an order, a warning, and the answer to one who reported."""
        if any(one["stage"] == "duty" for one in self.record.get("findings", ())):
            return []
        return self._of_view() if "elements" in self.record else self._of_message()

    @property
    def checks(self) -> Iterator[Mapping[str, Any]]:
        """Every check of the record."""
        if "findings" in self.record:
            yield from self.record["findings"]
        for group in self.record.get("owners", ()):
            yield from group["findings"]

    @property
    def _left(self) -> bool:
        return self.row.stage == "dispatch" and self.delivery.sent_at is not None

    def _of_view(self) -> Iterator[Entry]:
        for answer, state in ANSWERS.items():
            if state == "sent" and not self._left:
                continue
            lines = [line for line in self.record["elements"] if line["answer"] == answer and line["rules"] != ["OWN"]]
            for owner, (codes, rules) in sorted(self._by_owner(lines).items()):
                yield self._entry(state, owner, codes, rules)

    def _by_owner(self, lines: Sequence[Mapping[str, Any]]) -> Mapping[str, tuple[set[str], list[str]]]:
        """Categories and rules by owner, of what is about the child itself."""
        found: dict[str, tuple[set[str], list[str]]] = {}
        for line in lines:
            for element in (self.elements[id] for id in line["ids"] if id in self.elements):
                if element.about == "child":
                    owner = HIDDEN if UNNAMED in line["rules"] else element.owner
                    codes, rules = found.setdefault(owner, (set(), []))
                    codes |= element.categories
                    rules += [RELEASE] if line["released"] else line["rules"]
        return found

    def _of_message(self) -> Iterator[Entry]:
        went = self._left and self.row.outcome.startswith("forward")
        state: State | None = "sent" if went else STOPPED.get(self.row.outcome)
        if state is None:
            return
        told = self.record["kept"] if went else [*self.record["kept"], *self.record["removed"]]
        codes = set(told) - ASIDE - self._about_others()
        sender = HIDDEN if "client_relation" in self.record["removed"] else self.record["sender"][0]
        if codes:
            yield self._entry(state, sender, codes, self._opening() if went else self.record["ways"])

    def _about_others(self) -> set[str]:
        """Categories about somebody else than the child (TPI-01): they are that person's to read."""
        found = (one for one in self.record["findings"] if one["rule"] == "TPI-01")
        return {code for one in found for name in ("opens", "shuts", "holds") for code in one.get(name, ())}

    def _opening(self) -> list[str]:
        """A basis that opened it, or else the rules by which people were asked."""
        basis = [one["rule"] for one in self.record["findings"] if one["stage"] == "basis" and one.get("opens")]
        return basis or [one["rule"] for one in self.record["findings"] if one["stage"] == "asks"]

    def _entry(self, state: State, sender: str, codes: Iterable[str], rules: Iterable[str]) -> Entry:
        sent, basis = state == "sent", self._basis(sender, rules)
        at = self.delivery.sent_at if sent and self.delivery.sent_at else self.row.decided_at
        return Entry(
            at,
            state,
            sender,
            self.receiver,
            tuple(sorted(codes)),
            self.record.get("purpose", "coordination"),
            basis,
            self._consents() if sent and any(rule.startswith("AGE-") for rule in basis) else (),
            self.row.id,
            None if sent else complaint_about(sender),
        )

    def _basis(self, sender: str, rules: Iterable[str]) -> tuple[str, ...]:
        """The rules, each once; of a sender that is not named none that is about such senders only."""
        return tuple(dict.fromkeys(rule for rule in rules if sender != HIDDEN or not tells_the_sender(rule)))

    def _consents(self) -> tuple[str, ...]:
        """The consents that no rule voided or doubted."""
        out = {id for one in self.checks for name in ("voids", "doubts") for id in one.get(name, ())}
        return tuple(one["id"] for one in self.record["consents"] if one["answer"] == "yes" and one["id"] not in out)
