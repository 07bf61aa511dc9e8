"""Requests and answers about consent: the standard form, an answer with what shows it, and a record as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints, field_validator

from hub.api.shapes import Code, Instant, Reference, Strict
from hub.model.consent import Answer, Consent, ConsentKind, ConsentRequest, Evidence, Giver, Matter, Terms
from hub.model.discretion import holds_number
from hub.ops.consents import Said
from hub.ops.consents_waiting import Waiting
from hub.policy.question import is_informed

Part = Literal[
    "background", "categories", "senders", "receivers", "purposes", "period",
    "right_to_refuse", "consequences", "withdrawal", "no_answer",
]  # fmt: skip


def _no_number(value: str) -> str:
    if holds_number(value):
        raise ValueError("must not hold a national number")
    return value


Background = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000), AfterValidator(_no_number)]


class EvidenceIn(Strict):
    """What shows that the answer was given (GDPR art. 7 nr. 1): who received it, when, and what had been told."""

    received_by: Reference = Field(examples=["emp-12"])
    at: AwareDatetime | None = Field(None, description="when it was documented: now, unless it is said")
    told: list[Part] = Field(description="the parts of the question that were explained or read")
    reference: Reference | None = Field(None, description="the journal entry or the signed form")

    def evidence(self, now: datetime) -> Evidence:
        return Evidence(self.received_by, self.at or now, frozenset(self.told), self.reference)


class Form(Strict):
    """What every consent says (samtykkeskjema): what, from whom, to whom, for what, how long."""

    receivers: list[Code] = Field(default_factory=list, examples=[["ppt", "bup"]])
    categories: list[Code] = Field(default_factory=list, examples=[["education", "sped"]])
    senders: list[Code] = Field(default_factory=list, description="from whom", examples=[["school"]])
    purposes: list[Code] = Field(default_factory=lambda: ["coordination"])
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = Field(None, description="half open: the first instant it no longer holds")
    kind: ConsentKind = "access"

    @field_validator("receivers", "categories", "senders", "purposes", mode="before")
    @classmethod
    def in_order(cls, value: Any) -> Any:
        return sorted(value) if isinstance(value, frozenset) else value

    def said(self) -> dict[str, Any]:
        """The fields as the model has them."""
        sets = {name: frozenset(getattr(self, name)) for name in ("receivers", "categories", "senders", "purposes")}
        return {**sets, "valid_from": self.valid_from, "valid_to": self.valid_to, "kind": self.kind}


class ConsentIn(Form):
    """One person's answer (fvl. § 13 a nr. 1, hpl. § 22), registered in one call. A yes names every receiver and
    category; without `evidence` it is kept, and holds until somebody shows what was told."""

    child: Reference
    person: Reference = Field(description="who answered: an opaque id")
    giver: Giver
    about: Reference | None = Field(None, description="whose information it opens; the child's unless it is said")
    answer: Answer = "yes"
    answered_at: AwareDatetime | None = Field(None, description="now, unless an earlier instant is said")
    form: Literal["written", "oral"] = "written"
    voluntary: bool = Field(True, description="given freely, with the balance of power in mind (GDPR art. 4 nr. 11)")
    unambiguous: bool = Field(True, description="a clear yes: not silence, not a box ticked in advance")
    evidence: EvidenceIn | None = None

    def consent(self, id: str, municipality: str, now: datetime) -> Consent:
        shown, told = self.evidence, self.evidence.told if self.evidence else ()
        plain = ("child", "person", "giver", "answer", "answered_at", "form", "voluntary", "unambiguous")
        return Consent(
            id=id,
            municipality=municipality,
            about=self.about or self.child,
            documented=shown is not None,
            informed=self.answer != "yes" or is_informed(told),
            background=shown is None or "background" in told,
            evidence=shown.evidence(now) if shown else None,
            **{name: getattr(self, name) for name in plain},
            **self.said(),
        )


class Happened(BaseModel):
    """One line of a record's history, from the audit chain."""

    at: AwareDatetime
    what: str = Field(examples=["consent.withdrawn"])
    by: str
    detail: dict[str, Any]


class EvidenceOut(BaseModel):
    """What shows an answer, as it is kept."""

    received_by: str
    at: AwareDatetime
    told: list[str]
    reference: str | None


