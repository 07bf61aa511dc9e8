"""The services of `services.yaml`, and the groups of them that rules ask about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from hub.errors import SetupError

Regime = Literal["plain", "extended", "health", "family"]


@dataclass(frozen=True, slots=True)
class Welfare:
    """One welfare service: its act, its secrecy regime, who runs it and what it must take part in."""

    code: str
    act: str
    regime: Regime
    owner: str
    nb: str
    nn: str
    en: str
    appointable: bool = False
    plan: Literal["start", "take_part", "cooperate", "none"] = "none"
    education: bool = False
    attention: bool = False
    identity_secret: bool = False
    specialist: bool = False
    private: bool = False
    reveals: tuple[str, ...] = ()
    called: tuple[str, ...] = ()


OPEN_RELATIONS = frozenset({"education"})
"""What a service reveals by itself that is no secret: every child goes to school."""


def reveals(service: str) -> frozenset[str]:
    """Categories of anything a service says, whatever its document calls it: a note from BUP is about health."""
    known = services().get(service)
    return frozenset(known.reveals) if known else frozenset()


@cache
def client_relation(service: str) -> frozenset[str]:
    """What must be open for a receiver to know that the child is a client of a service at all (*klientforhold*)."""
    return reveals(service) - OPEN_RELATIONS


def act_of(service: str) -> str | None:
    """The act (`statutes.yaml`) under which a service works; None for a private organisation, a family, a stranger."""
    known = services().get(service)
    return known.act if known and known.act != "none" else None


@cache
def services() -> Mapping[str, Welfare]:
    """Every service by name."""
    text = (files("hub.policy") / "services.yaml").read_text(encoding="utf-8")
    try:
        return {name: Welfare(**row) for name, row in yaml.safe_load(text).items()}
    except TypeError as error:
        raise SetupError(f"services.yaml: {error}") from error


def named_in(label: str, among: frozenset[str] | None = None) -> bool:
    """Whether a label names a service that it may be a secret to be a client of, or one `among` these."""
    found = _called(frozenset(services()) if among is None else among)
    return found is not None and found.search(label.lower()) is not None


@cache
def _called(among: frozenset[str]) -> re.Pattern[str] | None:
    words = sorted({word for name in among for word in services()[name].called})
    if not words:
        return None
    return re.compile("|".join(rf"\b{re.escape(word)}\b" if len(word) <= 3 else re.escape(word) for word in words))


def _where(**marks: object) -> frozenset[str]:
    found = services().items()
    return frozenset(name for name, one in found if all(getattr(one, key) == value for key, value in marks.items()))


REGIME: Mapping[str, Regime] = {name: one.regime for name, one in services().items()}
HEALTH = _where(regime="health")
PLAIN = _where(regime="plain")
EXTENDED = _where(regime="extended")
FAMILY = _where(regime="family")
PRIVATE = _where(private=True)
PUBLIC = frozenset(services()) - PRIVATE
APPOINTABLE = _where(appointable=True)
EDUCATION = _where(education=True)
KINDERGARTEN = _where(act="bhl")
"""Municipal or private, the same act and the same secrecy (bhl § 44); only the municipal can be appointed."""
ATTENTION = _where(attention=True)
IDENTITY_SECRET = _where(identity_secret=True)
SPECIALIST = _where(specialist=True)
PLAN_DUTY = frozenset(services()) - _where(plan="none")
"""Services that have a duty in a plan: start a plan, take part in it or cooperate on it."""

CARE_SERVICES = frozenset({"municipal_health", "school_health", "gp", "nav_social"})
"""Whom an attention duty (*oppmerksomhetsplikt*) is towards: the municipal health and social services (DUT-09)."""
