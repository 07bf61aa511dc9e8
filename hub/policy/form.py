"""A consent's form: what is refused at entry, with the reason and the way out, since it could never be a consent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hub.errors import UnusableError
from hub.model.consent import Consent, Terms
from hub.model.plan import CATEGORIES, UNCLASSIFIED
from hub.policy.rules.consent import BLANKET, UNCLEAR
from hub.policy.services import services

ASKABLE = CATEGORIES - {UNCLASSIFIED, "anonymous", "notice"}
"""What one can consent to: the rest is no information about a person, or nothing opens it."""

UNNAMED = frozenset({BLANKET, UNCLEAR})


def check_terms(terms: Terms, now: datetime, deadline: datetime) -> None:
    """A question must be plain: every field of the form filled, and nothing sweeping in it."""
    if not terms.background.strip():
        raise _blank("background", "no background is told", "say in a sentence why this is asked")
    for name, words, known in _fields(terms):
        if not words or words & UNNAMED:
            raise _blank(name, f"{name} names nothing, or everything", f"name each of the {name}")
        _known(name, words, known)
    check_period(terms.valid_from, terms.valid_to, now)
    if deadline <= now or (terms.valid_to is not None and deadline > terms.valid_to):
        way_out = "let it lie ahead, and before the consent would end"
        raise UnusableError("contradicting_period", "the deadline cannot be kept", place="deadline", way_out=way_out)


def check_record(consent: Consent, now: datetime) -> None:
    """A yes must be specific. A no may be sweeping, and what is unclear is kept and read narrowly (CON-06)."""
    for name, words, known in _fields(consent):
        _known(name, words - UNNAMED, known)
    check_period(consent.valid_from, consent.valid_to)
    if consent.answered_at is not None and consent.answered_at > now:
        raise UnusableError("contradicting_period", "the answer lies in the future", place="answered_at")
    _check_withdrawal(consent)
    if consent.answer != "yes":
        return
    for name, words, _ in _fields(consent):
        if BLANKET in words or (not words and name != "senders"):
            raise _blank(name, f"{name} names nothing, or everything", f"name each of the {name}; ask again if need be")
    if not consent.background or not consent.specific:
        raise _blank("background", "no background was told", "tell why it is asked, and ask again")
    if not consent.unambiguous:
        way_out = "ask for a clear yes: silence, a box ticked in advance or going along is none (GDPR art. 4 nr. 11)"
        raise UnusableError("no_clear_answer", "the answer is not unambiguous", place="unambiguous", way_out=way_out)


def check_period(start: datetime | None, end: datetime | None, now: datetime | None = None) -> None:
    """A period must have an instant in it, and with `now` one that lies ahead."""
    if start is not None and end is not None and end <= start:
        raise UnusableError("contradicting_period", "it ends before it begins", place="valid_to")
    if now is not None and end is not None and end <= now:
        raise UnusableError("contradicting_period", "the period is over already", place="valid_to")


def _check_withdrawal(consent: Consent) -> None:
    withdrawn, answered = consent.withdrawn_at, consent.answered_at
    if withdrawn is not None and answered is not None and withdrawn < answered:
        raise UnusableError("contradicting_period", "it was withdrawn before it was given", place="withdrawn_at")


def _fields(form: Terms | Consent) -> Iterable[tuple[str, frozenset[str], frozenset[str] | None]]:
    """The form's fields that name something, and what may be named there. Purposes are an open set."""
    known = frozenset(services())
    return (
        ("senders", form.senders, known),
        ("receivers", form.receivers, known),
        ("categories", form.categories, ASKABLE),
        ("purposes", form.purposes, None),
    )


def _known(name: str, words: frozenset[str], known: frozenset[str] | None) -> None:
    if known is not None and not words <= known:
        way_out = f"name some of: {', '.join(sorted(known))}"
        raise UnusableError("unknown_word", f"{name} names what the hub does not know", place=name, way_out=way_out)


def _blank(place: str, reason: str, way_out: str) -> UnusableError:
    return UnusableError("blank_form", f"a blank form is no consent (CON-04): {reason}", place=place, way_out=way_out)