class ConsentOut(Form):
    """A consent as it is kept. `authority` false: the giver had none, and the record opens nothing (CON-14);
    null: the registers had not said enough to judge, and each decision judges it."""

    id: str
    child: str
    person: str
    giver: Giver
    about: str
    answer: Answer
    answered_at: AwareDatetime | None
    form: Literal["written", "oral"]
    voluntary: bool
    unambiguous: bool
    evidence: EvidenceOut | None
    withdrawn_at: AwareDatetime | None = None
    documented: bool
    informed: bool
    authority: bool | None
    request: str | None
    source: str | None
    history: list[Happened] = Field(default_factory=list)


class Documentation(EvidenceIn):
    """What the journal says of a consent (CON-03, CON-05)."""


class Withdrawal(Strict):
    """When the consent was withdrawn, and by whom; now, unless an earlier instant is said."""

    at: AwareDatetime | None = None
    person: Reference | None = None


class RequestIn(Form):
    """A request for consent: one question to each person who must consent, by age, service and who decides."""

    child: Reference
    about: Reference | None = Field(None, description="whose information it is; the child's unless it is said")
    background: Background = Field(examples=["We plan the transition to lower secondary school together."])
    person: Reference = Field(description="who asks", examples=["emp-12"])
    deadline: Instant | None = Field(None, description="ten working days unless it is said")
    matter: Matter = Field("ordinary", description="daily-care health, or kept from the parents at 12–15 (pbrl. § 3-4)")
    hold: Reference | None = Field(None, description="the hold that waits for it")

    def terms(self) -> Terms:
        return Terms(background=self.background, **self.said())


class QuestionOut(BaseModel):
    """One person's question, and how it stands."""

    person: str
    giver: Giver
    state: Literal["open", "yes", "no", "expired"]
    answered_at: AwareDatetime | None
    consent: str | None


class RequestOut(Form):
    """A request as it stands. `needs` are the rules that hold the information even with every yes."""

    id: str
    child: str
    about: str
    asked_by: str
    asked_at: AwareDatetime
    deadline: AwareDatetime
    matter: Matter
    needs: list[str] = Field(examples=[["AGE-06"]])
    hold: str | None
    questions: list[QuestionOut]
    text: dict[str, str] | None = Field(None, description="the question as a person reads it, part by part")


class AnswerIn(Strict):
    """An answer to a request. A no needs nothing more than to be said; what is named here narrows a yes."""

    person: Reference
    answer: Literal["yes", "no"]
    form: Literal["written", "oral"] = "written"
    voluntary: bool = True
    evidence: EvidenceIn | None = None
    receivers: list[Code] | None = Field(None, description="the boxes ticked, where not all of them were")
    categories: list[Code] | None = None
    senders: list[Code] | None = None
    valid_to: AwareDatetime | None = None

    def said(self, now: datetime) -> Said:
        ticked = {name: getattr(self, name) for name in ("receivers", "categories", "senders")}
        return Said(
            self.person,
            self.answer,
            self.form,
            self.evidence.evidence(now) if self.evidence else None,
            self.voluntary,
            valid_to=self.valid_to,
            **{name: None if words is None else frozenset(words) for name, words in ticked.items()},
        )


class WaitingOut(BaseModel):
    """What of consent waits for a person, and for how many working days: an answer, the journal, or to be asked
    again, since those who must consent have changed."""

    what: Literal["answer", "documentation", "ask_again"]
    id: str
    child: str
    person: str
    since: AwareDatetime
    days: int
    deadline: AwareDatetime | None
    rules: list[str] = Field(
        default_factory=list, description="why somebody is to be asked again", examples=[["AGE-02"]]
    )


def consent_out(consent: Consent) -> ConsentOut:
    return ConsentOut.model_validate(consent, from_attributes=True)


def request_out(request: ConsentRequest, text: dict[str, str] | None = None) -> RequestOut:
    told = {name: getattr(request, name) for name in RequestOut.model_fields if hasattr(request, name)}
    terms = {name: getattr(request.terms, name) for name in Form.model_fields}
    questions = [QuestionOut.model_validate(one, from_attributes=True) for one in request.questions]
    return RequestOut(**{**told, **terms, "questions": questions, "text": text})


def waiting_out(one: Waiting) -> WaitingOut:
    return WaitingOut.model_validate(one, from_attributes=True)
