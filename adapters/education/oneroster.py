"""OneRoster 1.2 sets as one message: each pupil with contacts and guardians beside the sets as they came.

The first view is for mappings: a roster is a table of references, and a mapping speaks about one child at a time. The
sets stay whole under `sets`, and they alone are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias

import yaml

from hub.sdk import Document, load_schema, read_json, write_json

Entry: TypeAlias = Mapping[str, Any]

_SCHEMA = load_schema("adapters.education", "oneroster.schema.json")


@dataclass(frozen=True, slots=True)
class Values:
    """What the open value sets mean: configuration, since the standard leaves them to profiles and suppliers."""

    pupil_roles: Sequence[str]
    guardian_roles: Sequence[str]
    contact_roles: Sequence[str]
    contact_groups: Mapping[str, Sequence[str]]
    services: Mapping[str, Mapping[str, str]]
    national_id_types: Sequence[str]
    metadata: Mapping[str, str]
    relation: Mapping[str, str]


def default_values() -> Values:
    """Those of `oneroster.yaml`."""
    return Values(**yaml.safe_load(files("adapters.education").joinpath("oneroster.yaml").read_text("utf-8")))


class Roster:
    """Reads the sets for one service; `service` is where a contact works unless its group or unit says otherwise."""

    def __init__(self, service: str, values: Values | None = None) -> None:
        self._service = service
        self._values = values or default_values()

    def read(self, raw: bytes) -> Document:
        """`{"pupils": […], "sets": …}`. Raises `UnusableError` with a place for what is no OneRoster 1.2 message."""
        sets = read_json(raw)
        _SCHEMA.check(sets)
        return {"pupils": list(_Sets(sets, self._values, self._service).pupils()), "sets": sets}

    def write(self, document: Document) -> bytes:
        """The sets as they came. The hub writes no roster: what children are called is the sender's to say."""
        return write_json(document["sets"])


class _Sets:
    """The sets of one message, with the look-ups that references need."""

    def __init__(self, sets: Mapping[str, list[Entry]], values: Values, service: str) -> None:
        self._values = values
        self._service = service
        self._users = _by_id(sets.get("users", ()))
        self._classes = _by_id(sets.get("classes", ()))
        self._orgs = _by_id(sets.get("orgs", ()))
        self._demographics = _by_id(sets.get("demographics", ()))
        self._enrolled: dict[str, list[Entry]] = {}
        self._contacts: dict[str, list[Entry]] = {}
        for each in sets.get("enrollments", ()):
            if each["role"] in values.pupil_roles and _active(each):
                self._enrolled.setdefault(each["user"]["sourcedId"], []).append(each)
            elif each["role"] in values.contact_roles and each.get("primary") == "true":
                self._contacts.setdefault(each["class"]["sourcedId"], []).append(each)
        self._guardians: dict[str, list[Entry]] = {}
        for user in self._users.values():
            for ref in user.get("agents", ()) if _plays(user, values.guardian_roles) else ():
                self._guardians.setdefault(ref["sourcedId"], []).append(user)

    def pupils(self) -> Iterator[Document]:
        for user in self._users.values():
            if _plays(user, self._values.pupil_roles) and _active(user):
                classes = [self._classes.get(each["class"]["sourcedId"]) for each in self._enrolled.get(_id(user), ())]
                groups = [group for group in classes if group]
                yield {
                    "id": _id(user),
                    **self._number(user),
                    "name": _name(user),
                    **self._birth_date(user),
                    "classes": [{"id": _id(group), "title": group["title"]} for group in groups],
                    "contacts": [each for group in groups for each in self._contacts_of(group)],
                    "guardians": [self._guardian(each, user) for each in self._guardians_of(user)],
                    "user": user,
                }

    def _number(self, user: Entry) -> dict[str, str]:
        """A fødselsnummer or a D-number (first digit plus four), under the name of its kind."""
        ids = (each["identifier"] for each in user.get("userIds", ()) if each["type"] in self._values.national_id_types)
        for number in (user.get("userMasterIdentifier", ""), *ids):
            if len(number) == 11 and number.isascii() and number.isdigit():
                return {"dnr" if number[0] in "4567" else "fnr": number}
        return {}

    def _birth_date(self, user: Entry) -> dict[str, str]:
        told = self._demographics.get(_id(user), {}).get("birthDate")
        date = told or user.get("metadata", {}).get(self._values.metadata["birth_date"])
        return {"birthDate": date} if isinstance(date, str) else {}

    def _contacts_of(self, group: Entry) -> Iterator[Document]:
        group_type = group.get("metadata", {}).get(self._values.metadata["group_type"])
        wanted = self._values.contact_groups
        if group.get("classType") not in wanted["class_types"] and group_type not in wanted["group_types"]:
            return
        for enrollment in self._contacts.get(_id(group), ()):
            if (teacher := self._users.get(enrollment["user"]["sourcedId"])) is not None:
                school = self._orgs.get(group["school"]["sourcedId"], {})
                unit = ", ".join(text for text in (school.get("name"), group["title"]) if text)
                service = self._service_of(group_type, school.get("type"))
                yield {**_person(teacher, enrollment), "unit": unit, "service": service, **_period(enrollment)}

    def _service_of(self, group_type: object, org_type: object) -> str:
        services = self._values.services
        found = services["group_types"].get(str(group_type)) or services["org_types"].get(str(org_type))
        return found or self._service

    def _guardians_of(self, pupil: Entry) -> Iterable[Entry]:
        """Those the pupil names and those who name the pupil, each once."""
        named = (self._users.get(ref["sourcedId"]) for ref in pupil.get("agents", ()))
        found = [user for user in named if user and _plays(user, self._values.guardian_roles)]
        return _by_id([*found, *self._guardians.get(_id(pupil), ())]).values()

    def _guardian(self, user: Entry, pupil: Entry) -> Document:
        keys = self._values.relation
        said = (each for profile in user.get("userProfiles", ()) for each in profile.get("credentials", ()))
        relation = next((each.get(keys["role"]) for each in said if each.get(keys["agent"]) == _id(pupil)), None)
        return {**_person(user, user), **({"relation": relation} if isinstance(relation, str) else {})}


def _by_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {_id(entry): entry for entry in entries}


def _id(entry: Entry) -> str:
    return str(entry["sourcedId"])


def _active(entry: Entry) -> bool:
    return bool(entry["status"] == "active")


def _plays(user: Entry, roles: Sequence[str]) -> bool:
    return any(each["role"] in roles for each in user["roles"])


def _name(user: Entry) -> str:
    return " ".join(name for name in (user["givenName"], user.get("middleName"), user["familyName"]) if name)


def _person(user: Entry, keyed: Entry) -> dict[str, str]:
    """A person under the key and status of the entry that makes them a contact."""
    ways = {"email": user.get("email"), "phone": user.get("phone") or user.get("sms")}
    told = {way: text for way, text in ways.items() if text}
    return {"id": _id(keyed), "status": keyed["status"], "name": _name(user), **told}


def _period(enrollment: Entry) -> dict[str, str]:
    dates = {"begin": enrollment.get("beginDate"), "end": enrollment.get("endDate")}
    return {name: date for name, date in dates.items() if date}
