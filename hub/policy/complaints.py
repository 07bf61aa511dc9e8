"""To whom one complains: the body by the act of the service that would have told, as data in `complaints.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hub.model.responsibility import Wish
from hub.model.service import PROVIDER
from hub.policy.explain import LANGUAGES, Language, texts
from hub.policy.services import services
from hub.policy.statutes import acts, split

PATIENTS = "pbrl"
"""The act by which every child has the right to ask, whichever service it is that asks (pbrl § 2-5)."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """The way from a refusal: the service that answers first, the body that decides, and the provision."""

    service: str
    body: str
    act: str
    section: str


@cache
def bodies() -> Mapping[str, Any]:
    """The data as it lies."""
    text = (files("hub.policy") / "complaints.yaml").read_text(encoding="utf-8")
    read: Mapping[str, Any] = yaml.safe_load(text)
    return read


def complaint_about(service: str) -> Complaint:
    """Where one complains that this service would not tell; a service without an act of its own follows the general."""
    known = services().get(service)
    row = bodies()["acts"].get(known.act if known else "", bodies()["none"])
    return Complaint(service, row["body"], row["act"], row["section"])


@dataclass(frozen=True, slots=True)
class Refused(Complaint):
    """One way from a refusal of what one has a `right` to ask for, open for so many `weeks` from when it was known."""

    wish: Wish
    right: str
    weeks: int
    time_limit: str


def ways_from(wish: Wish, asked_by: Iterable[str] = ()) -> tuple[Refused, ...]:
    """Where and until when a family complains that its wish was refused: by each act under which these services asked
    for it (bvl § 12-9, pbrl § 7-2 …); what has no right of its own in its act follows the patients' rights."""
    rows = bodies()["refusals"][wish]
    acts_asked = {services()[one].act for one in asked_by if one in services()} or {PATIENTS}
    found = {act if act in rows else PATIENTS for act in acts_asked}
    return tuple(Refused(wish=wish, **row) for act, row in rows.items() if act in found)


def spoken_refusal(ways: Sequence[Refused], language: Language) -> str:
    """What a family is told beside the reason it was refused: its rights, each way to complain, and by when."""
    said = texts(language)["refusal"]
    rights = ", ".join(_cited(way.right) for way in ways)
    told = [_spoken_way(way, language) for way in ways]
    if len(ways) > 1:
        told = [said["by_act"].format(right=_cited(way.right), way=one) for way, one in zip(ways, told, strict=True)]
    return " ".join([said[ways[0].wish].format(rights=rights), *told, said["help"]])


def _spoken_way(way: Refused, language: Language) -> str:
    return str(
        texts(language)["refusal"]["complain"].format(
            service=service_name(way.service, language),
            body=bodies()["bodies"][way.body][language],
            section=_cited(f"{way.act} {way.section}"),
            weeks=way.weeks,
            time_limit=_cited(way.time_limit),
        )
    )


def _cited(cite: str) -> str:
    """A provision with its act by name."""
    act, section = split(cite)
    return f"{acts()[act]['name']} {section}"


def spoken(way: Complaint, language: Language) -> str:
    """The way to complain in words."""
    data = bodies()
    return str(
        texts(language)["complaint"].format(
            service=service_name(way.service, language),
            body=data["bodies"][way.body][language],
            act=acts()[way.act]["name"],
            section=way.section,
            authority=data["authority"][language],
        )
    )


def service_names(service: str) -> Mapping[Language, str]:
    """A service's name in each language; of one that may not be named (RED-02) the law's own neutral word."""
    if service == PROVIDER:
        return {language: str(texts(language)["label"][PROVIDER]) for language in LANGUAGES}
    return {language: service_name(service, language) for language in LANGUAGES}


def service_name(service: str, language: Language) -> str:
    """A service's name in words; one that is not known by its code."""
    known = services().get(service)
    return str(getattr(known, language) if known else texts(language)["value"].get(service, service))
