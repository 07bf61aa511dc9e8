"""Which role a municipality asks the register under, and the register opened for each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hub.errors import SetupError
from hub.ports import Population
from hub.registers.fiks import FiksPopulation, Integration
from hub.sdk.http import ClientCredentials, HttpClient

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


def open_population(
    url: str | None, roles: str, integration: Integration, credentials: ClientCredentials
) -> Mapping[str, Population]:
    """The register for each municipality; none without an address. Without a token's address no token is sent."""
    if not url:
        return {}
    http = HttpClient(url, credentials if credentials.token_url else None)
    return {place: FiksPopulation(http, role, integration) for place, role in by_municipality(roles).items()}
