"""The stand-in's token endpoint (`POST /token`): answers a signed grant as Maskinporten does, and believes no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from hub.ports import Clock
from hub.sandbox.issuer import Issuer
from hub.sandbox.listening import Listening

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LONGEST = 120
"""Seconds a grant may last from `iat`."""
LEEWAY = 10
CLAIMS = ("aud", "iss", "iat", "exp", "jti")


class Refused(Exception):
    """Why no token is given: a code of RFC 6749, § 5.2."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client as it is registered: whose it is, what it may ask for, and the public half of its key."""

    id: str
    organisation: str
    scopes: frozenset[str]
    key: RSAKey


class TokenEndpoint:
    """Listens on a free port of 127.0.0.1 until it is closed. `seconds` is how long the tokens it gives last."""

    def __init__(self, issuer: Issuer, clock: Clock, clients: Iterable[Client], *, seconds: int = 120) -> None:
        self._issuer, self._clock, self.seconds = issuer, clock, seconds
        self._clients = {each.id: each for each in clients}
        self._used: set[str] = set()
        self.granted: list[str] = []
        """Every token given, the oldest first."""
        self._listening = Listening(self.answer, "tokens")
        self.url = f"{self._listening.url}/token"

    def close(self) -> None:
        """Stops listening."""
        self._listening.close()

    def answer(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body for one request; only its form counts (RFC 7523)."""
        form = dict(parse_qsl(body.decode("ascii", "replace")))
        try:
            if form.get("grant_type") != GRANT:
                raise Refused("unsupported_grant_type")
            client, claims = self._believed(form.get("assertion", ""))
        except Refused as refusal:
            return 400, {"error": str(refusal), "error_description": "see the issuer's own log"}
        scopes = str(claims.get("scope", "")).split()
        aud = {"aud": claims["resource"]} if "resource" in claims else {}
        whose = str(claims.get("consumer_org") or client.organisation)
        supplier = client.organisation if whose != client.organisation else None
        token = self._issuer.mint(client.id, whose, scopes, supplier=supplier, seconds=self.seconds, **aud)
        self.granted.append(token)
        said = {"token_type": "Bearer", "expires_in": self.seconds, "scope": " ".join(scopes)}
        return 200, {"access_token": token, **said}

    def _believed(self, assertion: str) -> tuple[Client, dict[str, Any]]:
        """The client that signed it with its own key, and what it claims."""
        for client in self._clients.values():
            try:
                claims = jwt.decode(assertion, KeySet([client.key]), algorithms=["RS256"]).claims
            except (JoseError, ValueError):
                continue
            if claims.get("iss") == client.id:
                return client, self._checked(client, claims)
        raise Refused("invalid_grant")

    def _checked(self, client: Client, claims: dict[str, Any]) -> dict[str, Any]:
        now = self._clock.now().timestamp()
        if any(name not in claims for name in CLAIMS) or claims["aud"] != self._issuer.issuer:
            raise Refused("invalid_grant")
        begins, ends = int(claims["iat"]), int(claims["exp"])
        if begins > now + LEEWAY or ends <= now or ends - begins > LONGEST or claims["jti"] in self._used:
            raise Refused("invalid_grant")
        if not client.scopes.issuperset(str(claims.get("scope", "")).split()):
            raise Refused("invalid_scope")
        self._used.add(str(claims["jti"]))
        return claims
