"""The R4B models of fhir.resources as a schema: a resource passes or is refused, and what passes is never changed."""

from __future__ import annotations

from typing import Any, cast

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel, ValidationError

from hub.sdk import UnusableError

MAPPED = frozenset({"CarePlan", "CareTeam", "Goal", "ServiceRequest", "Patient", "RelatedPerson"})
"""The types a plan is made of: what may come alone."""
READ = MAPPED | {"PractitionerRole", "Practitioner"}
"""The types whose content a mapping row reads. Others travel unread inside their Bundle."""

_WAY_OUT = "send a resource that FHIR R4 allows"


def check(resource: Any) -> None:
    """Raises `UnusableError` naming place and kind of the first error, never a value."""
    kind = str(resource.get("resourceType")) if isinstance(resource, dict) else ""
    if kind == "Bundle":
        _check_bundle(cast(dict[str, Any], resource))
    elif kind in MAPPED:
        _check_one(cast(dict[str, Any], resource), "$")
    else:
        raise UnusableError(
            "wrong_type",
            "document: no Bundle and no resource that a plan is made of",
            place="resourceType",
            way_out=f"send a Bundle or one of {', '.join(sorted(MAPPED))}",
        )


def check_consent(resource: Any) -> list[tuple[str, dict[str, Any]]]:
    """The Consents of a document, each with its place; raises as `check` does."""
    kind = str(resource.get("resourceType")) if isinstance(resource, dict) else ""
    if kind not in ("Bundle", "Consent"):
        raise UnusableError("wrong_type", "document: no Consent and no Bundle", place="resourceType", way_out=_WAY_OUT)
    if kind == "Consent":
        _check_one(resource, "$")
        return [("$", resource)]
    _check_bundle(resource)
    found = [
        (f"entry[{at}].resource", entry.get("resource") or {}) for at, entry in enumerate(resource.get("entry", ()))
    ]
    consents = [(place, each) for place, each in found if each.get("resourceType") == "Consent"]
    for place, each in consents:
        _check_one(each, place)
    return consents


def _check_bundle(bundle: dict[str, Any]) -> None:
    """The envelope, and each entry of a mapped type: the several hundred others of a record are not read."""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnusableError("unreadable", "entry: must be a list of objects", place="entry", way_out=_WAY_OUT)
    shells = [{name: value for name, value in entry.items() if name != "resource"} for entry in entries]
    _check_one({**bundle, "entry": shells} if "entry" in bundle else bundle, "$")
    for position, entry in enumerate(entries):
        resource = entry.get("resource")
        if resource is None:
            continue
        place = f"entry[{position}].resource"
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            raise UnusableError("unreadable", f"{place}: is no resource", place=place, way_out=_WAY_OUT)
        if resource["resourceType"] in READ:
            _check_one(resource, place)


def _check_one(resource: dict[str, Any], place: str) -> None:
    model = cast(type[BaseModel], get_fhir_model_class(resource["resourceType"]))
    try:
        model.model_validate(resource)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = _place(place, first["loc"], first["type"])
        raise UnusableError("unreadable", f"{where}: {first['type']}", place=where, way_out=_WAY_OUT) from None
    except (ValueError, TypeError, AttributeError) as error:
        raise UnusableError("unreadable", f"{place}: {type(error).__name__}", place=place, way_out=_WAY_OUT) from None


def _place(start: str, steps: tuple[int | str, ...], kind: str) -> str:
    """A key that FHIR does not know may itself be personal, so it is shown as a star."""
    shown = [*steps[:-1], "*"] if kind == "extra_forbidden" else list(steps)
    return start + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in shown)
