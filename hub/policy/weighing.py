"""What is known while one disclosure is weighed: filled step by step by `decide`, only read by the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from hub.model.consent import Consent
from hub.policy.services import REGIME, Regime
from hub.policy.words import EMPTY, Basis, Disclosure, Finding, Found, Stage

TOKENS = frozenset({"child", "child_welfare", "pregnant_person"})
"""Consenters known by their capacity; everybody else is known by person."""

CHILD: frozenset[str] = frozenset({"child"})
GUARDIANS: frozenset[str] = frozenset({"guardians"})
VACCINATION: frozenset[str] = frozenset({"vaccination"})
"""Health care that is never a daily-care matter: every holder of parental responsibility is asked (pbrl § 4-4)."""
NO_BASIS = Basis()


class Register(NamedTuple):
    """The consent records as the rules of scope left them: by consenter, the categories that are covered or refused."""

    firm: Mapping[str, frozenset[str]]
    doubt: Mapping[str, frozenset[str]]
    refused: Mapping[str, frozenset[str]]
    answers: tuple[Consent, ...] = ()
    refusals: tuple[Consent, ...] = ()
    doubters: Mapping[str, tuple[str, ...]] = {}
    """By category, the rules that doubt a record which would cover it."""


class Weighing:
    """One disclosure on the scale. `categories` are those being weighed; the rest is what the steps have found."""

    __slots__ = (
        "answers",
        "any_parent",
        "asked",
        "basis",
        "by_basis",
        "categories",
        "disclosure",
        "found",
        "guardians",
        "kept",
        "kind",
        "message",
        "now",
        "open",
        "receiver",
        "refusals",
        "regime",
        "register",
        "removed",
        "sender",
        "subject",
        "uncovered",
        "verdicts",
    )

    def __init__(self, disclosure: Disclosure, register: Register | None = None) -> None:
        self.disclosure = disclosure
        self.sender = disclosure.sender.service
        self.receiver = disclosure.receiver.service
        self.subject = disclosure.subject
        self.message = disclosure.message
        self.kind = disclosure.message.kind
        self.now = disclosure.now
        self.categories = disclosure.message.categories
        self.regime: Regime = REGIME.get(self.sender, "plain")
        self.register = register or Register({}, {}, {})
        self.answers = self.register.answers
        self.refusals = self.register.refusals
        self.asked: dict[str, frozenset[str]] = {}
        self.guardians: frozenset[str] = EMPTY
        self.any_parent = False
        self.basis = NO_BASIS
        self.by_basis: set[str] = set()
        self.verdicts: dict[str, str] = {}
        self.open: frozenset[str] = EMPTY
        self.uncovered: frozenset[str] = EMPTY
        self.kept: frozenset[str] = EMPTY
        self.removed: dict[str, str] = {}
        self.found: list[Found] = []

    # ── who the child is, in the words of the rules ─────────────────────────────────────────────────────────────────

    def aged(self, low: int, high: int) -> bool:
        """Whether the child's age is known and lies in low..high, both included."""
        age = self.subject.age
        return age is not None and not self.subject.unborn and low <= age <= high

    def under(self, years: int) -> bool:
        """Whether the child is born, and known to be younger than this."""
        age = self.subject.age
        return age is not None and not self.subject.unborn and age < years

    @property
    def adult(self) -> bool:
        return self.aged(18, 999)

    @property
    def minor(self) -> bool:
        return self.under(18)

    @property
    def holders(self) -> frozenset[str]:
        """Who decides for the child: the holders of parental responsibility, or child welfare under a care order."""
        if self.adult:
            return EMPTY
        return frozenset({"child_welfare"}) if self.subject.care_order else self.subject.guardians

    @property
    def able(self) -> bool:
        """Whether the child is taken to understand what a consent means: assessed, or presumed so from 15."""
        understands = self.subject.understands
        return understands is True or (understands is None and self.aged(15, 17))

    @property
    def must_be_heard(self) -> bool:
        """From 7, or younger if able to (pbrl § 4-4, fvkl § 6, bvl § 1-4)."""
        return self.aged(7, 17) or (self.subject.understands is True and self.minor)

    @property
    def daily_care(self) -> bool:
        """Daily-care health, where one parent is enough. Under a care order the parents do not decide at all."""
        return self.message.matter == "daily_care" and self.regime == "health" and not self.subject.care_order

    @property
    def kept_from_parents(self) -> bool:
        """12–15 in health, with reasons for not telling the parents that should be respected (pbrl § 3-4)."""
        return self.message.matter == "confidential_from_parents" and self.regime == "health" and self.aged(12, 15)

    # ── consents ────────────────────────────────────────────────────────────────────────────────────────────────────

    def who(self, consent: Consent) -> str:
        """The consenter: a capacity or a person. A child's answer counts as such only from the child itself."""
        if consent.giver == "child":
            return "child" if consent.person == self.subject.id else "unknown"
        if consent.giver in TOKENS:
            return consent.giver
        return "unknown" if consent.person in TOKENS else consent.person

    def has_authority(self, consent: Consent) -> bool:
        """Whether this person may answer in this child's matters at all (CON-14). Who firmly had none never gets it."""
        who, may = self.who(consent), consent.authority is not False
        if who == "pregnant_person" or self.subject.unborn:
            return may and self.subject.unborn and who == "pregnant_person"
        if may and (who == "child" or who in self.holders):
            return True
        return self.daily_care and self.minor and consent.giver in ("mother", "father")

    def names_receiver(self, consent: Consent) -> bool:
        party = self.disclosure.receiver
        return party.service in consent.receivers and party.municipality == consent.municipality

    def names_sender(self, consent: Consent) -> bool:
        """A form may say from whom: then it is about what these own, and nothing else."""
        return not consent.senders or self.sender in consent.senders

    def in_force(self, consent: Consent) -> bool:
        """Within its period, half open."""
        begun = consent.valid_from is None or consent.valid_from <= self.now
        return begun and (consent.valid_to is None or self.now < consent.valid_to)

    def withdrawn(self, consent: Consent) -> bool:
        return consent.withdrawn_at is not None and consent.withdrawn_at <= self.now

    # ── the steps ───────────────────────────────────────────────────────────────────────────────────────────────────

    def consult(self, stage: Stage, asked: Iterable[tuple[str, Callable[[Weighing], Finding | None]]]) -> list[Found]:
        """Asks the rules of one step and keeps what they answer."""
        found = [Found(id, stage, said) for id, check in asked if (said := check(self)) is not None]
        self.found += found
        return found
