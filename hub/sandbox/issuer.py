"""A stand-in for Maskinporten: mints access tokens of the same shape. For `langbenk demo` and tests only."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from hub.model.service import System
from hub.ports import Clock
from hub.security.jwks import PublicKeys
from hub.security.tokens import Tokens, bare

ISSUER = "https://issuer.langbenk.invalid/"
AUDIENCE = "https://langbenk.example"


class Issuer:
    """Its key is made at start and lives in memory only, so no token outlives the demo."""

    def __init__(self, clock: Clock, *, issuer: str = ISSUER, audience: str = AUDIENCE) -> None:
        self.issuer = issuer
        self.audience = audience
        self._clock = clock
        self._keys = [_new_key()]

    def rotate(self) -> None:
        """Signs with a new key from now on; the old one stays published until the next rotation."""
        self._keys = [_new_key(), self._keys[0]]

    def jwks(self) -> bytes:
        """The public half, as an issuer serves it."""
        return json.dumps(KeySet(list(self._keys)).as_dict(private=False)).encode()

    def tokens(self, audience: str | None = None) -> Tokens:
        """The checker, of the hub or of another API, that believes this issuer and nobody else."""
        return Tokens(self.issuer, audience or self.audience, PublicKeys(self.jwks), self._clock)

    def token_for(self, system: System, *, scopes: Iterable[str] | None = None, seconds: int = 120) -> str:
        """A token as the registered system would fetch it."""
        supplier = bare(system.supplier) if system.supplier else None
        chosen = sorted(system.scopes if scopes is None else scopes)
        return self.mint(system.client_id, bare(system.organisation), chosen, supplier=supplier, seconds=seconds)

    def mint(
        self, client_id: str, organisation: str, scopes: Iterable[str], *, supplier: str | None = None, **more: Any
    ) -> str:
        """Any token, also a wrong one: `more` overrides claims, and `seconds` the time it lasts."""
        now = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.audience,
            "client_id": client_id,
            "client_amr": "private_key_jwt",
            "token_type": "Bearer",
            "scope": " ".join(scopes),
            "iat": now,
            "exp": now + int(more.pop("seconds", 120)),
            "jti": str(uuid.uuid4()),
            "consumer": _actor(organisation),
        }
        if supplier:
            claims |= {"supplier": _actor(supplier), "delegation_source": "https://delegation.langbenk.invalid"}
        key = self._keys[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims | more, key)


def _actor(organisation: str) -> dict[str, str]:
    return {"authority": "iso6523-actorid-upis", "ID": f"0192:{organisation}"}


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
