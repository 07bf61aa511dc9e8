"""How the hub proves itself where an access token is fetched: by a secret, or by a signature as Maskinporten asks."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from hub.errors import SetupError

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
BEHIND = 10
"""Seconds by which it is dated back: an issuer refuses what was made later than its own clock says."""
LASTS = 100
"""Seconds from now; with `BEHIND` less than the 120 that Maskinporten allows between `iat` and `exp`."""


class Credentials(Protocol):
    """An OAuth2 client of the other side: where it fetches its token, and what it shows there."""

    @property
    def token_url(self) -> str:
        """Where the token is fetched."""

    @property
    def basic(self) -> tuple[str, str] | None:
        """Name and secret for HTTP Basic, where that is how it proves itself."""

    def form(self) -> Mapping[str, str]:
        """The fields of the request, made for this one request."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A client with a secret (RFC 6749, § 4.4)."""

    token_url: str
    client_id: str
    client_secret: str
    scope: str = ""

    def __repr__(self) -> str:
        return f"ClientCredentials({self.client_id})"

    @property
    def basic(self) -> tuple[str, str] | None:
        """The client and its secret."""
        return self.client_id, self.client_secret

    def form(self) -> Mapping[str, str]:
        """The grant and its scope."""
        return {"grant_type": "client_credentials", **({"scope": self.scope} if self.scope else {})}


@dataclass(frozen=True, slots=True)
class SignedGrant:
    """A client with a key (RFC 7523, § 2.1): it signs a short-lived JWT for each token it fetches.

    `key` is the private half of the RSA key that is registered there under `kid`. `audience` is the issuer itself;
    `resource` and `consumer_org` (an organisation number, when acting for another) go along where they are given.
    """

    token_url: str
    client_id: str
    audience: str
    key: RSAKey
    kid: str
    scope: str = ""
    resource: str = ""
    consumer_org: str = ""
    now: Callable[[], float] = field(default=time.time, compare=False)

    def __repr__(self) -> str:
        return f"SignedGrant({self.client_id})"

    @property
    def basic(self) -> tuple[str, str] | None:
        """Nothing: the signature is all."""
        return None

    def form(self) -> Mapping[str, str]:
        """The request's form, signed anew: one is never used twice."""
        header = {"alg": "RS256", "kid": self.kid}
        return {"grant_type": GRANT, "assertion": jwt.encode(header, dict(self._claims()), self.key)}

    def _claims(self) -> Mapping[str, str | int]:
        now = int(self.now())
        asked = {"scope": self.scope, "resource": self.resource, "consumer_org": self.consumer_org}
        return {
            "aud": self.audience,
            "iss": self.client_id,
            "iat": now - BEHIND,
            "exp": now + LASTS,
            "jti": str(uuid.uuid4()),
            **{name: value for name, value in asked.items() if value},
        }


def read_key(text: str) -> RSAKey:
    """A private RSA key as PEM or as a JWK. Raises `SetupError`, which repeats nothing of it."""
    try:
        key = RSAKey.import_key(orjson.loads(text) if text.lstrip().startswith("{") else text)
    except (JoseError, ValueError, TypeError, KeyError):
        key = None
    if key is None or not key.is_private:
        raise SetupError("the client's key must be a private RSA key, as PEM or as a JWK")
    return key


def credentials_of(settings: Mapping[str, str]) -> Credentials | None:
    """From a system's settings: none without `token_url`; a signed grant where there is `key` or `key_file`.

    Both read `client_id` and `scope`. A secret is `client_secret`; beside a key stand `kid`, `audience` (the token
    address's own root, where left out), `resource` and `consumer_org`. Raises `SetupError`.
    """
    token_url, client_id, scope = (settings.get(name, "") for name in ("token_url", "client_id", "scope"))
    if not token_url:
        return None
    text = settings.get("key") or _read_file(settings.get("key_file", ""))
    if not text:
        return ClientCredentials(token_url, client_id, settings.get("client_secret", ""), scope)
    key, where = read_key(text), urlsplit(token_url)
    kid = settings.get("kid") or key.as_dict(private=False).get("kid")
    if not kid:
        raise SetupError("the client's key needs its `kid`: the name it is registered under at the issuer")
    audience = settings.get("audience") or f"{where.scheme}://{where.netloc}/"
    more = (settings.get("resource", ""), settings.get("consumer_org", ""))
    return SignedGrant(token_url, client_id, audience, key, str(kid), scope, *more)


def _read_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8") if path else ""
    except (OSError, ValueError) as error:
        raise SetupError("the client's key file (`key_file`) cannot be read") from error
