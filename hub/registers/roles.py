"""Which role a municipality asks the register under, and the register opened for each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hub.errors import SetupError
from hub.ports import Population
from hub.registers.fiks import FiksPopulation, Integration
from hub.sdk.credentials import credentials_of
from hub.sdk.http import HttpClient

_ROLE = re.compile(r"\s*(\d{4})=([A-Za-z0-9-]{1,64})\s*")


def by_municipality(told: str) -> Mapping[str, str]:
    """`9999=3f0c…,0301=77aa…` as municipality → role id (uuid)."""
    found: dict[str, str] = {}
    for each in filter(None, told.split(",")):
        read = _ROLE.fullmatch(each)
        if read is None or read[1] in found:
            raise SetupError("LANGBENK_POPULATION_ROLES: one municipality=role for each municipality, comma between")
        found[read[1]] = read[2]
    return found


def open_population(told: Mapping[str, str]) -> Mapping[str, Population]:
    """The register for each municipality, by the settings `LANGBENK_POPULATION_*` without that prefix.

    None without an address (`url`). Without a token's address no token is sent.
    """
    if not told["url"]:
        return {}
    http = HttpClient(told["url"], credentials_of(told))
    integration = Integration(told["integration"], told["password"])
    return {place: FiksPopulation(http, role, integration) for place, role in by_municipality(told["roles"]).items()}
