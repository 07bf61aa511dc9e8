"""What an item is to the mapping, read off its resource: form, key, security labels, state, who expressed a goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.health.references import Resource, digest, tail

PARENTS = frozenset({"mor", "far", "medmor", "MTH", "FTH", "PRN", "NMTH", "NFTH", "STPPRN", "ADOPTP", "GUARD"})
SIBLINGS = frozenset({"søsken", "SIB", "BRO", "SIS", "NSIB", "NBRO", "NSIS", "HSIB", "HBRO", "HSIS", "STPSIB"})
RESPONSIBILITY = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility"

_SENSITIVITY = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
_ORDINARY = frozenset({"U", "L", "M", "N"})
_BY_TYPE = {"PractitionerRole": "role", "Practitioner": "person"}


def labels(resource: Resource) -> frozenset[str]:
    """Sensitivity codes and unusual confidentiality of a resource. The order does not matter."""
    tags = (resource.get("meta") or {}).get("security") or ()
    systems = (_SENSITIVITY, _CONFIDENTIALITY)
    codes = {str(tag.get("code")) for tag in tags if tag.get("system") in systems}
    return frozenset(codes - _ORDINARY)


def activity_form(slot: Resource) -> str | None:
    """`request` (a ServiceRequest), `detail` (told in place); none for other orders and for what shall not be done."""
    if request := slot.get("resource"):
        return None if request.get("doNotPerform") else "request"
    detail = slot.get("detail")
    return "detail" if detail and not detail.get("doNotPerform") else None


def activity_key(slot: Resource, plan: Resource) -> str:
    if request := slot.get("resource"):
        return str(request.get("id") or tail((slot.get("reference") or {}).get("reference")) or digest(request))
    if "id" in slot:
        return str(slot["id"])
    if reference := (slot.get("reference") or {}).get("reference"):
        return str(reference)
    return digest(plan.get("id"), words((slot.get("detail") or {}).get("code") or {}))


def member_form(slot: Resource) -> str | None:
    """`parent`, `sibling`, `relative`, `role`, `person`; `named` where only words tell who; none for the child."""
    resource = slot.get("resource")
    if resource is None:
        member = slot.get("member") or {}
        is_patient = str(member.get("reference", "")).startswith("Patient/") or member.get("type") == "Patient"
        return None if is_patient else "named"
    if resource["resourceType"] == "RelatedPerson":
        return _kinship(resource)
    return _BY_TYPE[resource["resourceType"]]


def participant_key(slot: Resource) -> str:
    """Never a name or a number, since a key is seen where content is not."""
    member = slot.get("member") or {}
    found = slot.get("id") or member.get("reference") or (slot.get("resource") or {}).get("id")
    return str(found or digest(member.get("display"), *(words(role) for role in slot.get("role") or ())))


def need_key(slot: Resource) -> str:
    return str(slot.get("id") or slot.get("reference") or digest(slot.get("display")))


def note_key(slot: Resource) -> str:
    return str(slot.get("id") or digest(slot.get("time"), slot.get("text")))


KEYS: Mapping[str, Callable[[Resource], str]] = {"needs": need_key, "notes": note_key, "team": participant_key}
"""The key of an item that lies in a list of its owner and need have no id."""


def activity_state(request: Resource) -> str | None:
    """A request's status; `proposal` where it is only proposed, which FHIR tells by the intent."""
    status = request.get("status")
    return "proposal" if request.get("intent") == "proposal" and status in ("draft", "active") else status


def words(concept: Resource) -> str:
    """What tells one coded concept from another."""
    codings = concept.get("coding") or [{}]
    return str(concept.get("text") or codings[0].get("display") or codings[0].get("code") or "")


def expressed(goal: Resource) -> str | None:
    """The type of the one who expressed a goal."""
    by = goal.get("expressedBy") or {}
    found = by.get("type") or str(by.get("reference") or "").rpartition("/")[0].rpartition("/")[2]
    return found or None


def _kinship(person: Resource) -> str:
    codings = [coding for concept in person.get("relationship") or () for coding in concept.get("coding") or ()]
    if any(coding.get("system") == RESPONSIBILITY or coding.get("code") in PARENTS for coding in codings):
        return "parent"
    return "sibling" if any(coding.get("code") in SIBLINGS for coding in codings) else "relative"
