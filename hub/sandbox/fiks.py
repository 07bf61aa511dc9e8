"""Folkeregisteret behind Maskinporten, as a municipality's hub meets it: both stand-ins, and the settings for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from joserfc.jwk import RSAKey

from hub.ports import Clock
from hub.sandbox.issuer import Issuer
from hub.sandbox.people import MUNICIPALITY, ORGANISATION
from hub.sandbox.population import INTEGRATION, PASSWORD, ROLE, SCOPE, Population, Resident
from hub.sandbox.token_endpoint import Client, TokenEndpoint

API = "https://api.fiks.langbenk.invalid"
CLIENT = "langbenk-in-eksempelvik"


@contextmanager
def open_fiks(residents: Iterable[Resident], issuer: Issuer, clock: Clock) -> Iterator[dict[str, str]]:
    """Gives the hub's settings (`population_*`) while both listen. The client's key lives no longer than that."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    tokens = TokenEndpoint(issuer, clock, [Client(CLIENT, ORGANISATION, frozenset({SCOPE}), key)])
    register = Population(residents, issuer.tokens(API))
    try:
        yield {
            "population_url": register.url,
            "population_roles": f"{MUNICIPALITY}={ROLE}",
            "population_integration": INTEGRATION,
            "population_password": PASSWORD,
            "population_token_url": tokens.url,
            "population_client_id": CLIENT,
            "population_audience": issuer.issuer,
            "population_resource": API,
            "population_key": key.as_pem(private=True).decode(),
            "population_kid": str(key.kid),
        }
    finally:
        register.close()
        tokens.close()
