"""Who may demand to see what was decided and done (*tilsyn*), on which provisions: data in `authorities.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from hub.errors import SetupError, UnusableError


@dataclass(frozen=True, slots=True)
class Authority:
    """One supervisor: its name, and the provisions it may demand by."""

    nb: str
    nn: str
    en: str
    bases: Mapping[str, str]


@cache
def authorities() -> Mapping[str, Authority]:
    """Every one by code."""
    text = (files("hub.policy") / "authorities.yaml").read_text(encoding="utf-8")
    try:
        return {code: Authority(**row) for code, row in yaml.safe_load(text).items()}
    except (TypeError, AttributeError) as error:
        raise SetupError(f"authorities.yaml: {error}") from error


def provision_of(authority: str, basis: str) -> str:
    """The provision by which this authority demands it; `unknown_word` where there is no such authority or basis."""
    known = authorities().get(authority)
    if known is None:
        way_out = f"name one of {', '.join(authorities())}"
        raise UnusableError("unknown_word", "no authority of that code", place="authority", way_out=way_out)
    if basis not in known.bases:
        way_out = f"name one of {', '.join(known.bases)}"
        raise UnusableError("unknown_word", "not a basis of that authority's", place="basis", way_out=way_out)
    return known.bases[basis]
