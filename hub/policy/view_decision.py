"""The answer for one view: what is opened, held and shut, and the record that is kept of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple

from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.policy.decision import POLICY_VERSION, canonical, finding_record, policy_hash, rules_of, ways_of
from hub.policy.facts import coordination_of
from hub.policy.known import asked_of, consent_record, documented, known
from hub.policy.statutes import provisions
from hub.policy.weighing import Weighing
from hub.policy.words import CLIENT_RELATION, Outcome, Subject

UNNAMED = "RED-02"
"""The rule that is named wherever a receiver may not learn whose an element is."""


class Answer(NamedTuple):
    """One element's answer and the rules it rests on."""

    verdict: Literal["open", "hold", "shut"]
    rules: tuple[str, ...]
    released: bool = False

    @property
    def unnamed(self) -> bool:
        """Whether the receiver may have it, and may not learn whose it is (RED-02)."""
        return UNNAMED in self.rules


FIELD = {"open": "opens", "hold": "holds", "shut": "shuts"}


class Group:
    """Elements of one owner about one person, weighed together. An empty owner stands for the consent records."""

    __slots__ = ("_reasons", "owner", "person", "weighing")

    def __init__(self, owner: str, person: str | None, weighing: Weighing) -> None:
        self.owner, self.person, self.weighing = owner, person, weighing
        self._reasons: dict[str, tuple[str, ...]] = {}

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The rules by which the owner may not be named, where it may not."""
        return tuple(one.rule for one in self.weighing.found if not CLIENT_RELATION.isdisjoint(one.finding.shuts))

    def rules(self, categories: Sequence[str]) -> tuple[str, ...]:
        """The rules that opened, held or shut these categories, each once."""
        if len(categories) == 1:
            return self._why(categories[0])
        return tuple(dict.fromkeys(rule for category in categories for rule in self._why(category)))

    def _why(self, category: str) -> tuple[str, ...]:
        known = self._reasons.get(category)
        if known is None:
            known = self._reasons[category] = tuple(dict.fromkeys(self._found(category))) or ("CON-01",)
        return known

    def _found(self, category: str) -> tuple[str, ...]:
        """Who did to a category what came out; what is open was opened on one path, by consent or by a basis."""
        verdict = self.weighing.verdicts[category]
        touched = [one for one in self.weighing.found if category in getattr(one.finding, FIELD[verdict])]
        if verdict == "open":
            by_basis = category in self.weighing.by_basis
            touched = [one for one in touched if (one.stage == "basis") == by_basis]
        if verdict == "hold" and not touched:
            return self.weighing.register.doubters.get(category, ())
        return tuple(one.rule for one in touched)


class Grounds:
    """What a view's decision rests on: all of its record but the instant, the system and the elements.

    The same for every decision from one scale, so that it is made, spelled and kept once.
    """

    def __init__(self, facts: Facts, subject: Subject, receiver: Party, groups: tuple[Group, ...], day: date) -> None:
        self.facts, self._subject, self._receiver, self._groups, self._day = facts, subject, receiver, groups, day

    @property
    def record(self) -> Mapping[str, Any]:
        """Made when asked for: a worker keeps thousands of these, and needs only the bytes."""
        facts, found = self.facts, [one for group in self._groups for one in group.weighing.found]
        plan, home = coordination_of(facts, self._day), facts.child.municipality
        return {
            "policy": {"version": POLICY_VERSION, "hash": policy_hash()},
            "receiver": [self._receiver.service, self._receiver.municipality],
            "facts": [f"facts:{facts.child.id}@{facts.version}"],
            "known": [
                *known(asked_of(found), self._subject, plan, facts.child, home),
                *documented(facts.necessities, self._receiver.service),
            ],
            "consents": [consent_record(one) for one in facts.consents],
            "owners": [_group_record(group) for group in self._groups],
            "ways": ways_of(found),
            "statutes": provisions(rules_of(found), self._day),
        }

    @cached_property
    def canonical(self) -> bytes:
        return canonical(self.record)

    @cached_property
    def digest(self) -> bytes:
        return hashlib.sha256(self.canonical).digest()

    @property
    def hash(self) -> str:
        """SHA-256 in hexadecimal: how the decisions that rest on it name it."""
        return self.digest.hex()


@dataclass(frozen=True)
class ViewDecision:
    """What one system may be told of one plan now. `held` and `shut` name the rules for each element."""

    receiver: Party
    system: str
    now: datetime
    grounds: Grounds
    open_answers: Mapping[str, Answer]
    held_answers: Mapping[str, Answer]
    shut_answers: Mapping[str, Answer]
    placeless: bool
    """Whether sender unit and place must go from every element's surroundings (kode 6)."""

    @cached_property
    def opened(self) -> frozenset[str]:
        return frozenset(self.open_answers)

    @cached_property
    def unnamed(self) -> frozenset[str]:
        """Of what is opened, that whose owner is shown as a municipal provider."""
        return frozenset(id for id, answer in self.open_answers.items() if answer.unnamed)

    @cached_property
    def held(self) -> Mapping[str, tuple[str, ...]]:
        return {id: answer.rules for id, answer in self.held_answers.items()}

    @cached_property
    def shut(self) -> Mapping[str, tuple[str, ...]]:
        return {id: answer.rules for id, answer in self.shut_answers.items()}

    @cached_property
    def outcome(self) -> Outcome:
        """Of what others own; a receiver's own elements are always its own to have."""
        withheld = bool(self.held_answers or self.shut_answers)
        if any(answer.rules != ("OWN",) for answer in self.open_answers.values()) or not withheld:
            return "forward_redacted" if withheld or self.placeless or self.unnamed else "forward"
        return "hold" if self.held_answers else "deny"

    def record(self) -> dict[str, Any]:
        """The kept record: ids and codes, no content. Its grounds are kept once for all decisions that rest on them."""
        return {"grounds": self.grounds.hash, **self._told()}

    def canonical(self) -> bytes:
        return canonical(self.record())

    def hash(self) -> bytes:
        return hashlib.sha256(self.canonical()).digest()

    def _told(self) -> dict[str, Any]:
        """Elements with one answer stand together."""
        by_answer: dict[Answer, list[str]] = {}
        for answers in (self.open_answers, self.held_answers, self.shut_answers):
            for id, answer in answers.items():
                by_answer.setdefault(answer, []).append(id)
        return {
            "at": self.now.isoformat(),
            "system": self.system,
            "outcome": self.outcome,
            "elements": [
                {"answer": verdict, "rules": rules, "released": released, "ids": sorted(ids)}
                for (verdict, rules, released), ids in sorted(by_answer.items())
            ],
        }


def _group_record(group: Group) -> dict[str, Any]:
    return {
        "owner": group.owner or None,
        "person": group.person,
        "findings": [finding_record(one) for one in group.weighing.found],
        "verdicts": group.weighing.verdicts,
    }
