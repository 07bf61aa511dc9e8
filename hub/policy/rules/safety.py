"""Safety and hard stops: address protection, an authority's block, opposition, need, and other people's information."""

from __future__ import annotations

from hub.policy.book import rule
from hub.policy.services import PRIVATE
from hub.policy.weighing import Weighing
from hub.policy.words import LOCATION, NOTED, Finding

PLACE: frozenset[str] = frozenset({"location"})
"""The location that sender unit, place and metadata give away, whatever the categories are."""


@rule(
    "ADR-01",
    "folkeregisterloven § 10-4",
    "bvl § 13-5",
    "Normen faktaark 55",
    stage="redact",
    control=["guardian_view"],
    rests=["protection"],
)
def strictly_confidential_address(w: Weighing) -> Finding | None:
    """Of a child with a strictly confidential address (kode 6) nothing that tells where it is leaves by machine.

    A guardian's view is shut altogether: a parent may be the threat.
    """
    if w.subject.protection != "strictly_confidential":
        return None
    if w.kind == "guardian_view":
        return Finding(shuts=w.categories)
    return Finding(shuts=LOCATION | PLACE)


@rule("ADR-02", "folkeregisterloven §§ 10-1, 10-2, 10-4", stage="redact", rests=["protection"])
def confidential_address(w: Weighing) -> Finding | None:
    """A confidential address (kode 7) goes to a public body that has a basis for it, never to a private party."""
    if w.subject.protection != "confidential":
        return None
    return Finding(shuts=LOCATION) if w.receiver in PRIVATE else NOTED


@rule("CHI-01", "sotjl § 44", "hol § 12-1", "fvkl § 6", stage="refusal", rests=["authority_block"])
def an_authority_keeps_it_confidential(w: Weighing) -> Finding | None:
    """When an authority has decided in the child's interest that it stays confidential, no consent opens it."""
    return Finding(shuts=w.categories) if w.subject.authority_block else None


@rule("OPP-01", "hpl § 29", "hpl § 45", "pbrl § 5-3", stage="basis", statutes=["hpl-25"], rests=["opposition", "basis"])
def the_patient_opposes(w: Weighing) -> Finding | None:
    """A patient may oppose that health personnel tell each other; only documented weighty reasons outweigh it."""
    if not w.subject.opposes_health_disclosure:
        return None
    return NOTED if w.basis.weighty_reasons_documented else Finding(shuts=w.categories)


@rule("MIN-01", "hpl § 25", "fvl § 13 b nr. 5", "gdpr art. 5(1)(c)", stage="redact", views=False, rests=["message"])
def only_what_is_needed(w: Weighing) -> Finding | None:
    """Only what the purpose needs is forwarded; the rest is left out even where it might have gone."""
    if w.message.needed is None or w.categories <= w.message.needed:
        return None
    return Finding(shuts=w.categories - w.message.needed)


@rule("TPI-01", "fvl § 13", "hpl § 21", "fvl § 13 a nr. 1", stage="refusal", rests=["message", "consents"])
def about_somebody_else(w: Weighing) -> Finding | None:
    """What is about a parent, a sibling or another is opened by that person's own consent, not by the child's."""
    third = w.message.third_party & w.categories
    if not third:
        return None
    consented = third & w.message.third_party_consented
    doubted = third & w.message.third_party_doubted - consented
    return Finding(opens=consented, shuts=third - consented - doubted, holds=doubted)
