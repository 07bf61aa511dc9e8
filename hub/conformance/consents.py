"""Checks of an adapter that tells consents: all of a record comes back, and what is no consent is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hub.conformance.subject import Subject
from hub.errors import UnusableError
from hub.sdk import ChildKey, Consent, Evidence, TellsConsents

_AT = datetime(2026, 9, 1, 10, tzinfo=UTC)
_YES = Consent(
    "record-1",
    "child-1",
    "person-1",
    "mother",
    "child-1",
    "yes",
    frozenset({"ppt", "bup"}),
    frozenset({"education", "sped"}),
    frozenset({"coordination", "individual_plan"}),
    "9999",
    valid_from=_AT,
    valid_to=_AT + timedelta(days=300, seconds=1),
    senders=frozenset({"school"}),
    answered_at=_AT,
    documented=True,
    evidence=Evidence("person-9", _AT, frozenset({"background", "withdrawal"}), "journal-17"),
)
RECORDS = (
    _YES,
    replace(_YES, id="record-2", form="oral", documented=False, informed=False, voluntary=False, evidence=None),
    replace(_YES, id="record-3", person="child-1", giver="child", answer="no", senders=frozenset(), valid_from=None),
    replace(_YES, id="record-4", withdrawn_at=_AT + timedelta(days=3), authority=False, kind="plan_only"),
    replace(_YES, id="record-6", authority=None),
    replace(_YES, id="record-5", answer="none", evidence=None, documented=False, valid_to=None, about="person-1"),
)
"""One of each sort that the register holds."""

_NONE = (b"", b"{", b"[]", b"null", b'{"consent": true}', b"<a/>")


def consents_come_back(subject: Subject) -> Iterator[str]:
    """An adapter that tells none has nothing to lose."""
    adapter = subject.adapter
    if not isinstance(adapter, TellsConsents):
        return
    for key in (ChildKey("own", "child-7"), ChildKey("fnr", "02841810042")):
        for record in RECORDS:
            yield from _lost(adapter, record, key)
    for raw in _NONE:
        try:
            adapter.read_consents(raw)
        except UnusableError:
            continue
        except Exception as error:
            yield f"no consent at all: {type(error).__name__} instead of UnusableError"
        else:
            yield "no consent at all: is read"


def _lost(adapter: TellsConsents, record: Consent, key: ChildKey) -> Iterator[str]:
    """The child's own id is not told: the key stands for it."""
    found = adapter.read_consents(adapter.write_consents([record], key))
    if [each for each, _ in found] != [key]:
        yield f"{record.id}: the child comes back by another key, or not at all"
        return
    back = found[0][1]
    told = replace(back, child=record.child, about=back.about or record.child)
    for name in Consent.__dataclass_fields__:
        if getattr(told, name) != getattr(record, name):
            yield f"{record.id}: {name} does not come back as it was told"
