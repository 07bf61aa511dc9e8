"""To whom one complains: the body by the act of the service that would have told, as data in `complaints.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hub.model.responsibility import Wish
from hub.model.service import PROVIDER
from hub.policy.explain import LANGUAGES, Language, texts
from hub.policy.services import services
from hub.policy.statutes import acts


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
    """The way from a refusal of what one has a `right` to ask for, open for so many `weeks` from when it was known."""

    wish: Wish
    right: str
    weeks: int
    time_limit: str


def refusal_of(wish: Wish) -> Refused:
    """Where and until when a family complains that its wish was refused (pbrl §§ 7-2, 7-5)."""
    return Refused(wish=wish, **bodies()["refusals"][wish])


def spoken_refusal(way: Refused, language: Language) -> str:
    """What a family is told beside the reason it was refused: its right, the way to complain, and by when."""
    data, said = bodies(), texts(language)["refusal"]
    return str(
        f"{said[way.wish]} {said['complain']}".format(
            service=service_name(way.service, language),
            body=data["bodies"][way.body][language],
            act=acts()[way.act]["name"],
            section=way.section,
            right=way.right,
            weeks=way.weeks,
            time_limit=way.time_limit,
        )
    )


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
