"""Consent (*samtykke*): what people are asked, and one person's answer, with what shows that it is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Answer = Literal["yes", "no", "none"]
Giver = Literal["mother", "father", "child", "child_welfare", "pregnant_person", "other"]
Matter = Literal["ordinary", "daily_care", "confidential_from_parents"]
ConsentKind = Literal["access", "plan_only"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How an answer can be shown to be one (GDPR art. 7 nr. 1): who received it, when, and what had been told.

    `told` are the parts of the question that were explained (`hub.policy.question.PARTS`); `reference` is where it
    lies: the journal entry or the signed form.
    """

    received_by: str
    at: datetime
    told: frozenset[str] = frozenset()
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """One record in the consent register. `person` gave it, in the capacity `giver`; `about` is whose information it
    opens (the child's id, or the giver's own id for information about the giver).

    Open ends: no `valid_from`/`valid_to` is unlimited. Empty `receivers`, `categories` or `purposes` cover nothing;
    `senders` narrow it to what these services own, and none named is whoever sends. `authority` is false where the
    giver had none when it was given, and such a record never opens anything; `None` where the registers did not say
    enough to judge, and each decision judges by its own facts. `source` is the record it was taken from
    in the system that registered it.
    """

    id: str
    child: str
    person: str
    giver: Giver
    about: str
    answer: Answer
    receivers: frozenset[str]
    categories: frozenset[str]
    purposes: frozenset[str]
    municipality: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    withdrawn_at: datetime | None = None
    form: Literal["written", "oral"] = "written"
    documented: bool = False
    informed: bool = True
    voluntary: bool = True
    background: bool = True
    kind: ConsentKind = "access"
    senders: frozenset[str] = frozenset()
    specific: bool = True
    unambiguous: bool = True
    authority: bool | None = True
    answered_at: datetime | None = None
    request: str | None = None
    source: str | None = None
    evidence: Evidence | None = None

    @property
    def awaits_documentation(self) -> bool:
        """A yes that nothing shows yet: oral and in no journal (CON-03), or not shown to be informed (CON-05)."""
        shown = self.informed and (self.documented or self.form == "written")
        return self.answer == "yes" and self.withdrawn_at is None and not shown


@dataclass(frozen=True, slots=True)
class Terms:
    """The fields of the standard form (*samtykkeskjema*): why, what, from whom, to whom, for what, how long."""

    background: str
    categories: frozenset[str]
    senders: frozenset[str]
    receivers: frozenset[str]
    purposes: frozenset[str] = frozenset({"coordination"})
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    kind: ConsentKind = "access"


@dataclass(frozen=True, slots=True)
class Question:
    """One person who is asked, and how that stands. `expired` is no answer before the deadline, and no consent."""

    person: str
    giver: Giver
    state: Literal["open", "yes", "no", "expired"] = "open"
    answered_at: datetime | None = None
    consent: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """One request for consent (*samtykkeforespørsel*): a question to each person who must consent.

    `needs` are the rules that will hold the information even with every yes: a hearing, an assessment of maturity.
    `hold` is what waits for it.
    """

    id: str
    municipality: str
    child: str
    about: str
    terms: Terms
    asked_by: str
    asked_at: datetime
    deadline: datetime
    questions: tuple[Question, ...]
    matter: Matter = "ordinary"
    needs: tuple[str, ...] = ()
    hold: str | None = None

    @property
    def open(self) -> bool:
        """Whether anybody has still to answer."""
        return any(one.state == "open" for one in self.questions)

    def question(self, person: str) -> Question | None:
        """What this person is asked; `None` for one who is not."""
        return next((one for one in self.questions if one.person == person), None)
