"""OAuth2 access tokens in Maskinporten's shape: who is calling, and which one registered system that is."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidTokenError, JoseError, MissingClaimError

from hub.errors import UnusableError
from hub.model.service import FETCHES, System
from hub.ports import Clock
from hub.security.jwks import PublicKeys

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256")
"""Asymmetric only: a shared secret or `none` would let a reader of tokens make them."""

WRITE = "langbenk:messages.write"
READ = FETCHES
CONTROL = "langbenk:control"
CONSENTS = "langbenk:consents.write"
REMEMBERED = 2_048


@dataclass(frozen=True, slots=True)
class Caller:
    """What a valid token says: the client, its organisation, who acts for it, and for what."""

    client_id: str
    organisation: str
    supplier: str | None
    scopes: frozenset[str]
    expires_at: int


class Tokens:
    """Checks tokens from one issuer for one audience. May be used from several threads at once."""

    def __init__(self, issuer: str, audience: str, keys: PublicKeys, clock: Clock, *, leeway: int = 10) -> None:
        self._keys = keys
        self._clock = clock
        self._leeway = leeway
        self._claims = {"iss": _exactly(issuer), "aud": _exactly(audience), "exp": {"essential": True}}
        self._seen: OrderedDict[bytes, Caller] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, token: str) -> Caller | None:
        """The caller of a token that was checked before and has not expired: no signature is verified twice."""
        with self._lock:
            caller = self._seen.get(_digest(token))
        return caller if caller and self._clock.now().timestamp() < caller.expires_at else None

    def verify(self, token: str) -> Caller:
        """Raises `UnusableError` (`invalid_token`) for a token that is not good, `TryAgainError` without keys."""
        if (caller := self.known(token)) is not None:
            return caller
        caller = self._caller(self._signed_claims(token))
        with self._lock:
            self._seen[_digest(token)] = caller
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return caller

    def _signed_claims(self, token: str) -> dict[str, Any]:
        for fresh in (False, True):  # an unknown key may be a new one: look once more
            try:
                return jwt.decode(token, self._keys.current(fresh=fresh), algorithms=[*ALGORITHMS]).claims
            except (JoseError, ValueError) as error:
                if fresh or not self._keys.may_be_new(token):
                    raise _invalid("it is not signed by the issuer's key") from error
        raise AssertionError("unreachable")

    def _caller(self, claims: dict[str, Any]) -> Caller:
        now = int(self._clock.now().timestamp())
        try:
            jwt.JWTClaimsRegistry(now=now, leeway=self._leeway, **self._claims).validate(claims)
        except ExpiredTokenError as error:
            raise _invalid("it has expired") from error
        except (InvalidClaimError, MissingClaimError, InvalidTokenError) as error:
            raise _invalid(f"its {getattr(error, 'claim', None) or 'claims'} cannot be accepted") from error
        if claims.get("pid"):
            raise _invalid("it is bound to one person; systems call as themselves")
        client_id, organisation = claims.get("client_id"), _organisation(claims.get("consumer"))
        if not isinstance(client_id, str) or not client_id or organisation is None:
            raise _invalid("it names no client_id or no consumer")
        scopes = frozenset(str(claims.get("scope", "")).split())
        return Caller(client_id, organisation, _organisation(claims.get("supplier")), scopes, int(claims["exp"]))


def system_of(caller: Caller, systems: Mapping[str, System], scope: str) -> System:
    """The one registered system a caller is. The organisation alone says nothing: `client_id` decides."""
    if scope not in caller.scopes:
        raise UnusableError("insufficient_scope", f"the token lacks the scope {scope}")
    mine = [system for system in systems.values() if system.client_id == caller.client_id]
    if len(mine) != 1:
        raise UnusableError("unknown_system", "the token's client_id is not that of exactly one registered system")
    system = mine[0]
    if bare(system.organisation) != caller.organisation or _bare_or_none(system.supplier) != caller.supplier:
        raise UnusableError("unknown_system", "the token's consumer or supplier is not the registered one")
    if scope not in system.scopes:
        raise UnusableError("insufficient_scope", f"the system is not registered for the scope {scope}")
    return system


def bare(organisation: str) -> str:
    """An organisation number without ISO 6523's Norwegian prefix (`0192:`)."""
    return organisation.removeprefix("0192:")


def _bare_or_none(organisation: str | None) -> str | None:
    return bare(organisation) if organisation else None


def _organisation(claim: object) -> str | None:
    if isinstance(claim, dict) and isinstance(claim.get("ID"), str):
        return bare(claim["ID"])
    return None


def _exactly(value: str) -> Any:
    return {"essential": True, "value": value}


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _invalid(why: str) -> UnusableError:
    return UnusableError("invalid_token", f"the access token cannot be used: {why}")
