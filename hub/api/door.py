"""Who is at the door: the bearer token's one registered system, for a scope."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hub.api.needs import Hub
from hub.api.problems import Problem
from hub.model.service import System
from hub.security.tokens import CONSENTS, CONTROL, READ, WRITE, system_of

SYSTEMS_KEPT = 5.0
"""Seconds: the longest a changed registration stays unseen by a process."""

SCOPES = frozenset({CONSENTS, CONTROL, READ, WRITE})

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="maskinporten",
    bearerFormat="JWT",
    description=f"OAuth2 access token of the one trusted issuer; scopes {WRITE}, {READ}, {CONSENTS}, {CONTROL}.",
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


class Doorkeeper:
    """Knows the registered systems for a few seconds at a time. May be used from several threads."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._systems: Mapping[str, System] = {}
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def at_once(self, token: str, scope: str) -> System | None:
        """The caller when that takes no I/O: a token seen before and a fresh list of systems; else `None`."""
        caller = self._hub.tokens.known(token)
        if caller is None or time.monotonic() - self._read_at > SYSTEMS_KEPT:
            return None
        return system_of(caller, self._systems, scope)

    def admit(self, token: str, scope: str) -> System:
        """The caller, or an `UnusableError` that says why not."""
        caller = self._hub.tokens.verify(token)
        return system_of(caller, self._current(), scope)

    def whose(self, token: str) -> System:
        """The caller, whatever it may do."""
        caller = self._hub.tokens.verify(token)
        scope = next(iter(sorted(caller.scopes & SCOPES)), WRITE)
        return system_of(caller, self._current(), scope)

    def forget(self) -> None:
        """Reads the list of systems anew next time: it has just been changed."""
        self._read_at = float("-inf")

    def _current(self) -> Mapping[str, System]:
        with self._lock:
            if time.monotonic() - self._read_at > SYSTEMS_KEPT:
                with self._hub.store.begin() as work:
                    self._systems = work.directory.systems()
                self._read_at = time.monotonic()
            return self._systems


def caller(scope: str) -> Callable[[Request, HTTPAuthorizationCredentials | None], System]:
    """A dependency that admits one scope."""

    def admitted(request: Request, credentials: Credentials) -> System:
        doorkeeper: Doorkeeper = request.app.state.doorkeeper
        return doorkeeper.admit(needed(credentials.credentials if credentials else None), scope)

    return admitted


Reader = Annotated[System, Depends(caller(READ))]
Controller = Annotated[System, Depends(caller(CONTROL))]


def token_of(request: Request) -> str:
    """The bearer token, for an operation that can afford no dependency."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return needed(token.strip() if scheme.lower() == "bearer" else None)


def needed(token: str | None) -> str:
    if not token:
        raise Problem("no_token", "the Authorization header must hold a bearer token")
    return token
